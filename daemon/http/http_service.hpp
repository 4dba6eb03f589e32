#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/engine/engine_access.hpp"
#include "daemon/engine/watch_health.hpp"
#include "daemon/http/http_message.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/router.hpp"
#include "daemon/http/server.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {
class AccessStore;
}

namespace fristvakt::daemon {

class Pages;
class ProgrammeDesk;

/// The two listeners: pages and API on one, health and metrics on the operator's. Handlers run on
/// threads of their own, read from snapshots, and never hold up the engine.
class HttpService {
 public:
    struct Options {
        std::string listen;           ///< ADDRESS:PORT; port 0: any free one.
        bool beyond_loopback{false};  ///< `listen` may be reached from other machines.
        std::string operator_listen;  ///< As `listen`; empty: none.
        std::string public_url;       ///< Its host is known too, and its origin our own.
        std::string version;
        /// Must outlive the service; without one nothing is planned.
        ProgrammeDesk* desk{nullptr};
        /// Must outlive the service; without it no views are saved.
        integrations::AccessStore* views{nullptr};
        MachineTime time{};
        /// Who sends a request, by its headers; empty: nobody signs in, and whoever comes may all.
        /// Called from several threads at once.
        std::function<Visitor(const HttpRequest&)> visitor{};
        /// Adds routes of parts that the service does not know, drawn in the frame of `pages`.
        std::function<void(Router& router, const Pages& pages)> more_routes{};
        MoreMetrics more_metrics{};
        AskWatches watches{};
        /// Limits of both listeners; `listen` and `unix_seconds` in it are set from the above.
        ServerOptions limits{};
    };

    /// Listens on both, or on neither. `engine` must outlive the service. Failures as
    /// HttpServer::start.
    [[nodiscard]] static workflows::Result<std::unique_ptr<HttpService>> start(
        const Options& options, EngineAccess& engine);
    ~HttpService();
    HttpService(const HttpService&) = delete;
    HttpService& operator=(const HttpService&) = delete;

    [[nodiscard]] int port() const;
    /// 0 without an operator's listener.
    [[nodiscard]] int operator_port() const;
    /// As HttpServer::stop, for both.
    void stop();

 private:
    class Parts;
    explicit HttpService(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace fristvakt::daemon
