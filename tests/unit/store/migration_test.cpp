#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/schema.hpp"
#include "tests/source_dir.hpp"
#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using namespace workflows;     // NOLINT(google-build-using-namespace)
using namespace integrations;  // NOLINT(google-build-using-namespace)

class MigrationTest : public testing::Test {
 protected:
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "state.db"; }
    [[nodiscard]] std::int64_t version_of(const std::filesystem::path& path) const {
        return SQLite::Database(path).execAndGet("PRAGMA user_version").getInt64();
    }
    void make() const {
        const auto store = value_of(SqliteStore::open(file()));
        const Case value = sample_case("sel");
        commit(*store, batch_of(value_of(store->lead()),
                                {.cases = {value}, .reminders = {}, .messages = {}, .ledger = {}},
                                value.id));
    }
    /// The steps of this program and those of a later one.
    static std::vector<Migration> with(std::vector<Migration> later) {
        std::vector<Migration> steps(migrations().begin(), migrations().end());
        const int version = steps.back().version;
        for (Migration& step : later) {
            step.version += version;
            steps.push_back(std::move(step));
        }
        return steps;
    }

    TemporaryFolder folder_;
    const int present_ = migrations().back().version;
};

TEST_F(MigrationTest, StepsCountUpWithoutGaps) {
    int version = 0;
    for (const Migration& step : migrations()) {
        EXPECT_EQ(step.version, ++version);
    }
}

TEST_F(MigrationTest, ANewFileGetsAllStepsAndNoBackup) {
    make();
    EXPECT_EQ(version_of(file()), present_);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "pre-migrate-v0.db"));
}

TEST_F(MigrationTest, AnOlderFileIsBackedUpAndBroughtUp) {
    make();
    const auto steps =
        with({{.version = 1, .sql = "CREATE TABLE extra(x TEXT)"},
              {.version = 2, .sql = "INSERT INTO extra VALUES('y')", .refold = true}});
    {
        Connection connection(file(), Access::Writer);
        const auto migrated = migrate(connection, file(), steps);
        ASSERT_TRUE(migrated.ok()) << migrated.error().message;
        // And again: nothing to do.
        ASSERT_TRUE(migrate(connection, file(), steps).ok());
    }
    EXPECT_EQ(version_of(file()), present_ + 2);
    SQLite::Database raw(file());
    EXPECT_EQ(raw.execAndGet("SELECT x FROM extra").getString(), "y");
    EXPECT_EQ(raw.execAndGet("SELECT count(*) FROM cases").getInt(), 1);
    const auto copy = folder_ / ("pre-migrate-v" + std::to_string(present_) + ".db");
    EXPECT_EQ(version_of(copy), present_);
    EXPECT_TRUE(value_of(verify(copy)).ok());
}

TEST_F(MigrationTest, AStepThatFailsLeavesTheFileAsItWas) {
    make();
    const auto steps = with({{.version = 1, .sql = "CREATE TABLE extra(x TEXT)"},
                             {.version = 2, .sql = "CREATE TABLE half(x TEXT); NONSENSE"}});
    {
        Connection connection(file(), Access::Writer);
        const auto migrated = migrate(connection, file(), steps);
        ASSERT_FALSE(migrated.ok());
        EXPECT_EQ(migrated.error().kind, ErrorKind::Unavailable);
    }
    EXPECT_EQ(version_of(file()), present_ + 1) << "steps that succeeded stay";
    SQLite::Database raw(file());
    EXPECT_TRUE(raw.tableExists("extra"));
    EXPECT_FALSE(raw.tableExists("half"));
}

TEST_F(MigrationTest, ANewerFileIsRefusedWithWhatToDo) {
    make();
    SQLite::Database(file(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA user_version=" + std::to_string(present_ + 1));
    const auto store = SqliteStore::open(file());
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().kind, ErrorKind::Conflict);
    EXPECT_NE(store.error().message.find("has format " + std::to_string(present_ + 1)),
              std::string::npos);
    EXPECT_NE(store.error().message.find("install the version that wrote it"), std::string::npos);
    EXPECT_EQ(verify(file()).error().kind, ErrorKind::Conflict);
    EXPECT_EQ(rebuild(file()).error().kind, ErrorKind::Conflict);
}

/// A file of each format there has been, as `sqlite3 state.db .dump` wrote it.
class OldFileTest : public MigrationTest, public testing::WithParamInterface<int> {};

TEST_P(OldFileTest, IsReadVerifiedAndWrittenOn) {
    const std::string name = "v" + std::to_string(GetParam()) + ".sql";
    std::ifstream dump(source_dir() / "tests/unit/store/fixtures" / name);
    ASSERT_TRUE(dump.is_open()) << name;
    const std::string sql((std::istreambuf_iterator<char>(dump)), {});
    {
        SQLite::Database raw(file(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        raw.exec(sql);
        raw.exec("PRAGMA user_version=" + std::to_string(GetParam()));
    }
    {
        const auto store = value_of(SqliteStore::open(file()));
        const auto snapshot = store->snapshot();
        const auto gjovik = value_of(snapshot->find_case("pulje-5/plan/gjovik"));
        ASSERT_TRUE(gjovik.has_value());
        EXPECT_EQ(gjovik->state, "claimed");
        EXPECT_EQ(gjovik->due->because.nn, std::vector<std::string>{"mån 2021-01-25"});
        const auto message = value_of(snapshot->message(1));
        ASSERT_TRUE(message.has_value());
        EXPECT_EQ(message->to.name, "Kari Nordmann");
        EXPECT_EQ(message->rendered->text, "Hei");
        EXPECT_EQ(message->reminders.size(), 2U);
        EXPECT_EQ(value_of(snapshot->ledger()).books.sent, 2);
        const auto history = value_of(snapshot->history_of("pulje-5/plan/gjovik", 9));
        ASSERT_EQ(history.size(), 2U);
        EXPECT_EQ(history.back().entry.aside.at("who"), "Kari Nordmann");
        commit(*store, batch_of(value_of(store->lead()), {.cases = {sample_case("ringsaker")},
                                                          .reminders = {},
                                                          .messages = {},
                                                          .ledger = {}}));
    }
    const auto report = value_of(verify(file()));
    EXPECT_EQ(report.entries, 7);
    for (const std::string& problem : report.problems) {
        ADD_FAILURE() << problem;
    }
    EXPECT_TRUE(value_of(rebuild(file())).differences.empty());
}

INSTANTIATE_TEST_SUITE_P(Formats, OldFileTest, testing::Range(1, migrations().back().version + 1));

}  // namespace
}  // namespace fristvakt::tests
