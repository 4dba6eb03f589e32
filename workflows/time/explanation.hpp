#pragma once

#include <optional>
#include <vector>

#include "workflows/time/deadline.hpp"

/// Within workflows/time: what `evaluate` did, put into words.
namespace fristvakt::workflows {

/// A day, or a point in time on that day.
struct Moment {
    Date day{};
    std::optional<Instant> at;
};

/// One term of the expression.
struct CountedTerm {
    Moment from;
    DeadlineExpression::Term term;
    Moment to;
};

struct Arithmetic {
    Moment anchor;
    std::vector<CountedTerm> terms;
    /// Where the terms led to, and after midnight of that day the time, if one counts.
    Date reached{};
    std::optional<Seconds> time;
    /// The last day on which to act, before and after the free-day rule. `counted` is the day
    /// before `reached` when `time` is 00:00.
    Date counted{};
    Date moved_to{};
};

[[nodiscard]] Derivation explain(const Arithmetic& arithmetic, const TimeZone& zone);

}  // namespace fristvakt::workflows
