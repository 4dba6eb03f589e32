#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A mail as another program reads it, written from the RFCs and from nothing of ours. Ends the
/// program at the first thing that is not as they want it.
namespace fristvakt::fuzz {

struct PlainMail {
    std::vector<std::pair<std::string, std::string>> headers;  ///< Unfolded, not decoded.
    std::vector<std::string> parts;                            ///< Decoded, line ends LF.
};

/// Demands: 7-bit, CRLF, lines of at most 998, a name and a colon in front of each field (RFC 5322
/// 2), multipart with quoted-printable parts (RFC 2045 6.7, RFC 2046 5.1).
[[nodiscard]] PlainMail read_plain_mail(std::string_view bytes);

/// A header of words and encoded-words as the reader sees it (RFC 2047): `Q` and utf-8 only.
[[nodiscard]] std::string read_words(std::string_view value);
/// The display name in front of the first "<", quotes taken off and words decoded; "" when there is
/// none.
[[nodiscard]] std::string read_display_name(std::string_view value);

}  // namespace fristvakt::fuzz
