#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/calendar/reply.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// Who wrote a message, as far as that can be told.
enum class MailOrigin {
    Person,
    Program,  ///< It says so itself (RFC 3834): out of office, a list, another daemon.
    Bounce,   ///< A mail server tells what became of another message (RFC 3464).
};

/// What is of interest in a message that came in. All of it is what its sender says.
struct IncomingMail {
    /// The one address in From, in lower case; empty: there is none, or there are several.
    std::string from;
    std::string message_id;               ///< Without angle brackets; may be empty.
    std::vector<std::string> answers_to;  ///< In-Reply-To, then References; without brackets.
    MailOrigin origin{MailOrigin::Person};
    /// The bodies of the parts of text/calendar with method=REPLY, decoded and turned into UTF-8
    /// where they say what they are; if there is no text/calendar at all, those of application/ics.
    /// Of a message that is attached to this one nothing is taken: that is another's.
    std::vector<std::string> calendars;
};

/// A message of more bytes is not read.
inline constexpr std::size_t kIncomingBytesMax = std::size_t{4} * 1024 * 1024;

/// Reads an RFC 5322 message of whatever form. InvalidInput: it is no message, or too big or too
/// nested to be one that people send; says which limit, and shows nothing of it. Any thread.
[[nodiscard]] workflows::Result<IncomingMail> read_mail(std::string_view bytes);

/// What the calendars in it answer, each once, or why one cannot be used.
[[nodiscard]] std::vector<workflows::Result<calendar::Reply>> replies_in(const IncomingMail& mail);

}  // namespace fristvakt::integrations
