#include "integrations/memory/memory_state.hpp"

#include <algorithm>
#include <tuple>

#include "workflows/assert.hpp"

namespace fristvakt::integrations {

using workflows::Case;
using workflows::Message;
using workflows::MessageState;
using workflows::NoticeKind;
using workflows::Reminder;

namespace {

bool takes_a_slot(const Message& message) {
    return message.kind == NoticeKind::Reminder && message.state != MessageState::Failed &&
           message.state != MessageState::Dropped;
}

bool waits_for_its_slot(const Message& message) {
    return message.kind == NoticeKind::Reminder && message.state == MessageState::Waiting;
}

}  // namespace

bool reminder_before(const Reminder& left, const Reminder& right) {
    return std::tie(left.case_id, left.version, left.step, left.person, left.occurrence) <
           std::tie(right.case_id, right.version, right.step, right.person, right.occurrence);
}

MemoryState::MemoryState(const MemoryState& other)
    : cases(other.cases),
      messages(other.messages),
      persons(other.persons),
      answers(other.answers),
      configurations(other.configurations),
      ledger(other.ledger),
      log(other.log),
      sequence(other.sequence),
      last_at(other.last_at),
      message_agenda(other.message_agenda),
      counts(other.counts),
      messages_by_state(other.messages_by_state) {
    for (const auto& [id, record] : cases) {
        if (record.value) {
            ids.insert(id);
            index(id, *record.value);
        }
    }
}

void MemoryState::index(std::string_view id, const Case& value) {
    if (value.next_at) {
        case_agenda.emplace(*value.next_at, id);
    }
    if (!value.final) {
        open_ids.insert(id);
    }
}

void MemoryState::put(const Case& value) {
    FRISTVAKT_ASSERT(value.cohort.empty() ||
                     (value.id.starts_with(value.cohort) && value.id.size() > value.cohort.size() &&
                      value.id[value.cohort.size()] == '/'));
    const auto found = cases.try_emplace(value.id).first;
    const std::string_view id = found->first;
    CaseRecord& record = found->second;
    if (!record.value) {
        ids.insert(id);
        if (!value.parent.empty()) {
            cases[value.parent].children.push_back(value.id);
        }
        ++counts[{value.cohort, value.requirement, value.state}];
        index(id, value);
        record.value = value;
        return;
    }
    const Case& old = *record.value;
    FRISTVAKT_ASSERT(old.parent == value.parent);
    if (old.next_at != value.next_at || old.final != value.final) {
        if (old.next_at) {
            case_agenda.erase({*old.next_at, id});
        }
        open_ids.erase(id);
        index(id, value);
    }
    if (old.state != value.state || old.requirement != value.requirement ||
        old.cohort != value.cohort) {
        const auto count = counts.find({old.cohort, old.requirement, old.state});
        if (--count->second == 0) {
            counts.erase(count);
        }
        ++counts[{value.cohort, value.requirement, value.state}];
    }
    record.value = value;
}

void MemoryState::put(const Reminder& value) {
    std::vector<Reminder>& reminders = cases[value.case_id].reminders;
    const auto place = std::lower_bound(reminders.begin(), reminders.end(), value, reminder_before);
    if (value.message != 0) {
        messages[value.message].cases.insert(value.case_id);
    }
    if (place != reminders.end() && place->same_key(value)) {
        *place = value;
    } else {
        reminders.insert(place, value);
    }
}

void MemoryState::put(const Message& value) {
    FRISTVAKT_ASSERT(value.number > 0);
    MessageRecord& record = messages[value.number];
    PersonRecord& person = persons[value.person];
    if (record.value.number != 0) {
        const Message& old = record.value;
        FRISTVAKT_ASSERT(old.person == value.person);
        if (old.next_at) {
            message_agenda.erase({*old.next_at, old.number});
        }
        person.slots.erase({old.slot_at, old.number});
        person.waiting.erase(old.number);
        messages_by_state[old.state].erase(old.number);
        for (const Message::Told& told : old.told) {
            if (!told.case_id.empty()) {
                cases[told.case_id].told.erase(old.number);
            }
        }
    }
    if (value.next_at) {
        message_agenda.emplace(*value.next_at, value.number);
    }
    if (takes_a_slot(value)) {
        person.slots.emplace(value.slot_at, value.number);
    }
    if (waits_for_its_slot(value)) {
        person.waiting.insert(value.number);
    }
    messages_by_state[value.state].insert(value.number);
    for (const Message::Told& told : value.told) {
        if (!told.case_id.empty()) {
            cases[told.case_id].told.insert(value.number);
        }
    }
    record.value = value;
}

void MemoryState::put(const workflows::Invitation& value) {
    cases[value.case_id].invitations.insert_or_assign(value.person, value);
}

void MemoryState::put(const workflows::Batch::Body& body) {
    messages[body.message].body = std::make_shared<const workflows::Batch::Body>(body);
}

void MemoryState::fold(const workflows::Change& change) {
    for (const Case& value : change.cases) {
        put(value);
    }
    for (const Message& value : change.messages) {
        put(value);
    }
    for (const Reminder& value : change.reminders) {
        put(value);
    }
    for (const workflows::Invitation& value : change.invitations) {
        put(value);
    }
    if (change.ledger) {
        ledger = *change.ledger;
    }
}

void MemoryState::append(const workflows::LogEntry& entry, bool keep_history, bool keep_change) {
    ++sequence;
    last_at = entry.at;
    if (!keep_history) {
        return;
    }
    auto kept = std::make_shared<workflows::HistoryEntry>();
    kept->sequence = sequence;
    kept->entry = {.at = entry.at,
                   .kind = entry.kind,
                   .case_id = entry.case_id,
                   .event = entry.event,
                   .from = entry.from,
                   .to = entry.to,
                   .actor = entry.actor,
                   .data = entry.data,
                   .change = {},
                   .aside = entry.aside};
    if (keep_change) {
        kept->entry.change = entry.change;
    }
    log.push_back(kept);
    if (!entry.case_id.empty()) {
        cases[entry.case_id].history.push_back(std::move(kept));
    }
}

const MemoryState::CaseRecord* MemoryState::find_case(std::string_view id) const {
    const auto found = cases.find(id);
    return found == cases.end() ? nullptr : &found->second;
}

const MemoryState::MessageRecord* MemoryState::find_message(std::int64_t number) const {
    const auto found = messages.find(number);
    return found == messages.end() || found->second.value.number == 0 ? nullptr : &found->second;
}

const workflows::Person* MemoryState::find_person(std::string_view id) const {
    const auto found = persons.find(id);
    return found == persons.end() || !found->second.value ? nullptr : &*found->second.value;
}

bool MemoryState::carries(std::int64_t number, std::string_view case_id) const {
    const CaseRecord* record = find_case(case_id);
    return record != nullptr &&
           std::ranges::any_of(record->reminders, [number](const Reminder& reminder) {
               return reminder.message == number;
           });
}

std::vector<Reminder> MemoryState::reminders_in(std::int64_t number) const {
    std::vector<Reminder> carried;
    const auto record = messages.find(number);
    if (record == messages.end()) {
        return carried;
    }
    for (const std::string& id : record->second.cases) {
        for (const Reminder& reminder : cases.find(id)->second.reminders) {
            if (reminder.message == number) {
                carried.push_back(reminder);
            }
        }
    }
    return carried;
}

}  // namespace fristvakt::integrations
