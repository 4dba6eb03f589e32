#include "integrations/sqlite/maintenance.hpp"

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/sha256.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "integrations/sqlite/state_folder.hpp"
#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using namespace workflows;     // NOLINT(google-build-using-namespace)
using namespace integrations;  // NOLINT(google-build-using-namespace)

/// A small history: three cases, two reminders in one message that was sent, an event with an
/// aside.
void write_history(const std::filesystem::path& file) {
    const auto store = value_of(SqliteStore::open(file));
    const Epoch epoch = value_of(store->lead());
    Case gjovik = sample_case("gjovik");
    gjovik.next_at = at(400);
    const Case sel = sample_case("sel");
    commit(*store,
           batch_of(epoch, {.cases = {gjovik}, .reminders = {}, .messages = {}, .ledger = {}},
                    gjovik.id));
    commit(*store, batch_of(epoch, {.cases = {sel, sample_case("hamar")},
                                    .reminders = {},
                                    .messages = {},
                                    .ledger = {}}));

    Reminder first = sample_reminder(gjovik.id, "due-14d", "p1", 1);
    Reminder second = sample_reminder(sel.id, "due-14d", "p1", 1);
    Message message = sample_message(1, "p1");
    message.copies = {"p2"};
    Ledger ledger;
    ledger.salt = "salt";
    ledger.messages_made = 2;
    ledger.books.planned = 2;
    ledger.books.waiting = 2;
    Message other = sample_message(2, "p3");
    other.kind = NoticeKind::Answer;
    other.told = {{.case_id = sel.id,
                   .notice = "receipt",
                   .revision = 1,
                   .fields = {},
                   .texts = {{"note", "Kari Nordmann ringte"}}}};
    Batch planned = batch_of(epoch, {.cases = {},
                                     .reminders = {first, second},
                                     .messages = {message, other},
                                     .ledger = ledger});
    planned.persons = {
        {.id = "p1", .address = "Kari.Nordmann@gjovik.example", .name = "Kari Nordmann"},
        {.id = "p2", .address = "ola@gjovik.example", .name = "Ola Dunk"},
        {.id = "p3", .address = "anne@sel.example", .name = "Anne Berg"}};
    planned.configurations.emplace("abc",
                                   "organisation,name,email,phone\n"
                                   "gjovik,Kari Nordmann,kari.nordmann@gjovik.example,99 88 77 66\n"
                                   "sel,Anne Berg,anne@sel.example,\n"
                                   "ulf@udir.example,Ulf Vik,reader,,,\n");
    planned.answers.push_back({"key", "f", "{\"who\":\"Kari Nordmann\"}", at(99999)});
    commit(*store, planned);

    const std::string bytes = "To: kari.nordmann@gjovik.example\r\n\r\nHei";
    message.state = MessageState::Sent;
    message.next_at.reset();
    message.bytes_sha256 = to_hex(sha256(bytes));
    first.account = second.account = Account::Sent;
    first.reason = second.reason = Reason::Accepted;
    ledger.books.waiting = 0;
    ledger.books.sent = 2;
    Batch sent = batch_of(
        epoch,
        {.cases = {}, .reminders = {first, second}, .messages = {message}, .ledger = ledger});
    sent.bodies.push_back({1, {.subject = "Plan", .text = "Hei", .html = "<p>Hei</p>"}, bytes});
    sent.bodies.push_back(
        {2, {.subject = "Kvittering", .text = "Takk", .html = ""}, "other bytes"});
    commit(*store, sent);

    Case claimed = gjovik;
    claimed.state = "claimed";
    claimed.next_at = at(900);
    Batch event = batch_of(
        epoch, {.cases = {claimed}, .reminders = {}, .messages = {}, .ledger = {}}, gjovik.id);
    event.entries.front().event = "claimed";
    event.entries.front().aside = {{"who", "Kari Nordmann"}};
    commit(*store, event);
    Batch unrelated = batch_of(epoch, {}, sel.id);
    unrelated.entries.front().aside = {{"note", "ringte i dag"}};
    commit(*store, unrelated);
}

class MaintenanceTest : public testing::Test {
 protected:
    MaintenanceTest() { write_history(file_); }

