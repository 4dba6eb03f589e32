#pragma once

#include <string>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/weekly_digest.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Whose digest it is: a case officer's, or that of a channel in Teams.
struct DigestReader {
    std::string address;                              ///< Of the officer; empty for a channel.
    const workflows::TeamsChannel* channel{nullptr};  ///< Must outlive the call.
};

/// What `reader` should know at `now` of the week that `slot` lies in: of the cases that the
/// officer is responsible for, or that nobody is named for; of those of the channel's programmes.
/// Looks at a bounded number of cases and says when there are more. Unavailable: the store did not
/// answer.
[[nodiscard]] workflows::Result<workflows::WeeklyDigest> digest_for(
    const DigestReader& reader, workflows::Snapshot& store,
    const workflows::Definitions& definitions, workflows::Instant slot, workflows::Instant now);

}  // namespace fristvakt::daemon
