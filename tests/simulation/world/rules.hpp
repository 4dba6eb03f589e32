#pragma once

#include "tests/model/rules.hpp"
#include "tests/simulation/world/chance.hpp"

namespace fristvakt::tests::simulation {

/// An installation by chance: people, ladders, calendars, workflows, requirements that begin about
/// `begin`.
[[nodiscard]] model::Rules random_rules(Chance& chance, model::Day begin);
/// The same after somebody has edited it: people come and go, deadlines and ladders change.
[[nodiscard]] model::Rules edited(model::Rules rules, Chance& chance, model::Day today, int count);

}  // namespace fristvakt::tests::simulation
