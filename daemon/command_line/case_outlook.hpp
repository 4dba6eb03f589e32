#pragma once

#include <string>
#include <vector>

#include "daemon/command_line/stored_state.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/reminder.hpp"

/// What the terminal says of a case and of what is to come, in English. Pure but for the reading.
namespace fristvakt::daemon {

/// A case with what has been planned of it, and why its next message goes or does not.
struct CaseOutlook {
    workflows::Case item;
    std::vector<workflows::Reminder> reminders;
    workflows::Explanation explanation;
};
/// As of `state.at`, taking the case as it is stored. Unavailable: the store does not answer.
[[nodiscard]] workflows::Result<CaseOutlook> outlook_of(StoredState& state, workflows::Case item);

/// Days until the deadline that the case waits for now, negative past it; nothing in a final state
/// or without a deadline.
[[nodiscard]] std::optional<int> days_left(const CaseOutlook& outlook, workflows::Instant at,
                                           const workflows::TimeZone& zone);

/// "awaited (Ikke levert)".
[[nodiscard]] std::string state_in_words(const workflows::Case& item,
                                         const workflows::Definitions& definitions,
                                         workflows::Language language);

/// The next step in a few words, or why there is none: "due-14d on man 2021-01-11 08:00", "paused".
[[nodiscard]] std::string next_in_short(const CaseOutlook& outlook,
                                        const workflows::TimeZone& zone);

/// Whole sentences, the most important first. `hold_reason`: why all sending rests; empty when it
/// does not.
[[nodiscard]] std::vector<std::string> explain_in_english(const CaseOutlook& outlook,
                                                          const workflows::Definitions& definitions,
                                                          const std::string& hold_reason);

/// "Kari Nordmann <kari@gjovik.example> (ressursperson)".
[[nodiscard]] std::string show_recipient(const workflows::Recipient& recipient);

}  // namespace fristvakt::daemon
