#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/decision/desk.hpp"

/// What an event does to a case, and which are refused.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using workflows::ErrorKind;
using Fields = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

/// An event before the one that is tried.
struct Before {
    std::string when;
    std::string event;
    Actor by;
    Fields fields;
};

struct Accepted {
    std::string name;
    std::vector<Before> before;
    std::string event;
    Actor by;
    Fields fields;
    std::string state;
    std::string told;  ///< Notices, in order.
};

const Before kClaimed{"2021-01-11T10:00", "claimed", Actor::Debtor, {}};
const Before kReceived{"2021-01-12T10:00", "received", Actor::Creditor, {}};
const Before kAccepted{"2021-01-13T10:00", "accepted", Actor::Creditor, {}};
const Before kMoreTime{
    "2021-01-12T10:00", "more_time_given", Actor::Creditor, {{"until", "2021-02-12"}}};

void do_before(Desk& desk, const std::vector<Before>& events) {
    (void)desk.open("2021-01-04");
    for (const Before& one : events) {
        const auto raised = desk.raise(one.when, one.event, one.by, one.fields);
        EXPECT_TRUE(raised.ok()) << one.event << ": "
                                 << (raised.ok() ? "" : raised.error().message);
    }
}

std::string notices(const workflows::Decision& decision) {
    std::string text;
    for (const auto& telling : decision.tellings) {
        text += (text.empty() ? "" : " ") + telling.told.notice;
    }
    return text;
}

TEST(Events, TakeTheCaseOn) {
    for (const Accepted& row : {
             Accepted{"claim", {}, "claimed", Actor::Debtor, {}, "claimed", "claim-noted"},
             Accepted{"claim_by_the_operator",
                      {},
                      "claimed",
                      Actor::Operator,
                      {},
                      "claimed",
                      "claim-noted"},
             Accepted{"receipt", {}, "received", Actor::Creditor, {}, "received", "receipt"},
             Accepted{"receipt_spared",
                      {},
                      "received",
                      Actor::Creditor,
                      {{"receipt", "no"}},
                      "received",
                      ""},
             Accepted{"receipt_wished_for",
                      {},
                      "received",
                      Actor::Creditor,
                      {{"receipt", "yes"}},
                      "received",
                      "receipt"},
             Accepted{"receipt_after_a_claim",
                      {kClaimed},
                      "received",
                      Actor::Creditor,
                      {},
                      "received",
                      "receipt"},
             Accepted{
                 "not_found", {kClaimed}, "not_found", Actor::Creditor, {}, "awaited", "not-found"},
             Accepted{"undone", {kClaimed}, "undone", Actor::Debtor, {}, "awaited", ""},
             Accepted{
                 "exempted", {}, "exempted", Actor::Creditor, {{"reason", "small"}}, "exempt", ""},
             Accepted{"more_time",
                      {},
                      "more_time_given",
                      Actor::Creditor,
                      {{"until", "2021-02-12"}},
                      "awaited",
                      "new-deadline"},
             Accepted{"noted", {}, "noted", Actor::Debtor, {{"text", "hei"}}, "awaited", ""},
             Accepted{"noted_in_a_final_state",
                      {kReceived, kAccepted},
                      "noted",
                      Actor::Creditor,
                      {},
                      "accepted",
                      ""},
             Accepted{"paused", {}, "paused", Actor::Creditor, {}, "awaited", ""},
             Accepted{"withdrawn", {}, "withdrawn", Actor::Creditor, {}, "withdrawn", ""},
             Accepted{"reverted", {kClaimed}, "reverted", Actor::Creditor, {}, "awaited", ""},
             Accepted{"reverted_goes_one_back",
                      {kClaimed, kReceived},
                      "reverted",
                      Actor::Creditor,
                      {},
                      "claimed",
                      ""},
             Accepted{"reverted_out_of_a_final_state",
                      {kReceived, kAccepted},
                      "reverted",
                      Actor::Operator,
                      {},
                      "received",
                      ""},
             Accepted{"reverted_out_of_withdrawn",
                      {{"2021-01-12T10:00", "withdrawn", Actor::Creditor, {}}},
                      "reverted",
                      Actor::Creditor,
                      {},
                      "awaited",
                      ""},
             Accepted{"reverted_more_time_tells_the_old_deadline",
                      {kMoreTime},
                      "reverted",
                      Actor::Creditor,
                      {},
                      "awaited",
                      "new-deadline"},
         }) {
        SCOPED_TRACE(row.name);
        Desk desk{World{}.load()};
        do_before(desk, row.before);
        const auto raised = desk.raise("2021-01-14T12:00", row.event, row.by, row.fields);
        ASSERT_TRUE(raised.ok()) << raised.error().message;
        EXPECT_EQ(desk.item().state, row.state);
        EXPECT_EQ(notices(raised.value()), row.told);
        EXPECT_EQ(raised.value().to, row.state);
    }
}

