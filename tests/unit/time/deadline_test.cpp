#include "workflows/time/deadline.hpp"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)

const Anchors& anchors() {
    static const Anchors kAnchors{{"due", day("2021-01-25")},
                                  {"entered", local("2021-01-20T14:30")},
                                  {"start", local("2021-03-23T09:00")}};
    return kAnchors;
}

Deadline deadline(std::string_view text, FreeDayRule rule = FreeDayRule::NextWorkingDay) {
    return evaluate(parse_deadline(text).value(), anchors(), rule, oslo()).value();
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += (text.empty() ? "" : "\n") + line;
    }
    return text;
}

// --- domstolloven §§ 148 and 149 ---------------------------------------------------------------

struct Counted {
    const char* name;
    const char* text;
    const char* date;   ///< Before the free-day rule.
    const char* moved;  ///< After § 149.
};
void PrintTo(const Counted& row, std::ostream* out) {
    *out << row.text;
}

class TimeLimits : public ::testing::TestWithParam<Counted> {};

TEST_P(TimeLimits, EndWhereTheLawSays) {
    const auto& row = GetParam();
    const auto expression = parse_deadline(row.text).value();
    const Deadline kept = evaluate(expression, {}, FreeDayRule::Keep, oslo()).value();
    EXPECT_EQ(iso_date(kept.date), row.date);
    EXPECT_EQ(iso_date(evaluate_day(expression, {}, oslo()).value()), row.date);
    const Deadline moved = evaluate(expression, {}, FreeDayRule::NextWorkingDay, oslo()).value();
    EXPECT_EQ(iso_date(moved.date), row.moved);
    EXPECT_EQ(moved.ends_at, oslo().start_of_day(moved.date + days(1)));
}

