#pragma once

#include "daemon/engine/engine_access.hpp"
#include "daemon/mailbox/invitation_reply.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// Hands an answer that came by mail to the engine: the event `responded` in the meeting's case, by
/// whoever is called. Once and once more is once. Conflict: a newer one is there, or the meeting is
/// over. NotFound: they are not called, or there is no such meeting. Unavailable: not now.
[[nodiscard]] workflows::Status take_reply(EngineAccess& engine, const InvitationReply& reply);

}  // namespace fristvakt::daemon
