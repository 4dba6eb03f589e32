#include "integrations/mail/smtp_channel.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "integrations/mail/envelope.hpp"
#include "integrations/mail/smtp_dialogue.hpp"
#include "integrations/mail/smtp_reply.hpp"
#include "integrations/secrets/secret.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::SmtpSettings;
using workflows::Verdict;

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, CurlDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// "Service not available, closing transmission channel" (RFC 5321 3.8).
constexpr int kClosing = 421;

bool curl_is_ready() {
    static std::once_flag once;
    static bool is_ready = false;
    std::call_once(once, [] { is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; });
    return is_ready;
}

/// The sockets of one session. libcurl says QUIT at the end of a connection, also of one on which a
/// message was just refused, and waits two minutes for the answer. Deaf on our side it hears the
/// end of the file at once; the server gets its QUIT all the same.
class Sockets {
 public:
    void deafen() const {
        for (const curl_socket_t socket : open_) {
            (void)::shutdown(socket, SHUT_RD);
        }
    }
    static curl_socket_t open(void* user, curlsocktype /*purpose*/, curl_sockaddr* address) {
        const curl_socket_t socket =
            ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (socket != CURL_SOCKET_BAD) {
            static_cast<Sockets*>(user)->open_.push_back(socket);
        }
        return socket;
    }
    static int close(void* user, curl_socket_t socket) {
        auto& sockets = static_cast<Sockets*>(user)->open_;
        sockets.erase(std::remove(sockets.begin(), sockets.end(), socket), sockets.end());
        return ::close(socket);
    }

 private:
    std::vector<curl_socket_t> open_;
};

/// One message on its way through libcurl's callbacks.
struct Transfer {
    Transfer(std::string_view bytes, const Sockets& of_session)
        : sockets(of_session), dialogue(bytes.size()), unread(bytes) {}
    const Sockets& sockets;
    SmtpDialogue dialogue;
    std::string_view unread;
};

std::size_t read_text(char* buffer, std::size_t size, std::size_t count, void* user) {
    auto& unread = static_cast<Transfer*>(user)->unread;
    const std::size_t bytes = std::min(size * count, unread.size());
    std::memcpy(buffer, unread.data(), bytes);
    unread.remove_prefix(bytes);
    return bytes;
}

int watch(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* user) {
    if (user == nullptr) {
        return 0;
    }
    auto& transfer = *static_cast<Transfer*>(user);
    if (type == CURLINFO_HEADER_OUT) {
        transfer.dialogue.command({data, size});
        if (std::string_view{data, size} == "QUIT\r\n") {
            transfer.sockets.deafen();
        }
    } else if (type == CURLINFO_HEADER_IN) {
        transfer.dialogue.answer({data, size});
    } else if (type == CURLINFO_DATA_OUT) {
        transfer.dialogue.text(size);
    }
    return 0;
}

int ask_whether_to_stop(void* user, curl_off_t /*down_all*/, curl_off_t /*down*/,
                        curl_off_t /*up_all*/, curl_off_t /*up*/) {
    return static_cast<SmtpOptions*>(user)->stop.stop_requested() ? 1 : 0;
}

std::size_t discard(char* /*data*/, std::size_t size, std::size_t count, void* /*user*/) {
    return size * count;
}

/// Empty when memory ran out.
List bracketed(const std::vector<std::string>& addresses,
               const std::vector<std::size_t>& positions) {
    List list;
    for (const std::size_t position : positions) {
        const std::string address = '<' + addresses[position] + '>';
        curl_slist* longer = curl_slist_append(list.get(), address.c_str());
        if (longer == nullptr) {
            return nullptr;
        }
        (void)list.release();
        list.reset(longer);
    }
    return list;
}

