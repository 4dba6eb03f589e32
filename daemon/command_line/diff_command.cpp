#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <tuple>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/configuration_source.hpp"
#include "daemon/command_line/moment.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/simulation_setup.hpp"
#include "daemon/simulation/simulation.hpp"
#include "integrations/memory/memory_store.hpp"
#include "integrations/texts/notice_renderer.hpp"

namespace fristvakt::daemon {

namespace {

using workflows::Instant;

struct DiffOptions {
    std::string old_folder;
    std::string new_folder;
    std::string from;
    std::string to;
    std::string events;
    bool exit_code{false};
    bool json{false};
};

/// A message as a change is told by.
struct Sent {
    Instant at{};
    std::string to;
    std::string what;  ///< The cases in it with their notices: what it is recognised by.
    std::string subject;
    std::string body;  ///< Subject, text and copies: what else a change may touch.
};

/// Writes messages without the number by which each is found again: one message less would make all
/// later ones differ.
class UnnumberedRenderer final : public workflows::Renderer {
 public:
    [[nodiscard]] workflows::Result<workflows::RenderedMessage> render(
        const workflows::MessageSnapshot& snapshot,
        const workflows::Definitions& definitions) const override {
        workflows::MessageSnapshot unnumbered = snapshot;
        unnumbered.number = 0;
        return notices_.render(unnumbered, definitions);
    }
    [[nodiscard]] workflows::Result<std::string> to_bytes(
        const workflows::MessageSnapshot& snapshot, const workflows::RenderedMessage& rendered,
        const workflows::Definitions& definitions) const override {
        return notices_.to_bytes(snapshot, rendered, definitions);
    }

 private:
    integrations::NoticeRenderer notices_;
};

/// Keeps the messages of one simulation.
class Collector final : public SimulationObserver {
 public:
    explicit Collector(std::string name) : name_(std::move(name)) {}

    void message(const workflows::MessageSnapshot& snapshot,
                 const workflows::RenderedMessage& rendered) override {
        Sent sent{.at = snapshot.at,
                  .to = snapshot.to.address,
                  .what = {},
                  .subject = rendered.subject,
                  .body = rendered.subject + "\n" + rendered.text};
        for (const auto& item : snapshot.items) {
            sent.what += (sent.what.empty() ? "" : ", ") + item.case_id + " " +
                         (item.step.empty() ? item.notice : item.step);
        }
        for (const workflows::Person& copy : snapshot.copies) {
            sent.body += "\ncopy " + copy.address;
        }
        messages_.push_back(std::move(sent));
    }
    void transition(const workflows::LogEntry& /*entry*/) override {}
    void settled(const workflows::Reminder& /*reminder*/, Instant /*at*/,
                 const std::string& /*to*/) override {}
    void refused(const TimedEvent& event, const workflows::Error& error) override {
        std::cerr << name_ << ": the event in line " << event.line
                  << " is refused: " << error.message << '\n';
    }
    [[nodiscard]] std::vector<Sent>& messages() { return messages_; }

