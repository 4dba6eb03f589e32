#pragma once

#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Fills an empty store with an installation as it stands: all cases, the reminders of the open
/// ones, and the messages that are on their way or went out lately. A simulation goes on from there
/// as if nothing were on hold. The books are those of what was taken along; histories and the words
/// of messages are left behind. `definitions` names the addresses that servers may have refused.
/// Unavailable: as the snapshot.
[[nodiscard]] workflows::Status take_along(workflows::Snapshot& from,
                                           const workflows::Definitions& definitions,
                                           workflows::Instant now, workflows::Store& into);

}  // namespace fristvakt::daemon