TEST(Events, ADeadlineThatMovedIsToldThoughTheTransitionHasNoNotice) {
    const auto definitions = changed(World{}.load(), [](workflows::Definitions& all) {
        for (auto& workflow : all.workflows) {
            for (auto& state : workflow.states) {
                for (auto& transition : state.on) {
                    transition.notice = transition.event == "incomplete" ? "" : transition.notice;
                }
            }
        }
    });
    for (const auto& [until, told] : std::map<std::string, std::string>{
             {"2021-02-12", "new-deadline"}, {"2021-01-25", ""}, {"2021-01-23", ""}}) {
        Desk desk{definitions};
        do_before(desk, {kReceived});
        const auto raised = desk.raise("2021-01-14T12:00", "incomplete", Actor::Creditor,
                                       {{"until", until}, {"missing", "signature"}});
        ASSERT_TRUE(raised.ok()) << raised.error().message;
        EXPECT_EQ(notices(raised.value()), told) << until;
        EXPECT_EQ(desk.item().due_version, told.empty() ? 1 : 2);
    }
}

TEST(Events, FreeTextThatIsToldStandsWhereItCanBeErased) {
    Desk desk{World{}.load()};
    do_before(desk, {kReceived});
    const auto raised = desk.raise("2021-01-14T12:00", "incomplete", Actor::Creditor,
                                   {{"until", "2021-02-12"}, {"missing", "Karis underskrift"}});
    ASSERT_TRUE(raised.ok()) << raised.error().message;
    const auto& telling = raised.value().tellings.front();
    EXPECT_EQ(telling.told.texts, (Fields{{"missing", "Karis underskrift"}}));
    EXPECT_EQ(telling.told.fields, (Fields{{"until", "2021-02-12"}, {"version", "2"}}));
}

struct Refused {
    std::string name;
    std::vector<Before> before;
    std::string event;
    Actor by;
    Fields fields;
    ErrorKind kind;
    std::string says;
};

