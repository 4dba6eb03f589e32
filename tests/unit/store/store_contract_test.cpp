#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using namespace workflows;  // NOLINT(google-build-using-namespace)

struct Kind {
    const char* name;
    bool durable;
};
void PrintTo(const Kind& kind, std::ostream* out) {
    *out << kind.name;
}

/// What every store promises (workflows/ports.hpp), asked of each of them.
class StoreContract : public testing::TestWithParam<Kind> {
 protected:
    StoreContract() {
        open();
        epoch_ = value_of(store_->lead());
    }

    void open() {
        store_.reset();
        if (GetParam().durable) {
            store_ = value_of(integrations::SqliteStore::open(folder_ / "state.db"));
        } else {
            store_ = std::make_unique<integrations::MemoryStore>();
        }
    }

    void put(Change change, std::string_view case_id = {}) {
        commit(*store_, batch_of(epoch_, std::move(change), case_id));
    }
    void put(const Case& value) {
        put({.cases = {value}, .reminders = {}, .messages = {}, .ledger = {}}, value.id);
    }
    void put(const Message& value) {
        put({.cases = {}, .reminders = {}, .messages = {value}, .ledger = {}});
    }
    void put(const Reminder& value) {
        put({.cases = {}, .reminders = {value}, .messages = {}, .ledger = {}});
    }
    void put(const Person& person) {
        Batch batch;
        batch.epoch = epoch_;
        batch.persons.push_back(person);
        commit(*store_, batch);
    }

    Loaded load(const Keys& keys) { return value_of(store_->load(keys)); }
    static std::vector<std::string> ids(const Loaded& loaded) {
        std::vector<std::string> ids;
        for (const auto& [id, value] : loaded.cases) {
            ids.push_back(id);
        }
        return ids;
    }
    static std::vector<std::int64_t> numbers(const Loaded& loaded) {
        std::vector<std::int64_t> numbers;
        for (const auto& [number, value] : loaded.messages) {
            numbers.push_back(number);
        }
        return numbers;
    }

    TemporaryFolder folder_;
    std::unique_ptr<Store> store_;
    Epoch epoch_{0};
};

using Ids = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

TEST_P(StoreContract, IsEmptyAtFirst) {
    EXPECT_EQ(value_of(store_->ledger()), Ledger{});
    const Agenda agenda = value_of(store_->due(at(0), 10));
    EXPECT_TRUE(agenda.cases.empty());
    EXPECT_TRUE(agenda.messages.empty());
    EXPECT_EQ(agenda.next_at, std::nullopt);
    EXPECT_TRUE(value_of(store_->open_cases("", 10)).empty());
    EXPECT_TRUE(value_of(store_->messages_in(MessageState::Sending)).empty());
    const auto snapshot = store_->snapshot();
    EXPECT_EQ(value_of(snapshot->head()).sequence, 0);
    EXPECT_EQ(value_of(snapshot->head()).hash, "");
    EXPECT_TRUE(value_of(snapshot->cases({})).empty());
    EXPECT_TRUE(value_of(snapshot->messages({})).empty());
    EXPECT_TRUE(value_of(snapshot->counts()).empty());
    EXPECT_TRUE(value_of(snapshot->outbox()).messages.empty());
    EXPECT_EQ(value_of(snapshot->find_case("pulje-5/plan/sel")), std::nullopt);
    EXPECT_FALSE(value_of(snapshot->message(1)).has_value());
}

TEST_P(StoreContract, GivesBackWhatWasCommitted) {
    Case gjovik = sample_case("gjovik");
    gjovik.next_at = at(500);
    const Reminder reminder = sample_reminder(gjovik.id, "due-14d", "p1", 7);
    const Message message = sample_message(7, "p1");
    Ledger ledger;
    ledger.salt = "salt";
    ledger.books.planned = 1;
    ledger.books.waiting = 1;
    put({.cases = {gjovik}, .reminders = {reminder}, .messages = {message}, .ledger = ledger},
        gjovik.id);

    const Loaded loaded = load({.cases = {gjovik.id, "pulje-5/plan/nobody"},
                                .messages = {},
                                .persons = {},
                                .slots_from = {},
                                .idempotency = {}});
    ASSERT_EQ(ids(loaded), Ids{gjovik.id});
    EXPECT_EQ(loaded.cases.at(gjovik.id), gjovik);
    EXPECT_EQ(loaded.reminders, std::vector{reminder});
    ASSERT_EQ(numbers(loaded), Numbers{7});
    EXPECT_EQ(loaded.messages.at(7), message);
    EXPECT_EQ(value_of(store_->ledger()), ledger);

    const auto snapshot = store_->snapshot();
    EXPECT_EQ(value_of(snapshot->find_case(gjovik.id)), gjovik);
    EXPECT_EQ(value_of(snapshot->reminders_of(gjovik.id)), std::vector{reminder});
    EXPECT_EQ(value_of(snapshot->ledger()), ledger);
    EXPECT_EQ(value_of(snapshot->head()).sequence, 1);
}

TEST_P(StoreContract, ChangesReplaceWholeValuesAndDefaultsComeBack) {
    Case value = sample_case("gjovik");
    value.next_at = at(500);
    value.held = true;
    value.fields = {{"rank", "1"}};
    value.undo = Case::Undo{.event = "claimed",
                            .state = "awaited",
                            .entered_at = at(1),
                            .granted_until = Date(cal::days(18700)),
                            .softened = true,
                            .fields = {{"a", "b"}},
                            .paused = true,
                            .paused_until = at(2),
                            .stopped = {"v1 due-3wd"},
                            .ended = {"v1 due-14d"}};
    put(value);
    value.next_at.reset();
    value.held = false;
    value.fields.clear();
    value.undo.reset();
    value.due.reset();
    value.due_versions.clear();
    value.state = "received";
    value.final = true;
    put(value);
    EXPECT_EQ(load({.cases = {value.id},
                    .messages = {},
                    .persons = {},
                    .slots_from = {},
                    .idempotency = {}})
                  .cases.at(value.id),
              value);
}

