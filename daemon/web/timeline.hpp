#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/html.hpp"
#include "daemon/web/overview.hpp"
#include "daemon/web/view.hpp"

/// Time as a picture, drawn here as SVG without any script. Every picture has a table beside it
/// that says the same: it is hidden from those who cannot see it, and said in a sentence instead.
namespace fristvakt::daemon {

/// From opening to deadline: a bar for each requirement, or for each debtor of a single one; a tick
/// for each step of the ladder, a line for today, soft days shaded.
[[nodiscard]] Html timeline(const View& view, const workflows::Cohort& cohort,
                            const Overview& overview);

/// One line of a picture of time.
struct TimelineBar {
    std::string label;
    std::string_view color;  ///< Designsystemet's data-color.
    workflows::Date opens{};
    std::optional<workflows::Date> due;  ///< Its end; empty: open.
    std::vector<workflows::Date> steps;  ///< Ticks.
};
/// The first and the last day of a picture.
struct TimelineDays {
    workflows::Date first{};
    workflows::Date last{};
};
/// The same for any bars. `id` keeps several on one page apart; `ticks`: what the steps are.
/// `days`: what it shows; otherwise all of the bars, and today.
[[nodiscard]] Html timeline(const View& view, std::string_view id,
                            const std::vector<TimelineBar>& bars, const workflows::Text& ticks,
                            const std::optional<TimelineDays>& days = {});

/// A ladder as a line around its deadline, and the table that says the same. `due` places the steps
/// on days; it is an example.
[[nodiscard]] Html ladder_line(const View& view, const workflows::Ladder& ladder,
                               workflows::Date due);

}  // namespace fristvakt::daemon
