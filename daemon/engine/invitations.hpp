#pragma once

#include <optional>

#include "daemon/engine/transaction.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/model/message.hpp"

/// Messages that bring one person up to date about one meeting. They hold no text of their own:
/// what they say is derived when they go, so that however often a meeting was moved, its people
/// hear once.
namespace fristvakt::daemon {

/// What `message` would say now.
struct InvitationNow {
    workflows::CaseFile* file;
    workflows::Invitation* invitation;
    workflows::Summons summons;
    workflows::Language language;
    bool is_news{false};  ///< False: they know it, or it is about the past.
};
/// Nothing: its meeting or its invitation is not there.
/// REQUIRES: the message is of kind Invitation and loaded.
[[nodiscard]] std::optional<InvitationNow> invitation_now(Transaction& transaction,
                                                          const workflows::Message& message);

/// Its person knows when and where the meeting is, told by a message later than that of `sequence`,
/// or one is under way that will tell them.
[[nodiscard]] bool hears_since(int sequence, const Transaction& transaction,
                               const workflows::Case& meeting,
                               const workflows::Invitation& invitation);

/// The message is being handed over with what its fields note.
void note_handed_over(Transaction& transaction, const workflows::Message& message);
/// Nobody knows whether it got through: taken for heard, so that what follows is told as a change,
/// and what may stand in a calendar is taken out of it. It goes again all the same.
void note_perhaps_heard(Transaction& transaction, const workflows::Message& message);
/// A person says that it went out before a restore: as what is so now, where it says nothing yet.
void note_sent_before(Transaction& transaction, workflows::Message& message);
/// It got through, or will not: the next one, if anything has changed since, is made.
void settle_invitation(Transaction& transaction, const workflows::Message& message);

}  // namespace fristvakt::daemon