TEST(Events, AreRefusedAndChangeNothing) {
    for (const Refused& row : {
             Refused{"debtor_registers",
                     {},
                     "received",
                     Actor::Debtor,
                     {},
                     ErrorKind::InvalidInput,
                     "the debtor may not raise received"},
             Refused{"creditor_claims",
                     {},
                     "claimed",
                     Actor::Creditor,
                     {},
                     ErrorKind::InvalidInput,
                     "the creditor may not raise claimed"},
             Refused{"receipt_perhaps",
                     {},
                     "received",
                     Actor::Creditor,
                     {{"receipt", "perhaps"}},
                     ErrorKind::InvalidInput,
                     "receipt is 'perhaps'; write yes or no"},
             Refused{"no_receipt_but_the_news_that_it_is_still_owed",
                     {kClaimed},
                     "not_found",
                     Actor::Creditor,
                     {{"receipt", "no"}},
                     ErrorKind::InvalidInput,
                     "tells them what they still owe"},
             Refused{"wrong_state",
                     {},
                     "accepted",
                     Actor::Creditor,
                     {},
                     ErrorKind::Conflict,
                     "possible: claimed, received"},
             Refused{"final_state",
                     {kReceived, kAccepted},
                     "received",
                     Actor::Creditor,
                     {},
                     ErrorKind::Conflict,
                     "accepted"},
             Refused{"unknown",
                     {},
                     "recieved",
                     Actor::Creditor,
                     {},
                     ErrorKind::NotFound,
                     "knows no event recieved"},
             Refused{"missing_field",
                     {},
                     "exempted",
                     Actor::Creditor,
                     {},
                     ErrorKind::InvalidInput,
                     "needs the field reason"},
             Refused{"empty_field",
                     {},
                     "exempted",
                     Actor::Creditor,
                     {{"reason", ""}},
                     ErrorKind::InvalidInput,
                     "needs the field reason"},
             Refused{"missing_date",
                     {},
                     "more_time_given",
                     Actor::Creditor,
                     {},
                     ErrorKind::InvalidInput,
                     "needs the field until"},
             Refused{"no_date",
                     {},
                     "more_time_given",
                     Actor::Creditor,
                     {{"until", "12.02.2021"}},
                     ErrorKind::InvalidInput,
                     "is no date"},
             Refused{"no_such_date",
                     {},
                     "more_time_given",
                     Actor::Creditor,
                     {{"until", "2021-02-30"}},
                     ErrorKind::InvalidInput,
                     "is no date"},
             Refused{"past_date",
                     {},
                     "more_time_given",
                     Actor::Creditor,
                     {{"until", "2021-01-13"}},
                     ErrorKind::InvalidInput,
                     "has passed"},
             Refused{"debtor_pauses",
                     {},
                     "paused",
                     Actor::Debtor,
                     {},
                     ErrorKind::InvalidInput,
                     "the debtor may not"},
             Refused{"debtor_withdraws",
                     {},
                     "withdrawn",
                     Actor::Debtor,
                     {},
                     ErrorKind::InvalidInput,
                     "the debtor may not"},
             Refused{"debtor_reverts",
                     {kReceived},
                     "reverted",
                     Actor::Debtor,
                     {},
                     ErrorKind::InvalidInput,
                     "the debtor may not"},
             Refused{"pause_until_the_past",
                     {},
                     "paused",
                     Actor::Creditor,
                     {{"until", "2021-01-13"}},
                     ErrorKind::InvalidInput,
                     "no date from today"},
             Refused{"pause_in_a_final_state",
                     {kReceived, kAccepted},
                     "paused",
                     Actor::Creditor,
                     {},
                     ErrorKind::Conflict,
                     "closed"},
             Refused{"resume_what_runs",
                     {},
                     "resumed",
                     Actor::Creditor,
                     {},
                     ErrorKind::Conflict,
                     "not paused"},
             Refused{"revert_nothing",
                     {},
                     "reverted",
                     Actor::Creditor,
                     {},
                     ErrorKind::Conflict,
                     "nothing"},
             Refused{"revert_twice",
                     {kClaimed, {"2021-01-12T10:00", "reverted", Actor::Creditor, {}}},
                     "reverted",
                     Actor::Creditor,
                     {},
                     ErrorKind::Conflict,
                     "nothing"},
             Refused{"programs_own",
                     {},
                     "opened",
                     Actor::Operator,
                     {},
                     ErrorKind::InvalidInput,
                     "never from outside"},
         }) {
        SCOPED_TRACE(row.name);
        Desk desk{World{}.load()};
        do_before(desk, row.before);
        (void)desk.advance("2021-01-14T11:00");
        const auto before = desk.item();
        const auto raised = desk.raise("2021-01-14T12:00", row.event, row.by, row.fields);
        ASSERT_FALSE(raised.ok());
        EXPECT_EQ(raised.error().kind, row.kind) << raised.error().message;
        EXPECT_NE(raised.error().message.find(row.says), std::string::npos)
            << raised.error().message;
        EXPECT_EQ(desk.item(), before);
    }
}

TEST(Events, AFieldThatNoneHasIsRefused) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    const auto before = desk.item();
    const auto misspelt = desk.raise("2021-01-12T10:00", "received", Actor::Creditor,
                                     {{"recieved_on", "2021-01-11"}});
    ASSERT_FALSE(misspelt.ok());
    EXPECT_EQ(misspelt.error().kind, ErrorKind::InvalidInput);
    EXPECT_EQ(misspelt.error().code, "unknown-field:recieved_on");
    EXPECT_NE(misspelt.error().message.find("write received_on"), std::string::npos);
    EXPECT_EQ(desk.raise("2021-01-12T10:00", "withdrawn", Actor::Creditor, {{"dryrun", "yes"}})
                  .error()
                  .code,
              "unknown-field:dryrun");
    EXPECT_EQ(desk.item(), before);
}

TEST(Events, WhatWasSentBackIsKnownUntilItIsUndone) {
    Desk desk{World{}.load()};
    do_before(desk, {kReceived,
                     {"2021-01-13T10:00",
                      "incomplete",
                      Actor::Creditor,
                      {{"missing", "Vedlegg"}, {"until", "2021-02-12"}}}});
    EXPECT_EQ(desk.item().fields.at("returned_on"), "2021-01-13");
    ASSERT_TRUE(desk.raise("2021-01-13T11:00", "reverted", Actor::Creditor, {}).ok());
    EXPECT_FALSE(desk.item().fields.contains("returned_on"));
}

