#pragma once

#include <set>
#include <string>

#include "workflows/definition/definitions.hpp"

namespace fristvakt::workflows {

/// What some requirement leads to, directly or through a child case.
struct Usage {
    std::set<std::string, std::less<>> workflows;
    std::set<std::string, std::less<>> ladders;
};

/// Pure.
[[nodiscard]] Usage usage_of(const Definitions& definitions);

}  // namespace fristvakt::workflows