TEST_P(StoreContract, AgendaIsByTimeThenIdAndKeepsItsLimit) {
    for (const auto& [organisation, when] :
         {std::pair{"sel", 30}, {"hamar", 20}, {"gjovik", 20}, {"ringsaker", 40}}) {
        Case value = sample_case(organisation);
        value.next_at = at(when);
        put(value);
    }
    put(sample_case("nord-odal"));
    Message late = sample_message(1, "p1");
    late.next_at = at(25);
    Message early = sample_message(2, "p1");
    early.next_at = at(10);
    Message also_early = sample_message(3, "p1");
    also_early.next_at = at(10);
    put(late);
    put(also_early);
    put(early);

    Agenda agenda = value_of(store_->due(at(30), 10));
    EXPECT_EQ(agenda.cases, (Ids{"pulje-5/plan/gjovik", "pulje-5/plan/hamar", "pulje-5/plan/sel"}));
    EXPECT_EQ(agenda.messages, (Numbers{2, 3, 1}));
    EXPECT_EQ(agenda.next_at, at(10));

    agenda = value_of(store_->due(at(30), 2));
    EXPECT_EQ(agenda.cases, (Ids{"pulje-5/plan/gjovik", "pulje-5/plan/hamar"}));
    EXPECT_EQ(agenda.messages, (Numbers{2, 3}));

    agenda = value_of(store_->due(at(9), 10));
    EXPECT_TRUE(agenda.cases.empty());
    EXPECT_TRUE(agenda.messages.empty());
    EXPECT_EQ(agenda.next_at, at(10));
    EXPECT_TRUE(value_of(store_->due(at(99), 0)).cases.empty());
}

TEST_P(StoreContract, AgendaFollowsEveryChange) {
    Case value = sample_case("sel");
    value.next_at = at(30);
    put(value);
    value.next_at = at(50);
    put(value);
    EXPECT_TRUE(value_of(store_->due(at(30), 10)).cases.empty());
    EXPECT_EQ(value_of(store_->due(at(50), 10)).cases, Ids{value.id});
    value.next_at.reset();
    put(value);
    EXPECT_EQ(value_of(store_->due(at(50), 10)).next_at, std::nullopt);

    Message message = sample_message(1, "p1");
    put(message);
    message.state = MessageState::Sending;
    message.next_at.reset();
    put(message);
    EXPECT_EQ(value_of(store_->due(at(9999), 10)).next_at, std::nullopt);
    EXPECT_EQ(value_of(store_->messages_in(MessageState::Sending)), Numbers{1});
    EXPECT_TRUE(value_of(store_->messages_in(MessageState::Waiting)).empty());
}

TEST_P(StoreContract, OneReminderAKey) {
    const std::string id = "pulje-5/plan/sel";
    Reminder reminder = sample_reminder(id, "due-14d", "p1");
    put(reminder);
    reminder.account = Account::Superseded;
    reminder.reason = Reason::LaterStep;
    put(reminder);
    EXPECT_EQ(value_of(store_->snapshot()->reminders_of(id)), std::vector{reminder});

    // Each part of the key makes another.
    std::vector<Reminder> all{reminder};
    for (int part = 0; part < 4; ++part) {
        Reminder other = sample_reminder(id, "due-14d", "p1");
        other.version = part == 0 ? "v2" : other.version;
        other.step = part == 1 ? "due-3wd" : other.step;
        other.occurrence = part == 2 ? 2 : other.occurrence;
        other.person = part == 3 ? "p2" : other.person;
        put(other);
        all.push_back(other);
    }
    const auto found = value_of(store_->snapshot()->reminders_of(id));
    EXPECT_EQ(found.size(), all.size());
    for (const Reminder& each : all) {
        EXPECT_NE(std::find(found.begin(), found.end(), each), found.end());
    }
}

TEST_P(StoreContract, AMeetingComesWithAllItsInvitations) {
    Case meeting = sample_case("sel");
    meeting.invited_count = 2;
    put(meeting);
    put(sample_case("hamar"));
    workflows::Invitation kari;
    kari.case_id = meeting.id;
    kari.person = "p1";
    kari.told = {{"start", "2021-03-23T09:00"}};
    workflows::Invitation per = kari;
    per.person = "p0";
    put({.cases = {}, .reminders = {}, .messages = {}, .ledger = {}, .invitations = {kari, per}},
        meeting.id);
    kari.response = workflows::Response::Declined;
    kari.sequence = kari.response_sequence = 0;
    put({.cases = {}, .reminders = {}, .messages = {}, .ledger = {}, .invitations = {kari}},
        meeting.id);
    put(Person{.id = "p1", .address = "kari@gjovik.example", .name = "Kari Nordmann"});

    const Loaded loaded = load({.cases = {meeting.id, "pulje-5/plan/hamar"},
                                .messages = {},
                                .persons = {},
                                .slots_from = {},
                                .idempotency = {}});
    EXPECT_EQ(loaded.invitations, (std::vector{per, kari}));
    const auto stored = value_of(store_->snapshot()->invitations_of(meeting.id));
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_EQ(stored[0].person.address, "") << "not known";
    EXPECT_EQ(stored[1].invitation, kari);
    EXPECT_EQ(stored[1].person.name, "Kari Nordmann");
    EXPECT_TRUE(value_of(store_->snapshot()->invitations_of("pulje-5/plan/hamar")).empty());
}

