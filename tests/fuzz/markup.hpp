#pragma once

#include <string>
#include <string_view>

namespace fristvakt::fuzz {

/// The tags of `html` in order, with their attributes; what stands between them is left out.
/// Demands that every "<" opens a tag that is closed and every "&" is one of our entities.
[[nodiscard]] std::string tags_of(std::string_view html);

}  // namespace fristvakt::fuzz
