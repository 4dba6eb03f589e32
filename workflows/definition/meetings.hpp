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

/// Whether it lasts from midnight to a later midnight: days without times, `end` exclusive.
[[nodiscard]] inline bool is_whole_days(LocalTime start, LocalTime end) {
    return start < end && start == day_of(start) && end == day_of(end);
}

/// Whether the meeting calls `contact` on its day: a role held at one who takes part, or a group.
[[nodiscard]] bool calls(const Cohort& cohort, const Meeting& meeting, const MeetingDate& date,
                         const Contact& contact);

/// By which of their roles it calls whom it calls: the first that the meeting names, else the first
/// that they hold, for whoever is called as one of a group.
[[nodiscard]] std::string calling_role(const Meeting& meeting, const MeetingDate& date,
                                       const Contact& contact);

/// Everybody whom the meeting calls on that date, in the order of participants and of the file,
/// behind them those of its groups who belong to others; each address once, whatever its case.
[[nodiscard]] std::vector<const Contact*> called_to(const Cohort& cohort, const Meeting& meeting,
                                                    const MeetingDate& date,
                                                    const Definitions& definitions);

/// Whether the meeting calls people of `organisation` at all: it takes part and roles are called,
/// or it is in one of its groups.
[[nodiscard]] bool concerns(const Cohort& cohort, const Meeting& meeting,
                            std::string_view organisation, const Definitions& definitions);

/// `nettverk/2021-var[/ID]`: what the names of all cases of a date in `period` begin with, behind
/// the cohort.
[[nodiscard]] std::string path_of(const Meeting& meeting, std::string_view period,
                                  const MeetingDate& date);

/// The case of the meeting that `prework` is brought to. REQUIRES: it is of that origin.
[[nodiscard]] std::string meeting_case_of(const Cohort& cohort, const Requirement& prework);

/// Adds to each cohort's requirements what its meetings call for: the meeting itself
/// (`nettverk`, in each period), each further date in one period (`nettverk/2021-var/ID`), and what
/// is brought to one (`nettverk/2021-var[/ID]/notat`). Each date learns which case it is of. A date
/// outside all periods, or whose place another has, is left out; the verifier says so. To be called
/// once, when the calendar is known.
void call_meetings(Definitions& definitions);

}  // namespace fristvakt::workflows
