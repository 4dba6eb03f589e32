#pragma once

#include <optional>

#include "integrations/calendar/entry.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/language.hpp"
#include "workflows/model/case.hpp"

namespace fristvakt::daemon {

/// A case's deadline as it stands in a calendar: the whole day, with the hour in its title where it
/// has one, and a link to the case. What is over stays under the same name: met with the state that
/// it came to, cancelled where nothing was owed after all. Nothing without a deadline. A meeting
/// whose date is set stands at its time and place.
///
/// Pure, and without a clock: the same case in the same configuration gives the same entry.
[[nodiscard]] std::optional<integrations::calendar::Entry> deadline_entry(
    const workflows::Case& item, const workflows::Definitions& definitions,
    workflows::Language language);

}  // namespace fristvakt::daemon
