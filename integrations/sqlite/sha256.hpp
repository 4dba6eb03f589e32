#pragma once

#include <array>
#include <string>
#include <string_view>

namespace fristvakt::integrations {

using Sha256 = std::array<unsigned char, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);
/// Of the one text and then the other.
[[nodiscard]] Sha256 sha256(std::string_view first, std::string_view second);
[[nodiscard]] std::string to_hex(const Sha256& hash);
[[nodiscard]] std::string_view as_bytes(const Sha256& hash);
/// 32 hexadecimal digits that nobody can guess.
[[nodiscard]] std::string random_nonce();

}  // namespace fristvakt::integrations
