#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/decision/desk.hpp"

/// What people do outside the workflow's own events, and how it is undone.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using Fields = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

/// One case on Thursday 14 January at noon: due-14d waits, due-3wd is to come on the 20th.
class ByHand : public ::testing::Test {
 protected:
    void SetUp() override {
        (void)desk_.open("2021-01-04");
        (void)desk_.advance("2021-01-11T08:00");
    }
    workflows::Result<workflows::Decision> raise(const std::string& when, const std::string& event,
                                                 const Fields& fields = {}) {
        return desk_.raise(when, event, Actor::Creditor, fields);
    }
    std::string refusal(const std::string& event, const Fields& fields = {}) {
        const auto raised = raise("2021-01-14T12:00", event, fields);
        return raised.ok() ? "" : raised.error().code;
    }
    Desk desk_{World{}.load()};
};

TEST_F(ByHand, AStoppedStepIsAccountedWhenItsTimeComesAndTheRestGoesOn) {
    ASSERT_TRUE(
        raise("2021-01-14T12:00", "reminder_stopped", {{"step", "due-3wd"}, {"reason", "ringte"}})
            .ok());
    (void)desk_.advance("2021-01-26T08:00");
    EXPECT_EQ(desk_.planned(), (Lines{"v1 due-14d kari superseded (deadline passed)",
                                      "v1 due-3wd kari suppressed (stopped by hand)",
                                      "v1 due+1wd kari waiting (due)"}));
}

TEST_F(ByHand, AStepThatIsStoppedWhileTheTransportHasItGoesNoFurther) {
    desk_.file.reminders.front().message = 7;
    desk_.file.reminders.push_back(desk_.file.reminders.front());
    desk_.file.reminders.back().person = "another";
    desk_.file.reminders.back().message = 8;
    desk_.file.in_flight = {7};
    ASSERT_TRUE(raise("2021-01-14T12:00", "reminder_stopped", {{"reason", "ringte"}}).ok());
    const auto& theirs = desk_.file.reminders.front();
    EXPECT_EQ(theirs.account, workflows::Account::Waiting);
    const auto definitions = World{}.load();
    EXPECT_EQ(workflows::overtaken(theirs, desk_.item(),
                                   workflows::context_of(desk_.item(), *definitions),
                                   at("2021-01-14T12:30")),
              workflows::Reason::Stopped);
}

TEST_F(ByHand, WhatWasSentEarlyAndEndedBeforeItWentComesInItsTime) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "sent_now", {{"step", "due-3wd"}}).ok());
    ASSERT_TRUE(raise("2021-01-14T12:05", "received").ok());
    ASSERT_TRUE(raise("2021-01-14T12:10", "reverted").ok());
    (void)desk_.advance("2021-01-20T07:59");
    EXPECT_EQ(desk_.planned().back(), "v1 due-3wd kari superseded (undone)");
    (void)desk_.advance("2021-01-20T08:00");
    EXPECT_EQ(desk_.planned().back(), "v1 due-3wd kari #2 waiting (due)");
}

TEST_F(ByHand, OnlyACaseThatHasADeadlineHasItMoved) {
    desk_.file.item.due.reset();
    EXPECT_EQ(refusal("deadline_moved", {{"until", "2021-02-12"}}), "no-deadline");
}

TEST_F(ByHand, StoppingWithoutAStepStopsWhatWaits) {
    const auto stopped = raise("2021-01-14T12:00", "reminder_stopped", {{"reason", "ringte"}});
    ASSERT_TRUE(stopped.ok()) << stopped.error().message;
    EXPECT_EQ(desk_.planned(), (Lines{"v1 due-14d kari suppressed (stopped by hand)"}));
    EXPECT_EQ(stopped.value().entries.front().data.at("step"), "due-14d");
    EXPECT_EQ(stopped.value().entries.front().aside.at("reason"), "ringte");
}

