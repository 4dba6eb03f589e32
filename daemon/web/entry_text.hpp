#pragma once

#include <string>
#include <vector>

#include "daemon/web/view.hpp"

/// What an entry of the log says, in words.
namespace fristvakt::daemon {

/// An entry about `item`; empty for what is no news to a person. `reminders` are those of the case:
/// they lead to its messages, and what was planned of them is no news once more is known.
[[nodiscard]] Html entry_text(const View& view, const workflows::Case& item,
                              const std::vector<workflows::Reminder>& reminders,
                              const workflows::LogEntry& entry);
/// Any entry, also of no case; empty for what is no news to a person.
[[nodiscard]] Html entry_text(const View& view, const workflows::LogEntry& entry);
/// What the case was called after an event: its state, or that there is nothing to report.
[[nodiscard]] std::string state_after(const View& view, const workflows::Case& item,
                                      const workflows::LogEntry& entry);
/// "hendelse", "påminnelse", …: what kind of entry it is.
[[nodiscard]] workflows::Text kind_text(std::string_view kind);
/// Who stands behind it.
[[nodiscard]] std::string actor_text(const View& view, const workflows::Case* item,
                                     const workflows::LogEntry& entry);

}  // namespace fristvakt::daemon
