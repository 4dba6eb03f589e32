#pragma once

#include <span>
#include <string_view>

namespace fristvakt::workflows {

/// The candidate that `word` was most likely meant to be: the fewest letters to insert, delete,
/// change or swap, upper and lower case alike. Empty when none is near (at most a third of the
/// letters, and at least one).
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> candidates);

}  // namespace fristvakt::workflows
