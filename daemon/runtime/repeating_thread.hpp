#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {

/// Takes a step again and again on a thread of its own, and pauses for as long as the step asks
/// for. Pauses are of machine time. Any thread.
class RepeatingThread {
 public:
    /// Says how long to pause; nothing: until `step_now`. Gives up soon when asked to stop.
    using Step = std::function<std::optional<workflows::Seconds>(const std::stop_token&)>;

    RepeatingThread();
    /// Asks the step to stop, and waits for it.
    ~RepeatingThread();
    RepeatingThread(const RepeatingThread&) = delete;
    RepeatingThread& operator=(const RepeatingThread&) = delete;

    /// The first step is taken at once. REQUIRES: not started before.
    void start(Step step);
    /// Ends the pause, or the next one where a step is being taken. Returns at once.
    void step_now();

 private:
    struct Shared;
    std::unique_ptr<Shared> shared_;
};

}  // namespace fristvakt::daemon
