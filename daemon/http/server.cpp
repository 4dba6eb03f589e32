#include "daemon/http/server.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "daemon/http/url.hpp"
#include "workflows/assert.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

std::string to_string(beast::string_view text) {
    return {text.data(), text.size()};
}

std::string to_lower(beast::string_view text) {
    std::string out = to_string(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// "Mon, 11 Jan 2021 06:00:00 GMT" (RFC 9110, 5.6.7).
std::string http_date(double unix_seconds) {
    namespace cal = workflows::cal;
    const workflows::Instant at{workflows::Seconds{static_cast<std::int64_t>(unix_seconds)}};
    const auto day = cal::floor<cal::days>(at);
    const cal::year_month_day ymd{day};
    const cal::hh_mm_ss<workflows::Seconds> time{at - day};
    static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       kDays.at(cal::weekday{day}.c_encoding()), unsigned{ymd.day()},
                       kMonths.at(unsigned{ymd.month()} - 1), int{ymd.year()}, time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

Result<tcp::endpoint> parse_listen(const std::string& listen, bool beyond_loopback) {
    const auto bad = [&](std::string_view why) {
        return Error{ErrorKind::InvalidInput,
                     fmt::format("cannot listen on \"{}\": {}", listen, why)};
    };
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos) {
        return bad("write ADDRESS:PORT, such as 127.0.0.1:8080");
    }
    std::string host = listen.substr(0, colon);
    const std::string digits = listen.substr(colon + 1);
    std::uint16_t port{0};
    const auto* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, port);
    if (digits.empty() || parsed.ec != std::errc{} || parsed.ptr != end) {
        return bad("the port is a number from 0 to 65535; 0 takes any that is free");
    }
    if (host == "localhost") {
        host = "127.0.0.1";
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    error_code failed;
    const auto address = asio::ip::make_address(host, failed);
    if (failed) {
        return bad("write a numeric address, such as 127.0.0.1:8080 or [::1]:8080");
    }
    if (!beyond_loopback && !address.is_loopback()) {
        return bad(
            "nobody has to sign in, so only this machine may reach it; use 127.0.0.1 or [::1], or "
            "configure `sign_in` and `http.trusted_proxy`");
    }
    return tcp::endpoint{address, port};
}

/// Fills everything but the body. Nothing when the target is no path and query in UTF-8.
template <class Header>
std::optional<HttpRequest> to_request(const Header& header, const tcp::endpoint& remote) {
    HttpRequest out;
    out.method = to_string(header.method_string());
    out.remote_address = remote.address().to_string();
    for (const auto& field : header) {
        out.headers.emplace_back(to_lower(field.name_string()), to_string(field.value()));
    }
    std::string target = to_string(header.target());
    if (target.starts_with("http://")) {
        // Absolute form: its authority stands in for Host (RFC 9112, 3.2.2).
        const std::size_t slash = std::min(target.find('/', 7), target.size());
        for (auto& [name, value] : out.headers) {
            if (name == "host") {
                value = target.substr(7, slash - 7);
            }
        }
        target = slash == target.size() ? "/" : target.substr(slash);
    }
    const std::size_t mark = std::min(target.find('?'), target.size());
    out.raw_path = target.substr(0, mark);
    auto query = parse_query(std::string_view{target}.substr(std::min(mark + 1, target.size())));
    const bool is_path = out.raw_path.starts_with('/') || out.raw_path == "*";
    if (!is_path || !query || !percent_decode(out.raw_path)) {
        return std::nullopt;
    }
    out.query = std::move(*query);
    return out;
}

bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

HttpResponse call(const HttpServer::Handler& handler, HttpRequest& request) {
    // The edge of everything a handler uses; what went wrong is not for the client to read.
    try {
        HttpResponse response = handler(request);
        const bool writable = std::ranges::all_of(response.headers, [](const auto& header) {
            return is_one_line(header.first) && is_one_line(header.second);
        });
        if (writable) {
            return response;
        }
    } catch (const std::exception&) {
        // Below.
    }
    return problem(500,
                   "something went wrong here; the log may say more, and trying again may help");
}

/// False when the connection ended, or its time ran out: then nobody waits for an answer.
bool is_about_request(const error_code& failed) {
    return failed.category() == make_error_code(http::error::bad_version).category() &&
           failed != http::error::end_of_stream && failed != http::error::partial_message;
}

/// Answers to what could not be read as a request.
HttpResponse refusal_of(const error_code& failed, const ServerOptions& limits) {
    if (failed == http::error::body_limit) {
        return problem(413, fmt::format("a body may have at most {} bytes", limits.body_bytes_max));
    }
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
        return problem(431, fmt::format("the request line and headers may have at most {} bytes",
                                        limits.header_bytes_max));
    }
    if (failed == http::error::bad_version) {
        return problem(505, "HTTP/1.1 is spoken here");
    }
    return problem(400, "this is no HTTP/1.1 request");
}

}  // namespace

