#pragma once

#include "workflows/definition/workflow.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// Puts the steps into the order in which they fire around an ordinary deadline, far from holidays;
/// steps of one day by their time of day. Pure.
void order_steps(Ladder& ladder, const TimeZone& zone);

}  // namespace fristvakt::workflows
