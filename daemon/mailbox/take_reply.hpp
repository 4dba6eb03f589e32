#pragma once

#include <optional>
#include <string>

#include "daemon/engine/engine_access.hpp"
#include "daemon/mailbox/invitation_reply.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// What somebody answered to an invitation of ours, wherever they did.
struct GivenAnswer {
    std::string case_id;
    std::string attendee;  ///< Their address.
    integrations::calendar::Answer answer{integrations::calendar::Answer::NeedsAction};
    std::optional<int> sequence{};  ///< Nothing: to what they were told last.
    workflows::Instant stamped_at{};
    std::string comment{};       ///< May be empty.
    std::string delegated_to{};  ///< May be empty.
    std::string via;             ///< "mail", "graph"
};

/// Hands an answer to the engine: the event `responded` in the meeting's case, by whoever is
/// called. Once and once more is once. Conflict: a newer one is there, or the meeting is over.
/// NotFound: they are not called, or there is no such meeting. Unavailable: not now.
[[nodiscard]] workflows::Status take_answer(EngineAccess& engine, const GivenAnswer& given);
/// The same of one that came by mail.
[[nodiscard]] workflows::Status take_reply(EngineAccess& engine, const InvitationReply& reply);

}  // namespace fristvakt::daemon
