#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// The week's digest to our own people: when, to whom, what it knows, and when it says nothing.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using workflows::MessageState;
using workflows::Reason;
using workflows::WeeklyDigest;
using Lines = std::vector<std::string>;

World with_digest() {
    World world;
    world.sending += "\nweekly_digest: {day: mon, at: \"07:30\"}";
    return world;
}

Lines digests(const Office& office) {
    Lines out;
    for (const auto& handed : office.handed_over) {
        if (handed.snapshot.digest && handed.accepted) {
            out.push_back(line_of(handed.snapshot));
        }
    }
    return out;
}

const WeeklyDigest& last_digest(const Office& office) {
    for (auto one = office.handed_over.rbegin(); one != office.handed_over.rend(); ++one) {
        if (one->snapshot.digest) {
            return *one->snapshot.digest;
        }
    }
    static const WeeklyDigest kNone;
    return kNone;
}

TEST(Digest, GoesEachMondayInWhichThereIsSomethingToSay) {
    Office office{with_digest().load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.run("2021-02-09");
    // What was due on the 25th: first what will be sent, then who is missing, then who is over.
    EXPECT_EQ(digests(office), (Lines{"2021-01-11 07:30 ida digest", "2021-01-18 07:30 ida digest",
                                      "2021-01-25 07:30 ida digest", "2021-02-01 07:30 ida digest",
                                      "2021-02-08 07:30 ida digest"}));
}

TEST(Digest, IsNotSentWhereNoneIsAskedFor) {
    Office office{World{}.load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.run("2021-02-09");
    EXPECT_EQ(digests(office), Lines{});
}

TEST(Digest, SaysWhoWaitsForUsWhoIsOverAndWhatGoesOut) {
    Office office{with_digest().load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    ASSERT_TRUE(office.raise("2021-01-29T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-02-02");
    const WeeklyDigest& digest = last_digest(office);
    EXPECT_EQ(digest.week, 5);
    ASSERT_EQ(digest.waiting.size(), 1U);
    EXPECT_EQ(digest.waiting.front().debtor_name, "By kommune");
    EXPECT_EQ(digest.waiting.front().answer_by, day("2021-02-05"));
    ASSERT_EQ(digest.overdue.size(), 2U);
    EXPECT_EQ(digest.overdue.front().debtor_name, "Dal kommune");
    EXPECT_EQ(digest.overdue.front().days_over, 7);
    EXPECT_EQ(digest.overdue.front().reminders_sent, 3);
    EXPECT_FALSE(digest.overdue.front().is_refused);
    // Tuesday's second reminder to the two that are over.
    ASSERT_FALSE(digest.sendings.empty());
    EXPECT_EQ(digest.sendings.front().day, day("2021-02-02"));
    EXPECT_FALSE(digest.is_calm());
}

TEST(Digest, SaysWhatIsDueInTheWeekAndWhoIsMissing) {
    Office office{with_digest().load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    ASSERT_TRUE(office.raise("2021-01-20T10:00", "p/plan/vik", "received", Actor::Creditor).ok());
    office.run("2021-01-26");
    const WeeklyDigest& digest = last_digest(office);
    ASSERT_EQ(digest.due.size(), 1U);
    EXPECT_EQ(digest.due.front().day, day("2021-01-25"));
    EXPECT_EQ(digest.due.front().missing, (Lines{"By kommune", "Dal kommune"}));
    EXPECT_EQ(digest.due_count, 2U);
    EXPECT_TRUE(digest.overdue.empty());
}

TEST(Digest, OfACalmWeekIsDroppedButEveryFourthIsASignOfLife) {
    Office office{with_digest().load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    for (const char* debtor : {"by", "dal", "vik"}) {
        ASSERT_TRUE(office
                        .raise("2021-01-07T10:00", std::string{"p/plan/"} + debtor, "received",
                               Actor::Creditor)
                        .ok());
    }
    office.run("2021-03-02");
    // Weeks 4 and 8.
    EXPECT_EQ(digests(office),
              (Lines{"2021-01-25 07:30 ida digest", "2021-02-22 07:30 ida digest"}));
    EXPECT_TRUE(last_digest(office).is_calm());
    const auto dropped = office.messages(MessageState::Dropped);
    ASSERT_FALSE(dropped.empty());
    EXPECT_EQ(dropped.front().message.reason, Reason::NothingToSay);
}

TEST(Digest, OfAFreeMondayComesOnTheNextWorkingDay) {
    World world = with_digest();
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-03-01, due: 2021-04-09, "
        "title: {nb: Plan, nn: Plan}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-03-30").ok());
    office.run("2021-04-10");
    EXPECT_EQ(digests(office), (Lines{"2021-04-06 07:30 ida digest"}));  // 5 April: Easter Monday.
}

TEST(Digest, ComesOnceHoweverOftenTheProgramStarts) {
    Office office{with_digest().load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.run("2021-01-11T07:31");
    ASSERT_TRUE(office.crash(at("2021-01-11T07:31")).ok());
    office.run("2021-01-12");
    ASSERT_TRUE(office.crash(at("2021-01-12")).ok());
    office.run("2021-01-16");
    EXPECT_EQ(digests(office), (Lines{"2021-01-11 07:30 ida digest"}));
}

TEST(Digest, MissedWhileTheProgramStoodComesWhenItStarts) {
    Office office{with_digest().load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.run("2021-01-12");
    ASSERT_TRUE(office.crash(at("2021-01-19T10:00")).ok());
    office.step("2021-01-19T10:00");
    EXPECT_EQ(digests(office),
              (Lines{"2021-01-11 07:30 ida digest", "2021-01-19 10:00 ida digest"}));
}

TEST(Digest, IsForWhoeverIsResponsible) {
    World world = with_digest();
    world.contacts += "sf,Odd Lie,odd@sf.example,saksbehandler,,,\n";
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-25, responsible: "
        "odd@sf.example, title: {nb: Plan, nn: Plan}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.run("2021-01-13");
    EXPECT_EQ(digests(office), (Lines{"2021-01-11 07:30 odd digest"}));
}

TEST(Digest, CountsAgainstNobodysBudgetAndWaitsForNoBrake) {
    World world = with_digest();
    world.nag_budget = 1;
    world.brake = 1;
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    ASSERT_TRUE(office.raise("2021-01-08T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-09");
    ASSERT_TRUE(office.crash(at("2021-01-11T10:00")).ok());
    office.step("2021-01-11T10:00");
    EXPECT_EQ(digests(office), (Lines{"2021-01-11 10:00 ida digest"}));
    EXPECT_EQ(office.messages(MessageState::Held).size(), 2U);
}

}  // namespace
}  // namespace fristvakt::tests
