#pragma once

#include <map>
#include <string>

#include "daemon/graph_desk/calendar_book.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// A meeting as it should stand in the calendar.
struct WantedMeeting {
    workflows::CalendarMeeting meeting;
    int sequences{0};        ///< As in KnownMeeting.
    std::string join_url{};  ///< As the case has it; may be empty.
    std::string farewell;    ///< Goes with its cancellation, for those who were called.
};

/// Every meeting that somebody is called to, and those of `book` that are not over, by case; who is
/// called is who has been told of it. One to which nobody is called, or whose case is no more, is
/// cancelled. Fails as the snapshot does.
[[nodiscard]] workflows::Result<std::map<std::string, WantedMeeting>> wanted_meetings(
    workflows::Snapshot& snapshot, const workflows::Definitions& definitions,
    const CalendarBook& book, workflows::Instant now);

}  // namespace fristvakt::daemon
