#pragma once

#include <string>
#include <vector>

#include "integrations/calendar/entry.hpp"

namespace fristvakt::integrations::calendar {

/// What a calendar asks of who gets it (RFC 5546): nothing, as a file or feed; or, by mail, to
/// take note, to answer, to take something away.
enum class Method { None, Publish, Request, Cancel };

struct Calendar {
    std::string name{};  ///< Shown by whoever subscribes; may be empty.
    Method method{Method::None};
    bool is_feed{false};  ///< Says how often to fetch it: once an hour.
    std::vector<Entry> entries{};
};

/// The calendar as iCalendar (RFC 5545): UTF-8, CRLF, at most 75 octets a line. The same arguments
/// give the same bytes. Pure.
///
/// Times stand on the clock of `zone` where that is Europe/Oslo, with its rules beside them in the
/// two-rule form that Outlook reads; in another zone, in the hour that autumn has twice, and before
/// 1996, when the rules were others, they stand in UTC.
///
/// REQUIRES: with a method every entry has an organizer, and in a Request each has attendees.
[[nodiscard]] std::string to_icalendar(const Calendar& calendar, const workflows::TimeZone& zone);

}  // namespace fristvakt::integrations::calendar
