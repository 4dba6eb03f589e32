#pragma once

#include <string>
#include <string_view>

namespace fristvakt::workflows {

/// SHA-256 (FIPS 180-4) of `bytes` as 64 hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104) of `bytes` under `key` as 64 hexadecimal digits.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

/// Compares in a time that says nothing of where they differ.
[[nodiscard]] bool is_same_secret(std::string_view left, std::string_view right);

/// ASCII letters in lower case, everything else as it is: how addresses are compared.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace fristvakt::workflows
