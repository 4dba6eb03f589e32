#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {

/// The only source of time. Read once for each step, then passed down. Any thread.
class Clock {
 public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual workflows::Instant now() const = 0;
    /// Machine time from now until `instant`; zero when it has come.
    [[nodiscard]] virtual std::chrono::milliseconds until(workflows::Instant instant) const = 0;
    /// The clock shall not go past `limit` until told otherwise; empty lifts that. A machine's
    /// clock does not listen.
    virtual void stop_at(std::optional<workflows::Instant> limit) = 0;
};

/// Machine time in seconds: since some moment and never backwards, and since 1970. Any thread.
[[nodiscard]] double monotonic_seconds();
[[nodiscard]] double unix_seconds();

/// Machine time that goes on whatever the wall clock does. One thread.
class Stopwatch {
 public:
    Stopwatch() : started_(std::chrono::steady_clock::time_point{}) { restart(); }
    void restart();
    [[nodiscard]] double seconds() const;

 private:
    std::chrono::steady_clock::time_point started_;
};

/// The machine's wall clock.
class SystemClock final : public Clock {
 public:
    [[nodiscard]] workflows::Instant now() const override;
    [[nodiscard]] std::chrono::milliseconds until(workflows::Instant instant) const override;
    void stop_at(std::optional<workflows::Instant> limit) override;
};

/// Stands at a given time until `stop_at` is first called, then runs `speed` times as fast as the
/// machine's; stands still at its limit and goes on from there, so that nothing due is ever jumped
/// over.
class DemoClock final : public Clock {
 public:
    /// `speed` > 0.
    DemoClock(workflows::Instant start, double speed);
    [[nodiscard]] workflows::Instant now() const override;
    [[nodiscard]] std::chrono::milliseconds until(workflows::Instant instant) const override;
    void stop_at(std::optional<workflows::Instant> limit) override;

 private:
    [[nodiscard]] std::chrono::duration<double> elapsed() const;

    const double speed_;
    mutable std::mutex mutex_;                     ///< Guards what follows.
    std::chrono::duration<double> shown_at_base_;  ///< Since the epoch.
    std::chrono::steady_clock::time_point base_;
    std::optional<workflows::Instant> limit_;
};

}  // namespace fristvakt::daemon
