#include <algorithm>
#include <functional>
#include <set>

#include "daemon/engine/engine.hpp"
#include "daemon/engine/invitations.hpp"
#include "workflows/decision/canary.hpp"
#include "workflows/decision/retry.hpp"
#include "workflows/model/digest.hpp"

/// The half of the engine that messages leave through.
namespace fristvakt::daemon {

using workflows::Account;
using workflows::CaseFile;
using workflows::DeliveryReport;
using workflows::Done;
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

/// Jitter that is the same each time it is computed: messages that failed together spread, and the
/// engine stays free of chance.
double spread(const Message& message) {
    const std::size_t mixed =
        std::hash<std::string>{}(message.person + '/' + std::to_string(message.number) + '/' +
                                 std::to_string(message.attempts));
    return static_cast<double>(mixed % 10'000) / 10'000.0;
}

bool may_send_twice(const Transaction& transaction, const Message& message) {
    if (message.channel != workflows::kEmailChannel) {
        return false;  // Nobody could tell the second card from the first.
    }
    const auto allows = [&](const std::string& id) {
        const workflows::Notice* notice = transaction.world().definitions.find_notice(id);
        return notice == nullptr || notice->resend_when_uncertain;
    };
    for (const Reminder& reminder : transaction.reminders_in(message.number)) {
        if (!allows(reminder.notice)) {
            return false;
        }
    }
    return std::all_of(message.told.begin(), message.told.end(),
                       [&](const Message::Told& told) { return allows(told.notice); });
}

/// Which of the copies got nothing, though the recipient did, in the history of the cases that the
/// message was about. Copies stand in no account.
void note_refused_copies(Transaction& transaction, const Message& message,
                         const DeliveryReport& report) {
    std::vector<const workflows::Person*> copies;
    for (const std::string& id : message.copies) {
        if (const workflows::Person* person = transaction.find_person(id)) {
            copies.push_back(person);
        }
    }
    std::set<std::string> cases;
    for (const Reminder& reminder : transaction.reminders_in(message.number)) {
        cases.insert(reminder.case_id);
    }
    // The order in which they stood in the envelope, behind the recipient.
    std::sort(copies.begin(), copies.end(),
              [](const auto* a, const auto* b) { return a->address < b->address; });
    for (const std::size_t position : report.copies_refused) {
        if (position == 0 || position > copies.size()) {
            continue;
        }
        for (const std::string& case_id : cases) {
            LogEntry entry;
            entry.at = transaction.now();
            entry.kind = "copy_refused";
            entry.case_id = case_id;
            entry.data["message"] = std::to_string(message.number);
            entry.data["person"] = copies[position - 1]->id;
            entry.aside["address"] = copies[position - 1]->address;
            transaction.note(std::move(entry));
        }
    }
}

/// Our own people hear of an address that takes no mail, with each case that it should have
/// reached.
void tell_of_refusal(Transaction& transaction, const Message& message) {
    std::set<std::string> cases;
    for (const Reminder& reminder : transaction.reminders_in(message.number)) {
        cases.insert(reminder.case_id);
    }
    for (const Message::Told& told : message.told) {
        cases.insert(told.case_id);
    }
    for (const std::string& case_id : cases) {
        transaction.add_news(
            {.what = std::string{workflows::kRefusedNews}, .case_id = case_id, .state = {}});
    }
}

}  // namespace

void settle_all(Transaction& transaction, const Message& message, Account account, Reason reason) {
    for (const Reminder& reminder : transaction.reminders_in(message.number)) {
        CaseFile* file = transaction.find_case(reminder.case_id);
        FRISTVAKT_ASSERT(file != nullptr);
        workflows::Decision decision;
        workflows::settle(*file, reminder, account, reason, transaction.now(), decision);
        transaction.absorb(*file, std::move(decision));
    }
}

void note_told(Transaction& transaction, const Message& message) {
    if (message.kind == workflows::NoticeKind::News) {
        return;  // Nobody outside was told.
    }
    for (const Message::Told& told : message.told) {
        LogEntry entry;
        entry.at = transaction.now();
        entry.kind = "told";
        entry.case_id = told.case_id;
        entry.data["notice"] = told.notice;
        entry.data["message"] = std::to_string(message.number);
        entry.data["state"] = to_string(message.state);
        transaction.note(std::move(entry));
    }
}

void mark_uncertain(Transaction& transaction, Message message, Instant next_attempt_at) {
    message.reason = Reason::Uncertain;
    if (may_send_twice(transaction, message)) {
        message.state = MessageState::Uncertain;
        message.next_at = next_attempt_at;
    } else {
        settle_all(transaction, message, Account::Held, Reason::Uncertain);
        message.state = MessageState::Held;
        message.next_at.reset();
    }
    note_channel(transaction, message);
    transaction.put(message);
    if (message.kind == NoticeKind::Invitation) {
        note_perhaps_heard(transaction, message);
    }
}

void note_channel(Transaction& transaction, const Message& message) {
    const workflows::Person* person = transaction.find_person(message.person);
    const auto id = person == nullptr ? std::string_view{} : workflows::teams_id(person->address);
    if (message.channel != workflows::kTeamsChannel || id.empty()) {
        return;
    }
    auto& record = transaction.ledger().channels[std::string{id}];
    if (record.canary.card == message.number) {
        workflows::note_posted(record.canary, transaction.now());
    }
    if (message.state == MessageState::Sent) {
        record.sent_at = transaction.now();
        record.failed_at.reset();
        record.reply.clear();
    } else {
        record.failed_at = transaction.now();
        record.reply =
            message.reply.empty() ? "nobody knows whether the card arrived" : message.reply;
    }
}

std::set<std::int64_t> Engine::look_at_brake(Transaction& transaction,
                                             const std::vector<std::int64_t>& due) {
    std::set<std::int64_t> late;
    for (const std::int64_t number : due) {
        const Message* message = transaction.find_message(number);
        if (message != nullptr && counts_for_brake(*message, after_gap_, transaction.now()) &&
            !says_nothing(transaction, *message)) {
            late.insert(number);
        }
    }
    const auto others = std::ranges::count_if(
        late, [&](std::int64_t number) { return !late_let_go_.contains(number); });
    if (std::ssize(late_let_go_) + others > definitions_->installation.brake) {
        brake_at_ = transaction.now();
    }
    return late;
}

Result<bool> Engine::offer_due(Instant now) {
    // Whenever one comes back there is room for one; loading and looking is for many.
    if (offered_.size() > options_.offered_max / 2) {
        return false;
    }
    // Those on offer are on the agenda too; ask for so many that others show behind them.
    const std::size_t room = options_.offered_max - offered_.size();
    const std::size_t count =
        std::max(room, static_cast<std::size_t>(definitions_->installation.brake) + 1);
    const auto agenda = store_.due(now, offered_.size() + count);
    if (!agenda.ok()) {
        return agenda.error();
    }
    std::vector<std::int64_t> fresh;
    for (const std::int64_t number : agenda.value().messages) {
        if (fresh.size() < count && !offered_.contains(number)) {
            fresh.push_back(number);
        }
    }
    if (fresh.empty()) {
        late_let_go_.clear();
        return false;
    }
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages(fresh);
    if (!loaded.ok()) {
        return loaded.error();
    }
    const bool was_pulled = brake_at_ == now;
    const std::set<std::int64_t> late = look_at_brake(transaction, fresh);
    if (brake_at_ == now && !was_pulled) {
        transaction.add_news({.what = "brake", .case_id = {}, .state = {}});
    }
    std::vector<workflows::MessageSnapshot> ready;
    for (const std::int64_t number : fresh) {
        const Message* message = transaction.find_message(number);
        if (message == nullptr || ready.size() >= room) {
            continue;
        }
        auto look = look_last(transaction, *message, circumstances(now));
        if (!look.ok()) {
            return look.error();
        }
        if (look.value().verdict == LastLook::Verdict::Go) {
            ready.push_back(std::move(*std::move(look).value().snapshot));
            const Status kept = keep_bytes(*message, ready.back());
            if (!kept.ok()) {
                return kept.error();
            }
        }
    }
    const Status done = commit(transaction);
    if (!done.ok()) {
        return done.error();
    }
    for (const workflows::MessageSnapshot& snapshot : ready) {
        offered_.insert(snapshot.number);
        if (late.contains(snapshot.number)) {
            late_let_go_.insert(snapshot.number);
        }
    }
    for (workflows::MessageSnapshot& snapshot : ready) {
        dispatcher_.offer(std::move(snapshot));
    }
    return true;
}

Circumstances Engine::circumstances(Instant now) {
    return {.brake = brake_at_ == now, .after_gap = after_gap_, .copies = copies_};
}

Status Engine::keep_bytes(const Message& message, workflows::MessageSnapshot& snapshot) {
    if (message.channel != workflows::kEmailChannel) {
        return Done{};  // A person let it go again: it says what is so now.
    }
    // An invitation says when: what may have arrived is followed by what is so now.
    const bool unchanged = message.items_written == static_cast<int>(snapshot.items.size()) &&
                           (!snapshot.meeting || message.told.front().fields.at("sequence") ==
                                                     std::to_string(snapshot.meeting->sequence));
    if (message.state != MessageState::Uncertain || !unchanged) {
        return Done{};
    }
    auto stored = store_.snapshot()->message(message.number);
    if (!stored.ok()) {
        return stored.error();
    }
    if (stored.value() && !stored.value()->bytes.empty()) {
        snapshot.stored_bytes = stored.value()->bytes;
    }
    return Done{};
}

Result<std::vector<MarkAnswer>> Engine::mark_sending(const std::vector<Written>& written,
                                                     Instant now) {
    Transaction transaction = begin(now);
    std::vector<std::int64_t> numbers;
    numbers.reserve(written.size());
    for (const Written& one : written) {
        numbers.push_back(one.snapshot.number);
    }
    const Status loaded = transaction.load_messages(numbers);
    if (!loaded.ok()) {
        return loaded.error();
    }
    std::vector<MarkAnswer> answers;
    for (const Written& one : written) {
        const Message* known = transaction.find_message(one.snapshot.number);
        MarkAnswer answer;
        if (known != nullptr && known->next_at && offered_.contains(one.snapshot.number)) {
            const Message message = *known;
            auto look = look_last(transaction, message, circumstances(now));
            if (!look.ok()) {
                return look.error();
            }
            if (look.value().verdict == LastLook::Verdict::Go) {
                LastLook seen = std::move(look).value();
                answer =
                    mark_one(transaction, std::move(seen.message), one, *std::move(seen.snapshot));
            }
        }
        answers.push_back(std::move(answer));
    }
    const Status done = commit(transaction);
    if (!done.ok()) {
        return done.error();
    }
    for (std::size_t index = 0; index < written.size(); ++index) {
        if (answers[index].verdict == MarkAnswer::Verdict::LeaveIt) {
            offered_.erase(written[index].snapshot.number);
        }
    }
    return answers;
}

MarkAnswer mark_one(Transaction& transaction, Message message, const Written& written,
                    workflows::MessageSnapshot seen_now) {
    // The same but for the clock: what was written still says what is so.
    seen_now.at = written.snapshot.at;
    seen_now.stored_bytes = written.snapshot.stored_bytes;
    // What may have arrived goes again as it was, whatever has become of the case since, unless
    // something in it fell away.
    const bool goes_as_it_was =
        written.snapshot.stored_bytes && seen_now.items.size() == written.snapshot.items.size() &&
        seen_now.to == written.snapshot.to && seen_now.copies == written.snapshot.copies &&
        seen_now.meeting == written.snapshot.meeting;
    if (!goes_as_it_was && !(seen_now == written.snapshot)) {
        seen_now.at = transaction.now();
        seen_now.stored_bytes.reset();
        return {MarkAnswer::Verdict::Rewrite, std::move(seen_now)};
    }
    message.state = MessageState::Sending;
    message.next_at.reset();
    ++message.attempts;
    message.copies.clear();
    for (const workflows::Person& copy : written.snapshot.copies) {
        message.copies.push_back(copy.id);
    }
    std::sort(message.copies.begin(), message.copies.end());
    message.bytes_sha256 = workflows::sha256_hex(written.bytes);
    message.items_written = static_cast<int>(written.snapshot.items.size());
    transaction.put(message);
    if (message.kind == NoticeKind::Invitation) {
        note_handed_over(transaction, message);
    }
    transaction.add_body({message.number, written.rendered, written.bytes});
    return {MarkAnswer::Verdict::Go, std::nullopt};
}

Status Engine::delivered(const std::vector<DeliveryReport>& reports, Instant now) {
    Transaction transaction = begin(now);
    std::vector<std::int64_t> numbers;
    numbers.reserve(reports.size());
    for (const DeliveryReport& report : reports) {
        numbers.push_back(report.number);
    }
    const Status loaded = transaction.load_messages(numbers);
    if (!loaded.ok()) {
        return loaded;
    }
    const workflows::RefusedAddresses refused_before = refused_;
    for (const DeliveryReport& report : reports) {
        record_verdict(transaction, report);
    }
    const Status done = commit(transaction);
    if (done.ok()) {
        for (const DeliveryReport& report : reports) {
            offered_.erase(report.number);
        }
    } else {
        refused_ = refused_before;
    }
    return done;
}

void Engine::record_verdict(Transaction& transaction, const DeliveryReport& report) {
    const Message* known = transaction.find_message(report.number);
    if (known == nullptr || known->state != MessageState::Sending) {
        return;  // Settled already, by a restart for instance.
    }
    Message message = *known;
    message.reply = report.reply;
    if (report.verdict == workflows::Verdict::Delivered) {
        message.state = MessageState::Sent;
        message.reason = Reason::Accepted;
        message.settled_at = transaction.now();
        note_refused_copies(transaction, message, report);  // While its reminders wait in it.
        settle_all(transaction, message, Account::Sent, Reason::Accepted);
        transaction.put(message);
        note_told(transaction, message);
        if (message.kind == NoticeKind::Invitation) {
            settle_invitation(transaction, message);
        }
        note_channel(transaction, message);
        return;
    }
    const auto delay = report.verdict == workflows::Verdict::RetryLater
                           ? workflows::retry_delay(message.attempts, spread(message))
                           : std::nullopt;
    if (!delay) {
        record_refusal(transaction, std::move(message), report);
        return;
    }
    // On a demo clock whoever sends has already waited, by the machine's time.
    const Instant again =
        transaction.now() +
        (options_.demo_clock ? workflows::Seconds{0} : std::max(*delay, report.retry_after));
    if (report.uncertain) {
        mark_uncertain(transaction, std::move(message), again);
        return;
    }
    message.state = MessageState::Waiting;
    message.next_at = again;
    transaction.put(message);
}

void Engine::record_refusal(Transaction& transaction, Message message,
                            const DeliveryReport& report) {
    message.state = MessageState::Failed;
    message.reason = Reason::Refused;
    message.settled_at = transaction.now();
    message.next_at.reset();
    transaction.put(message);
    note_told(transaction, message);
    note_channel(transaction, message);
    if (!report.recipient_refused) {
        settle_all(transaction, message, Account::Failed, Reason::Refused);
        if (message.kind == NoticeKind::Invitation) {
            settle_invitation(transaction, message);
        }
        return;
    }
    auto& refused = transaction.ledger().refused_persons;
    if (!std::binary_search(refused.begin(), refused.end(), message.person)) {
        refused.insert(std::lower_bound(refused.begin(), refused.end(), message.person),
                       message.person);
    }
    if (const workflows::Person* person = transaction.find_person(message.person)) {
        refused_.insert(workflows::lower_case(person->address));
    }
    if (message.kind == NoticeKind::Invitation) {
        settle_invitation(transaction, message);
    }
    tell_of_refusal(transaction, message);
    const auto day = transaction.world().definitions.time_zone().date_of(transaction.now());
    for (const Reminder& reminder : transaction.reminders_in(message.number)) {
        CaseFile* file = transaction.find_case(reminder.case_id);
        FRISTVAKT_ASSERT(file != nullptr);
        transaction.absorb(*file,
                           workflows::redirect_reminder(*file, reminder, Reason::Refused, day,
                                                        transaction.now(), transaction.world()));
    }
}

Status Engine::not_written(std::int64_t number, const std::string& why, Instant now) {
    Transaction transaction = begin(now);
    const Status loaded = transaction.load_messages({number});
    if (!loaded.ok()) {
        return loaded;
    }
    if (const Message* known = transaction.find_message(number)) {
        Message message = *known;
        settle_all(transaction, message, Account::Failed, Reason::BadAddress);
        message.state = MessageState::Failed;
        message.reason = Reason::BadAddress;
        message.reply = why;
        message.next_at.reset();
        message.settled_at = now;
        transaction.put(message);
        note_told(transaction, message);
        note_channel(transaction, message);
        if (message.kind == NoticeKind::Invitation) {
            settle_invitation(transaction, message);
        }
    }
    const Status done = commit(transaction);
    if (done.ok()) {
        offered_.erase(number);
    }
    return done;
}

}  // namespace fristvakt::daemon