/// What went wrong when it was no reply of the server's; without host, address or secret.
std::string_view trouble(CURLcode code) {
    switch (static_cast<int>(code)) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return "the name of the mail server is not known";
        case CURLE_COULDNT_CONNECT:
            return "no connection to the mail server";
        case CURLE_OPERATION_TIMEDOUT:
            return "the mail server did not answer in time";
        case CURLE_USE_SSL_FAILED:
            return "the mail server offers no encryption; nothing was sent";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "the certificate of the mail server is not trusted, or is another's";
        case CURLE_SSL_CACERT_BADFILE:
            return "the file named by ca_file cannot be used";
        case CURLE_SSL_CONNECT_ERROR:
            return "encryption with the mail server failed";
        case CURLE_LOGIN_DENIED:
            return "the mail server refused the log-in";
        case CURLE_ABORTED_BY_CALLBACK:
            return "broken off: the program is stopping";
        default:
            return "the connection to the mail server broke";
    }
}

Error problem(std::string what) {
    return {.kind = ErrorKind::InvalidInput, .message = std::move(what)};
}

}  // namespace

class SmtpChannel::Session {
 public:
    Session(SmtpSettings settings, SmtpOptions options, Secret password)
        : settings_(std::move(settings)),
          options_(std::move(options)),
          password_(std::move(password)),
          curl_(curl_easy_init()) {}
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// InvalidInput: libcurl cannot do what is asked of it.
    [[nodiscard]] workflows::Status prepare();

    /// How one attempt ended.
    struct Outcome {
        DeliveryReport report;
        SmtpStage stage{SmtpStage::Connect};
        int code{0};
        std::size_t recipient{0};  ///< Position in `to` of the one named last.
        bool is_stale{false};      ///< A kept connection was dead; another may do.
    };
    /// Hands the message to those at these positions of `envelope.to`.
    [[nodiscard]] Outcome attempt(const Envelope& envelope,
                                  const std::vector<std::size_t>& positions,
                                  bool on_new_connection);

 private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
        const CURLcode code = curl_easy_setopt(curl_.get(), option, value);
        first_error_ = first_error_ == CURLE_OK ? code : first_error_;
    }
    void set_encryption();

    SmtpSettings settings_;
    SmtpOptions options_;
    Secret password_;
    Sockets sockets_;  ///< Outlives curl_, which closes them.
    Curl curl_;
    CURLcode first_error_{CURLE_OK};
};

SmtpChannel::Session::~Session() {
    sockets_.deafen();
}

workflows::Status SmtpChannel::Session::prepare() {
    if (!curl_) {
        return problem("libcurl does not start");
    }
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_URL, settings_.url.c_str());
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout.count()));
    set(CURLOPT_MAXCONNECTS, 1L);
    set(CURLOPT_OPENSOCKETFUNCTION, Sockets::open);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&sockets_));
    set(CURLOPT_CLOSESOCKETFUNCTION, Sockets::close);
    set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&sockets_));
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, read_text);
    set(CURLOPT_WRITEFUNCTION, discard);
    // The one place where libcurl shows both sides of the talk; see SmtpDialogue.
    set(CURLOPT_DEBUGFUNCTION, watch);
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, ask_whether_to_stop);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&options_));
    set_encryption();
    if (!settings_.user.empty()) {
        set(CURLOPT_USERNAME, settings_.user.c_str());
        set(CURLOPT_PASSWORD, password_.reveal().data());
    }
    if (first_error_ != CURLE_OK) {
        return problem(std::string{"mail.smtp cannot be used: "} +
                       curl_easy_strerror(first_error_));
    }
    return workflows::Done{};
}