TEST(Events, SomebodyElseWasFirst) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    const int seen = desk.item().revision;
    workflows::Event event;
    event.case_id = desk.item().id;
    event.name = "received";
    event.by = Actor::Creditor;
    event.expected_revision = seen;
    ASSERT_TRUE(desk.raise("2021-01-11T10:00", "claimed", Actor::Debtor).ok());
    workflows::PersonIds persons{""};
    const workflows::RefusedAddresses refused;
    const auto definitions = World{}.load();
    const auto raised = workflows::raise(desk.file, event, at("2021-01-11T10:01"),
                                         {*definitions, persons, refused});
    ASSERT_FALSE(raised.ok());
    EXPECT_EQ(raised.error().kind, ErrorKind::Conflict);
    EXPECT_NE(raised.error().message.find("moved on"), std::string::npos);
}

TEST(Events, FreeTextStandsWhereItCanBeErased) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    const auto raised = desk.raise("2021-01-11T10:00", "exempted", Actor::Creditor,
                                   {{"reason", "Kari er syk"}, {"until", "2021-02-12"}});
    ASSERT_TRUE(raised.ok());
    const auto& entries = raised.value().entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [](const auto& one) { return one.event == "exempted"; });
    ASSERT_NE(found, entries.end());
    const auto& entry = *found;
    EXPECT_EQ(entry.aside, (Fields{{"reason", "Kari er syk"}}));
    EXPECT_EQ(entry.data.at("until"), "2021-02-12");
}

TEST(Events, TheFreeDayRuleAppliesToAGrantedDate) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-11T10:00", "more_time_given", Actor::Creditor,
                           {{"until", "2021-02-13"}})
                    .ok());
    EXPECT_EQ(workflows::iso_date(desk.item().due->date), "2021-02-15");
}

TEST(Events, APauseRestsTheLadderAndMissedStepsAreSuppressed) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-11T08:00");
    ASSERT_TRUE(
        desk.raise("2021-01-11T09:00", "paused", Actor::Creditor, {{"until", "2021-01-25"}}).ok());
    EXPECT_EQ(desk.item().next_at, at("2021-01-26"));
    (void)desk.advance("2021-01-26T08:00");
    EXPECT_EQ(desk.planned(),
              (Lines{"v1 due-14d kari suppressed (paused)", "v1 due-3wd kari suppressed (paused)",
                     "v1 due+1wd kari waiting (due)"}));
}

TEST(Events, APauseWithoutAnEndLastsUntilItIsResumed) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-08T09:00", "paused", Actor::Creditor).ok());
    EXPECT_FALSE(desk.item().next_at.has_value());
    ASSERT_TRUE(desk.raise("2021-01-20T08:00", "resumed", Actor::Creditor).ok());
    (void)desk.advance("2021-01-20T08:00");
    EXPECT_EQ(desk.planned(),
              (Lines{"v1 due-14d kari suppressed (paused)", "v1 due-3wd kari waiting (due)"}));
}

TEST(Events, APauseThatEndsAsAStepFallsDueDoesNotSwallowIt) {
    World world;
    world.window = R"({days: working, hours: "00:00-16:00"})";
    Desk desk{world.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(
        desk.raise("2021-01-12T09:00", "paused", Actor::Creditor, {{"until", "2021-01-19"}}).ok());
    (void)desk.advance("2021-01-21");
    EXPECT_EQ(desk.planned().back(), "v1 due-3wd kari waiting (due)");
}

TEST(Events, UndoingGivesTheStateItsOwnDeadlineBack) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-11T10:00", "claimed", Actor::Debtor).ok());
    const auto claimed_until = desk.item().state_deadline->ends_at;
    ASSERT_TRUE(desk.raise("2021-01-13T10:00", "received", Actor::Creditor).ok());
    ASSERT_TRUE(desk.raise("2021-01-13T10:05", "reverted", Actor::Creditor).ok());
    EXPECT_EQ(desk.item().state_deadline->ends_at, claimed_until);
    (void)desk.advance("2021-01-30");
    EXPECT_EQ(desk.item().state, "awaited");
    EXPECT_TRUE(desk.item().softened);
}

TEST(Events, AnAnswerThatNobodyGaveIsNotUndone) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-11T10:00", "claimed", Actor::Debtor).ok());
    (void)desk.advance("2021-01-20");
    ASSERT_EQ(desk.item().state, "awaited");
    EXPECT_FALSE(desk.raise("2021-01-20T09:00", "reverted", Actor::Creditor).ok());
}

TEST(Events, TheCreditorsAnswerEndsTheSoftening) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-11T10:00", "claimed", Actor::Debtor).ok());
    (void)desk.advance("2021-01-20");
    ASSERT_TRUE(desk.item().softened);
    ASSERT_TRUE(desk.raise("2021-01-20T07:00", "more_time_given", Actor::Creditor,
                           {{"until", "2021-02-12"}})
                    .ok());
    EXPECT_FALSE(desk.item().softened);
}

