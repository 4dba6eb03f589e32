#pragma once

#include <string>
#include <vector>

#include "workflows/decision/explain.hpp"
#include "workflows/language.hpp"

namespace fristvakt::daemon {

/// Whole sentences in one målform, in the order of reading.
using Sentences = std::vector<std::string>;

/// The answer to "hvorfor?": what goes next, to whom, when and why, or why nothing does; then what
/// is under way and what went before. `on_hold` is the reason why all sending rests; empty: it does
/// not. Names the recipients: for those who may see them. Pure.
[[nodiscard]] Sentences explain_in_words(const workflows::Explanation& explanation,
                                         const workflows::Case& item,
                                         const workflows::Definitions& definitions,
                                         const std::string& on_hold, workflows::Language language);

}  // namespace fristvakt::daemon
