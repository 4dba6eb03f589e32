#pragma once

#include <memory>

#include "tests/model/rules.hpp"
#include "workflows/definition/definitions.hpp"

namespace fristvakt::tests::simulation {

/// The rules as the program reads them from a configuration folder.
[[nodiscard]] std::shared_ptr<const workflows::Definitions> definitions_of(
    const model::Rules& rules);

[[nodiscard]] workflows::Instant instant_of(model::Second at);
[[nodiscard]] model::Second second_of(workflows::Instant at);
[[nodiscard]] model::Day day_of(workflows::Date day);

}  // namespace fristvakt::tests::simulation
