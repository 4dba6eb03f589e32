#include "integrations/mailbox/imap_connection.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include <curl/curl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "workflows/definition/this_machine.hpp"

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::MailboxSettings;
using workflows::Result;
using workflows::Status;

namespace {

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

bool curl_is_ready() {
    static const bool kIsReady = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return kIsReady;
}

/// What the kernel tells by making a descriptor readable.
class Signal {
 public:
    explicit Signal(int descriptor) : descriptor_(descriptor) {}
    ~Signal() {
        if (descriptor_ >= 0) {
            (void)::close(descriptor_);
        }
    }
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

 private:
    int descriptor_;
};

int timer_over(std::chrono::milliseconds time) {
    const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    itimerspec when{};
    when.it_value.tv_sec = seconds.count();
    when.it_value.tv_nsec = std::chrono::nanoseconds{time - seconds}.count();
    if (timer >= 0) {
        (void)::timerfd_settime(timer, 0, &when, nullptr);
    }
    return timer;
}

int ask_whether_to_stop(void* user, curl_off_t /*down_all*/, curl_off_t /*down*/,
                        curl_off_t /*up_all*/, curl_off_t /*up*/) {
    return static_cast<std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

/// What is wrong and what to do; without user or secret.
std::string_view trouble(CURLcode code) {
    switch (static_cast<int>(code)) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return "its name is not known; see `mailbox.url`";
        case CURLE_COULDNT_CONNECT:
            return "no connection; see `mailbox.url`, and whether the server runs";
        case CURLE_OPERATION_TIMEDOUT:
            return "no answer in time; see whether the server runs";
        case CURLE_USE_SSL_FAILED:
            return "it offers no encryption, and nothing was said; see `mailbox.starttls`";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "its certificate is not trusted, or is another's; see `mailbox.ca_file`";
        case CURLE_SSL_CACERT_BADFILE:
            return "the file named by `mailbox.ca_file` cannot be used";
        case CURLE_SSL_CONNECT_ERROR:
            return "encryption failed; see whether the port in `mailbox.url` is the right one";
        case CURLE_LOGIN_DENIED:
            return "it refused the log-in; see `mailbox.user` and `mailbox.password`";
        case CURLE_ABORTED_BY_CALLBACK:
            return "broken off: the program is stopping";
        default:
            return "the connection broke; it is tried again";
    }
}

}  // namespace

class ImapConnection::Session {
 public:
    Session(const MailboxSettings& settings, std::stop_token stop)
        : where_("the mail server " + std::string{workflows::host_of(settings.url)} + ": "),
          stop_(std::move(stop)),
          curl_(curl_easy_init()) {}

    [[nodiscard]] Status connect(const MailboxSettings& settings, const Secret& password,
                                 ImapTimes times);
    [[nodiscard]] Status say(std::string_view bytes);
    [[nodiscard]] Result<std::string> hear();

 private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
        const CURLcode code = curl_easy_setopt(curl_.get(), option, value);
        first_error_ = first_error_ == CURLE_OK ? code : first_error_;
    }
    void set_encryption(const MailboxSettings& settings);
    [[nodiscard]] Error unavailable(CURLcode code) const {
        return {ErrorKind::Unavailable, where_ + std::string{trouble(code)}};
    }
    /// Nothing when the socket is ready for `what`.
    [[nodiscard]] std::optional<Error> wait(short what) const;

    std::string where_;
    std::stop_token stop_;
    std::unique_ptr<CURL, CurlDeleter> curl_;
    CURLcode first_error_{CURLE_OK};
    curl_socket_t socket_{CURL_SOCKET_BAD};
    Signal stopping_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::optional<Signal> time_is_over_;
    struct Wake {
        int descriptor;
        void operator()() const {
            const std::uint64_t one = 1;
            (void)!::write(descriptor, &one, sizeof one);
        }
    };
    std::stop_callback<Wake> wake_{stop_, Wake{stopping_.get()}};
};

