#pragma once

#include <string>
#include <string_view>

namespace fristvakt::daemon {

/// The name of the hidden field that every form carries (design, promise 9).
inline constexpr std::string_view kFormTokenField{"form_token"};

/// 256 bits of chance as 43 letters, digits, - and _.
[[nodiscard]] std::string random_token();

/// The token of forms for whoever holds `secret`: a session's, or the process's where nobody signs
/// in. Says nothing of the secret.
[[nodiscard]] std::string form_token_of(std::string_view secret);

/// In constant time for texts of the same length. False when both are empty.
[[nodiscard]] bool same_token(std::string_view a, std::string_view b);

}  // namespace fristvakt::daemon
