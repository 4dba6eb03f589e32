#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "workflows/decision/plan.hpp"

/// What has become of a ladder's steps, and which of them somebody can still stop. Pure.
namespace fristvakt::workflows {

/// It was taken back before it was sent, by a ladder that changed or by an undoing: its step may
/// come again.
[[nodiscard]] bool was_taken_back(const Reminder& reminder);
/// Waits or is held.
[[nodiscard]] bool is_open(const Reminder& reminder);
[[nodiscard]] bool is_of(const Reminder& reminder, const Occurrence& occurrence);
[[nodiscard]] bool has_been_planned(const std::vector<Reminder>& reminders,
                                    const Occurrence& occurrence);
[[nodiscard]] bool is_stopped(const Occurrence& occurrence, const Case& item);

/// The step is still to come, or waits or is held. `in_flight`: the messages that the transport
/// has, whose reminders can no longer be taken back.
[[nodiscard]] bool is_left_to_stop(const Occurrence& occurrence, const Case& item,
                                   const std::vector<Reminder>& reminders,
                                   const std::set<std::int64_t>& in_flight, Instant now);

}  // namespace fristvakt::workflows
