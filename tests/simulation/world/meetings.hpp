#pragma once

#include <cstdint>

#include "tests/model/town.hpp"
#include "tests/simulation/world/chance.hpp"

/// Meetings by chance. They have a stream of chance of their own, so that all else in a world is as
/// if there were none.
namespace fristvakt::tests::simulation {

/// One that must have a date by some day, one whose dates stand from the start, and what it takes
/// to owe, prepare and tell of them.
void add_meetings(model::Rules& rules, Chance& chance, model::Day begin);
/// The same after somebody has moved one, cancelled it, or called other people.
void edit_meetings(model::Rules& rules, Chance& chance, model::Day today);

/// What the organiser or somebody who is called might raise now; empty when there is no meeting.
[[nodiscard]] model::Event choose_at_meeting(const model::Town& town, std::uint64_t pick,
                                             model::Second now);

}  // namespace fristvakt::tests::simulation
