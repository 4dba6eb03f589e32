#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "integrations/secrets/secret.hpp"
#include "workflows/definition/mailbox.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

struct ImapTimes {
    std::chrono::milliseconds connect{15'000};
    std::chrono::milliseconds total{120'000};  ///< Of a connection, log-in included.
};

/// A logged-in session: libcurl connects, encrypts and logs in, then bytes go both ways as they
/// are. libcurl's own IMAP would mark as read whatever it fetches, and cuts long lines off.
///
/// Encryption: imaps, or STARTTLS, without which nothing is said unless the settings say `Off`. The
/// server's certificate is checked against its name. One thread.
class ImapConnection {
 public:
    /// Asked to stop, everything is broken off: what waits at once, a log-in within about a second.
    /// InvalidInput: the URL is none. Unavailable: no connection, or the log-in was refused; says
    /// where and what to do, and shows neither user nor password.
    [[nodiscard]] static workflows::Result<std::unique_ptr<ImapConnection>> open(
        const workflows::MailboxSettings& settings, const Secret& password, ImapTimes times,
        std::stop_token stop);
    ~ImapConnection();
    ImapConnection(const ImapConnection&) = delete;
    ImapConnection& operator=(const ImapConnection&) = delete;

    /// Both: Unavailable: the connection broke, its time is over, or the program is stopping.
    [[nodiscard]] workflows::Status say(std::string_view bytes);
    /// What comes next, at least one byte.
    [[nodiscard]] workflows::Result<std::string> hear();

 private:
    class Session;
    explicit ImapConnection(std::unique_ptr<Session> session);
    std::unique_ptr<Session> session_;
};

}  // namespace fristvakt::integrations
