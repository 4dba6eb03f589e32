#include "integrations/sqlite/sqlite_store.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "integrations/sqlite/maintenance.hpp"
#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using namespace workflows;  // NOLINT(google-build-using-namespace)
using integrations::OpenOptions;
using integrations::SqliteStore;

class SqliteStoreTest : public testing::Test {
 protected:
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "state.db"; }
    [[nodiscard]] std::unique_ptr<SqliteStore> open(OpenOptions options = {}) const {
        return value_of(SqliteStore::open(file(), options));
    }
    static Batch opening(Epoch epoch, const std::string& organisation) {
        const Case value = sample_case(organisation);
        return batch_of(epoch, {.cases = {value}, .reminders = {}, .messages = {}, .ledger = {}},
                        value.id);
    }
    void expect_sound() const {
        const auto report = value_of(integrations::verify(file()));
        for (const std::string& problem : report.problems) {
            ADD_FAILURE() << problem;
        }
    }

    TemporaryFolder folder_;
};

TEST_F(SqliteStoreTest, RemembersEverythingAcrossOpenings) {
    Case value = sample_case("sel");
    value.next_at = at(500);
    const Message message = sample_message(1, "p1");
    const Reminder reminder = sample_reminder(value.id, "due-14d", "p1", 1);
    Ledger ledger;
    ledger.definitions_hash = "abc";
    ledger.books.planned = 1;
    ledger.books.waiting = 1;
    std::string hash;
    Epoch first = 0;
    {
        const auto store = open();
        first = value_of(store->lead());
        Batch batch = batch_of(
            first,
            {.cases = {value}, .reminders = {reminder}, .messages = {message}, .ledger = ledger},
            value.id);
        batch.persons.push_back({.id = "p1", .address = "kari@sel.example", .name = "Kari"});
        batch.bodies.push_back({1, {.subject = "Plan", .text = "Hei", .html = ""}, "bytes"});
        batch.configurations.emplace("abc", "all files");
        batch.answers.push_back({"key", "f", "r", at(9999)});
        commit(*store, batch);
        hash = value_of(store->snapshot()->head()).hash;
        EXPECT_EQ(hash.size(), 64U);
    }
    const auto store = open({.create = false});
    EXPECT_GT(value_of(store->lead()), first);
    EXPECT_EQ(value_of(store->ledger()), ledger);
    const Loaded loaded = value_of(store->load({.cases = {value.id},
                                                .messages = {1},
                                                .persons = {"p1"},
                                                .slots_from = {},
                                                .idempotency = {"key"}}));
    EXPECT_EQ(loaded.cases.at(value.id), value);
    EXPECT_EQ(loaded.messages.at(1), message);
    EXPECT_EQ(loaded.reminders, std::vector{reminder});
    EXPECT_EQ(loaded.persons.at("p1").name, "Kari");
    EXPECT_EQ(loaded.slots.size(), 1U);
    EXPECT_EQ(loaded.waiting, std::vector{message});
    EXPECT_EQ(loaded.answers.at("key").response, "r");
    EXPECT_EQ(value_of(store->due(at(500), 9)).cases.size(), 1U);
    EXPECT_EQ(value_of(store->snapshot()->message(1))->bytes, "bytes");
    EXPECT_EQ(value_of(store->snapshot()->head()).hash, hash);
    expect_sound();
}

TEST_F(SqliteStoreTest, TheChainDependsOnEveryEntryBefore) {
    std::array<std::string, 2> heads;
    for (int index = 0; index < 2; ++index) {
        const TemporaryFolder folder;
        const auto store = value_of(SqliteStore::open(folder / "state.db"));
        const Epoch epoch = value_of(store->lead());
        commit(*store, opening(epoch, index == 0 ? "sel" : "hamar"));
        commit(*store, opening(epoch, "gjovik"));
        heads[static_cast<std::size_t>(index)] = value_of(store->snapshot()->head()).hash;
    }
    EXPECT_NE(heads[0], heads[1]);
}

TEST_F(SqliteStoreTest, AnExLeaderOfAnotherProcessIsRefused) {
    const auto old_leader = open();
    const Epoch old_epoch = value_of(old_leader->lead());
    commit(*old_leader, opening(old_epoch, "sel"));
    const auto leader = open();
    const Epoch epoch = value_of(leader->lead());
    commit(*leader, opening(epoch, "hamar"));
    EXPECT_EQ(value_of(old_leader->commit(opening(old_epoch, "gjovik"))), CommitOutcome::Lost);
    commit(*leader, opening(epoch, "ringsaker"));
    EXPECT_EQ(value_of(leader->open_cases("", 9)).size(), 3U);
    expect_sound();
}

