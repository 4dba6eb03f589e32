#include "daemon/engine/transaction.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "daemon/engine/prework.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Batch;
using workflows::Case;
using workflows::CaseFile;
using workflows::Claim;
using workflows::Decision;
using workflows::Done;
using workflows::Grouping;
using workflows::LogEntry;
using workflows::Message;
using workflows::Reminder;
using workflows::Result;
using workflows::Status;
using workflows::Telling;

namespace {

std::string key_of(const Reminder& reminder) {
    const std::string occurrence = std::to_string(reminder.occurrence);
    std::string key;
    key.reserve(reminder.case_id.size() + reminder.version.size() + reminder.step.size() +
                occurrence.size() + reminder.person.size() + 4);
    for (const std::string* part :
         {&reminder.case_id, &reminder.version, &reminder.step, &occurrence, &reminder.person}) {
        if (part != &reminder.case_id) {
            key += '\n';
        }
        key += *part;
    }
    return key;
}

}  // namespace

Transaction::Transaction(Setting setting, workflows::Ledger ledger)
    : setting_(setting),
      world_{setting.definitions, setting.persons, setting.refused},
      ledger_(std::move(ledger)),
      ledger_before_(ledger_),
      gathering_(setting.gathering) {}

Status Transaction::load_cases(const std::vector<std::string>& ids) {
    workflows::Keys keys;
    for (const std::string& id : ids) {
        if (!files_.contains(id)) {
            keys.cases.push_back(id);
        }
    }
    if (keys.cases.empty()) {
        return Done{};
    }
    auto loaded = setting_.store.load(keys);
    if (!loaded.ok()) {
        return loaded.error();
    }
    take_in(std::move(loaded).value());
    return Done{};
}

Status Transaction::load_messages(const std::vector<std::int64_t>& numbers) {
    workflows::Keys keys;
    keys.messages = numbers;
    auto loaded = setting_.store.load(keys);
    if (!loaded.ok()) {
        return loaded.error();
    }
    take_in(std::move(loaded).value());
    return Done{};
}

Status Transaction::load_persons(const std::vector<std::string>& ids) {
    if (ids.empty()) {
        return Done{};
    }
    workflows::Keys keys;
    keys.persons = ids;
    auto loaded = setting_.store.load(keys);
    if (!loaded.ok()) {
        return loaded.error();
    }
    take_in(std::move(loaded).value());
    return Done{};
}

void Transaction::take_in(workflows::Loaded loaded) {
    for (auto& [id, item] : loaded.cases) {
        const auto [file, is_new] = files_.try_emplace(id);
        if (is_new) {
            file->second.item = std::move(item);
        }
    }
    for (const auto& [id, moved] : loaded.cases) {
        const Case& item = files_.find(id)->second.item;
        const auto parent = item.parent.empty() ? files_.end() : files_.find(item.parent);
        if (parent != files_.end() && !item.final &&
            std::find(parent->second.open_children.begin(), parent->second.open_children.end(),
                      id) == parent->second.open_children.end()) {
            parent->second.open_children.push_back(id);
        }
    }
    for (auto& [number, message] : loaded.messages) {
        messages_.emplace(number, std::move(message));
    }
    for (Reminder& reminder : loaded.reminders) {
        const auto [known, is_new] = accounts_.emplace(key_of(reminder), reminder.account);
        const auto file = files_.find(reminder.case_id);
        if (is_new && file != files_.end()) {
            const Message* carrier = find_message(reminder.message);
            if (carrier != nullptr && carrier->state == workflows::MessageState::Sending) {
                file->second.in_flight.insert(carrier->number);
            }
            if (reminder.message != 0) {
                std::vector<const CaseFile*>& carriers = carried_[reminder.message];
                if (carriers.empty() || carriers.back() != &file->second) {
                    carriers.push_back(&file->second);
                }
            }
            file->second.reminders.push_back(std::move(reminder));
        }
    }
    for (workflows::Invitation& invitation : loaded.invitations) {
        const auto file = files_.find(invitation.case_id);
        if (file != files_.end() &&
            workflows::find_invitation(file->second.invitations, invitation.person) == nullptr) {
            file->second.invitations.push_back(std::move(invitation));
        }
    }
    for (auto& [id, person] : loaded.persons) {
        persons_.emplace(id, std::move(person));
    }
}