TEST_P(StoreContract, OnlyTheNewestLeaderWrites) {
    const Epoch old_epoch = epoch_;
    epoch_ = value_of(store_->lead());
    EXPECT_GT(epoch_, old_epoch);
    const auto lost = store_->commit(batch_of(
        old_epoch, {.cases = {sample_case("sel")}, .reminders = {}, .messages = {}, .ledger = {}}));
    EXPECT_EQ(value_of(lost), CommitOutcome::Lost);
    EXPECT_EQ(value_of(store_->snapshot()->head()).sequence, 0);
    EXPECT_TRUE(value_of(store_->open_cases("", 10)).empty());
    put(sample_case("sel"));
    EXPECT_EQ(value_of(store_->open_cases("", 10)).size(), 1U);
}

TEST_P(StoreContract, LoadsACaseWithItsOpenChildrenAndAllTheirReminders) {
    const Case parent = sample_case("sel");
    Case child = sample_case("sel/extension-1");
    child.parent = parent.id;
    Case closed = sample_case("sel/extension-2");
    closed.parent = parent.id;
    closed.final = true;
    put(parent);
    put(child);
    put(closed);
    const Message waiting = sample_message(1, "p1");
    Message sent = sample_message(2, "p1");
    sent.state = MessageState::Sent;
    Message receipt = sample_message(3, "p1");
    receipt.kind = NoticeKind::Answer;
    receipt.told = {{.case_id = parent.id, .notice = "receipt", .revision = 1, .fields = {}}};
    put(waiting);
    put(sent);
    put(receipt);
    Reminder first = sample_reminder(parent.id, "due-14d", "p1", 2);
    first.account = Account::Sent;
    const Reminder second = sample_reminder(parent.id, "due-3wd", "p1", 1);
    const Reminder of_child = sample_reminder(child.id, "due-1wd", "p2", 0);
    put(first);
    put(second);
    put(of_child);
    put(sample_reminder(closed.id, "due-1wd", "p2", 0));
    put(sample_reminder("pulje-5/plan/hamar", "due-1wd", "p2", 0));
    put(Person{.id = "p1", .address = "kari@gjovik.example", .name = "Kari Nordmann"});

    const Loaded loaded = load(
        {.cases = {parent.id}, .messages = {}, .persons = {}, .slots_from = {}, .idempotency = {}});
    EXPECT_EQ(ids(loaded), (Ids{parent.id, child.id}));
    EXPECT_EQ(loaded.reminders, (std::vector{first, second, of_child}));
    // Neither what was sent nor an answer that waits comes along unasked.
    EXPECT_EQ(numbers(loaded), Numbers{1});
    ASSERT_EQ(loaded.persons.size(), 1U);
    EXPECT_EQ(loaded.persons.at("p1").address, "kari@gjovik.example");
    EXPECT_TRUE(loaded.slots.empty());
    EXPECT_TRUE(loaded.waiting.empty());
}

TEST_P(StoreContract, LoadsAMessageWithItsRemindersCasesAndPeople) {
    const Case first = sample_case("gjovik");
    const Case second = sample_case("sel");
    const Case told = sample_case("hamar");
    put(first);
    put(second);
    put(told);
    Message message = sample_message(5, "p1");
    message.copies = {"p2", "p3"};
    message.told = {{.case_id = told.id,
                     .notice = "new-deadline",
                     .revision = 3,
                     .fields = {{"until", "2021-02-12"}},
                     .texts = {{"reason", "Ola er sjuk"}}}};
    put(message);
    put(Person{.id = "p1", .address = "kari@gjovik.example", .name = "Kari"});
    put(Person{.id = "p2", .address = "ola@gjovik.example", .name = "Ola"});
    const Reminder one = sample_reminder(first.id, "due-14d", "p1", 5);
    const Reminder two = sample_reminder(second.id, "due-14d", "p1", 5);
    put(two);
    put(one);
    const Reminder other = sample_reminder(first.id, "due-3wd", "p1", 6);
    put(other);

    const Loaded loaded = load(
        {.cases = {}, .messages = {5, 99}, .persons = {}, .slots_from = {}, .idempotency = {}});
    EXPECT_EQ(numbers(loaded), Numbers{5});
    EXPECT_EQ(loaded.messages.at(5), message);
    EXPECT_EQ(loaded.reminders, (std::vector{one, other, two}));  // All of their cases.
    EXPECT_EQ(ids(loaded), (Ids{first.id, told.id, second.id}));
    ASSERT_EQ(loaded.persons.size(), 2U);
    EXPECT_EQ(loaded.persons.at("p2").name, "Ola");
}

TEST_P(StoreContract, AReminderThatMovesIsCarriedByTheNewMessageOnly) {
    const Case sel = sample_case("sel");
    put(sel);
    Reminder reminder = sample_reminder(sel.id, "due-14d", "p1", 1);
    put(sample_message(1, "p1"));
    put(sample_message(2, "p1"));
    put(reminder);
    reminder.message = 2;
    put(reminder);
    EXPECT_TRUE(
        load({.cases = {}, .messages = {1}, .persons = {}, .slots_from = {}, .idempotency = {}})
            .reminders.empty());
    EXPECT_EQ(
        load({.cases = {}, .messages = {2}, .persons = {}, .slots_from = {}, .idempotency = {}})
            .reminders,
        std::vector{reminder});
    reminder.message = 0;
    put(reminder);
    EXPECT_TRUE(
        load({.cases = {}, .messages = {2}, .persons = {}, .slots_from = {}, .idempotency = {}})
            .reminders.empty());
}

