#pragma once

#include <optional>
#include <string_view>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"

/// Where a case stands, in words, a sign and a colour; derived when it is shown, so that a moved
/// deadline or a new day never leaves a stale colour. Pure.
namespace fristvakt::daemon {

enum class StatusKind {
    Overdue,
    DueToday,
    DueSoon,  ///< One to seven days left.
    Awaited,
    MoreTimeAsked,
    MoreTimeGiven,
    Incomplete,
    Claimed,          ///< Any state that waits for the creditor within a term.
    NothingClaimed,   ///< They say that there is nothing to report; the creditor confirms.
    NothingToReport,  ///< Confirmed.
    Received,         ///< Any state that waits for the creditor without one.
    Done,             ///< Final, and something came of it.
    Voluntary,        ///< Nobody is waited for: what comes is welcome.
    NotApplicable,
};
[[nodiscard]] std::string_view to_string(StatusKind kind);  ///< "due-soon"; stable, in the API.
[[nodiscard]] std::optional<StatusKind> parse_status_kind(std::string_view text);
/// "Frist snart" / "Frist snart".
[[nodiscard]] const workflows::Text& status_title(StatusKind kind);

struct CaseStatus {
    StatusKind kind{StatusKind::Awaited};
    workflows::Text word;    ///< The status, or the state's own title where that says more.
    workflows::Text detail;  ///< "9 dager over"; may be empty.
    std::string_view sign;   ///< "!", "✓", …: tells the status apart without colour.
    std::string_view color;  ///< Designsystemet's data-color.
    /// Until the deadline, negative past it; only while somebody waits for the debtor.
    std::optional<int> days_left;
};

[[nodiscard]] CaseStatus status_of(const workflows::Case& item,
                                   const workflows::Definitions& definitions,
                                   workflows::Instant now);

/// True for what somebody should look at: neither settled nor far off.
[[nodiscard]] bool is_deviation(StatusKind kind);
/// True when nothing is owed: received, closed, not applicable, voluntary.
[[nodiscard]] bool is_settled(StatusKind kind);

}  // namespace fristvakt::daemon