TEST_F(ByHand, AStepWhoseTimeHasPassedIsNotLeftToStop) {
    desk_.file.reminders.front().account = workflows::Account::Failed;
    desk_.file.reminders.front().reason = workflows::Reason::Refused;
    World moved;
    moved.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: due-14d, at: due - 13 days, to: [ressursperson], notice: reminder"});
    (void)desk_.redefine("2021-01-14T11:00", moved.load());
    EXPECT_EQ(refusal("reminder_stopped", {{"reason", "x"}}), "no-step")
        << "refused, and moved to a day that has passed too";
    EXPECT_EQ(refusal("reminder_stopped", {{"reason", "x"}, {"step", "due-14d"}}), "step-done");
}

TEST_F(ByHand, WhatIsUndoneWaitsAgain) {
    for (const auto& [event, fields] : std::vector<std::pair<std::string, Fields>>{
             {"reminder_stopped", {{"reason", "x"}}},
             {"paused", {{"until", "2021-01-29"}}},
             {"received", {}},
             {"withdrawn", {{"reason", "x"}}},
             {"exempted", {{"reason", "x"}}},
             {"deadline_moved", {{"until", "2021-02-12"}}},
             {"more_time_given", {{"until", "2021-02-12"}}}}) {
        SCOPED_TRACE(event);
        Desk desk{World{}.load()};
        (void)desk.open("2021-01-04");
        (void)desk.advance("2021-01-11T08:00");
        const auto before = desk.item();
        ASSERT_TRUE(desk.raise("2021-01-14T12:00", event, Actor::Creditor, fields).ok());
        EXPECT_NE(desk.planned().front(), "v1 due-14d kari waiting (due)");
        const auto undone = desk.raise("2021-01-14T12:05", "reverted", Actor::Creditor);
        ASSERT_TRUE(undone.ok()) << undone.error().message;
        EXPECT_EQ(desk.planned().back(), "v1 due-14d kari #2 waiting (due)");
        EXPECT_EQ(desk.item().state, before.state);
        EXPECT_EQ(desk.item().due, before.due);
        EXPECT_EQ(desk.item().paused, before.paused);
        EXPECT_EQ(desk.item().stopped, before.stopped);
        ASSERT_EQ(undone.value().claims.size(), 1U);
        (void)desk.advance("2021-01-20T08:00");
        EXPECT_EQ(desk.planned().back(), "v1 due-3wd kari waiting (due)");
    }
}

TEST_F(ByHand, AResumedPauseCanBeTakenUpAgain) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "paused", {{"until", "2021-01-29"}}).ok());
    ASSERT_TRUE(raise("2021-01-14T12:01", "resumed").ok());
    ASSERT_TRUE(raise("2021-01-14T12:02", "reverted").ok());
    EXPECT_TRUE(desk_.item().paused);
    EXPECT_EQ(desk_.item().paused_until, at("2021-01-30"));
}

TEST_F(ByHand, AQuestionForMoreTimeUndoneBringsBackWhatItEnded) {
    ASSERT_TRUE(desk_.raise("2021-01-14T12:00", "more_time_asked", Actor::Debtor).ok());
    EXPECT_EQ(desk_.planned(), (Lines{"v1 due-14d kari suppressed (paused)"}));
    ASSERT_TRUE(raise("2021-01-14T12:05", "reverted").ok());
    EXPECT_EQ(desk_.planned().back(), "v1 due-14d kari #2 waiting (due)");
}

TEST_F(ByHand, ALongerPauseUndoneIsTheShorterOne) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "paused", {{"until", "2021-01-29"}}).ok());
    ASSERT_TRUE(raise("2021-01-14T12:01", "paused", {{"until", "2021-03-01"}}).ok());
    ASSERT_TRUE(raise("2021-01-14T12:02", "reverted").ok());
    EXPECT_TRUE(desk_.item().paused);
    EXPECT_EQ(desk_.item().paused_until, at("2021-01-30"));
}

