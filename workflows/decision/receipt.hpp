#pragma once

#include <string_view>

#include "workflows/definition/workflow.hpp"

namespace fristvakt::workflows {

/// The field by which any event may leave out the receipt that goes with it: "no"; "yes" is as if
/// it were not there.
inline constexpr std::string_view kReceipt = "receipt";

/// The transition's notice only confirms: it leads to where the debtor is not waited for, so that
/// nobody misses anything without it. Pure.
[[nodiscard]] inline bool gives_receipt(const Transition& transition, const Workflow& workflow) {
    const State* target = workflow.find_state(transition.to);
    return !transition.notice.empty() && target != nullptr && target->waits_for != Party::Debtor;
}

}  // namespace fristvakt::workflows
