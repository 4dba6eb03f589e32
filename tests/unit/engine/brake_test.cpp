#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// The brake and the hold: what is not sent until a person has looked.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using workflows::MessageState;
using Lines = std::vector<std::string>;

/// `count` kommuner with one resource person each.
World crowd(int count, int brake) {
    World world;
    world.brake = brake;
    world.organisations = "sf,Statsforvalteren,embete,,,neutral,post@sf.example\n";
    world.contacts = "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n";
    world.participants = "[";
    for (int i = 1; i <= count; ++i) {
        const std::string id = "k" + std::to_string(100 + i);
        world.organisations += id + ",Kommune,kommune,,sf,nb,post@" + id + ".example\n";
        world.contacts += id + ",Person," + id + "@" + id + ".example,ressursperson,,,\n";
        world.participants += (i == 1 ? "" : ", ") + id;
    }
    world.participants += "]";
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: first, at: due - 14 days, to: [ressursperson], notice: reminder",
                     "id: second, at: due - 3 working days, to: [ressursperson], notice: "
                     "reminder-soon"});
    return world;
}

struct Gap {
    std::string name;
    int kommuner;
    std::size_t sent;
    std::size_t held;
};

TEST(Brake, LetsThroughExactlySoManyAfterAFirstStart) {
    for (const Gap& row : {Gap{"exactly_the_brake", 5, 5, 0}, Gap{"one_more", 6, 0, 6}}) {
        SCOPED_TRACE(row.name);
        Office office{crowd(row.kommuner, 5).load()};
        ASSERT_TRUE(office.start("2021-01-21T10:00").ok());  // After the last step: opened late.
        office.step("2021-01-21T10:00");
        EXPECT_EQ(office.sent().size(), row.sent);
        EXPECT_EQ(office.messages(MessageState::Held).size(), row.held);
        EXPECT_EQ(office.books().held, static_cast<std::int64_t>(row.held));
    }
}

TEST(Brake, CountsAFirstStartInTheEveningTheNextMorning) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-21T20:00").ok());
    office.run("2021-01-23");
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_EQ(office.messages(MessageState::Held).size(), 6U);
}

TEST(Brake, DoesNotCountWhatComesOnItsDay) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12");
    EXPECT_EQ(office.sent().size(), 6U);
}

TEST(Brake, DoesNotCountARequirementThatOpensLateOnItsDay) {
    World world = crowd(6, 5);
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-22, due: 2021-01-25, title: {nb: Plan, nn: "
        "Plan}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-23");
    EXPECT_EQ(office.sent().size(), 6U);
}

TEST(Brake, HoldsAfterAGapOfThreeWeeks) {
    for (const bool restart : {false, true}) {
        for (const Gap& row : {Gap{"exactly_the_brake", 5, 5, 0}, Gap{"one_more", 6, 0, 6}}) {
            SCOPED_TRACE(row.name + (restart ? " after a restart" : " without one"));
            Office office{crowd(row.kommuner, 5).load()};
            ASSERT_TRUE(office.start("2021-01-01").ok());
            office.run("2021-01-05");
            if (restart) {
                ASSERT_TRUE(office.crash(at("2021-01-25T10:00")).ok());
            }
            ASSERT_TRUE(office.step(at("2021-01-25T10:00")).ok());
            EXPECT_EQ(office.sent().size(), row.sent);
            EXPECT_EQ(office.messages(MessageState::Held).size(), row.held);
        }
    }
}

/// Put back after a slip: the deadline has moved, and all are to be told of it.
TEST(Brake, CountsWhatComesBackWithAReload) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.reload("2021-01-05T09:00", crowd(1, 5).load()).ok());
    World back = crowd(6, 5);
    back.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-02-12, title: {nb: Plan, nn: "
        "Plan}}\n";
    ASSERT_TRUE(office.reload("2021-01-06T09:00", back.load()).ok());
    office.step("2021-01-06T09:01");
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_EQ(office.messages(MessageState::Held).size(), 6U);
}

/// The crash comes between the reload and the first look with it.
TEST(Brake, CountsWhatAReloadBringsUpAfterACrashToo) {
    World before = crowd(6, 5);
    before.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: second, at: due - 3 working days, to: [ressursperson], notice: "
                     "reminder-soon"});
    Office office{before.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.reload("2021-01-11T08:20", crowd(6, 5).load()).ok());
    ASSERT_TRUE(office.crash(at("2021-01-11T08:21")).ok());
    ASSERT_TRUE(office.step(at("2021-01-11T08:21")).ok());
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_EQ(office.messages(MessageState::Held).size(), 6U);
}

