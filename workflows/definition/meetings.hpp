#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/definition/periods.hpp"

/// Meetings as requirements: that its date is set, and what is brought to it, are owed like
/// anything else, so that cases, deadlines, ladders and pages need to know nothing of their own.
namespace fristvakt::workflows {

/// The period of `meeting` in which a meeting on `day` counts; nothing: in none of the cohort's.
[[nodiscard]] std::optional<Period> period_of(const Meeting& meeting, const Cohort& cohort,
                                              Date day, const Calendar& calendar);

/// The local day on which a time lies.
[[nodiscard]] inline Date day_of(LocalTime time) {
    return cal::floor<cal::days>(time);
}

/// Whether the meeting calls a role that `contact` holds on its day.
[[nodiscard]] bool calls(const Meeting& meeting, const MeetingDate& date, const Contact& contact);

/// The first of the roles by which it does; empty when it does not.
[[nodiscard]] std::string calling_role(const Meeting& meeting, const MeetingDate& date,
                                       const Contact& contact);

/// Everybody whom the meeting calls on that date, in the order of participants and of the file;
/// each address once, whatever its case.
[[nodiscard]] std::vector<const Contact*> called_to(const Cohort& cohort, const Meeting& meeting,
                                                    const MeetingDate& date,
                                                    const Definitions& definitions);

/// `nettverk/2021-var[/ID]`: what the names of all cases of a date in `period` begin with, behind
/// the cohort.
[[nodiscard]] std::string path_of(const Meeting& meeting, std::string_view period,
                                  const MeetingDate& date);

/// Adds to each cohort's requirements what its meetings call for: the meeting itself
/// (`nettverk`, in each period), each further date in one period (`nettverk/2021-var/ID`), and what
/// is brought to one (`nettverk/2021-var[/ID]/notat`). Each date learns which case it is of. A date
/// outside all periods, or whose place another has, is left out; the verifier says so. To be called
/// once, when the calendar is known.
void call_meetings(Definitions& definitions);

}  // namespace fristvakt::workflows
