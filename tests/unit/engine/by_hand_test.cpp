#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// What people do to cases and messages, and what then goes out.
namespace fristvakt::tests {
namespace {

using daemon::RaiseEvent;
using workflows::Actor;
using workflows::MessageState;
using Lines = std::vector<std::string>;

RaiseEvent command(const std::string& case_id, const std::string& event,
                   std::optional<int> revision = std::nullopt) {
    RaiseEvent raise;
    raise.event.case_id = case_id;
    raise.event.name = event;
    raise.event.by = Actor::Creditor;
    raise.event.expected_revision = revision;
    return raise;
}

class ByHandInTheOffice : public ::testing::Test {
 protected:
    void SetUp() override {
        ASSERT_TRUE(office_.start("2021-01-01").ok());
        office_.run("2021-01-12");
        (void)office_.news();
    }
    integrations::MemoryStore store_{
        integrations::MemoryStoreOptions{.keep_changes = false, .keep_history = true}};
    Office office_{World{}.load(), &store_};
};

TEST_F(ByHandInTheOffice, SentNowGoesAtOnceOutsideTheWindowAndCountsInTheBudget) {
    ASSERT_TRUE(office_.raise("2021-01-12T19:00", "p/plan/by", "sent_now", Actor::Creditor).ok());
    office_.step("2021-01-12T19:00");
    EXPECT_EQ(office_.news(), (Lines{"2021-01-12 19:00 kari due-3wd:plan/by"}));
    // Monday's and this make two in the week: what comes then waits for the next.
    ASSERT_TRUE(office_
                    .raise("2021-01-13T09:00", "p/plan/by", "more_time_given", Actor::Creditor,
                           {{"until", "2021-01-28"}})
                    .ok());
    office_.run("2021-01-18");
    EXPECT_EQ(office_.news(), (Lines{"2021-01-13 09:00 kari !new-deadline:plan/by"}));
    office_.run("2021-01-19");
    EXPECT_EQ(office_.news(), (Lines{"2021-01-18 08:00 kari due-14d:plan/by"}));
}

TEST_F(ByHandInTheOffice, SentNowStandsForItsStep) {
    ASSERT_TRUE(office_.raise("2021-01-14T12:00", "p/plan/by", "sent_now", Actor::Creditor).ok());
    office_.run("2021-01-26");
    EXPECT_EQ(office_.books().planned, office_.books().sent);
    const auto sent = office_.news();
    EXPECT_EQ(std::count_if(sent.begin(), sent.end(),
                            [](const auto& line) {
                                return line.find("kari due-3wd:plan/by") != std::string::npos;
                            }),
              1);
}

TEST_F(ByHandInTheOffice, SentNowHeedsTheHold) {
    ASSERT_TRUE(office_.engine().hold("stop", "", at("2021-01-14T11:00")).ok());
    ASSERT_TRUE(office_.raise("2021-01-14T12:00", "p/plan/by", "sent_now", Actor::Creditor).ok());
    office_.step("2021-01-14T12:00");
    EXPECT_EQ(office_.news(), Lines{});
    ASSERT_TRUE(office_.raise("2021-01-14T12:05", "p/plan/by", "received", Actor::Creditor).ok());
    office_.step("2021-01-14T12:06");
    ASSERT_TRUE(office_.engine().release({}, "", at("2021-01-14T13:00")).ok());
    office_.step("2021-01-14T13:00");
    EXPECT_EQ(office_.news(), (Lines{"2021-01-14 13:00 kari !receipt:plan/by"}));
}

TEST_F(ByHandInTheOffice, ABatchDoesWhatItCanAndSaysWhyNot) {
    ASSERT_TRUE(office_.raise("2021-01-14T12:00", "p/plan/dal", "claimed", Actor::Debtor).ok());
    const std::vector<RaiseEvent> commands{command("p/plan/by", "received", 0),
                                           command("p/plan/dal", "received", 0),
                                           command("p/plan/none", "received", 0)};
    const auto head = office_.store().snapshot()->head().value().sequence;
    const auto seen = office_.engine().preview(commands, at("2021-01-14T12:01"));
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(office_.store().snapshot()->head().value().sequence, head) << "nothing is written";
    ASSERT_EQ(seen.value().items.size(), 3U);
    EXPECT_TRUE(seen.value().items[0].answer.ok());
    EXPECT_EQ(seen.value().items[1].answer.error().code, "moved-on");
    EXPECT_EQ(seen.value().items[2].answer.error().code, "no-case");
    EXPECT_TRUE(seen.value().items[0].next_before.has_value());
    EXPECT_FALSE(seen.value().items[0].next_after.has_value());
    ASSERT_EQ(seen.value().messages.size(), 1U);
    EXPECT_EQ(in_words(seen.value().messages.front().snapshot), "kari !receipt:plan/by");

    const auto done = office_.engine().raise_all(commands, at("2021-01-14T12:01"));
    ASSERT_TRUE(done.ok());
    EXPECT_EQ(done.value().batch, "1");
    EXPECT_TRUE(done.value().answers[0].ok());
    EXPECT_FALSE(done.value().answers[1].ok());
    EXPECT_EQ(office_.find_case("p/plan/by").state, "received");
    EXPECT_EQ(office_.find_case("p/plan/dal").state, "claimed");
    const auto history = office_.store().snapshot()->history_of("p/plan/by", 100).value();
    EXPECT_EQ(history.back().entry.data.at("batch"), "1");
    workflows::LogFilter filter;
    filter.kinds = {"batch"};
    const auto batch = office_.store().snapshot()->log(filter).value().entries;
    ASSERT_EQ(batch.size(), 1U);
    EXPECT_EQ(batch.front().entry.data.at("done"), "p/plan/by 1\n");
    EXPECT_EQ(batch.front().entry.data.at("skipped"), "p/plan/dal moved-on\np/plan/none no-case\n");
}

TEST_F(ByHandInTheOffice, ThePreviewSaysWhatTheBatchThenSends) {
    const std::vector<RaiseEvent> commands{command("p/plan/by", "sent_now"),
                                           command("p/plan/dal", "sent_now")};
    const auto seen = office_.engine().preview(commands, at("2021-01-14T12:00"));
    ASSERT_TRUE(seen.ok());
    Lines foreseen;
    for (const auto& message : seen.value().messages) {
        foreseen.push_back("2021-01-14 12:00 " + in_words(message.snapshot));
    }
    ASSERT_TRUE(office_.engine().raise_all(commands, at("2021-01-14T12:00")).ok());
    office_.step("2021-01-14T12:00");
    EXPECT_EQ(office_.news(), foreseen);
    EXPECT_EQ(foreseen.size(), 2U);
}

TEST_F(ByHandInTheOffice, AKeyMakesABatchCountOnce) {
    std::vector<RaiseEvent> commands{command("p/plan/by", "received")};
    commands.front().idempotency_key = "k";
    commands.front().fingerprint = "f";
    ASSERT_TRUE(office_.engine().raise_all(commands, at("2021-01-14T12:00")).ok());
    const auto again = office_.engine().raise_all(commands, at("2021-01-14T12:01"));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value().batch, "1");
    EXPECT_TRUE(again.value().answers.front().value().repeated);
    EXPECT_EQ(office_.engine().ledger().batches, 1);
}

/// A message that waits: the week's budget is used up.
class AWaitingMessage : public ::testing::Test {
 protected:
    void SetUp() override {
        World world;
        world.participants = "[by]";
        world.nag_budget = 1;
        world.more["ladders/standard.yaml"] = ladder_file(
            "standard",
            {"id: mon, at: due - 10 working days, to: [ressursperson], notice: reminder",
             "id: tue, at: due - 9 working days, to: [ressursperson], notice: reminder",
             "id: late, at: due + 1 working day, to: [ressursperson], notice: overdue"});
        office_ = std::make_unique<Office>(world.load());
        ASSERT_TRUE(office_->start("2021-01-01").ok());
        office_->run("2021-01-13");
        (void)office_->news();
        const auto waiting = office_->messages(MessageState::Waiting);
        ASSERT_EQ(waiting.size(), 1U);
        number_ = waiting.front().message.number;
        ASSERT_EQ(clock(waiting.front().message.slot_at), "2021-01-18 08:00");
    }
    std::unique_ptr<Office> office_;
    std::int64_t number_{0};
};

TEST_F(AWaitingMessage, IsStoppedAndMayGoAfterAll) {
    EXPECT_EQ(office_->engine().stop(number_, "", "", at("2021-01-13T09:00")).error().code,
              "missing:reason");
    ASSERT_TRUE(office_->engine().stop(number_, "ringte", "Ida", at("2021-01-13T09:00")).ok());
    EXPECT_EQ(office_->books().suppressed, 1);
    EXPECT_EQ(office_->accounts("p/plan/by").at(1), "v1 tue kari: suppressed, stopped by hand");
    EXPECT_EQ(office_->engine().stop(number_, "x", "", at("2021-01-13T09:01")).error().code,
              "message-gone");
    ASSERT_TRUE(office_->engine().retry(number_, "Ida", at("2021-01-13T10:00")).ok());
    office_->run("2021-01-19");
    EXPECT_EQ(office_->news(), (Lines{"2021-01-18 08:00 kari tue:plan/by"}));
}

TEST_F(AWaitingMessage, ThatWasStoppedComesWhenTheLadderHasItNow) {
    ASSERT_TRUE(office_->engine().stop(number_, "ringte", "Ida", at("2021-01-13T09:00")).ok());
    const auto later = changed(office_->engine().definitions(), [](workflows::Definitions& all) {
        all.ladders.at("standard").steps.at(1).at.terms.front().count = 3;
    });
    ASSERT_TRUE(office_->reload("2021-01-13T10:00", later).ok());
    ASSERT_TRUE(office_->engine().retry(number_, "Ida", at("2021-01-13T11:00")).ok());
    office_->run("2021-01-20");
    EXPECT_EQ(office_->news(), Lines{});
    office_->run("2021-01-21");
    EXPECT_EQ(office_->news(), (Lines{"2021-01-20 08:00 kari tue:plan/by"}));
}

TEST_F(AWaitingMessage, StaysStopped) {
    ASSERT_TRUE(office_->engine().stop(number_, "ringte", "Ida", at("2021-01-13T09:00")).ok());
    office_->run("2021-01-27");
    EXPECT_EQ(office_->news(), (Lines{"2021-01-26 08:00 kari late:plan/by"}));
    EXPECT_EQ(office_->books().waiting, 0);
}

TEST_F(AWaitingMessage, IsPostponedToALaterSlotButNotPastItsDeadline) {
    ASSERT_TRUE(
        office_->engine().postpone(number_, day("2021-01-20"), "", at("2021-01-13T09:00")).ok());
    EXPECT_EQ(office_->engine()
                  .postpone(number_, day("2021-01-26"), "", at("2021-01-13T09:00"))
                  .error()
                  .code,
              "after-deadline");
    EXPECT_EQ(office_->engine()
                  .postpone(number_, day("2021-01-12"), "", at("2021-01-13T09:00"))
                  .error()
                  .code,
              "past-date:until");
    office_->run("2021-01-21");
    EXPECT_EQ(office_->news(), (Lines{"2021-01-20 08:00 kari tue:plan/by"}));
}

TEST_F(AWaitingMessage, IsSentNowInsteadOfThen) {
    ASSERT_TRUE(office_->raise("2021-01-13T09:00", "p/plan/by", "sent_now", Actor::Creditor).ok());
    office_->step("2021-01-13T09:00");
    EXPECT_EQ(office_->news(), (Lines{"2021-01-13 09:00 kari tue:plan/by"}));
    office_->run("2021-01-25");
    EXPECT_EQ(office_->news(), Lines{});
    EXPECT_EQ(office_->books().planned, office_->books().sent);
}

}  // namespace
}  // namespace fristvakt::tests
