#include "integrations/memory/memory_store.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "integrations/memory/memory_state.hpp"
#include "workflows/assert.hpp"
#include "workflows/model/steps_sent.hpp"

namespace fristvakt::integrations {

using workflows::Account;
using workflows::Agenda;
using workflows::Batch;
using workflows::Books;
using workflows::Case;
using workflows::CaseFilter;
using workflows::CommitOutcome;
using workflows::DueFilter;
using workflows::Epoch;
using workflows::HistoryEntry;
using workflows::Instant;
using workflows::Keys;
using workflows::Ledger;
using workflows::Loaded;
using workflows::LogFilter;
using workflows::LogPage;
using workflows::Message;
using workflows::MessageFilter;
using workflows::MessageState;
using workflows::Reminder;
using workflows::Result;
using workflows::Slot;
using workflows::StoredMessage;

struct MemoryStore::State : MemoryState {
    using MemoryState::MemoryState;
};

/// The state is only written while nobody else holds it, and only let go under the mutex: a writer
/// that finds itself alone has seen the readers leave.
struct MemoryStore::Shared {
    std::mutex mutex;
    std::shared_ptr<State> state{std::make_shared<State>()};
};

namespace {

/// Collects what `Keys` asks for.
class Loader {
 public:
    explicit Loader(const MemoryState& state) : state_(state) {}

    Loaded run(const Keys& keys) {
        for (const std::string& id : keys.cases) {
            add_with_children(id);
        }
        for (const std::int64_t number : keys.messages) {
            add_with_cases(number);
        }
        for (const std::string& id : keys.persons) {
            add_slots(id, keys.slots_from);
        }
        for (const std::string& key : keys.idempotency) {
            const auto found = state_.answers.find(key);
            if (found != state_.answers.end()) {
                loaded_.answers.insert(*found);
            }
        }
        tidy();
        return std::move(loaded_);
    }

 private:
    void add_with_children(const std::string& id) {
        const MemoryState::CaseRecord* record = state_.find_case(id);
        if (record == nullptr || !record->value) {
            return;
        }
        add_whole(*record);
        for (const std::string& child_id : record->children) {
            const MemoryState::CaseRecord* child = state_.find_case(child_id);
            if (!child->value->final) {
                add_whole(*child);
            }
        }
    }

    void add_whole(const MemoryState::CaseRecord& record) {
        if (!loaded_.cases.try_emplace(record.value->id, *record.value).second) {
            return;  // With another message, or as a child.
        }
        reminders_ += record.reminders.size();
        for (const Reminder& reminder : record.reminders) {
            if (reminder.message != 0 && reminder.account == Account::Waiting) {
                add_message(reminder.message);
            }
        }
    }

    void add_message(std::int64_t number) {
        const MemoryState::MessageRecord* record = state_.find_message(number);
        if (record != nullptr && loaded_.messages.try_emplace(number, record->value).second) {
            add_people_of(record->value);
        }
    }

    void add_with_cases(std::int64_t number) {
        const MemoryState::MessageRecord* record = state_.find_message(number);
        if (record == nullptr) {
            return;
        }
        add_message(number);
        for (const std::string& id : record->cases) {
            if (state_.carries(number, id)) {
                add_with_children(id);
            }
        }
        for (const Message::Told& told : record->value.told) {
            add_with_children(told.case_id);
        }
    }

    void add_slots(const std::string& id, Instant from) {
        add_person(id);
        const auto person = state_.persons.find(id);
        if (person == state_.persons.end()) {
            return;
        }
        const auto& slots = person->second.slots;
        for (auto slot = slots.lower_bound({from, 0}); slot != slots.end(); ++slot) {
            const Message& message = state_.find_message(slot->second)->value;
            loaded_.slots.push_back({id, message.channel, message.slot_at, message.number});
        }
        for (const std::int64_t number : person->second.waiting) {
            loaded_.waiting.push_back(state_.find_message(number)->value);
            add_people_of(loaded_.waiting.back());
        }
    }

    void add_people_of(const Message& message) {
        add_person(message.person);
        for (const std::string& copy : message.copies) {
            add_person(copy);
        }
    }

