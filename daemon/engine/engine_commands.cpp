#include <algorithm>

#include "daemon/engine/engine.hpp"
#include "daemon/engine/invitations.hpp"
#include "workflows/definition/periods.hpp"
#include "workflows/model/digest.hpp"

/// What people and programs ask of the engine.
namespace fristvakt::daemon {

using workflows::Account;
using workflows::CaseFile;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::LogEntry;
using workflows::Message;
using workflows::MessageState;
using workflows::Reason;
using workflows::Reminder;
using workflows::Result;
using workflows::Status;

namespace {

/// A key is remembered for this long.
constexpr auto kAnswerKept = std::chrono::hours{24 * 7};

LogEntry operator_entry(Instant now, std::string kind, const std::string& who) {
    LogEntry entry;
    entry.at = now;
    entry.kind = std::move(kind);
    entry.actor = to_string(workflows::Actor::Operator);
    if (!who.empty()) {
        entry.aside["who"] = who;
    }
    return entry;
}

/// What became of meetings while somebody's server took nothing is told them now.
Status follow_meetings(Transaction& transaction) {
    std::vector<std::string> ids;
    for (const workflows::Cohort& cohort : transaction.world().definitions.cohorts) {
        for (const workflows::Meeting& meeting : cohort.meetings) {
            for (const workflows::MeetingDate& date : meeting.dates) {
                if (const auto* duty = cohort.find_requirement(date.requirement)) {
                    ids.push_back(workflows::case_name(cohort, *duty, date.period, {}));
                }
            }
        }
    }
    const Status loaded = transaction.load_cases(ids);
    if (!loaded.ok()) {
        return loaded;
    }
    for (const std::string& id : ids) {
        CaseFile* file = transaction.find_case(id);
        if (file != nullptr && !file->item.final) {
            transaction.absorb(*file, workflows::follow_invitations(*file, transaction.now(),
                                                                    transaction.world()));
        }
    }
    return Done{};
}

/// Off the agenda until somebody lets it go: held, or uncertain when all sending was put on hold.
bool is_stopped(const Message& message) {
    return message.state == MessageState::Held ||
           (message.state == MessageState::Uncertain && !message.next_at);
}

/// "FROM\nTO\nBATCH\nCASE": all that is needed to give the same answer again.
std::string encode(const EventAnswer& answer) {
    return answer.from + '\n' + answer.to + '\n' + answer.batch + '\n' + answer.after.id;
}

EventAnswer decode(const std::string& stored, const workflows::Case& now) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end = stored.find('\n'); end != std::string::npos;
         end = stored.find('\n', begin)) {
        parts.push_back(stored.substr(begin, end - begin));
        begin = end + 1;
    }
    parts.resize(3);  // An answer of an older version has no batch.
    return {.after = now, .from = parts[0], .to = parts[1], .repeated = true, .batch = parts[2]};
}

}  // namespace

std::vector<Result<EventAnswer>> Engine::raise(const std::vector<RaiseEvent>& commands,
                                               Instant now) {
    // A case that opens at this instant is there before an event about it.
    const Status opened = open_due(now, false);
    if (!opened.ok()) {
        return {commands.size(), Result<EventAnswer>{opened.error()}};
    }
    Transaction transaction = begin(now);
    auto answers = raise_in(transaction, commands);
    const Status done = answers.ok() ? commit(transaction) : Status{answers.error()};
    if (!done.ok()) {
        return {commands.size(), Result<EventAnswer>{done.error()}};
    }
    return std::move(answers).value();
}

Result<std::vector<Result<EventAnswer>>> Engine::raise_in(Transaction& transaction,
                                                          const std::vector<RaiseEvent>& commands) {
    workflows::Keys keys;
    std::vector<std::string> cases;
    for (const RaiseEvent& command : commands) {
        cases.push_back(command.event.case_id);
        if (!command.idempotency_key.empty()) {
            keys.idempotency.push_back(command.idempotency_key);
        }
    }
    auto known = store_.load(keys);
    const Status loaded = known.ok() ? transaction.load_cases(cases) : Status{known.error()};
    if (!loaded.ok()) {
        return loaded.error();
    }
    workflows::Loaded answered = std::move(known).value();
    std::vector<Result<EventAnswer>> answers;
    answers.reserve(commands.size());
    for (const RaiseEvent& command : commands) {
        answers.push_back(raise_one(transaction, command, answered));
    }
    return answers;
}

