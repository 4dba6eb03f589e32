#pragma once

#include <string>
#include <string_view>

#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

/// Times as people write them on a command line, and as they are shown there.
namespace fristvakt::daemon {

enum class DayMeans { Start, End };

/// A date is the start of its day (`End`: the first instant after it); a time is itself, local
/// unless an offset stands. InvalidInput names `option`.
[[nodiscard]] workflows::Result<workflows::Instant> read_moment(const std::string& text,
                                                                std::string_view option,
                                                                const workflows::TimeZone& zone,
                                                                DayMeans day_means);

/// "man 2021-01-11 08:00": sortable, and the weekday at hand.
[[nodiscard]] std::string show_time(workflows::Instant at, const workflows::TimeZone& zone);
/// "man 2021-01-25".
[[nodiscard]] std::string show_date(workflows::Date day);
/// "14 days", "1 day", "today", "3 days over".
[[nodiscard]] std::string show_days_left(int days);

}  // namespace fristvakt::daemon
