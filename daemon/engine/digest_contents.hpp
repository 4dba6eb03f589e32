#pragma once

#include <string>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/weekly_digest.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// What the case officer at `address` should know at `now` of the week that `slot` lies in: the
/// cases that they are responsible for, or that nobody is named for. Looks at a bounded number of
/// cases and says when there are more. Unavailable: the store did not answer.
[[nodiscard]] workflows::Result<workflows::WeeklyDigest> digest_for(
    const std::string& address, workflows::Snapshot& store,
    const workflows::Definitions& definitions, workflows::Instant slot, workflows::Instant now);

}  // namespace fristvakt::daemon