TEST_P(StoreContract, LoadsSlotsAndWaitingMessagesOfPersons) {
    std::int64_t number = 0;
    const auto add = [&](MessageState state, std::int64_t slot, NoticeKind kind,
                         std::string_view person) {
        Message message = sample_message(++number, person);
        message.state = state;
        message.slot_at = at(slot);
        message.kind = kind;
        message.channel = state == MessageState::Held ? "teams" : "email";
        put(message);
    };
    add(MessageState::Sent, 50, NoticeKind::Reminder, "p1");  // Before slots_from.
    add(MessageState::Sent, 100, NoticeKind::Reminder, "p1");
    add(MessageState::Sending, 200, NoticeKind::Reminder, "p1");
    add(MessageState::Uncertain, 300, NoticeKind::Reminder, "p1");
    add(MessageState::Held, 400, NoticeKind::Reminder, "p1");
    add(MessageState::Waiting, 500, NoticeKind::Reminder, "p1");
    add(MessageState::Waiting, 500, NoticeKind::Reminder, "p1");  // Other copies, same slot.
    add(MessageState::Failed, 600, NoticeKind::Reminder, "p1");
    add(MessageState::Dropped, 700, NoticeKind::Reminder, "p1");
    add(MessageState::Waiting, 800, NoticeKind::Answer, "p1");
    add(MessageState::Waiting, 900, NoticeKind::Change, "p1");
    add(MessageState::Waiting, 40, NoticeKind::Reminder, "p1");
    add(MessageState::Waiting, 500, NoticeKind::Reminder, "p2");

    const Loaded loaded = load({.cases = {},
                                .messages = {},
                                .persons = {"p1", "nobody"},
                                .slots_from = at(100),
                                .idempotency = {}});
    const std::vector<Slot> slots{{"p1", "email", at(100), 2}, {"p1", "email", at(200), 3},
                                  {"p1", "email", at(300), 4}, {"p1", "teams", at(400), 5},
                                  {"p1", "email", at(500), 6}, {"p1", "email", at(500), 7}};
    EXPECT_EQ(loaded.slots, slots);
    Numbers waiting;
    for (const Message& message : loaded.waiting) {
        waiting.push_back(message.number);
    }
    EXPECT_EQ(waiting, (Numbers{6, 7, 12}));
    EXPECT_TRUE(loaded.messages.empty());
}

TEST_P(StoreContract, ASettledMessageGivesItsSlotBack) {
    Message message = sample_message(1, "p1");
    put(message);
    message.slot_at = at(2000);
    put(message);
    const Keys keys{
        .cases = {}, .messages = {}, .persons = {"p1"}, .slots_from = {}, .idempotency = {}};
    EXPECT_EQ(load(keys).slots, (std::vector<Slot>{{"p1", "email", at(2000), 1}}));
    message.state = MessageState::Dropped;
    message.next_at.reset();
    put(message);
    EXPECT_TRUE(load(keys).slots.empty());
    EXPECT_TRUE(load(keys).waiting.empty());
}

TEST_P(StoreContract, KeepsAnswersToRequestsUntilTheyExpire) {
    Batch batch = batch_of(epoch_, {});
    batch.answers.push_back({"key", "fingerprint", "{\"status\":201}", at(86400)});
    commit(*store_, batch);
    const Keys keys{.cases = {},
                    .messages = {},
                    .persons = {},
                    .slots_from = {},
                    .idempotency = {"key", "other"}};
    const Loaded loaded = load(keys);
    ASSERT_EQ(loaded.answers.size(), 1U);
    const Batch::Idempotency& answer = loaded.answers.at("key");
    EXPECT_EQ(answer.fingerprint, "fingerprint");
    EXPECT_EQ(answer.response, "{\"status\":201}");
    EXPECT_EQ(answer.expires_at, at(86400));

    Batch later = batch_of(epoch_, {});
    later.entries.front().at = at(86400);
    later.answers.push_back({"other", "f", "r", at(99999)});
    commit(*store_, later);
    EXPECT_FALSE(load(keys).answers.contains("key"));
    EXPECT_TRUE(load(keys).answers.contains("other"));
}

TEST_P(StoreContract, ListsOpenCasesInPages) {
    for (const char* organisation : {"sel", "gjovik", "hamar", "ringsaker"}) {
        put(sample_case(organisation));
    }
    Case closed = sample_case("hamar");
    closed.final = true;
    put(closed);
    EXPECT_EQ(value_of(store_->open_cases("", 2)),
              (Ids{"pulje-5/plan/gjovik", "pulje-5/plan/ringsaker"}));
    EXPECT_EQ(value_of(store_->open_cases("pulje-5/plan/ringsaker", 2)), Ids{"pulje-5/plan/sel"});
    closed.final = false;  // Reverted.
    put(closed);
    EXPECT_EQ(value_of(store_->open_cases("", 9)).size(), 4U);
}

