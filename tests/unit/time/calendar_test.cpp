#include "workflows/time/calendar.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)

SoftPeriod romjul() {
    return {"romjul", {"romjul", "romjul"}, YearlyDates{cal::December / 24, cal::January / 1}};
}
SoftPeriod paaskeuke() {
    return {"paaskeuke", {"påskeuke", "påskeveke"}, EasterDays{-6, 1}};
}
SoftPeriod fellesferie() {
    return {"fellesferie", {"fellesferie", "fellesferie"}, IsoWeeks{28, 30}};
}

void expect_exactly(const SoftPeriod& period, const char* first, const char* last) {
    EXPECT_FALSE(contains(period, day(first) - days(1))) << first;
    for (Date date = day(first); date <= day(last); date += days(1)) {
        EXPECT_TRUE(contains(period, date)) << iso_date(date);
    }
    EXPECT_FALSE(contains(period, day(last) + days(1))) << last;
}

TEST(SoftPeriods, DatesMayRunOverNewYear) {
    expect_exactly(romjul(), "2026-12-24", "2027-01-01");
    expect_exactly({"juli", {}, YearlyDates{cal::July / 1, cal::July / 31}}, "2026-07-01",
                   "2026-07-31");
    expect_exactly({"en dag", {}, YearlyDates{cal::May / 18, cal::May / 18}}, "2026-05-18",
                   "2026-05-18");
}

TEST(SoftPeriods, TheLeapDayComesWhenItComes) {
    const SoftPeriod from{"fra", {}, YearlyDates{cal::February / 29, cal::March / 2}};
    expect_exactly(from, "2027-03-01", "2027-03-02");
    expect_exactly(from, "2028-02-29", "2028-03-02");
    const SoftPeriod to{"til", {}, YearlyDates{cal::February / 27, cal::February / 29}};
    expect_exactly(to, "2027-02-27", "2027-02-28");
    expect_exactly(to, "2028-02-27", "2028-02-29");
}

TEST(SoftPeriods, DaysFromEaster) {
    expect_exactly(paaskeuke(), "2026-03-30", "2026-04-06");
    expect_exactly(paaskeuke(), "2027-03-22", "2027-03-29");
    // So far before Easter that it lies in the year before.
    expect_exactly({"før", {}, EasterDays{-120, -110}}, "2026-11-28", "2026-12-08");
}

TEST(SoftPeriods, IsoWeeks) {
    expect_exactly(fellesferie(), "2026-07-06", "2026-07-26");
    expect_exactly(fellesferie(), "2027-07-12", "2027-08-01");
    // 2026 has 53 weeks; week 53 runs to 3 January 2027, week 1 of 2025 began in 2024.
    expect_exactly({"uke 53", {}, IsoWeeks{53, 53}}, "2026-12-28", "2027-01-03");
    expect_exactly({"uke 1", {}, IsoWeeks{1, 1}}, "2024-12-30", "2025-01-05");
    expect_exactly({"uke 1", {}, IsoWeeks{1, 1}}, "2027-01-04", "2027-01-10");
    expect_exactly({"over nyttår", {}, IsoWeeks{52, 1}}, "2026-12-21", "2027-01-10");
}

TEST(SoftPeriods, WeeksOf400YearsCountFromTheOneWithTheFirstThursday) {
    // Another way: walk from Monday to Monday and begin anew at the week with 4 January.
    Date monday = day("1900-01-01");
    int week = 1;
    while (monday < Date{cal::year{2300} / 1 / 1}) {
        const SoftPeriod only{"uke", {}, IsoWeeks{week, week}};
        for (int i = 0; i < 7; ++i) {
            ASSERT_TRUE(contains(only, monday + days(i))) << iso_date(monday) << " week " << week;
        }
        monday += days(7);
        const cal::year_month_day sunday{monday + days(6)};
        const bool holds_4_january = sunday.month() == cal::January &&
                                     sunday.day() >= cal::day{4} && sunday.day() < cal::day{11};
        week = holds_4_january ? 1 : week + 1;
        ASSERT_LE(week, 53);
    }
}

