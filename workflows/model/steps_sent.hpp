#pragma once

#include <span>
#include <string_view>

#include "workflows/model/reminder.hpp"

namespace fristvakt::workflows {

/// How many steps reached `organisation`, under whichever deadline: what went to several of its
/// people counts once. Pure.
[[nodiscard]] int steps_sent_to(std::string_view organisation, std::span<const Reminder> reminders);

}  // namespace fristvakt::workflows