/// Everything but `stop` and the lanes' threads runs on the io thread.
class HttpServer::Running {
 public:
    Running(ServerOptions options, Handler handler)
        : options_(std::move(options)),
          handler_(std::move(handler)),
          readers_(*this, options_.readers),
          writers_(*this, options_.writers) {}
    ~Running() { stop(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    workflows::Status listen(const tcp::endpoint& endpoint);
    void run();
    void stop();
    [[nodiscard]] int port() const { return port_; }

 private:
    class Session;
    struct Job {
        std::shared_ptr<Session> session;
        HttpRequest request;
    };
    /// A few threads that answer requests. `submit` from the io thread.
    class Lane {
     public:
        Lane(Running& server, int threads) : server_(server), count_(threads) {}
        void start();
        /// False, and `job` untouched, when too many wait already.
        bool submit(Job& job);
        /// Forgets what waits, and waits for what runs.
        void stop();

     private:
        void work();
        Running& server_;
        int count_;
        std::mutex mutex_;
        std::condition_variable changed_;
        std::deque<Job> waiting_;
        bool stopping_{false};
        std::vector<std::thread> threads_;
    };

    void accept();
    void make_room();
    void ended(Session& session);

    ServerOptions options_;
    Handler handler_;
    asio::io_context io_{1};
    /// While a handler works for the only connection, nothing else keeps the io thread going.
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    tcp::acceptor acceptor_{io_};
    asio::steady_timer accept_again_{io_};
    int port_{0};
    std::list<Session*> sessions_;  ///< Those that read or write, the longest silent first.
    std::size_t session_count_{0};
    bool stopping_{false};
    bool abandoned_{false};
    Lane readers_;
    Lane writers_;
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable all_ended_;
    bool drained_{false};  ///< Guarded by mutex_.
};

/// One connection. Kept alive by the operation it waits for.
class HttpServer::Running::Session : public std::enable_shared_from_this<Session> {
 public:
    Session(Running& server, tcp::socket socket, tcp::endpoint remote)
        : server_(server), stream_(std::move(socket)), remote_(std::move(remote)) {
        place_ = server_.sessions_.insert(server_.sessions_.end(), this);
        ++server_.session_count_;
    }
    ~Session() { server_.ended(*this); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void read();
    void close();
    /// The handler's answer.
    void answer(HttpResponse response);
    [[nodiscard]] bool is_idle() const { return reading_ && buffer_.size() == 0 && !header_seen_; }

 private:
    using Self = std::shared_ptr<Session>;
    void header_read(const error_code& failed);
    void read_body();
    void dispatch();
    void refuse(const HttpResponse& response);
    void write(HttpResponse response);
    void written(const error_code& failed);
    void linger();
    void drop_input();
    void wake_up() { server_.sessions_.splice(server_.sessions_.end(), server_.sessions_, place_); }

    Running& server_;
    beast::tcp_stream stream_;
    tcp::endpoint remote_;
    /// As much as a head needs, and a bit of what comes behind.
    beast::flat_buffer buffer_{server_.options_.header_bytes_max + std::size_t{16} * 1024};
    std::optional<http::request_parser<http::string_body>> parser_;
    std::optional<HttpRequest> request_;
    http::response<http::string_body> response_;
    std::array<char, 4096> dropped_{};
    std::size_t dropped_bytes_{0};
    bool reading_{false};
    bool header_seen_{false};
    bool is_head_{false};
    bool keep_alive_{false};
    bool input_left_{false};
    bool counted_{true};
    std::list<Session*>::iterator place_;
    friend class Running;
};

void HttpServer::Running::Session::read() {
    if (server_.stopping_) {
        return close();
    }
    wake_up();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(server_.options_.header_bytes_max));
    parser_->body_limit(server_.options_.body_bytes_max);
    reading_ = true;
    header_seen_ = false;
    // One term for the whole request: a byte now and then does not prolong it.
    stream_.expires_after(server_.options_.request_time_max);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& failed, std::size_t) {
                                self->header_read(failed);
                            });
}

