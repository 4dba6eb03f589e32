#pragma once

#include <string>
#include <string_view>

namespace fristvakt::workflows {

/// SHA-256 (FIPS 180-4) of `bytes` as 64 hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// ASCII letters in lower case, everything else as it is: how addresses are compared.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace fristvakt::workflows
