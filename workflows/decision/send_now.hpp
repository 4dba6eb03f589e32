#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workflows/decision/plan.hpp"
#include "workflows/model/reminder.hpp"
#include "workflows/result.hpp"

/// What `sent_now` sends: a reminder that a person asks for, ahead of its time or out of the
/// ladder's order. Pure.
namespace fristvakt::workflows {

struct SendNow {
    /// The ladder's step that it stands for; nothing for a notice that stands for none.
    std::optional<Occurrence> occurrence;
    std::string notice;
    std::vector<Reminder> waiting;  ///< Of that step, planned already: these go now.
};

/// The choice that `fields` make: `step`, one of the ladder's; or `notice`, one that the ladder
/// sends to the debtor on this side of the deadline; or neither: the next step to the debtor, else
/// the notice of the last one. Never one that speaks of a deadline as passed before it is, or as
/// ahead when it has passed.
///
/// Conflict: the case does not wait for the debtor ("waits-for-us", "voluntary"), rests ("paused"),
/// is held back
/// ("held"), the step has been dealt with ("step-done"), or there is nothing to send
/// ("nothing-to-send"). NotFound: no such step. InvalidInput: such a notice does not fit.
[[nodiscard]] Result<SendNow> choose_send_now(
    const Case& item, const std::vector<Reminder>& reminders, const CaseContext& context,
    const Definitions& definitions, const std::map<std::string, std::string>& fields, Instant now);

/// The notices that `sent_now` may choose among at `now`, in the ladder's order, each once.
[[nodiscard]] std::vector<std::string> notices_to_send_now(const Case& item,
                                                           const CaseContext& context, Instant now);

}  // namespace fristvakt::workflows
