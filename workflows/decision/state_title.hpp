#pragma once

#include <string_view>

#include "workflows/decision/recipients.hpp"
#include "workflows/language.hpp"
#include "workflows/model/case.hpp"

namespace fristvakt::workflows {

/// The event by which a debtor says that there is nothing to report this time, and the field that
/// keeps the day: in any workflow, whatever state the event leads to.
inline constexpr std::string_view kNothingToReport = "nothing_to_report";

/// The debtor has said so, and nobody waits for them since: told apart from "sent" and "received",
/// which may be the same states.
[[nodiscard]] bool says_nothing_to_report(const Case& item, const CaseContext& context);

/// What the case's state is called: its title, but "Ingenting å melde" where that was said. Empty
/// for a state that the configuration does not know (any more).
[[nodiscard]] Text state_title(const Case& item, const CaseContext& context);

}  // namespace fristvakt::workflows
