#pragma once

#include <string>
#include <string_view>

namespace fristvakt::integrations {

/// `text` as a quoted-printable body (RFC 2045 6.7) with CRLF and lines of at most 76 characters.
///
/// A line ends at LF, CRLF or CR. Other control characters but the tab become spaces, bytes that
/// are no UTF-8 become U+FFFD. No line begins with a dot or with "From ", and none is only a dot,
/// so that nothing on the way has a reason to touch it. "=" is followed by two hexadecimal digits
/// or by CRLF, never by anything else.
[[nodiscard]] std::string quoted_printable(std::string_view text);

}  // namespace fristvakt::integrations
