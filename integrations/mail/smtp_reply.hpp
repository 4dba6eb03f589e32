#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/message.hpp"

namespace fristvakt::integrations {

/// How far an SMTP session had come when it ended; what was last asked of the server.
enum class SmtpStage {
    Connect,  ///< Nothing said yet, or the greeting.
    Hello,    ///< EHLO, HELO
    StartTls,
    Auth,
    Sender,     ///< MAIL FROM
    Recipient,  ///< RCPT TO
    Data,       ///< DATA, and the text up to its end.
    End,        ///< All of the text was written; the final reply is awaited.
};

/// The reply that ended a message, as the server gave it.
struct SmtpReply {
    int code{0};       ///< 0: there was none.
    std::string text;  ///< Behind the code: enhanced status code and words; lines joined by spaces.
};

/// What a reply means for a message. Pure; `number` and `copies_refused` are left alone.
///
///  - Delivered: 2xx at the end, nothing else.
///  - Refused, recipient_refused: 5xx to RCPT.
///  - Refused: 5xx to DATA or at the end; "too large" at MAIL or RCPT.
///  - RetryLater: all else. 4xx; no reply (uncertain at the end); every refusal to talk to *us* --
///    greeting, EHLO, STARTTLS, AUTH, MAIL, "authenticate first", "relaying denied", "your host is
///    blocked" --, which an operator mends and no recipient can help; quotas and full mailboxes,
///    which some servers tell with 5xx (RFC 3463: X.2.2; 5.4.5, SubmissionQuotaExceeded in the
///    field).
[[nodiscard]] workflows::DeliveryReport classify(SmtpStage stage, const SmtpReply& reply);

/// `reply` for people and logs: code and words in printable ASCII, at most 200 bytes. Words with an
/// @ or in angle brackets, and those that hold the local part of one of `addresses`, are left out.
/// What a server says to AUTH is not repeated beyond its code: it may echo what it was told.
[[nodiscard]] std::string public_reply(SmtpStage stage, const SmtpReply& reply,
                                       const std::vector<std::string>& addresses);

}  // namespace fristvakt::integrations
