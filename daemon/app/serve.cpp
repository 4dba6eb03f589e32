#include "daemon/app/serve.hpp"

#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "daemon/app/daemon.hpp"
#include "daemon/command_line/exit_code.hpp"

namespace fristvakt::daemon {

namespace {

int serve(const DaemonOptions& options) {
    auto daemon = Daemon::start(options);
    if (!daemon.ok()) {
        std::cerr << daemon.error().message << '\n';
        return daemon.error().kind == workflows::ErrorKind::NotFound ? kExitNotFound
                                                                     : kExitProblems;
    }
    const auto ran = daemon.value()->run();
    return ran.ok() ? kExitOk : kExitProblems;
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DaemonOptions>();
    auto spool = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("serve", "Run the daemon");
    command->add_option("--config", options->config,
                        "Folder; without one the shipped configuration");
    command->add_option("--state", options->state, "Folder of the database and the spool")
        ->required();
    auto* clock = command->add_option("--clock", options->clock,
                                      "A demo clock that starts at this local time");
    command->add_option("--speed", options->speed, "How many times as fast as the machine's clock")
        ->needs(clock)
        ->check(CLI::Range(0.001, 10'000'000.0))
        ->capture_default_str();
    command
        ->add_option("--events", options->events,
                     "Timed events as JSON lines: a file, or embedded:NAME")
        ->needs(clock);
    command->add_option("--listen", options->listen, "ADDRESS:PORT of pages and API; port 0: any");
    command->add_option("--operator", options->operator_listen,
                        "ADDRESS:PORT of health and metrics");
    auto* spooled = command->add_option(
        "--spool", *spool, "Write mail into a Maildir, whatever the configuration says");
    spooled->expected(0, 1);
    command->footer("Example: fristvakt serve --config /etc/fristvakt --state /var/lib/fristvakt");
    command->callback([options, spool, spooled, &exit_code] {
        options->spool = spooled->count() > 0;
        options->spool_folder = *spool;
        exit_code = serve(*options);
    });
}

}  // namespace fristvakt::daemon
