#include "workflows/time/holidays.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fristvakt::workflows {

namespace {

/// Days from 1 March (counted as 1) to Easter Sunday, 22 to 56. The anonymous Gregorian computus
/// (Meeus, Astronomical Algorithms, chapter 8), which has no exceptions.
constexpr int easter_in_march(int year) {
    const int golden = year % 19;
    const int century = year / 100;
    const int of_century = year % 100;
    const int moon_correction = (century + 8) / 25;
    const int epact =
        (19 * golden + century - century / 4 - (century - moon_correction + 1) / 3 + 15) % 30;
    const int weekday =
        (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    const int correction = (golden + 11 * epact + 22 * weekday) / 451;
    return epact + weekday - 7 * correction + 22;
}

constexpr int kFirstYear = 1900;
constexpr std::size_t kYears = 300;

constexpr std::array<std::uint8_t, kYears> easter_table() {
    std::array<std::uint8_t, kYears> table{};
    for (std::size_t i = 0; i < kYears; ++i) {
        table[i] = static_cast<std::uint8_t>(easter_in_march(kFirstYear + static_cast<int>(i)));
    }
    return table;
}

constexpr std::array<std::uint8_t, kYears> kEaster = easter_table();

int easter_in_march_of(int year) {
    const auto index = static_cast<std::size_t>(year - kFirstYear);
    return year >= kFirstYear && index < kYears ? kEaster[index] : easter_in_march(year);
}

std::optional<Holiday> fixed_holiday(unsigned month, unsigned day) {
    switch (month * 100 + day) {
        case 101:
            return Holiday::NewYearsDay;
        case 501:
            return Holiday::LabourDay;
        case 517:
            return Holiday::ConstitutionDay;
        case 1225:
            return Holiday::ChristmasDay;
        case 1226:
            return Holiday::SecondChristmasDay;
        default:
            return std::nullopt;
    }
}

std::optional<Holiday> movable_holiday(int days_after_easter) {
    switch (days_after_easter) {
        case -3:
            return Holiday::MaundyThursday;
        case -2:
            return Holiday::GoodFriday;
        case 0:
            return Holiday::EasterSunday;
        case 1:
            return Holiday::EasterMonday;
        case 39:
            return Holiday::AscensionDay;
        case 49:
            return Holiday::WhitSunday;
        case 50:
            return Holiday::WhitMonday;
        default:
            return std::nullopt;
    }
}

}  // namespace

Date easter_sunday(int year) {
    return Date{cal::year{year} / cal::March / 1} + cal::days{easter_in_march_of(year) - 1};
}

std::optional<Holiday> holiday_on(Date day) {
    const cal::year_month_day date{day};
    const auto month = static_cast<unsigned>(date.month());
    if (const auto fixed = fixed_holiday(month, static_cast<unsigned>(date.day()))) {
        return fixed;
    }
    // The movable ones lie between 19 March and 13 June.
    if (month < 3 || month > 6) {
        return std::nullopt;
    }
    const auto after = day - easter_sunday(static_cast<int>(date.year()));
    return movable_holiday(static_cast<int>(after.count()));
}

std::string_view holiday_name(Holiday holiday, Language /*language*/) {
    // Both målformer write them alike; the parameter is there for the day they do not.
    switch (holiday) {
        case Holiday::NewYearsDay:
            return "nyttårsdag";
        case Holiday::MaundyThursday:
            return "skjærtorsdag";
        case Holiday::GoodFriday:
            return "langfredag";
        case Holiday::EasterSunday:
            return "1. påskedag";
        case Holiday::EasterMonday:
            return "2. påskedag";
        case Holiday::LabourDay:
            return "1. mai";
        case Holiday::ConstitutionDay:
            return "17. mai";
        case Holiday::AscensionDay:
            return "Kristi himmelfartsdag";
        case Holiday::WhitSunday:
            return "1. pinsedag";
        case Holiday::WhitMonday:
            return "2. pinsedag";
        case Holiday::ChristmasDay:
            return "1. juledag";
        case Holiday::SecondChristmasDay:
            return "2. juledag";
    }
    return "";
}

std::string_view day_name(Date day, Language language) {
    const auto holiday = holiday_on(day);
    return holiday ? holiday_name(*holiday, language) : weekday_name(day, language);
}

bool is_free_day(Date day) {
    const cal::weekday weekday{day};
    return weekday == cal::Saturday || weekday == cal::Sunday || holiday_on(day).has_value();
}

bool is_holiday_or_sunday(Date day) {
    return cal::weekday{day} == cal::Sunday || holiday_on(day).has_value();
}

bool is_working_day(Date day) {
    return !is_free_day(day);
}

Date working_day_on_or_after(Date day) {
    while (is_free_day(day)) {
        day += cal::days{1};
    }
    return day;
}

Date working_day_on_or_before(Date day) {
    while (is_free_day(day)) {
        day -= cal::days{1};
    }
    return day;
}

Date add_working_days(Date day, int count) {
    const cal::days step{count < 0 ? -1 : 1};
    while (count != 0) {
        day += step;
        if (is_working_day(day)) {
            count += count < 0 ? 1 : -1;
        }
    }
    return day;
}

}  // namespace fristvakt::workflows
