#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"

/// The periods of a recurring requirement and the two dates in each. Pure.
namespace fristvakt::workflows {

/// One year, semester or month; of a single requirement the whole of the cohort's period.
struct Period {
    std::string id;  ///< "", "2021", "2021-var", "2021-03"
    Date first{};
    Date last{};
    std::optional<Term> term;
};

/// Those that share at least one day with the cohort's period, in order.
[[nodiscard]] std::vector<Period> periods_of(const Requirement& requirement, const Cohort& cohort,
                                             const Calendar& calendar);

struct PeriodDates {
    Date opens{};
    Deadline due;
};
/// A recurring requirement never opens before its cohort begins. InvalidInput: a date leaves the
/// years that are known.
[[nodiscard]] Result<PeriodDates> dates_of(const Requirement& requirement, const Period& period,
                                           const Cohort& cohort, const TimeZone& zone);

/// Whether an installation that started on `first_start` asks for it: a recurring requirement from
/// the first period whose opening is not before that day, a meeting and what is brought to it as
/// long as it has not been held. What is due before the cohort begins is not asked for, unless it
/// is a meeting whose date stands.
[[nodiscard]] bool is_called_for(const Requirement& requirement, const Period& period,
                                 const PeriodDates& dates, const Cohort& cohort, Date first_start);

/// COHORT/REQUIREMENT[/PERIOD]/ORGANISATION; a meeting is its organiser's alone, and its case goes
/// without the organisation.
[[nodiscard]] std::string case_name(const Cohort& cohort, const Requirement& requirement,
                                    std::string_view period, std::string_view debtor);

}  // namespace fristvakt::workflows