TEST_P(StoreContract, SnapshotFiltersAndPagesCases) {
    const auto add = [&](std::string_view cohort, std::string_view requirement,
                         std::string_view debtor, std::string_view state, bool final) {
        Case value = sample_case(debtor);
        value.id = std::string(cohort) + "/" + std::string(requirement) + "/" + std::string(debtor);
        value.cohort = cohort;
        value.requirement = requirement;
        value.state = state;
        value.final = final;
        put(value);
    };
    add("pulje-5", "plan", "gjovik", "awaited", false);
    add("pulje-5", "plan", "sel", "claimed", false);
    add("pulje-5", "rapport", "gjovik", "accepted", true);
    add("pulje-50", "plan", "gjovik", "awaited", false);
    add("pulje-4", "plan", "sel", "awaited", false);
    const auto snapshot = store_->snapshot();
    const auto list = [&](const CaseFilter& filter) {
        Ids found;
        for (const Case& value : value_of(snapshot->cases(filter))) {
            found.push_back(value.id);
        }
        return found;
    };
    EXPECT_EQ(list({}), (Ids{"pulje-4/plan/sel", "pulje-5/plan/gjovik", "pulje-5/plan/sel",
                             "pulje-5/rapport/gjovik", "pulje-50/plan/gjovik"}));
    CaseFilter filter;
    filter.cohort = "pulje-5";
    EXPECT_EQ(list(filter),
              (Ids{"pulje-5/plan/gjovik", "pulje-5/plan/sel", "pulje-5/rapport/gjovik"}));
    filter.requirement = "plan";
    EXPECT_EQ(list(filter), (Ids{"pulje-5/plan/gjovik", "pulje-5/plan/sel"}));
    filter.after_id = "pulje-5/plan/gjovik";
    EXPECT_EQ(list(filter), Ids{"pulje-5/plan/sel"});
    filter = {};
    filter.debtor = "gjovik";
    EXPECT_EQ(list(filter),
              (Ids{"pulje-5/plan/gjovik", "pulje-5/rapport/gjovik", "pulje-50/plan/gjovik"}));
    filter.count_max = 1;
    filter.after_id = "pulje-5/plan/gjovik";
    EXPECT_EQ(list(filter), Ids{"pulje-5/rapport/gjovik"});
    filter = {};
    filter.state = "awaited";
    EXPECT_EQ(list(filter),
              (Ids{"pulje-4/plan/sel", "pulje-5/plan/gjovik", "pulje-50/plan/gjovik"}));
    filter = {};
    filter.final = true;
    EXPECT_EQ(list(filter), Ids{"pulje-5/rapport/gjovik"});
    filter.final = false;
    filter.after_id = "pulje-5/plan/sel";
    EXPECT_EQ(list(filter), Ids{"pulje-50/plan/gjovik"});
    filter.count_max = 0;
    EXPECT_TRUE(list(filter).empty());
}

/// "pulje-5/plan/<organisation>", due at those seconds.
Case due_case(std::string_view organisation, std::optional<std::int64_t> due,
              std::string state = "awaited") {
    Case value = sample_case(organisation);
    value.state = std::move(state);
    value.due.reset();
    if (due) {
        value.due = Deadline{.date = {}, .ends_at = at(*due), .because = {}};
    }
    return value;
}

TEST_P(StoreContract, ListsAndCountsCasesByDeadline) {
    put(due_case("d", 100));
    put(due_case("a", 300));
    put(due_case("b", 100));
    put(due_case("c", 200, "claimed"));
    put(due_case("e", 150, "received"));
    put(due_case("f", std::nullopt));
    Case other = due_case("g", 120);
    other.id = "pulje-55/plan/g";
    other.cohort = "pulje-55";
    put(other);
    const auto list = [&](const DueFilter& filter) {
        Ids found;
        for (const Case& each : value_of(store_->snapshot()->due_cases(filter))) {
            found.push_back(each.id.substr(each.id.rfind('/') + 1));
        }
        return found;
    };
    const auto count = [&](const DueFilter& filter) {
        return value_of(store_->snapshot()->count_due(filter));
    };
    DueFilter filter;
    EXPECT_TRUE(list(filter).empty());
    filter.states = {"awaited", "claimed"};
    EXPECT_EQ(list(filter), (Ids{"b", "d", "g", "c", "a"}));
    EXPECT_EQ(count(filter), 5);
    filter.count_max = 2;
    EXPECT_EQ(list(filter), (Ids{"b", "d"}));
    EXPECT_EQ(count(filter), 2);
    filter.after_at = at(100);
    filter.after_id = "pulje-5/plan/b";
    EXPECT_EQ(list(filter), (Ids{"d", "g"}));
    filter = {};
    filter.states = {"awaited", "claimed"};
    filter.cohort = "pulje-5";
    filter.requirement = "plan";
    filter.from = at(200);
    EXPECT_EQ(list(filter), (Ids{"c", "a"}));
    EXPECT_EQ(count(filter), 2);
    filter.until = at(300);
    EXPECT_EQ(list(filter), Ids{"c"});
    filter.requirement = "rapport";
    EXPECT_TRUE(list(filter).empty());
    filter = {};
    filter.states = {"awaited"};
    filter.without_deadline = true;
    EXPECT_EQ(list(filter), Ids{"f"});
    EXPECT_EQ(count(filter), 1);
    filter.after_id = "pulje-5/plan/f";
    EXPECT_TRUE(list(filter).empty());
    // What moves is found where it went.
    put(due_case("a", 50));
    put(due_case("b", 100, "received"));
    filter = {};
    filter.states = {"awaited"};
    filter.cohort = "pulje-5";
    EXPECT_EQ(list(filter), (Ids{"a", "d"}));
    filter.cohort.clear();
    EXPECT_EQ(list(filter), (Ids{"a", "d", "g"}));
}

TEST_P(StoreContract, ListsWhatTheEngineDoesNext) {
    const auto next = [&](std::string_view organisation, std::optional<std::int64_t> seconds) {
        Case value = sample_case(organisation);
        value.next_at = seconds ? std::optional(at(*seconds)) : std::nullopt;
        put(value);
    };
    next("a", 30);
    next("b", 10);
    next("c", std::nullopt);
    next("d", 40);
    const auto found = value_of(store_->snapshot()->next_cases(at(30), 10));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].debtor, "b");
    EXPECT_EQ(found[1].debtor, "a");
    EXPECT_EQ(value_of(store_->snapshot()->next_cases(at(30), 1)).size(), 1U);
}

