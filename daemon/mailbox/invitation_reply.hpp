#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "integrations/calendar/reply.hpp"
#include "integrations/mailbox/incoming_mail.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/time/instant.hpp"

/// Whether to believe what came in. Pure.
namespace fristvakt::daemon {

/// What somebody answered to an invitation of ours, as far as the mail itself is to be believed.
/// Whether they are invited at all, and whether a later answer is there, only the engine knows.
struct InvitationReply {
    std::string case_id;   ///< May be of a case that does not exist: anybody can write anything.
    std::string attendee;  ///< In lower case.
    integrations::calendar::Answer answer{integrations::calendar::Answer::NeedsAction};
    int sequence{0};
    workflows::Instant stamped_at{};
    std::string comment;
    std::string delegated_to;
};

/// Why an answer was not taken.
enum class AsideReason {
    Unreadable,     ///< No answer can be made out of it.
    NotOurs,        ///< It is about an event of somebody else's.
    NoSender,       ///< Its From names nobody, or several.
    AnotherSender,  ///< Its From is neither whom it answers for nor stands in for them.
    Refused,        ///< Whoever takes answers does not want it.
    TooBig,         ///< Never read.
    NotGiven,       ///< The mail server would not give it.
};
/// "another-sender".
[[nodiscard]] std::string_view to_string(AsideReason reason);

/// Whether the mail's sender may answer for `reply.attendee`: they themselves, also under an
/// address with a +tag, or whoever the answer names as sending it in their name (SENT-BY), from the
/// mail domain of their organisation, which is theirs too: at a provider's, others are strangers.
/// RFC 6047 section 3: an answer for b@ from spoof@ is nobody's. A From can be
/// forged all the same, so an answer may do no more than what its like on a page may.
///
/// ORGANIZER is not looked at: Exchange leaves it out, and others write it in the form of their own
/// directory; the UID says whose event it is.
[[nodiscard]] std::variant<InvitationReply, AsideReason> judge(
    const integrations::IncomingMail& mail, const integrations::calendar::Reply& reply,
    const workflows::Definitions& definitions);

}  // namespace fristvakt::daemon
