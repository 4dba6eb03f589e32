#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "daemon/delivery/delivery_pool.hpp"
#include "daemon/engine/engine.hpp"
#include "daemon/engine/engine_access.hpp"
#include "daemon/runtime/clock.hpp"
#include "daemon/service/bookkeeper.hpp"
#include "daemon/simulation/timed_event.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// The engine on its own thread: wakes it when something is due, brings it what other threads ask,
/// many at a time in one transaction, and stops it in order.
///
/// All functions but `start` and `stop` may be called from any thread.
class EngineService final : public EngineAccess, public DeliveryDesk {
 public:
    struct Options {
        Engine::Options engine;
        std::vector<TimedEvent> events{};  ///< Raised when their time comes; by time.
        std::chrono::milliseconds answer_timeout{std::chrono::seconds{5}};
        /// Called on the engine's thread when it cannot go on, with the reason.
        std::function<void(const std::string&)> on_fatal{};
        /// Called on the engine's thread after each finished step, with its time.
        std::function<void(workflows::Instant)> on_step{};
        /// Called on the engine's thread when the store begins to fail, with the reason, and when
        /// it answers again; once each.
        std::function<void(const std::string&)> on_failure{};
        std::function<void()> on_recovery{};
        /// Called on a thread of its own with each day's statement, or why there is none.
        std::function<void(const workflows::Result<BooksStatement>&)> on_statement{};
        /// Asked after a failure when nothing was there to be written: whether it could have been.
        std::function<bool()> can_write{};
    };

    /// All must outlive the service.
    EngineService(workflows::Store& store, Clock& clock, EngineObserver& observer,
                  std::shared_ptr<const workflows::Definitions> definitions, Options options);
    ~EngineService() override;
    EngineService(const EngineService&) = delete;
    EngineService& operator=(const EngineService&) = delete;

    /// Starts the engine and its thread; returns when the first step is about to be made. What is
    /// due is offered to `dispatcher`, which must outlive the service. Until then reading works,
    /// and what is asked waits.
    [[nodiscard]] workflows::Status start(Dispatcher& dispatcher, std::string files);
    /// Finishes what has been asked and ends the thread. Senders must have been stopped before.
    void stop();

    /// Takes another configuration into use, whole or not at all; `who` changed it, for the log.
    /// Waits longer than others: every open case is looked at.
    [[nodiscard]] workflows::Status use(std::shared_ptr<const workflows::Definitions> definitions,
                                        std::string files,
                                        const std::optional<std::string>& who = std::nullopt);
    /// A configuration that could not even be read: remembered for the health page.
    void reload_failed();

    [[nodiscard]] workflows::Result<EventAnswer> raise(const RaiseEvent& command) override;
    [[nodiscard]] workflows::Result<BatchAnswer> raise_all(
        const std::vector<RaiseEvent>& commands) override;
    [[nodiscard]] workflows::Result<Forecast> preview(
        const std::vector<RaiseEvent>& commands) override;
    [[nodiscard]] workflows::Status stop(std::int64_t message, const std::string& reason,
                                         const std::string& who) override;
    [[nodiscard]] workflows::Status postpone(std::int64_t message, workflows::Date day,
                                             const std::string& who) override;
    [[nodiscard]] workflows::Status hold(const std::string& reason,
                                         const std::string& who) override;
    [[nodiscard]] workflows::Status release(std::optional<std::int64_t> message,
                                            const std::string& who) override;
    [[nodiscard]] workflows::Status note_test(const TestedNotice& tested) override;
    [[nodiscard]] workflows::Status retry(std::int64_t message, const std::string& who) override;
    [[nodiscard]] workflows::Status sent_before(std::int64_t message,
                                                const std::string& who) override;
    [[nodiscard]] workflows::Status confirm_card(const std::string& channel,
                                                 std::int64_t card) override;
    [[nodiscard]] std::unique_ptr<workflows::Snapshot> snapshot() override;
    [[nodiscard]] std::shared_ptr<const workflows::Definitions> definitions() const override;
    [[nodiscard]] EngineHealth health() const override;

    [[nodiscard]] std::future<MarkAnswer> mark_sending(Written written) override;
    void delivered(workflows::DeliveryReport report) override;
    void not_written(std::int64_t number, const std::string& why) override;

 private:
    struct Loop;
    using Task = std::function<workflows::Status(Engine&, workflows::Instant)>;

    void schedule();
    void turn();
    void handle_requests(workflows::Instant now);
    void raise_timed_events(workflows::Instant now);
    void step(workflows::Instant now);
    void try_again_later();
    void rearm(std::optional<workflows::Instant> wake_at);
    [[nodiscard]] workflows::Status ask(Task task);
    [[nodiscard]] workflows::Status ask(Task task, std::chrono::milliseconds timeout);
    void note_error(const workflows::Error& error);
    void note_statement(const workflows::Result<BooksStatement>& statement);

    workflows::Store& store_;
    Clock& clock_;
    EngineObserver& observer_;
    Options options_;
    std::unique_ptr<Engine> engine_;  ///< The engine's thread only, once started.
    std::unique_ptr<Loop> loop_;
    std::unique_ptr<Bookkeeper> bookkeeper_;
    std::size_t next_event_{0};
    int failures_{0};           ///< Turns in a row in which the store failed.
    bool store_failed_{false};  ///< In this turn.
    std::atomic<bool> scheduled_{false};
    std::atomic<bool> stopping_{false};
};

}  // namespace fristvakt::daemon
