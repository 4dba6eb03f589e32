#pragma once

#include <algorithm>

#include "workflows/definition/definitions.hpp"

namespace fristvakt::workflows {

/// Whether `channel` is told of cases of `cohort`: all, or those of its programmes. Null: of a
/// cohort that is no longer configured. Pure.
[[nodiscard]] inline bool is_told_of(const TeamsChannel& channel, const Cohort* cohort) {
    return channel.programmes.empty() ||
           (cohort != nullptr &&
            std::ranges::find(channel.programmes, cohort->programme) != channel.programmes.end());
}

}  // namespace fristvakt::workflows
