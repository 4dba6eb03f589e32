#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/decision/desk.hpp"

/// When the steps of a ladder fire, and which of them no longer count.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using Lines = std::vector<std::string>;

DefinitionsPtr with_due(
    const std::string& opens, const std::string& due, const std::vector<std::string>& steps,
    const std::string& window =
        R"({days: working, hours: "08:00-16:00", avoid: [romjul, fellesferie]})",
    const std::string& rule = "next_working_day") {
    World world;
    world.window = window;
    world.period = "{from: 2015-01-01, to: 2044-12-31}";
    world.requirements = "  - {id: plan, workflow: plan, opens: " + opens + ", due: " + due +
                         ", if_free_day: " + rule + ", title: {nb: Plan, nn: Plan}}\n";
    world.more["ladders/standard.yaml"] = ladder_file("standard", steps);
    return world.load();
}

struct Row {
    std::string name;
    std::string opens;
    std::string due;
    std::string at;      ///< Of the only step.
    std::string opened;  ///< When the case was opened in fact.
    std::string expected;
    std::string window{R"({days: working, hours: "08:00-16:00", avoid: [romjul, fellesferie]})"};
    std::string rule{"next_working_day"};
};

const std::string kAllDays = R"({days: all, hours: "08:00-16:00"})";

TEST(Occurrences, FallOnSendingDays) {
    for (const Row& row : {
             Row{"on_its_day", "2021-01-04", "2021-01-25", "due - 3 working days", "2021-01-04",
                 "2021-01-20 08:00"},
             Row{"before_the_deadline_saturday_goes_earlier", "2021-01-04", "2021-01-25",
                 "due - 2 days", "2021-01-04", "2021-01-22 08:00"},
             Row{"before_the_deadline_sunday_goes_earlier", "2021-01-04", "2021-01-25",
                 "due - 1 day", "2021-01-04", "2021-01-22 08:00"},
             Row{"on_the_deadline", "2021-01-04", "2021-01-25", "due", "2021-01-04",
                 "2021-01-25 08:00"},
             Row{"after_the_deadline_saturday_goes_later", "2021-01-04", "2021-01-25",
                 "due + 5 days", "2021-01-04", "2021-02-01 08:00"},
             Row{"before_easter_goes_before_it", "2021-03-01", "2021-04-12", "due - 7 days",
                 "2021-03-01", "2021-03-31 08:00"},
             Row{"before_easter_week_when_it_is_avoided", "2021-03-01", "2021-04-12",
                 "due - 7 days", "2021-03-01", "2021-03-26 08:00",
                 R"({days: working, hours: "08:00-16:00", avoid: [paskeuke]})"},
             Row{"after_good_friday_goes_behind_easter", "2021-03-01", "2021-03-25", "due + 8 days",
                 "2021-03-01", "2021-04-06 08:00"},
             Row{"romjul_before_the_deadline", "2020-12-01", "2021-01-11", "due - 14 days",
                 "2020-12-01", "2020-12-23 08:00"},
             Row{"romjul_after_the_deadline", "2020-12-01", "2020-12-22", "due + 7 days",
                 "2020-12-01", "2021-01-04 08:00"},
             Row{"fellesferie_before_the_deadline", "2021-06-01", "2021-08-09", "due - 14 days",
                 "2021-06-01", "2021-07-09 08:00"},
             Row{"fellesferie_after_the_deadline", "2021-06-01", "2021-07-01", "due + 14 days",
                 "2021-06-01", "2021-08-02 08:00"},
             Row{"17_may", "2021-05-03", "2021-05-18", "due - 1 day", "2021-05-03",
                 "2021-05-14 08:00"},
             Row{"not_before_it_opened", "2021-01-23", "2021-01-25", "due - 1 day", "2021-01-23",
                 "2021-01-25 08:00"},
             Row{"not_before_the_hour_it_opened", "2021-01-22", "2021-01-25", "due - 2 days",
                 "2021-01-22T12:00", "2021-01-25 08:00"},
             Row{"earlier_on_the_day_it_opened", "2021-01-22", "2021-01-25", "due - 2 days",
                 "2021-01-22", "2021-01-22 08:00"},
             Row{"all_days_are_sending_days", "2021-01-04", "2021-01-25", "due - 2 days",
                 "2021-01-04", "2021-01-23 08:00", kAllDays},
             Row{"time_of_the_window", "2021-01-04", "2021-01-25", "due - 3 working days",
                 "2021-01-04", "2021-01-20 10:30", R"({days: working, hours: "10:30-12:00"})"},
             Row{"counts_from_the_moved_deadline", "2021-01-04", "2021-01-23",
                 "due + 1 working day", "2021-01-04", "2021-01-26 08:00"},
             Row{"counts_from_a_kept_deadline", "2021-01-04", "2021-01-23", "due + 1 working day",
                 "2021-01-04", "2021-01-25 08:00", R"({days: working, hours: "08:00-16:00"})",
                 "keep"},
             Row{"counts_from_an_advanced_deadline", "2021-01-04", "2021-01-23",
                 "due + 1 working day", "2021-01-04", "2021-01-25 08:00",
                 R"({days: working, hours: "08:00-16:00"})", "previous_working_day"},
             Row{"summer_time", "2021-03-01", "2021-06-14", "due - 14 days", "2021-03-01",
                 "2021-05-31 08:00"},
             Row{"after_2037", "2040-06-01", "2040-08-20", "due - 3 working days", "2040-06-01",
                 "2040-08-15 08:00"},
         }) {
        SCOPED_TRACE(row.name);
        Desk desk{with_due(row.opens, row.due,
                           {"id: only, at: " + row.at + ", to: [ressursperson], notice: " +
                            (row.at.find('+') == std::string::npos ? "reminder" : "overdue")},
                           row.window, row.rule)};
        (void)desk.open(row.opened);
        EXPECT_EQ(desk.occurrences(), (Lines{"v1 only " + row.expected}));
    }
}

