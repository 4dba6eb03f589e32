#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflows/decision/plan.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/reminder.hpp"

namespace fristvakt::workflows {

/// Why a case is quiet now, when nothing is to come.
enum class Quiet {
    No,  ///< A step is to come.
    Closed,
    WaitsForCreditor,  ///< The debtor is left in peace; the creditor's ladder may still have steps.
    Paused,
    Held,
    WaitsForNobody,  ///< They have been asked, or will not be; nobody is chased.
    LadderAtEnd,
    NoLadder,
};

/// One step of the ladder, with what became of it or what will.
struct StepOutlook {
    std::string step;
    std::string notice;
    Instant at{};
    bool past{false};
    bool next{false};
    std::vector<Recipient> to;  ///< On the step's day, as the configuration stands.
    std::vector<Recipient> copy;
    std::vector<Reminder> planned;      ///< What was planned of it, with its account and reason.
    std::optional<Reason> not_because;  ///< Why it will not go, or did not, when known beforehand.
};

/// The answer to "why does the next message go, or not?". Built by the functions that plan.
struct Explanation {
    std::string case_id;
    std::optional<Party> waits_for;
    Quiet quiet{Quiet::No};
    bool softened{false};
    std::optional<Deadline> deadline;  ///< The one that the ladder counts from.
    std::vector<StepOutlook> steps;    ///< In order of time.
    std::optional<std::string> next_step;
    std::optional<Instant> next_at;        ///< Of the next step; its message may wait for a slot.
    std::optional<Instant> state_ends_at;  ///< When the state is left by itself, if ever.
    std::string then_state;                ///< The state after that.
};

/// Pure. `reminders` are all that have been planned of the case.
[[nodiscard]] Explanation explain(const Case& item, const std::vector<Reminder>& reminders,
                                  const Definitions& definitions, Instant now,
                                  const RefusedAddresses& refused);

}  // namespace fristvakt::workflows
