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
