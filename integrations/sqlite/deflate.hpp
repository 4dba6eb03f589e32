#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fristvakt::integrations {

/// zlib (RFC 1950) at its fastest: stored messages are many and alike. Any thread.
[[nodiscard]] std::string deflate_text(std::string_view text);
/// Empty when the bytes are not what `deflate_text` gave, or more than `bytes_max` would come out.
[[nodiscard]] std::optional<std::string> inflate_text(std::string_view bytes,
                                                      std::size_t bytes_max);

}  // namespace fristvakt::integrations
