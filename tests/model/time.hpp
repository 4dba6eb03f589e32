#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Norwegian days, the clock in Oslo and when one may write to people: worked out from the law and
/// the design, not from the program. Pure.
namespace fristvakt::tests::model {

using Second = std::int64_t;  ///< UTC, since 1970.
using Day = std::int32_t;     ///< On the calendar in Oslo, since 1970-01-01.

inline constexpr Second kHour = 3600;
inline constexpr Second kDay = 24 * kHour;

struct Civil {
    int year{1970};
    int month{1};
    int day{1};
};
[[nodiscard]] Civil civil(Day day);
[[nodiscard]] Day day_of(Civil date);
/// "2021-01-25", and "2021-01-25 08:00:00" in Oslo.
[[nodiscard]] std::string date_text(Day day);
[[nodiscard]] std::string time_text(Second at);
/// "2021-01-25T07:00:00Z"; what is read is as written here.
[[nodiscard]] std::string utc_text(Second at);
[[nodiscard]] Second parse_utc(const std::string& text);
/// Nothing unless exactly YYYY-MM-DD.
[[nodiscard]] std::optional<Day> parse_date(const std::string& text);

/// Summer time from the last Sunday of March to that of October, 01:00 UTC (EU directive 2000/84).
[[nodiscard]] Day day_at(Second at);
/// A time that the clock leaves out is the moment it jumps; one that comes twice is the first.
[[nodiscard]] Second instant(Day day, Second after_midnight = 0);

[[nodiscard]] int weekday(Day day);  ///< 0 is Monday.
[[nodiscard]] Day monday_of(Day day);
[[nodiscard]] int iso_week(Day day);
[[nodiscard]] Day easter(int year);
/// Saturday, Sunday or public holiday (domstolloven § 149).
[[nodiscard]] bool is_free(Day day);
/// `day` is not counted (domstolloven § 148).
[[nodiscard]] Day add_working_days(Day day, int count);

enum class Unit { Days, WorkingDays, Weeks };
struct Offset {
    int count{0};
    Unit unit{Unit::Days};
};
[[nodiscard]] Day add(Day day, Offset offset);

enum class FreeDay { Next, Keep, Previous };
[[nodiscard]] Day off_free_days(Day day, FreeDay rule);

/// Days on which nothing is sent though deadlines stand.
struct Soft {
    enum class Kind { Yearly, Easter, Weeks };
    Kind kind{Kind::Yearly};
    int from{0};  ///< Month × 100 + day; days after Easter; ISO week. Both inclusive.
    int to{0};
    friend bool operator==(const Soft&, const Soft&) = default;
};

struct Window {
    bool working_days_only{true};
    std::bitset<7> weekdays{0b1111111};
    Second opens{8 * kHour};
    Second closes{16 * kHour};
    std::vector<Soft> avoid;
    friend bool operator==(const Window&, const Window&) = default;
};
[[nodiscard]] bool is_sending_day(const Window& window, Day day);
[[nodiscard]] bool is_open(const Window& window, Second at);
/// `at` itself, or when the window opens next.
[[nodiscard]] Second next_opening(const Window& window, Second at);
[[nodiscard]] Day sending_day_from(const Window& window, Day day);
[[nodiscard]] Day sending_day_up_to(const Window& window, Day day);

/// The first slot not before `now` for somebody who has these slots: one a day, `budget` in an ISO
/// week, in the window; one still to come on that day is shared.
[[nodiscard]] Second place(const Window& window, int budget, const std::vector<Second>& slots,
                           Second now);

}  // namespace fristvakt::tests::model
