#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

/// When something takes place, as people write it in a plan: `14.08.2018`, `16.–17. januar 2018`,
/// `10., 17. og 24. mars 2020`, `14.08.2018 kl. 09.00–12.00`, `2018-08-14/2018-08-16`. Pure.
namespace fristvakt::workflows {

/// One day, or several that follow each other.
struct DaySpan {
    Date first{};
    Date last{};                     ///< Inclusive; not before `first`.
    std::optional<Seconds> from{};   ///< On the first day, after local midnight; empty: all day.
    std::optional<Seconds> until{};  ///< On the last day; only with `from`.
    friend bool operator==(const DaySpan&, const DaySpan&) = default;
};

struct ActivityDates {
    /// In order and apart: days that follow each other at the same times are one span.
    std::vector<DaySpan> spans;
    friend bool operator==(const ActivityDates&, const ActivityDates&) = default;
};

/// Reads a day, a span of days (`-`, `–`, `/` or `til` between), or a list of these (`,`, `;`,
/// `og`), in the order of the calendar, with a time or two behind.
///
/// Days are D.M.YYYY, D. month YYYY with the month in full or short, D/M-YYYY or YYYY-MM-DD.
/// Whoever leaves out month or year means those of the next day in the text, and with the year its
/// times. A weekday may stand before a day and must be right. A year of two digits is one of the
/// years 2000 to 2099: `14.8.18` is in 2018. Times are HH.MM, HH:MM, HHMM or HH, with or without
/// `kl.`. Words may be bokmål or nynorsk, in any case.
///
/// InvalidInput, its message ending in `; ` and what to do. The code is `empty`, `no-year`,
/// `no-such-day`, `no-such-time`, `weekday` (another than that day's), `backwards` (ends before it
/// begins), `disorder` (one of a list lies before another), `too-many` or `unreadable`.
[[nodiscard]] Result<ActivityDates> parse_activity_dates(std::string_view text);

/// "16.–17. januar 2018 kl. 09.00–15.00", alike in bokmål and nynorsk; read back, it is the same.
[[nodiscard]] std::string in_words(const ActivityDates& dates);
/// "2018-01-16/2018-01-17 09:00-15:00"; read back, it is the same.
[[nodiscard]] std::string to_string(const ActivityDates& dates);

}  // namespace fristvakt::workflows
