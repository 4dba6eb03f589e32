#include "workflows/time/instant.hpp"

#include <cstdlib>
#include <ctime>
#include <ostream>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)

static_assert(!std::is_convertible_v<Instant, LocalTime>);
static_assert(!std::is_convertible_v<LocalTime, Instant>);
static_assert(!std::is_convertible_v<Date, Instant>);

Date last_sunday(int year, cal::month month) {
    return Date{cal::year{year} / month / cal::Sunday[cal::last]};
}

// --- Zones -------------------------------------------------------------------------------------

TEST(TimeZone, RefusesAnUnknownNameAndNamesTheNearest) {
    struct Row {
        const char* name;
        const char* says;
    };
    for (const Row& row : {Row{"Europe/Olso", "did you mean 'Europe/Oslo'?"},
                           Row{"europe/oslo", "did you mean 'Europe/Oslo'?"},
                           Row{"", "such as 'Europe/Oslo'"}, Row{"../etc/passwd", "IANA name"},
                           Row{"Europe", "is installed"}, Row{"norsk tid", "IANA name"}}) {
        const auto zone = TimeZone::locate(row.name);
        ASSERT_FALSE(zone.ok()) << row.name;
        EXPECT_EQ(zone.error().kind, ErrorKind::InvalidInput);
        EXPECT_NE(zone.error().message.find(row.says), std::string::npos) << zone.error().message;
    }
}

TEST(TimeZone, TellsItsName) {
    EXPECT_EQ(oslo().name(), "Europe/Oslo");
}

TEST(TimeZone, TheHourThatIsLeftOutInSpring) {
    const Instant change = instant("2021-03-28T01:00:00Z");
    EXPECT_EQ(oslo().to_instant(local("2021-03-28T01:59:59")), change - Seconds{1});
    EXPECT_EQ(oslo().to_instant(local("2021-03-28T02:00")), change);
    EXPECT_EQ(oslo().to_instant(local("2021-03-28T02:30")), change);
    EXPECT_EQ(oslo().to_instant(local("2021-03-28T02:59:59")), change);
    EXPECT_EQ(oslo().to_instant(local("2021-03-28T03:00")), change);
    EXPECT_EQ(oslo().to_local(change), local("2021-03-28T03:00"));
    EXPECT_EQ(oslo().start_of_day(day("2021-03-29")) - oslo().start_of_day(day("2021-03-28")),
              hours(23));
}

TEST(TimeZone, TheHourThatComesTwiceInAutumn) {
    EXPECT_EQ(oslo().to_instant(local("2021-10-31T02:30")), instant("2021-10-31T00:30:00Z"));
    EXPECT_EQ(oslo().to_local(instant("2021-10-31T00:30:00Z")), local("2021-10-31T02:30"));
    EXPECT_EQ(oslo().to_local(instant("2021-10-31T01:30:00Z")), local("2021-10-31T02:30"));
    EXPECT_EQ(oslo().offset_at(instant("2021-10-31T00:59:59Z")), hours(2));
    EXPECT_EQ(oslo().offset_at(instant("2021-10-31T01:00:00Z")), hours(1));
    EXPECT_EQ(oslo().start_of_day(day("2021-11-01")) - oslo().start_of_day(day("2021-10-31")),
              hours(25));
}

TEST(TimeZone, ADayThatBeginsAtOneBeginsAtOne) {
    // Clocks went from 24:00 to 01:00 in São Paulo on 4 November 2018, in Beirut on 28 March 2021.
    const TimeZone sao_paulo = zone("America/Sao_Paulo");
    EXPECT_EQ(sao_paulo.start_of_day(day("2018-11-04")), instant("2018-11-04T03:00:00Z"));
    EXPECT_EQ(sao_paulo.to_local(sao_paulo.start_of_day(day("2018-11-04"))),
              local("2018-11-04T01:00"));
    const TimeZone beirut = zone("Asia/Beirut");
    EXPECT_EQ(beirut.date_of(beirut.start_of_day(day("2021-03-28"))), day("2021-03-28"));
    EXPECT_EQ(beirut.date_of(beirut.start_of_day(day("2021-03-28")) - Seconds{1}),
              day("2021-03-27"));
    EXPECT_EQ(beirut.start_of_day(day("2050-03-27")), instant("2050-03-26T22:00:00Z"));
}

