#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"
#include "workflows/ports.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

struct SmtpOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds total_timeout{60'000};  ///< Of one attempt, from dialling to reply.
    /// Asked to stop, a send in progress is broken off within about a second.
    std::stop_token stop{};
};

/// One SMTP session over libcurl. The connection is kept and used again.
///
/// Encryption: smtps, or STARTTLS, without which nothing is said unless the settings say `Off`. The
/// server's certificate is checked against its name. Log-in when the settings name a user.
///
/// A message with copies goes to all or is tried again without those that are refused, so that a
/// copy never stops the recipient and nobody gets a copy of what the recipient was refused:
/// libcurl gives up at the first refused RCPT, before DATA, and so nothing has been handed over
/// yet. A copy that is refused for good is left out at once, one that is refused for now from the
/// third attempt on (until then all wait together). Both are told in `copies_refused`.
///
/// A kept connection that turns out to be dead before the recipients were accepted is replaced
/// once, at once. Apart from these two a send is one attempt; one that was wholly handed over is
/// never repeated here.
///
/// Used by one thread at a time; several sessions may work side by side.
class SmtpChannel final : public workflows::Channel {
 public:
    /// InvalidInput: the URL is not smtp:// or smtps://, or the password cannot be read. Does not
    /// connect.
    [[nodiscard]] static workflows::Result<std::unique_ptr<SmtpChannel>> open(
        const workflows::SmtpSettings& settings, SmtpOptions options = {});
    ~SmtpChannel() override;
    SmtpChannel(const SmtpChannel&) = delete;
    SmtpChannel& operator=(const SmtpChannel&) = delete;

    /// As smtp_reply.hpp classifies. Blocks for at most the total timeout, times one more than the
    /// number of copies that are refused.
    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override;

 private:
    class Session;
    explicit SmtpChannel(std::unique_ptr<Session> session);
    std::unique_ptr<Session> session_;
};

}  // namespace fristvakt::integrations
