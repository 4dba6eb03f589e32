#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"
#include "workflows/time/deadline.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)
using Term = DeadlineExpression::Term;

TEST(ParseDeadline, Anchors) {
    EXPECT_EQ(parse_deadline("due").value(), (DeadlineExpression{std::string{"due"}, {}, {}}));
    EXPECT_EQ(parse_deadline("event.until").value().anchor,
              (DeadlineExpression{std::string{"event.until"}, {}, {}}).anchor);
    EXPECT_EQ(parse_deadline("_x9.y_").value().anchor,
              (DeadlineExpression{std::string{"_x9.y_"}, {}, {}}).anchor);
    EXPECT_EQ(parse_deadline("2021-01-25").value(),
              (DeadlineExpression{day("2021-01-25"), {}, {}}));
    EXPECT_EQ(parse_deadline("2021-03-23T09:00").value(),
              (DeadlineExpression{local("2021-03-23T09:00"), {}, {}}));
    EXPECT_EQ(parse_deadline("2021-03-23T24:00").value(),
              (DeadlineExpression{local("2021-03-24T00:00"), {}, {}}));
}

TEST(ParseDeadline, TermsAndTime) {
    EXPECT_EQ(parse_deadline("due - 3 working days").value(),
              (DeadlineExpression{std::string{"due"}, {{true, 3, TimeUnit::WorkingDay}}, {}}));
    EXPECT_EQ(parse_deadline("entered + 5 working days 12:00").value(),
              (DeadlineExpression{
                  std::string{"entered"}, {{false, 5, TimeUnit::WorkingDay}}, hours(12)}));
    EXPECT_EQ(parse_deadline("2021-01-25 24:00").value(),
              (DeadlineExpression{day("2021-01-25"), {}, hours(24)}));
    EXPECT_EQ(
        parse_deadline("start - 1 month + 9999 days - 1 year + 2 weeks - 48 hours").value().terms,
        (std::vector<Term>{{true, 1, TimeUnit::Month},
                           {false, 9999, TimeUnit::Day},
                           {true, 1, TimeUnit::Year},
                           {false, 2, TimeUnit::Week},
                           {true, 48, TimeUnit::Hour}}));
}

TEST(ParseDeadline, ForgivesBlanksAndNumber) {
    const auto plain = parse_deadline("due - 3 working days 12:00").value();
    EXPECT_EQ(parse_deadline("  due\t-  3   working \t days  12:00  ").value(), plain);
    EXPECT_EQ(parse_deadline("due - 3 working day 12:00").value(), plain);
    EXPECT_EQ(parse_deadline("due - 03 working days 12:00").value(), plain);
    EXPECT_EQ(parse_deadline("due + 1 weeks").value(), parse_deadline("due + 1 week").value());
}

struct Wrong {
    const char* name;
    const char* text;
    const char* message;  ///< How it begins.
};
void PrintTo(const Wrong& row, std::ostream* out) {
    *out << row.text;
}

class ParseErrors : public ::testing::TestWithParam<Wrong> {};

