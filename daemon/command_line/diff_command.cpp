#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/moment.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/simulation_setup.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/simulation/message_diff.hpp"

namespace fristvakt::daemon {

namespace {

struct DiffOptions {
    std::string old_folder;
    std::string new_folder;
    std::string from;
    std::string to;
    std::string events;
    std::string state;
    bool exit_code{false};
    bool json{false};
};

/// Where both simulations begin and end.
struct Beginning {
    Period period;
    std::optional<StoredState> state;
};

workflows::Result<Beginning> beginning_of(const DiffOptions& options,
                                          const workflows::Definitions& definitions) {
    Beginning out;
    if (options.state.empty()) {
        const auto period = read_period(options.from, options.to, definitions.time_zone());
        if (!period.ok()) {
            return period.error();
        }
        out.period = period.value();
        return out;
    }
    auto state = open_state({.state = options.state, .config = {}, .at = {}});
    if (!state.ok()) {
        return state.error();
    }
    out.state = std::move(state).value();
    const auto end = read_moment(options.to, "--to", definitions.time_zone(), DayMeans::End);
    if (!end.ok()) {
        return end.error();
    }
    out.period = {.from = out.state->now, .until = end.value()};
    if (out.period.until <= out.period.from) {
        return workflows::Error{workflows::ErrorKind::InvalidInput,
                                "--to lies before what is now in " + options.state};
    }
    return out;
}

/// The messages of one configuration; what went wrong in `exit_code`.
std::optional<Foreseen> messages_of(
    const DiffOptions& options, const std::string& folder,
    const std::shared_ptr<const workflows::Definitions>& definitions, int& exit_code) {
    auto beginning = beginning_of(options, *definitions);
    if (!beginning.ok()) {
        exit_code = refuse(beginning.error());
        return std::nullopt;
    }
    const auto& state = beginning.value().state;
    Outlook outlook{.definitions = definitions,
                    .from = beginning.value().period.from,
                    .until = beginning.value().period.until,
                    .events = {},
                    .present = state ? state->snapshot.get() : nullptr,
                    .running = state ? state->definitions : nullptr};
    if (!options.events.empty()) {
        auto events = read_events(options.events, beginning.value().period, *definitions);
        if (!events.ok()) {
            exit_code = refuse(events.error());
            return std::nullopt;
        }
        outlook.events = std::move(events).value();
    }
    auto foreseen = foresee(outlook);
    if (!foreseen.ok()) {
        exit_code = refuse("the simulation stopped: " + foreseen.error().message, kExitProblems);
        return std::nullopt;
    }
    for (const std::string& refused : foreseen.value().refused) {
        std::cerr << folder << ": " << refused << '\n';
    }
    return std::move(foreseen).value();
}

void print_json(const MessageDiff& diff, const workflows::TimeZone& zone) {
    using nlohmann::ordered_json;
    const auto time = [&](const std::optional<ForeseenMessage>& sent) {
        return sent ? ordered_json(workflows::iso_instant(sent->at, zone)) : ordered_json(nullptr);
    };
    for (const MessageChange& change : diff.changes) {
        const ForeseenMessage& shown = change.shown();
        std::cout << ordered_json{{"type", to_string(change.kind)},
                                  {"old_at", time(change.before)},
                                  {"new_at", time(change.after)},
                                  {"to", shown.to},
                                  {"about", shown.what},
                                  {"subject", shown.subject}}
                         .dump()
                  << '\n';
    }
    std::cout << ordered_json{{"type", "summary"},
                              {"added", diff.count(ChangeKind::Added)},
                              {"moved", diff.count(ChangeKind::Moved)},
                              {"removed", diff.count(ChangeKind::Removed)},
                              {"reworded", diff.count(ChangeKind::Reworded)},
                              {"same", diff.same}}
                     .dump()
              << '\n';
}

void print_text(const MessageDiff& diff, const workflows::TimeZone& zone) {
    for (const MessageChange& change : diff.changes) {
        const ForeseenMessage& shown = change.shown();
        const char* sign = change.kind == ChangeKind::Added     ? "+"
                           : change.kind == ChangeKind::Removed ? "-"
                                                                : "~";
        std::cout << sign << ' ' << show_time(shown.at, zone);
        if (change.kind == ChangeKind::Moved) {
            std::cout << " (was " << show_time(change.before->at, zone) << ')';
        }
        std::cout << "  " << shown.to << "  " << shown.what
                  << (change.kind == ChangeKind::Reworded ? "  (other words or copies)" : "")
                  << '\n';
    }
    std::cout << diff.count(ChangeKind::Added) << " added, " << diff.count(ChangeKind::Moved)
              << " moved, " << diff.count(ChangeKind::Removed) << " removed, "
              << diff.count(ChangeKind::Reworded) << " reworded, " << diff.same << " as before\n";
}

int diff(const DiffOptions& options) {
    if (options.from.empty() && options.state.empty()) {
        return refuse("--from is missing; or say with --state what has happened already",
                      kExitUsage);
    }
    const auto before = load_verified(options.old_folder, options.state);
    if (!before.ok()) {
        return refuse_file(before.error());
    }
    const auto after = load_verified(options.new_folder, options.state);
    if (!after.ok()) {
        return refuse_file(after.error());
    }
    int code = kExitOk;
    const auto old_messages =
        messages_of(options, options.old_folder, before.value().definitions, code);
    if (!old_messages) {
        return code;
    }
    const auto new_messages =
        messages_of(options, options.new_folder, after.value().definitions, code);
    if (!new_messages) {
        return code;
    }
    const MessageDiff found = compare(old_messages->messages, new_messages->messages);
    const auto& zone = after.value().definitions->time_zone();
    options.json ? print_json(found, zone) : print_text(found, zone);
    return options.exit_code && !found.changes.empty() ? kExitProblems : kExitOk;
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* command = app.add_subcommand(
        "diff", "Say which messages a changed configuration adds, moves, removes, rewords");
    command->add_option("OLD", options->old_folder, "Folder")->required();
    command->add_option("NEW", options->new_folder, "Folder")->required();
    auto* from = command->add_option("--from", options->from, "Date (its start) or time");
    command->add_option("--to", options->to, "Date (its end) or time")->required();
    command->add_option("--events", options->events, "What happens meanwhile, as for simulate");
    command
        ->add_option("--state", options->state,
                     "Begin with what has happened in this state folder, now; what was changed on "
                     "its pages lies over both folders")
        ->excludes(from);
    command->add_flag("--exit-code", options->exit_code, "End with 1 when there is a difference");
    command->add_flag("--json", options->json, "One JSON object a change, then the summary");
    command->footer(
        "Example: fristvakt diff /etc/fristvakt ./changed --from 2021-01-01 --to 2021-07-01");
    command->callback([options, &exit_code] { exit_code = diff(*options); });
}

}  // namespace fristvakt::daemon