    void tamper(const std::string& sql) const {
        SQLite::Database raw(file_, SQLite::OPEN_READWRITE);
        raw.exec(sql);
    }
    static std::string all_of(const std::vector<std::string>& problems) {
        std::string text;
        for (const std::string& problem : problems) {
            text += problem + "\n";
        }
        return text;
    }

    TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_ / "state.db";
};

TEST_F(MaintenanceTest, ASoundFileVerifies) {
    const VerifyReport report = value_of(verify(file_));
    EXPECT_TRUE(report.ok()) << all_of(report.problems);
    EXPECT_EQ(report.entries, 6);
    EXPECT_EQ(report.head.substr(0, 2), "6:");
    EXPECT_EQ(report.asides_erased, 0);
    EXPECT_EQ(report.bodies_erased, 0);
    EXPECT_TRUE(value_of(verify(file_, report.head)).ok());
    const auto store = value_of(SqliteStore::open(file_));
    const auto head = value_of(store->snapshot()->head());
    EXPECT_EQ(report.head, std::to_string(head.sequence) + ":" + head.hash);
}

TEST_F(MaintenanceTest, AnEmptyFileVerifies) {
    static_cast<void>(value_of(SqliteStore::open(folder_ / "empty.db")));
    const VerifyReport report = value_of(verify(folder_ / "empty.db"));
    EXPECT_TRUE(report.ok()) << all_of(report.problems);
    EXPECT_EQ(report.head, "0:");
    EXPECT_TRUE(value_of(verify(folder_ / "empty.db", "0:")).ok());
}

struct Tampering {
    const char* name;
    const char* sql;
    const char* problem;
};
void PrintTo(const Tampering& row, std::ostream* out) {
    *out << row.name;
}

class TamperingTest : public MaintenanceTest, public testing::WithParamInterface<Tampering> {};