TEST(Occurrences, KeepTheirOwnTimeOfDay) {
    Desk desk{
        with_due("2021-01-04", "2021-01-25",
                 {"id: noon, at: due, to: [ressursperson], notice: reminder, time: \"12:00\""})};
    (void)desk.open("2021-01-04");
    EXPECT_EQ(desk.occurrences(), (Lines{"v1 noon 2021-01-25 12:00"}));
}

const std::vector<std::string> kThree{
    "id: due-14d, at: due - 14 days, to: [ressursperson], notice: reminder",
    "id: due-3wd, at: due - 3 working days, to: [ressursperson], notice: reminder-soon",
    "id: due+1wd, at: due + 1 working day, to: [ressursperson], notice: overdue"};

TEST(Occurrences, BeforeTheOpeningAreSuperseded) {
    Desk desk{with_due("2021-01-04", "2021-01-25", kThree)};
    (void)desk.open("2021-01-12T09:00");
    EXPECT_EQ(desk.occurrences(),
              (Lines{"v1 due-14d 2021-01-11 08:00 (before the case opened)",
                     "v1 due-3wd 2021-01-20 08:00", "v1 due+1wd 2021-01-26 08:00"}));
    EXPECT_EQ(desk.planned(), (Lines{"v1 due-14d kari superseded (before the case opened)"}));
}

TEST(Occurrences, TheLastBeforeTheDeadlineFiresWhenNoneRemains) {
    struct Late {
        std::string name;
        std::string opened;
        std::string expected;
    };
    for (const Late& row : {
             Late{"in_the_window_at_once", "2021-01-21T11:30", "2021-01-21 11:30 late"},
             Late{"at_night_the_next_morning", "2021-01-21T22:00", "2021-01-22 08:00 late"},
             Late{"on_saturday_monday_morning", "2021-01-23T10:00", "2021-01-25 08:00 late"},
             Late{"on_the_last_day", "2021-01-25T15:59", "2021-01-25 15:59 late"},
             Late{"after_the_last_window_not", "2021-01-25T16:00",
                  "2021-01-20 08:00 (before the case opened)"},
         }) {
        SCOPED_TRACE(row.name);
        Desk desk{with_due("2021-01-04", "2021-01-25", kThree)};
        (void)desk.open(row.opened);
        std::string late;
        for (const std::string& line : desk.occurrences()) {
            late = line.starts_with("v1 due-3wd ") ? line.substr(11) : late;
        }
        EXPECT_EQ(late, row.expected);
        (void)desk.advance("2021-01-26");
        EXPECT_EQ(desk.keys().size(), 2U);
    }
}

TEST(Occurrences, NothingIsSentOfACaseOpenedAfterItsDeadline) {
    Desk desk{with_due("2021-01-04", "2021-01-25", kThree)};
    (void)desk.open("2021-01-26T07:00");
    EXPECT_TRUE(desk.item().held);
    const auto decision = desk.advance("2021-01-26T08:00");
    EXPECT_TRUE(decision.claims.empty());
    EXPECT_EQ(desk.planned(), (Lines{"v1 due-14d kari superseded (before the case opened)",
                                     "v1 due-3wd kari superseded (before the case opened)",
                                     "v1 due+1wd kari held (opened after its deadline)"}));
}

TEST(Occurrences, StartAnewUnderANewVersionOfTheDeadline) {
    Desk desk{with_due("2021-01-04", "2021-01-25", kThree)};
    (void)desk.open("2021-01-04");
    (void)desk.advance("2021-01-21");
    ASSERT_TRUE(desk.raise("2021-01-21T11:00", "more_time_given", Actor::Creditor,
                           {{"until", "2021-02-02"}})
                    .ok());
    EXPECT_EQ(desk.occurrences(),
              (Lines{"v2 due-14d 2021-01-19 08:00 (before the deadline began to count)",
                     "v2 due-3wd 2021-01-28 08:00", "v2 due+1wd 2021-02-03 08:00"}));
}

TEST(Occurrences, OfAStatesOwnDeadlineCarryTheEntry) {
    Desk desk{World{}.load()};
    (void)desk.open("2021-01-04");
    ASSERT_TRUE(desk.raise("2021-01-22T10:00", "claimed", Actor::Debtor).ok());
    EXPECT_EQ(desk.occurrences(), (Lines{"claimed.2 due-2wd 2021-01-27 08:00"}));
    ASSERT_TRUE(desk.raise("2021-01-22T11:00", "undone", Actor::Debtor).ok());
    ASSERT_TRUE(desk.raise("2021-01-22T12:00", "claimed", Actor::Debtor).ok());
    EXPECT_EQ(desk.occurrences(), (Lines{"claimed.4 due-2wd 2021-01-27 08:00"}));
}

TEST(Occurrences, TwoOnOneSendingDayOnlyTheLaterSpeaks) {
    // Both fall on a weekend and move to Friday.
    Desk desk{
        with_due("2021-01-04", "2021-01-25",
                 {"id: b-first, at: due - 2 days, to: [ressursperson], notice: reminder",
                  "id: a-second, at: due - 1 day, to: [ressursperson], notice: reminder-soon"})};
    (void)desk.open("2021-01-04");
    const auto decision = desk.advance("2021-01-22T08:00");
    EXPECT_EQ(desk.planned(),
              (Lines{"v1 b-first kari superseded (later step)", "v1 a-second kari waiting (due)"}));
    EXPECT_EQ(decision.claims.size(), 1U);
}

}  // namespace
}  // namespace fristvakt::tests
