#pragma once

namespace CLI {
class App;
}

namespace fristvakt::daemon {

/// Adds the command `serve`: the daemon itself.
void add_serve(CLI::App& app, int& exit_code);

}  // namespace fristvakt::daemon
