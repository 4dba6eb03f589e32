#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "daemon/http/http_message.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// Everything has a limit, and each limit an answer.
struct ServerOptions {
    std::string listen{"127.0.0.1:0"};  ///< ADDRESS:PORT; port 0: any free one.
    bool beyond_loopback{false};        ///< Else `listen` must be an address of this machine alone.
    int readers{4};                     ///< Threads for GET, HEAD and OPTIONS.
    int writers{16};  ///< Threads for the rest: they wait for the engine, and share its commits.
    std::size_t connections_max{1024};  ///< Beyond it, the one that has kept silent longest goes.
    std::size_t waiting_max{1024};      ///< Requests waiting for a thread; then 503.
    std::size_t header_bytes_max{std::size_t{8} << 10U};  ///< With the request line; then 431.
    std::size_t body_bytes_max{std::size_t{64} << 10U};   ///< Chunked or not; then 413.
    std::chrono::milliseconds request_time_max{5000};  ///< From the last answer to a whole request.
    std::chrono::milliseconds response_time_max{30000};  ///< To take the answer in.
    std::chrono::milliseconds stop_time_max{5000};       ///< For what is under way at `stop`.
    std::function<double()> unix_seconds{};  ///< For the Date header; empty: none is sent.
};

/// HTTP/1.1. One thread waits on all connections, so that a client which is slow, idle
/// or silent holds no thread at all: only whole requests reach a handler. Compressed bodies are
/// refused (415), chunked ones are taken within the limit; a request that is refused before it was
/// read ends its connection, so that nothing of it is taken for the next one.
class HttpServer {
 public:
    using Handler = std::function<HttpResponse(HttpRequest&)>;

    /// Listens when it returns. InvalidInput: the address is none, or not on loopback where it must
    /// be. Conflict:
    /// the port is in use. Unavailable: anything else the system says.
    [[nodiscard]] static workflows::Result<std::unique_ptr<HttpServer>> start(ServerOptions options,
                                                                              Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] int port() const;
    /// Takes no new connection, lets what is under way finish for at most `stop_time_max`, then
    /// closes the rest, and waits for handlers that still run. Any thread but a handler's; twice is
    /// once.
    void stop();

 private:
    class Running;
    explicit HttpServer(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

}  // namespace fristvakt::daemon
