#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/message.hpp"

/// Header fields as RFC 5322 and RFC 2047 want them: 7-bit, CRLF, folded. What comes in is
/// UTF-8 of any kind; nothing in it can begin a field of its own.
namespace fristvakt::integrations {

/// `text` without anything that could break a header: every control character, line or paragraph
/// separator and every mark that turns the reading direction becomes a space, what is no UTF-8
/// becomes U+FFFD.
[[nodiscard]] std::string header_text(std::string_view text);

/// "NAME: VALUE" CRLF for text that people read (Subject); as encoded-words where plain ASCII would
/// not come through unchanged.
[[nodiscard]] std::string text_header(std::string_view name, std::string_view value);

/// "NAME: a, b" CRLF with names as atoms, quoted strings or encoded-words. Empty for no mailboxes.
/// REQUIRES: is_mail_address() of every address.
[[nodiscard]] std::string mailbox_header(std::string_view name,
                                         const std::vector<workflows::Person>& mailboxes);

/// "NAME: <a> <b>" CRLF, folded between the Message-IDs. Empty for none.
/// REQUIRES: is_message_id() of each.
[[nodiscard]] std::string message_id_header(std::string_view name,
                                            const std::vector<std::string>& ids);

/// Whether `id` (without angle brackets) may stand in a Message-ID header: printable ASCII, one @
/// with something on both sides, at most 250 characters.
[[nodiscard]] bool is_message_id(std::string_view id);

}  // namespace fristvakt::integrations
