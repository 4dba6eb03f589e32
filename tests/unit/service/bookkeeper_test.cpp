#include "daemon/service/bookkeeper.hpp"

#include <condition_variable>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "integrations/memory/memory_store.hpp"
#include "integrations/sqlite/sqlite_snapshot.hpp"

namespace fristvakt::tests {
namespace {

using daemon::Bookkeeper;
using daemon::BooksStatement;
using workflows::Date;
using workflows::Instant;
using workflows::Result;

Instant on(int day) {
    return Instant{std::chrono::seconds{86'400 * day + 3600}};
}
Date date(int day) {
    return Date{std::chrono::days{day}};
}

/// What the bookkeeper said, for a thread that waits for it.
class Statements {
 public:
    void add(const Result<BooksStatement>& one) {
        const std::scoped_lock lock{mutex_};
        all_.push_back(one);
        changed_.notify_all();
    }
    Result<BooksStatement> wait(std::size_t count) {
        std::unique_lock lock{mutex_};
        const bool came =
            changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return all_.size() >= count; });
        EXPECT_TRUE(came);
        return came ? all_[count - 1] : workflows::Error{};
    }
    std::size_t count() {
        const std::scoped_lock lock{mutex_};
        return all_.size();
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Result<BooksStatement>> all_;
};

void put_reminder(integrations::MemoryStore& store, workflows::Books books) {
    workflows::Batch batch;
    batch.epoch = store.lead().value();
    workflows::LogEntry entry;
    workflows::Case item;
    item.id = "p/plan/by";
    item.cohort = "p";
    entry.change.cases = {item};
    workflows::Reminder reminder;
    reminder.case_id = item.id;
    reminder.step = "due-14d";
    entry.change.reminders = {reminder};
    entry.change.ledger = store.ledger().value();
    entry.change.ledger->books = books;
    batch.entries.push_back(std::move(entry));
    ASSERT_TRUE(store.commit(batch).ok());
}

TEST(Bookkeeper, CountsOncePerDay) {
    integrations::MemoryStore store;
    put_reminder(store, {.planned = 1, .waiting = 1});
    Statements statements;
    Bookkeeper bookkeeper{[&] { return store.snapshot(); },
                          [&](const auto& statement) { statements.add(statement); }};
    bookkeeper.look_at(on(1), date(1));
    const auto first = statements.wait(1);
    ASSERT_TRUE(first.ok());
    EXPECT_TRUE(first.value().ok());
    EXPECT_EQ(first.value().at, on(1));
    EXPECT_EQ(first.value().counted.waiting, 1);
    EXPECT_EQ(first.value().head, "1:");
    bookkeeper.look_at(on(1) + std::chrono::hours{1}, date(1));
    bookkeeper.look_at(on(2), date(2));
    EXPECT_EQ(statements.wait(2).value().at, on(2));
    EXPECT_EQ(statements.count(), 2U);
}

TEST(Bookkeeper, SeesThatTheLedgerSaysSomethingElse) {
    integrations::MemoryStore store;
    // In balance, and yet not what is there: only counting finds it.
    put_reminder(store, {.planned = 1, .sent = 1});
    Statements statements;
    Bookkeeper bookkeeper{[&] { return store.snapshot(); },
                          [&](const auto& statement) { statements.add(statement); }};
    bookkeeper.look_at(on(1), date(1));
    const auto statement = statements.wait(1);
    ASSERT_TRUE(statement.ok());
    EXPECT_TRUE(statement.value().kept.balance());
    EXPECT_FALSE(statement.value().ok());
}

TEST(Bookkeeper, TriesAgainWhenTheStoreDidNotAnswer) {
    auto nothing = std::make_shared<integrations::ReaderPool>("/nonexistent/state.db");
    Statements statements;
    Bookkeeper bookkeeper{[&] { return integrations::take_snapshot(nothing); },
                          [&](const auto& statement) { statements.add(statement); }};
    bookkeeper.look_at(on(1), date(1));
    EXPECT_FALSE(statements.wait(1).ok());
    bookkeeper.look_at(on(1), date(1));
    EXPECT_FALSE(statements.wait(2).ok());
}

}  // namespace
}  // namespace fristvakt::tests
