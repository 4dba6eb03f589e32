#include "daemon/simulation/message_diff.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "daemon/simulation/present_state.hpp"
#include "daemon/simulation/simulation.hpp"
#include "integrations/memory/memory_store.hpp"
#include "integrations/texts/notice_renderer.hpp"

namespace fristvakt::daemon {

using workflows::Instant;
using workflows::Result;

namespace {

/// More than ever go out at once.
constexpr int kNoBrake{1'000'000'000};

/// Writes messages without the number by which each is found again: one message less would make all
/// later ones differ.
class UnnumberedRenderer final : public workflows::Renderer {
 public:
    [[nodiscard]] Result<workflows::RenderedMessage> render(
        const workflows::MessageSnapshot& snapshot,
        const workflows::Definitions& definitions) const override {
        workflows::MessageSnapshot unnumbered = snapshot;
        unnumbered.number = 0;
        return notices_.render(unnumbered, definitions);
    }
    [[nodiscard]] Result<std::string> to_bytes(
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
    void message(const workflows::MessageSnapshot& snapshot,
                 const workflows::RenderedMessage& rendered) override {
        ForeseenMessage sent{.at = snapshot.at,
                             .to = snapshot.to.address,
                             .what = {},
                             .subject = rendered.subject,
                             .body = rendered.subject + "\n" + rendered.text,
                             .cases = {}};
        for (const auto& item : snapshot.items) {
            sent.what += (sent.what.empty() ? "" : ", ") + item.case_id + " " +
                         (item.step.empty() ? item.notice : item.step);
            sent.cases.push_back(item.case_id);
        }
        for (const workflows::Person& copy : snapshot.copies) {
            sent.body += "\ncopy " + copy.address;
        }
        foreseen_.messages.push_back(std::move(sent));
    }
    void transition(const workflows::LogEntry& /*entry*/) override {}
    void settled(const workflows::Reminder& /*reminder*/, Instant /*at*/,
                 const std::string& /*to*/) override {}
    void refused(const TimedEvent& event, const workflows::Error& error) override {
        foreseen_.refused.push_back("the event in line " + std::to_string(event.line) +
                                    " is refused: " + error.message);
    }
    [[nodiscard]] Foreseen take() { return std::move(foreseen_); }

 private:
    Foreseen foreseen_;
};

}  // namespace

std::shared_ptr<workflows::Definitions> as_live(const workflows::Definitions& definitions) {
    auto live = std::make_shared<workflows::Definitions>(definitions);
    live->installation.sending = workflows::SendingMode::Live;
    live->index();
    return live;
}

Result<Foreseen> foresee(const Outlook& outlook) {
    integrations::MemoryStore store{
        {.keep_changes = false, .keep_history = false, .keep_bodies = false}};
    const auto definitions = as_live(*outlook.definitions);
    // It tells our own people how things stand: with any change all of them would be new.
    definitions->installation.weekly_digest.reset();
    definitions->installation.teams.clear();
    // What the calendar of a service mailbox tells people is foreseen as the mails that it spares.
    definitions->installation.graph.reset();
    if (outlook.present != nullptr) {
        definitions->installation.brake = kNoBrake;
        const auto taken = take_along(*outlook.present, *outlook.running, outlook.from, store);
        if (!taken.ok()) {
            return taken.error();
        }
    }
    const UnnumberedRenderer renderer;
    RecordingChannel channel;
    Collector collector;
    Simulation simulation{.definitions = definitions,
                          .store = store,
                          .renderer = renderer,
                          .channel = channel,
                          .observer = collector,
                          .from = outlook.from,
                          .until = outlook.until,
                          .events = outlook.events};
    const auto ran = simulation.run();
    if (!ran.ok()) {
        return ran.error();
    }
    return collector.take();
}

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

std::size_t MessageDiff::count(ChangeKind kind) const {
    return static_cast<std::size_t>(std::ranges::count(changes, kind, &MessageChange::kind));
}

MessageDiff compare(const std::vector<ForeseenMessage>& before,
                    const std::vector<ForeseenMessage>& after) {
    std::map<std::pair<std::string_view, std::string_view>, std::vector<const ForeseenMessage*>>
        known;
    for (const ForeseenMessage& sent : before) {
        known[{sent.to, sent.what}].push_back(&sent);
    }
    MessageDiff diff;
    for (const ForeseenMessage& sent : after) {
        auto& candidates = known[{sent.to, sent.what}];
        if (candidates.empty()) {
            diff.changes.push_back({ChangeKind::Added, std::nullopt, sent});
            continue;
        }
        const ForeseenMessage* const old = candidates.front();
        candidates.erase(candidates.begin());
        if (old->at != sent.at) {
            diff.changes.push_back({ChangeKind::Moved, *old, sent});
        } else if (old->body != sent.body) {
            diff.changes.push_back({ChangeKind::Reworded, *old, sent});
        } else {
            ++diff.same;
        }
    }
    for (const auto& [key, rest] : known) {
        for (const ForeseenMessage* const old : rest) {
            diff.changes.push_back({ChangeKind::Removed, *old, std::nullopt});
        }
    }
    std::ranges::sort(diff.changes, [](const MessageChange& left, const MessageChange& right) {
        const auto key = [](const MessageChange& change) {
            const ForeseenMessage& shown = change.shown();
            return std::tie(shown.at, shown.to, shown.what);
        };
        return std::tuple{key(left), left.kind} < std::tuple{key(right), right.kind};
    });
    return diff;
}

}  // namespace fristvakt::daemon