TEST(Brake, CountsWhatWaitedForItsSlotWhenTheGapBegan) {
    // A second requirement, one day after the first, is over the budget and waits for Monday.
    World world = crowd(6, 5);
    world.nag_budget = 1;
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-26, title: {nb: "
        "Rapport, nn: Rapport}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-14");
    ASSERT_EQ(office.news().size(), 6U);
    ASSERT_EQ(office.messages(MessageState::Waiting).size(), 6U);  // For Monday the 18th.
    ASSERT_TRUE(office.crash(at("2021-01-19T10:00")).ok());
    ASSERT_TRUE(office.step(at("2021-01-19T10:00")).ok());
    EXPECT_EQ(office.news(), Lines{});
    EXPECT_EQ(office.messages(MessageState::Held).size(), 6U);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-19T10:30")).ok());
    office.step("2021-01-19T10:30");
    EXPECT_EQ(office.news().size(), 6U);
}

TEST(Brake, IsNotPulledBySlowSenders) {
    Office office{crowd(6, 5).load(),
                  nullptr,
                  {.demo_clock = false, .salt = {}, .cases_at_once = 500, .offered_max = 1}};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-11");
    // One message an hour: the last are long after their slot, yet nobody was away.
    for (const char* when : {"2021-01-11T08:00", "2021-01-11T09:30"}) {
        ASSERT_TRUE(office.step(at(when)).ok());
    }
    EXPECT_EQ(office.sent().size(), 6U);
    EXPECT_TRUE(office.messages(MessageState::Held).empty());
}

/// A late one, another, a late one: in no portion are there more than one, and yet they leave at
/// once.
TEST(Brake, CountsOverPortions) {
    const auto requirements = [](const char* of_first, const char* of_third) {
        return std::string{
                   "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-03-01, "
                   "title: {nb: Plan, nn: Plan}}\n"} +
               "  - {id: en, debtor: k101, workflow: plan, opens: 2021-01-04, due: " + of_first +
               ", title: {nb: Plan, nn: Plan}}\n" +
               "  - {id: to, debtor: k103, workflow: plan, opens: 2021-01-04, due: " + of_third +
               ", title: {nb: Plan, nn: Plan}}\n";
    };
    World world = crowd(3, 1);
    world.requirements = requirements("2021-03-01", "2021-03-01");
    Office office{world.load(),
                  nullptr,
                  {.demo_clock = false, .salt = {}, .cases_at_once = 500, .offered_max = 2}};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    world.requirements = requirements("2021-03-02", "2021-03-01");
    ASSERT_TRUE(office.reload("2021-01-15T18:00", world.load()).ok());
    ASSERT_TRUE(office
                    .raise("2021-01-15T18:30", "p/plan/k102", "more_time_given", Actor::Creditor,
                           {{"until", "2021-03-10"}})
                    .ok());
    world.requirements = requirements("2021-03-02", "2021-03-02");
    ASSERT_TRUE(office.reload("2021-01-15T19:00", world.load()).ok());
    office.run("2021-01-19");
    EXPECT_EQ(office.news(), (Lines{"2021-01-18 08:00 k101 !new-deadline:en/k101",
                                    "2021-01-18 08:00 k102 !new-deadline:plan/k102"}));
    const auto held = office.messages(MessageState::Held);
    ASSERT_EQ(held.size(), 1U);
    EXPECT_EQ(held.front().message.told.front().case_id, "p/to/k103");
}

TEST(Brake, AReloadCounts) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12");
    (void)office.news();
    World next = crowd(6, 5);
    next.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-29, title: {nb: Plan, nn: "
        "Plan}}\n";
    ASSERT_TRUE(office.reload("2021-01-12T10:00", next.load()).ok());
    office.run("2021-01-13");
    EXPECT_EQ(office.news(), Lines{});
    EXPECT_EQ(office.messages(MessageState::Held).size(), 6U);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-13T09:00")).ok());
    office.step("2021-01-13T09:00");
    EXPECT_EQ(office.news().front(), "2021-01-13 09:00 k101 !new-deadline:plan/k101");
}

TEST(Brake, WhatAPersonHasSeenAndWantedDoesNotCount) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12");
    (void)office.news();
    World next = crowd(6, 5);
    next.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-29, title: {nb: Plan, nn: "
        "Plan}}\n";
    ASSERT_TRUE(office.reload("2021-01-12T10:00", next.load(), "").ok()) << "without their name";
    office.run("2021-01-13");
    EXPECT_EQ(office.news().size(), 6U);
    EXPECT_EQ(office.messages(MessageState::Held).size(), 0U);
    // The next one, out of its folder, counts again.
    ASSERT_TRUE(office.reload("2021-01-13T10:00", crowd(6, 5).load()).ok());
    office.run("2021-01-14");
    EXPECT_EQ(office.messages(MessageState::Held).size(), 6U);
}

