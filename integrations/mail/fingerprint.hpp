#pragma once

#include <string>
#include <string_view>

namespace fristvakt::integrations {

/// 16 hexadecimal digits that differ for different texts unless somebody means them to collide
/// (FNV-1a): for names, not for proof.
[[nodiscard]] std::string fingerprint(std::string_view text);

}  // namespace fristvakt::integrations
