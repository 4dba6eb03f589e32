#include "workflows/time/activity_dates.hpp"

#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)

struct Written {
    const char* text;
    const char* read;  ///< As `to_string` has it.
};
void PrintTo(const Written& row, std::ostream* out) {
    *out << row.text;
}

class AsPeopleWriteDays : public ::testing::TestWithParam<Written> {};

TEST_P(AsPeopleWriteDays, AreRead) {
    const auto read = parse_activity_dates(GetParam().text);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(to_string(read.value()), GetParam().read);
}

INSTANTIATE_TEST_SUITE_P(
    ActivityDates, AsPeopleWriteDays,
    ::testing::Values(
        // One day.
        Written{"14.08.2018", "2018-08-14"}, Written{" 14.08.2018 ", "2018-08-14"},
        Written{"14.8.2018", "2018-08-14"}, Written{"14. 8. 2018", "2018-08-14"},
        Written{"14.8.18", "2018-08-14"}, Written{"06.11.19", "2019-11-06"},
        Written{"14/8-2018", "2018-08-14"}, Written{"14/8-18", "2018-08-14"},
        Written{"14/8 2018", "2018-08-14"}, Written{"14/8-16/8-2018", "2018-08-14/2018-08-16"},
        Written{"6. november 2019", "2019-11-06"}, Written{"6.november 2019", "2019-11-06"},
        Written{"6 november 2019", "2019-11-06"}, Written{"6. NOVEMBER 2019.", "2019-11-06"},
        Written{"6. nov. 2019", "2019-11-06"}, Written{"6. nov 19", "2019-11-06"},
        Written{"2. sept. 2020", "2020-09-02"}, Written{"1. mai 2020", "2020-05-01"},
        Written{"2018-08-14", "2018-08-14"}, Written{"29.02.2020", "2020-02-29"},
        Written{"tirsdag 14. august 2018", "2018-08-14"},
        Written{"tysdag 14.08.2018", "2018-08-14"}, Written{"Tirs. 14.8.2018", "2018-08-14"},
        Written{"LØRDAG den 18. august 2018", "2018-08-18"},
        Written{"laurdag 18. august 2018", "2018-08-18"},
        Written{"måndag 13. august 2018", "2018-08-13"}, Written{"søn 19.8.2018", "2018-08-19"},
        // Several that follow each other.
        Written{"16.-17.01.2018", "2018-01-16/2018-01-17"},
        Written{"16-17.01.2018", "2018-01-16/2018-01-17"},
        Written{"16.–17. januar 2018", "2018-01-16/2018-01-17"},
        Written{"16. – 17. januar 2018", "2018-01-16/2018-01-17"},
        Written{"16. til 17. januar 2018", "2018-01-16/2018-01-17"},
        Written{"frå 16. til 17. januar 2018", "2018-01-16/2018-01-17"},
        Written{"16.01-17.01.2018", "2018-01-16/2018-01-17"},
        Written{"16. og 17. januar 2018", "2018-01-16/2018-01-17"},
        Written{"16., 17. og 18. januar 2018", "2018-01-16/2018-01-18"},
        Written{"30.01.-02.02.2019", "2019-01-30/2019-02-02"},
        Written{"30. januar–2. februar 2019", "2019-01-30/2019-02-02"},
        Written{"30. desember 2018 – 2. januar 2019", "2018-12-30/2019-01-02"},
        Written{"30.12.2018-02.01.2019", "2018-12-30/2019-01-02"},
        Written{"2018-08-14/2018-08-16", "2018-08-14/2018-08-16"},
        Written{"2018-08-14 - 2018-08-16", "2018-08-14/2018-08-16"},
        Written{"tirsdag 14.–torsdag 16. august 2018", "2018-08-14/2018-08-16"},
        Written{"14.08.2018–14.08.2018", "2018-08-14"},
        // Several apart.
        Written{"10., 17. og 24. mars 2020", "2020-03-10, 2020-03-17, 2020-03-24"},
        Written{"10.03.2020, 17.03.2020", "2020-03-10, 2020-03-17"},
        Written{"10.03.2020; 17.03.2020", "2020-03-10, 2020-03-17"},
        Written{"10. og 17. mars og 7. april 2020", "2020-03-10, 2020-03-17, 2020-04-07"},
        Written{"2. desember 2019 og 6. januar 2020", "2019-12-02, 2020-01-06"},
        Written{"16.-17. og 24.-25. mars 2020", "2020-03-16/2020-03-17, 2020-03-24/2020-03-25"},
        Written{"2020-03-10, 2020-03-17", "2020-03-10, 2020-03-17"},
        // With times.
        Written{"2018-08-14 09:00-12:00", "2018-08-14 09:00-12:00"},
        Written{"2018-08-14T09:00-12:00", "2018-08-14 09:00-12:00"},
        Written{"14.08.2018 kl. 09.00–12.00", "2018-08-14 09:00-12:00"},
        Written{"14.08.2018 kl 9-12", "2018-08-14 09:00-12:00"},
        Written{"14.08.2018, kl. 9-12", "2018-08-14 09:00-12:00"},
        Written{"16.02.2021, 9.00-12.00", "2021-02-16 09:00-12:00"},
        Written{"16.02.2021, 9:10 - 12:10", "2021-02-16 09:10-12:10"},
        Written{"16.02.2021, 9.10-12.00", "2021-02-16 09:10-12:00"},
        Written{"16.-17.01.2018, 09.00-15.30", "2018-01-16/2018-01-17 09:00-15:30"},
        Written{"16.02.2021, 9.03.2021", "2021-02-16, 2021-03-09"},
        Written{"16.02.2021, 9.-12.03.2021", "2021-02-16, 2021-03-09/2021-03-12"},
        Written{"14.08.2018 kl. 9 til 12", "2018-08-14 09:00-12:00"},
        Written{"14.08.2018 0830-1430", "2018-08-14 08:30-14:30"},
        Written{"14. august 2018 klokka 8.30-14.30", "2018-08-14 08:30-14:30"},
        Written{"14.08.2018 kl. 12.00", "2018-08-14 12:00"},
        Written{"14.8.18 09.00-12.00", "2018-08-14 09:00-12:00"},
        Written{"14.08.2018 20:00-24:00", "2018-08-14 20:00-24:00"},
        Written{"16.-17.01.2018 kl. 09.00-15.00", "2018-01-16/2018-01-17 09:00-15:00"},
        Written{"16.01.2018 kl. 10.00 – 17.01.2018 kl. 15.00", "2018-01-16/2018-01-17 10:00-15:00"},
        Written{"2018-01-16T10:00/2018-01-17T15:00", "2018-01-16/2018-01-17 10:00-15:00"},
        Written{"10., 17. og 24. mars 2020 kl. 09.00–12.00",
                "2020-03-10 09:00-12:00, 2020-03-17 09:00-12:00, 2020-03-24 09:00-12:00"},
        Written{"10.03.2020 kl. 9-12 og 17.03.2020 kl. 13-15",
                "2020-03-10 09:00-12:00, 2020-03-17 13:00-15:00"},
        Written{"10.03.2020 og 17.03.2020 kl. 13-15", "2020-03-10, 2020-03-17 13:00-15:00"}));

