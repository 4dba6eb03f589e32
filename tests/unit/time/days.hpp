#pragma once

#include <string_view>

#include "workflows/time/instant.hpp"

/// Short ways to write days and instants in the tests of workflows/time.
namespace fristvakt::workflows::testing {

/// "2021-01-25"; a typing error in a test ends it.
inline Date day(std::string_view text) {
    return parse_iso_date(text).value();
}

/// "2021-01-25T08:00" or with seconds.
inline LocalTime local(std::string_view text) {
    return parse_local_time(text).value();
}

inline TimeZone zone(std::string_view name) {
    return TimeZone::locate(name).value();
}

inline const TimeZone& oslo() {
    static const TimeZone kOslo = zone("Europe/Oslo");
    return kOslo;
}

/// "2021-01-25T08:00:00+01:00", or without an offset in Oslo's time.
inline Instant instant(std::string_view text) {
    return parse_instant(text, oslo()).value();
}

constexpr Seconds hours(int count) {
    return std::chrono::hours{count};
}
constexpr cal::days days(int count) {
    return cal::days{count};
}

}  // namespace fristvakt::workflows::testing