TEST_P(StoreContract, PagesThroughTheLogOfAllCases) {
    const auto entry = [&](std::string_view case_id, std::string kind, std::int64_t seconds) {
        Batch batch =
            batch_of(epoch_, {.cases = {}, .reminders = {}, .messages = {}, .ledger = {}}, case_id);
        batch.entries.front().kind = std::move(kind);
        batch.entries.front().at = at(seconds);
        batch.entries.front().aside = {{"who", "Kari"}};
        commit(*store_, batch);
    };
    entry("pulje-5/plan/a", "event", 10);    // 1
    entry("pulje-5/plan/b", "planned", 20);  // 2
    entry("", "started", 30);                // 3
    entry("pulje-5/plan/a", "planned", 30);  // 4
    entry("pulje-55/plan/a", "event", 40);   // 5
    std::int64_t next{0};
    const auto list = [&](const LogFilter& filter) {
        const LogPage page = value_of(store_->snapshot()->log(filter));
        next = page.next_before;
        Numbers found;
        for (const HistoryEntry& each : page.entries) {
            found.push_back(each.sequence);
            EXPECT_EQ(each.entry.aside.at("who"), "Kari");
        }
        return found;
    };
    LogFilter filter;
    EXPECT_EQ(list(filter), (Numbers{5, 4, 3, 2, 1}));
    EXPECT_EQ(next, 0);
    filter.count_max = 2;
    EXPECT_EQ(list(filter), (Numbers{5, 4}));
    filter.before_sequence = next;
    EXPECT_EQ(list(filter), (Numbers{3, 2}));
    filter.before_sequence = next;
    EXPECT_EQ(list(filter), Numbers{1});
    EXPECT_EQ(next, 0);
    filter = {};
    filter.kinds = {"planned"};
    EXPECT_EQ(list(filter), (Numbers{4, 2}));
    filter.scan_max = 3;
    EXPECT_EQ(list(filter), Numbers{4});
    filter.before_sequence = next;
    EXPECT_EQ(list(filter), Numbers{2});
    EXPECT_EQ(next, 0);
    filter = {};
    filter.cohort = "pulje-5";
    EXPECT_EQ(list(filter), (Numbers{4, 2, 1}));
    filter.count_max = 2;
    EXPECT_EQ(list(filter), (Numbers{4, 2}));
    filter.before_sequence = next;
    EXPECT_EQ(list(filter), Numbers{1});
    filter = {};
    filter.case_ids = {"pulje-5/plan/a", "pulje-55/plan/a"};
    filter.kinds = {"event"};
    EXPECT_EQ(list(filter), (Numbers{5, 1}));
    filter = {};
    filter.until = at(30);
    EXPECT_EQ(list(filter), (Numbers{2, 1}));
    filter.until = at(5);
    EXPECT_TRUE(list(filter).empty());
}

TEST_P(StoreContract, CountsSentRemindersByCase) {
    Reminder sent = sample_reminder("pulje-5/plan/a", "due-14d", "p1", 1);
    sent.account = Account::Sent;
    sent.organisation = sample_case("a").debtor;
    put(sent);
    sent.step = "due-3wd";
    put(sent);
    sent.person = "p2";  // To two of theirs: one step.
    put(sent);
    sent.step = "due+11wd";
    sent.organisation = "sf-innlandet";  // To our own people.
    put(sent);
    put(sample_reminder("pulje-5/plan/a", "due+1wd", "p1", 2));
    put(sample_reminder("pulje-5/plan/b", "due-14d", "p1", 3));
    sent.organisation = sample_case("a").debtor;
    sent.case_id = "pulje-55/plan/a";
    put(sent);
    const std::map<std::string, std::int64_t> wanted{{"pulje-5/plan/a", 2}};
    for (const char* id : {"a", "b"}) {
        put(sample_case(id));
    }
    EXPECT_EQ(value_of(store_->snapshot()->sent_counts("pulje-5")), wanted);
    EXPECT_EQ(value_of(store_->snapshot()->size_bytes()) > 0, GetParam().durable);
}

TEST_P(StoreContract, CountsCasesByState) {
    put(sample_case("gjovik"));
    put(sample_case("hamar"));
    Case sel = sample_case("sel");
    put(sel);
    sel.state = "received";
    put(sel);
    const auto count = [&] {
        std::vector<std::string> rows;
        for (const auto& each : value_of(store_->snapshot()->counts())) {
            rows.push_back(each.cohort + " " + each.requirement + " " + each.state + " " +
                           std::to_string(each.cases));
        }
        return rows;
    };
    EXPECT_EQ(count(), (Ids{"pulje-5 plan awaited 2", "pulje-5 plan received 1"}));
    sel.state = "awaited";
    put(sel);
    EXPECT_EQ(count(), Ids{"pulje-5 plan awaited 3"});
}

TEST_P(StoreContract, CountsMessagesByState) {
    Message first = sample_message(1, "p1");
    first.slot_at = at(70);
    put(first);
    Message second = sample_message(2, "p1");
    second.slot_at = at(60);
    second.next_at = at(90);  // Tried in vain: it is as old as it was.
    put(second);
    auto outbox = value_of(store_->snapshot()->outbox());
    EXPECT_EQ(outbox.messages, (std::map<MessageState, std::int64_t>{{MessageState::Waiting, 2}}));
    EXPECT_EQ(outbox.oldest_queued_at, at(60));
    EXPECT_EQ(outbox.oldest_held_at, std::nullopt);
    second.state = MessageState::Uncertain;
    put(second);
    outbox = value_of(store_->snapshot()->outbox());
    EXPECT_EQ(outbox.messages, (std::map<MessageState, std::int64_t>{
                                   {MessageState::Waiting, 1}, {MessageState::Uncertain, 1}}));
    EXPECT_EQ(outbox.oldest_queued_at, at(60));
    second.state = MessageState::Held;
    put(second);
    outbox = value_of(store_->snapshot()->outbox());
    EXPECT_EQ(outbox.oldest_queued_at, at(70));
    EXPECT_EQ(outbox.oldest_held_at, at(60));
    first.state = MessageState::Sending;
    first.next_at.reset();
    put(first);
    EXPECT_EQ(value_of(store_->snapshot()->outbox()).oldest_queued_at, at(70));
    first.state = MessageState::Sent;
    put(first);
    EXPECT_EQ(value_of(store_->snapshot()->outbox()).oldest_queued_at, std::nullopt);
}

