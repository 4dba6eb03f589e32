#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrations/sqlite/maintenance.hpp"
#include "tests/unit/store/store_support.hpp"

/// Any history at all: both stores say the same of it, the file proves itself, and folding the log
/// anew changes nothing.
namespace fristvakt::tests {
namespace {

using namespace workflows;  // NOLINT(google-build-using-namespace)

/// Makes changes that keep what a store requires: known parents, known persons, balanced books.
class HistoryMaker {
 public:
    Batch next(Epoch epoch) {
        Batch batch;
        batch.epoch = epoch;
        const int count = *rc::gen::inRange(0, 4);
        for (int index = 0; index < count; ++index) {
            batch.entries.push_back(entry());
        }
        if (*rc::gen::inRange(0, 3) == 0) {
            const std::string id = person();
            batch.persons.push_back({.id = id, .address = id + "@sel.example", .name = "N " + id});
        }
        if (!messages_.empty() && *rc::gen::inRange(0, 3) == 0) {
            const std::int64_t number = messages_.rbegin()->first;
            batch.bodies.push_back({number, {.subject = "s", .text = "t", .html = "h"}, "bytes"});
        }
        return batch;
    }
    [[nodiscard]] const std::map<std::string, Case>& cases() const { return cases_; }

 private:
    static std::string person() { return "p" + std::to_string(*rc::gen::inRange(0, 4)); }
    static std::optional<Instant> moment() {
        return *rc::gen::arbitrary<bool>() ? std::optional(at(*rc::gen::inRange(0, 50)))
                                           : std::nullopt;
    }

    LogEntry entry() {
        LogEntry entry;
        entry.at = at(++now_);
        entry.kind = *rc::gen::element<std::string>("event", "planned", "settled");
        const int cases = *rc::gen::inRange(0, 3);
        for (int index = 0; index < cases; ++index) {
            entry.change.cases.push_back(change_case());
        }
        if (!entry.change.cases.empty() && *rc::gen::arbitrary<bool>()) {
            entry.case_id = entry.change.cases.front().id;
        }
        if (*rc::gen::arbitrary<bool>()) {
            entry.change.messages.push_back(change_message());
        }
        const Books before = ledger_.books;
        const int reminders = *rc::gen::inRange(0, 3);
        for (int index = 0; index < reminders; ++index) {
            entry.change.reminders.push_back(change_reminder());
        }
        if (ledger_.books != before || *rc::gen::inRange(0, 4) == 0) {
            ledger_.messages_made = static_cast<std::int64_t>(messages_.size());
            ledger_.sending_on_hold = *rc::gen::arbitrary<bool>();
            entry.change.ledger = ledger_;
        }
        if (*rc::gen::inRange(0, 3) == 0) {
            entry.data = {{"reason", *rc::gen::element<std::string>("æ", "\"", "")}};
            entry.aside = {{"who", "Kari"}};
        }
        return entry;
    }

    Case change_case() {
        const int number = *rc::gen::inRange(0, 6);
        Case value = sample_case("k" + std::to_string(number));
        if (number >= 4) {
            value.parent = "pulje-5/plan/k0";
            value.id = value.parent + "/extension-" + std::to_string(number);
        }
        const auto known = cases_.find(value.id);
        if (known != cases_.end()) {
            value = known->second;
        }
        value.state = *rc::gen::element<std::string>("awaited", "claimed", "received");
        value.final = *rc::gen::inRange(0, 4) == 0;
        value.next_at = moment();
        value.revision += 1;
        value.requirement = *rc::gen::element<std::string>("plan", "plan", "rapport");
        value.fields = {{"rank", std::to_string(*rc::gen::inRange(0, 3))}};
        if (*rc::gen::arbitrary<bool>()) {
            value.due.reset();
        }
        cases_.insert_or_assign(value.id, value);
        return value;
    }

    Message change_message() {
        const std::int64_t number = *rc::gen::inRange<std::int64_t>(1, 8);
        Message value = sample_message(number, person());
        const auto known = messages_.find(number);
        if (known != messages_.end()) {
            value = known->second;
        }
        value.kind = static_cast<NoticeKind>(*rc::gen::inRange(0, 3));
        value.state = static_cast<MessageState>(*rc::gen::inRange(0, 7));
        value.slot_at = at(*rc::gen::inRange(0, 50));
        value.next_at = moment();
        value.told.clear();
        const int told = *rc::gen::inRange(0, 3);
        for (int index = 0; index < told; ++index) {
            value.told.push_back({.case_id = "pulje-5/plan/k" + std::to_string(index),
                                  .notice = "receipt",
                                  .revision = index,
                                  .fields = {}});
        }
        messages_.insert_or_assign(number, value);
        return value;
    }

    Reminder change_reminder() {
        Reminder value = sample_reminder("pulje-5/plan/k" + std::to_string(*rc::gen::inRange(0, 4)),
                                         *rc::gen::element<std::string>("due-14d", "due-3wd"),
                                         person(), *rc::gen::inRange<std::int64_t>(0, 8));
        const auto known = std::find_if(reminders_.begin(), reminders_.end(),
                                        [&](const auto& each) { return each.same_key(value); });
        value.account = static_cast<Account>(*rc::gen::inRange(0, 6));
        ledger_.books.post(value.account, 1);
        if (known == reminders_.end()) {
            ledger_.books.planned += 1;
            reminders_.push_back(value);
        } else {
            ledger_.books.post(known->account, -1);
            *known = value;
        }
        return value;
    }