TEST_F(SqliteStoreTest, AMissingFileIsNotMadeUnasked) {
    const auto store = SqliteStore::open(file(), {.create = false});
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().kind, ErrorKind::NotFound);
    EXPECT_FALSE(std::filesystem::exists(file()));
    const auto nowhere = SqliteStore::open(folder_ / "no" / "state.db");
    ASSERT_FALSE(nowhere.ok());
    EXPECT_EQ(nowhere.error().kind, ErrorKind::Unavailable);
    EXPECT_NE(nowhere.error().message.find("check that the folder exists"), std::string::npos)
        << nowhere.error().message;
}

TEST_F(SqliteStoreTest, AForeignFileIsLeftAlone) {
    {
        SQLite::Database other(file(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE recipes(name TEXT)");
    }
    auto store = SqliteStore::open(file());
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().kind, ErrorKind::Conflict);
    EXPECT_NE(store.error().message.find("not a database of fristvakt"), std::string::npos);

    std::ofstream(file(), std::ios::trunc) << std::string(8192, 'x');
    store = SqliteStore::open(file());
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().kind, ErrorKind::Unavailable);
    EXPECT_NE(store.error().message.find("not a database"), std::string::npos);
}

TEST_F(SqliteStoreTest, AFullDiskChangesNothingAndPasses) {
    int committed = 0;
    Epoch epoch = 0;
    {
        const auto store = open({.pages_max = 60});
        epoch = value_of(store->lead());
        std::optional<Error> failure;
        while (!failure && committed < 10000) {
            // Several entries, so that a batch can fail half-way.
            Batch batch;
            batch.epoch = epoch;
            for (int index = 0; index < 5; ++index) {
                batch.entries.push_back(
                    opening(epoch, "k" + std::to_string(committed * 5 + index)).entries.front());
            }
            const auto outcome = store->commit(batch);
            if (outcome.ok()) {
                ++committed;
            } else {
                failure = outcome.error();
            }
        }
        ASSERT_TRUE(failure.has_value());
        EXPECT_EQ(failure->kind, ErrorKind::Unavailable);
        EXPECT_NE(failure->message.find("the disk is full"), std::string::npos) << failure->message;
        EXPECT_GT(committed, 0);
        // Still there, still as it was, and still of use.
        EXPECT_EQ(value_of(store->open_cases("", 100000)).size(),
                  static_cast<std::size_t>(committed) * 5);
        EXPECT_EQ(value_of(store->snapshot()->head()).sequence, committed * 5);
        EXPECT_FALSE(store->commit(opening(epoch, "one-more-that-is-too-much")).ok() &&
                     store->commit(opening(epoch, std::string(9000, 'x'))).ok());
    }
    const auto store = open();
    commit(*store, opening(epoch, "fits-again"));
    expect_sound();
}

TEST_F(SqliteStoreTest, ALockedFileIsNamedAndPasses) {
    const auto store = open({.busy_timeout = std::chrono::milliseconds(1)});
    const Epoch epoch = value_of(store->lead());
    {
        SQLite::Database other(file(), SQLite::OPEN_READWRITE);
        SQLite::Transaction held(other, SQLite::TransactionBehavior::IMMEDIATE);
        const auto outcome = store->commit(opening(epoch, "sel"));
        ASSERT_FALSE(outcome.ok());
        EXPECT_EQ(outcome.error().kind, ErrorKind::Unavailable);
        EXPECT_NE(outcome.error().message.find("another program holds the lock"), std::string::npos)
            << outcome.error().message;
        EXPECT_TRUE(value_of(store->open_cases("", 9)).empty());
    }
    commit(*store, opening(epoch, "sel"));
    expect_sound();
}

