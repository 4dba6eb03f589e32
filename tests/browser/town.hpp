#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/engine.hpp"
#include "daemon/engine/engine_access.hpp"
#include "integrations/memory/memory_store.hpp"
#include "integrations/yaml/configuration.hpp"

namespace fristvakt::tests {

/// The shipped programme with a meeting each semester, by its path: on 23 March 2021, and a note is
/// to be brought to it.
[[nodiscard]] std::map<std::string, std::string> files_with_meeting();
/// What the program ships at `path`.
[[nodiscard]] std::string shipped_file(const std::string& path);

/// The same with groups and an activity plan: a gathering of two days, a course on three, and what
/// is delivered afterwards.
[[nodiscard]] std::map<std::string, std::string> files_with_plan();

/// The shipped installation on Wednesday 27 January 2021 at noon: two kommuner have delivered, one
/// has more time, one asks for it, one claims; one address was refused. The engine, the store (in
/// memory) and the texts are the real ones; nothing is sent and no time passes. Any thread.
class Town final : public daemon::EngineAccess {
 public:
    struct Options {
        std::string from{"2021-01-04T07:00"};
        std::string until{"2021-01-27T12:00"};
        /// Replaces or adds files of the configuration; an empty one is left out.
        std::map<std::string, std::string> files{};
        /// JSON lines, beside the shipped demo events.
        std::string events{};
        bool demo_events{true};
        std::string refused{"lars.eide"};  ///< Addresses that begin like this are refused.
    };
    Town();
    explicit Town(const Options& options);
    ~Town() override;

    [[nodiscard]] workflows::Result<daemon::EventAnswer> raise(
        const daemon::RaiseEvent& command) override;
    [[nodiscard]] workflows::Result<daemon::BatchAnswer> raise_all(
        const std::vector<daemon::RaiseEvent>& commands) override;
    [[nodiscard]] workflows::Result<daemon::Forecast> preview(
        const std::vector<daemon::RaiseEvent>& commands) override;
    [[nodiscard]] workflows::Status stop(std::int64_t message, const std::string& reason,
                                         const std::string& who) override;
    [[nodiscard]] workflows::Status postpone(std::int64_t message, workflows::Date day,
                                             const std::string& who) override;
    [[nodiscard]] workflows::Status hold(const std::string& reason,
                                         const std::string& who) override;
    [[nodiscard]] workflows::Status release(std::optional<std::int64_t> message,
                                            const std::string& who) override;
    [[nodiscard]] workflows::Status retry(std::int64_t message, const std::string& who) override;
    [[nodiscard]] workflows::Status sent_before(std::int64_t message,
                                                const std::string& who) override;
    [[nodiscard]] workflows::Status note_test(const daemon::TestedNotice& tested) override;
    [[nodiscard]] workflows::Status confirm_card(const std::string& channel,
                                                 std::int64_t card) override;
    [[nodiscard]] std::unique_ptr<workflows::Snapshot> snapshot() override;
    [[nodiscard]] std::shared_ptr<const workflows::Definitions> definitions() const override;
    [[nodiscard]] daemon::EngineHealth health() const override;

    /// Takes another configuration into use, as a reload does.
    [[nodiscard]] workflows::Status use(const integrations::LoadedConfiguration& loaded,
                                        const std::optional<std::string>& who);
    /// What `health` says from now on.
    void set_health(const daemon::EngineHealth& health);
    /// Every command fails as if the engine did not answer in time.
    void set_unavailable(bool unavailable) { unavailable_ = unavailable; }
    /// As before the engine's start: there is no configuration in use.
    void set_started(bool started) { started_ = started; }

 private:
    class Silent;
    void live(const Options& options);
    void show_demo_clock();

    mutable std::mutex mutex_;
    std::shared_ptr<const workflows::Definitions> definitions_;
    integrations::MemoryStore store_;
    std::unique_ptr<Silent> silent_;
    std::unique_ptr<daemon::Engine> engine_;
    workflows::Instant now_{};
    daemon::EngineHealth health_;
    std::atomic<bool> unavailable_{false};
    std::atomic<bool> started_{true};
};

}  // namespace fristvakt::tests