 private:
    std::string name_;
    std::vector<Sent> messages_;
};

enum class ChangeKind { Added, Removed, Moved, Reworded };

std::string_view to_string(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Added:
            return "added";
        case ChangeKind::Removed:
            return "removed";
        case ChangeKind::Moved:
            return "moved";
        case ChangeKind::Reworded:
            return "reworded";
    }
    return "";
}

struct MessageChange {
    ChangeKind kind{ChangeKind::Added};
    const Sent* before{nullptr};  ///< Null when added.
    const Sent* after{nullptr};   ///< Null when removed.
    [[nodiscard]] const Sent& shown() const { return after == nullptr ? *before : *after; }
};

/// Messages to one recipient about the same steps of the same cases are the same message. Equal
/// ones are matched by their order in time.
std::vector<MessageChange> compare(const std::vector<Sent>& before, const std::vector<Sent>& after,
                                   std::size_t& same) {
    std::map<std::pair<std::string_view, std::string_view>, std::vector<const Sent*>> known;
    for (const Sent& sent : before) {
        known[{sent.to, sent.what}].push_back(&sent);
    }
    std::vector<MessageChange> changes;
    for (const Sent& sent : after) {
        auto& candidates = known[{sent.to, sent.what}];
        if (candidates.empty()) {
            changes.push_back({ChangeKind::Added, nullptr, &sent});
            continue;
        }
        const Sent* old = candidates.front();
        candidates.erase(candidates.begin());
        if (old->at != sent.at) {
            changes.push_back({ChangeKind::Moved, old, &sent});
        } else if (old->body != sent.body) {
            changes.push_back({ChangeKind::Reworded, old, &sent});
        } else {
            ++same;
        }
    }
    for (const auto& [key, rest] : known) {
        for (const Sent* old : rest) {
            changes.push_back({ChangeKind::Removed, old, nullptr});
        }
    }
    std::sort(changes.begin(), changes.end(), [](const auto& left, const auto& right) {
        const auto key = [](const MessageChange& change) {
            const Sent& shown = change.shown();
            return std::tie(shown.at, shown.to, shown.what);
        };
        return std::tuple{key(left), left.kind} < std::tuple{key(right), right.kind};
    });
    return changes;
}

/// The messages of one configuration; what went wrong in `exit_code`.
int collect(const DiffOptions& options, const workflows::Definitions& definitions,
            Collector& collector) {
    const auto period = read_period(options.from, options.to, definitions.time_zone());
    if (!period.ok()) {
        return refuse(period.error());
    }
    integrations::MemoryStore store{{.keep_changes = false, .keep_history = false}};
    const UnnumberedRenderer renderer;
    RecordingChannel channel;
    Simulation simulation{.definitions = as_live(definitions),
                          .store = store,
                          .renderer = renderer,
                          .channel = channel,
                          .observer = collector,
                          .from = period.value().from,
                          .until = period.value().until};
    if (!options.events.empty()) {
        auto events = read_events(options.events, period.value(), definitions);
        if (!events.ok()) {
            return refuse(events.error());
        }
        simulation.events = std::move(events).value();
    }
    const auto ran = simulation.run();
    return ran.ok() ? kExitOk
                    : refuse("the simulation stopped: " + ran.error().message, kExitProblems);
}

void print_json(const std::vector<MessageChange>& changes, std::size_t same,
                const workflows::TimeZone& zone) {
    using nlohmann::ordered_json;
    const auto time = [&](const Sent* sent) {
        return sent == nullptr ? ordered_json(nullptr)
                               : ordered_json(workflows::iso_instant(sent->at, zone));
    };
    std::map<ChangeKind, int> counts;
    for (const MessageChange& change : changes) {
        ++counts[change.kind];
        const Sent& shown = change.shown();
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
                              {"added", counts[ChangeKind::Added]},
                              {"moved", counts[ChangeKind::Moved]},
                              {"removed", counts[ChangeKind::Removed]},
                              {"reworded", counts[ChangeKind::Reworded]},
                              {"same", same}}
                     .dump()
              << '\n';
}

void print_text(const std::vector<MessageChange>& changes, std::size_t same,
                const workflows::TimeZone& zone) {
    std::map<ChangeKind, int> counts;
    for (const MessageChange& change : changes) {
        ++counts[change.kind];
        const Sent& shown = change.shown();
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
    std::cout << counts[ChangeKind::Added] << " added, " << counts[ChangeKind::Moved] << " moved, "
              << counts[ChangeKind::Removed] << " removed, " << counts[ChangeKind::Reworded]
              << " reworded, " << same << " as before\n";
}

int diff(const DiffOptions& options) {
    const auto before = load_verified(options.old_folder);
    if (!before.ok()) {
        return refuse_file(before.error());
    }
    const auto after = load_verified(options.new_folder);
    if (!after.ok()) {
        return refuse_file(after.error());
    }
    Collector old_messages{options.old_folder};
    Collector new_messages{options.new_folder};
    int code = collect(options, *before.value().definitions, old_messages);
    code = code == kExitOk ? collect(options, *after.value().definitions, new_messages) : code;
    if (code != kExitOk) {
        return code;
    }
    std::size_t same = 0;
    const auto changes = compare(old_messages.messages(), new_messages.messages(), same);
    const auto& zone = after.value().definitions->time_zone();
    options.json ? print_json(changes, same, zone) : print_text(changes, same, zone);
    return options.exit_code && !changes.empty() ? kExitProblems : kExitOk;
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* command = app.add_subcommand(
        "diff", "Say which messages a changed configuration adds, moves, removes, rewords");
    command->add_option("OLD", options->old_folder, "Folder")->required();
    command->add_option("NEW", options->new_folder, "Folder")->required();
    command->add_option("--from", options->from, "Date (its start) or time")->required();
    command->add_option("--to", options->to, "Date (its end) or time")->required();
    command->add_option("--events", options->events, "What happens meanwhile, as for simulate");
    command->add_flag("--exit-code", options->exit_code, "End with 1 when there is a difference");
    command->add_flag("--json", options->json, "One JSON object a change, then the summary");
    command->footer(
        "Example: fristvakt diff /etc/fristvakt ./changed --from 2021-01-01 --to 2021-07-01");
    command->callback([options, &exit_code] { exit_code = diff(*options); });
}

}  // namespace fristvakt::daemon