CaseFile* Transaction::find_case(const std::string& id) {
    const auto found = files_.find(id);
    return found == files_.end() ? nullptr : &found->second;
}

const Message* Transaction::find_message(std::int64_t number) const {
    const auto found = messages_.find(number);
    return found == messages_.end() ? nullptr : &found->second;
}

const workflows::Person* Transaction::find_person(const std::string& id) const {
    const auto found = persons_.find(id);
    return found == persons_.end() ? nullptr : &found->second;
}

std::vector<Reminder> Transaction::reminders_in(std::int64_t message) const {
    std::vector<Reminder> carried;
    const auto files = carried_.find(message);
    if (files == carried_.end()) {
        return carried;
    }
    for (const CaseFile* file : files->second) {
        for (const Reminder& reminder : file->reminders) {
            if (reminder.message == message &&
                (reminder.account == Account::Waiting || reminder.account == Account::Held)) {
                carried.push_back(reminder);
            }
        }
    }
    std::sort(carried.begin(), carried.end(), [](const Reminder& a, const Reminder& b) {
        return std::tie(a.case_id, a.step_at, a.step) < std::tie(b.case_id, b.step_at, b.step);
    });
    return carried;
}

std::vector<Reminder> Transaction::ended_in(std::int64_t message, Account account,
                                            std::optional<workflows::Reason> reason) const {
    std::vector<Reminder> ended;
    const auto files = carried_.find(message);
    if (files == carried_.end()) {
        return ended;
    }
    for (const CaseFile* file : files->second) {
        for (const Reminder& reminder : file->reminders) {
            if (reminder.message == message && reminder.account == account &&
                (!reason || reminder.reason == *reason)) {
                ended.push_back(reminder);
            }
        }
    }
    return ended;
}

void Transaction::open(Case item, std::optional<workflows::Deadline> due,
                       workflows::Instant opened_at) {
    CaseFile& file = files_[item.id];
    file.item = std::move(item);
    absorb(file, workflows::open_case(file, std::move(due), opened_at, world_));
}

void Transaction::absorb(CaseFile& file, Decision decision) {
    summon(file, decision);
    const auto parent = files_.find(file.item.parent);
    if (file.item.final && parent != files_.end()) {
        std::erase(parent->second.open_children, file.item.id);
    }
    for (LogEntry& entry : decision.entries) {
        batch_.entries.push_back(std::move(entry));
    }
    for (Claim& claim : decision.claims) {
        claims_.push_back(std::move(claim));
    }
    for (Telling& telling : decision.tellings) {
        tellings_.push_back(std::move(telling));
    }
    follow_up(file, decision);
}

void Transaction::introduce(const CaseFile& file, workflows::Person person) {
    const auto* invitation = workflows::find_invitation(file.invitations, person.id);
    if (invitation != nullptr && invitation->role == workflows::kSignedUpRole) {
        workflows::Keys keys;
        keys.persons = {person.id};
        keys.slots_from = setting_.now;
        const auto loaded = setting_.store.load(keys);
        if (!loaded.ok()) {
            followed_ = loaded.error();
            return;
        }
        if (loaded.value().persons.contains(person.id)) {
            persons_.emplace(person.id, loaded.value().persons.at(person.id));
            return;
        }
    }
    know(std::move(person));
}

