#pragma once

#include <bitset>
#include <optional>
#include <vector>

#include "workflows/time/calendar.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// When reminders and changes may go out: on some days, between two times, never on soft days.
/// Pure data; every function here is a pure function of its arguments.
struct SendWindow {
    bool working_days_only{true};
    std::bitset<7> weekdays{0b1111111};  ///< Bit 0 is Monday. Counts beside `working_days_only`.
    Seconds opens{8 * 3600};             ///< After local midnight.
    Seconds closes{16 * 3600};           ///< Exclusive; > opens.
    std::vector<SoftPeriod> avoid;
};

[[nodiscard]] bool is_sending_day(const SendWindow& window, Date day);
/// `day` if it is one, else the nearest after (before) it. Empty when there is none within two
/// years, which the configuration's verifier refuses.
[[nodiscard]] std::optional<Date> sending_day_on_or_after(const SendWindow& window, Date day);
[[nodiscard]] std::optional<Date> sending_day_on_or_before(const SendWindow& window, Date day);
[[nodiscard]] bool is_open(const SendWindow& window, Instant instant, const TimeZone& zone);
/// `instant` itself when the window is open, else the next opening. Empty as above.
[[nodiscard]] std::optional<Instant> next_opening(const SendWindow& window, Instant instant,
                                                  const TimeZone& zone);
/// The opening on that day, which REQUIRES: is_sending_day(window, day).
[[nodiscard]] Instant opening_on(const SendWindow& window, Date day, const TimeZone& zone);

}  // namespace fristvakt::workflows