Result<EventAnswer> Engine::raise_one(Transaction& transaction, const RaiseEvent& command,
                                      workflows::Loaded& known) {
    CaseFile* file = transaction.find_case(command.event.case_id);
    const auto before = known.answers.find(command.idempotency_key);
    if (!command.idempotency_key.empty() && before != known.answers.end() &&
        before->second.expires_at > transaction.now()) {
        if (before->second.fingerprint != command.fingerprint || file == nullptr) {
            return Error{ErrorKind::Conflict,
                         "idempotency key was used for another request; take a new one"};
        }
        return decode(before->second.response, file->item);
    }
    const workflows::Actor by = command.event.by;
    if (by != workflows::Actor::Debtor && by != workflows::Actor::Creditor &&
        by != workflows::Actor::Operator && by != workflows::Actor::Attendee) {
        return Error{ErrorKind::InvalidInput,
                     "by " + std::string{to_string(by)} +
                         ": only debtor, creditor and operator raise events from outside"};
    }
    if (file == nullptr) {
        return Error{
            ErrorKind::NotFound,
            "no case " + command.event.case_id + "; `fristvakt list` shows those there are",
            "no-case"};
    }
    auto raised = workflows::raise(*file, command.event, transaction.now(), transaction.world());
    if (!raised.ok()) {
        return raised.error();
    }
    workflows::Decision decision = std::move(raised).value();
    EventAnswer answer{.after = {},
                       .from = decision.from,
                       .to = decision.to,
                       .repeated = false,
                       .batch = command.event.batch};
    transaction.absorb(*file, std::move(decision));
    answer.after = file->item;
    if (!command.idempotency_key.empty()) {
        workflows::Batch::Idempotency kept{.key = command.idempotency_key,
                                           .fingerprint = command.fingerprint,
                                           .response = encode(answer),
                                           .expires_at = transaction.now() + kAnswerKept};
        known.answers.insert_or_assign(kept.key, kept);
        transaction.add_answer(std::move(kept));
    }
    return answer;
}

Status Engine::hold(const std::string& reason, const std::string& who, Instant now) {
    if (reason.empty()) {
        return Error{ErrorKind::InvalidInput, "a hold needs a reason; everybody sees it"};
    }
    Transaction transaction = begin(now);
    transaction.ledger().sending_on_hold = true;
    transaction.ledger().hold_reason = reason;
    LogEntry entry = operator_entry(now, "hold", who);
    entry.aside["reason"] = reason;
    transaction.note(std::move(entry));
    return commit(transaction);
}

Status Engine::note_test(const TestedNotice& tested, Instant now) {
    Transaction transaction = begin(now);
    LogEntry entry = operator_entry(now, "tested", tested.who);
    entry.data = {
        {"cohort", tested.cohort}, {"requirement", tested.requirement}, {"notice", tested.notice}};
    transaction.note(std::move(entry));
    return commit(transaction);
}

Status Engine::release(std::optional<std::int64_t> message, const std::string& who, Instant now) {
    if (message && ledger_.sending_on_hold) {
        return Error{ErrorKind::Conflict, "all sending is on hold (" + ledger_.hold_reason +
                                              "), this message too; release everything, or mark "
                                              "those that are not to go (fristvakt outbox sent)"};
    }
    if (message) {
        return release_messages({*message}, who, now);
    }
    Transaction transaction = begin(now);
    transaction.ledger().sending_on_hold = false;
    transaction.ledger().hold_reason.clear();
    transaction.ledger().restored_at.reset();
    transaction.note(operator_entry(now, "release", who));
    const Status ended = commit(transaction);
    if (!ended.ok()) {
        return ended;
    }
    auto held = store_.messages_in(MessageState::Held);
    const auto uncertain = store_.messages_in(MessageState::Uncertain);
    if (!held.ok() || !uncertain.ok()) {
        return held.ok() ? uncertain.error() : held.error();
    }
    std::vector<std::int64_t> stopped = std::move(held).value();
    stopped.insert(stopped.end(), uncertain.value().begin(), uncertain.value().end());
    const auto known = releasable(stopped, now);
    if (!known.ok()) {
        return known.error();
    }
    const Status released = release_messages(known.value(), who, now);
    return released.ok() ? release_cases(now) : released;
}