void Transaction::summon(CaseFile& file, Decision& decision) {
    for (workflows::Person& person : decision.introduced) {
        introduce(file, std::move(person));
    }
    if (decision.summoned.empty()) {
        return;
    }
    const auto opening = workflows::next_opening(setting_.definitions.installation.send_window,
                                                 setting_.now, setting_.definitions.time_zone())
                             .value_or(setting_.now);
    for (const workflows::Summoned& summoned : decision.summoned) {
        Message message;
        message.number = ++ledger_.messages_made;
        message.kind = workflows::NoticeKind::Invitation;
        message.person = summoned.invitation.person;
        message.organisation = summoned.invitation.organisation;
        message.language = summoned.invitation.language;
        message.slot_at = opening;
        message.next_at = opening;
        message.made_at = setting_.now;
        message.told = {{.case_id = file.item.id,
                         .notice = std::string{workflows::kInvitationNotice},
                         .revision = file.item.revision,
                         .fields = {}}};
        message.catch_up = setting_.catch_up;
        if (summoned.to) {
            introduce(
                file,
                {.id = message.person, .address = summoned.to->address, .name = summoned.to->name});
        }
        workflows::find_invitation(file.invitations, message.person)->message = message.number;
        for (LogEntry& entry : decision.entries) {
            for (workflows::Invitation& written : entry.change.invitations) {
                if (written.person == message.person) {
                    written.message = message.number;
                }
            }
        }
        made_.push_back(std::move(message));
    }
}

void Transaction::follow_up(const CaseFile& file, Decision& decision) {
    for (Case& child : decision.opened) {
        files_[file.item.id].open_children.push_back(child.id);
        open(std::move(child), std::nullopt, setting_.now);
    }
    for (const workflows::Event& event : decision.raised) {
        // A child or parent of a loaded case is loaded with it or here; one round trip at the most.
        const Status loaded = load_cases({event.case_id});
        if (!loaded.ok()) {
            followed_ = loaded;  // Half of what follows from an event is not written.
            return;
        }
        CaseFile* other = find_case(event.case_id);
        auto raised =
            other == nullptr
                ? Result<Decision>{workflows::Error{workflows::ErrorKind::NotFound, "no such case"}}
                : workflows::raise(*other, event, setting_.now, world_);
        if (raised.ok()) {
            absorb(*other, std::move(raised).value());
        } else {
            LogEntry entry;
            entry.at = setting_.now;
            entry.kind = "not_taken";
            entry.case_id = event.case_id;
            entry.event = event.name;
            entry.actor = to_string(event.by);
            entry.aside["why"] = raised.error().message;
            batch_.entries.push_back(std::move(entry));
        }
    }
}

void Transaction::put(const Message& message) {
    messages_.insert_or_assign(message.number, message);
    LogEntry entry;
    entry.at = setting_.now;
    entry.kind = "message";
    entry.data["message"] = std::to_string(message.number);
    entry.data["state"] = to_string(message.state);
    if (message.reason != workflows::Reason::None) {
        entry.data["reason"] = to_string(message.reason);
    }
    entry.change.messages.push_back(message);
    batch_.entries.push_back(std::move(entry));
}

void Transaction::know(workflows::Person person) {
    if (persons_.try_emplace(person.id, person).second) {
        batch_.persons.push_back(std::move(person));
    }
}

void Transaction::note(LogEntry entry) {
    batch_.entries.push_back(std::move(entry));
}

void Transaction::add_body(Batch::Body body) {
    batch_.bodies.push_back(std::move(body));
}

void Transaction::add_answer(Batch::Idempotency answer) {
    batch_.answers.push_back(std::move(answer));
}

void Transaction::add_configuration(const std::string& hash, std::string content) {
    batch_.configurations.emplace(hash, std::move(content));
}