void HttpServer::Running::Session::header_read(const error_code& failed) {
    if (failed) {
        return is_about_request(failed) ? refuse(refusal_of(failed, server_.options_)) : close();
    }
    header_seen_ = true;
    const auto& head = parser_->get();
    is_head_ = head.method() == http::verb::head;
    request_ = to_request(head.base(), remote_);
    if (!request_) {
        return refuse(problem(400, "the path and query are not percent-encoded UTF-8"));
    }
    const auto encoding = request_->header("content-encoding");
    if (encoding && *encoding != "identity") {
        return refuse(problem(415, "send the body as it is; compressed ones are not read"));
    }
    const auto transfer = head.find(http::field::transfer_encoding);
    if (transfer != head.end() && !beast::iequals(transfer->value(), "chunked")) {
        return refuse(problem(501, "of the transfer encodings only chunked is known"));
    }
    const auto expected = request_->header("expect");
    if (!expected) {
        return read_body();
    }
    if (!beast::iequals(beast::string_view{expected->data(), expected->size()}, "100-continue")) {
        return refuse(problem(417, "of the expectations only 100-continue is known"));
    }
    static constexpr std::string_view kContinue{"HTTP/1.1 100 Continue\r\n\r\n"};
    asio::async_write(stream_, asio::buffer(kContinue),
                      [self = shared_from_this()](const error_code& unsent, std::size_t) {
                          unsent ? self->close() : self->read_body();
                      });
}

void HttpServer::Running::Session::read_body() {
    if (parser_->is_done()) {
        return dispatch();
    }
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& failed, std::size_t) {
                         if (!failed) {
                             self->dispatch();
                         } else if (is_about_request(failed)) {
                             self->refuse(refusal_of(failed, self->server_.options_));
                         } else {
                             self->close();
                         }
                     });
}

void HttpServer::Running::Session::dispatch() {
    reading_ = false;
    keep_alive_ = parser_->get().keep_alive() && parser_->get().version() == 11;
    stream_.expires_never();
    Job job{shared_from_this(), std::move(*request_)};
    job.request.local_port = server_.port_;
    job.request.body = std::move(parser_->get().body());
    if (is_head_) {
        job.request.method = "GET";
    }
    const bool reads = job.request.method == "GET" || job.request.method == "OPTIONS";
    // Out of the list of those who may be asked to go: this one waits for us.
    server_.sessions_.erase(place_);
    place_ = server_.sessions_.end();
    if (!(reads ? server_.readers_ : server_.writers_).submit(job)) {
        HttpResponse busy = problem(503, "too much to do just now; try again in a moment");
        busy.headers.emplace_back("Retry-After", "1");
        answer(std::move(busy));
    }
}

void HttpServer::Running::Session::answer(HttpResponse response) {
    if (server_.abandoned_) {
        return;
    }
    place_ = server_.sessions_.insert(server_.sessions_.end(), this);
    write(std::move(response));
}

void HttpServer::Running::Session::refuse(const HttpResponse& response) {
    reading_ = false;
    keep_alive_ = false;
    input_left_ = true;
    write(response);
}

void HttpServer::Running::Session::write(HttpResponse response) {
    keep_alive_ = keep_alive_ && !server_.stopping_;
    response_ = {};
    response_.version(11);
    response_.result(static_cast<unsigned>(response.status));
    const std::string_view reason = reason_phrase(response.status);
    response_.reason({reason.data(), reason.size()});
    for (const auto& [name, value] : response.headers) {
        response_.insert(name, value);
    }
    if (server_.options_.unix_seconds) {
        response_.set(http::field::date, http_date(server_.options_.unix_seconds()));
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) {
        response_.content_length(response.body.size());
    }
    if (!bodiless && !is_head_) {
        response_.body() = std::move(response.body);
    }
    response_.keep_alive(keep_alive_);
    stream_.expires_after(server_.options_.response_time_max);
    http::async_write(stream_, response_,
                      [self = shared_from_this()](const error_code& failed, std::size_t) {
                          self->written(failed);
                      });
}

void HttpServer::Running::Session::written(const error_code& failed) {
    if (failed) {
        return close();
    }
    if (keep_alive_) {
        return read();
    }
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    return input_left_ ? linger() : close();
}

// Closing while the client still sends would reset the connection, and take the answer with it.
void HttpServer::Running::Session::linger() {
    stream_.expires_after(
        std::min(server_.options_.request_time_max, std::chrono::milliseconds{2000}));
    drop_input();
}

void HttpServer::Running::Session::drop_input() {
    static constexpr std::size_t kDroppedBytesMax{std::size_t{1024} * 1024};
    stream_.async_read_some(
        asio::buffer(dropped_),
        [self = shared_from_this()](const error_code& failed, std::size_t count) {
            self->dropped_bytes_ += count;
            if (failed || self->dropped_bytes_ > kDroppedBytesMax) {
                return self->close();
            }
            self->drop_input();
        });
}

void HttpServer::Running::Session::close() {
    reading_ = false;
    stream_.close();
}

