#pragma once

#include <cstdint>

#include "tests/model/town.hpp"

namespace fristvakt::tests::simulation {

/// An event that somebody might raise now: most often a possible one, now and then nonsense. Empty
/// when there is no case.
[[nodiscard]] model::Event choose(const model::Town& town, std::uint64_t pick, model::Second now);

}  // namespace fristvakt::tests::simulation
