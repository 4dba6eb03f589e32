#pragma once

#include <string>
#include <vector>

#include "workflows/time/deadline.hpp"

namespace fristvakt::workflows {

/// The lines of a derivation for people who read them beside the date: none where the date was
/// simply given and nothing was counted, moved or jumped over.
[[nodiscard]] std::vector<std::string> worth_telling(const Derivation& because, Language language);

}  // namespace fristvakt::workflows
