#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/configuration_source.hpp"
#include "daemon/command_line/exit_code.hpp"
#include "daemon/command_line/simulation_output.hpp"
#include "daemon/simulation/simulation.hpp"
#include "integrations/mail/spool_channel.hpp"
#include "integrations/memory/memory_store.hpp"
#include "integrations/texts/notice_renderer.hpp"

namespace fristvakt::daemon {

namespace {

using workflows::Definitions;
using workflows::Instant;

struct SimulateOptions {
    std::string folder;
    std::string from;
    std::string to;
    std::string events;
    std::string format{"text"};
    std::string spool;
    std::vector<std::string> crash_at;
    bool json{false};
};

/// A date is the start of its day (`end_of_day`: the first instant after it); a time is itself.
workflows::Result<Instant> moment(const std::string& text, const workflows::TimeZone& zone,
                                  bool end_of_day) {
    if (const auto day = workflows::parse_iso_date(text)) {
        return zone.start_of_day(end_of_day ? *day + workflows::cal::days{1} : *day);
    }
    return workflows::parse_instant(text, zone);
}

/// As under `live`: what would be sent, not what a spool or an allowlist lets through.
std::shared_ptr<const Definitions> as_live(const Definitions& definitions) {
    auto live = std::make_shared<Definitions>(definitions);
    live->installation.sending = workflows::SendingMode::Live;
    live->index();
    return live;
}

int fail(const std::string& what, int code) {
    std::cerr << what << '\n';
    return code;
}

workflows::Status fill_in(Simulation& simulation, const SimulateOptions& options) {
    const auto& zone = simulation.definitions->time_zone();
    const auto from = moment(options.from, zone, false);
    if (!from.ok()) {
        return workflows::Error{from.error().kind, "--from: " + from.error().message};
    }
    const auto until = moment(options.to, zone, true);
    if (!until.ok()) {
        return workflows::Error{until.error().kind, "--to: " + until.error().message};
    }
    if (until.value() <= from.value()) {
        return workflows::Error{workflows::ErrorKind::InvalidInput,
                                "--to lies before --from; turn them round"};
    }
    simulation.from = from.value();
    simulation.until = until.value();
    for (const std::string& text : options.crash_at) {
        const auto crash = moment(text, zone, false);
        if (!crash.ok()) {
            return workflows::Error{crash.error().kind, "--crash-at: " + crash.error().message};
        }
        simulation.crashes.push_back(std::max(crash.value(), simulation.from));
    }
    std::sort(simulation.crashes.begin(), simulation.crashes.end());
    if (options.events.empty()) {
        return workflows::Done{};
    }
    std::ifstream file{options.events, std::ios::binary};
    if (!file) {
        return workflows::Error{workflows::ErrorKind::NotFound,
                                "cannot read " + options.events + "; give a file of events"};
    }
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    auto events = read_timed_events(text, options.events, *simulation.definitions);
    if (!events.ok()) {
        return events.error();
    }
    simulation.events = std::move(events).value();
    for (const TimedEvent& event : simulation.events) {
        if (event.at < simulation.from || event.at >= simulation.until) {
            return workflows::Error{workflows::ErrorKind::InvalidInput,
                                    options.events + ":" + std::to_string(event.line) +
                                        ": error: outside --from and --to; move one of them"};
        }
    }
    return workflows::Done{};
}

int simulate(const SimulateOptions& options) {
    auto loaded = load_verified(options.folder);
    if (!loaded.ok()) {
        return fail(loaded.error().message, loaded.error().kind == workflows::ErrorKind::NotFound
                                                ? kExitNotFound
                                                : kExitProblems);
    }
    integrations::MemoryStore store{{.keep_changes = false, .keep_history = false}};
    const integrations::NoticeRenderer renderer;
    RecordingChannel recording;
    std::unique_ptr<integrations::SpoolChannel> spool;
    if (!options.spool.empty()) {
        spool = std::make_unique<integrations::SpoolChannel>(options.spool);
    }
    const auto definitions = as_live(*loaded.value().definitions);
    SimulationOutput output{
        std::cout, std::cerr,
        options.json ? SimulationFormat::Json : simulation_format(options.format), *definitions};
    workflows::Channel& channel = spool ? static_cast<workflows::Channel&>(*spool) : recording;
    Simulation simulation{.definitions = definitions,
                          .store = store,
                          .renderer = renderer,
                          .channel = channel,
                          .observer = output,
                          .write_bytes = spool != nullptr};
    const auto filled = fill_in(simulation, options);
    if (!filled.ok()) {
        return fail(filled.error().message, kExitUsage);
    }
    const auto ran = simulation.run();
    if (!ran.ok()) {
        return fail("the simulation stopped: " + ran.error().message, kExitProblems);
    }
    const auto ledger = store.ledger();
    if (!ledger.ok()) {
        return fail(ledger.error().message, kExitProblems);
    }
    output.end(ledger.value().books, *store.snapshot());
    return output.refused_count() > 0 || !ledger.value().books.balance() ? kExitProblems : kExitOk;
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<SimulateOptions>();
    CLI::App* command =
        app.add_subcommand("simulate", "Show what would be sent, with the engine that sends it");
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    command->add_option("--from", options->from, "Date (its start) or time")->required();
    command->add_option("--to", options->to, "Date (its end) or time")->required();
    command->add_option("--events", options->events, "JSON lines: at, case, event, by, fields");
    command->add_option("--format", options->format, "How to print")
        ->check(CLI::IsMember({"text", "json", "ics"}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "The same as --format json");
    command->add_option("--spool", options->spool, "Also write the messages into this Maildir");
    command->add_option("--crash-at", options->crash_at, "Lose all memory at this time")
        ->expected(1, -1);
    command->footer("Example: fristvakt simulate config --from 2021-01-01 --to 2021-03-05");
    command->callback([options, &exit_code] { exit_code = simulate(*options); });
}

}  // namespace fristvakt::daemon
