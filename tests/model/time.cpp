#include "tests/model/time.hpp"

#include <algorithm>
#include <array>

namespace fristvakt::tests::model {

namespace {

constexpr int kScanDays = 800;

Day floor_day(Second seconds) {
    const Second day = seconds / kDay;
    return static_cast<Day>(seconds % kDay < 0 ? day - 1 : day);
}

/// The last Sunday of a month with 31 days.
Day last_sunday(int year, int month) {
    const Day last = day_of({year, month, 31});
    return last - (weekday(last) + 1) % 7;
}

struct Summer {
    Second begins{0};
    Second ends{0};
};

constexpr int kYearFirst = 1970;
constexpr int kYears = 130;

const std::vector<Summer>& summers() {
    static const std::vector<Summer> kSummers = [] {
        std::vector<Summer> all;
        for (int year = kYearFirst; year < kYearFirst + kYears; ++year) {
            all.push_back(
                {last_sunday(year, 3) * kDay + kHour, last_sunday(year, 10) * kDay + kHour});
        }
        return all;
    }();
    return kSummers;
}

Second offset_at(Second at) {
    // The nights of New Year are winter in either year: no matter which one they are counted to.
    const auto year = static_cast<std::size_t>(at / (kDay * 146'097 / 400));
    const Summer& summer = summers()[std::min<std::size_t>(year, kYears - 1)];
    return at >= summer.begins && at < summer.ends ? 2 * kHour : kHour;
}

std::string two(int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

bool holds(const Soft& soft, Day day) {
    const Civil date = civil(day);
    switch (soft.kind) {
        case Soft::Kind::Yearly: {
            const int here = date.month * 100 + date.day;
            return soft.from <= soft.to ? here >= soft.from && here <= soft.to
                                        : here >= soft.from || here <= soft.to;
        }
        case Soft::Kind::Easter: {
            const int after = day - easter(date.year);
            return after >= soft.from && after <= soft.to;
        }
        case Soft::Kind::Weeks: {
            const int week = iso_week(day);
            return week >= soft.from && week <= soft.to;
        }
    }
    return false;
}

}  // namespace

// Days from the civil date: the year begins in March, so that the leap day comes last.
Day day_of(Civil date) {
    const int year = date.month <= 2 ? date.year - 1 : date.year;
    const int era = year / 400;
    const int of_era = year - era * 400;
    const int month = (date.month + 9) % 12;
    const int of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

Civil civil(Day day) {
    const int shifted = day + 719'468;
    const int era = shifted / 146'097;
    const int of_era = shifted - era * 146'097;
    const int years = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
    const int of_year = of_era - (365 * years + years / 4 - years / 100);
    const int month = (5 * of_year + 2) / 153;
    const int number = of_year - (153 * month + 2) / 5 + 1;
    const int shown = month < 10 ? month + 3 : month - 9;
    return {era * 400 + years + (shown <= 2 ? 1 : 0), shown, number};
}

std::string date_text(Day day) {
    const Civil date = civil(day);
    return std::to_string(date.year) + "-" + two(date.month) + "-" + two(date.day);
}

std::string time_text(Second at) {
    const Day day = day_at(at);
    const auto local = static_cast<int>(at + offset_at(at) - day * kDay);
    return date_text(day) + " " + two(local / 3600) + ":" + two(local / 60 % 60) + ":" +
           two(local % 60);
}

std::string utc_text(Second at) {
    const Day day = floor_day(at);
    const auto of_day = static_cast<int>(at - day * kDay);
    return date_text(day) + "T" + two(of_day / 3600) + ":" + two(of_day / 60 % 60) + ":" +
           two(of_day % 60) + "Z";
}

Second parse_utc(const std::string& text) {
    const Day day = *parse_date(text.substr(0, 10));
    return day * kDay + std::stoi(text.substr(11, 2)) * kHour + std::stoi(text.substr(14, 2)) * 60 +
           std::stoi(text.substr(17, 2));
}

std::optional<Day> parse_date(const std::string& text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    for (const std::size_t place : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
        if (text[place] < '0' || text[place] > '9') {
            return std::nullopt;
        }
    }
    const Day day = day_of(
        {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8))});
    return date_text(day) == text ? std::optional{day} : std::nullopt;
}

Day day_at(Second at) {
    return floor_day(at + offset_at(at));
}

Second instant(Day day, Second after_midnight) {
    const Second local = day * kDay + after_midnight;
    for (const Second offset : {2 * kHour, kHour}) {
        if (offset_at(local - offset) == offset) {
            return local - offset;
        }
    }
    return floor_day(local) * kDay + kHour;  // The clock jumps over it, at 01:00 UTC.
}

int weekday(Day day) {
    return ((day + 3) % 7 + 7) % 7;
}

Day monday_of(Day day) {
    return day - weekday(day);
}

int iso_week(Day day) {
    const Day thursday = monday_of(day) + 3;
    return (thursday - day_of({civil(thursday).year, 1, 1})) / 7 + 1;
}

// The anonymous Gregorian computus (Meeus, Jones, Butcher).
Day easter(int year) {
    const int a = year % 19;
    const int b = year / 100;
    const int c = year % 100;
    const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
    return day_of({year, f / 31, f % 31 + 1});
}

bool is_free(Day day) {
    if (weekday(day) >= 5) {
        return true;
    }
    const Civil date = civil(day);
    constexpr std::array kFixed{101, 501, 517, 1225, 1226};
    if (std::find(kFixed.begin(), kFixed.end(), date.month * 100 + date.day) != kFixed.end()) {
        return true;
    }
    constexpr std::array kMoving{-3, -2, 0, 1, 39, 49, 50};
    return std::find(kMoving.begin(), kMoving.end(), day - easter(date.year)) != kMoving.end();
}

Day add_working_days(Day day, int count) {
    const int step = count < 0 ? -1 : 1;
    for (int left = count; left != 0;) {
        day += step;
        left -= is_free(day) ? 0 : step;
    }
    return day;
}

Day add(Day day, Offset offset) {
    switch (offset.unit) {
        case Unit::Days:
            return day + offset.count;
        case Unit::Weeks:
            return day + 7 * offset.count;
        case Unit::WorkingDays:
            return add_working_days(day, offset.count);
    }
    return day;
}

Day off_free_days(Day day, FreeDay rule) {
    while (rule != FreeDay::Keep && is_free(day)) {
        day += rule == FreeDay::Next ? 1 : -1;
    }
    return day;
}

bool is_sending_day(const Window& window, Day day) {
    return window.weekdays[static_cast<std::size_t>(weekday(day))] &&
           !(window.working_days_only && is_free(day)) &&
           std::none_of(window.avoid.begin(), window.avoid.end(),
                        [&](const Soft& soft) { return holds(soft, day); });
}

bool is_open(const Window& window, Second at) {
    const Day day = day_at(at);
    return is_sending_day(window, day) && at >= instant(day, window.opens) &&
           at < instant(day, window.closes);
}

Second next_opening(const Window& window, Second at) {
    Day day = day_at(at);
    for (int scanned = 0; scanned < kScanDays; ++scanned, ++day) {
        const Second opens = instant(day, window.opens);
        const Second closes = instant(day, window.closes);
        if (at < closes && opens < closes && is_sending_day(window, day)) {
            return std::max(at, opens);
        }
    }
    return at;
}

Day sending_day_from(const Window& window, Day day) {
    for (int scanned = 0; scanned < kScanDays && !is_sending_day(window, day); ++scanned) {
        ++day;
    }
    return day;
}

Day sending_day_up_to(const Window& window, Day day) {
    for (int scanned = 0; scanned < kScanDays && !is_sending_day(window, day); ++scanned) {
        --day;
    }
    return day;
}

Second place(const Window& window, int budget, const std::vector<Second>& slots, Second now) {
    Second candidate = now;
    for (int round = 0; round < kScanDays; ++round) {
        const Second opening = next_opening(window, candidate);
        const Day day = day_at(opening);
        int in_week = 0;
        std::optional<Second> that_day;
        std::vector<Second> seen;
        for (const Second slot : slots) {
            if (std::find(seen.begin(), seen.end(), slot) != seen.end()) {
                continue;
            }
            seen.push_back(slot);
            in_week += monday_of(day_at(slot)) == monday_of(day) ? 1 : 0;
            if (day_at(slot) == day) {
                that_day = std::max(slot, that_day.value_or(slot));
            }
        }
        if (that_day && *that_day >= now) {
            return *that_day;
        }
        if (that_day) {
            candidate = instant(day + 1);
        } else if (in_week >= budget) {
            candidate = instant(monday_of(day) + 7);
        } else {
            return opening;
        }
    }
    return candidate;
}

}  // namespace fristvakt::tests::model
