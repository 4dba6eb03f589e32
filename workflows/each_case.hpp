#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "workflows/ports.hpp"

namespace fristvakt::workflows {

/// Calls `visit(Case&)`, which answers with a Status, for all that `filter` lets through, in order
/// of their names; so many are read at once that memory does not grow with them. Ends with the
/// first answer that is not ok. Unavailable: the store did not answer.
template <typename Visit>
[[nodiscard]] Status each_case(Snapshot& snapshot, CaseFilter filter, Visit visit) {
    constexpr std::size_t kAtOnce{1000};
    filter.count_max = kAtOnce;
    while (true) {
        auto page = snapshot.cases(filter);
        if (!page.ok()) {
            return page.error();
        }
        std::vector<Case> found = std::move(page).value();
        for (Case& item : found) {
            if (const Status visited = visit(item); !visited.ok()) {
                return visited;
            }
        }
        if (found.size() < kAtOnce) {
            return Done{};
        }
        filter.after_id = found.back().id;
    }
}

}  // namespace fristvakt::workflows
