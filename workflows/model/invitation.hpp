#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "workflows/language.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// What somebody answered to an invitation (PARTSTAT, RFC 5545 section 3.2.12). Stored: never
/// renumber.
enum class Response { None = 0, Accepted = 1, Tentative = 2, Declined = 3, Delegated = 4 };
/// "none", "accepted", "tentative", "declined", "delegated"; as in the field `answer` of events.
[[nodiscard]] std::string_view to_string(Response response);
[[nodiscard]] std::optional<Response> parse_response(std::string_view text);

/// Whether somebody who was called came. Stored: never renumber.
enum class Attendance { Unknown = 0, Came = 1, Absent = 2 };

/// One person and one meeting: what they have been told of it, and what they answered. Facts only:
/// what they are still to be told is derived from it. A plain value; holds no address.
struct Invitation {
    // The key.
    std::string case_id;
    std::string person;  ///< Pseudonym of an address.

    std::string organisation;
    std::string role;  ///< That called them: "ressursperson".
    Language language{Language::Nb};
    /// Start, end and place as the last message that got through gave them, by the names of the
    /// meeting's fields; empty: they know of none, or that they are not called any more.
    std::map<std::string, std::string> told;
    /// The same of a message that was refused for good: not tried again until it changes.
    std::map<std::string, std::string> refused;
    /// SEQUENCE (RFC 5546 section 2.1.4) of the last message handed to a transport; -1: none was.
    int sequence{-1};
    std::int64_t message{0};  ///< That will bring them up to date; 0: none is under way.

    Response response{Response::None};
    int response_sequence{-1};              ///< Of what they answered.
    std::optional<Instant> responded_at{};  ///< DTSTAMP of the answer: the later one counts.
    std::string response_by;                ///< "mail", "link", "hand" or "graph".
    Attendance attendance{Attendance::Unknown};

    friend bool operator==(const Invitation&, const Invitation&) = default;
    [[nodiscard]] bool same_key(const Invitation& other) const {
        return case_id == other.case_id && person == other.person;
    }
};

/// The answer that counts: one to what they were told before says nothing of now.
[[nodiscard]] Response counting_response(const Invitation& invitation);

}  // namespace fristvakt::workflows