    void add_person(const std::string& id) {
        const workflows::Person* person = state_.find_person(id);
        if (person != nullptr) {
            loaded_.persons.try_emplace(id, *person);
        }
    }

    void tidy() {
        loaded_.reminders.reserve(reminders_);
        for (const auto& [id, item] : loaded_.cases) {
            const std::vector<Reminder>& of_case = state_.find_case(id)->reminders;
            loaded_.reminders.insert(loaded_.reminders.end(), of_case.begin(), of_case.end());
            for (const auto& [person, invitation] : state_.find_case(id)->invitations) {
                loaded_.invitations.push_back(invitation);
            }
        }
        std::vector<Slot>& slots = loaded_.slots;
        std::sort(slots.begin(), slots.end(), [](const Slot& left, const Slot& right) {
            return std::tie(left.person, left.at, left.channel, left.message) <
                   std::tie(right.person, right.at, right.channel, right.message);
        });
        slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
        std::vector<Message>& waiting = loaded_.waiting;
        std::sort(waiting.begin(), waiting.end(), [](const Message& left, const Message& right) {
            return left.number < right.number;
        });
        waiting.erase(std::unique(waiting.begin(), waiting.end(),
                                  [](const Message& left, const Message& right) {
                                      return left.number == right.number;
                                  }),
                      waiting.end());
    }

    const MemoryState& state_;
    Loaded loaded_;
    std::size_t reminders_{0};  ///< Of the loaded cases.
};

bool matches(const Case& value, const CaseFilter& filter) {
    return (filter.cohort.empty() || value.cohort == filter.cohort) &&
           (filter.requirement.empty() || value.requirement == filter.requirement) &&
           (filter.debtor.empty() || value.debtor == filter.debtor) &&
           (filter.state.empty() || value.state == filter.state) &&
           (!filter.final || value.final == *filter.final);
}

}  // namespace

class MemoryStore::View final : public workflows::Snapshot {
 public:
    explicit View(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
        const std::lock_guard lock(shared_->mutex);
        state_ = shared_->state;
    }
    ~View() override {
        const std::lock_guard lock(shared_->mutex);
        state_.reset();
    }
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    Result<std::vector<Case>> cases(const CaseFilter& filter) override {
        // Ids begin with the cohort: one cohort is one stretch of them.
        const std::string first = filter.cohort.empty() ? "" : filter.cohort + "/";
        auto id = state_->ids.lower_bound(std::max(first, filter.after_id));
        std::vector<Case> found;
        for (; id != state_->ids.end() && found.size() < filter.count_max; ++id) {
            if (!id->starts_with(first)) {
                break;
            }
            const Case& value = *state_->find_case(*id)->value;
            if (*id > filter.after_id && matches(value, filter)) {
                found.push_back(value);
            }
        }
        return found;
    }

    Result<std::optional<Case>> find_case(std::string_view id) override {
        const MemoryState::CaseRecord* record = state_->find_case(id);
        return record == nullptr ? std::nullopt : record->value;
    }

    Result<std::vector<workflows::StoredInvitation>> invitations_of(
        std::string_view case_id) override {
        std::vector<workflows::StoredInvitation> found;
        if (const MemoryState::CaseRecord* record = state_->find_case(case_id)) {
            for (const auto& [id, invitation] : record->invitations) {
                const workflows::Person* person = state_->find_person(id);
                found.push_back(
                    {invitation, person == nullptr
                                     ? workflows::Person{.id = id, .address = {}, .name = {}}
                                     : *person});
            }
        }
        return found;
    }

    Result<std::vector<Reminder>> reminders_of(std::string_view case_id) override {
        const MemoryState::CaseRecord* record = state_->find_case(case_id);
        return record == nullptr ? std::vector<Reminder>{} : record->reminders;
    }

    Result<std::vector<HistoryEntry>> history_of(std::string_view case_id,
                                                 std::size_t count_max) override {
        std::vector<HistoryEntry> entries;
        const MemoryState::CaseRecord* record = state_->find_case(case_id);
        if (record == nullptr) {
            return entries;
        }
        const auto& history = record->history;
        for (std::size_t index = history.size() - std::min(count_max, history.size());
             index < history.size(); ++index) {
            entries.push_back(*history[index]);
            entries.back().entry.change = {};
        }
        return entries;
    }

