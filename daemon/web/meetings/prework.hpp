#pragma once

#include <string>
#include <vector>

#include "daemon/web/table.hpp"
#include "daemon/web/view.hpp"

/// What is to be brought to a meeting.
namespace fristvakt::daemon {

/// The requirements that the date of a meeting calls for; none while it has none.
[[nodiscard]] std::vector<const workflows::Requirement*> prework_of(
    const workflows::Cohort& cohort, const workflows::Requirement& meeting,
    const workflows::MeetingDate* date);

/// "Notat om status: 3 av 6", each a link to its requirement; empty when nothing is asked for.
[[nodiscard]] workflows::Result<Cell> prework_cell(View& view, const workflows::Cohort& cohort,
                                                   const workflows::Requirement& meeting,
                                                   const workflows::MeetingDate* date);

}  // namespace fristvakt::daemon
