#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/decision/recipients.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/invitation.hpp"
#include "workflows/model/message.hpp"
#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

/// Who is to be told what about a meeting (iTIP, RFC 5546): one message a person, whatever happened
/// between two of them. Pure.
namespace fristvakt::workflows {

/// Invitations stand in the calendar of a service mailbox, which tells everybody itself, and none
/// go by mail. Live alone: any other mode must not reach anybody's real calendar.
[[nodiscard]] bool uses_calendar_service(const Installation& installation);

/// The notices of invitations.
inline constexpr std::string_view kInvitationNotice = "invitation";
inline constexpr std::string_view kMovedNotice = "invitation-moved";
inline constexpr std::string_view kCancelledNotice = "invitation-cancelled";
inline constexpr std::string_view kUncalledNotice = "invitation-withdrawn";

/// Start, end and place by the names of the meeting's fields; empty: nothing is to be known.
using Whereabouts = std::map<std::string, std::string>;

/// What somebody who is called to the meeting should know: empty unless its state invites and its
/// time is set.
[[nodiscard]] Whereabouts announced(const Case& item, const CaseContext& context);

/// What is known of it is about the past, or about no meeting.
[[nodiscard]] bool is_over(const Whereabouts& known, Instant now, const TimeZone& zone);

/// What one person is still to be told: `wanted`, where that is news to them. Nothing when they
/// know it, when it has been refused, or when it is about the past.
[[nodiscard]] bool is_news(const Invitation& invitation, const Whereabouts& wanted, Instant now,
                           const TimeZone& zone);

/// One message of a meeting's organiser to one person.
struct Summons {
    enum class Method { Request, Cancel };
    Method method{Method::Request};
    std::string notice;  ///< One of the four above.
    int sequence{0};     ///< SEQUENCE (RFC 5546 section 2.1.4).
    Whereabouts says;    ///< Of a Cancel: of what they knew.
    Whereabouts was;     ///< What they knew before.
    friend bool operator==(const Summons&, const Summons&) = default;
};

/// How `wanted` is told. A message that carried the same before keeps its SEQUENCE: a second
/// attempt is no second change. `last` is what that message said when it was last handed over, as
/// `noted` writes it; empty when it never was. `still_held`: the meeting takes place, without them.
[[nodiscard]] Summons summons_for(const Invitation& invitation, const Whereabouts& wanted,
                                  const std::map<std::string, std::string>& last, bool still_held);

/// The same once more, from what `noted` kept of it.
[[nodiscard]] Summons summons_again(std::string_view notice,
                                    const std::map<std::string, std::string>& noted);

/// The fields that a message keeps of what its bytes say, and what they tell the person to know.
[[nodiscard]] std::map<std::string, std::string> noted(const Summons& summons);
[[nodiscard]] Whereabouts told_by(const std::map<std::string, std::string>& noted);

/// Takes out of the audience of a step to attendees whoever has not been told of the meeting, or
/// has said that they do not come; of one to the unanswered whoever has answered.
void leave_out_answered(Audience& audience, const LadderStep& step,
                        const std::vector<Invitation>& invitations, PersonIds& persons);

/// The role of who signed up to an open meeting: called as long as it is open to others.
inline constexpr std::string_view kSignedUpRole = "signed-up";

/// Whether the meeting is open to others, whoever has signed up so far.
[[nodiscard]] bool is_open_to_others(const Case& item, const CaseContext& context);

/// What whoever thinks of signing up wants to know.
struct SignUpTerms {
    Date until{};              ///< The last day.
    std::optional<int> limit;  ///< How many may; and how many more.
    std::optional<int> left;
};
/// Nothing: it is not open to others.
[[nodiscard]] std::optional<SignUpTerms> sign_up_terms(const Case& item, const CaseContext& context,
                                                       const std::vector<Invitation>& invitations);

/// InvalidInput, "no-address" or "no-name": nobody can be written to, or called, by these.
[[nodiscard]] Result<Done> check_sign_up(std::string_view name, std::string_view address);

/// Conflict, "not-open": not before its people are invited; "sign-up-over": not any more; "full":
/// as many as may have; "not-held": it is cancelled.
[[nodiscard]] Result<Done> may_sign_up(const Case& item, const CaseContext& context,
                                       const std::vector<Invitation>& invitations, Instant now,
                                       const TimeZone& zone);

/// The invitation to `case_id` of `person`; null: there is none.
[[nodiscard]] Invitation* find_invitation(std::vector<Invitation>& invitations,
                                          std::string_view person);
[[nodiscard]] const Invitation* find_invitation(const std::vector<Invitation>& invitations,
                                                std::string_view person);

}  // namespace fristvakt::workflows