TEST_P(TamperingTest, IsFound) {
    tamper(GetParam().sql);
    const VerifyReport report = value_of(verify(file_));
    EXPECT_FALSE(report.ok());
    EXPECT_NE(all_of(report.problems).find(GetParam().problem), std::string::npos)
        << all_of(report.problems);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TamperingTest,
    testing::Values(
        // Every column of the log.
        Tampering{"LogSequence", "UPDATE log SET sequence = 60 WHERE sequence = 6",
                  "entry 6 of the log: is missing"},
        Tampering{"LogAt", "UPDATE log SET at = at + 1 WHERE sequence = 3",
                  "entry 3 of the log: was changed"},
        Tampering{"LogKind", "UPDATE log SET kind = 'note' WHERE sequence = 3",
                  "entry 3 of the log: was changed"},
        Tampering{"LogCase", "UPDATE log SET case_id = 'pulje-5/plan/sel' WHERE sequence = 5",
                  "entry 5 of the log: was changed"},
        Tampering{"LogNoCase", "UPDATE log SET case_id = NULL WHERE sequence = 6",
                  "entry 6 of the log: was changed"},
        Tampering{
            "LogPayload",
            "UPDATE log SET payload = replace(payload, 'claimed', 'awaited') WHERE sequence = 5",
            "entry 5 of the log: was changed"},
        Tampering{"LogPayloadBroken", "UPDATE log SET payload = '{' WHERE sequence = 5",
                  "entry 5 of the log: was changed"},
        Tampering{"LogAside",
                  "UPDATE log SET aside = replace(aside, 'Kari', 'Anne') WHERE sequence = 5",
                  "entry 5 of the log: what stands beside it was changed"},
        Tampering{"LogAsideAdded",
                  "UPDATE log SET aside = '[\"\",{\"who\":\"x\"}]' WHERE sequence = 1",
                  "entry 1 of the log: what stands beside it was changed"},
        Tampering{"LogHash", "UPDATE log SET hash = zeroblob(32) WHERE sequence = 2",
                  "entry 2 of the log: was changed"},
        Tampering{"LogHashLast", "UPDATE log SET hash = zeroblob(32) WHERE sequence = 6",
                  "entry 6 of the log: was changed"},
        Tampering{"LogRowGone", "DELETE FROM log WHERE sequence = 4",
                  "entry 4 of the log: is missing"},
        Tampering{"LogFirstGone", "DELETE FROM log WHERE sequence = 1",
                  "entry 1 of the log: is missing"},
        Tampering{"LogSwapped",
                  "UPDATE log SET sequence = -2 WHERE sequence = 2; UPDATE log SET sequence = 2 "
                  "WHERE sequence = 3; UPDATE log SET sequence = 3 WHERE sequence = -2",
                  "entry 2 of the log: was changed"},
        Tampering{"LogForged",
                  "INSERT INTO log(sequence, at, kind, payload, hash) VALUES(7, 0, 'event', '{}', "
                  "zeroblob(32))",
                  "entry 7 of the log: was changed"},
        // Every projection.
        Tampering{"Case", "UPDATE cases SET state = 'received' WHERE debtor = 'sel'",
                  "row of cases pulje-5/plan/sel: is not what the log says"},
        Tampering{"CaseAgenda", "UPDATE cases SET next_at = NULL",
                  "row of cases pulje-5/plan/gjovik"},
        Tampering{"CaseData", "UPDATE cases SET data = replace(data, 'plan', 'report')",
                  "row of cases"},
        Tampering{"CaseGone", "DELETE FROM cases WHERE debtor = 'sel'",
                  "row of cases pulje-5/plan/sel: is missing"},
        Tampering{"CaseInvented",
                  "INSERT INTO cases SELECT 'pulje-5/plan/zz', requirement, 'zz', parent, state, "
                  "final, next_at, due_at, data FROM cases WHERE debtor = 'sel'",
                  "pulje-5/plan/zz: the log knows nothing of it"},
        Tampering{"Reminder", "UPDATE reminders SET account = 0 WHERE case_id = 'pulje-5/plan/sel'",
                  "row of reminders pulje-5/plan/sel v1 due-14d p1 1"},
        Tampering{"Books", "UPDATE ledger SET data = replace(data, '\"s\":2', '\"s\":3')",
                  "the books do not balance"},
        Tampering{"BooksRecounted", "DELETE FROM reminders WHERE case_id = 'pulje-5/plan/sel'",
                  "recounted they are 1"},
        Tampering{"Message", "UPDATE messages SET state = 0 WHERE number = 1",
                  "row of messages 1: is not what the log says"},
        Tampering{"Told", "DELETE FROM told", "row of told"},
        Tampering{"CaseCounts", "UPDATE case_counts SET cases = cases + 1", "row of case_counts"},
        Tampering{"MessageCounts", "DELETE FROM message_counts", "row of message_counts"},
        Tampering{"Ledger", "UPDATE ledger SET data = replace(data, 'salt', 'pepper')",
                  "row of ledger"},
        // What stands beside.
        Tampering{"BodySwapped",
                  "UPDATE bodies SET content = (SELECT content FROM bodies WHERE message = 2) "
                  "WHERE message = 1",
                  "body of message 1: is not what was handed over"},
        Tampering{"BodyUnreadable", "UPDATE bodies SET content = x'00' WHERE message = 1",
                  "body of message 1: cannot be read"},
        Tampering{"BodyOfNothing", "UPDATE bodies SET message = 77 WHERE message = 2",
                  "body of message 77: there is no such message"}),
    [](const testing::TestParamInfo<Tampering>& test) { return std::string(test.param.name); });

TEST_F(MaintenanceTest, OnlyAHeadShowsThatTheEndWasCutOff) {
    const std::string head = value_of(verify(file_)).head;
    const std::string earlier = "5:" + [&] {
        SQLite::Database raw(file_);
        SQLite::Statement row(raw, "SELECT lower(hex(hash)) FROM log WHERE sequence = 5");
        EXPECT_TRUE(row.executeStep());
        return row.getColumn(0).getString();
    }();
    EXPECT_TRUE(value_of(verify(file_, earlier)).ok()) << "the log may have grown since";
    tamper("DELETE FROM log WHERE sequence = 6");
    EXPECT_TRUE(value_of(verify(file_)).ok());
    const VerifyReport report = value_of(verify(file_, head));
    EXPECT_NE(all_of(report.problems).find("the end has been cut off"), std::string::npos)
        << all_of(report.problems);
    EXPECT_TRUE(value_of(verify(file_, earlier)).ok());
    const VerifyReport other = value_of(verify(file_, "5:" + std::string(64, '0')));
    EXPECT_NE(all_of(other.problems).find("not the one of the given head"), std::string::npos);
    for (const char* wrong : {"", "6", "x:", ":", "-1:ab", "6abc"}) {
        const auto refused = verify(file_, wrong);
        ASSERT_FALSE(refused.ok()) << wrong;
        EXPECT_EQ(refused.error().kind, ErrorKind::InvalidInput);
    }
}

