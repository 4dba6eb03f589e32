#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {

/// How it goes with something outside that is looked at again and again; for pages, health and
/// metrics. Counts are since the start. Holds nothing of anybody.
struct WatchHealth {
    std::optional<workflows::Instant> good_at;  ///< The last look that left nothing undone.
    /// Of the first in the row of looks that have failed since; empty: the last was good.
    std::optional<workflows::Instant> failing_since;
    std::string error;        ///< Of the last: what, where, what to do.
    std::int64_t answers{0};  ///< Taken.
    /// Left undone: answers put aside in the mailbox, meetings that do not stand as wanted in the
    /// calendar.
    std::int64_t behind{0};
};

struct Watches {
    std::optional<WatchHealth> mailbox;   ///< Empty: none is configured.
    std::optional<WatchHealth> calendar;  ///< Likewise.
};
/// Any thread. Empty: nothing is watched.
using AskWatches = std::function<Watches()>;

}  // namespace fristvakt::daemon