TEST_P(ParseErrors, SayColumnAndWhatIsAllowed) {
    const auto read = parse_deadline(GetParam().text);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().kind, ErrorKind::InvalidInput);
    EXPECT_EQ(read.error().message.rfind(GetParam().message, 0), 0U) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    ParseDeadline, ParseErrors,
    ::testing::Values(
        Wrong{"Empty", "", "column 1: the expression is empty; write ANCHOR {+|- N UNIT} [HH:MM]"},
        Wrong{"Blank", " \t ", "column 1: the expression is empty"},
        Wrong{"NoSuchDay", "2021-02-30", "column 1: 2021-02-30 does not exist: that month has the"},
        Wrong{"NoSuchDayBehindBlanks", "  2021-02-30", "column 3: 2021-02-30 does not exist"},
        Wrong{"NoSuchDayWithTime", "2021-02-30T09:00", "column 1: 2021-02-30 does not exist"},
        Wrong{"DateForm", "2021-1-5", "column 1: '2021-1-5' is no date; write YYYY-MM-DD"},
        Wrong{"NorwegianDate", "25.01.2021", "column 1: '25.01.2021' is no date"},
        Wrong{"YearTooLate", "2200-01-01", "column 1: the year of 2200-01-01 is out of range"},
        Wrong{"TimeInAnchor", "2021-01-25T9:00",
              "column 12: '9:00' is no time of day; write HH:MM"},
        Wrong{"SecondsInAnchor", "2021-01-25T09:00:00", "column 12: '09:00:00' is no time of day"},
        Wrong{"Offset", "2021-01-25T09:00Z", "column 12: '09:00Z' is no time of day"},
        Wrong{"Capital", "Due", "column 1: 'Due' is no anchor; write a date (YYYY-MM-DD)"},
        Wrong{"Hyphen", "due-date", "column 1: 'due-date' is no anchor"},
        Wrong{"NameWithDot", ".due", "column 1: '.due' is no anchor"},
        Wrong{"StartsWithSign", "+ 3 days", "column 1: '+' is no anchor"},
        Wrong{"NoBlank", "due +3 days", "column 5: put a blank on either side of '+'"},
        Wrong{"NoNumber", "due + days", "column 7: 'days' stands where a whole number from 1 to"},
        Wrong{"Zero", "due + 0 days", "column 7: '0' stands where a whole number from 1 to 9999"},
        Wrong{"TooMany", "due + 10000 days", "column 7: '10000' stands where"},
        Wrong{"Negative", "due + -3 days", "column 7: '-3' stands where a whole number"},
        Wrong{"Fraction", "due + 1.5 days", "column 7: '1.5' stands where a whole number"},
        Wrong{"Glued", "due + 3days", "column 7: '3days' stands where a whole number"},
        Wrong{"EndsAfterSign", "due +", "column 7: the expression ends where a whole number"},
        Wrong{"EndsAfterNumber", "due + 3", "column 9: a unit is missing; write day(s), week(s)"},
        Wrong{"Typo", "due + 3 wekks", "column 9: 'wekks' is no unit; did you mean 'weeks'? write"},
        Wrong{"TypoInWorking", "due + 3 workng days",
              "column 9: 'workng' is no unit; did you mean 'working'?"},
        Wrong{"Norwegian", "due + 3 uker", "column 9: 'uker' is no unit; write day(s)"},
        Wrong{"BehindAnUmlaut", "due + 3 måneder + 1 day", "column 9: 'måneder' is no unit"},
        Wrong{"WorkingWhat", "due + 3 working weeks",
              "column 17: behind 'working' comes 'day' or 'days'"},
        Wrong{"WorkingEnds", "due + 3 working", "column 17: behind 'working' comes"},
        Wrong{"TimeWithDot", "due 12.00", "column 5: '12.00' stands where '+', '-' or a time of"},
        Wrong{"TimeTooLate", "due 24:01", "column 5: '24:01' is no time of day"},
        Wrong{"TwoTimes", "due 12:00 13:00", "column 11: nothing may stand behind the time of day"},
        Wrong{"TermBehindTime", "due 12:00 + 1 day", "column 11: nothing may stand behind the"},
        Wrong{"TooManyTerms",
              "a + 1 day + 1 day + 1 day + 1 day + 1 day + 1 day + 1 day + 1 day + 1 day + 1 day "
              "+ 1 day + 1 day + 1 day + 1 day + 1 day + 1 day + 1 day",
              "column 131: more than 16 terms"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(WriteDeadline, AsPeopleWriteIt) {
    for (const char* text :
         {"due", "2021-01-25", "2021-01-25T09:30", "due + 1 working day", "due - 3 working days",
          "event.until + 1 hour - 2 weeks 24:00", "start - 1 year + 12 months + 1 day 08:05"}) {
        EXPECT_EQ(to_string(parse_deadline(text).value()), text);
    }
}

RC_GTEST_PROP(WriteDeadlineProperty, IsReadBackAsTheSame, ()) {
    DeadlineExpression expression;
    const Date date = day("1900-01-01") + days(*rc::gen::inRange(0, 109'000));
    const Seconds minutes = std::chrono::minutes{*rc::gen::inRange(0, 24 * 60)};
    switch (*rc::gen::inRange(0, 3)) {
        case 0:
            expression.anchor = date;
            break;
        case 1:
            expression.anchor = LocalTime{date + minutes};
            break;
        default:
            expression.anchor = *rc::gen::element<std::string>("due", "opened", "event.until", "_");
    }
    for (int i = *rc::gen::inRange(0, 17); i > 0; --i) {
        expression.terms.push_back(
            {*rc::gen::arbitrary<bool>(), *rc::gen::inRange(1, 10000),
             *rc::gen::element(TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year,
                               TimeUnit::WorkingDay, TimeUnit::Hour)});
    }
    if (*rc::gen::arbitrary<bool>()) {
        expression.time_of_day = minutes;
    }
    RC_ASSERT(parse_deadline(to_string(expression)).value() == expression);
}

RC_GTEST_PROP(ParseDeadlineProperty, NoTextBreaksIt, ()) {
    const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "due", "2021-01-25", "2021-02-30", "T", ":", "+", "-", "3", "working", "days", "week", " ",
        " ", "\t", "12:00", "å", "\xff", std::string(1, '\0'), "99999999999999999999"));
    std::string text;
    for (const std::string& word : words) {
        text += word;
    }
    const auto read = parse_deadline(text);
    if (read.ok()) {
        RC_ASSERT(parse_deadline(to_string(read.value())).value() == read.value());
    } else {
        RC_ASSERT(read.error().message.rfind("column ", 0) == 0);
    }
}

}  // namespace
}  // namespace fristvakt::workflows
