#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/moment.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/simulation_output.hpp"
#include "daemon/command_line/simulation_setup.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/delivery/ways_out.hpp"
#include "daemon/simulation/message_diff.hpp"
#include "daemon/simulation/simulation.hpp"
#include "integrations/mail/spool_channel.hpp"
#include "integrations/memory/memory_store.hpp"
#include "integrations/teams/card_channel.hpp"
#include "integrations/texts/notice_renderer.hpp"

namespace fristvakt::daemon {

namespace {

struct SimulateOptions {
    std::string folder;
    std::string state;
    std::string from;
    std::string to;
    std::string events;
    std::string format{"text"};
    std::string spool;
    std::vector<std::string> crash_at;
    bool json{false};
};

/// Passes on to the spool, and remembers the first message that it could not take.
class WatchedChannel final : public workflows::Channel {
 public:
    explicit WatchedChannel(const std::filesystem::path& folder)
        : spool_(std::make_unique<integrations::SpoolChannel>(folder),
                 std::make_unique<integrations::teams::CardSpool>(folder / "teams")) {}

    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override {
        workflows::DeliveryReport report = spool_.send(envelope);
        if (report.verdict != workflows::Verdict::Delivered && problem_.empty()) {
            problem_ = report.reply;
        }
        return report;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
    WaysOut spool_;
    std::string problem_;
};

/// A spool that cannot be made is said before anything is simulated.
workflows::Status check_spool(const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directory(folder, problem);
    if (problem || !std::filesystem::is_directory(folder)) {
        return workflows::Error{workflows::ErrorKind::Unavailable,
                                "--spool: " + folder.string() + " cannot be made or is no folder" +
                                    (problem ? " (" + problem.message() + ")" : std::string{}) +
                                    "; give a folder that you may write to"};
    }
    return workflows::Done{};
}

workflows::Status fill_in(Simulation& simulation, const SimulateOptions& options) {
    const auto& zone = simulation.definitions->time_zone();
    const auto period = read_period(options.from, options.to, zone);
    if (!period.ok()) {
        return period.error();
    }
    simulation.from = period.value().from;
    simulation.until = period.value().until;
    for (const std::string& text : options.crash_at) {
        const auto crash = read_moment(text, "--crash-at", zone, DayMeans::Start);
        if (!crash.ok()) {
            return crash.error();
        }
        simulation.crashes.push_back(std::max(crash.value(), simulation.from));
    }
    std::sort(simulation.crashes.begin(), simulation.crashes.end());
    if (options.events.empty()) {
        return workflows::Done{};
    }
    auto events = read_events(options.events, period.value(), *simulation.definitions);
    if (!events.ok()) {
        return events.error();
    }
    simulation.events = std::move(events).value();
    return workflows::Done{};
}

int simulate(const SimulateOptions& options) {
    const auto loaded = load_verified(options.folder, options.state);
    if (!loaded.ok()) {
        return refuse_file(loaded.error());
    }
    const bool spools = !options.spool.empty();
    integrations::MemoryStore store{
        {.keep_changes = false, .keep_history = false, .keep_bodies = spools}};
    // Nothing is shown of a message but its subject.
    const integrations::NoticeRenderer renderer{spools ? integrations::Extent::Whole
                                                       : integrations::Extent::Subject};
    RecordingChannel recording;
    WatchedChannel spool{options.spool};
    const auto definitions = as_live(*loaded.value().definitions);
    SimulationOutput output{
        std::cout, std::cerr,
        options.json ? SimulationFormat::Json : simulation_format(options.format), *definitions,
        options.events};
    workflows::Channel& channel = spools ? static_cast<workflows::Channel&>(spool) : recording;
    Simulation simulation{.definitions = definitions,
                          .store = store,
                          .renderer = renderer,
                          .channel = channel,
                          .observer = output,
                          .write_bytes = spools};
    if (const auto filled = fill_in(simulation, options); !filled.ok()) {
        return refuse(filled.error());
    }
    if (const auto made =
            spools ? check_spool(options.spool) : workflows::Status{workflows::Done{}};
        !made.ok()) {
        return refuse(made.error());
    }
    if (const auto ran = simulation.run(); !ran.ok()) {
        return refuse("the simulation stopped: " + ran.error().message, kExitProblems);
    }
    const auto ledger = store.ledger();
    if (!ledger.ok()) {
        return refuse(ledger.error());
    }
    output.end(ledger.value().books, *store.snapshot());
    if (!spool.problem().empty()) {
        return refuse("--spool: " + options.spool + ": " + spool.problem(), kExitProblems);
    }
    return output.refused_count() > 0 || !ledger.value().books.balance() ? kExitProblems : kExitOk;
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<SimulateOptions>();
    CLI::App* command =
        app.add_subcommand("simulate", "Show what would be sent, with the engine that sends it");
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    add_layer_option(*command, options->state);
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
