#include <algorithm>
#include <set>

#include "daemon/engine/engine.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/decision/stop.hpp"

/// Events in several cases at once: first looked at, then done under one number.
namespace fristvakt::daemon {

using workflows::Account;
using workflows::Batch;
using workflows::CaseFile;
using workflows::Instant;
using workflows::LogEntry;
using workflows::Message;
using workflows::Reason;
using workflows::Reminder;
using workflows::Result;
using workflows::Status;

namespace {

/// One line for each case: its id, and its revision afterwards or why it was skipped.
LogEntry batch_entry(const std::vector<RaiseEvent>& commands,
                     const std::vector<Result<EventAnswer>>& answers, const std::string& batch,
                     Instant now) {
    LogEntry entry;
    entry.at = now;
    entry.kind = "batch";
    entry.event = commands.front().event.name;
    entry.actor = to_string(commands.front().event.by);
    entry.data["batch"] = batch;
    std::string done;
    std::string skipped;
    for (std::size_t index = 0; index < commands.size(); ++index) {
        const std::string& id = commands[index].event.case_id;
        if (answers[index].ok()) {
            done += id + ' ' + std::to_string(answers[index].value().after.revision) + '\n';
        } else {
            skipped += id + ' ' + answers[index].error().code + '\n';
        }
    }
    entry.data["done"] = done;
    entry.data["skipped"] = skipped;
    if (!commands.front().event.who.empty()) {
        entry.aside["who"] = commands.front().event.who;
    }
    return entry;
}

/// The next step that the ladder would fire, as things stand in `file`.
std::optional<Instant> next_step(const CaseFile& file, const workflows::World& world, Instant now) {
    return workflows::explain(file.item, file.reminders, world.definitions, now, world.refused)
        .next_at;
}

/// What waited or was held before, and is neither afterwards.
std::vector<Reminder> stopped_between(const CaseFile& before, const CaseFile& after) {
    std::vector<Reminder> stopped;
    for (const Reminder& reminder : after.reminders) {
        const bool was_open = std::any_of(
            before.reminders.begin(), before.reminders.end(),
            [&](const Reminder& known) { return known.same_key(reminder) && is_open(known); });
        if (was_open && !is_open(reminder)) {
            stopped.push_back(reminder);
        }
    }
    return stopped;
}

/// The messages that a batch would make or add to, as they would be written.
Result<std::vector<Forecast::Message>> messages_of(Batch batch, Transaction& transaction) {
    for (workflows::Person& person : batch.persons) {
        transaction.know(std::move(person));
    }
    std::vector<Message> made;
    std::vector<Reminder> waiting;
    for (const LogEntry& entry : batch.entries) {
        for (const Reminder& reminder : entry.change.reminders) {
            std::erase_if(waiting, [&](const Reminder& one) { return one.same_key(reminder); });
            if (reminder.account == Account::Waiting && reminder.message > 0) {
                waiting.push_back(reminder);
            }
        }
        made.insert(made.end(), entry.change.messages.begin(), entry.change.messages.end());
    }
    for (const Reminder& reminder : waiting) {
        const Message* known = transaction.find_message(reminder.message);
        const bool is_listed = std::any_of(made.begin(), made.end(), [&](const Message& one) {
            return one.number == reminder.message;
        });
        if (known != nullptr && !is_listed) {
            made.push_back(*known);  // Goes along in one that waits already.
        }
    }
    std::vector<std::string> known;  // Who is not called any more is new to nobody.
    for (const Message& message : made) {
        if (transaction.find_person(message.person) == nullptr) {
            known.push_back(message.person);
        }
    }
    if (const Status loaded = transaction.load_persons(known); !loaded.ok()) {
        return loaded.error();
    }
    const auto& installation = transaction.world().definitions.installation;
    std::vector<Forecast::Message> messages;
    for (const Message& message : made) {
        std::vector<Reminder> carried;
        std::copy_if(waiting.begin(), waiting.end(), std::back_inserter(carried),
                     [&](const Reminder& one) { return one.message == message.number; });
        const bool is_ours = message.kind == workflows::NoticeKind::News;  // Nobody outside.
        if (is_ours || (carried.empty() && message.told.empty())) {
            continue;
        }
        auto described = describe_message(transaction, message, carried);
        if (!described.ok()) {
            return described.error();
        }
        Forecast::Message shown{.message = message, .snapshot = std::move(described).value()};
        if (!workflows::may_write_to(installation, shown.snapshot.to.address)) {
            shown.blocked = Reason::NotAllowed;
        } else if (transaction.ledger().sending_on_hold) {
            shown.blocked = Reason::SendingOnHold;
        }
        messages.push_back(std::move(shown));
    }
    return messages;
}

/// Whom the calendar would tell of what became of `before`: what they are to know is noted at once.
void add_told(const CaseFile& before, const CaseFile& after, const Transaction& transaction,
              std::vector<Forecast::Told>& told) {
    if (!workflows::uses_calendar_service(transaction.world().definitions.installation)) {
        return;
    }
    for (const workflows::Invitation& now : after.invitations) {
        const auto* known = workflows::find_invitation(before.invitations, now.person);
        auto was = known == nullptr ? workflows::Whereabouts{} : known->told;
        if (was == now.told) {
            continue;
        }
        const workflows::Person* person = transaction.find_person(now.person);
        told.push_back({.case_id = after.item.id,
                        .person = person == nullptr ? workflows::Person{} : *person,
                        .organisation = now.organisation,
                        .was = std::move(was),
                        .now = now.told});
    }
}

}  // namespace

Result<BatchAnswer> Engine::raise_all(std::vector<RaiseEvent> commands, Instant now) {
    const Status opened = open_due(now, false);
    if (!opened.ok()) {
        return opened.error();
    }
    Transaction transaction = begin(now);
    const std::string batch = std::to_string(transaction.ledger().batches + 1);
    for (RaiseEvent& command : commands) {
        command.event.batch = batch;
    }
    auto raised = raise_in(transaction, commands);
    if (!raised.ok()) {
        return raised.error();
    }
    BatchAnswer answer{.batch = {}, .answers = std::move(raised).value()};
    bool is_new = false;
    for (const auto& one : answer.answers) {
        if (one.ok()) {
            is_new = is_new || !one.value().repeated;
            answer.batch = one.value().batch;
        }
    }
    if (is_new) {
        answer.batch = batch;
        ++transaction.ledger().batches;
        transaction.note(batch_entry(commands, answer.answers, batch, now));
    }
    const Status done = commit(transaction);
    if (!done.ok()) {
        return done.error();
    }
    return answer;
}

Result<Forecast> Engine::preview(const std::vector<RaiseEvent>& commands, Instant now) {
    Transaction transaction = begin(now);
    std::vector<std::string> cases;
    cases.reserve(commands.size());
    for (const RaiseEvent& command : commands) {
        cases.push_back(command.event.case_id);
    }
    const Status loaded = transaction.load_cases(cases);
    if (!loaded.ok()) {
        return loaded.error();
    }
    Forecast preview;
    workflows::Loaded answered;
    std::vector<CaseFile> files_before;
    for (const RaiseEvent& command : commands) {
        const CaseFile* file = transaction.find_case(command.event.case_id);
        const CaseFile before = file == nullptr ? CaseFile{} : *file;
        RaiseEvent asked = command;
        asked.idempotency_key.clear();
        Forecast::Item item{.answer = raise_one(transaction, asked, answered),
                            .stopped = {},
                            .next_before = std::nullopt,
                            .next_after = std::nullopt};
        if (file != nullptr) {
            item.next_before = next_step(before, transaction.world(), now);
            item.next_after = next_step(*file, transaction.world(), now);
            item.stopped = stopped_between(before, *file);
            files_before.push_back(before);
        }
        preview.items.push_back(std::move(item));
    }
    auto sealed = transaction.seal();
    if (!sealed.ok()) {
        return sealed.error();
    }
    auto messages = messages_of(std::move(sealed).value(), transaction);
    if (!messages.ok()) {
        return messages.error();
    }
    preview.messages = std::move(messages).value();
    for (const CaseFile& before : files_before) {
        add_told(before, *transaction.find_case(before.item.id), transaction, preview.told);
    }
    return preview;
}

}  // namespace fristvakt::daemon
