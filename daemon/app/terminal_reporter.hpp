#pragma once

#include <iosfwd>
#include <map>
#include <string>

#include "daemon/engine/engine.hpp"

namespace fristvakt::daemon {

/// Shows a person at a terminal what goes out and what changes, with the installation's time. Used
/// for the demo, where addresses are invented; the engine's thread only.
class TerminalReporter final : public EngineObserver {
 public:
    /// `out` must outlive it.
    TerminalReporter(std::ostream& out, const workflows::Definitions& definitions);
    void committed(const workflows::Batch& batch) override;

 private:
    void show_event(const workflows::LogEntry& entry);
    void show_message(const workflows::Message& message, workflows::Instant at);

    std::ostream& out_;
    workflows::TimeZone zone_;
    std::map<std::string, std::string> addresses_;  ///< By person.
    std::map<std::int64_t, std::string> subjects_;  ///< Of messages being sent.
};

}  // namespace fristvakt::daemon