struct Wrong {
    const char* text;
    const char* code;
    const char* message;  ///< How it begins.
};
void PrintTo(const Wrong& row, std::ostream* out) {
    *out << row.text;
}

class NoDays : public ::testing::TestWithParam<Wrong> {};

TEST_P(NoDays, SayWhatIsWrong) {
    const auto read = parse_activity_dates(GetParam().text);
    ASSERT_FALSE(read.ok()) << to_string(read.value());
    EXPECT_EQ(read.error().code, GetParam().code) << read.error().message;
    EXPECT_EQ(read.error().message.rfind(GetParam().message, 0), 0U) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    ActivityDates, NoDays,
    ::testing::Values(
        Wrong{"", "empty", "no day is written; write such as 14.08.2018"},
        Wrong{" \t ", "empty", "no day"},
        Wrong{"30.02.2018", "no-such-day", "30.02.2018 does not exist"},
        Wrong{"31.04.2018", "no-such-day", "31.04.2018 does not exist"},
        Wrong{"29. februar 2019", "no-such-day", "29.02.2019 does not exist"},
        Wrong{"14.13.2018", "no-such-day", "14.13.2018 does not exist"},
        Wrong{"0.1.2018", "no-such-day", "00.01.2018 does not exist"},
        Wrong{"1.0.2018", "no-such-day", "there is no month 0"},
        Wrong{"2018-02-30", "no-such-day", "30.02.2018 does not exist"},
        Wrong{"14.08.1066", "no-such-day", "the year of 14.08.1066 is out of range"},
        Wrong{"14.08.", "no-year", "the year of 14.8. is missing"},
        Wrong{"14. august", "no-year", "the year of 14.8. is missing"},
        Wrong{"6. november kl. 09.00", "no-year", "the year of 6.11. is missing"},
        Wrong{"10. mars 2020 og 17. mars", "no-year", "the year of 17.3. is missing"},
        Wrong{"16.-17.", "no-year", "the month and the year of 16. are missing"},
        Wrong{"17.-16.01.2018", "backwards", "it ends before it begins on 2018-01-17"},
        Wrong{"30.12.-02.01.2019", "backwards", "it ends before it begins on 2019-12-30"},
        Wrong{"14.08.2018 kl. 12.00-09.00", "backwards", "it ends before it begins"},
        Wrong{"14.08.2018 kl. 09.00-09.00", "backwards", "it ends before it begins"},
        Wrong{"17.03.2020 og 10.03.2020", "disorder", "2020-03-10 stands behind 2020-03-17"},
        Wrong{"17. og 17. mars 2020", "disorder", "2020-03-17 stands behind 2020-03-17"},
        Wrong{"16.-18. og 17. mars 2020", "disorder", "2020-03-17 stands behind 2020-03-18"},
        Wrong{"onsdag 14. august 2018", "weekday", "14.08.2018 is a Tuesday"},
        Wrong{"16.02.2021, 9.03", "no-year", "the year of 9.3. is missing"},
        Wrong{"16.02.2021, 9.00.2021", "no-such-day", "there is no month 0"},
        Wrong{"14.08.2018 kl. 25.00", "no-such-time", "there is no time 25:00"},
        Wrong{"14.08.2018 kl. 24.01", "no-such-time", "there is no time 24:01"},
        Wrong{"14.08.2018 09:60", "no-such-time", "there is no time 09:60"},
        Wrong{"uke 33", "unreadable", "`uke 33` cannot be read"},
        Wrong{"høsten 2018", "unreadable", "`høsten 2018` cannot be read"},
        Wrong{"august 2018", "unreadable", "`august 2018` cannot be read"},
        Wrong{"14/2018", "unreadable", "`2018` cannot be read"},
        Wrong{"14/8", "no-year", "the year of 14.8. is missing"},
        Wrong{"2018.08.14", "unreadable", "`2018.08.14` cannot be read"},
        Wrong{"14.08.2018 formiddag", "unreadable", "`formiddag` cannot be read"},
        Wrong{"14.08.2018,", "unreadable", "a day is missing at the end"},
        Wrong{"14.08.2018 -", "unreadable", "a day is missing at the end"},
        Wrong{"14.08.2018 kl.", "unreadable", "a day is missing at the end"},
        Wrong{"14. okotber 2018", "unreadable", "`okotber 2018` cannot be read"},
        Wrong{"2018-8-14", "unreadable", "`2018-8-14` cannot be read"},
        Wrong{"2018-08-1402", "unreadable", "`2018-08-1402` cannot be read"}));