    std::int64_t now_{0};
    std::map<std::string, Case> cases_;
    std::map<std::int64_t, Message> messages_;
    std::vector<Reminder> reminders_;
    Ledger ledger_;
};

void same_loaded(const Loaded& left, const Loaded& right) {
    RC_ASSERT(left.cases == right.cases);
    RC_ASSERT(left.reminders == right.reminders);
    RC_ASSERT(left.messages == right.messages);
    RC_ASSERT(left.persons == right.persons);
    RC_ASSERT(left.slots == right.slots);
    RC_ASSERT(left.waiting == right.waiting);
}

void same_view(Store& left, Store& right) {
    const auto one = left.snapshot();
    const auto other = right.snapshot();
    for (const char* state : {"", "claimed"}) {
        for (const char* cohort : {"", "pulje-5"}) {
            CaseFilter filter;
            filter.state = state;
            filter.cohort = cohort;
            RC_ASSERT(value_of(one->cases(filter)) == value_of(other->cases(filter)));
            filter.final = false;
            RC_ASSERT(value_of(one->cases(filter)) == value_of(other->cases(filter)));
        }
    }
    const auto numbers = [](Snapshot& snapshot, const MessageFilter& filter) {
        std::vector<std::int64_t> found;
        for (const StoredMessage& each : value_of(snapshot.messages(filter))) {
            found.push_back(each.message.number);
        }
        return found;
    };
    MessageFilter filter;
    RC_ASSERT(numbers(*one, filter) == numbers(*other, filter));
    filter.case_id = "pulje-5/plan/k1";
    RC_ASSERT(numbers(*one, filter) == numbers(*other, filter));
    filter.state = MessageState::Sent;
    RC_ASSERT(numbers(*one, filter) == numbers(*other, filter));
    const auto history = [](Snapshot& snapshot) {
        std::vector<std::int64_t> found;
        for (const HistoryEntry& each : value_of(snapshot.history_of("pulje-5/plan/k1", 5))) {
            found.push_back(each.sequence);
        }
        return found;
    };
    RC_ASSERT(history(*one) == history(*other));
    const auto left_outbox = value_of(one->outbox());
    const auto right_outbox = value_of(other->outbox());
    RC_ASSERT(left_outbox.messages == right_outbox.messages);
    RC_ASSERT(left_outbox.oldest_queued_at == right_outbox.oldest_queued_at);
    RC_ASSERT(left_outbox.oldest_held_at == right_outbox.oldest_held_at);
    RC_ASSERT(value_of(one->recount()) == value_of(other->recount()));
    const auto left_counts = value_of(one->counts());
    const auto right_counts = value_of(other->counts());
    RC_ASSERT(left_counts.size() == right_counts.size());
    for (std::size_t index = 0; index < left_counts.size(); ++index) {
        RC_ASSERT(left_counts[index].state == right_counts[index].state);
        RC_ASSERT(left_counts[index].cases == right_counts[index].cases);
    }
    RC_ASSERT(value_of(one->head()).sequence == value_of(other->head()).sequence);
}

void same_store(Store& left, Store& right, const HistoryMaker& history) {
    RC_ASSERT(value_of(left.ledger()) == value_of(right.ledger()));
    for (const int moment : {0, 25, 50}) {
        const Agenda one = value_of(left.due(at(moment), 3));
        const Agenda other = value_of(right.due(at(moment), 3));
        RC_ASSERT(one.cases == other.cases);
        RC_ASSERT(one.messages == other.messages);
        RC_ASSERT(one.next_at == other.next_at);
    }
    RC_ASSERT(value_of(left.open_cases("", 99)) == value_of(right.open_cases("", 99)));
    for (int state = 0; state < 7; ++state) {
        RC_ASSERT(value_of(left.messages_in(static_cast<MessageState>(state))) ==
                  value_of(right.messages_in(static_cast<MessageState>(state))));
    }
    Keys keys{.cases = {"pulje-5/plan/k0", "pulje-5/plan/k1"},
              .messages = {1, 2, 3},
              .persons = {"p0", "p1"},
              .slots_from = at(20),
              .idempotency = {}};
    same_loaded(value_of(left.load(keys)), value_of(right.load(keys)));
    for (const auto& [id, value] : history.cases()) {
        keys = {.cases = {id}, .messages = {}, .persons = {}, .slots_from = {}, .idempotency = {}};
        const Loaded loaded = value_of(left.load(keys));
        RC_ASSERT(loaded.cases.at(id) == value);
        same_loaded(loaded, value_of(right.load(keys)));
    }
    same_view(left, right);
}

RC_GTEST_PROP(History, BothStoresAgreeAndTheFileProvesItself, ()) {
    const TemporaryFolder folder;
    const auto file = folder / "state.db";
    integrations::MemoryStore memory;
    HistoryMaker history;
    {
        const auto sqlite = value_of(integrations::SqliteStore::open(file));
        const Epoch epoch = value_of(sqlite->lead());
        RC_ASSERT(value_of(memory.lead()) == epoch);
        const int batches = *rc::gen::inRange(1, 12);
        for (int index = 0; index < batches; ++index) {
            const Batch batch = history.next(epoch);
            RC_ASSERT(value_of(sqlite->commit(batch)) == CommitOutcome::Ok);
            RC_ASSERT(value_of(memory.commit(batch)) == CommitOutcome::Ok);
            const auto held = memory.snapshot();  // Makes the next commit copy the world.
            static_cast<void>(value_of(held->ledger()));
        }
        same_store(*sqlite, memory, history);
    }
    const auto report = value_of(integrations::verify(file));
    for (const std::string& problem : report.problems) {
        RC_FAIL(problem);
    }
    const auto rebuilt = value_of(integrations::rebuild(file));
    RC_ASSERT(rebuilt.differences.empty());
    RC_ASSERT(value_of(integrations::verify(file, report.head)).ok());
    const auto reopened = value_of(integrations::SqliteStore::open(file));
    same_store(*reopened, memory, history);
}

}  // namespace
}  // namespace fristvakt::tests
