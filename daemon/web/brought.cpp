#include "daemon/web/brought.hpp"

#include "daemon/web/status.hpp"
#include "workflows/each_case.hpp"

namespace fristvakt::daemon {

using workflows::Case;

workflows::Result<Brought> brought(View& view, const workflows::Cohort& cohort,
                                   const std::string& requirement) {
    Brought out;
    workflows::CaseFilter filter;
    filter.cohort = cohort.id;
    filter.requirement = requirement;
    const auto counted = workflows::each_case(*view.snapshot, filter, [&](const Case& item) {
        const CaseStatus status = status_of(item, *view.definitions, view.now());
        if (item.parent.empty() && status.kind != StatusKind::NotApplicable &&
            status.kind != StatusKind::Voluntary) {
            ++out.all;
            out.here += is_settled(status.kind) || status.kind == StatusKind::Claimed ? 1 : 0;
        }
        return workflows::Status{workflows::Done{}};
    });
    if (!counted.ok()) {
        return counted.error();
    }
    return out;
}

std::string in_words(const Brought& count) {
    return std::to_string(count.here) + " av " + std::to_string(count.all);
}

}  // namespace fristvakt::daemon
