#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Paths and queries of URLs (RFC 3986). Pure.
namespace fristvakt::daemon {

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Undoes percent-encoding. Nothing when a `%` has no two hex digits behind it, or the result is
/// not UTF-8 or has control characters.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
/// As `percent_decode`, of `name=value&name=value`, where `+` is a blank.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view text);

/// The body of a form (application/x-www-form-urlencoded). As `parse_query`, but tabs and line ends
/// may stand in what people write; line ends become \n.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(
    std::string_view body);

/// Everything but letters, digits and `-._~` becomes %XX; `/` too.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// As `percent_encode`, but `/` stays: a case's id as part of a path.
[[nodiscard]] std::string encode_path(std::string_view text);
/// "?name=value&…" of those with a value; "" when there are none.
[[nodiscard]] std::string encode_query(
    const std::vector<std::pair<std::string, std::string>>& arguments);

/// `http://HOST[:PORT]` of a URL, in lower case and without a default port; nothing when `url` is
/// not http or https, or has no host.
[[nodiscard]] std::optional<std::string> origin_of(std::string_view url);

}  // namespace fristvakt::daemon
