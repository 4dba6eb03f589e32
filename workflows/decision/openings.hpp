#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"

/// Which cases a configuration calls for, period by period, before any of them exists.
namespace fristvakt::workflows {

/// One period of one requirement: the same for all its debtors.
struct Opening {
    const Cohort* cohort{nullptr};
    const Requirement* requirement{nullptr};
    std::string period;  ///< "", "2021", "2021-var", "2021-03"
    Date opens{};
    Deadline due;
};

/// All openings of a configuration, by day, cohort, requirement and period. A recurring
/// requirement's first period is the first whose opening is not before `first_start`; what opens
/// after the cohort's end, or is due before its beginning, is not called for.
[[nodiscard]] std::vector<Opening> openings_of(const Definitions& definitions, Date first_start);

/// What the configuration says of a case's deadline; nothing when it calls for no such case.
[[nodiscard]] std::optional<Deadline> configured_due(const Case& item,
                                                     const Definitions& definitions);

/// Whether the case's requirement is there and asks its debtor. With `configured_due`: whether the
/// configuration calls for the case.
[[nodiscard]] bool asks_its_debtor(const Case& item, const Definitions& definitions);

/// As `case_name`.
[[nodiscard]] std::string case_id(const Opening& opening, const std::string& debtor);

/// The case of `opening` and `debtor`, not yet opened.
[[nodiscard]] Case case_of(const Opening& opening, const std::string& debtor,
                           const Definitions& definitions);

}  // namespace fristvakt::workflows
