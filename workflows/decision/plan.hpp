#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/decision/recipients.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/reminder.hpp"

/// Which steps of its ladder a case has, and when. Facts in, occurrences out; nothing is stored.
namespace fristvakt::workflows {

/// One step at its time, under one version of the deadline.
struct Occurrence {
    const LadderStep* step{nullptr};
    Instant at{};
    std::string version;
    bool before_deadline{false};
    bool opened_late{false};  ///< The last step before the deadline, fired at the next opening.
    /// Set when the step lies before what it counts from: planned as superseded.
    std::optional<Reason> superseded;
};

/// The deadline of `state`, which `item` entered at `item.entered_at`, where it has one of its own
/// and what it counts from is known.
[[nodiscard]] std::optional<Deadline> own_deadline(const Case& item, const State& state,
                                                   const TimeZone& zone);
/// The deadline that the present state's ladder counts from, if any.
[[nodiscard]] const Deadline* counted_deadline(const Case& item, const CaseContext& context);
/// "v2" for the case's deadline, "claimed.3" for a state's own; "" without a deadline.
[[nodiscard]] std::string version_name(const Case& item, const CaseContext& context);

/// All occurrences of the present state's ladder in order of time, past and future, each once.
/// Empty in a final state, without a ladder or a deadline.
[[nodiscard]] std::vector<Occurrence> occurrences_of(const Case& item, const CaseContext& context,
                                                     const Definitions& definitions);

/// Whether `reminder`, planned earlier, still has something to say at `now`; nothing means yes,
/// else why not. Looks at the case, the ladder and the deadline; not at recipients.
[[nodiscard]] std::optional<Reason> overtaken(const Reminder& reminder, const Case& item,
                                              const CaseContext& context, Instant now);

/// How a case remembers a step that was stopped: "v1 due-3wd".
[[nodiscard]] std::string stopped_name(std::string_view version, std::string_view step);

/// What the names of reminders begin with that somebody sent by hand and that stand for no step of
/// the ladder: "sent_now.7", with the case's revision. No ladder's step can be called so.
inline constexpr std::string_view kSentNow = "sent_now.";
[[nodiscard]] bool is_sent_now(std::string_view step);
/// The step that a reminder like that stands for: to those the ladder begins with at the debtor.
[[nodiscard]] LadderStep sent_now_step(std::string_view id, std::string_view notice,
                                       const Ladder& ladder);
/// The step that `reminder` is of; nothing when the ladder has it no more.
[[nodiscard]] std::optional<LadderStep> step_of(const Reminder& reminder,
                                                const CaseContext& context);

/// True when `later` is the later of two steps: by time, and on one day by their places in the
/// ladder.
[[nodiscard]] bool comes_after(const Reminder& later, const Reminder& earlier,
                               const CaseContext& context);

/// The account that a reminder ends in when it was not sent for `reason`.
[[nodiscard]] Account account_for(Reason reason);

}  // namespace fristvakt::workflows
