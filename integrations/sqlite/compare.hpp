#pragma once

#include <string>
#include <vector>

#include "integrations/sqlite/connection.hpp"

namespace fristvakt::integrations {

/// Names up to `count_max` rows of the projections in which `actual` is not as `expected`.
/// May throw SQLite::Exception.
[[nodiscard]] std::vector<std::string> projection_differences(Connection& actual,
                                                              Connection& expected,
                                                              std::size_t count_max);

}  // namespace fristvakt::integrations