void ImapConnection::Session::set_encryption(const MailboxSettings& settings) {
    const bool is_required = settings.starttls == MailboxSettings::StartTls::Required;
    set(CURLOPT_USE_SSL, static_cast<long>(is_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings.ca_file.empty()) {
        // Trusted instead of the system's, not beside them.
        set(CURLOPT_CAINFO, settings.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
}

Status ImapConnection::Session::connect(const MailboxSettings& settings, const Secret& password,
                                        ImapTimes times) {
    if (!curl_) {
        return Error{ErrorKind::Unavailable, "libcurl does not start"};
    }
    set(CURLOPT_PROTOCOLS_STR, "imap,imaps");
    set(CURLOPT_URL, settings.url.c_str());
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(times.connect.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(times.connect.count()));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, ask_whether_to_stop);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&stop_));
    set(CURLOPT_USERNAME, settings.user.c_str());
    set(CURLOPT_PASSWORD, password.reveal().data());
    set_encryption(settings);
    if (first_error_ != CURLE_OK) {
        return Error{ErrorKind::InvalidInput,
                     std::string{"`mailbox` cannot be used: "} + curl_easy_strerror(first_error_)};
    }
    if (const CURLcode code = curl_easy_perform(curl_.get()); code != CURLE_OK) {
        return unavailable(code);
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    (void)curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket_);
    time_is_over_.emplace(timer_over(times.total));
    return workflows::Done{};
}

std::optional<Error> ImapConnection::Session::wait(short what) const {
    std::array<pollfd, 3> watched{
        {{socket_, what, 0}, {stopping_.get(), POLLIN, 0}, {time_is_over_->get(), POLLIN, 0}}};
    while (true) {
        const int ready = ::poll(watched.data(), watched.size(), -1);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready < 0 || watched[1].revents != 0) {
            return unavailable(ready < 0 ? CURLE_RECV_ERROR : CURLE_ABORTED_BY_CALLBACK);
        }
        if (watched[2].revents != 0) {
            return unavailable(CURLE_OPERATION_TIMEDOUT);
        }
        return std::nullopt;
    }
}

Status ImapConnection::Session::say(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t sent = 0;
        const CURLcode code = curl_easy_send(curl_.get(), bytes.data(), bytes.size(), &sent);
        bytes.remove_prefix(sent);
        if (code == CURLE_AGAIN) {
            if (auto error = wait(POLLOUT)) {
                return *std::move(error);
            }
        } else if (code != CURLE_OK) {
            return unavailable(code);
        }
    }
    return workflows::Done{};
}

Result<std::string> ImapConnection::Session::hear() {
    constexpr std::size_t kAtOnce = std::size_t{64} * 1024;
    std::string bytes(kAtOnce, '\0');
    while (true) {
        std::size_t count = 0;
        const CURLcode code = curl_easy_recv(curl_.get(), bytes.data(), bytes.size(), &count);
        if (code == CURLE_AGAIN) {
            if (auto error = wait(POLLIN)) {
                return *std::move(error);
            }
            continue;
        }
        if (code != CURLE_OK || count == 0) {
            return unavailable(code == CURLE_OK ? CURLE_RECV_ERROR : code);
        }
        bytes.resize(count);
        return bytes;
    }
}

ImapConnection::ImapConnection(std::unique_ptr<Session> session) : session_(std::move(session)) {}
ImapConnection::~ImapConnection() = default;

Result<std::unique_ptr<ImapConnection>> ImapConnection::open(const MailboxSettings& settings,
                                                             const Secret& password,
                                                             ImapTimes times,
                                                             std::stop_token stop) {
    const bool is_imap = settings.url.starts_with("imap://");
    if (!is_imap && !settings.url.starts_with("imaps://")) {
        return Error{ErrorKind::InvalidInput, "`mailbox.url` must begin with imaps:// or imap://"};
    }
    const bool is_open = is_imap && settings.starttls == MailboxSettings::StartTls::Off;
    if (is_open && !workflows::is_this_machine(workflows::host_of(settings.url))) {
        return Error{ErrorKind::InvalidInput,
                     "the password would go over the network in the clear; write imaps:// or "
                     "`starttls: required`"};
    }
    if (!curl_is_ready()) {
        return Error{ErrorKind::Unavailable, "libcurl does not start"};
    }
    auto session = std::make_unique<Session>(settings, std::move(stop));
    if (auto connected = session->connect(settings, password, times); !connected.ok()) {
        return connected.error();
    }
    return std::unique_ptr<ImapConnection>{new ImapConnection{std::move(session)}};
}

Status ImapConnection::say(std::string_view bytes) {
    return session_->say(bytes);
}

Result<std::string> ImapConnection::hear() {
    return session_->hear();
}

}  // namespace fristvakt::integrations
