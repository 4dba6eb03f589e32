#pragma once

#include <string_view>

namespace fristvakt::workflows {

/// True for an address that may be handed to a mail server: ASCII, `local@domain`, a dot-atom
/// before the one @ and a host name of at least two labels behind it (RFC 5321 section 4.1.2
/// without quoted strings, address literals and SMTPUTF8), at most 64 and 254 octets
/// (section 4.5.3.1). Spaces, line breaks and control characters are never part of one, so it
/// cannot smuggle a command.
[[nodiscard]] bool is_mail_address(std::string_view text);

/// True for the part behind the @, as above.
[[nodiscard]] bool is_mail_domain(std::string_view text);

}  // namespace fristvakt::workflows