TEST_P(StoreContract, CountsTheBooksAnewWhateverTheLedgerSays) {
    Ledger ledger;
    ledger.books.planned = 77;
    Reminder sent = sample_reminder("pulje-5/plan/sel", "due-14d", "p1", 1);
    sent.account = Account::Sent;
    Reminder waiting = sample_reminder("pulje-5/plan/sel", "due-3wd", "p1", 2);
    commit(*store_, batch_of(epoch_, {.cases = {sample_case("sel")},
                                      .reminders = {sent, waiting},
                                      .messages = {},
                                      .ledger = ledger}));
    Books books = value_of(store_->snapshot()->recount());
    EXPECT_EQ(books, (Books{.planned = 2, .sent = 1, .waiting = 1}));
    waiting.account = Account::Superseded;
    commit(*store_,
           batch_of(epoch_, {.cases = {}, .reminders = {waiting}, .messages = {}, .ledger = {}}));
    books = value_of(store_->snapshot()->recount());
    EXPECT_EQ(books, (Books{.planned = 2, .sent = 1, .superseded = 1}));
}

TEST_P(StoreContract, TellsTheHistoryOfACase) {
    const Case value = sample_case("sel");
    Batch batch = batch_of(
        epoch_, {.cases = {value}, .reminders = {}, .messages = {}, .ledger = {}}, value.id);
    LogEntry& entry = batch.entries.front();
    entry.at = at(42);
    entry.kind = "event";
    entry.event = "claimed";
    entry.from = "awaited";
    entry.to = "claimed";
    entry.actor = "debtor";
    entry.data = {{"until", "2021-02-12"}, {"æøå", "\"quoted\"\n\\\x01"}};
    entry.aside = {{"who", "Kari Nordmann"}};
    commit(*store_, batch);
    for (int index = 0; index < 3; ++index) {
        put(Change{}, value.id);
    }
    put(Change{}, "pulje-5/plan/hamar");
    put(Change{});
    auto history = value_of(store_->snapshot()->history_of(value.id, 100));
    ASSERT_EQ(history.size(), 4U);
    const LogEntry& told = history.front().entry;
    EXPECT_EQ(history.front().sequence, 1);
    EXPECT_EQ(told.at, at(42));
    EXPECT_EQ(told.kind, "event");
    EXPECT_EQ(told.case_id, value.id);
    EXPECT_EQ(told.event, "claimed");
    EXPECT_EQ(told.from, "awaited");
    EXPECT_EQ(told.to, "claimed");
    EXPECT_EQ(told.actor, "debtor");
    EXPECT_EQ(told.data, entry.data);
    EXPECT_EQ(told.aside, entry.aside);
    EXPECT_TRUE(told.change.cases.empty());
    // Of a long one, the end.
    history = value_of(store_->snapshot()->history_of(value.id, 2));
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].sequence, 3);
    EXPECT_EQ(history[1].sequence, 4);
}

TEST_P(StoreContract, ShowsStoredMessages) {
    Message message = sample_message(1, "p1");
    message.copies = {"p2"};
    const Reminder reminder = sample_reminder("pulje-5/plan/sel", "due-14d", "p1", 1);
    Batch batch = batch_of(
        epoch_, {.cases = {}, .reminders = {reminder}, .messages = {message}, .ledger = {}});
    batch.persons = {{.id = "p1", .address = "kari@sel.example", .name = "Kari Nordmann"}};
    const std::string bytes =
        "Subject: Plan\r\n\r\n" + std::string(5000, 'x') + std::string(1, '\0');
    batch.bodies.push_back(
        {1, {.subject = "Plan", .text = "Hei på deg", .html = "<p>Hei på deg</p>"}, bytes});
    commit(*store_, batch);
    put(sample_message(2, "p1"));

    const auto snapshot = store_->snapshot();
    const auto found = value_of(snapshot->message(1));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->message, message);
    EXPECT_EQ(found->to.address, "kari@sel.example");
    ASSERT_EQ(found->copies.size(), 1U);
    EXPECT_EQ(found->copies.front().id, "p2");
    EXPECT_EQ(found->copies.front().address, "");
    EXPECT_EQ(found->reminders, std::vector{reminder});
    ASSERT_TRUE(found->rendered.has_value());
    EXPECT_EQ(found->rendered->subject, "Plan");
    EXPECT_EQ(found->rendered->text, "Hei på deg");
    EXPECT_EQ(found->rendered->html, "<p>Hei på deg</p>");
    EXPECT_EQ(found->bytes, bytes);
    EXPECT_FALSE(value_of(snapshot->message(2))->rendered.has_value());
    const auto listed = value_of(snapshot->messages({}));
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[1].rendered->subject, "Plan");
    EXPECT_EQ(listed[1].bytes, "");
}

