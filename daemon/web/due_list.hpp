#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/web/status.hpp"
#include "daemon/web/view.hpp"
#include "workflows/decision/explain.hpp"

/// What is waited for, in the order of deadlines, then of names as Norwegian sorts them; a page at
/// a time however much is stored.
namespace fristvakt::daemon {

/// The kinds of states that workflows have.
enum class StateKind { WaitsForDebtor, WaitsForUsInTerm, WaitsForUs, Final };
/// The ids of all states of that kind, of any workflow; each once.
[[nodiscard]] std::vector<std::string> states_of(const workflows::Definitions& definitions,
                                                 StateKind kind);
/// In which states a case with that status can be.
[[nodiscard]] StateKind state_kind_of(StatusKind kind);

struct DueCase {
    workflows::Case item;
    CaseStatus status;
};

struct DueList {
    std::vector<DueCase> cases;
    std::string next;  ///< Of the query `etter`: where the next page begins; empty: no more.
};

/// The first `count_max` cases after `after` (an earlier `next`) that `filter` finds and `takes`
/// takes; looks at a bounded number of others, and then says so with `next`.
[[nodiscard]] workflows::Result<DueList> list_due(
    View& view, workflows::DueFilter filter, const std::string& after, std::size_t count_max,
    const std::function<bool(const workflows::Case&, const CaseStatus&)>& takes);

/// A step of a ladder that lies ahead.
struct PlannedSend {
    workflows::Case item;
    workflows::StepOutlook step;
};
/// Steps that fall due by `until`, inclusive, in order of time; at most `count_max`.
[[nodiscard]] workflows::Result<std::vector<PlannedSend>> planned_sends(
    View& view, workflows::Instant until, std::size_t count_max,
    const workflows::RefusedAddresses& refused);

}  // namespace fristvakt::daemon