TEST_F(ByHand, APauseTakenUpAgainAfterItsEndEndsAtOnce) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "paused", {{"until", "2021-01-15"}}).ok());
    ASSERT_TRUE(raise("2021-01-14T12:01", "resumed").ok());
    ASSERT_TRUE(raise("2021-01-18T12:00", "reverted").ok());
    EXPECT_TRUE(desk_.item().paused);
    const auto ended = desk_.advance("2021-01-18T12:01");
    EXPECT_FALSE(desk_.item().paused);
    ASSERT_FALSE(ended.entries.empty());
    EXPECT_EQ(ended.entries.front().at, at("2021-01-18T12:00"));
}

TEST_F(ByHand, WhatTheParentWithdrewIsNotUndoneInTheChild) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "paused", {{"until", "2021-01-29"}}).ok());
    ASSERT_TRUE(desk_.raise("2021-01-14T12:01", "withdrawn", Actor::Parent).ok());
    EXPECT_EQ(refusal("reverted"), "nothing-to-undo");
    EXPECT_EQ(desk_.item().state, "withdrawn");
}

TEST_F(ByHand, WhatAConfigurationWithdrewComesBackWithItsReminder) {
    (void)desk_.redefine("2021-01-14T12:00", World{}.load(), false);
    EXPECT_EQ(desk_.item().state, "withdrawn");
    EXPECT_EQ(desk_.planned(), (Lines{"v1 due-14d kari superseded (withdrawn)"}));
    EXPECT_EQ(refusal("reverted"), "not-called-for");
    (void)desk_.call_again("2021-01-14T12:05");
    EXPECT_EQ(desk_.planned().back(), "v1 due-14d kari #2 waiting (due)");
}

TEST_F(ByHand, APauseThatEndedByItselfIsNotUndone) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "paused", {{"until", "2021-01-15"}}).ok());
    (void)desk_.advance("2021-01-17");
    EXPECT_EQ(refusal("reverted"), "nothing-to-undo");
}

TEST_F(ByHand, TheDeadlineMovesInAnyStateAndIsTold) {
    const auto moved = raise("2021-01-14T12:00", "deadline_moved", {{"until", "2021-02-12"}});
    ASSERT_TRUE(moved.ok()) << moved.error().message;
    ASSERT_EQ(moved.value().tellings.size(), 1U);
    EXPECT_EQ(moved.value().tellings.front().told.notice, "new-deadline");
    EXPECT_EQ(workflows::iso_date(desk_.item().due->date), "2021-02-12");
    EXPECT_EQ(refusal("deadline_moved"), "missing:until");
    EXPECT_EQ(refusal("deadline_moved", {{"until", "2021-01-01"}}), "past-date:until");
}

TEST_F(ByHand, SendingNowTakesTheNextStepWhichIsNotSentAgain) {
    (void)desk_.raise("2021-01-11T09:00", "reminder_stopped", Actor::Creditor, {{"reason", "x"}});
    const auto sent = raise("2021-01-14T18:30", "sent_now");
    ASSERT_TRUE(sent.ok()) << sent.error().message;
    ASSERT_EQ(sent.value().claims.size(), 1U);
    EXPECT_TRUE(sent.value().claims.front().at_once);
    EXPECT_EQ(sent.value().claims.front().reminder.step, "due-3wd");
    (void)desk_.advance("2021-01-25T08:00");
    EXPECT_EQ(desk_.planned(), (Lines{"v1 due-14d kari suppressed (stopped by hand)",
                                      "v1 due-3wd kari waiting (due)"}));
}

TEST_F(ByHand, SendingNowMovesWhatWaitsAlready) {
    const auto sent = raise("2021-01-11T07:00", "sent_now");
    ASSERT_TRUE(sent.ok()) << sent.error().message;
    ASSERT_EQ(sent.value().claims.size(), 1U);
    EXPECT_EQ(sent.value().claims.front().reminder.step, "due-14d");
    EXPECT_EQ(desk_.planned().size(), 1U);
}