TEST_F(MaintenanceTest, DamageToTheFileIsNamed) {
    {
        std::fstream raw(file_, std::ios::in | std::ios::out | std::ios::binary);
        raw.seekp(4096 * 3);
        raw << std::string(4096, '\x5a');
    }
    const VerifyReport report = value_of(verify(file_));
    EXPECT_FALSE(report.ok());
    std::ofstream(folder_ / "rubbish.db") << std::string(9000, 'x');
    EXPECT_FALSE(verify(folder_ / "rubbish.db").ok());
    EXPECT_EQ(verify(folder_ / "nothing.db").error().kind, ErrorKind::NotFound);
}

TEST_F(MaintenanceTest, VerifiesWhileADaemonWrites) {
    const auto store = value_of(SqliteStore::open(file_));
    const Epoch epoch = value_of(store->lead());
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int index = 0; index < 200 && !done; ++index) {
            commit(*store, batch_of(epoch, {.cases = {sample_case("w" + std::to_string(index))},
                                            .reminders = {},
                                            .messages = {},
                                            .ledger = {}}));
        }
    });
    std::int64_t entries = 6;
    for (int index = 0; index < 5; ++index) {
        const VerifyReport report = value_of(verify(file_));
        EXPECT_TRUE(report.ok()) << all_of(report.problems);
        EXPECT_GE(report.entries, entries);
        entries = report.entries;
        const auto copy = folder_ / "copy.db";
        EXPECT_TRUE(backup(file_, copy, Overwrite::Yes).ok());
        EXPECT_TRUE(value_of(verify(copy)).ok());
    }
    done = true;
    writer.join();
}

TEST_F(MaintenanceTest, RebuildChangesNothingThatIsRight) {
    const RebuildReport report = value_of(rebuild(file_));
    EXPECT_EQ(report.entries, 6);
    EXPECT_TRUE(report.differences.empty()) << all_of(report.differences);
    EXPECT_TRUE(value_of(verify(file_)).ok());
    // And the daemon goes on from there.
    const auto store = value_of(SqliteStore::open(file_));
    commit(*store, batch_of(value_of(store->lead()), {.cases = {sample_case("ringsaker")},
                                                      .reminders = {},
                                                      .messages = {},
                                                      .ledger = {}}));
    EXPECT_TRUE(value_of(verify(file_)).ok());
}

TEST_F(MaintenanceTest, RebuildPutsRightWhatIsWrong) {
    tamper(
        "UPDATE cases SET state = 'received', next_at = 1 WHERE debtor = 'sel'; DELETE FROM "
        "messages WHERE number = 2; DELETE FROM ledger; UPDATE case_counts SET cases = 9");
    const RebuildReport report = value_of(rebuild(file_));
    EXPECT_EQ(report.differences.size(), 5U) << all_of(report.differences);
    EXPECT_TRUE(value_of(verify(file_)).ok());
    EXPECT_TRUE(value_of(rebuild(file_)).differences.empty());
}

TEST_F(MaintenanceTest, RebuildOfABrokenLogChangesNothing) {
    tamper("UPDATE log SET payload = '{' WHERE sequence = 4; UPDATE cases SET state = 'x'");
    const auto report = rebuild(file_);
    ASSERT_FALSE(report.ok());
    EXPECT_NE(report.error().message.find("entry 4 of the log"), std::string::npos)
        << report.error().message;
    SQLite::Database raw(file_);
    EXPECT_EQ(raw.execAndGet("SELECT count(*) FROM cases WHERE state = 'x'").getInt(), 3);
}

