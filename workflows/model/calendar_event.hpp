#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflows/time/instant.hpp"

/// A meeting in a calendar that somebody else keeps (Microsoft 365), and what is known of it there.
namespace fristvakt::workflows {

struct CalendarAttendee {
    std::string address;
    std::string name;  ///< May be empty.
    bool is_required{true};
    friend bool operator==(const CalendarAttendee&, const CalendarAttendee&) = default;
};

/// A meeting as it should stand there.
struct CalendarMeeting {
    /// Names the meeting for ever, in whatever calendar: "fristvakt/sf-innlandet/pulje-5/…".
    std::string uid;
    std::string subject;
    Instant start{};
    Instant end{};         ///< Exclusive. REQUIRES: start < end.
    std::string place;     ///< May be empty.
    std::string text;      ///< Plain, in lines; may be empty.
    bool is_online{true};  ///< With a room in Teams. Once there it stays: it cannot be taken away.
    std::vector<CalendarAttendee> attendees;  ///< In any order, each address once.
    bool is_cancelled{false};
    friend bool operator==(const CalendarMeeting&, const CalendarMeeting&) = default;
};

/// What is known of a meeting's event; to be stored before and after each call.
struct CalendarEvent {
    /// Events of this meeting that have ended: cancelled, or deleted by somebody there.
    int generation{0};
    /// Of the event that was begun; empty: none was. What came of it is known when there is an id.
    std::string transaction;
    std::string event_id;                ///< As the calendar names it.
    std::optional<CalendarMeeting> put;  ///< What stands there; nothing: not known for certain.
    friend bool operator==(const CalendarEvent&, const CalendarEvent&) = default;
};

}  // namespace fristvakt::workflows
