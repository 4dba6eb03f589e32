#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/worlds/world.hpp"
#include "workflows/model/case.hpp"

/// Small worlds by chance, for property tests: ladders, windows, budgets, deadlines and events.
namespace fristvakt::tests {

struct RandomEvent {
    workflows::Instant at{};
    std::string case_id;
    std::string event;
    workflows::Actor by{workflows::Actor::Creditor};
    std::map<std::string, std::string> fields;
};

struct RandomWorld {
    DefinitionsPtr definitions;
    std::vector<RandomEvent> events;          ///< By time; many will be refused.
    std::vector<workflows::Instant> moments;  ///< By time; for steps or crashes in between.
    workflows::Instant from{};
    workflows::Instant until{};  ///< Everything has settled by then.
};

/// To be called inside a rapidcheck property. `brake` of the world is far away unless asked for.
[[nodiscard]] RandomWorld random_world(bool with_brake = false);

/// For a report: the ladders, dates and events.
std::ostream& operator<<(std::ostream& out, const RandomWorld& world);

}  // namespace fristvakt::tests
