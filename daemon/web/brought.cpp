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
            out.here += is_settled(status.kind) ? 1 : 0;
            out.claimed += status.kind == StatusKind::Claimed ? 1 : 0;
        }
        return workflows::Status{workflows::Done{}};
    });
    if (!counted.ok()) {
        return counted.error();
    }
    return out;
}

std::string in_words(const Brought& count, workflows::Language language) {
    std::string text = std::to_string(count.here) + " av " + std::to_string(count.all);
    if (count.claimed > 0) {
        text += ", " + std::to_string(count.claimed) +
                (language == workflows::Language::Nb ? " meldt sendt" : " meldt send");
    }
    return text;
}

}  // namespace fristvakt::daemon
