#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <date/date.h>

#include "workflows/language.hpp"
#include "workflows/result.hpp"

namespace date {
class time_zone;
}

/// Instants, local days and the zone between them. An instant and a local time never mix: the
/// types do not convert, and only TimeZone goes from one to the other.
namespace fristvakt::workflows {

/// The calendar library behind one name; becomes std::chrono on a later compiler.
namespace cal = date;

using Seconds = std::chrono::seconds;
/// A point in time, in UTC, to the second.
using Instant = cal::sys_seconds;
/// A day on the calendar of the installation; has no zone and is no instant.
using Date = cal::local_days;
/// A wall-clock time of the installation.
using LocalTime = cal::local_seconds;

/// One IANA time zone. Cheap to copy; may be used from any thread.
///
/// The operating system's zone files end in 2037 for the library; later years follow the rule of
/// the last years in them, so that summer time does not silently disappear in 2038. Nothing here
/// throws.
class TimeZone {
 public:
    /// InvalidInput: no zone of that name is installed, or its file cannot be read. Names the
    /// nearest.
    [[nodiscard]] static Result<TimeZone> locate(std::string_view iana_name);

    /// A local time that does not exist (spring) gives the first instant after the gap, one that
    /// exists twice (autumn) the earlier.
    [[nodiscard]] Instant to_instant(LocalTime local) const;
    [[nodiscard]] LocalTime to_local(Instant instant) const;
    /// The first instant of that local day.
    [[nodiscard]] Instant start_of_day(Date day) const;
    [[nodiscard]] Date date_of(Instant instant) const;
    /// East of Greenwich is positive.
    [[nodiscard]] Seconds offset_at(Instant instant) const;
    [[nodiscard]] std::string name() const;

 private:
    explicit TimeZone(const cal::time_zone* zone) : zone_(zone) {}
    const cal::time_zone* zone_;
};

/// "2021-01-25".
[[nodiscard]] std::string iso_date(Date day);
/// "2021-01-25T08:00:00+01:00". An offset with seconds (before 1940 in places) loses them, and the
/// time beside it gains them: the instant stays the same.
[[nodiscard]] std::string iso_instant(Instant instant, const TimeZone& zone);
/// "2021-01-25T07:00:00Z".
[[nodiscard]] std::string iso_utc(Instant instant);
/// Exactly YYYY-MM-DD and a day that exists; else nothing. Years 1900 to 2199.
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text);
/// As `parse_iso_date`, and says what is wrong: InvalidInput names a day that does not exist, a
/// year out of range or the form that is wanted.
[[nodiscard]] Result<Date> read_iso_date(std::string_view text);
/// Exactly YYYY-MM-DDTHH:MM[:SS] without an offset; 24:00 is the next midnight; else nothing.
[[nodiscard]] std::optional<LocalTime> parse_local_time(std::string_view text);
/// Exactly HH:MM, 00:00 to 24:00; else nothing.
[[nodiscard]] std::optional<Seconds> parse_time_of_day(std::string_view text);
/// YYYY-MM-DDTHH:MM[:SS] with Z, ±HH:MM or, without an offset, local time in `zone`.
/// InvalidInput: anything else.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text, const TimeZone& zone);

/// "mandag 25. januar 2021" / "måndag 25. januar 2021".
[[nodiscard]] std::string long_date(Date day, Language language);
/// "mandag 25. januar" / "måndag 25. januar".
[[nodiscard]] std::string day_and_month(Date day, Language language);
/// "25. januar".
[[nodiscard]] std::string short_date(Date day, Language language);
/// "mandag" / "måndag".
[[nodiscard]] std::string_view weekday_name(Date day, Language language);
/// "man" / "mån".
[[nodiscard]] std::string_view weekday_abbreviation(Date day, Language language);
/// "kl. 08.00".
[[nodiscard]] std::string clock_time(LocalTime local);

}  // namespace fristvakt::workflows
