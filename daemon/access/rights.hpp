#pragma once

#include <string_view>

#include "daemon/access/visitor.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"

/// Who may do what, as pure functions. A role for a region holds in every case whose debtor is that
/// organisation or lies below it; one for a programme in every case of its cohorts; one for the
/// installation everywhere. Several roles add up.
namespace fristvakt::daemon {

/// In the installation as a whole: only roles for all of it count.
[[nodiscard]] bool may(const Visitor& visitor, Right right);
/// In at least one place: whether a page or a button is shown at all.
[[nodiscard]] bool may_somewhere(const Visitor& visitor, Right right);
/// In one case.
[[nodiscard]] bool may(const Visitor& visitor, Right right, const workflows::Case& item,
                       const workflows::Definitions& definitions);
/// With one organisation, its contacts and all its cases. A role for a programme lets see who takes
/// part in it, no more: others share the organisation.
[[nodiscard]] bool may(const Visitor& visitor, Right right,
                       const workflows::Organisation& organisation,
                       const workflows::Definitions& definitions);
/// With one cohort as a whole: its deadlines, requirements and participants. To read it, one
/// participant in one's region is enough.
[[nodiscard]] bool may(const Visitor& visitor, Right right, const workflows::Cohort& cohort,
                       const workflows::Definitions& definitions);

/// Whether `organisation` is `region` or lies below it.
[[nodiscard]] bool lies_in(std::string_view organisation, std::string_view region,
                           const workflows::Definitions& definitions);

}  // namespace fristvakt::daemon
