#pragma once

#include <cstddef>
#include <string_view>

namespace fristvakt::integrations {

/// One character of a text that claims to be UTF-8.
struct Utf8Character {
    char32_t code{0};      ///< U+FFFD when the bytes are no UTF-8.
    std::size_t bytes{1};  ///< How far to go on; 1 when the bytes are no UTF-8.
    bool valid{false};
};

/// The character that begins at `at`: shortest form only, no surrogates, at most U+10FFFF (RFC
/// 3629). REQUIRES: at < text.size().
[[nodiscard]] Utf8Character utf8_character(std::string_view text, std::size_t at);

/// The bytes of U+FFFD, which stands for what cannot be read.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

}  // namespace fristvakt::integrations
