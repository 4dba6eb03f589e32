#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "daemon/runtime/clock.hpp"

namespace fristvakt::bench {

using Machine = std::chrono::steady_clock;

inline double seconds_since(Machine::time_point begin) {
    return std::chrono::duration<double>(Machine::now() - begin).count();
}

/// An installation's clock that runs `speed` times as fast as the machine's from `start` on, and
/// never waits for anybody. Any thread.
class FastClock final : public daemon::Clock {
 public:
    FastClock(workflows::Instant start, double speed)
        : start_(start), speed_(speed), begin_(Machine::now()) {}

    [[nodiscard]] workflows::Instant now() const override {
        const std::chrono::duration<double> shown{seconds_since(begin_) * speed_};
        return start_ + std::chrono::floor<std::chrono::seconds>(shown);
    }
    [[nodiscard]] std::chrono::milliseconds until(workflows::Instant instant) const override {
        return std::max(
            std::chrono::ceil<std::chrono::milliseconds>(reached(instant) - Machine::now()),
            std::chrono::milliseconds{0});
    }
    void stop_at(std::optional<workflows::Instant> /*limit*/) override {}

    /// The machine's time at which this clock shows `instant`.
    [[nodiscard]] Machine::time_point reached(workflows::Instant instant) const {
        const std::chrono::duration<double> left =
            std::chrono::duration<double>(instant - start_) / speed_;
        return begin_ + std::chrono::duration_cast<Machine::duration>(left);
    }

 private:
    const workflows::Instant start_;
    const double speed_;
    const Machine::time_point begin_;
};

/// A clock that stands.
class StandingClock final : public daemon::Clock {
 public:
    explicit StandingClock(workflows::Instant now) : now_(now) {}
    [[nodiscard]] workflows::Instant now() const override { return now_; }
    [[nodiscard]] std::chrono::milliseconds until(workflows::Instant instant) const override {
        return std::chrono::milliseconds{instant <= now_ ? 0 : 60'000};
    }
    void stop_at(std::optional<workflows::Instant> /*limit*/) override {}

 private:
    const workflows::Instant now_;
};

}  // namespace fristvakt::bench
