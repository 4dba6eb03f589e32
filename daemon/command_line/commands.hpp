#pragma once

namespace CLI {
class App;
}

/// Each function adds one command to the program: its options, its help with an example, and what
/// it does. A command sets `exit_code`; results go to standard output, talk to standard error.
namespace fristvakt::daemon {

// A configuration alone.
void add_check(CLI::App& app, int& exit_code);
void add_deadline(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_diff(CLI::App& app, int& exit_code);
void add_render(CLI::App& app, int& exit_code);
void add_teams(CLI::App& app, int& exit_code);
void add_graph(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
// A state folder, read without a lock.
void add_list(CLI::App& app, int& exit_code);
void add_show(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
// A running daemon.
void add_event(CLI::App& app, int& exit_code);
void add_outbox(CLI::App& app, int& exit_code);
// A state folder, looked after.
void add_db(CLI::App& app, int& exit_code);

}  // namespace fristvakt::daemon
