#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Values that come from people and files, made fit to stand in a sentence.
namespace fristvakt::integrations::texts {

/// A longer value is cut and ends in an ellipsis; in characters.
inline constexpr std::size_t kValueCharactersMax = 2000;

/// `value` as one line of visible text: bytes that are no UTF-8 become U+FFFD; line breaks, tabs
/// and runs of spaces become one space; control characters, zero-width characters and those that
/// turn the direction of writing (Unicode TR 9) are left out.
[[nodiscard]] std::string plain_value(std::string_view value);

/// `value` as lines of such text, parted by LF: what somebody wrote on lines of its own stays
/// there. Empty lines are left out; it is cut like one line.
[[nodiscard]] std::string plain_lines(std::string_view value);

/// How many characters `text` has; combining ones count as well. REQUIRES: UTF-8.
[[nodiscard]] std::size_t characters_in(std::string_view text);

/// `text` if it has at most `characters_max`, else its beginning, cut between words where there is
/// a space in the second half, with an ellipsis as the last character.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t characters_max);

}  // namespace fristvakt::integrations::texts