TEST_P(StoreContract, FiltersAndPagesMessages) {
    for (std::int64_t number = 1; number <= 5; ++number) {
        Message message = sample_message(number, "p1");
        message.state = number % 2 == 0 ? MessageState::Sent : MessageState::Waiting;
        if (number == 5) {
            message.kind = NoticeKind::Answer;
            message.told = {
                {.case_id = "pulje-5/plan/sel", .notice = "receipt", .revision = 0, .fields = {}}};
        }
        put(message);
    }
    put(sample_reminder("pulje-5/plan/sel", "due-14d", "p1", 1));
    put(sample_reminder("pulje-5/plan/sel", "due-14d", "p2", 1));
    put(sample_reminder("pulje-5/plan/sel", "due-3wd", "p1", 2));
    put(sample_reminder("pulje-5/plan/hamar", "due-3wd", "p1", 3));
    put(sample_reminder("pulje-5/plan/sel", "due+1wd", "p1", 0));
    const auto snapshot = store_->snapshot();
    const auto list = [&](const MessageFilter& filter) {
        Numbers found;
        for (const StoredMessage& each : value_of(snapshot->messages(filter))) {
            found.push_back(each.message.number);
        }
        return found;
    };
    EXPECT_EQ(list({}), (Numbers{5, 4, 3, 2, 1}));
    MessageFilter filter;
    filter.before_number = 4;
    filter.count_max = 2;
    EXPECT_EQ(list(filter), (Numbers{3, 2}));
    filter = {};
    filter.state = MessageState::Sent;
    EXPECT_EQ(list(filter), (Numbers{4, 2}));
    filter.before_number = 4;
    EXPECT_EQ(list(filter), Numbers{2});
    filter = {};
    filter.case_id = "pulje-5/plan/sel";
    EXPECT_EQ(list(filter), (Numbers{5, 2, 1}));
    filter.state = MessageState::Waiting;
    EXPECT_EQ(list(filter), (Numbers{5, 1}));
    filter.count_max = 1;
    filter.before_number = 5;
    EXPECT_EQ(list(filter), Numbers{1});
}

TEST_P(StoreContract, ATellingThatFallsAwayIsForgotten) {
    Message message = sample_message(1, "p1");
    message.kind = NoticeKind::Change;
    message.told = {
        {.case_id = "pulje-5/plan/sel", .notice = "new-deadline", .revision = 1, .fields = {}},
        {.case_id = "pulje-5/plan/hamar", .notice = "new-deadline", .revision = 1, .fields = {}}};
    put(message);
    message.told.pop_back();
    put(message);
    MessageFilter filter;
    filter.case_id = "pulje-5/plan/sel";
    EXPECT_EQ(value_of(store_->snapshot()->messages(filter)).size(), 1U);
    filter.case_id = "pulje-5/plan/hamar";
    EXPECT_TRUE(value_of(store_->snapshot()->messages(filter)).empty());
}

TEST_P(StoreContract, ASnapshotSeesOneMoment) {
    put(sample_case("gjovik"));
    const auto before = store_->snapshot();
    EXPECT_EQ(value_of(before->head()).sequence, 1);
    const auto unread = store_->snapshot();
    put(sample_case("sel"));
    EXPECT_EQ(value_of(before->cases({})).size(), 1U);
    EXPECT_EQ(value_of(unread->cases({})).size(), 1U);
    EXPECT_EQ(value_of(unread->head()).sequence, 1);
    EXPECT_EQ(value_of(store_->snapshot()->cases({})).size(), 2U);
}

TEST_P(StoreContract, SnapshotsMayOutliveTheStoreAndBeTakenAnywhere) {
    put(sample_case("gjovik"));
    std::vector<std::thread> readers;
    std::vector<std::size_t> seen(4, 0);
    for (std::size_t index = 0; index < seen.size(); ++index) {
        readers.emplace_back([this, index, &seen] {
            for (int round = 0; round < 20; ++round) {
                const auto snapshot = store_->snapshot();
                const std::size_t first = value_of(snapshot->cases({})).size();
                const auto head = value_of(snapshot->head()).sequence;
                // Each commit adds one case and one entry.
                if (head != static_cast<std::int64_t>(first)) {
                    return;
                }
                seen[index] = std::max(seen[index], first);
            }
            seen[index] += 1000;
        });
    }
    for (int index = 0; index < 20; ++index) {
        put(sample_case("k" + std::to_string(index)));
    }
    for (std::thread& reader : readers) {
        reader.join();
    }
    for (const std::size_t each : seen) {
        EXPECT_GT(each, 1000U);
    }
    const auto snapshot = store_->snapshot();
    store_.reset();
    EXPECT_EQ(value_of(snapshot->cases({})).size(), 21U);
}

TEST_P(StoreContract, ManyEntriesMakeOneTransactionInOrder) {
    Batch batch;
    batch.epoch = epoch_;
    Case value = sample_case("sel");
    for (int index = 0; index < 64; ++index) {
        value.revision = index;
        value.state = index % 2 == 0 ? "awaited" : "claimed";
        Batch one = batch_of(
            epoch_, {.cases = {value}, .reminders = {}, .messages = {}, .ledger = {}}, value.id);
        batch.entries.push_back(one.entries.front());
    }
    commit(*store_, batch);
    const auto snapshot = store_->snapshot();
    EXPECT_EQ(value_of(snapshot->head()).sequence, 64);
    EXPECT_EQ(value_of(snapshot->find_case(value.id)), value);
    const auto counts = value_of(snapshot->counts());
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts.front().state, "claimed");
    EXPECT_EQ(counts.front().cases, 1);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(Kind{"Memory", false}, Kind{"Sqlite", true}),
                         [](const testing::TestParamInfo<Kind>& test) { return test.param.name; });

}  // namespace
}  // namespace fristvakt::tests