TEST_F(MaintenanceTest, BackupIsOnePrivateFileAndOverwritesOnlyWhenTold) {
    const auto copy = folder_ / "backup.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    EXPECT_TRUE(value_of(verify(copy)).ok());
    struct stat status {};
    ASSERT_EQ(::stat(copy.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_FALSE(std::filesystem::exists(copy.string() + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(copy.string() + ".partial"));
    SQLite::Database raw(copy);
    EXPECT_EQ(raw.execAndGet("PRAGMA journal_mode").getString(), "delete");

    const auto again = backup(file_, copy);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().kind, ErrorKind::Conflict);
    EXPECT_TRUE(backup(file_, copy, Overwrite::Yes).ok());
    EXPECT_EQ(backup(folder_ / "none.db", folder_ / "x.db").error().kind, ErrorKind::NotFound);
    EXPECT_EQ(backup(file_, folder_ / "no" / "x.db").error().kind, ErrorKind::Unavailable);
}

TEST_F(MaintenanceTest, ABackupOfADamagedFileReplacesNothing) {
    const auto copy = folder_ / "backup.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    {
        std::fstream raw(file_, std::ios::in | std::ios::out | std::ios::binary);
        for (int page = 2; page < 12; ++page) {
            raw.seekp(4096 * page);
            raw << std::string(4096, '\x5a');
        }
    }
    EXPECT_FALSE(backup(file_, copy, Overwrite::Yes).ok());
    EXPECT_TRUE(value_of(verify(copy)).ok());
    EXPECT_FALSE(std::filesystem::exists(copy.string() + ".partial"));
}

TEST_F(MaintenanceTest, ARestoredDatabaseStartsOnHold) {
    const auto copy = folder_ / "backup.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    const auto state = folder_ / "restored";
    ASSERT_TRUE(restore(copy, state, at(5000)).ok());
    EXPECT_TRUE(value_of(verify(state / "state.db")).ok());
    {
        const auto folder = value_of(StateFolder::lock(state, false));
        const auto store = value_of(SqliteStore::open(folder.database()));
        const Ledger ledger = value_of(store->ledger());
        EXPECT_TRUE(ledger.sending_on_hold);
        EXPECT_EQ(ledger.hold_reason, kRestoredHold);
        EXPECT_EQ(ledger.restored_at, at(5000));
        EXPECT_EQ(ledger.salt, "salt");
        EXPECT_EQ(value_of(store->snapshot()->head()).sequence, 7);
    }
    // The backup itself stays as it was.
    EXPECT_EQ(value_of(verify(copy)).entries, 6);
    const auto again = restore(copy, state, at(5000));
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().kind, ErrorKind::Conflict);
    EXPECT_EQ(value_of(verify(state / "state.db")).entries, 7);
    EXPECT_EQ(restore(folder_ / "none.db", folder_ / "other", at(0)).error().kind,
              ErrorKind::NotFound);
}

TEST_F(MaintenanceTest, ACopyPutInPlaceByHandIsTakenUpOnHold) {
    EXPECT_FALSE(value_of(take_up_copy(file_, at(7000)))) << "what was never copied goes on";
    const auto copy = folder_ / "copy.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    EXPECT_FALSE(value_of(take_up_copy(file_, at(7000)))) << "nor is the original a copy";
    EXPECT_EQ(value_of(verify(copy)).head, value_of(verify(file_)).head);
    EXPECT_TRUE(value_of(take_up_copy(copy, at(7000))));
    {
        const auto store = value_of(SqliteStore::open(copy));
        const Ledger ledger = value_of(store->ledger());
        EXPECT_TRUE(ledger.sending_on_hold);
        EXPECT_EQ(ledger.restored_at, at(7000));
        EXPECT_EQ(value_of(store->snapshot()->head()).at, at(7000));
    }
    EXPECT_FALSE(value_of(take_up_copy(copy, at(8000)))) << "once";
    EXPECT_TRUE(value_of(verify(copy)).ok());
    // A restored one is a copy too: when it is started counts, not when it was put there.
    ASSERT_TRUE(restore(file_, folder_ / "restored", at(7000)).ok());
    EXPECT_TRUE(value_of(take_up_copy(folder_ / "restored" / "state.db", at(9000))));
    EXPECT_EQ(value_of(value_of(SqliteStore::open(folder_ / "restored" / "state.db"))->ledger())
                  .restored_at,
              at(9000));
}

