#pragma once

#include "tests/simulation/world/world.hpp"

namespace fristvakt::tests::simulation {

/// The same failure with as little as possible: what happens, meetings, who takes part and who
/// works there are left out one after another while some promise stays broken. Lives through at
/// most `lives_max` worlds. REQUIRES: `world` breaks a promise, and all its events have been
/// chosen.
[[nodiscard]] World shrunk(World world, int lives_max);

}  // namespace fristvakt::tests::simulation
