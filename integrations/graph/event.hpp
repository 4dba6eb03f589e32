#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "integrations/calendar/entry.hpp"
#include "workflows/decision/calendar_plan.hpp"
#include "workflows/model/calendar_event.hpp"
#include "workflows/time/instant.hpp"

/// Events of Microsoft Graph, as we write and read them. Pure.
namespace fristvakt::integrations::graph {

struct SeenAttendee {
    std::string address;
    std::string name;
    bool is_required{true};
    calendar::Answer answer{calendar::Answer::NeedsAction};
    /// When it was given; nothing where Graph says none, as before any answer.
    std::optional<workflows::Instant> answered_at;
};

/// An event as it stands in the mailbox. What Graph left out is empty.
struct SeenEvent {
    std::string id;
    std::string subject;
    std::optional<workflows::Instant> start;
    std::optional<workflows::Instant> end;
    std::string place;
    std::string html;
    bool is_online{false};
    std::string join_url;  ///< Where it is held in Teams; may come later than the event.
    bool is_cancelled{false};
    std::vector<SeenAttendee> attendees;
};

/// The names of our own property on an event, by which it is found again.
inline constexpr const char* kPropertyId =
    "String {8d4f2b6e-3c17-4e59-9a0b-6f1d7c52e8a3} Name fristvakt";

/// An event to be made. Times stand on the clock of `zone` where that is Norway's, under the name
/// that Windows has for it ("W. Europe Standard Time": Graph does not know Europe/Oslo), and else,
/// and in the hour that autumn has twice, in UTC.
[[nodiscard]] nlohmann::json new_event(const workflows::CalendarMeeting& meeting,
                                       const std::string& transaction,
                                       const workflows::TimeZone& zone);

/// What of an event is to be changed, and nothing else: only those called or uncalled are told
/// where `attendees` alone stands in it. Without `html` the text stays.
[[nodiscard]] nlohmann::json event_patch(const workflows::CalendarMeeting& meeting,
                                         const workflows::CalendarChange& change,
                                         const std::optional<std::string>& html,
                                         const workflows::TimeZone& zone);

/// Nothing: it is no event, or has no id.
[[nodiscard]] std::optional<SeenEvent> read_event(const nlohmann::json& event);

/// Of `change`, what is not yet as wanted.
[[nodiscard]] workflows::CalendarChange still_to_change(const SeenEvent& seen,
                                                        const workflows::CalendarMeeting& wanted,
                                                        workflows::CalendarChange change);

}  // namespace fristvakt::integrations::graph