TEST_F(MaintenanceTest, ACopyOfACopyIsOne) {
    ASSERT_TRUE(backup(file_, folder_ / "one.db").ok());
    ASSERT_TRUE(backup(folder_ / "one.db", folder_ / "two.db").ok());
    EXPECT_TRUE(value_of(take_up_copy(folder_ / "two.db", at(7000))));
}

TEST_F(MaintenanceTest, RestoringSaysWhatStandsInTheWayAndKeepsIt) {
    const auto copy = folder_ / "backup.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    const auto state = folder_ / "state";
    std::filesystem::create_directory(state);
    std::filesystem::rename(file_, state / "state.db");
    {
        const auto store = value_of(SqliteStore::open(state / "state.db"));
        commit(*store,
               batch_of(
                   value_of(store->lead()),
                   {.cases = {sample_case("lom")}, .reminders = {}, .messages = {}, .ledger = {}}));
    }
    const auto refused = restore(copy, state, at(5000));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
    for (const char* word :
         {"goes to entry 7", "ends at entry 6", "would be forgotten", "--replace"}) {
        EXPECT_NE(refused.error().message.find(word), std::string::npos)
            << word << ": " << refused.error().message;
    }
    EXPECT_EQ(value_of(verify(state / "state.db")).entries, 7);
    {
        const auto in_use = value_of(StateFolder::lock(state, false));
        const auto locked = restore(copy, state, at(5000), Overwrite::Yes);
        ASSERT_FALSE(locked.ok());
        EXPECT_NE(locked.error().message.find("in use"), std::string::npos);
    }
    // What a crash left beside it belongs to the old one.
    std::ofstream(state / "state.db-wal") << std::string(9000, 'w');
    ASSERT_TRUE(restore(copy, state, at(5000), Overwrite::Yes).ok());
    EXPECT_TRUE(value_of(verify(state / "state.db")).ok());
    EXPECT_EQ(value_of(verify(state / "state.db")).entries, 7);  // Six, and that it was restored.
    EXPECT_EQ(std::filesystem::file_size(state / "replaced.db-wal"), 9000U);
    std::filesystem::remove(state / "replaced.db-wal");
    EXPECT_EQ(value_of(verify(state / "replaced.db")).entries, 7);
    const auto again = restore(copy, state, at(5000), Overwrite::Yes);
    ASSERT_FALSE(again.ok());
    EXPECT_NE(again.error().message.find("replaced.db"), std::string::npos);
}

TEST_F(MaintenanceTest, AnUnsoundBackupIsRefusedBeforeAnythingChanges) {
    const auto copy = folder_ / "backup.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    SQLite::Database(copy, SQLite::OPEN_READWRITE)
        .exec("UPDATE reminders SET account = 0 WHERE case_id = 'pulje-5/plan/sel'");
    const auto refused = restore(copy, folder_ / "restored", at(5000));
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("no sound backup"), std::string::npos)
        << refused.error().message;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "restored" / "state.db"));
}

TEST_F(MaintenanceTest, ALogOfAnotherDatabaseIsNotWrittenIntoACopy) {
    const auto copy = folder_ / "copy.db";
    ASSERT_TRUE(backup(file_, copy).ok());
    // The daemon is killed with commits that stand in its write-ahead log alone …
    const auto store = value_of(SqliteStore::open(file_));
    commit(
        *store,
        batch_of(value_of(store->lead()),
                 {.cases = {sample_case("lom")}, .reminders = {}, .messages = {}, .ledger = {}}));
    const auto state = folder_ / "killed";
    std::filesystem::create_directory(state);
    std::filesystem::copy(file_.string() + "-wal", state / "state.db-wal");
    ASSERT_GT(std::filesystem::file_size(state / "state.db-wal"), 0U);
    // … and somebody puts yesterday's copy in the place of its database.
    std::filesystem::copy(copy, state / "state.db");
    EXPECT_TRUE(value_of(set_aside_foreign_log(state / "state.db", state / "state.db")));
    EXPECT_TRUE(std::filesystem::exists(state / "state.db-wal.foreign"));
    EXPECT_EQ(value_of(verify(state / "state.db")).entries, 6);
    EXPECT_TRUE(value_of(verify(state / "state.db")).ok());
    // Its own log stays where it is.
    EXPECT_FALSE(value_of(set_aside_foreign_log(file_, file_)));
    EXPECT_TRUE(std::filesystem::exists(file_.string() + "-wal"));
}