void SmtpChannel::Session::set_encryption() {
    const bool is_required = settings_.starttls == SmtpSettings::StartTls::Required;
    set(CURLOPT_USE_SSL, static_cast<long>(is_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings_.ca_file.empty()) {
        // Trusted instead of the system's, not beside them.
        set(CURLOPT_CAINFO, settings_.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
}

SmtpChannel::Session::Outcome SmtpChannel::Session::attempt(
    const Envelope& envelope, const std::vector<std::size_t>& positions, bool on_new_connection) {
    Transfer transfer{envelope.bytes, sockets_};
    first_error_ = CURLE_OK;
    const List recipients = bracketed(envelope.to, positions);
    const std::string sender = '<' + envelope.from + '>';
    set(CURLOPT_MAIL_FROM, sender.c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(envelope.bytes.size()));
    set(CURLOPT_READDATA, static_cast<void*>(&transfer));
    set(CURLOPT_DEBUGDATA, static_cast<void*>(&transfer));
    set(CURLOPT_FRESH_CONNECT, on_new_connection ? 1L : 0L);
    if (!recipients) {
        first_error_ = CURLE_OUT_OF_MEMORY;
    }
    const CURLcode code = first_error_ == CURLE_OK ? curl_easy_perform(curl_.get()) : first_error_;
    set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
    // What closing the connection says later is nobody's business.
    set(CURLOPT_DEBUGDATA, static_cast<void*>(nullptr));

    const SmtpDialogue& dialogue = transfer.dialogue;
    const SmtpReply& reply = dialogue.reply();
    Outcome out;
    out.stage = dialogue.stage();
    out.code = reply.code;
    // A TLS failure follows upon a reply that said "go ahead", which is then no news.
    const bool has_refused = reply.code >= 400;
    const bool has_ended = out.stage == SmtpStage::End && reply.code != 0;
    out.report = classify(out.stage, has_refused || has_ended ? reply : SmtpReply{});
    out.report.number = envelope.number;
    out.report.reply = has_refused || has_ended ? public_reply(out.stage, reply, envelope.to)
                                                : std::string{trouble(code)};
    if (out.stage == SmtpStage::Recipient) {
        out.recipient = positions[std::min(dialogue.recipient(), positions.size() - 1)];
    }
    long connections = 0;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    (void)curl_easy_getinfo(curl_.get(), CURLINFO_NUM_CONNECTS, &connections);
    const bool has_broken = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR;
    out.is_stale = connections == 0 && out.stage < SmtpStage::Data && has_broken &&
                   (reply.code < 400 || reply.code == kClosing);
    return out;
}

SmtpChannel::SmtpChannel(std::unique_ptr<Session> session) : session_(std::move(session)) {}
SmtpChannel::~SmtpChannel() = default;

Result<std::unique_ptr<SmtpChannel>> SmtpChannel::open(const SmtpSettings& settings,
                                                       SmtpOptions options) {
    const bool is_smtp = settings.url.rfind("smtp://", 0) == 0;
    if (!is_smtp && settings.url.rfind("smtps://", 0) != 0) {
        return problem("mail.smtp.url must begin with smtp:// or smtps://");
    }
    if (!curl_is_ready()) {
        return problem("libcurl does not start");
    }
    Secret password;
    if (!settings.user.empty()) {
        auto read = read_secret(settings.password);
        if (!read.ok()) {
            return problem("mail.smtp.password: " + read.error().message);
        }
        password = std::move(read).value();
    }
    auto session = std::make_unique<Session>(settings, std::move(options), std::move(password));
    const auto prepared = session->prepare();
    if (!prepared.ok()) {
        return prepared.error();
    }
    return std::unique_ptr<SmtpChannel>{new SmtpChannel{std::move(session)}};
}

DeliveryReport SmtpChannel::send(const Envelope& envelope) {
    if (auto refusal = refuse_envelope(envelope)) {
        return *std::move(refusal);
    }
    constexpr int kCopyIsAwaited = 2;  // Attempts.
    std::vector<std::size_t> positions(envelope.to.size());
    std::iota(positions.begin(), positions.end(), std::size_t{0});
    std::vector<std::size_t> refused;
    bool on_new_connection = false;
    while (true) {
        auto outcome = session_->attempt(envelope, positions, on_new_connection);
        if (outcome.is_stale && !on_new_connection) {
            on_new_connection = true;
            continue;
        }
        const bool is_copy = outcome.stage == SmtpStage::Recipient && outcome.recipient > 0;
        const bool is_given_up = outcome.report.recipient_refused ||
                                 (outcome.code >= 400 && envelope.attempt > kCopyIsAwaited);
        if (!is_copy || !is_given_up || outcome.code == kClosing) {
            if (is_copy) {
                outcome.report.verdict = Verdict::RetryLater;
            }
            outcome.report.recipient_refused = outcome.report.recipient_refused && !is_copy;
            outcome.report.copies_refused = std::move(refused);
            return outcome.report;
        }
        refused.push_back(outcome.recipient);
        positions.erase(std::find(positions.begin(), positions.end(), outcome.recipient));
    }
}

}  // namespace fristvakt::integrations
