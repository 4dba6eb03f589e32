#pragma once

#include <optional>

#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// Waits grow to this; with jitter up to a fifth more.
inline constexpr Seconds kRetryDelayMax = std::chrono::hours{4};
/// With these the waits add up to five days without jitter (RFC 5321 4.5.4.1 asks for at least
/// four to five).
inline constexpr int kRetryAttemptsMax = 37;

/// How long to wait after attempt number `attempt` (from 1) has failed for now: 1 minute, doubled
/// each time up to 4 hours, moved by up to 20 % either way so that what failed together does not
/// come back together. Empty: enough; give up. Pure: same arguments, same answer.
///
/// `random01` is chance from 0 to 1; what lies outside counts as the nearer end.
/// REQUIRES: attempt >= 1.
[[nodiscard]] std::optional<Seconds> retry_delay(int attempt, double random01);

}  // namespace fristvakt::workflows