Result<std::vector<std::int64_t>> Engine::releasable(const std::vector<std::int64_t>& held,
                                                     Instant now) {
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages(held);
    if (!loaded.ok()) {
        return loaded.error();
    }
    std::vector<std::int64_t> numbers;
    for (const std::int64_t number : held) {
        const Message* message = transaction.find_message(number);
        // One that may have arrived, and whose notice says that it is not to go twice, goes again
        // only when somebody asks for it by its number.
        if (message != nullptr && is_stopped(*message) &&
            (message->state == MessageState::Uncertain || message->reason != Reason::Uncertain)) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

Status Engine::release_messages(const std::vector<std::int64_t>& numbers, const std::string& who,
                                Instant now) {
    for (const std::int64_t number : numbers) {
        Transaction transaction = begin(now);
        const Status loaded = transaction.load_messages({number});
        if (!loaded.ok()) {
            return loaded;
        }
        const Message* known = transaction.find_message(number);
        if (known == nullptr) {
            return Error{ErrorKind::NotFound, "no message " + std::to_string(number) +
                                                  "; `fristvakt outbox list` shows them"};
        }
        if (!is_stopped(*known)) {
            return Error{ErrorKind::Conflict, "message " + std::to_string(number) + " is " +
                                                  std::string{to_string(known->state)} +
                                                  ", not held"};
        }
        Message message = *known;
        requeue(transaction, message, who);
        const Status done = commit(transaction);
        if (!done.ok()) {
            return done;
        }
    }
    return Done{};
}

void requeue(Transaction& transaction, Message message, const std::string& who) {
    for (const Reminder& reminder : transaction.reminders_in(message.number)) {
        CaseFile* file = transaction.find_case(reminder.case_id);
        FRISTVAKT_ASSERT(file != nullptr);
        workflows::Decision decision;
        workflows::settle(*file, reminder, Account::Waiting, Reason::Due, transaction.now(),
                          decision);
        transaction.absorb(*file, std::move(decision));
    }
    // What may have arrived is sent again as it was, byte for byte.
    const bool may_have_arrived =
        message.state == MessageState::Uncertain ||
        (message.state == MessageState::Held && message.reason == Reason::Uncertain);
    message.state = may_have_arrived ? MessageState::Uncertain : MessageState::Waiting;
    message.reason = Reason::None;
    message.catch_up = false;  // A person has said that it may go.
    message.next_at = transaction.now();
    transaction.note(operator_entry(transaction.now(), "released", who));
    transaction.put(message);
}

Status Engine::release_cases(Instant now) {
    std::string after;
    while (true) {
        const auto ids = store_.open_cases(after, options_.cases_at_once);
        if (!ids.ok()) {
            return ids.error();
        }
        if (ids.value().empty()) {
            return Done{};
        }
        after = ids.value().back();
        Transaction transaction = begin(now);
        const Status loaded = transaction.load_cases(ids.value());
        if (!loaded.ok()) {
            return loaded;
        }
        for (const std::string& id : ids.value()) {
            CaseFile* file = transaction.find_case(id);
            if (file != nullptr && file->item.held) {
                transaction.absorb(*file, workflows::release_case(*file, now, transaction.world()));
            }
        }
        const Status done = commit(transaction);
        if (!done.ok()) {
            return done;
        }
    }
}

Status Engine::retry(std::int64_t number, const std::string& who, Instant now) {
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages({number});
    if (!loaded.ok()) {
        return loaded;
    }
    const Message* known = transaction.find_message(number);
    if (known == nullptr) {
        return Error{ErrorKind::NotFound, "no message " + std::to_string(number) +
                                              "; `fristvakt outbox list` shows them"};
    }
    if (known->state == MessageState::Dropped && known->reason == Reason::Stopped) {
        restart_stopped(transaction, *known, who);
        return commit(transaction);
    }
    if (known->state != MessageState::Failed &&
        !(known->state == MessageState::Waiting && known->attempts > 0)) {
        return Error{ErrorKind::Conflict, "message " + std::to_string(number) + " is " +
                                              std::string{to_string(known->state)} +
                                              "; only a failed one can be tried again"};
    }
    Message message = *known;
    std::erase(transaction.ledger().refused_persons, message.person);
    restart_all(transaction, transaction.ended_in(number, Account::Failed, std::nullopt));
    const workflows::Person* person = transaction.find_person(message.person);
    const std::string address =
        person == nullptr ? std::string{} : workflows::lower_case(person->address);
    message.attempts = 0;
    message.settled_at.reset();
    requeue(transaction, std::move(message), who);
    const workflows::RefusedAddresses refused_before = refused_;
    const bool is_taken_again = refused_.erase(address) > 0;
    Status done = is_taken_again ? follow_meetings(transaction) : Status{Done{}};
    if (done.ok()) {
        done = commit(transaction);
    }
    if (!done.ok()) {
        refused_ = refused_before;
    }
    return done;
}

Status Engine::sent_before(std::int64_t number, const std::string& who, Instant now) {
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages({number});
    if (!loaded.ok()) {
        return loaded;
    }
    const Message* known = transaction.find_message(number);
    if (known == nullptr) {
        return Error{ErrorKind::NotFound, "no message " + std::to_string(number) +
                                              "; `fristvakt outbox list` shows them"};
    }
    const bool is_offered = offered_.contains(number);
    const bool is_waiting = known->state == MessageState::Waiting && !is_offered;
    if (!is_waiting && !is_stopped(*known)) {
        return Error{ErrorKind::Conflict,
                     "message " + std::to_string(number) + " is " +
                         (is_offered ? "on its way" : std::string{to_string(known->state)}) +
                         "; only one that waits or is held can be marked"};
    }
    Message message = *known;
    settle_all(transaction, message, Account::Sent, Reason::SentBefore);
    message.state = MessageState::Sent;
    message.reason = Reason::SentBefore;
    message.next_at.reset();
    message.settled_at = now;
    transaction.note(operator_entry(now, "sent_before", who));
    if (message.kind == workflows::NoticeKind::Invitation) {
        note_sent_before(transaction, message);
    }
    transaction.put(message);
    note_told(transaction, message);
    if (message.kind == workflows::NoticeKind::Invitation) {
        settle_invitation(transaction, message);
    }
    return commit(transaction);
}

}  // namespace fristvakt::daemon
