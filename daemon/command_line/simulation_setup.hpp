#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/simulation/timed_event.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

/// What commands that simulate need beside a configuration.
namespace fristvakt::daemon {

struct Period {
    workflows::Instant from{};
    workflows::Instant until{};  ///< Exclusive.
};
/// Of --from and --to. InvalidInput: one is no time, or they are the wrong way round.
[[nodiscard]] workflows::Result<Period> read_period(const std::string& from, const std::string& to,
                                                    const workflows::TimeZone& zone);

/// The events of a file, by time. NotFound: it cannot be read. Conflict: it holds mistakes, or
/// events outside the period; all of them, one a line.
[[nodiscard]] workflows::Result<std::vector<TimedEvent>> read_events(
    const std::string& file, const Period& period, const workflows::Definitions& definitions);

}  // namespace fristvakt::daemon
