#include "workflows/time/send_window.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/time/days.hpp"

namespace fristvakt::workflows {
namespace {

using namespace fristvakt::workflows::testing;  // NOLINT(google-build-using-namespace)

SendWindow office_hours() {
    SendWindow window;
    window.avoid = {
        {"romjul", {"romjul", "romjul"}, YearlyDates{cal::December / 24, cal::January / 1}},
        {"fellesferie", {"fellesferie", "fellesferie"}, IsoWeeks{28, 30}}};
    return window;
}

SendWindow every_day(Seconds opens, Seconds closes) {
    SendWindow window;
    window.working_days_only = false;
    window.opens = opens;
    window.closes = closes;
    return window;
}

TEST(SendWindow, SendingDays) {
    const SendWindow window = office_hours();
    EXPECT_TRUE(is_sending_day(window, day("2021-01-25")));
    EXPECT_FALSE(is_sending_day(window, day("2021-01-24")));  // Sunday
    EXPECT_FALSE(is_sending_day(window, day("2021-04-01")));  // Maundy Thursday
    EXPECT_FALSE(is_sending_day(window, day("2021-12-27")));  // romjul
    EXPECT_FALSE(is_sending_day(window, day("2021-07-14")));  // week 28
    EXPECT_TRUE(is_sending_day(window, day("2021-12-23")));
}

TEST(SendWindow, WeekdaysCountBesideWorkingDays) {
    SendWindow window;
    window.weekdays = 0b0010001;  // Monday and Friday
    EXPECT_TRUE(is_sending_day(window, day("2021-01-25")));
    EXPECT_FALSE(is_sending_day(window, day("2021-01-26")));
    EXPECT_TRUE(is_sending_day(window, day("2021-01-29")));
    EXPECT_FALSE(is_sending_day(window, day("2021-04-02")));  // Good Friday
    window.working_days_only = false;
    EXPECT_TRUE(is_sending_day(window, day("2021-04-02")));
    window.weekdays = 0b1000000;  // Sunday
    EXPECT_TRUE(is_sending_day(window, day("2021-01-24")));
}

TEST(SendWindow, TheNearestSendingDay) {
    const SendWindow window = office_hours();
    EXPECT_EQ(iso_date(*sending_day_on_or_after(window, day("2021-12-24"))), "2022-01-03");
    EXPECT_EQ(iso_date(*sending_day_on_or_before(window, day("2022-01-02"))), "2021-12-23");
    EXPECT_EQ(iso_date(*sending_day_on_or_after(window, day("2021-01-25"))), "2021-01-25");
    EXPECT_EQ(iso_date(*sending_day_on_or_before(window, day("2021-01-25"))), "2021-01-25");
    EXPECT_EQ(iso_date(*sending_day_on_or_before(window, day("2021-08-01"))), "2021-07-09");
}

TEST(SendWindow, OneThatNeverOpensSaysSo) {
    SendWindow none;
    none.weekdays = 0;
    SendWindow weekend_work;
    weekend_work.weekdays = 0b1100000;  // Saturday and Sunday, but working days only
    SendWindow all_soft;
    all_soft.avoid = {{"alltid", {}, YearlyDates{cal::January / 1, cal::December / 31}}};
    for (const SendWindow& window : {none, weekend_work, all_soft}) {
        EXPECT_FALSE(sending_day_on_or_after(window, day("2021-01-25")));
        EXPECT_FALSE(sending_day_on_or_before(window, day("2021-01-25")));
        EXPECT_FALSE(next_opening(window, instant("2021-01-25T09:00"), oslo()));
    }
}

TEST(SendWindow, ARareDayIsFoundWithinTwoYears) {
    SendWindow window;
    window.avoid = {{"nesten alltid", {}, YearlyDates{cal::March / 2, cal::February / 28}}};
    EXPECT_EQ(iso_date(*sending_day_on_or_after(window, day("2021-03-02"))), "2022-03-01");
    EXPECT_EQ(iso_date(*sending_day_on_or_before(window, day("2021-02-28"))), "2019-03-01");
}

TEST(SendWindow, OpenFromTheFirstSecondToTheLast) {
    const SendWindow window = office_hours();
    EXPECT_FALSE(is_open(window, instant("2021-01-25T07:59:59"), oslo()));
    EXPECT_TRUE(is_open(window, instant("2021-01-25T08:00"), oslo()));
    EXPECT_TRUE(is_open(window, instant("2021-01-25T15:59:59"), oslo()));
    EXPECT_FALSE(is_open(window, instant("2021-01-25T16:00"), oslo()));
    EXPECT_FALSE(is_open(window, instant("2021-01-24T12:00"), oslo()));
}

TEST(SendWindow, TheNextOpening) {
    struct Row {
        const char* now;
        const char* opens;
    };
    for (const Row& row :
         {Row{"2021-01-25T09:17", "2021-01-25T09:17"}, Row{"2021-01-25T07:00", "2021-01-25T08:00"},
          Row{"2021-01-25T16:00", "2021-01-26T08:00"}, Row{"2021-01-22T16:00", "2021-01-25T08:00"},
          Row{"2021-01-23T10:00", "2021-01-25T08:00"}, Row{"2021-03-31T17:00", "2021-04-06T08:00"},
          Row{"2021-12-23T16:00", "2022-01-03T08:00"},
          Row{"2021-07-09T18:00", "2021-08-02T08:00"}}) {
        EXPECT_EQ(next_opening(office_hours(), instant(row.now), oslo()), instant(row.opens))
            << row.now;
    }
    EXPECT_EQ(opening_on(office_hours(), day("2021-07-01"), oslo()),
              instant("2021-07-01T08:00+02:00"));
}

TEST(SendWindow, InTheNightOfTheClockChange) {
    // The hour that is left out was all of the window: no opening on that day.
    const SendWindow at_night = every_day(hours(2), Seconds{2 * 3600 + 1800});
    EXPECT_EQ(next_opening(at_night, instant("2021-03-28T01:00"), oslo()),
              instant("2021-03-29T02:00"));
    EXPECT_FALSE(is_open(at_night, instant("2021-03-28T03:00"), oslo()));
    // The hour that comes twice opens it once.
    EXPECT_TRUE(is_open(at_night, instant("2021-10-31T00:15:00Z"), oslo()));
    EXPECT_FALSE(is_open(at_night, instant("2021-10-31T01:15:00Z"), oslo()));
    EXPECT_EQ(next_opening(at_night, instant("2021-10-31T01:00:00Z"), oslo()),
              instant("2021-11-01T02:00"));
    // A window that begins in the hour that is left out begins behind it.
    const SendWindow morning = every_day(Seconds{2 * 3600 + 1800}, hours(8));
    EXPECT_EQ(next_opening(morning, instant("2021-03-28T00:00"), oslo()),
              instant("2021-03-28T03:00"));
}

TEST(SendWindow, OpenRoundTheClock) {
    const SendWindow always = every_day(hours(0), hours(24));
    for (const char* now : {"2021-03-28T00:00", "2021-10-31T02:30", "2021-12-31T23:59:59"}) {
        EXPECT_TRUE(is_open(always, instant(now), oslo())) << now;
        EXPECT_EQ(next_opening(always, instant(now), oslo()), instant(now));
    }
}

RC_GTEST_PROP(SendWindowProperty, TheNextOpeningIsTheFirst, ()) {
    SendWindow window = office_hours();
    window.working_days_only = *rc::gen::arbitrary<bool>();
    const int opens = *rc::gen::inRange(0, 47);
    window.opens = Seconds{1800 * opens};
    window.closes = Seconds{1800 * *rc::gen::inRange(opens + 1, 49)};
    const Instant now{Seconds{*rc::gen::inRange(0L, 4'500'000'000L)}};
    const auto opening = next_opening(window, now, oslo());
    RC_ASSERT(opening.has_value());
    RC_ASSERT(*opening >= now);
    RC_ASSERT(is_open(window, *opening, oslo()));
    RC_ASSERT(is_open(window, now, oslo()) == (*opening == now));
    RC_ASSERT(next_opening(window, *opening, oslo()) == opening);
    for (Instant at = now; at < *opening; at += std::chrono::minutes{30}) {
        RC_ASSERT(!is_open(window, at, oslo()));
    }
}

RC_GTEST_PROP(SendWindowProperty, ALaterNowNeverOpensEarlier, ()) {
    const Instant now{Seconds{*rc::gen::inRange(0L, 4'500'000'000L)}};
    const Instant later = now + Seconds{*rc::gen::inRange(0L, 2'000'000L)};
    RC_ASSERT(*next_opening(office_hours(), now, oslo()) <=
              *next_opening(office_hours(), later, oslo()));
}

}  // namespace
}  // namespace fristvakt::workflows