Result<workflows::Instant> Transaction::place_anew(const Message& message,
                                                   workflows::Instant earliest) {
    workflows::Keys keys;
    keys.persons = {message.person};
    keys.slots_from = workflows::start_of_week(setting_.now, setting_.definitions.time_zone());
    auto loaded = setting_.store.load(keys);
    if (!loaded.ok()) {
        return loaded.error();
    }
    // What still waits for the slot that is given up leaves it too; what has gone in it has not.
    const auto leaves = [&](const workflows::Slot& slot) {
        const auto& waiting = loaded.value().waiting;
        return slot.message == message.number ||
               (slot.at == message.slot_at &&
                std::any_of(waiting.begin(), waiting.end(),
                            [&](const Message& other) { return other.number == slot.message; }));
    };
    workflows::SlotBook slots{setting_.definitions};
    for (const workflows::Slot& slot : loaded.value().slots) {
        if (!leaves(slot)) {
            slots.know(slot);
        }
    }
    const auto slot = slots.place(message.person, message.channel, earliest);
    if (!slot) {
        return workflows::Error{workflows::ErrorKind::InvalidInput,
                                "the send window never opens; mend send_window"};
    }
    return *slot;
}

Status Transaction::group_claims() {
    std::erase_if(claims_, [&](const Claim& claim) {
        const CaseFile* file = find_case(claim.reminder.case_id);
        return file == nullptr || std::none_of(file->reminders.begin(), file->reminders.end(),
                                               [&](const Reminder& reminder) {
                                                   return reminder.same_key(claim.reminder) &&
                                                          reminder.account == Account::Waiting;
                                               });
    });
    if (claims_.empty()) {
        return Done{};
    }
    workflows::Keys keys;
    std::set<std::string> wanted;
    for (const Claim& claim : claims_) {
        wanted.insert(claim.reminder.person);
    }
    keys.persons.assign(wanted.begin(), wanted.end());
    keys.slots_from = workflows::start_of_week(setting_.now, setting_.definitions.time_zone());
    auto loaded = setting_.store.load(keys);
    if (!loaded.ok()) {
        return loaded.error();
    }
    workflows::SlotBook slots{setting_.definitions};
    for (const workflows::Slot& slot : loaded.value().slots) {
        slots.know(slot);
    }
    // What this transaction has already sent away or dropped carries nothing more.
    std::vector<Message> waiting;
    for (const Message& message : loaded.value().waiting) {
        const Message* changed = find_message(message.number);
        if (changed == nullptr || *changed == message) {
            waiting.push_back(message);
        }
    }
    add_grouping(workflows::group(std::move(claims_), waiting, slots, ledger_.messages_made,
                                  setting_.catch_up, setting_.now, setting_.persons));
    return Done{};
}

void Transaction::add_grouping(Grouping grouping) {
    std::unordered_map<std::string, std::int64_t> carried;
    for (const Reminder& reminder : grouping.carried) {
        carried.emplace(key_of(reminder), reminder.message);
    }
    for (LogEntry& entry : batch_.entries) {
        for (Reminder& reminder : entry.change.reminders) {
            const auto message = carried.find(key_of(reminder));
            if (message != carried.end() && reminder.account == Account::Waiting) {
                reminder.message = message->second;
            }
        }
    }
    for (Message& message : grouping.made) {
        made_.push_back(std::move(message));
    }
    for (workflows::Person& person : grouping.persons) {
        batch_.persons.push_back(std::move(person));
    }
}

void Transaction::make_digest(const workflows::Recipient& officer, workflows::Instant slot) {
    Message message;
    message.number = ++ledger_.messages_made;
    message.kind = workflows::NoticeKind::Digest;
    message.person = setting_.persons.of(officer.address);
    message.organisation = officer.organisation;
    message.language = officer.language;
    message.slot_at = slot;
    message.next_at = slot;
    message.made_at = setting_.now;
    know({.id = message.person, .address = officer.address, .name = officer.name});
    made_.push_back(std::move(message));
}

