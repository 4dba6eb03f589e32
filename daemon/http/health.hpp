#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/engine/engine_access.hpp"
#include "daemon/engine/watch_health.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/router.hpp"

namespace fristvakt::daemon {

/// `/healthz`, `/readyz`, `/watch` and `/metrics`, for those who watch. `/readyz` says whether it
/// can be asked; `/watch` whether what it is there for is done: steps finished in time, messages
/// gone, books in order. Any thread.
class Health {
 public:
    struct Options {
        std::string version;
        MachineTime time;
        MoreMetrics more;
        AskWatches watches{};
        /// The engine looks at the clock at least once a minute, also when nothing is due.
        double step_age_max_seconds{150};
        /// A message older than this, by the installation's clock and its slot, should have gone.
        workflows::Seconds queued_max{std::chrono::hours{1}};
        /// Longer than any week-end and its holidays: somebody has forgotten what is held.
        workflows::Seconds held_max{std::chrono::hours{24 * 4}};
        /// What is looked at each minute or so, and is waited for longer and longer when it fails.
        workflows::Seconds failing_max{std::chrono::hours{1}};
        /// The books are recounted daily.
        workflows::Seconds statement_max{std::chrono::hours{24 * 2}};
    };

    /// `engine` and `requests` must outlive the routes.
    Health(EngineAccess& engine, const RequestMetrics& requests, Options options)
        : engine_(engine), requests_(requests), options_(std::move(options)) {}

    void add_routes(Router& router);

 private:
    [[nodiscard]] HttpResponse ready() const;
    [[nodiscard]] HttpResponse watch() const;
    /// What keeps the engine from its steps.
    [[nodiscard]] std::vector<std::string> engine_troubles(const EngineHealth& health) const;
    /// What is not done, or not in order.
    [[nodiscard]] std::vector<std::string> work_troubles(const EngineHealth& health) const;
    /// Channels in Teams that the last card did not reach.
    void add_channel_troubles(const workflows::Ledger& ledger, workflows::Instant now,
                              std::vector<std::string>& why) const;
    /// The mailbox and the calendar, when they could not be looked at for long.
    void add_watch_troubles(workflows::Instant now, std::vector<std::string>& why) const;
    [[nodiscard]] HttpResponse metrics() const;
    void add_watches(MetricsText& text) const;
    void add_engine(MetricsText& text, const EngineHealth& health) const;
    void add_configuration(MetricsText& text) const;
    void add_outbox(MetricsText& text, workflows::Snapshot& snapshot) const;
    void add_store(MetricsText& text) const;
    void add_channels(MetricsText& text, const workflows::Ledger& ledger,
                      workflows::Instant now) const;

    EngineAccess& engine_;
    const RequestMetrics& requests_;
    Options options_;
    /// A message that is tried again is no longer among the failed; a counter never goes back.
    mutable std::atomic<std::int64_t> failed_most_{0};
};

}  // namespace fristvakt::daemon
