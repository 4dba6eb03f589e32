#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// An event that happens at a given time, for `simulate --events` and the demo.
struct TimedEvent {
    workflows::Instant at{};
    workflows::Event event;
    int line{0};  ///< In the file it came from.
};

/// Reads JSON lines like `{"at":"2021-01-22T10:00","case":"pulje-5/plan/gjovik","event":"claimed",
/// "by":"debtor"}`; further fields are the event's. `at` is local time unless an offset stands;
/// without `by` it is raised by whoever the workflow lets raise it. Ordered by time, ties as in the
/// file. InvalidInput: every bad line as `NAME:LINE: …`, together.
[[nodiscard]] workflows::Result<std::vector<TimedEvent>> read_timed_events(
    std::string_view text, const std::string& name, const workflows::Definitions& definitions);

}  // namespace fristvakt::daemon