    Result<std::vector<StoredMessage>> messages(const MessageFilter& filter) override {
        std::vector<StoredMessage> found;
        for (const std::int64_t number : numbers(filter)) {
            found.push_back(stored(*state_->find_message(number), false));
        }
        return found;
    }

    Result<std::optional<StoredMessage>> message(std::int64_t number) override {
        const MemoryState::MessageRecord* record = state_->find_message(number);
        return record == nullptr ? std::nullopt : std::optional(stored(*record, true));
    }

    Result<Ledger> ledger() override { return state_->ledger; }

    Result<std::vector<Count>> counts() override {
        std::vector<Count> all;
        for (const auto& [key, count] : state_->counts) {
            all.push_back({key[0], key[1], key[2], count});
        }
        return all;
    }

    Result<std::vector<Case>> due_cases(const DueFilter& filter) override {
        std::vector<Case> found;
        for (const std::string_view id : state_->ids) {
            const Case& value = *state_->find_case(id)->value;
            if (is_due(value, filter) && comes_after_page(value, filter)) {
                found.push_back(value);
            }
        }
        std::ranges::stable_sort(found, {}, [](const Case& value) {
            return value.due ? value.due->ends_at : Instant{};
        });
        found.resize(std::min(found.size(), filter.count_max));
        return found;
    }

    Result<std::int64_t> count_due(const DueFilter& filter) override {
        const auto count = std::ranges::count_if(state_->ids, [&](std::string_view id) {
            return is_due(*state_->find_case(id)->value, filter);
        });
        return std::min(count, static_cast<std::ptrdiff_t>(filter.count_max));
    }

    Result<std::vector<Case>> next_cases(Instant until, std::size_t count_max) override {
        std::vector<Case> found;
        for (const auto& [at, id] : state_->case_agenda) {
            if (at > until || found.size() == count_max) {
                break;
            }
            found.push_back(*state_->find_case(id)->value);
        }
        return found;
    }

    Result<LogPage> log(const LogFilter& filter) override {
        LogPage page;
        const bool is_narrow = !filter.case_ids.empty() || !filter.cohort.empty();
        std::size_t left = is_narrow ? state_->log.size() : filter.scan_max;
        // Of one case alone: its own history, not all of the log.
        const MemoryState::CaseRecord* const one =
            filter.case_ids.size() == 1 ? state_->find_case(filter.case_ids.front()) : nullptr;
        const auto& entries = one == nullptr ? state_->log : one->history;
        for (auto each = entries.rbegin(); each != entries.rend(); ++each) {
            const HistoryEntry& kept = **each;
            if (filter.before_sequence > 0 && kept.sequence >= filter.before_sequence) {
                continue;
            }
            if (filter.until && kept.entry.at >= *filter.until) {
                continue;
            }
            if (left-- == 0 || page.entries.size() == filter.count_max) {
                page.next_before = kept.sequence + 1;
                break;
            }
            if (is_wanted(kept.entry, filter)) {
                page.entries.push_back(kept);
                page.entries.back().entry.change = {};
            }
        }
        return page;
    }

    Result<std::map<std::string, std::int64_t>> sent_counts(std::string_view cohort) override {
        std::map<std::string, std::int64_t> counts;
        const std::string first = std::string(cohort) + "/";
        for (auto id = state_->ids.lower_bound(first);
             id != state_->ids.end() && id->starts_with(first); ++id) {
            const auto* const file = state_->find_case(*id);
            const int sent = workflows::steps_sent_to(file->value->debtor, file->reminders);
            if (sent > 0) {
                counts.emplace(*id, sent);
            }
        }
        return counts;
    }

    Result<std::int64_t> size_bytes() override { return 0; }

    Result<Head> head() override { return Head{state_->sequence, "", state_->last_at}; }

    Result<std::optional<std::string>> configuration(std::string_view hash) override {
        const auto found = state_->configurations.find(hash);
        return found == state_->configurations.end() ? std::nullopt : std::optional(found->second);
    }