TEST(SoftPeriods, TheFirstThatHoldsTheDay) {
    const Calendar calendar{"norway", {romjul(), paaskeuke(), fellesferie()}};
    EXPECT_EQ(soft_period_on(day("2026-12-27"), calendar)->id, "romjul");
    EXPECT_EQ(soft_period_on(day("2026-07-08"), calendar)->id, "fellesferie");
    EXPECT_EQ(soft_period_on(day("2026-03-31"), calendar)->id, "paaskeuke");
    EXPECT_EQ(soft_period_on(day("2026-03-03"), calendar), nullptr);
    EXPECT_EQ(soft_period_on(day("2026-03-03"), Calendar{}), nullptr);
}

TEST(Semesters, BoundariesOfTheDefault) {
    const Calendar calendar;
    struct Row {
        const char* day;
        const char* id;
    };
    for (const Row& row : {Row{"2021-01-01", "2021-var"}, Row{"2021-07-31", "2021-var"},
                           Row{"2021-08-01", "2021-host"}, Row{"2021-12-31", "2021-host"},
                           Row{"2022-01-01", "2022-var"}}) {
        EXPECT_EQ(semester_id(semester_of(day(row.day), calendar).value()), row.id) << row.day;
    }
    EXPECT_EQ(iso_date(first_day({2021, Term::Spring}, calendar)), "2021-01-01");
    EXPECT_EQ(iso_date(last_day({2021, Term::Spring}, calendar)), "2021-07-31");
    EXPECT_EQ(iso_date(first_day({2021, Term::Autumn}, calendar)), "2021-08-01");
    EXPECT_EQ(iso_date(last_day({2021, Term::Autumn}, calendar)), "2021-12-31");
}

TEST(Semesters, ACalendarMayLeaveDaysOut) {
    Calendar calendar;
    calendar.spring = {cal::January / 4, cal::June / 20};
    calendar.autumn = {cal::August / 17, cal::December / 20};
    EXPECT_FALSE(semester_of(day("2021-01-03"), calendar));
    EXPECT_FALSE(semester_of(day("2021-07-01"), calendar));
    EXPECT_FALSE(semester_of(day("2021-12-21"), calendar));
    EXPECT_EQ(semester_of(day("2021-06-20"), calendar), (Semester{2021, Term::Spring}));
}

TEST(Semesters, OneThatRunsOverNewYearKeepsTheNameOfItsGreaterPart) {
    Calendar calendar;
    calendar.autumn = {cal::August / 15, cal::January / 10};
    calendar.spring = {cal::January / 11, cal::August / 14};
    EXPECT_EQ(semester_id(semester_of(day("2022-01-10"), calendar).value()), "2021-host");
    EXPECT_EQ(semester_id(semester_of(day("2022-01-11"), calendar).value()), "2022-var");
    EXPECT_EQ(iso_date(last_day({2021, Term::Autumn}, calendar)), "2022-01-10");
    calendar.spring = {cal::December / 20, cal::July / 31};
    calendar.autumn = {cal::August / 1, cal::December / 19};
    EXPECT_EQ(semester_id(semester_of(day("2021-12-20"), calendar).value()), "2022-var");
    EXPECT_EQ(iso_date(first_day({2022, Term::Spring}, calendar)), "2021-12-20");
    EXPECT_EQ(iso_date(last_day({2022, Term::Spring}, calendar)), "2022-07-31");
}

RC_GTEST_PROP(SemestersProperty, ADayLiesBetweenTheFirstAndTheLast, ()) {
    const Calendar calendar;
    const Date date = day("1900-01-01") + days(*rc::gen::inRange(0, 109'000));
    const auto semester = semester_of(date, calendar);
    RC_ASSERT(semester.has_value());
    RC_ASSERT(first_day(*semester, calendar) <= date);
    RC_ASSERT(date <= last_day(*semester, calendar));
}

}  // namespace
}  // namespace fristvakt::workflows
