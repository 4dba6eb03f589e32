#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The text of an event, and what Microsoft writes under it: how to come in by Teams. Losing that
/// would end the online meeting, so a new text takes the place of the old one alone. Pure.
namespace fristvakt::integrations::graph {

/// `text` as HTML: lines stay lines, nothing in it is markup.
[[nodiscard]] std::string to_html(std::string_view text);

/// The body with `text` in place of what stands above the part about Teams, which stays to the
/// byte. Nothing: it cannot be told where that part begins, so leave the body alone.
///
/// That part begins with a line of underscores, the last before `join_url`.
[[nodiscard]] std::optional<std::string> with_text(std::string_view html, std::string_view join_url,
                                                   std::string_view text);

/// What stands above the part about Teams, as text with single blanks: to be compared with
/// `in_one_line` of a text. With an empty `join_url`, or no such part, the whole.
[[nodiscard]] std::string own_text(std::string_view html, std::string_view join_url);

/// Words with single blanks between them, without control characters.
[[nodiscard]] std::string in_one_line(std::string_view text);

}  // namespace fristvakt::integrations::graph
