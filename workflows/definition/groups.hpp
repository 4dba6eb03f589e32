#pragma once

#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"

/// Who belongs to a group of a cohort: people for meetings, organisations for deliveries. Pure.
namespace fristvakt::workflows {

/// Whether `contact` belongs to it on `day`.
[[nodiscard]] bool is_member(const Contact& contact, const Group& group, const Cohort& cohort,
                             Date day);
/// The organisations whose contacts may belong to it, those who take part and the creditor first;
/// each once.
[[nodiscard]] std::vector<std::string> organisations_in(const Group& group, const Cohort& cohort,
                                                        const Definitions& definitions);
/// The organisations that owe what the groups of those ids owe: those in them but the creditor,
/// where their roles are or have been held by anybody. In order; each once.
[[nodiscard]] std::vector<std::string> debtors_in(const std::vector<std::string>& groups,
                                                  const Cohort& cohort,
                                                  const Definitions& definitions);

}  // namespace fristvakt::workflows
