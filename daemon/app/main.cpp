#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "daemon/app/serve.hpp"
#include "daemon/command_line/access_commands.hpp"
#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/exit_code.hpp"

extern "C" {
/// Read by jemalloc as it starts: what a busy minute needed is given back within a second, as an
/// operator who looks at memory expects; without it, it is kept until somebody allocates again.
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";
}

int main(int argc, char** argv) {
    namespace daemon = fristvakt::daemon;
    CLI::App app{"fristvakt keeps deadlines: who owes what to whom by when"};
    app.require_subcommand(1);
    app.set_version_flag("--version", FRISTVAKT_VERSION);
    int exit_code = daemon::kExitOk;
    daemon::add_check(app, exit_code);
    daemon::add_deadline(app, exit_code);
    daemon::add_simulate(app, exit_code);
    daemon::add_diff(app, exit_code);
    daemon::add_render(app, exit_code);
    daemon::add_teams(app, exit_code);
    daemon::add_graph(app, exit_code);
    daemon::add_doctor(app, exit_code);
    daemon::add_serve(app, exit_code);
    daemon::add_list(app, exit_code);
    daemon::add_show(app, exit_code);
    daemon::add_explain(app, exit_code);
    daemon::add_export(app, exit_code);
    daemon::add_event(app, exit_code);
    daemon::add_outbox(app, exit_code);
    daemon::add_login_link(app, exit_code);
    daemon::add_token(app, exit_code);
    daemon::add_feed(app, exit_code);
    daemon::add_db(app, exit_code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version end well; anything else is a wrong use.
        return app.exit(error) == 0 ? daemon::kExitOk : daemon::kExitUsage;
    } catch (const std::exception& error) {
        // Every expected failure is answered where it happens; this is the last place to speak.
        std::cerr << "fristvakt cannot go on: " << error.what() << '\n';
        return daemon::kExitProblems;
    }
    if (!std::cout.flush()) {
        std::cerr << "the results could not be written: is the disk full, or the reader gone?\n";
        return daemon::kExitProblems;
    }
    return exit_code;
}