    Result<Outbox> outbox() override {
        Outbox outbox;
        for (const auto& [state, numbers] : state_->messages_by_state) {
            if (!numbers.empty()) {
                outbox.messages[state] = static_cast<std::int64_t>(numbers.size());
            }
        }
        for (const auto& [state, numbers] : state_->messages_by_state) {
            const bool is_held = state == MessageState::Held;
            if (!is_held && state != MessageState::Waiting && state != MessageState::Sending &&
                state != MessageState::Uncertain) {
                continue;
            }
            auto& oldest = is_held ? outbox.oldest_held_at : outbox.oldest_queued_at;
            for (const std::int64_t number : numbers) {
                const Instant slot = state_->find_message(number)->value.slot_at;
                oldest = oldest ? std::min(*oldest, slot) : slot;
            }
        }
        return outbox;
    }

    Result<Books> recount() override {
        Books books;
        for (const auto& [id, record] : state_->cases) {
            for (const Reminder& reminder : record.reminders) {
                books.post(reminder.account, 1);
                ++books.planned;
            }
        }
        return books;
    }

 private:
    static bool is_due(const Case& value, const DueFilter& filter) {
        return std::ranges::find(filter.states, value.state) != filter.states.end() &&
               (filter.cohort.empty() || value.id.starts_with(filter.cohort + "/")) &&
               (filter.requirement.empty() || value.requirement == filter.requirement) &&
               value.due.has_value() != filter.without_deadline &&
               (filter.without_deadline || ((!filter.from || value.due->ends_at >= *filter.from) &&
                                            (!filter.until || value.due->ends_at < *filter.until)));
    }
    static bool comes_after_page(const Case& value, const DueFilter& filter) {
        if (filter.without_deadline) {
            return value.id > filter.after_id;
        }
        return !filter.after_at || value.due->ends_at > *filter.after_at ||
               (value.due->ends_at == *filter.after_at && value.id > filter.after_id);
    }
    static bool is_wanted(const workflows::LogEntry& entry, const LogFilter& filter) {
        const auto has = [](const std::vector<std::string>& list, const std::string& one) {
            return list.empty() || std::ranges::find(list, one) != list.end();
        };
        return has(filter.kinds, entry.kind) && has(filter.case_ids, entry.case_id) &&
               (filter.cohort.empty() || entry.case_id.starts_with(filter.cohort + "/"));
    }

    /// Newest first.
    [[nodiscard]] std::vector<std::int64_t> numbers(const MessageFilter& filter) const {
        std::vector<std::int64_t> found;
        const auto take = [&](std::int64_t number) {
            const MemoryState::MessageRecord* record = state_->find_message(number);
            if (record != nullptr && (filter.before_number == 0 || number < filter.before_number) &&
                (!filter.state || record->value.state == *filter.state)) {
                found.push_back(number);
            }
            return found.size() < filter.count_max;
        };
        if (filter.count_max == 0) {
            return found;
        }
        if (filter.case_id.empty()) {
            for (auto record = state_->messages.rbegin();
                 record != state_->messages.rend() && take(record->first); ++record) {
            }
            return found;
        }
        const MemoryState::CaseRecord* record = state_->find_case(filter.case_id);
        if (record != nullptr) {
            std::set<std::int64_t, std::greater<>> of_case(record->told.begin(),
                                                           record->told.end());
            for (const Reminder& reminder : record->reminders) {
                of_case.insert(reminder.message);
            }
            for (auto number = of_case.begin(); number != of_case.end() && take(*number);
                 ++number) {
            }
        }
        return found;
    }

    [[nodiscard]] workflows::Person person(const std::string& id) const {
        const workflows::Person* found = state_->find_person(id);
        return found == nullptr ? workflows::Person{.id = id, .address = {}, .name = {}} : *found;
    }

