#include <algorithm>

#include "daemon/engine/engine.hpp"
#include "daemon/engine/invitations.hpp"
#include "workflows/decision/grouping.hpp"
#include "workflows/time/send_window.hpp"

/// What people do to one message that waits: stop it, move it, let it go after all.
namespace fristvakt::daemon {

using workflows::Account;
using workflows::CaseFile;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::LogEntry;
using workflows::Message;
using workflows::MessageState;
using workflows::NoticeKind;
using workflows::Reason;
using workflows::Reminder;
using workflows::Result;
using workflows::Status;

namespace {

Error no_message(std::int64_t number) {
    return {ErrorKind::NotFound,
            "no message " + std::to_string(number) + "; `fristvakt outbox list` shows them",
            "no-message"};
}

Error not_waiting(const Message& message, std::string_view what) {
    return {ErrorKind::Conflict,
            "message " + std::to_string(message.number) + " is " +
                std::string{to_string(message.state)} + "; " + std::string{what},
            "message-gone"};
}

/// In the history of each case that the message is about.
void note_in_cases(Transaction& transaction, const Message& message, const LogEntry& like,
                   const std::vector<Reminder>& reminders) {
    for (const Reminder& reminder : reminders) {
        LogEntry entry = like;
        entry.case_id = reminder.case_id;
        entry.data["step"] = reminder.step;
        if (const CaseFile* file = transaction.find_case(reminder.case_id)) {
            entry.from = entry.to = file->item.state;
        }
        transaction.note(std::move(entry));
    }
    if (message.kind == NoticeKind::News) {
        return;  // Nobody outside was to be told.
    }
    for (const Message::Told& told : message.told) {
        LogEntry entry = like;
        entry.case_id = told.case_id;
        entry.data["notice"] = told.notice;
        if (const CaseFile* file = transaction.find_case(told.case_id)) {
            entry.from = entry.to = file->item.state;
        }
        transaction.note(std::move(entry));
    }
}

LogEntry event_entry(const Transaction& transaction, const Message& message, std::string event,
                     const std::string& who) {
    LogEntry entry;
    entry.at = transaction.now();
    entry.kind = "event";
    entry.event = std::move(event);
    entry.actor = to_string(workflows::Actor::Creditor);
    entry.data["message"] = std::to_string(message.number);
    if (!who.empty()) {
        entry.aside["who"] = who;
    }
    return entry;
}

/// The first slot from `earliest` on that the message may have.
Result<Instant> later_slot(Transaction& transaction, const Message& message, Instant earliest) {
    const auto& definitions = transaction.world().definitions;
    if (message.kind == NoticeKind::Reminder) {
        return transaction.place_anew(message, earliest);
    }
    const auto opening = workflows::next_opening(definitions.installation.send_window, earliest,
                                                 definitions.time_zone());
    return opening ? Result<Instant>{*opening}
                   : Result<Instant>{Error{ErrorKind::InvalidInput,
                                           "the send window never opens; mend send_window"}};
}

/// A reminder of a deadline that is ahead says nothing true once it has passed.
Status check_true_at(Transaction& transaction, const std::vector<Reminder>& reminders,
                     Instant slot) {
    for (const Reminder& reminder : reminders) {
        const CaseFile* file = transaction.find_case(reminder.case_id);
        const auto context = workflows::context_of(file->item, transaction.world().definitions);
        const auto* deadline = workflows::counted_deadline(file->item, context);
        if (reminder.before_deadline && deadline != nullptr && slot >= deadline->ends_at) {
            return Error{ErrorKind::InvalidInput,
                         "the deadline of " + reminder.case_id +
                             " has passed by then, and the reminder would be untrue; stop it "
                             "instead",
                         "after-deadline"};
        }
    }
    return workflows::Done{};
}

}  // namespace

Status Engine::stop(std::int64_t number, const std::string& reason, const std::string& who,
                    Instant now) {
    if (reason.empty()) {
        return Error{ErrorKind::InvalidInput, "stopping a message needs a reason; it is shown",
                     "missing:reason"};
    }
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages({number});
    if (!loaded.ok()) {
        return loaded;
    }
    const Message* known = transaction.find_message(number);
    if (known == nullptr) {
        return no_message(number);
    }
    if (known->state != MessageState::Waiting && known->state != MessageState::Held &&
        known->state != MessageState::Uncertain) {
        return not_waiting(*known, "only one that waits or is held can be stopped");
    }
    Message message = *known;
    const auto reminders = transaction.reminders_in(number);
    LogEntry entry = event_entry(transaction, message, "reminder_stopped", who);
    entry.aside["reason"] = reason;
    note_in_cases(transaction, message, entry, reminders);
    settle_all(transaction, message, Account::Suppressed, Reason::Stopped);
    message.state = MessageState::Dropped;
    message.reason = Reason::Stopped;
    message.next_at.reset();
    message.settled_at = now;
    transaction.put(message);
    if (message.kind == NoticeKind::Invitation) {
        settle_invitation(transaction, message);
    }
    return commit(transaction);
}

void restart_all(Transaction& transaction, const std::vector<Reminder>& reminders) {
    for (const Reminder& reminder : reminders) {
        CaseFile* file = transaction.find_case(reminder.case_id);
        FRISTVAKT_ASSERT(file != nullptr);
        transaction.absorb(*file, workflows::restart_reminder(*file, reminder, transaction.now(),
                                                              transaction.world()));
    }
}

void restart_stopped(Transaction& transaction, Message message, const std::string& who) {
    const auto reminders =
        transaction.ended_in(message.number, Account::Suppressed, Reason::Stopped);
    note_in_cases(transaction, message, event_entry(transaction, message, "restarted", who),
                  reminders);
    restart_all(transaction, reminders);
    message.state = MessageState::Waiting;
    message.reason = Reason::None;
    message.settled_at.reset();
    message.next_at = std::max(message.slot_at, transaction.now());
    transaction.put(message);
}

Status Engine::postpone(std::int64_t number, workflows::Date day, const std::string& who,
                        Instant now) {
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages({number});
    if (!loaded.ok()) {
        return loaded;
    }
    const Message* known = transaction.find_message(number);
    if (known == nullptr) {
        return no_message(number);
    }
    if (known->state != MessageState::Waiting || known->kind == NoticeKind::Answer ||
        known->kind == NoticeKind::Invitation) {
        return not_waiting(*known, "only a reminder or a change that waits can be postponed");
    }
    const auto& zone = definitions_->time_zone();
    if (day < zone.date_of(now)) {
        return Error{ErrorKind::InvalidInput,
                     workflows::iso_date(day) + " has passed; choose today or later",
                     "past-date:until"};
    }
    Message message = *known;
    const auto slot = later_slot(transaction, message, std::max(now, zone.start_of_day(day)));
    if (!slot.ok()) {
        return slot.error();
    }
    const auto reminders = transaction.reminders_in(number);
    const Status is_true = check_true_at(transaction, reminders, slot.value());
    if (!is_true.ok()) {
        return is_true;
    }
    LogEntry entry = event_entry(transaction, message, "message_postponed", who);
    entry.data["until"] = workflows::iso_date(zone.date_of(slot.value()));
    note_in_cases(transaction, message, entry, reminders);
    message.slot_at = slot.value();
    message.next_at = slot.value();
    message.at_once = false;
    copies_.forget(message.number);
    transaction.put(message);
    return commit(transaction);
}

}  // namespace fristvakt::daemon
