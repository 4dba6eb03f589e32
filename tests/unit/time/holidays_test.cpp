#include "workflows/time/holidays.hpp"

#include <array>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2299;

/// Easter by Gauss's rule with his two exceptions: another way than the code under test goes.
Date easter_by_gauss(int year) {
    const int p = (13 + 8 * (year / 100)) / 25;
    const int m = (15 - p + year / 100 - year / 400) % 30;
    const int n = (4 + year / 100 - year / 400) % 7;
    const int d = (19 * (year % 19) + m) % 30;
    const int e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7;
    const bool moved_back = e == 6 && (d == 29 || (d == 28 && (11 * m + 11) % 30 < 19));
    return Date{cal::year{year} / 3 / 22} + days(d + e - (moved_back ? 7 : 0));
}

std::set<Date> red_days(int year) {
    const Date easter = easter_by_gauss(year);
    std::set<Date> red;
    for (const int after : {-3, -2, 0, 1, 39, 49, 50}) {
        red.insert(easter + days(after));
    }
    const cal::year in{year};
    red.insert({Date{in / 1 / 1}, Date{in / 5 / 1}, Date{in / 5 / 17}, Date{in / 12 / 25},
                Date{in / 12 / 26}});
    return red;
}

/// 0 is Monday; 1970-01-01 was a Thursday.
int weekday_by_counting(Date date) {
    return static_cast<int>(((date.time_since_epoch().count() + 3) % 7 + 7) % 7);
}

TEST(Easter, AgreesWithGaussFor400Years) {
    for (int year = kFirstYear; year <= kLastYear; ++year) {
        ASSERT_EQ(easter_sunday(year), easter_by_gauss(year)) << year;
        ASSERT_EQ(weekday_by_counting(easter_sunday(year)), 6) << year;
    }
}

TEST(Easter, BeforeAndBehindTheTable) {
    EXPECT_EQ(iso_date(easter_sunday(1818)), "1818-03-22");
    EXPECT_EQ(iso_date(easter_sunday(1886)), "1886-04-25");
    EXPECT_EQ(iso_date(easter_sunday(1943)), "1943-04-25");
    EXPECT_EQ(iso_date(easter_sunday(1954)), "1954-04-18");
    EXPECT_EQ(iso_date(easter_sunday(1981)), "1981-04-19");
    EXPECT_EQ(iso_date(easter_sunday(2285)), "2285-03-22");
    EXPECT_EQ(iso_date(easter_sunday(2500)), "2500-04-18");
}

TEST(Holidays, TheTableOf2026To2032) {
    const std::vector<std::vector<const char*>> years{
        {"2026-01-01", "2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-01",
         "2026-05-14", "2026-05-17", "2026-05-24", "2026-05-25", "2026-12-25", "2026-12-26"},
        {"2027-01-01", "2027-03-25", "2027-03-26", "2027-03-28", "2027-03-29", "2027-05-01",
         "2027-05-06", "2027-05-16", "2027-05-17", "2027-12-25", "2027-12-26"},
        {"2028-01-01", "2028-04-13", "2028-04-14", "2028-04-16", "2028-04-17", "2028-05-01",
         "2028-05-17", "2028-05-25", "2028-06-04", "2028-06-05", "2028-12-25", "2028-12-26"},
        {"2029-01-01", "2029-03-29", "2029-03-30", "2029-04-01", "2029-04-02", "2029-05-01",
         "2029-05-10", "2029-05-17", "2029-05-20", "2029-05-21", "2029-12-25", "2029-12-26"},
        {"2030-01-01", "2030-04-18", "2030-04-19", "2030-04-21", "2030-04-22", "2030-05-01",
         "2030-05-17", "2030-05-30", "2030-06-09", "2030-06-10", "2030-12-25", "2030-12-26"},
        {"2031-01-01", "2031-04-10", "2031-04-11", "2031-04-13", "2031-04-14", "2031-05-01",
         "2031-05-17", "2031-05-22", "2031-06-01", "2031-06-02", "2031-12-25", "2031-12-26"},
        {"2032-01-01", "2032-03-25", "2032-03-26", "2032-03-28", "2032-03-29", "2032-05-01",
         "2032-05-06", "2032-05-16", "2032-05-17", "2032-12-25", "2032-12-26"},
    };
    std::set<Date> expected;
    for (const auto& year : years) {
        for (const char* text : year) {
            expected.insert(day(text));
        }
    }
    for (Date date = day("2026-01-01"); date <= day("2032-12-31"); date += days(1)) {
        ASSERT_EQ(holiday_on(date).has_value(), expected.count(date) == 1) << iso_date(date);
    }
}

TEST(Holidays, EveryDayOf400Years) {
    for (int year = kFirstYear; year <= kLastYear; ++year) {
        const std::set<Date> red = red_days(year);
        const Date end{cal::year{year + 1} / 1 / 1};
        std::size_t counted = 0;
        for (Date date{cal::year{year} / 1 / 1}; date < end; date += days(1)) {
            const bool holiday = red.count(date) == 1;
            const bool free = holiday || weekday_by_counting(date) >= 5;
            ASSERT_EQ(holiday_on(date).has_value(), holiday) << iso_date(date);
            ASSERT_EQ(is_free_day(date), free) << iso_date(date);
            ASSERT_EQ(is_working_day(date), !free) << iso_date(date);
            ASSERT_EQ(is_holiday_or_sunday(date), holiday || weekday_by_counting(date) == 6);
            counted += holiday ? 1 : 0;
        }
        // Ascension on 1 May; on 17 May Ascension, Whit Sunday or Whit Monday.
        const auto in_march = (easter_sunday(year) - Date{cal::year{year} / 3 / 1}).count() + 1;
        const bool collide = in_march == 23 || in_march == 39 || in_march == 29 || in_march == 28;
        ASSERT_EQ(counted, collide ? 11U : 12U) << year;
    }
}