    [[nodiscard]] StoredMessage stored(const MemoryState::MessageRecord& record,
                                       bool with_bytes) const {
        StoredMessage message{.message = record.value,
                              .to = person(record.value.person),
                              .copies = {},
                              .reminders = state_->reminders_in(record.value.number),
                              .rendered = {},
                              .bytes = {}};
        for (const std::string& copy : record.value.copies) {
            message.copies.push_back(person(copy));
        }
        if (record.body != nullptr) {
            message.rendered = record.body->rendered;
            if (with_bytes) {
                message.bytes = record.body->bytes;
            }
        }
        return message;
    }

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<const State> state_;
};

MemoryStore::MemoryStore(MemoryStoreOptions options)
    : options_(options), shared_(std::make_shared<Shared>()) {}

MemoryStore::~MemoryStore() = default;

/// REQUIRES: the mutex is held.
MemoryStore::State& MemoryStore::writable() {
    if (shared_->state.use_count() > 1) {
        shared_->state = std::make_shared<State>(*shared_->state);
    }
    return *shared_->state;
}

Result<Epoch> MemoryStore::lead() {
    return ++epoch_;
}

Result<Ledger> MemoryStore::ledger() {
    return shared_->state->ledger;
}

Result<Agenda> MemoryStore::due(Instant now, std::size_t count_max) {
    const State& state = *shared_->state;
    Agenda agenda;
    for (auto next = state.case_agenda.begin();
         next != state.case_agenda.end() && next->first <= now && agenda.cases.size() < count_max;
         ++next) {
        agenda.cases.emplace_back(next->second);
    }
    for (auto next = state.message_agenda.begin();
         next != state.message_agenda.end() && next->first <= now &&
         agenda.messages.size() < count_max;
         ++next) {
        agenda.messages.push_back(next->second);
    }
    if (!state.case_agenda.empty()) {
        agenda.next_at = state.case_agenda.begin()->first;
    }
    if (!state.message_agenda.empty()) {
        const Instant first = state.message_agenda.begin()->first;
        agenda.next_at = agenda.next_at ? std::min(*agenda.next_at, first) : first;
    }
    return agenda;
}

Result<Loaded> MemoryStore::load(const Keys& keys) {
    return Loader(*shared_->state).run(keys);
}

Result<std::vector<std::string>> MemoryStore::open_cases(std::string_view after,
                                                         std::size_t count_max) {
    const State& state = *shared_->state;
    std::vector<std::string> ids;
    for (auto id = state.open_ids.upper_bound(after);
         id != state.open_ids.end() && ids.size() < count_max; ++id) {
        ids.emplace_back(*id);
    }
    return ids;
}

Result<std::vector<std::int64_t>> MemoryStore::messages_in(MessageState state) {
    const auto found = shared_->state->messages_by_state.find(state);
    if (found == shared_->state->messages_by_state.end()) {
        return std::vector<std::int64_t>{};
    }
    return std::vector<std::int64_t>(found->second.begin(), found->second.end());
}

Result<CommitOutcome> MemoryStore::commit(const Batch& batch) {
    if (batch.epoch != epoch_) {
        return CommitOutcome::Lost;
    }
    const std::lock_guard lock(shared_->mutex);
    State& state = writable();
    for (const workflows::LogEntry& entry : batch.entries) {
        state.append(entry, options_.keep_history, options_.keep_changes);
        state.fold(entry.change);
    }
    for (const workflows::Person& person : batch.persons) {
        state.put(person);
    }
    if (options_.keep_bodies) {
        for (const Batch::Body& body : batch.bodies) {
            state.put(body);
        }
    }
    for (const auto& [hash, content] : batch.configurations) {
        state.configurations.insert_or_assign(hash, content);
    }
    if (!batch.answers.empty() && !batch.entries.empty()) {
        const Instant now = batch.entries.back().at;
        std::erase_if(state.answers, [&](const auto& row) { return row.second.expires_at <= now; });
    }
    for (const Batch::Idempotency& answer : batch.answers) {
        state.answers.insert_or_assign(answer.key, answer);
    }
    return CommitOutcome::Ok;
}

std::unique_ptr<workflows::Snapshot> MemoryStore::snapshot() {
    return std::make_unique<View>(shared_);
}

const std::string* MemoryStore::find_configuration(std::string_view hash) const {
    const auto found = shared_->state->configurations.find(hash);
    return found == shared_->state->configurations.end() ? nullptr : &found->second;
}

std::vector<workflows::LogEntry> MemoryStore::entries() const {
    std::vector<workflows::LogEntry> all;
    for (const auto& kept : shared_->state->log) {
        all.push_back(kept->entry);
    }
    return all;
}

}  // namespace fristvakt::integrations