/// Runs `act` in a child process and gives its exit status.
template <typename Act>
int in_child(Act act) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(act());
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(SqliteStoreTest, AReadOnlyFileIsNamed) {
    {
        const auto store = open();
        commit(*store, opening(value_of(store->lead()), "sel"));
    }
    ASSERT_EQ(::chmod(file().c_str(), 0444), 0);
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0555), 0);
    const int status = in_child([&] {
        // For root nothing is read-only.
        constexpr uid_t kNobody = 65534;
        if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) {
            return 2;
        }
        const auto store = SqliteStore::open(file());
        const bool named = !store.ok() && store.error().kind == ErrorKind::Unavailable &&
                           store.error().message.find("read-only") != std::string::npos;
        if (!named && !store.ok()) {
            ::write(STDERR_FILENO, store.error().message.data(), store.error().message.size());
        }
        return named ? 0 : 1;
    });
    EXPECT_EQ(status, 0);
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0700), 0);
    ASSERT_EQ(::chmod(file().c_str(), 0600), 0);
    expect_sound();
}

TEST_F(SqliteStoreTest, WhatWasAcknowledgedSurvivesAKill) {
    static_cast<void>(value_of(open()->lead()));
    std::int64_t acknowledged = 0;
    for (int round = 0; round < 4; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            // Commits and says so, until it is killed somewhere in the middle.
            const auto store = open();
            const Epoch epoch = value_of(store->lead());
            for (std::int64_t index = 0;; ++index) {
                const std::string name = "k" + std::to_string(round) + "-" + std::to_string(index);
                if (!store->commit(opening(epoch, name)).ok()) {
                    ::_exit(1);
                }
                const std::int64_t head = value_of(store->snapshot()->head()).sequence;
                if (::write(pipe[1], &head, sizeof head) != sizeof head) {
                    ::_exit(2);
                }
            }
        }
        ::close(pipe[1]);
        for (int index = 0; index < 20 + 7 * round; ++index) {
            std::int64_t head = 0;
            ASSERT_EQ(::read(pipe[0], &head, sizeof head), static_cast<ssize_t>(sizeof head));
            acknowledged = std::max(acknowledged, head);
        }
        ::kill(child, SIGKILL);
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));

        const auto store = open();
        EXPECT_GE(value_of(store->snapshot()->head()).sequence, acknowledged);
        expect_sound();
    }
}

TEST_F(SqliteStoreTest, TheWalDoesNotGrowWithoutBound) {
    const auto store = open();
    const Epoch epoch = value_of(store->lead());
    Batch batch;
    for (int round = 0; round < 60; ++round) {
        batch = {};
        batch.epoch = epoch;
        for (int index = 0; index < 200; ++index) {
            batch.entries.push_back(opening(epoch, "k" + std::to_string(index * 61 % 1000) + "-" +
                                                       std::to_string(round))
                                        .entries.front());
        }
        commit(*store, batch);
        // Every kind of reading in between must let go of what it looked at.
        static_cast<void>(value_of(store->due(at(9999), 5)));
        static_cast<void>(value_of(store->load({.cases = {"pulje-5/plan/k1-0"},
                                                .messages = {},
                                                .persons = {},
                                                .slots_from = {},
                                                .idempotency = {}})));
        static_cast<void>(value_of(store->snapshot()->cases({})));
    }
    EXPECT_LT(std::filesystem::file_size(file().string() + "-wal"), 32U * 1024 * 1024);
}

TEST_F(SqliteStoreTest, ASnapshotThatCannotBeTakenSaysSo) {
    const auto store = open();
    static_cast<void>(value_of(store->lead()));
    std::filesystem::rename(file(), folder_ / "gone.db");
    const auto snapshot = store->snapshot();
    const auto head = snapshot->head();
    ASSERT_FALSE(head.ok());
    EXPECT_EQ(head.error().kind, ErrorKind::Unavailable);
    EXPECT_FALSE(snapshot->cases({}).ok());
    EXPECT_FALSE(snapshot->messages({}).ok());
}

TEST_F(SqliteStoreTest, ADamagedRowIsNamed) {
    const auto store = open();
    commit(*store, opening(value_of(store->lead()), "sel"));
    {
        SQLite::Database raw(file(), SQLite::OPEN_READWRITE);
        raw.exec("UPDATE cases SET data = '{\"zz\":1}'");
    }
    const auto loaded = store->load({.cases = {"pulje-5/plan/sel"},
                                     .messages = {},
                                     .persons = {},
                                     .slots_from = {},
                                     .idempotency = {}});
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().kind, ErrorKind::Unavailable);
    EXPECT_NE(loaded.error().message.find("pulje-5/plan/sel"), std::string::npos)
        << loaded.error().message;
}

}  // namespace
}  // namespace fristvakt::tests