TEST(ActivityDates, AreWrittenAsPeopleWriteThem) {
    for (const char* text :
         {"14. august 2018", "16.–17. januar 2018", "30. januar–2. februar 2019",
          "30. desember 2018–2. januar 2019", "10., 17. og 24. mars 2020",
          "10. mars, 7. april 2020 og 3. mars 2021", "16.–17. og 24.–25. mars 2020",
          "14. august 2018 kl. 09.00–12.00", "14. august 2018 kl. 12.00",
          "10., 17. og 24. mars 2020 kl. 09.00–12.00",
          "10. mars 2020 og 17. mars 2020 kl. 13.00–24.00",
          "10. mars 2020 kl. 09.00–12.00 og 17. mars 2020 kl. 13.00–15.00"}) {
        const auto read = parse_activity_dates(text);
        ASSERT_TRUE(read.ok()) << text << ": " << read.error().message;
        EXPECT_EQ(in_words(read.value()), text);
    }
}

/// Any dates that `parse_activity_dates` may give.
ActivityDates some_dates() {
    ActivityDates dates;
    Date next = day("1950-01-01") + days(*rc::gen::inRange(0, 70'000));
    for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
        DaySpan span{.first = next};
        span.last = span.first + days(*rc::gen::element(0, 0, 1, 3, 40));
        if (*rc::gen::arbitrary<bool>()) {
            const int from = *rc::gen::element(0, 540, 585, 1380);
            span.from = std::chrono::minutes{from};
            if (*rc::gen::arbitrary<bool>()) {
                span.until = std::chrono::minutes{*rc::gen::inRange(from + 1, 24 * 60 + 1)};
            }
        }
        next = span.last + days(*rc::gen::element(2, 7, 30, 366));
        dates.spans.push_back(span);
    }
    return dates;
}

RC_GTEST_PROP(ActivityDatesProperty, AreReadBackAsTheSame, ()) {
    const ActivityDates dates = some_dates();
    for (const std::string& text : {to_string(dates), in_words(dates)}) {
        const auto read = parse_activity_dates(text);
        RC_LOG(text);
        RC_ASSERT(read.ok());
        RC_ASSERT(read.value() == dates);
    }
}

RC_GTEST_PROP(ActivityDatesProperty, AreReadOrRefusedWhateverStandsThere, ()) {
    static const std::vector<std::string> kPieces{
        "14",   ".", "08", "2018", " ", "-", "–",       "/",    ",", "og",         "kl.", "9",
        "mars", ":", "00", "til",  "7", ";", "tirsdag", "\xC3", "å", "2018-08-14", "T",   "\xE2"};
    std::string text;
    for (int i = *rc::gen::inRange(0, 14); i > 0; --i) {
        text += *rc::gen::elementOf(kPieces);
    }
    const auto read = parse_activity_dates(text);
    if (!read.ok()) {
        RC_ASSERT(!read.error().code.empty());
        return;
    }
    for (const std::string& written : {to_string(read.value()), in_words(read.value())}) {
        const auto again = parse_activity_dates(written);
        RC_LOG(written);
        RC_ASSERT(again.ok());
        RC_ASSERT(again.value() == read.value());
    }
}

}  // namespace
}  // namespace fristvakt::workflows