TEST(Events, AfterASilentCreditorTheDebtorAloneIsReminded) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-20T08:00");
    ASSERT_TRUE(desk.raise("2021-01-22T10:00", "claimed", Actor::Debtor).ok());
    const auto decision = desk.advance("2021-02-20");
    EXPECT_EQ(desk.planned(),
              (Lines{"v1 due-14d kari superseded (later step)",
                     "v1 due-3wd kari superseded (case moved on)",
                     "claimed.2 due-2wd ida superseded (case moved on)",
                     "~v1 due+1wd kari superseded (case was not waiting for the recipient)",
                     "~v1 due+6wd kari waiting (due)"}));
    ASSERT_EQ(decision.claims.size(), 1U);
    EXPECT_TRUE(decision.claims.front().reminder.softened);
    EXPECT_TRUE(decision.claims.front().copy.empty());
}

TEST(Events, AfterASilentCreditorNobodyIsCopied) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-14T10:00", "claimed", Actor::Debtor).ok());
    const auto decision = desk.advance("2021-01-26T08:00");
    EXPECT_EQ(desk.planned().back(), "~v1 due+1wd kari waiting (due)");
    ASSERT_EQ(decision.claims.size(), 1U);
    EXPECT_TRUE(decision.claims.front().copy.empty());
    EXPECT_TRUE(decision.claims.front().reminder.copies.empty());
}

TEST(Events, WhatWaitedIsSettledAsTheStateIsLeft) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-11T08:00");
    ASSERT_EQ(desk.planned(), (Lines{"v1 due-14d kari waiting (due)"}));
    ASSERT_TRUE(desk.raise("2021-01-11T08:00", "received", Actor::Creditor).ok());
    EXPECT_EQ(desk.planned(), (Lines{"v1 due-14d kari superseded (case moved on)"}));
}

TEST(Events, StepsMissedWhileClaimedAreSuperseded) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-11T08:00");
    ASSERT_TRUE(desk.raise("2021-01-19T10:00", "claimed", Actor::Debtor).ok());
    const auto answered = desk.raise("2021-01-21T10:00", "not_found", Actor::Creditor);
    ASSERT_TRUE(answered.ok());
    EXPECT_EQ(notices(answered.value()), "not-found");
    EXPECT_EQ(desk.planned(),
              (Lines{"v1 due-14d kari superseded (case moved on)",
                     "v1 due-3wd kari superseded (case was not waiting for the recipient)"}));
    (void)desk.advance("2021-01-26T08:00");
    EXPECT_EQ(desk.planned().back(), "v1 due+1wd kari waiting (due)");
}

TEST(Events, AStepBeforeTheDeadlineIsNothingAfterIt) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-20T08:00");
    (void)desk.advance("2021-01-26");
    EXPECT_EQ(desk.planned(), (Lines{"v1 due-14d kari superseded (later step)",
                                     "v1 due-3wd kari superseded (deadline passed)"}));
}

TEST(Events, WhatReachesNobodyWhenItsPauseIsUndoneStaysPaused) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-11T08:00");
    ASSERT_TRUE(desk.raise("2021-01-12T10:00", "paused", Actor::Creditor).ok());
    desk.refused = {"kari@by.example", "post@by.example"};
    ASSERT_TRUE(desk.raise("2021-01-13T10:00", "reverted", Actor::Creditor).ok());
    desk.refused.clear();
    ASSERT_TRUE(desk.raise("2021-01-14T10:00", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(desk.raise("2021-01-14T11:00", "not_found", Actor::Creditor).ok());
    EXPECT_EQ(desk.planned(), (Lines{"v1 due-14d kari suppressed (paused)"}));
}

TEST(Events, APauseThatEndedWhileTheCaseWasClosedEndsWhenItIsOpenedAgain) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(
        desk.raise("2021-01-05T10:00", "paused", Actor::Creditor, {{"until", "2021-01-08"}}).ok());
    ASSERT_TRUE(
        desk.raise("2021-01-06T10:00", "exempted", Actor::Creditor, {{"reason", "nedlagt"}}).ok());
    ASSERT_TRUE(desk.raise("2021-01-20T10:00", "reverted", Actor::Creditor).ok());
    const auto decision = desk.advance("2021-01-20T11:00");
    EXPECT_FALSE(desk.file.item.paused);
    ASSERT_FALSE(decision.entries.empty());
    EXPECT_EQ(decision.entries.front().event, "resumed");
    EXPECT_EQ(clock(decision.entries.front().at), "2021-01-20 10:00");
}

}  // namespace
}  // namespace fristvakt::tests