TEST(Brake, AReleaseSendsTheLatestOnlyAndOutsideTheWindowWaits) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.step(at("2021-01-12T10:00")).ok());  // `first` is a day late: held.
    ASSERT_EQ(office.messages(MessageState::Held).size(), 6U);
    office.run("2021-01-21");  // `second` comes on its day.
    EXPECT_EQ(office.news().size(), 6U);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-21T20:00")).ok());
    office.step("2021-01-21T20:00");
    office.run("2021-01-25");
    EXPECT_EQ(office.news(), Lines{});  // What a later step has said is not said again.
    EXPECT_EQ(office.books().superseded, 6);
    EXPECT_EQ(office.books().held, 0);
}

TEST(Brake, DoesNotHoldAgainTheCasesThatAPersonReleased) {
    World world = crowd(6, 5);
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: late, at: due + 3 working days, to: [ressursperson], notice: overdue"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-26T10:00").ok());  // After the deadline.
    office.run("2021-01-29T10:00");
    ASSERT_EQ(office.books().held, 6);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-29T10:00")).ok());
    office.step("2021-01-29T10:00");
    EXPECT_EQ(office.sent().size(), 6U);
    EXPECT_EQ(office.books().held, 0);
}

TEST(Brake, OneMessageIsReleasedByItsNumber) {
    Office office{crowd(6, 5).load()};
    ASSERT_TRUE(office.start("2021-01-21T10:00").ok());
    office.step("2021-01-21T10:00");
    const auto held = office.messages(MessageState::Held);
    ASSERT_EQ(held.size(), 6U);
    ASSERT_TRUE(
        office.engine().release(held[2].message.number, "test", at("2021-01-21T11:00")).ok());
    office.step("2021-01-21T11:00");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-21 11:00 k103 second:plan/k103"}));
    EXPECT_EQ(office.engine()
                  .release(held[2].message.number, "test", at("2021-01-21T11:00"))
                  .error()
                  .kind,
              workflows::ErrorKind::Conflict);
    EXPECT_EQ(office.engine().release(999, "test", at("2021-01-21T11:00")).error().kind,
              workflows::ErrorKind::NotFound);
}

TEST(Hold, StopsEverythingUntilItIsReleased) {
    World world;
    world.participants = "[by]";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    EXPECT_EQ(office.engine().hold("", "test", at("2021-01-01")).error().kind,
              workflows::ErrorKind::InvalidInput);
    ASSERT_TRUE(office.engine().hold("kurs", "test", at("2021-01-08T09:00")).ok());
    ASSERT_TRUE(office.raise("2021-01-12T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-13");
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_TRUE(office.engine().ledger().sending_on_hold);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-13T09:00")).ok());
    office.step("2021-01-13T09:00");
    // The reminder fell away with the claim; the answer had only been waiting.
    EXPECT_EQ(office.sent(), (Lines{"2021-01-13 09:00 kari !claim-noted:plan/by"}));
    EXPECT_FALSE(office.engine().ledger().sending_on_hold);
}

TEST(Release, OfACaseOpenedLateReachesThoseWhoHoldTheRoleNow) {
    World world;
    world.participants = "[by]";
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-02-01, "
        "title: {nb: Plan, nn: Plan}}\n";
    world.contacts =
        "by,Kari By,kari@by.example,ressursperson,,,2021-02-10\n"
        "by,Ada By,ada@by.example,ressursperson,,2021-02-10,\n"
        "by,Per By,per@by.example,skoleeier,,,\n"
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-02-03").ok());
    office.run("2021-02-11T09:00");
    ASSERT_EQ(office.books().held, 2);
    ASSERT_TRUE(office.engine().release(std::nullopt, "Ida", at("2021-02-11T09:00")).ok());
    office.step("2021-02-11T09:00");
    EXPECT_EQ(office.sent(), (std::vector<std::string>{"2021-02-11 09:00 ada due+6wd:plan/by",
                                                       "2021-02-11 09:00 per due+6wd:plan/by"}));
    EXPECT_EQ(office.books().waiting, 0);
}

TEST(Brake, CountsNothingThatHasBeenOvertaken) {
    const auto due = [](const std::string& day) {
        World world = crowd(3, 5);
        world.requirements = "  - {id: plan, workflow: plan, opens: 2021-01-04, due: " + day +
                             ", title: {nb: Plan, nn: Plan}}\n";
        return world.load();
    };
    Office office{due("2021-02-22")};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    office.run("2021-01-12T20:00");
    // Moved twice in one evening: each of the three has two messages, one of which says something.
    ASSERT_TRUE(office.reload("2021-01-12T20:00", due("2021-02-24")).ok());
    ASSERT_TRUE(office.reload("2021-01-12T20:10", due("2021-02-26")).ok());
    office.run("2021-01-13T12:00");
    EXPECT_EQ(office.sent().size(), 3U);
    EXPECT_EQ(office.messages(MessageState::Held).size(), 0U);
}

}  // namespace
}  // namespace fristvakt::tests