INSTANTIATE_TEST_SUITE_P(
    Law, TimeLimits,
    ::testing::Values(
        Counted{"ThreeWeeks", "2026-03-02 + 3 weeks", "2026-03-23", "2026-03-23"},
        Counted{"MaundyThursday", "2026-03-12 + 3 weeks", "2026-04-02", "2026-04-07"},
        Counted{"ChristmasEveStays", "2026-12-03 + 3 weeks", "2026-12-24", "2026-12-24"},
        Counted{"ChristmasDay", "2026-12-04 + 3 weeks", "2026-12-25", "2026-12-28"},
        Counted{"Saturday", "2026-11-28 + 14 days", "2026-12-12", "2026-12-14"},
        Counted{"EndOfFebruary", "2027-01-31 + 1 month", "2027-02-28", "2027-03-01"},
        Counted{"ThreeMonths", "2026-11-30 + 3 months", "2027-02-28", "2027-03-01"},
        Counted{"WhitMondayOn17May", "2027-04-26 + 3 weeks", "2027-05-17", "2027-05-18"},
        Counted{"YearFromALeapDay", "2028-02-29 + 1 year", "2029-02-28", "2029-02-28"},
        Counted{"CalendarDay1May", "2027-05-01", "2027-05-01", "2027-05-03"},
        Counted{"CalendarDaySaturday", "2028-01-15", "2028-01-15", "2028-01-17"},
        Counted{"NewYearsEveStays", "2026-12-10 + 3 weeks", "2026-12-31", "2026-12-31"},
        Counted{"NewYear", "2026-12-11 + 3 weeks", "2027-01-01", "2027-01-04"},
        Counted{"LeapYearToLeapYear", "2028-02-29 + 4 years", "2032-02-29", "2032-03-01"},
        Counted{"MonthBackwards", "2027-03-31 - 1 month", "2027-02-28", "2027-03-01"},
        Counted{"MonthsComposeFromLeftToRight", "2027-01-31 + 1 month + 1 month", "2027-03-28",
                "2027-03-30"},
        Counted{"TwoMonthsAtOnce", "2027-01-31 + 2 months", "2027-03-31", "2027-03-31"},
        Counted{"WorkingDays", "2021-03-29 + 5 working days", "2021-04-08", "2021-04-08"},
        Counted{"WorkingDaysOverNewYear", "2026-12-23 + 5 working days", "2026-12-31",
                "2026-12-31"},
        Counted{"KostraIn2020", "2020-02-15", "2020-02-15", "2020-02-17"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Evaluate, TheSampleOfTheCommandLine) {
    const Deadline sample = deadline("2026-03-12 + 3 weeks");
    EXPECT_EQ(iso_date(sample.date), "2026-04-07");
    EXPECT_EQ(iso_instant(sample.ends_at, oslo()), "2026-04-08T00:00:00+02:00");
}

TEST(Evaluate, RulesForFreeDays) {
    EXPECT_EQ(iso_date(deadline("2026-12-12", FreeDayRule::Keep).date), "2026-12-12");
    EXPECT_EQ(iso_date(deadline("2026-12-12", FreeDayRule::PreviousWorkingDay).date), "2026-12-11");
    EXPECT_EQ(iso_date(deadline("2026-04-06", FreeDayRule::PreviousWorkingDay).date), "2026-04-01");
    EXPECT_EQ(iso_date(deadline("2026-12-14", FreeDayRule::PreviousWorkingDay).date), "2026-12-14");
}

struct Ends {
    const char* name;
    const char* text;
    const char* date;
    const char* ends_at;
};
void PrintTo(const Ends& row, std::ostream* out) {
    *out << row.text;
}

class Endings : public ::testing::TestWithParam<Ends> {};

TEST_P(Endings, DateAndInstant) {
    const Deadline ended = deadline(GetParam().text);
    EXPECT_EQ(iso_date(ended.date), GetParam().date);
    EXPECT_EQ(iso_instant(ended.ends_at, oslo()), GetParam().ends_at);
}

INSTANTIATE_TEST_SUITE_P(
    Evaluate, Endings,
    ::testing::Values(
        Ends{"WholeDay", "due", "2021-01-25", "2021-01-26T00:00:00+01:00"},
        Ends{"TimeOfDay", "due 12:00", "2021-01-25", "2021-01-25T12:00:00+01:00"},
        Ends{"EndOfDay", "due 24:00", "2021-01-25", "2021-01-26T00:00:00+01:00"},
        Ends{"BeginOfDayIsTheDayBefore", "2021-01-26 00:00", "2021-01-25",
             "2021-01-26T00:00:00+01:00"},
        Ends{"BeginOfSaturdayIsFriday", "2021-01-23 00:00", "2021-01-22",
             "2021-01-23T00:00:00+01:00"},
        Ends{"BeginOfMondayIsSundayWhichIsFree", "2021-01-25 00:00", "2021-01-25",
             "2021-01-26T00:00:00+01:00"},
        Ends{"AnchorKeepsItsTime", "start", "2021-03-23", "2021-03-23T09:00:00+01:00"},
        Ends{"WrittenTimeStays", "2021-01-25T15:00", "2021-01-25", "2021-01-25T15:00:00+01:00"},
        Ends{"FreeDayKeepsTheTime", "2021-01-23T15:00", "2021-01-25", "2021-01-25T15:00:00+01:00"},
        Ends{"TimeBehindWins", "2021-01-25T15:00 12:00", "2021-01-25", "2021-01-25T12:00:00+01:00"},
        Ends{"DaysForgetTheTime", "start - 7 days", "2021-03-16", "2021-03-17T00:00:00+01:00"},
        Ends{"WorkingDaysForgetTheTime", "entered + 5 working days", "2021-01-27",
             "2021-01-28T00:00:00+01:00"},
        Ends{"DaysWithATimeBehind", "start - 7 days 12:00", "2021-03-16",
             "2021-03-16T12:00:00+01:00"},
        Ends{"Hours", "2021-01-25T10:00 + 24 hours", "2021-01-26", "2021-01-26T10:00:00+01:00"},
        Ends{"HoursCountSaturdayAndMoveOffIt", "2021-01-22T10:00 + 24 hours", "2021-01-25",
             "2021-01-25T10:00:00+01:00"},
        Ends{"HoursLeaveOutSunday", "2021-01-22T10:00 + 48 hours", "2021-01-25",
             "2021-01-25T10:00:00+01:00"},
        Ends{"HoursLeaveOutEaster", "2021-03-31T12:00 + 24 hours", "2021-04-06",
             "2021-04-06T12:00:00+02:00"},
        Ends{"HoursFromASunday", "2021-01-24T10:00 + 3 hours", "2021-01-25",
             "2021-01-25T03:00:00+01:00"},
        Ends{"HoursOfADayBeginWithIt", "due + 30 hours", "2021-01-26", "2021-01-26T06:00:00+01:00"},
        Ends{"HoursToMidnight", "2021-01-22T10:00 + 14 hours", "2021-01-22",
             "2021-01-23T00:00:00+01:00"},
        Ends{"HoursBackOverSunday", "2021-03-23T09:00 - 34 hours", "2021-03-22",
             "2021-03-22T23:00:00+01:00"},
        Ends{"HoursThenDays", "2021-01-25T10:00 + 24 hours + 1 day", "2021-01-27",
             "2021-01-28T00:00:00+01:00"},
        Ends{"DaysThenHours", "2021-01-25T10:00 + 1 day + 24 hours", "2021-01-26",
             "2021-01-27T00:00:00+01:00"},
        Ends{"HoursWithATimeBehind", "2021-01-25T10:00 + 24 hours 15:00", "2021-01-26",
             "2021-01-26T15:00:00+01:00"},
        Ends{"SummerTimeEndsTheDay", "2021-03-26", "2021-03-26", "2021-03-27T00:00:00+01:00"},
        Ends{"After2037", "2050-07-01", "2050-07-01", "2050-07-02T00:00:00+02:00"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Evaluate, HoursAreHoursThatPassAlsoWhenTheClockChanges) {
    // In Norway the clock changes on Sundays, which do not count; in Gaza it was a Saturday.
    const TimeZone gaza = zone("Asia/Gaza");
    const auto expression = parse_deadline("2021-10-28T12:00 + 24 hours").value();
    const Deadline over = evaluate(expression, {}, FreeDayRule::Keep, gaza).value();
    EXPECT_EQ(iso_instant(over.ends_at, gaza), "2021-10-29T11:00:00+02:00");
    const auto back = parse_deadline("2021-10-29T11:00 - 24 hours").value();
    EXPECT_EQ(iso_instant(evaluate(back, {}, FreeDayRule::Keep, gaza).value().ends_at, gaza),
              "2021-10-28T12:00:00+03:00");
}

TEST(Evaluate, DeadlinesInTheNightOfTheClockChange) {
    const auto at = [](const char* text) {
        return iso_instant(deadline(text, FreeDayRule::Keep).ends_at, oslo());
    };
    EXPECT_EQ(at("2021-03-28"), "2021-03-29T00:00:00+02:00");
    EXPECT_EQ(at("2021-03-28 02:30"), "2021-03-28T03:00:00+02:00");
    EXPECT_EQ(at("2021-10-31 02:30"), "2021-10-31T02:30:00+02:00");
    EXPECT_EQ(at("2021-10-31"), "2021-11-01T00:00:00+01:00");
}

TEST(Evaluate, Errors) {
    struct Row {
        const char* text;
        const char* says;
    };
    for (const Row& row :
         {Row{"deu + 1 day", "'deu' stands for no date here; did you mean 'due'?"},
          Row{"opened", "known: due, entered, start"},
          Row{"due + 200 years", "'due + 200 years' leaves the years 1900 to 2199"},
          Row{"due - 130 years", "leaves the years"}, Row{"due + 9999 years", "leaves the years"},
          Row{"due + 200 years - 200 years", "leaves the years"},
          Row{"2199-12-31 + 1 hour 12:00", "none"}, Row{"1900-01-01 00:00", "leaves the years"},
          Row{"2199-12-31 + 25 hours", "leaves the years"}}) {
        const auto expression = parse_deadline(row.text).value();
        const auto result = evaluate(expression, anchors(), FreeDayRule::NextWorkingDay, oslo());
        if (std::string{row.says} == "none") {
            EXPECT_TRUE(result.ok()) << row.text;
            continue;
        }
        ASSERT_FALSE(result.ok()) << row.text;
        EXPECT_EQ(result.error().kind, ErrorKind::InvalidInput);
        EXPECT_NE(result.error().message.find(row.says), std::string::npos)
            << result.error().message;
    }
    // The last weekend of the range still has a Monday behind it.
    EXPECT_TRUE(
        evaluate(parse_deadline("2199-12-28").value(), {}, FreeDayRule::NextWorkingDay, oslo())
            .ok());
    EXPECT_NE(evaluate(parse_deadline("due").value(), {}, FreeDayRule::Keep, oslo())
                  .error()
                  .message.find("known: none"),
              std::string::npos);
}

TEST(Evaluate, RefusesCountsThatNoParserGives) {
    for (const int count : {0, -1, 10000, 2147483647}) {
        const DeadlineExpression expression{
            day("2021-01-25"), {{false, count, TimeUnit::Week}}, {}};
        EXPECT_FALSE(evaluate(expression, {}, FreeDayRule::Keep, oslo()).ok()) << count;
        EXPECT_FALSE(evaluate_day(expression, {}, oslo()).ok()) << count;
    }
}

TEST(EvaluateDay, IsTheDayBeforeAnyRule) {
    const auto on = [](const char* text) {
        return iso_date(evaluate_day(parse_deadline(text).value(), anchors(), oslo()).value());
    };
    EXPECT_EQ(on("due - 1 day"), "2021-01-24");
    EXPECT_EQ(on("due - 14 days"), "2021-01-11");
    EXPECT_EQ(on("due - 3 working days"), "2021-01-20");
    EXPECT_EQ(on("due + 11 working days"), "2021-02-09");
    EXPECT_EQ(on("start - 24 hours"), "2021-03-22");
    EXPECT_EQ(on("start"), "2021-03-23");
    EXPECT_EQ(on("2021-01-25 00:00"), "2021-01-25");
    EXPECT_EQ(on("2021-01-25T00:00"), "2021-01-25");
    EXPECT_FALSE(evaluate_day(parse_deadline("deu").value(), anchors(), oslo()).ok());
}

// --- The explanation ---------------------------------------------------------------------------

struct Explained {
    const char* name;
    const char* text;
    FreeDayRule rule;
    const char* nb;
    const char* nn;
};
void PrintTo(const Explained& row, std::ostream* out) {
    *out << row.text;
}

class Explanations : public ::testing::TestWithParam<Explained> {};

TEST_P(Explanations, InBothMaalformer) {
    const auto& row = GetParam();
    const Derivation because = deadline(row.text, row.rule).because;
    EXPECT_EQ(joined(because.in(Language::Nb)), row.nb);
    EXPECT_EQ(joined(because.in(Language::Nn)), row.nn);
}

constexpr FreeDayRule kNext = FreeDayRule::NextWorkingDay;
constexpr FreeDayRule kKeep = FreeDayRule::Keep;
constexpr FreeDayRule kPrevious = FreeDayRule::PreviousWorkingDay;

INSTANTIATE_TEST_SUITE_P(
    Deadline, Explanations,
    ::testing::Values(
        Explained{"ThePromise", "2026-11-28 + 14 days", kNext,
                  "lør 2026-11-28 + 14 dager = lør 2026-12-12\nlørdag, § 149 → man 2026-12-14",
                  "lau 2026-11-28 + 14 dagar = lau 2026-12-12\nlaurdag, § 149 → mån 2026-12-14"},
        Explained{"Easter", "2026-03-12 + 3 weeks", kNext,
                  "tor 2026-03-12 + 3 uker = tor 2026-04-02\n"
                  "skjærtorsdag, langfredag, lørdag, 1. påskedag, 2. påskedag, § 149 → "
                  "tir 2026-04-07",
                  "tor 2026-03-12 + 3 veker = tor 2026-04-02\n"
                  "skjærtorsdag, langfredag, laurdag, 1. påskedag, 2. påskedag, § 149 → "
                  "tys 2026-04-07"},
        Explained{"Christmas", "2026-12-04 + 3 weeks", kNext,
                  "fre 2026-12-04 + 3 uker = fre 2026-12-25\n"
                  "1. juledag, 2. juledag, søndag, § 149 → man 2026-12-28",
                  "fre 2026-12-04 + 3 veker = fre 2026-12-25\n"
                  "1. juledag, 2. juledag, søndag, § 149 → mån 2026-12-28"},
        Explained{"Sunday", "2021-01-24", kNext, "søn 2021-01-24\nsøndag, § 149 → man 2021-01-25",
                  "søn 2021-01-24\nsøndag, § 149 → mån 2021-01-25"},
        Explained{"Date", "2021-01-25", kNext, "man 2021-01-25", "mån 2021-01-25"},
        Explained{"NamedAnchor", "due", kNext, "man 2021-01-25", "mån 2021-01-25"},
        Explained{"DateAndTime", "2021-01-25T15:00", kNext, "man 2021-01-25 kl. 15.00",
                  "mån 2021-01-25 kl. 15.00"},
        Explained{"KeepIsSilent", "2026-11-28 + 14 days", kKeep,
                  "lør 2026-11-28 + 14 dager = lør 2026-12-12",
                  "lau 2026-11-28 + 14 dagar = lau 2026-12-12"},
        Explained{"Back", "2026-04-06", kPrevious,
                  "man 2026-04-06\n2. påskedag, 1. påskedag, lørdag, langfredag, skjærtorsdag, "
                  "arbeidsdagen før → ons 2026-04-01",
                  "mån 2026-04-06\n2. påskedag, 1. påskedag, laurdag, langfredag, skjærtorsdag, "
                  "arbeidsdagen før → ons 2026-04-01"},
        Explained{"BackFromSunday", "2021-01-24", kPrevious,
                  "søn 2021-01-24\nsøndag, arbeidsdagen før → fre 2021-01-22",
                  "søn 2021-01-24\nsøndag, arbeidsdagen før → fre 2021-01-22"},
        Explained{"WorkingDays", "2021-03-29 + 5 working days", kNext,
                  "man 2021-03-29 + 5 arbeidsdager = tor 2021-04-08: hoppet over "
                  "skjærtorsdag 1.4., langfredag 2.4., 2. påskedag 5.4.",
                  "mån 2021-03-29 + 5 arbeidsdagar = tor 2021-04-08: hoppa over "
                  "skjærtorsdag 1.4., langfredag 2.4., 2. påskedag 5.4."},
        Explained{"WorkingDaysBack", "2021-04-08 - 5 working days", kNext,
                  "tor 2021-04-08 − 5 arbeidsdager = man 2021-03-29: hoppet over "
                  "2. påskedag 5.4., langfredag 2.4., skjærtorsdag 1.4.",
                  "tor 2021-04-08 − 5 arbeidsdagar = mån 2021-03-29: hoppa over "
                  "2. påskedag 5.4., langfredag 2.4., skjærtorsdag 1.4."},
        Explained{"PlainWorkingDays", "due - 3 working days", kNext,
                  "man 2021-01-25 − 3 arbeidsdager = ons 2021-01-20",
                  "mån 2021-01-25 − 3 arbeidsdagar = ons 2021-01-20"},
        Explained{"ManyWorkingDays", "due + 999 working days", kNext,
                  "man 2021-01-25 + 999 arbeidsdager = ons 2025-01-08: hoppet over 33 helligdager",
                  "mån 2021-01-25 + 999 arbeidsdagar = ons 2025-01-08: hoppa over 33 heilagdagar"},
        Explained{"Singular", "due + 1 week + 1 month + 1 year + 1 day + 1 working day", kNext,
                  "man 2021-01-25 + 1 uke = man 2021-02-01\n"
                  "man 2021-02-01 + 1 måned = man 2021-03-01\n"
                  "man 2021-03-01 + 1 år = tir 2022-03-01\n"
                  "tir 2022-03-01 + 1 dag = ons 2022-03-02\n"
                  "ons 2022-03-02 + 1 arbeidsdag = tor 2022-03-03",
                  "mån 2021-01-25 + 1 veke = mån 2021-02-01\n"
                  "mån 2021-02-01 + 1 månad = mån 2021-03-01\n"
                  "mån 2021-03-01 + 1 år = tys 2022-03-01\n"
                  "tys 2022-03-01 + 1 dag = ons 2022-03-02\n"
                  "ons 2022-03-02 + 1 arbeidsdag = tor 2022-03-03"},
        Explained{"MonthEnd", "2027-01-31 + 1 month", kNext,
                  "søn 2027-01-31 + 1 måned = søn 2027-02-28 (siste dag i måneden, § 148)\n"
                  "søndag, § 149 → man 2027-03-01",
                  "søn 2027-01-31 + 1 månad = søn 2027-02-28 (siste dag i månaden, § 148)\n"
                  "søndag, § 149 → mån 2027-03-01"},
        Explained{"TimeOfDay", "2026-11-28 + 14 days 12:00", kNext,
                  "lør 2026-11-28 + 14 dager = lør 2026-12-12 kl. 12.00\n"
                  "lørdag, § 149 → man 2026-12-14 kl. 12.00",
                  "lau 2026-11-28 + 14 dagar = lau 2026-12-12 kl. 12.00\n"
                  "laurdag, § 149 → mån 2026-12-14 kl. 12.00"},
        Explained{"DaysForgetTheTime", "start - 7 days", kNext,
                  "tir 2021-03-23 − 7 dager = tir 2021-03-16",
                  "tys 2021-03-23 − 7 dagar = tys 2021-03-16"},
        Explained{"Hours", "2021-01-22T10:00 + 1 hour", kNext,
                  "fre 2021-01-22 kl. 10.00 + 1 time = fre 2021-01-22 kl. 11.00",
                  "fre 2021-01-22 kl. 10.00 + 1 time = fre 2021-01-22 kl. 11.00"},
        Explained{"HoursOverEaster", "2021-03-31T12:00 + 72 hours", kNext,
                  "ons 2021-03-31 kl. 12.00 + 72 timer = ons 2021-04-07 kl. 12.00: hoppet over "
                  "skjærtorsdag 1.4., langfredag 2.4., 1. påskedag 4.4., 2. påskedag 5.4., § 149",
                  "ons 2021-03-31 kl. 12.00 + 72 timar = ons 2021-04-07 kl. 12.00: hoppa over "
                  "skjærtorsdag 1.4., langfredag 2.4., 1. påskedag 4.4., 2. påskedag 5.4., § 149"},
        Explained{"HoursBackOverSunday", "start - 48 hours", kNext,
                  "tir 2021-03-23 kl. 09.00 − 48 timer = lør 2021-03-20 kl. 09.00: hoppet over "
                  "søndag 21.3., § 149\nlørdag, § 149 → man 2021-03-22 kl. 09.00",
                  "tys 2021-03-23 kl. 09.00 − 48 timar = lau 2021-03-20 kl. 09.00: hoppa over "
                  "søndag 21.3., § 149\nlaurdag, § 149 → mån 2021-03-22 kl. 09.00"},
        Explained{"HoursToMidnight", "2021-01-22T10:00 + 14 hours", kNext,
                  "fre 2021-01-22 kl. 10.00 + 14 timer = lør 2021-01-23 kl. 00.00 = "
                  "fre 2021-01-22 kl. 24.00",
                  "fre 2021-01-22 kl. 10.00 + 14 timar = lau 2021-01-23 kl. 00.00 = "
                  "fre 2021-01-22 kl. 24.00"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Derivation, JoinedItReadsAsThePromiseSays) {
    const Derivation because = deadline("2026-11-28 + 14 days").because;
    ASSERT_EQ(because.nb.size(), 2U);
    EXPECT_EQ(because.nb[0] + ": " + because.nb[1],
              "lør 2026-11-28 + 14 dager = lør 2026-12-12: lørdag, § 149 → man 2026-12-14");
}

// --- What holds for every expression -----------------------------------------------------------

DeadlineExpression any_expression() {
    DeadlineExpression expression;
    const Date date = day("1960-01-01") + days(*rc::gen::inRange(0, 80'000));
    const Seconds minutes = std::chrono::minutes{*rc::gen::inRange(0, 24 * 60)};
    if (*rc::gen::arbitrary<bool>()) {
        expression.anchor = date;
    } else {
        expression.anchor = LocalTime{date + minutes};
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        expression.terms.push_back(
            {*rc::gen::arbitrary<bool>(), *rc::gen::inRange(1, 100),
             *rc::gen::element(TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::WorkingDay,
                               TimeUnit::Hour)});
    }
    if (*rc::gen::arbitrary<bool>()) {
        expression.time_of_day = std::chrono::minutes{*rc::gen::inRange(0, 24 * 60 + 1)};
    }
    return expression;
}

RC_GTEST_PROP(EvaluateProperty, TheEndLiesOnTheDate, ()) {
    const auto expression = any_expression();
    const auto rule = *rc::gen::element(kNext, kKeep, kPrevious);
    const Deadline result = evaluate(expression, {}, rule, oslo()).value();
    RC_ASSERT(oslo().start_of_day(result.date) < result.ends_at);
    RC_ASSERT(result.ends_at <= oslo().start_of_day(result.date + days(1)));
    RC_ASSERT(oslo().date_of(result.ends_at - Seconds{1}) == result.date);
    RC_ASSERT((rule == kKeep || is_working_day(result.date)));
}

RC_GTEST_PROP(EvaluateProperty, TheRulesAreOrdered, ()) {
    const auto expression = any_expression();
    const Deadline previous = evaluate(expression, {}, kPrevious, oslo()).value();
    const Deadline kept = evaluate(expression, {}, kKeep, oslo()).value();
    const Deadline next = evaluate(expression, {}, kNext, oslo()).value();
    RC_ASSERT(previous.ends_at <= kept.ends_at);
    RC_ASSERT(kept.ends_at <= next.ends_at);
    RC_ASSERT((previous == next) == is_working_day(kept.date));
    RC_ASSERT(next.date == working_day_on_or_after(kept.date));
}

RC_GTEST_PROP(EvaluateProperty, ALaterAnchorNeverEndsEarlier, ()) {
    auto expression = any_expression();
    const Date date = day("1960-01-01") + days(*rc::gen::inRange(0, 80'000));
    const Date later = date + days(*rc::gen::inRange(0, 40));
    const auto rule = *rc::gen::element(kNext, kKeep, kPrevious);
    expression.anchor = date;
    const Instant first = evaluate(expression, {}, rule, oslo()).value().ends_at;
    expression.anchor = later;
    RC_ASSERT(first <= evaluate(expression, {}, rule, oslo()).value().ends_at);
}

RC_GTEST_PROP(EvaluateProperty, ForthAndBackInDaysAndHours, ()) {
    const Date date =
        working_day_on_or_after(day("1960-01-01") + days(*rc::gen::inRange(0, 80'000)));
    const int count = *rc::gen::inRange(1, 500);
    const auto unit = *rc::gen::element(TimeUnit::Day, TimeUnit::Week, TimeUnit::WorkingDay);
    const DeadlineExpression by_days{date, {{false, count, unit}, {true, count, unit}}, {}};
    RC_ASSERT(evaluate(by_days, {}, kKeep, oslo()).value().date == date);
    const LocalTime noon = date + hours(12);
    const DeadlineExpression by_hours{
        noon, {{false, count, TimeUnit::Hour}, {true, count, TimeUnit::Hour}}, {}};
    RC_ASSERT(evaluate(by_hours, {}, kKeep, oslo()).value().ends_at == oslo().to_instant(noon));
}

RC_GTEST_PROP(EvaluateProperty, BothMaalformerSayAsMuch, ()) {
    const auto expression = any_expression();
    const Derivation because = evaluate(expression, {}, kNext, oslo()).value().because;
    RC_ASSERT(!because.nb.empty());
    RC_ASSERT(because.nb.size() == because.nn.size());
    RC_ASSERT(because.nb.size() >= expression.terms.size());
}

RC_GTEST_PROP(EvaluateProperty, NamesStandForTheirDates, ()) {
    auto expression = any_expression();
    const auto direct = evaluate(expression, {}, kNext, oslo()).value();
    Anchors named;
    if (const auto* date = std::get_if<Date>(&expression.anchor)) {
        named["x"] = *date;
    } else {
        named["x"] = std::get<LocalTime>(expression.anchor);
    }
    expression.anchor = std::string{"x"};
    RC_ASSERT(evaluate(expression, named, kNext, oslo()).value() == direct);
}

}  // namespace
}  // namespace fristvakt::workflows