TEST(Holidays, WhereTwoFallTogetherTheFixedOneIsNamed) {
    EXPECT_EQ(holiday_on(day("2027-05-17")), Holiday::ConstitutionDay);  // and Whit Monday
    EXPECT_EQ(holiday_on(day("2008-05-01")), Holiday::LabourDay);        // and Ascension
    EXPECT_EQ(holiday_on(day("2007-05-17")), Holiday::ConstitutionDay);  // and Ascension
    EXPECT_EQ(holiday_on(day("2037-05-24")), Holiday::WhitSunday);
}

TEST(Holidays, NamesInBothMaalformer) {
    struct Row {
        const char* day;
        const char* name;
    };
    for (const Row& row : {Row{"2026-01-01", "nyttårsdag"}, Row{"2026-04-02", "skjærtorsdag"},
                           Row{"2026-04-03", "langfredag"}, Row{"2026-04-05", "1. påskedag"},
                           Row{"2026-04-06", "2. påskedag"}, Row{"2026-05-01", "1. mai"},
                           Row{"2026-05-17", "17. mai"}, Row{"2026-05-14", "Kristi himmelfartsdag"},
                           Row{"2026-05-24", "1. pinsedag"}, Row{"2026-05-25", "2. pinsedag"},
                           Row{"2026-12-25", "1. juledag"}, Row{"2026-12-26", "2. juledag"}}) {
        for (const Language language : {Language::Nb, Language::Nn}) {
            EXPECT_EQ(holiday_name(holiday_on(day(row.day)).value(), language), row.name);
            EXPECT_EQ(day_name(day(row.day), language), row.name);
        }
    }
    EXPECT_EQ(day_name(day("2026-12-12"), Language::Nb), "lørdag");
    EXPECT_EQ(day_name(day("2026-12-12"), Language::Nn), "laurdag");
}

TEST(Holidays, EvesAreWorkingDays) {
    for (const char* text : {"2026-12-24", "2026-12-31", "2026-04-01", "2027-12-31"}) {
        EXPECT_TRUE(is_working_day(day(text))) << text;
    }
}

TEST(WorkingDays, OnOrAfterAndOnOrBefore) {
    EXPECT_EQ(iso_date(working_day_on_or_after(day("2026-04-02"))), "2026-04-07");
    EXPECT_EQ(iso_date(working_day_on_or_before(day("2026-04-06"))), "2026-04-01");
    EXPECT_EQ(iso_date(working_day_on_or_after(day("2026-04-07"))), "2026-04-07");
    EXPECT_EQ(iso_date(working_day_on_or_before(day("2026-04-07"))), "2026-04-07");
    EXPECT_EQ(iso_date(working_day_on_or_after(day("2027-01-01"))), "2027-01-04");
}

TEST(WorkingDays, Counting) {
    struct Row {
        const char* from;
        int count;
        const char* to;
    };
    for (const Row& row : {Row{"2021-01-25", 0, "2021-01-25"}, Row{"2021-01-24", 0, "2021-01-24"},
                           Row{"2021-01-25", 1, "2021-01-26"}, Row{"2021-01-22", 1, "2021-01-25"},
                           Row{"2021-01-23", 1, "2021-01-25"}, Row{"2021-01-25", -1, "2021-01-22"},
                           Row{"2021-01-24", -1, "2021-01-22"}, Row{"2021-01-25", -3, "2021-01-20"},
                           Row{"2021-03-29", 5, "2021-04-08"}, Row{"2021-04-08", -5, "2021-03-29"},
                           Row{"2025-03-28", 20, "2025-04-30"}, Row{"2026-12-23", 3, "2026-12-29"},
                           Row{"2026-12-31", 1, "2027-01-04"}}) {
        EXPECT_EQ(iso_date(add_working_days(day(row.from), row.count)), row.to) << row.from;
    }
}

Date any_day() {
    return day("1900-01-01") + days(*rc::gen::inRange(0, 109'000));
}

RC_GTEST_PROP(WorkingDaysProperty, ThereAndBack, ()) {
    const Date from = working_day_on_or_after(any_day());
    const int count = *rc::gen::inRange(-300, 300);
    RC_ASSERT(add_working_days(add_working_days(from, count), -count) == from);
}

RC_GTEST_PROP(WorkingDaysProperty, InTwoStepsAsInOne, ()) {
    const Date from = any_day();
    const int one = *rc::gen::inRange(1, 100);
    const int two = *rc::gen::inRange(1, 100);
    RC_ASSERT(add_working_days(add_working_days(from, one), two) ==
              add_working_days(from, one + two));
}

RC_GTEST_PROP(WorkingDaysProperty, CountsEveryWorkingDayBetween, ()) {
    const Date from = any_day();
    const int count = *rc::gen::inRange(1, 100);
    const Date to = add_working_days(from, count);
    int between = 0;
    for (Date date = from + days(1); date <= to; date += days(1)) {
        between += is_working_day(date) ? 1 : 0;
    }
    RC_ASSERT(is_working_day(to));
    RC_ASSERT(between == count);
}

RC_GTEST_PROP(WorkingDaysProperty, TheNearestIsTheNearest, ()) {
    const Date date = any_day();
    const Date after = working_day_on_or_after(date);
    const Date before = working_day_on_or_before(date);
    RC_ASSERT(before <= date);
    RC_ASSERT(date <= after);
    RC_ASSERT((is_working_day(date) ? before : add_working_days(before, 1)) == after);
    // Maundy Thursday to Easter Monday is the longest there is.
    RC_ASSERT(after - before <= days(6));
}

}  // namespace
}  // namespace fristvakt::workflows
