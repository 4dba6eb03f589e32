#pragma once

#include <string>
#include <string_view>

#include "integrations/calendar/entry.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations::calendar {

/// What somebody's calendar answers to an invitation (RFC 5546 section 3.2.3). Whether to believe
/// it is for the reader: a mail says what its sender wants.
struct Reply {
    std::string uid;
    int sequence{0};                  ///< Of the invitation that is answered.
    workflows::Instant stamped_at{};  ///< Of two answers to one invitation the later counts.
    std::string attendee;             ///< Who answers; the address in lower case.
    Answer answer{Answer::NeedsAction};
    std::string delegated_to;  ///< Whom they send instead; usually empty.
    std::string sent_by;       ///< Who answers in their name (SENT-BY); usually empty.
    std::string organizer;     ///< Empty: Exchange leaves it out at times.
    std::string comment;       ///< Valid UTF-8, at most 1,000 characters; may be empty.
};

/// Reads a calendar object of METHOD:REPLY about one event. What it does not know it passes over.
/// InvalidInput: too big, damaged, another method, no event or several, no UID, DTSTAMP or ATTENDEE
/// or several; says what, and shows nothing that was sent.
[[nodiscard]] workflows::Result<Reply> read_reply(std::string_view bytes);

}  // namespace fristvakt::integrations::calendar
