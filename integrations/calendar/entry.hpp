#pragma once

#include <string>
#include <variant>
#include <vector>

#include "workflows/time/instant.hpp"

/// What stands in a calendar, as plain values; nothing here knows how iCalendar writes it.
namespace fristvakt::integrations::calendar {

/// Local days, both inclusive. REQUIRES: first <= last.
struct WholeDays {
    workflows::Date first{};
    workflows::Date last{};
    friend bool operator==(const WholeDays&, const WholeDays&) = default;
};

/// From an instant until just before another. REQUIRES: start < end.
struct TimeSpan {
    workflows::Instant start{};
    workflows::Instant end{};
    friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// What somebody answered to an invitation (PARTSTAT, RFC 5545 section 3.2.12).
enum class Answer { NeedsAction, Accepted, Tentative, Declined, Delegated };

struct Organizer {
    std::string address;  ///< A mail address; answers go there.
    std::string name{};   ///< May be empty.
};

struct Attendee {
    std::string address;
    std::string name{};  ///< May be empty.
    Answer answer{Answer::NeedsAction};
    bool is_required{true};
};

/// One thing on somebody's days. Texts are UTF-8; what a calendar cannot hold is left out.
struct Entry {
    /// Names it for ever, whatever becomes of it: "fristvakt/sf-innlandet/pulje-5/plan/gjovik".
    std::string uid;
    /// When its content was last changed; in an invitation, when that was made. From data, never
    /// "now", or a feed would differ each time it is fetched (RFC 5545 section 3.8.7.2).
    workflows::Instant stamped_at{};
    int sequence{0};  ///< Counts what recipients must notice (RFC 5546 section 2.1.4).
    std::variant<WholeDays, TimeSpan> when{};
    std::string summary{};
    std::string description{};  ///< May be empty; likewise below.
    std::string place{};
    std::string url{};
    bool is_cancelled{false};
    bool is_busy{false};  ///< Whoever looks for a free hour finds none here.
    Organizer organizer{};
    std::vector<Attendee> attendees{};
};

}  // namespace fristvakt::integrations::calendar
