#include "workflows/time/send_window.hpp"

#include <algorithm>

#include "workflows/assert.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {

namespace {

/// Two years, a leap day included: longer than any calendar that is meant seriously closes.
constexpr int kScanDaysMax = 731;

std::optional<Date> scan(const SendWindow& window, Date day, cal::days step) {
    for (int i = 0; i <= kScanDaysMax; ++i, day += step) {
        if (is_sending_day(window, day)) {
            return day;
        }
    }
    return std::nullopt;
}

/// The instants between which the window is open on a sending day. Taken as instants, so that the
/// hour that comes twice in autumn opens the window once; empty where the hour of spring that is
/// left out was all of it.
struct Opening {
    Instant from;
    Instant to;  ///< Exclusive.
};

Opening opening(const SendWindow& window, Date day, const TimeZone& zone) {
    return {zone.to_instant(day + window.opens), zone.to_instant(day + window.closes)};
}

}  // namespace

bool is_sending_day(const SendWindow& window, Date day) {
    const unsigned from_monday = cal::weekday{day}.iso_encoding() - 1;
    if (!window.weekdays[from_monday] || (window.working_days_only && is_free_day(day))) {
        return false;
    }
    return std::none_of(window.avoid.begin(), window.avoid.end(),
                        [day](const SoftPeriod& period) { return contains(period, day); });
}

std::optional<Date> sending_day_on_or_after(const SendWindow& window, Date day) {
    return scan(window, day, cal::days{1});
}

std::optional<Date> sending_day_on_or_before(const SendWindow& window, Date day) {
    return scan(window, day, cal::days{-1});
}

bool is_open(const SendWindow& window, Instant instant, const TimeZone& zone) {
    const Date day = zone.date_of(instant);
    if (!is_sending_day(window, day)) {
        return false;
    }
    const Opening open = opening(window, day, zone);
    return instant >= open.from && instant < open.to;
}

std::optional<Instant> next_opening(const SendWindow& window, Instant instant,
                                    const TimeZone& zone) {
    const Date today = zone.date_of(instant);
    const Date last = today + cal::days{kScanDaysMax};
    auto day = sending_day_on_or_after(window, today);
    while (day && *day <= last) {
        const Opening open = opening(window, *day, zone);
        if (instant < open.to && open.from < open.to) {
            return std::max(instant, open.from);
        }
        day = sending_day_on_or_after(window, *day + cal::days{1});
    }
    return std::nullopt;
}

Instant opening_on(const SendWindow& window, Date day, const TimeZone& zone) {
    FRISTVAKT_ASSERT(is_sending_day(window, day));
    return opening(window, day, zone).from;
}

}  // namespace fristvakt::workflows
