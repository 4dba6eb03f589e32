#pragma once

#include <string>
#include <string_view>

namespace fristvakt::integrations {

/// A line of a deadline's derivation in nynorsk, made from the one in bokmål word by word. What it
/// gives right is not stored but made again when it is read: its words are never changed.
[[nodiscard]] std::string in_nynorsk(std::string_view bokmal);

}  // namespace fristvakt::integrations
