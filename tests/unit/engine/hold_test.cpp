#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// All sending on hold, after a restore too; and books that do not add up.
namespace fristvakt::tests {
namespace {

using workflows::ErrorKind;
using workflows::MessageState;
using workflows::Reason;
using Lines = std::vector<std::string>;

World one_kommune() {
    World world;
    world.participants = "[by]";
    return world;
}

TEST(Hold, OneMessageCannotBeReleasedWhileAllIsOnHold) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.engine().hold("we look", "test", at("2021-01-04")).ok());
    office.run("2021-01-12");
    const auto held = office.messages(MessageState::Held);
    ASSERT_EQ(held.size(), 1U);
    const auto refused =
        office.engine().release(held[0].message.number, "test", at("2021-01-12T09:00"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
    EXPECT_NE(refused.error().message.find("we look"), std::string::npos);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-12T09:00")).ok());
    office.step("2021-01-12T09:00");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-12 09:00 kari due-14d:plan/by"}));
}

TEST(Hold, WhatMayHaveArrivedStaysUncertainAndGoesByteForByteWhenReleased) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    bool once = true;
    office.after_hand_over = [&](const workflows::MessageSnapshot& snapshot) {
        if (!std::exchange(once, false)) {
            return false;
        }
        EXPECT_TRUE(office.engine().hold("we look", "test", snapshot.at).ok());
        return true;  // Crash.
    };
    office.run("2021-01-13");
    EXPECT_EQ(office.handed_over.size(), 1U);
    EXPECT_EQ(office.books().held, 1);
    EXPECT_EQ(office.messages(MessageState::Uncertain).size(), 1U);
    ASSERT_TRUE(office.crash(at("2021-01-13")).ok());
    office.run("2021-01-14");
    EXPECT_EQ(office.handed_over.size(), 1U) << "a start ends no hold";
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-14T09:00")).ok());
    office.step("2021-01-14T09:00");
    ASSERT_EQ(office.handed_over.size(), 2U);
    EXPECT_EQ(office.handed_over[0].envelope.bytes, office.handed_over[1].envelope.bytes);
    EXPECT_EQ(office.handed_over[0].envelope.message_id, office.handed_over[1].envelope.message_id);
    EXPECT_EQ(office.books().sent, 1);
}

TEST(Hold, AMessageMarkedAsSentBeforeStandsAsSentAndDoesNotGo) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.engine().hold("restored", "test", at("2021-01-04")).ok());
    office.run("2021-01-12");
    const auto number = office.messages(MessageState::Held).front().message.number;
    ASSERT_TRUE(office.engine().sent_before(number, "test", at("2021-01-12")).ok());
    EXPECT_EQ(office.books().sent, 1);
    EXPECT_EQ(office.accounts("p/plan/by").front(),
              "v1 due-14d kari: sent, sent before the restore");
    EXPECT_EQ(office.messages(MessageState::Sent).front().message.reason, Reason::SentBefore);
    EXPECT_EQ(office.engine().sent_before(number, "test", at("2021-01-12")).error().kind,
              ErrorKind::Conflict);
    EXPECT_EQ(office.engine().sent_before(99, "test", at("2021-01-12")).error().kind,
              ErrorKind::NotFound);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-12T09:00")).ok());
    office.run("2021-01-21");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-20 08:00 kari due-3wd:plan/by"}));
}

TEST(Hold, ReleasingEndsTheTimeAfterARestore) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    workflows::Batch batch;
    batch.epoch = office.store().lead().value();
    workflows::LogEntry entry;
    entry.kind = "restored";
    entry.change.ledger = office.store().ledger().value();
    entry.change.ledger->sending_on_hold = true;
    entry.change.ledger->hold_reason = workflows::kRestoredHold;
    entry.change.ledger->restored_at = at("2021-01-11");
    batch.entries.push_back(entry);
    ASSERT_TRUE(office.store().commit(batch).ok());
    ASSERT_TRUE(office.crash(at("2021-01-11")).ok());
    office.run("2021-01-12");
    EXPECT_EQ(office.messages(MessageState::Held).size(), 1U);
    EXPECT_EQ(office.store().ledger().value().restored_at, at("2021-01-11"));
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-12T09:00")).ok());
    EXPECT_EQ(office.store().ledger().value().restored_at, std::nullopt);
}

TEST(Books, ATransactionThatWouldNotBalanceIsNotWritten) {
    integrations::MemoryStore store;
    workflows::Batch batch;
    batch.epoch = store.lead().value();
    workflows::LogEntry entry;
    entry.change.ledger = workflows::Ledger{};
    entry.change.ledger->books.planned = 1;  // In no account.
    batch.entries.push_back(entry);
    ASSERT_TRUE(store.commit(batch).ok());
    Office office{one_kommune().load(), &store};
    const auto started = office.start("2021-01-01");
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().kind, ErrorKind::Unavailable);
    EXPECT_NE(started.error().message.find("books"), std::string::npos) << started.error().message;
    EXPECT_EQ(store.snapshot()->head().value().sequence, 1) << "something was written";
}

}  // namespace
}  // namespace fristvakt::tests