Status Transaction::tell_all() {
    std::vector<Message> told;
    for (const Telling& telling : tellings_) {
        const CaseFile* file = find_case(telling.told.case_id);
        if (file == nullptr) {
            continue;
        }
        const auto context = workflows::context_of(file->item, setting_.definitions);
        const auto recipients =
            telling.to ? *telling.to
                       : workflows::debtor_contacts(file->item, context, setting_.definitions,
                                                    day_of(telling), setting_.refused);
        Grouping grouping =
            workflows::tell(telling, recipients, ledger_.messages_made, setting_.catch_up,
                            setting_.definitions, setting_.persons);
        for (workflows::Person& person : grouping.persons) {
            batch_.persons.push_back(std::move(person));
        }
        for (Message& message : grouping.made) {
            if (message.kind == workflows::NoticeKind::Change) {
                if (const Status noted = note_meeting_known(*this, message); !noted.ok()) {
                    return noted;
                }
            }
            // The same change in several cases of one person is one message.
            const auto same = std::find_if(told.begin(), told.end(), [&](const Message& other) {
                return message.kind == workflows::NoticeKind::Change &&
                       other.kind == message.kind && other.person == message.person &&
                       other.language == message.language && other.slot_at == message.slot_at &&
                       other.told.front().notice == message.told.front().notice && !telling.to;
            });
            if (same != told.end()) {
                same->told.push_back(message.told.front());
            } else {
                told.push_back(std::move(message));
            }
        }
    }
    for (Message& message : told) {
        made_.push_back(std::move(message));
    }
    return Done{};
}

workflows::Date Transaction::day_of(const Telling& telling) const {
    const auto& zone = setting_.definitions.time_zone();
    if (telling.kind == workflows::NoticeKind::Answer) {
        return zone.date_of(telling.at);
    }
    const auto opening =
        workflows::next_opening(setting_.definitions.installation.send_window, telling.at, zone);
    return zone.date_of(opening.value_or(telling.at));
}

Status Transaction::post_books() {
    for (const LogEntry& entry : batch_.entries) {
        for (const Reminder& reminder : entry.change.reminders) {
            const auto [known, is_new] = accounts_.emplace(key_of(reminder), reminder.account);
            if (is_new) {
                ++ledger_.books.planned;
            } else {
                ledger_.books.post(known->second, -1);
                known->second = reminder.account;
            }
            ledger_.books.post(reminder.account, 1);
        }
    }
    // An error and no assertion: starting anew would come to the same, and nobody could read the
    // pages meanwhile. Nothing is written, and everybody who watches is told.
    const workflows::Books& books = ledger_.books;
    const bool is_whole = std::min({books.sent, books.held, books.suppressed, books.superseded,
                                    books.failed, books.waiting}) >= 0;
    if (!is_whole || !books.balance()) {
        return workflows::Error{
            workflows::ErrorKind::Unavailable,
            "the books would not balance after this, so it was not written; stop, keep a copy of "
            "the state folder, and run fristvakt db verify"};
    }
    return workflows::Done{};
}

Result<Batch> Transaction::seal() {
    if (!followed_.ok()) {
        return followed_.error();
    }
    const Status grouped = group_claims();
    if (!grouped.ok()) {
        return grouped.error();
    }
    if (const Status told = tell_all(); !told.ok()) {
        return told.error();
    }
    if (const Status told = tell_channels(); !told.ok()) {
        return told.error();
    }
    if (!made_.empty()) {
        LogEntry entry;
        entry.at = setting_.now;
        entry.kind = "grouped";
        entry.change.messages = std::move(made_);
        batch_.entries.push_back(std::move(entry));
    }
    const Status posted = post_books();
    if (!posted.ok()) {
        return posted.error();
    }
    if (!(ledger_ == ledger_before_)) {
        if (batch_.entries.empty()) {
            LogEntry entry;
            entry.at = setting_.now;
            entry.kind = "ledger";
            batch_.entries.push_back(std::move(entry));
        }
        batch_.entries.back().change.ledger = ledger_;
    }
    return std::move(batch_);
}

}  // namespace fristvakt::daemon