TEST(TimeZone, ADayThatWasLeftOutBeginsWithTheNext) {
    // Samoa crossed the date line: there was no 30 December 2011.
    const TimeZone apia = zone("Pacific/Apia");
    EXPECT_EQ(apia.start_of_day(day("2011-12-30")), apia.start_of_day(day("2011-12-31")));
    EXPECT_EQ(apia.start_of_day(day("2012-01-01")) - apia.start_of_day(day("2011-12-29")),
              hours(48));
}

TEST(TimeZone, SummerTimeInOsloGoesOnAfterTheTableEnds) {
    for (int year = 2022; year <= 2199; ++year) {
        const Instant spring = Instant{last_sunday(year, cal::March).time_since_epoch()} + hours(1);
        const Instant autumn =
            Instant{last_sunday(year, cal::October).time_since_epoch()} + hours(1);
        EXPECT_EQ(oslo().offset_at(spring - Seconds{1}), hours(1)) << year;
        EXPECT_EQ(oslo().offset_at(spring), hours(2)) << year;
        EXPECT_EQ(oslo().offset_at(autumn - Seconds{1}), hours(2)) << year;
        EXPECT_EQ(oslo().offset_at(autumn), hours(1)) << year;

        const Date night = last_sunday(year, cal::March);
        EXPECT_EQ(oslo().to_instant(night + hours(2) + std::chrono::minutes{30}), spring) << year;
        EXPECT_EQ(oslo().start_of_day(night + days(1)) - oslo().start_of_day(night), hours(23));
        const Date long_night = last_sunday(year, cal::October);
        EXPECT_EQ(oslo().to_instant(long_night + hours(2)), autumn - hours(1)) << year;
        EXPECT_EQ(oslo().start_of_day(long_night + days(1)) - oslo().start_of_day(long_night),
                  hours(25));
    }
}

TEST(TimeZone, SouthernSummersRunOverNewYearAfterTheTableEnds) {
    const TimeZone sydney = zone("Australia/Sydney");
    for (int year = 2036; year <= 2199; ++year) {
        const Date april{cal::year{year} / cal::April / cal::Sunday[1]};
        const Date october{cal::year{year} / cal::October / cal::Sunday[1]};
        const Date new_year{cal::year{year} / 1 / 1};
        for (const Date date : {new_year - days(1), new_year, new_year + days(58),
                                new_year + days(59), april - days(1), october + days(1)}) {
            EXPECT_EQ(sydney.offset_at(sydney.start_of_day(date)), hours(11)) << iso_date(date);
        }
        EXPECT_EQ(sydney.start_of_day(new_year), Instant{new_year.time_since_epoch()} - hours(11));
        EXPECT_EQ(sydney.offset_at(sydney.start_of_day(april + days(1))), hours(10)) << year;
        EXPECT_EQ(sydney.offset_at(sydney.start_of_day(october)), hours(10)) << year;
    }
}

TEST(TimeZone, UtcStaysUtc) {
    const TimeZone utc = zone("UTC");
    for (const char* text :
         {"1900-01-01", "2037-12-31", "2038-01-01", "2100-02-28", "2199-07-01"}) {
        EXPECT_EQ(utc.start_of_day(day(text)), Instant{day(text).time_since_epoch()});
        EXPECT_EQ(utc.to_local(utc.start_of_day(day(text))), LocalTime{day(text)});
    }
}

// NOLINTBEGIN(concurrency-mt-unsafe): one thread runs a test program, and TZ is put back.

/// The C library reads the rule behind the tables; ours must agree with it.
class AgainstTheCLibrary : public ::testing::TestWithParam<const char*> {
 protected:
    void SetUp() override {
        const char* before = std::getenv("TZ");
        had_zone_ = before != nullptr;
        zone_before_ = had_zone_ ? before : "";
        ::setenv("TZ", GetParam(), 1);
        ::tzset();
    }
    void TearDown() override {
        if (had_zone_) {
            ::setenv("TZ", zone_before_.c_str(), 1);
        } else {
            ::unsetenv("TZ");
        }
        ::tzset();
    }

 private:
    bool had_zone_{false};
    std::string zone_before_;
};

// NOLINTEND(concurrency-mt-unsafe)