void HttpServer::Running::Lane::start() {
    for (int i = 0; i < count_; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

bool HttpServer::Running::Lane::submit(Job& job) {
    {
        const std::lock_guard lock{mutex_};
        if (waiting_.size() >= server_.options_.waiting_max) {
            return false;
        }
        waiting_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

void HttpServer::Running::Lane::work() {
    while (true) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) {
            return;
        }
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        HttpResponse response = call(server_.handler_, job.request);
        asio::post(server_.io_,
                   [session = std::move(job.session), answer = std::move(response)]() mutable {
                       session->answer(std::move(answer));
                   });
    }
}

void HttpServer::Running::Lane::stop() {
    std::deque<Job> forgotten;
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        forgotten.swap(waiting_);
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

workflows::Status HttpServer::Running::listen(const tcp::endpoint& endpoint) {
    error_code failed;
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed) {
        // Only this: with SO_REUSEPORT a second program could take connections away in silence.
        acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed);
    }
    if (!failed) {
        acceptor_.bind(endpoint, failed);
    }
    if (!failed) {
        acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    }
    if (failed == asio::error::address_in_use) {
        return Error{ErrorKind::Conflict,
                     fmt::format("{} is in use by another program; stop that one (`ss -ltnp` names "
                                 "it), or listen on another port",
                                 options_.listen)};
    }
    if (failed) {
        return Error{ErrorKind::Unavailable,
                     fmt::format("cannot listen on {}: {}", options_.listen, failed.message())};
    }
    port_ = acceptor_.local_endpoint(failed).port();
    return workflows::Done{};
}

void HttpServer::Running::run() {
    accept();
    readers_.start();
    writers_.start();
    thread_ = std::thread{[this] { io_.run(); }};
}

void HttpServer::Running::accept() {
    acceptor_.async_accept([this](const error_code& failed, tcp::socket socket) {
        if (stopping_) {
            return;
        }
        if (failed) {
            // Out of descriptors, most likely: wait a little for one to come free.
            accept_again_.expires_after(std::chrono::milliseconds{50});
            accept_again_.async_wait([this](const error_code& stopped) {
                if (!stopped) {
                    accept();
                }
            });
            return;
        }
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        const tcp::endpoint remote = socket.remote_endpoint(ignored);
        make_room();
        if (session_count_ < options_.connections_max) {
            std::make_shared<Session>(*this, std::move(socket), remote)->read();
        }
        accept();
    });
}

// Whoever keeps connections open without a word must not keep others out.
void HttpServer::Running::make_room() {
    if (session_count_ >= options_.connections_max && !sessions_.empty()) {
        Session* const longest = sessions_.front();
        sessions_.splice(sessions_.end(), sessions_, sessions_.begin());
        --session_count_;
        longest->counted_ = false;
        longest->close();
    }
}

void HttpServer::Running::ended(Session& session) {
    if (session.place_ != sessions_.end()) {
        sessions_.erase(session.place_);
    }
    if (session.counted_) {
        --session_count_;
    }
    if (stopping_ && session_count_ == 0) {
        const std::lock_guard lock{mutex_};
        drained_ = true;
        all_ended_.notify_all();
    }
}

void HttpServer::Running::stop() {
    if (thread_.joinable()) {
        asio::post(io_, [this] {
            stopping_ = true;
            error_code ignored;
            acceptor_.close(ignored);
            accept_again_.cancel();
            for (Session* const session : sessions_) {
                if (session->is_idle()) {
                    session->close();
                }
            }
            const std::lock_guard lock{mutex_};
            drained_ = session_count_ == 0;
            all_ended_.notify_all();
        });
        std::unique_lock lock{mutex_};
        all_ended_.wait_for(lock, options_.stop_time_max, [this] { return drained_; });
        lock.unlock();
        io_.stop();
        thread_.join();
    }
    readers_.stop();
    writers_.stop();
    // Nobody else runs any more: end on this thread what is still there.
    abandoned_ = true;
    work_.reset();
    for (Session* const session : sessions_) {
        session->close();
    }
    io_.restart();
    io_.poll();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, Handler handler) {
    const Result<tcp::endpoint> endpoint = parse_listen(options.listen, options.beyond_loopback);
    if (!endpoint.ok()) {
        return endpoint.error();
    }
    FRISTVAKT_ASSERT(options.readers > 0 && options.writers > 0 && options.connections_max > 0);
    auto running = std::make_unique<Running>(std::move(options), std::move(handler));
    if (const auto listening = running->listen(endpoint.value()); !listening.ok()) {
        return listening.error();
    }
    running->run();
    return std::unique_ptr<HttpServer>{new HttpServer{std::move(running)}};
}

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}
HttpServer::~HttpServer() = default;
int HttpServer::port() const {
    return running_->port();
}
void HttpServer::stop() {
    running_->stop();
}

}  // namespace fristvakt::daemon
