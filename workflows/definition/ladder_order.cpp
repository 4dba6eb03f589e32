#include "workflows/definition/ladder_order.hpp"

#include <algorithm>
#include <utility>

namespace fristvakt::workflows {

void order_steps(Ladder& ladder, const TimeZone& zone) {
    // A Wednesday in October: no holiday within seven weeks on either side.
    const Date sample = Date{cal::local_days{cal::year{2026} / cal::October / 14}};
    const Anchors anchors{{"due", sample}};
    std::vector<std::pair<std::pair<Date, Seconds>, LadderStep>> keyed;
    for (auto& step : ladder.steps) {
        const auto day = evaluate_day(step.at, anchors, zone);
        const Seconds time = step.time_of_day.value_or(Seconds{-1});  // the opening comes first
        keyed.emplace_back(std::pair{day.ok() ? day.value() : sample, time}, std::move(step));
    }
    std::ranges::stable_sort(keyed, {}, [](const auto& entry) { return entry.first; });
    ladder.steps.clear();
    for (auto& entry : keyed) {
        ladder.steps.push_back(std::move(entry.second));
    }
}

}  // namespace fristvakt::workflows
