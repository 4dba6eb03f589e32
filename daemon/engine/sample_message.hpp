#pragma once

#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/message.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// The cases that a configuration calls for, each as it is on the day it opens; in order of their
/// opening. At most `count_max`, and only the one named `id` unless that is empty.
[[nodiscard]] std::vector<workflows::Case> planned_samples(
    const workflows::Definitions& definitions, const std::string& id, std::size_t count_max);

/// A message by `notice` about `cases`, as it would be written to the first case's recipient at the
/// time the ladder names, or when somebody does what the notice answers; fields of the event are
/// made up. A notice X-softened is X about a softened case; collective notices speak of several
/// kinds of news at once.
///
/// NotFound: no such notice; names those there are. REQUIRES: a case.
[[nodiscard]] workflows::Result<workflows::MessageSnapshot> sample_message(
    const std::string& notice, const std::vector<workflows::Case>& cases,
    const workflows::Definitions& definitions);

}  // namespace fristvakt::daemon
