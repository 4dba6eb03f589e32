#include "workflows/decision/retry.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "workflows/assert.hpp"

namespace fristvakt::workflows {

std::optional<Seconds> retry_delay(int attempt, double random01) {
    FRISTVAKT_ASSERT(attempt >= 1);
    if (attempt > kRetryAttemptsMax) {
        return std::nullopt;
    }
    constexpr int kDoublingsMax = 8;  // 256 minutes, more than the longest wait.
    constexpr double kJitter = 0.2;
    const int doublings = std::min(attempt - 1, kDoublingsMax);
    const Seconds delay = std::min<Seconds>(std::chrono::minutes{1 << doublings}, kRetryDelayMax);
    // Written so that what is no number counts as 0 too.
    const double chance = random01 > 0 ? std::min(random01, 1.0) : 0.0;
    const double factor = 1.0 + kJitter * (2.0 * chance - 1.0);
    return Seconds{std::lround(static_cast<double>(delay.count()) * factor)};
}

}  // namespace fristvakt::workflows
