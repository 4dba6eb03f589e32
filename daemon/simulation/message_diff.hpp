#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/simulation/timed_event.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

/// Which messages a changed configuration adds, moves, removes, rewords: for `fristvakt diff` and
/// for the pages, the same.
namespace fristvakt::daemon {

/// A message as a change is told by.
struct ForeseenMessage {
    workflows::Instant at{};
    std::string to;
    std::string what;  ///< The cases in it with their notices: what it is recognised by.
    std::string subject;
    std::string body;  ///< Subject, text and copies: what else a change may touch.
    std::vector<std::string> cases;
};

/// Of which messages one configuration is asked.
struct Outlook {
    std::shared_ptr<const workflows::Definitions> definitions;
    workflows::Instant from{};
    workflows::Instant until{};  ///< Exclusive.
    std::vector<TimedEvent> events{};
    /// What has happened in the installation; null: nothing has yet. With it neither a hold nor the
    /// brake counts: what it holds back goes out once somebody lets it.
    workflows::Snapshot* present{nullptr};
    /// The configuration that `present` runs on.
    std::shared_ptr<const workflows::Definitions> running{};
};
struct Foreseen {
    std::vector<ForeseenMessage> messages;  ///< By time.
    std::vector<std::string> refused;       ///< Events that were, with the line and why.
};
/// Every message that would go out, as under `live`, if nobody did anything but what the events
/// say; but for the week's digest, which is no message to a debtor. Pure but for the snapshot.
/// Conflict, Unavailable: as the simulation.
[[nodiscard]] workflows::Result<Foreseen> foresee(const Outlook& outlook);

/// As under `live`: what would be sent, not what a spool or an allowlist lets through.
[[nodiscard]] std::shared_ptr<workflows::Definitions> as_live(
    const workflows::Definitions& definitions);

enum class ChangeKind { Added, Removed, Moved, Reworded };
[[nodiscard]] std::string_view to_string(ChangeKind kind);  ///< "added", …

struct MessageChange {
    ChangeKind kind{ChangeKind::Added};
    std::optional<ForeseenMessage> before;  ///< Empty when added.
    std::optional<ForeseenMessage> after;   ///< Empty when removed.
    [[nodiscard]] const ForeseenMessage& shown() const { return after ? *after : *before; }
};
struct MessageDiff {
    std::vector<MessageChange> changes;  ///< By time.
    std::size_t same{0};
    [[nodiscard]] std::size_t count(ChangeKind kind) const;
};
/// Messages to one recipient about the same steps of the same cases are the same message. Equal
/// ones are matched by their order in time. Pure.
[[nodiscard]] MessageDiff compare(const std::vector<ForeseenMessage>& before,
                                  const std::vector<ForeseenMessage>& after);

}  // namespace fristvakt::daemon
