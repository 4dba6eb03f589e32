#include "daemon/runtime/clock.hpp"

#include <algorithm>

namespace fristvakt::daemon {

using workflows::Instant;

double monotonic_seconds() {
    return std::chrono::duration<double>{std::chrono::steady_clock::now().time_since_epoch()}
        .count();
}

double unix_seconds() {
    return std::chrono::duration<double>{std::chrono::system_clock::now().time_since_epoch()}
        .count();
}

void Stopwatch::restart() {
    started_ = std::chrono::steady_clock::now();
}

double Stopwatch::seconds() const {
    return std::chrono::duration<double>{std::chrono::steady_clock::now() - started_}.count();
}

Instant SystemClock::now() const {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds SystemClock::until(Instant instant) const {
    const auto left = instant - std::chrono::system_clock::now();
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left),
                    std::chrono::milliseconds{0});
}

void SystemClock::stop_at(std::optional<Instant> /*limit*/) {}

DemoClock::DemoClock(Instant start, double speed)
    : speed_(speed),
      shown_at_base_(start.time_since_epoch()),
      base_(std::chrono::steady_clock::now()),
      limit_(start) {}

std::chrono::duration<double> DemoClock::elapsed() const {
    const std::chrono::duration<double> machine = std::chrono::steady_clock::now() - base_;
    const auto running = shown_at_base_ + machine * speed_;
    if (!limit_) {
        return running;
    }
    return std::min(running, std::chrono::duration<double>{limit_->time_since_epoch()});
}

Instant DemoClock::now() const {
    const std::scoped_lock lock{mutex_};
    return Instant{std::chrono::floor<std::chrono::seconds>(elapsed())};
}

std::chrono::milliseconds DemoClock::until(Instant instant) const {
    const std::scoped_lock lock{mutex_};
    const auto left = std::chrono::duration<double>{instant.time_since_epoch()} - elapsed();
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left / speed_),
                    std::chrono::milliseconds{0});
}

void DemoClock::stop_at(std::optional<Instant> limit) {
    const std::scoped_lock lock{mutex_};
    // Time spent at the limit is lost, not made up for: begin anew from what is shown.
    shown_at_base_ = elapsed();
    base_ = std::chrono::steady_clock::now();
    limit_ = limit;
}

}  // namespace fristvakt::daemon
