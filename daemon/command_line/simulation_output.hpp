#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "daemon/simulation/simulation.hpp"

namespace fristvakt::daemon {

enum class SimulationFormat { Text, Json, Ics };
/// "json" and "ics"; everything else is text.
[[nodiscard]] SimulationFormat simulation_format(const std::string& name);

/// Prints a simulation as it runs (design 5.2). One thread.
class SimulationOutput final : public SimulationObserver {
 public:
    /// `results` and `talk` must outlive it. `events` is the file that refused ones stand in.
    SimulationOutput(std::ostream& results, std::ostream& talk, SimulationFormat format,
                     const workflows::Definitions& definitions, std::string events);

    void message(const workflows::MessageSnapshot& snapshot,
                 const workflows::RenderedMessage& rendered) override;
    void transition(const workflows::LogEntry& entry) override;
    void settled(const workflows::Reminder& reminder, workflows::Instant at,
                 const std::string& to) override;
    void refused(const TimedEvent& event, const workflows::Error& error) override;

    /// The books, as the last line; for a calendar, the deadlines.
    void end(const workflows::Books& books, workflows::Snapshot& store);
    [[nodiscard]] int refused_count() const { return refused_count_; }

 private:
    std::ostream& results_;
    std::ostream& talk_;
    SimulationFormat format_;
    std::string events_;
    const workflows::Definitions& definitions_;
    int refused_count_{0};
};

}  // namespace fristvakt::daemon