TEST_F(MaintenanceTest, ARestoreOfAnotherThingLeavesAnEmptyFolder) {
    std::ofstream(folder_ / "rubbish.db") << std::string(9000, 'x');
    const auto state = folder_ / "restored";
    EXPECT_FALSE(restore(folder_ / "rubbish.db", state, at(0)).ok());
    EXPECT_FALSE(std::filesystem::exists(state / "state.db"));
    EXPECT_FALSE(std::filesystem::exists(state / "state.db.restored"));
}

TEST_F(MaintenanceTest, ErasesWhoStandsInTheConfigurationAlone) {
    EXPECT_FALSE(erase_person(file_, "lf@udir.example", at(6000)).ok()) << "that is somebody else";
    const EraseReport report = value_of(erase_person(file_, "ulf@udir.example", at(6000)));
    EXPECT_EQ(report.persons, 0);
    EXPECT_EQ(report.configurations, 1);
    const auto store = value_of(SqliteStore::open(file_));
    const std::string files = value_of(store->snapshot()->configuration("abc")).value();
    EXPECT_EQ(files.find("Ulf"), std::string::npos) << files;
    EXPECT_NE(files.find("Nordmann"), std::string::npos) << files;
    EXPECT_TRUE(value_of(verify(file_)).ok());
}

TEST_F(MaintenanceTest, ErasesAPersonAndTheChainHolds) {
    const auto nobody = erase_person(file_, "nobody@gjovik.example", at(6000));
    ASSERT_FALSE(nobody.ok());
    EXPECT_EQ(nobody.error().kind, ErrorKind::NotFound);
    EXPECT_FALSE(erase_person(file_, "", at(6000)).ok());

    const EraseReport report =
        value_of(erase_person(file_, "kari.nordmann@GJOVIK.example", at(6000)));
    EXPECT_EQ(report.persons, 1);
    EXPECT_EQ(report.bodies, 1);
    EXPECT_EQ(report.asides, 2);
    EXPECT_EQ(report.answers, 1);
    EXPECT_EQ(report.configurations, 1);

    const VerifyReport verified = value_of(verify(file_));
    EXPECT_TRUE(verified.ok()) << all_of(verified.problems);
    EXPECT_EQ(verified.asides_erased, 1);
    EXPECT_EQ(verified.bodies_erased, 1);
    {
        const auto store = value_of(SqliteStore::open(file_));
        const auto snapshot = store->snapshot();
        const auto message = value_of(snapshot->message(1));
        EXPECT_EQ(message->to.address, "");
        EXPECT_EQ(message->to.name, "");
        ASSERT_EQ(message->copies.size(), 1U);
        EXPECT_EQ(message->copies.front().address, "ola@gjovik.example");
        EXPECT_FALSE(message->rendered.has_value());
        EXPECT_TRUE(value_of(snapshot->message(2))->rendered.has_value());
        const auto history = value_of(snapshot->history_of("pulje-5/plan/gjovik", 99));
        EXPECT_TRUE(history.back().entry.aside.empty());
        EXPECT_FALSE(
            value_of(snapshot->history_of("pulje-5/plan/sel", 99)).back().entry.aside.empty());
        const std::string files = value_of(snapshot->configuration("abc")).value();
        EXPECT_EQ(files,
                  "organisation,name,email,phone\n[erased]\nsel,Anne Berg,anne@sel.example,\n"
                  "ulf@udir.example,Ulf Vik,reader,,,\n");
    }
    // Not a trace is left in the files.
    for (const char* suffix : {"", "-wal"}) {
        std::ifstream raw(file_.string() + suffix, std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(raw)), {});
        EXPECT_EQ(bytes.find("Nordmann"), std::string::npos) << suffix;
        EXPECT_EQ(bytes.find("Kari"), std::string::npos) << suffix;
    }
}

}  // namespace
}  // namespace fristvakt::tests
