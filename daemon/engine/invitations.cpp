#include "daemon/engine/invitations.hpp"

#include <algorithm>
#include <utility>

#include "workflows/decision/meeting.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using workflows::CaseFile;
using workflows::Invitation;
using workflows::Message;
using workflows::MessageState;
using workflows::Reason;

namespace {

/// The meeting that the message is about, and whom it is to; null: not there.
std::pair<CaseFile*, Invitation*> parties_of(Transaction& transaction, const Message& message) {
    CaseFile* file =
        message.told.empty() ? nullptr : transaction.find_case(message.told.front().case_id);
    return {file, file == nullptr ? nullptr
                                  : workflows::find_invitation(file->invitations, message.person)};
}

/// What the invitation's person should know of the meeting; empty: nothing. Whoever is called by
/// their role is written to in that role's language.
workflows::Whereabouts whereabouts_for(const Transaction& transaction,
                                       const workflows::Case& meeting, const Invitation& invitation,
                                       workflows::Language& language) {
    const auto& definitions = transaction.world().definitions;
    const auto context = workflows::context_of(meeting, definitions);
    auto wanted = workflows::announced(meeting, context);
    if (wanted.empty()) {
        return wanted;
    }
    const auto attendees = workflows::attendees_of(meeting, context, definitions);
    const auto called = std::ranges::find_if(attendees, [&](const auto& attendee) {
        return transaction.world().persons.of(attendee.address) == invitation.person;
    });
    if (called != attendees.end()) {
        language = called->language;
    } else if (invitation.role != workflows::kSignedUpRole ||
               !workflows::is_open_to_others(meeting, context)) {
        wanted.clear();
    }
    return wanted;
}

void write(Transaction& transaction, const Invitation& invitation) {
    workflows::LogEntry entry;
    entry.at = transaction.now();
    entry.kind = "invitation";
    entry.case_id = invitation.case_id;
    entry.data["attendee"] = invitation.person;
    entry.change.invitations.push_back(invitation);
    transaction.note(std::move(entry));
}

}  // namespace

bool hears_since(int sequence, const Transaction& transaction, const workflows::Case& meeting,
                 const Invitation& invitation) {
    workflows::Language language = invitation.language;
    const auto wanted = whereabouts_for(transaction, meeting, invitation, language);
    if (wanted.empty()) {
        return false;
    }
    const bool is_about_to_hear =
        invitation.message != 0 && workflows::is_news(invitation, wanted, transaction.now(),
                                                      transaction.world().definitions.time_zone());
    return is_about_to_hear || (invitation.sequence > sequence && invitation.told == wanted);
}

std::optional<InvitationNow> invitation_now(Transaction& transaction, const Message& message) {
    const auto [file, invitation] = parties_of(transaction, message);
    if (invitation == nullptr) {
        return std::nullopt;
    }
    const auto& definitions = transaction.world().definitions;
    const auto context = workflows::context_of(file->item, definitions);
    const bool still_held = !workflows::announced(file->item, context).empty() ||
                            (!file->item.final && workflows::meeting_time(file->item));
    workflows::Language language = message.language;
    const auto wanted = whereabouts_for(transaction, file->item, *invitation, language);
    const auto& handed = message.told.front().fields;
    if (message.state == MessageState::Uncertain && handed.contains("sequence") &&
        workflows::told_by(handed) == wanted) {
        // Once more as it was: nobody knows whether they heard.
        auto again = workflows::summons_again(message.told.front().notice, handed);
        const bool is_over =
            workflows::is_over(again.says, transaction.now(), definitions.time_zone());
        return InvitationNow{.file = file,
                             .invitation = invitation,
                             .summons = std::move(again),
                             .language = message.language,
                             .is_news = !is_over};
    }
    // What was refused is tried again when a person lets the message go again.
    Invitation as_if_new = *invitation;
    as_if_new.refused.clear();
    return InvitationNow{.file = file,
                         .invitation = invitation,
                         .summons = workflows::summons_for(*invitation, wanted,
                                                           message.told.front().fields, still_held),
                         .language = language,
                         .is_news = workflows::is_news(as_if_new, wanted, transaction.now(),
                                                       definitions.time_zone())};
}

void note_handed_over(Transaction& transaction, const Message& message) {
    const auto [file, invitation] = parties_of(transaction, message);
    if (invitation == nullptr) {
        return;
    }
    const auto sequence = message.told.front().fields.find("sequence");
    if (sequence == message.told.front().fields.end()) {
        return;
    }
    Invitation before = *invitation;
    invitation->message = message.number;
    invitation->sequence = std::max(invitation->sequence, std::stoi(sequence->second));
    if (!(*invitation == before)) {
        write(transaction, *invitation);
    }
}

void note_perhaps_heard(Transaction& transaction, const Message& message) {
    const auto [file, invitation] = parties_of(transaction, message);
    if (invitation != nullptr && invitation->message == message.number) {
        invitation->told = workflows::told_by(message.told.front().fields);
        write(transaction, *invitation);
    }
}

void note_sent_before(Transaction& transaction, Message& message) {
    if (message.told.front().fields.contains("sequence")) {
        return;
    }
    if (const auto now = invitation_now(transaction, message)) {
        message.told.front().notice = now->summons.notice;
        message.told.front().fields = workflows::noted(now->summons);
        note_handed_over(transaction, message);
    }
}

void settle_invitation(Transaction& transaction, const Message& message) {
    const auto [file, invitation] = parties_of(transaction, message);
    if (invitation == nullptr || invitation->message != message.number) {
        return;
    }
    const auto& handed = message.told.front().fields;
    const bool was_tried = message.state == MessageState::Failed && handed.contains("sequence");
    const bool goes_never =
        message.state == MessageState::Failed || message.reason == Reason::Stopped ||
        message.reason == Reason::NoRecipient || message.reason == Reason::NotAllowed;
    const auto now = invitation_now(transaction, message);
    const workflows::Summons summons =
        was_tried ? workflows::summons_again(message.told.front().notice, handed) : now->summons;
    invitation->message = 0;
    if (message.state == MessageState::Sent) {
        invitation->told = workflows::told_by(handed);
        invitation->refused.clear();
    } else if (goes_never && summons.method == workflows::Summons::Method::Cancel) {
        invitation->told.clear();  // They are not called any more, and cannot be told.
    } else if (goes_never) {
        // Not again before it changes, or a person lets it go.
        invitation->refused = summons.says;
    }
    write(transaction, *invitation);
    transaction.absorb(
        *file, workflows::follow_invitations(*file, transaction.now(), transaction.world()));
}

}  // namespace fristvakt::daemon
