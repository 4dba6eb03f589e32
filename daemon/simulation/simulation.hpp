#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/engine/engine.hpp"
#include "daemon/simulation/timed_event.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Is told what happens in a simulation, in order of time.
class SimulationObserver {
 public:
    virtual ~SimulationObserver() = default;
    /// A message was handed to the transport.
    virtual void message(const workflows::MessageSnapshot& snapshot,
                         const workflows::RenderedMessage& rendered) = 0;
    /// A case changed by an event.
    virtual void transition(const workflows::LogEntry& entry) = 0;
    /// A reminder ended in another account than `sent`; `to` is its recipient's address.
    virtual void settled(const workflows::Reminder& reminder, workflows::Instant at,
                         const std::string& to) = 0;
    /// An event of the file that was refused.
    virtual void refused(const TimedEvent& event, const workflows::Error& error) = 0;
};

/// The production engine on a virtual clock, from one instant to another, in one thread.
struct Simulation {
    std::shared_ptr<const workflows::Definitions> definitions;
    workflows::Store& store;
    const workflows::Renderer& renderer;
    workflows::Channel& channel;  ///< Takes what is sent.
    SimulationObserver& observer;
    workflows::Instant from{};
    workflows::Instant until{};                 ///< Exclusive.
    std::vector<TimedEvent> events{};           ///< By time.
    std::vector<workflows::Instant> crashes{};  ///< By time: the engine is thrown away and rebuilt.
    bool write_bytes{false};  ///< Whether the channel needs the bytes of each message.

    /// Runs to the end. The final books are in the store's ledger, and recounted. Conflict: they
    /// are off.
    [[nodiscard]] workflows::Status run();
};

/// Sends nothing and accepts everything.
class RecordingChannel final : public workflows::Channel {
 public:
    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override;
};

}  // namespace fristvakt::daemon
