#pragma once

#include <string>

#include "daemon/engine/transaction.hpp"
#include "workflows/language.hpp"

/// What is brought to a meeting: by when is said in the invitation to it. Whoever owes it and is
/// invited is not told of a new day in another mail beside.
namespace fristvakt::daemon {

/// "Notat om status: innen tirsdag 16. mars 2021; …": what organisations whose contact
/// `person` is still owe for the meeting of the case `meeting`. May be empty. Unavailable: the
/// store did not answer.
[[nodiscard]] workflows::Result<std::string> prework_in_words(Transaction& transaction,
                                                              const workflows::Case& meeting,
                                                              const std::string& person,
                                                              workflows::Language language);

/// Whether that person owed something for the meeting until the configuration called it off.
/// Unavailable: the store did not answer.
[[nodiscard]] workflows::Result<bool> prework_has_lapsed(Transaction& transaction,
                                                         const workflows::Case& meeting,
                                                         const std::string& person);

/// "Regional samling, fredag 21. mars 2025 kl. 08.30–14.30": what the case is brought to, and when
/// that is held by the configuration; empty for what is brought to no meeting.
[[nodiscard]] std::string meeting_of_prework(const workflows::Case& prework,
                                             const workflows::Definitions& definitions,
                                             workflows::Language language);

/// Notes in a change that is told of pre-work what its person has heard of the meeting by then.
/// Unavailable: the store did not answer.
[[nodiscard]] workflows::Status note_meeting_known(Transaction& transaction,
                                                   workflows::Message& message);

/// Whether an invitation to the meeting says it: one that tells its person of a time is under way,
/// or has gone since the change was made. Unavailable: the store did not answer.
/// REQUIRES: the message is of kind Change.
[[nodiscard]] workflows::Result<bool> is_told_by_invitation(Transaction& transaction,
                                                            const workflows::Message& message,
                                                            const workflows::Message::Told& told);

}  // namespace fristvakt::daemon
