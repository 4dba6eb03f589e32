#pragma once

namespace CLI {
class App;
}

/// Each function adds one command to the program: its options, its help with an example, and what
/// it does. A command sets `exit_code`; results go to standard output, talk to standard error.
namespace fristvakt::daemon {

void add_check(CLI::App& app, int& exit_code);
void add_deadline(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);

}  // namespace fristvakt::daemon