TEST_F(ByHand, ANoticeIsSentBesideTheLadder) {
    const auto sent = raise("2021-01-14T12:00", "sent_now", {{"notice", "reminder-soon"}});
    ASSERT_TRUE(sent.ok()) << sent.error().message;
    ASSERT_EQ(sent.value().claims.size(), 1U);
    EXPECT_EQ(sent.value().claims.front().reminder.notice, "reminder-soon");
    EXPECT_TRUE(sent.value().claims.front().reminder.step.starts_with("sent_now."));
    (void)desk_.advance("2021-01-20T08:00");
    EXPECT_EQ(desk_.planned().back(), "v1 due-3wd kari waiting (due)");
}

TEST_F(ByHand, AtTheLaddersEndTheLastNoticeIsSentOnceMore) {
    (void)desk_.advance("2021-02-20");
    const auto sent = raise("2021-02-20T12:00", "sent_now");
    ASSERT_TRUE(sent.ok()) << sent.error().message;
    EXPECT_EQ(sent.value().claims.front().reminder.notice, "overdue-again");
}

TEST_F(ByHand, NobodyWhoHasDeliveredIsSentAnything) {
    for (const char* event : {"claimed", "received"}) {
        SCOPED_TRACE(event);
        Desk desk{World{}.load()};
        (void)desk.open("2021-01-04");
        ASSERT_TRUE(desk.raise("2021-01-12T10:00", event, Actor::Operator).ok());
        const auto sent = desk.raise("2021-01-14T12:00", "sent_now", Actor::Creditor);
        ASSERT_FALSE(sent.ok());
        EXPECT_EQ(sent.error().code, "waits-for-us");
    }
}

TEST_F(ByHand, WhatDoesNotFitIsRefused) {
    EXPECT_EQ(refusal("sent_now", {{"notice", "overdue"}}), "notice-unfit");
    EXPECT_EQ(refusal("sent_now", {{"step", "due+1wd"}}), "step-done");
    EXPECT_EQ(refusal("sent_now", {{"step", "none"}}), "no-step");
    EXPECT_EQ(refusal("reminder_stopped"), "missing:reason");
    EXPECT_EQ(refusal("reminder_stopped", {{"step", "none"}, {"reason", "x"}}), "no-step");
    ASSERT_TRUE(raise("2021-01-14T11:00", "paused").ok());
    EXPECT_EQ(refusal("sent_now"), "paused");
}

TEST_F(ByHand, ReceivedKeepsDateAndNumbers) {
    ASSERT_TRUE(raise("2021-01-14T12:00", "received",
                      {{"received_on", "2021-01-13"},
                       {"case_number", "2021/17"},
                       {"document_number", "2021/17-4"}})
                    .ok());
    EXPECT_EQ(desk_.item().fields, (Fields{{"received_on", "2021-01-13"},
                                           {"case_number", "2021/17"},
                                           {"document_number", "2021/17-4"}}));
    ASSERT_TRUE(raise("2021-01-14T12:01", "reverted").ok());
    EXPECT_TRUE(desk_.item().fields.empty());
    EXPECT_EQ(refusal("received", {{"received_on", "2021-01-15"}}), "future-date:received_on");
    EXPECT_EQ(refusal("received", {{"received_on", "i går"}}), "no-date:received_on");
}

TEST_F(ByHand, EachChangeSaysItsRevision) {
    const auto first = raise("2021-01-14T12:00", "paused");
    const auto second = raise("2021-01-14T12:01", "resumed");
    EXPECT_EQ(first.value().entries.front().data.at("revision"), "1");
    EXPECT_EQ(second.value().entries.front().data.at("revision"), "2");
    EXPECT_EQ(desk_.item().revision, 2);
}

}  // namespace
}  // namespace fristvakt::tests