TEST_P(AgainstTheCLibrary, OffsetsAgreeUntil2199) {
    const TimeZone here = zone(GetParam());
    int wrong = 0;
    for (Instant at = cal::sys_days{cal::year{2015} / 1 / 1};
         at < cal::sys_days{cal::year{2200} / 1 / 1}; at += hours(13)) {
        const std::time_t seconds = at.time_since_epoch().count();
        std::tm parts{};
        ::localtime_r(&seconds, &parts);
        if (parts.tm_gmtoff != here.offset_at(at).count() && ++wrong == 1) {
            ADD_FAILURE() << GetParam() << " at " << iso_utc(at);
        }
    }
    EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(TimeZone, AgainstTheCLibrary,
                         ::testing::Values("Europe/Oslo", "Australia/Lord_Howe", "America/Santiago",
                                           "America/New_York", "America/Havana", "Asia/Kolkata",
                                           "Africa/Casablanca", "UTC"),
                         [](const auto& test) {
                             std::string name = test.param;
                             for (char& letter : name) {
                                 letter = letter == '/' ? '_' : letter;
                             }
                             return name;
                         });

RC_GTEST_PROP(TimeZoneProperty, LocalTimeAndBack, ()) {
    const Seconds since_1970{*rc::gen::inRange<long>(-2208988800L, 7258118400L)};
    const Instant at{since_1970};
    const Instant back = oslo().to_instant(oslo().to_local(at));
    // In the hour that comes twice the earlier one is meant.
    RC_ASSERT(back == at || (back < at && oslo().to_local(back) == oslo().to_local(at)));
    RC_ASSERT(oslo().start_of_day(oslo().date_of(at)) <= at);
    RC_ASSERT(at < oslo().start_of_day(oslo().date_of(at) + days(1)));
}

RC_GTEST_PROP(TimeZoneProperty, LocalTimesKeepTheirOrder, ()) {
    const auto since_1970 = *rc::gen::inRange<long>(-2208988800L, 7258118400L);
    const auto later = *rc::gen::inRange<long>(0L, 100000L);
    const LocalTime one{Seconds{since_1970}};
    RC_ASSERT(oslo().to_instant(one) <= oslo().to_instant(one + Seconds{later + 3600}));
}

TEST(TimeZone, GivesTheSameFromAnyQuestionBefore) {
    // A stretch of another zone or year that was asked for just before must not show through.
    const TimeZone new_york = zone("America/New_York");
    for (int year = 1995; year < 2060; ++year) {
        for (const cal::month month : {cal::January, cal::July}) {
            const Date date{cal::year{year} / month / 15};
            const Instant in_oslo = oslo().start_of_day(date);
            const Instant in_new_york = new_york.start_of_day(date);
            EXPECT_EQ(in_new_york - in_oslo, hours(6));
        }
    }
}

// --- Writing -----------------------------------------------------------------------------------

TEST(Write, Iso) {
    EXPECT_EQ(iso_date(day("2021-01-05")), "2021-01-05");
    EXPECT_EQ(iso_instant(instant("2021-01-25T07:00:00Z"), oslo()), "2021-01-25T08:00:00+01:00");
    EXPECT_EQ(iso_instant(instant("2026-04-07T22:00:00Z"), oslo()), "2026-04-08T00:00:00+02:00");
    EXPECT_EQ(iso_instant(instant("2021-01-25T07:00:00Z"), zone("UTC")),
              "2021-01-25T07:00:00+00:00");
    EXPECT_EQ(iso_instant(instant("2021-01-25T07:00:00Z"), zone("America/St_Johns")),
              "2021-01-25T03:30:00-03:30");
    EXPECT_EQ(iso_utc(instant("2021-01-25T08:00:05")), "2021-01-25T07:00:05Z");
}

TEST(Write, AnOffsetWithSecondsKeepsTheInstant) {
    // Monrovia was 44 minutes and 30 seconds behind until 1972.
    const TimeZone monrovia = zone("Africa/Monrovia");
    const Instant at = instant("1960-06-01T12:00:00Z");
    EXPECT_EQ(iso_instant(at, monrovia), "1960-06-01T11:15:00-00:45");
    EXPECT_EQ(parse_instant(iso_instant(at, monrovia), monrovia).value(), at);
}

TEST(Write, DaysInBothMaalformer) {
    const Date monday = day("2021-01-25");
    EXPECT_EQ(long_date(monday, Language::Nb), "mandag 25. januar 2021");
    EXPECT_EQ(long_date(monday, Language::Nn), "måndag 25. januar 2021");
    EXPECT_EQ(day_and_month(monday, Language::Nb), "mandag 25. januar");
    EXPECT_EQ(day_and_month(monday, Language::Nn), "måndag 25. januar");
    EXPECT_EQ(short_date(monday, Language::Nb), "25. januar");
    EXPECT_EQ(long_date(day("2021-05-01"), Language::Nn), "laurdag 1. mai 2021");
    EXPECT_EQ(clock_time(local("2021-01-25T08:05")), "kl. 08.05");
    EXPECT_EQ(clock_time(local("2021-01-25T00:00")), "kl. 00.00");
}

TEST(Write, EveryWeekdayAndMonth) {
    const char* nb[] = {"mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"};
    const char* nn[] = {"måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"};
    const char* short_nb[] = {"man", "tir", "ons", "tor", "fre", "lør", "søn"};
    const char* short_nn[] = {"mån", "tys", "ons", "tor", "fre", "lau", "søn"};
    for (int i = 0; i < 7; ++i) {
        const Date date = day("2021-01-25") + days(i);
        EXPECT_EQ(weekday_name(date, Language::Nb), nb[i]);
        EXPECT_EQ(weekday_name(date, Language::Nn), nn[i]);
        EXPECT_EQ(weekday_abbreviation(date, Language::Nb), short_nb[i]);
        EXPECT_EQ(weekday_abbreviation(date, Language::Nn), short_nn[i]);
    }
    const char* months[] = {"januar", "februar", "mars",      "april",   "mai",      "juni",
                            "juli",   "august",  "september", "oktober", "november", "desember"};
    for (unsigned month = 1; month <= 12; ++month) {
        const Date date{cal::year{2021} / cal::month{month} / 9};
        EXPECT_EQ(short_date(date, Language::Nn), std::string{"9. "} + months[month - 1]);
    }
}

// --- Reading -----------------------------------------------------------------------------------

TEST(Read, EveryDayOf300YearsAndBack) {
    for (Date date = day("1900-01-01"); date <= day("2199-12-31"); date += days(1)) {
        ASSERT_EQ(parse_iso_date(iso_date(date)), date);
    }
}

TEST(Read, NoDates) {
    for (const char* text : {"",           "2021-1-25",     "2021-01-5",        "21-01-25",
                             "2021/01/25", "2021-01-25 ",   " 2021-01-25",      "2021-02-29",
                             "2021-02-30", "2021-04-31",    "2021-00-10",       "2021-13-10",
                             "2021-01-00", "2021-01-32",    "1899-12-31",       "2200-01-01",
                             "2021-01-2x", "+021-01-25",    "2021-01-25T00:00", "20210125",
                             "2021-W04-1", "２０２１-01-25"}) {
        EXPECT_FALSE(parse_iso_date(text)) << text;
        EXPECT_FALSE(read_iso_date(text).ok()) << text;
    }
    EXPECT_TRUE(parse_iso_date("2020-02-29"));
    EXPECT_TRUE(parse_iso_date("2000-02-29"));
    EXPECT_FALSE(parse_iso_date("2100-02-29"));
}

TEST(Read, SaysWhatIsWrongWithADate) {
    EXPECT_EQ(read_iso_date("2021-02-30").error().message,
              "2021-02-30 does not exist: that month has the days 01 to 28");
    EXPECT_EQ(read_iso_date("2020-02-30").error().message,
              "2020-02-30 does not exist: that month has the days 01 to 29");
    EXPECT_EQ(read_iso_date("2021-13-01").error().message,
              "2021-13-01 does not exist: a year has the months 01 to 12");
    EXPECT_EQ(read_iso_date("2200-01-01").error().message,
              "the year of 2200-01-01 is out of range; write 1900 to 2199");
    EXPECT_EQ(read_iso_date("25.1.2021").error().message,
              "'25.1.2021' is no date; write YYYY-MM-DD, such as 2021-01-25");
}

TEST(Read, TimesOfDay) {
    EXPECT_EQ(parse_time_of_day("00:00"), hours(0));
    EXPECT_EQ(parse_time_of_day("08:30"), Seconds{8 * 3600 + 1800});
    EXPECT_EQ(parse_time_of_day("23:59"), Seconds{86340});
    EXPECT_EQ(parse_time_of_day("24:00"), hours(24));
    for (const char* text : {"", "8:00", "08.00", "24:01", "25:00", "08:60", "08:00:00", "08:0",
                             " 08:00", "-8:00", "08:00 "}) {
        EXPECT_FALSE(parse_time_of_day(text)) << text;
    }
}

TEST(Read, LocalTimes) {
    EXPECT_EQ(parse_local_time("2021-03-23T09:00"), day("2021-03-23") + hours(9));
    EXPECT_EQ(parse_local_time("2021-03-23T09:00:07"), day("2021-03-23") + hours(9) + Seconds{7});
    EXPECT_EQ(parse_local_time("2021-03-23T24:00"), LocalTime{day("2021-03-24")});
    for (const char* text : {"2021-03-23", "2021-03-23 09:00", "2021-03-23T9:00",
                             "2021-03-23T09:00Z", "2021-03-23T09:00:60", "2021-03-23T24:00:01",
                             "2021-02-30T09:00", "2021-03-23T09:00:0", "2021-03-23T09:00-01"}) {
        EXPECT_FALSE(parse_local_time(text)) << text;
    }
}

TEST(Read, Instants) {
    struct Row {
        const char* text;
        const char* utc;
    };
    for (const Row& row : {Row{"2021-01-25T08:00", "2021-01-25T07:00:00Z"},
                           Row{"2021-07-25T08:00:09", "2021-07-25T06:00:09Z"},
                           Row{"2021-01-25T08:00Z", "2021-01-25T08:00:00Z"},
                           Row{"2021-01-25T08:00:00Z", "2021-01-25T08:00:00Z"},
                           Row{"2021-01-25T08:00+01:00", "2021-01-25T07:00:00Z"},
                           Row{"2021-01-25T08:00:00-03:30", "2021-01-25T11:30:00Z"},
                           Row{"2021-01-25T08:00:00-00:00", "2021-01-25T08:00:00Z"},
                           Row{"2021-01-25T24:00", "2021-01-25T23:00:00Z"},
                           Row{"2021-03-28T02:30", "2021-03-28T01:00:00Z"},
                           Row{"2021-10-31T02:30", "2021-10-31T00:30:00Z"}}) {
        const auto at = parse_instant(row.text, oslo());
        ASSERT_TRUE(at.ok()) << row.text;
        EXPECT_EQ(iso_utc(at.value()), row.utc) << row.text;
    }
}

TEST(Read, NoInstants) {
    for (const char* text :
         {"", "2021-01-25", "2021-01-25T", "2021-01-25T08", "2021-01-25 08:00", "2021-01-25T08:00z",
          "2021-01-25T08:00+1:00", "2021-01-25T08:00+0100", "2021-01-25T08:00+24:00",
          "2021-01-25T08:00:00.000Z", "2021-01-25T08:00:0", "2021-01-25T08:00:00ZZ",
          "2021-01-25T08:00 Europe/Oslo", "2021-02-30T08:00", "1899-01-01T00:00Z"}) {
        const auto at = parse_instant(text, oslo());
        EXPECT_FALSE(at.ok()) << text;
    }
    EXPECT_NE(parse_instant("2021-02-30T08:00", oslo()).error().message.find("does not exist"),
              std::string::npos);
}

RC_GTEST_PROP(ReadProperty, AnyInstantIsReadBack, ()) {
    const Instant at{Seconds{*rc::gen::inRange<long>(-2208900000L, 7258100000L)}};
    RC_ASSERT(parse_instant(iso_utc(at), oslo()).value() == at);
    RC_ASSERT(parse_instant(iso_instant(at, oslo()), oslo()).value() == at);
}

RC_GTEST_PROP(ReadProperty, NoTextBreaksAnything, ()) {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string{"0123456789-:TZ+. \xc3\xa5"}));
    (void)parse_instant(text, oslo()).ok();
    (void)parse_local_time(text);
    (void)read_iso_date(text).ok();
}

}  // namespace
}  // namespace fristvakt::workflows
