#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "daemon/engine/engine_access.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/router.hpp"

namespace fristvakt::daemon {

/// `/healthz`, `/readyz` and `/metrics`, for those who watch. Any thread.
class Health {
 public:
    struct Options {
        std::string version;
        MachineTime time;
        MoreMetrics more;
        /// The engine looks at the clock at least once a minute, also when nothing is due.
        double step_age_max_seconds{150};
    };

    /// `engine` and `requests` must outlive the routes.
    Health(EngineAccess& engine, const RequestMetrics& requests, Options options)
        : engine_(engine), requests_(requests), options_(std::move(options)) {}

    void add_routes(Router& router);

 private:
    [[nodiscard]] HttpResponse ready() const;
    [[nodiscard]] HttpResponse metrics() const;
    void add_engine(MetricsText& text, const EngineHealth& health) const;
    void add_configuration(MetricsText& text) const;
    void add_store(MetricsText& text) const;

    EngineAccess& engine_;
    const RequestMetrics& requests_;
    Options options_;
    /// A message that is tried again is no longer among the failed; a counter never goes back.
    mutable std::atomic<std::int64_t> failed_most_{0};
};

}  // namespace fristvakt::daemon
