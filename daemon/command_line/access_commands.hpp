#pragma once

namespace CLI {
class App;
}

/// Commands that let people and programs in, as those of commands.hpp.
namespace fristvakt::daemon {

// A state folder, beside a running daemon.
void add_login_link(CLI::App& app, int& exit_code);
void add_token(CLI::App& app, int& exit_code);
void add_feed(CLI::App& app, int& exit_code);

}  // namespace fristvakt::daemon
