#include "tests/simulation/world/sightings.hpp"

#include <string>
#include <utility>

#include "tests/simulation/world/definitions.hpp"
#include "workflows/decision/meeting.hpp"

namespace fristvakt::tests::simulation {

namespace {

model::Account account_of(workflows::Account account) {
    switch (account) {
        case workflows::Account::Waiting:
            return model::Account::Waiting;
        case workflows::Account::Sent:
            return model::Account::Sent;
        case workflows::Account::Held:
            return model::Account::Held;
        case workflows::Account::Suppressed:
            return model::Account::Suppressed;
        case workflows::Account::Superseded:
            return model::Account::Superseded;
        case workflows::Account::Failed:
            return model::Account::Failed;
    }
    return model::Account::Waiting;
}

model::Stage stage_of(workflows::MessageState state) {
    switch (state) {
        case workflows::MessageState::Waiting:
            return model::Stage::Waiting;
        case workflows::MessageState::Sending:
            return model::Stage::Sending;
        case workflows::MessageState::Sent:
            return model::Stage::Sent;
        case workflows::MessageState::Held:
            return model::Stage::Held;
        case workflows::MessageState::Failed:
            return model::Stage::Failed;
        case workflows::MessageState::Dropped:
            return model::Stage::Dropped;
        case workflows::MessageState::Uncertain:
            return model::Stage::Uncertain;
    }
    return model::Stage::Waiting;
}

model::Kind kind_of(workflows::NoticeKind kind) {
    switch (kind) {
        case workflows::NoticeKind::Reminder:
            return model::Kind::Reminder;
        case workflows::NoticeKind::Answer:
            return model::Kind::Answer;
        case workflows::NoticeKind::Change:
            return model::Kind::Change;
        case workflows::NoticeKind::Invitation:
            return model::Kind::Invitation;
        case workflows::NoticeKind::Digest:
        case workflows::NoticeKind::News:
            break;  // No world asks for one.
    }
    return model::Kind::Reminder;
}

model::Reply reply_of(workflows::Response response) {
    switch (response) {
        case workflows::Response::None:
            return model::Reply::None;
        case workflows::Response::Accepted:
            return model::Reply::Accepted;
        case workflows::Response::Tentative:
            return model::Reply::Tentative;
        case workflows::Response::Declined:
            return model::Reply::Declined;
        case workflows::Response::Delegated:
            return model::Reply::Delegated;
    }
    return model::Reply::None;
}

model::Language language_of(workflows::Language language) {
    return language == workflows::Language::Nb ? model::Language::Nb : model::Language::Nn;
}

std::string address_of(const std::string& person, const Addresses& addresses) {
    const auto found = addresses.find(person);
    return found == addresses.end() ? person : found->second;
}

model::ReminderSeen reminder_of(const workflows::Reminder& reminder,
                                const workflows::LogEntry& entry, const Addresses& addresses) {
    return {.at = second_of(entry.at),
            .case_id = reminder.case_id,
            .version = reminder.version,
            .step = reminder.step,
            .occurrence = reminder.occurrence,
            .address = address_of(reminder.person, addresses),
            .notice = reminder.notice,
            .step_at = second_of(reminder.step_at),
            .claimed_at = second_of(reminder.claimed_at),
            .softened = reminder.softened,
            .before = reminder.before_deadline,
            .account = account_of(reminder.account),
            .reason = std::string{to_string(reminder.reason)},
            .message = reminder.message};
}

model::Second local_of(workflows::LocalTime time) {
    return time.time_since_epoch().count();
}

std::optional<model::Occasion> occasion_of(const std::map<std::string, std::string>& fields) {
    const auto time = workflows::meeting_time(fields);
    return time ? std::optional{model::Occasion{local_of(time->start), local_of(time->end),
                                                time->place}}
                : std::nullopt;
}

/// What is noted of the bytes in a message that tells of a meeting.
std::optional<model::Invite> invite_of(const workflows::Message& message) {
    const auto& fields = message.told.front().fields;
    const auto when = occasion_of(fields);
    if (!when || !fields.contains("sequence")) {
        return std::nullopt;
    }
    return model::Invite{.is_cancel = fields.at("method") == "cancel",
                         .sequence = std::stoi(fields.at("sequence")),
                         .when = *when};
}

model::MessageSeen message_of(const workflows::Message& message, const Addresses& addresses) {
    model::MessageSeen seen{.number = message.number,
                            .kind = kind_of(message.kind),
                            .address = address_of(message.person, addresses),
                            .language = language_of(message.language),
                            .slot_at = second_of(message.slot_at),
                            .made_at = second_of(message.made_at),
                            .stage = stage_of(message.state),
                            .reason = std::string{to_string(message.reason)},
                            .attempts = message.attempts,
                            .at_once = message.at_once,
                            .told = {},
                            .bytes = message.bytes_sha256,
                            .items = message.items_written};
    if (message.kind == workflows::NoticeKind::Invitation) {
        seen.invite = invite_of(message);
    }
    for (const workflows::Message::Told& told : message.told) {
        const auto version = told.fields.find("version");
        seen.told.push_back({told.case_id, told.notice,
                             version == told.fields.end() ? 0 : std::stoi(version->second)});
    }
    return seen;
}

}  // namespace

std::vector<model::Seen> sightings_of(const workflows::Batch& batch, const Addresses& addresses) {
    std::vector<model::Seen> seen;
    for (const workflows::LogEntry& entry : batch.entries) {
        if (entry.kind == "event") {
            const auto step = entry.data.find("step");
            seen.emplace_back(
                model::EventSeen{entry.case_id, entry.event, entry.actor, second_of(entry.at),
                                 step == entry.data.end() ? std::string{} : step->second});
        } else if (entry.kind == "released" && !entry.case_id.empty()) {
            seen.emplace_back(
                model::EventSeen{entry.case_id, "released", "release", second_of(entry.at)});
        }
        for (const workflows::Reminder& reminder : entry.change.reminders) {
            seen.emplace_back(reminder_of(reminder, entry, addresses));
        }
        for (const workflows::Message& message : entry.change.messages) {
            seen.emplace_back(message_of(message, addresses));
        }
        if (entry.change.ledger) {
            seen.emplace_back(books_of(*entry.change.ledger));
        }
    }
    return seen;
}

model::Letter letter_of(const workflows::MessageSnapshot& snapshot, model::Second offered_at) {
    model::Letter letter{.number = snapshot.number,
                         .message_id = snapshot.message_id,
                         .kind = kind_of(snapshot.kind),
                         .language = language_of(snapshot.language),
                         .to = snapshot.to.address,
                         .copies = {},
                         .items = {},
                         .offered_at = offered_at};
    for (const workflows::Person& copy : snapshot.copies) {
        letter.copies.push_back(copy.address);
    }
    for (const workflows::MessageSnapshot::Item& item : snapshot.items) {
        letter.items.push_back({item.case_id, item.step, item.notice, item.softened,
                                item.due ? std::optional{day_of(item.due->date)} : std::nullopt});
    }
    if (snapshot.meeting) {
        const auto& meeting = *snapshot.meeting;
        letter.invite =
            model::Invite{.is_cancel = meeting.is_cancel,
                          .sequence = meeting.sequence,
                          .when = {local_of(meeting.start), local_of(meeting.end), meeting.place}};
    }
    return letter;
}

std::string text_of(const model::Seen& seen) {
    static const std::vector<std::string> kAccounts{"waiting",    "sent",       "held",
                                                    "suppressed", "superseded", "failed"};
    static const std::vector<std::string> kStages{"waiting", "sending", "sent",     "held",
                                                  "failed",  "dropped", "uncertain"};
    if (const auto* event = std::get_if<model::EventSeen>(&seen)) {
        return event->case_id + " " + event->name + " by " + event->by + " at " +
               model::time_text(event->at);
    }
    if (const auto* reminder = std::get_if<model::ReminderSeen>(&seen)) {
        return reminder->case_id + " " + reminder->version + " " + reminder->step + " to " +
               reminder->address + " of " + model::time_text(reminder->step_at) + ": " +
               kAccounts.at(static_cast<std::size_t>(reminder->account)) + ", " + reminder->reason +
               ", message " + std::to_string(reminder->message);
    }
    if (const auto* message = std::get_if<model::MessageSeen>(&seen)) {
        return "message " + std::to_string(message->number) + " to " + message->address + " " +
               kStages.at(static_cast<std::size_t>(message->stage)) + " for " +
               model::time_text(message->slot_at) + " " + message->reason;
    }
    return {};
}

std::string text_of(const model::Letter& letter) {
    std::string text = "message " + std::to_string(letter.number) + " to " + letter.to;
    for (const auto& copy : letter.copies) {
        text += " copy " + copy;
    }
    for (const auto& item : letter.items) {
        text += " [" + item.case_id + " " + item.step + " " + item.notice + "]";
    }
    if (letter.invite) {
        text += (letter.invite->is_cancel ? " CANCEL " : " REQUEST ") +
                std::to_string(letter.invite->sequence) + " " + text_of(letter.invite->when);
    }
    return text;
}

model::CaseSeen case_of(const workflows::Case& item) {
    return {.id = item.id,
            .state = item.state,
            .final = item.final,
            .due = item.due ? std::optional{day_of(item.due->date)} : std::nullopt,
            .due_ends_at = item.due ? std::optional{second_of(item.due->ends_at)} : std::nullopt,
            .softened = item.softened,
            .held = item.held,
            .paused = item.paused,
            .resting_children = item.children_open_pausing,
            .date = occasion_of(item.fields)};
}

model::GuestSeen guest_of(const workflows::Invitation& invitation, const Addresses& addresses) {
    return {.case_id = invitation.case_id,
            .address = address_of(invitation.person, addresses),
            .sequence = invitation.sequence,
            .reply = reply_of(invitation.response),
            .reply_sequence = invitation.response_sequence};
}

model::BooksSeen books_of(const workflows::Ledger& ledger) {
    const workflows::Books& books = ledger.books;
    return {.planned = books.planned,
            .accounts = {{model::Account::Waiting, books.waiting},
                         {model::Account::Sent, books.sent},
                         {model::Account::Held, books.held},
                         {model::Account::Suppressed, books.suppressed},
                         {model::Account::Superseded, books.superseded},
                         {model::Account::Failed, books.failed}},
            .on_hold = ledger.sending_on_hold};
}

}  // namespace fristvakt::tests::simulation
