#include "workflows/decision/openings.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "workflows/definition/periods.hpp"

namespace fristvakt::workflows {

std::vector<Opening> openings_of(const Definitions& definitions, Date first_start) {
    std::vector<Opening> openings;
    for (const Cohort& cohort : definitions.cohorts) {
        for (const Requirement& requirement : cohort.requirements) {
            for (Period& period : periods_of(requirement, cohort, definitions.calendar)) {
                auto dates = dates_of(requirement, period, cohort, definitions.time_zone());
                if (!dates.ok() || dates.value().opens > cohort.to) {
                    continue;
                }
                PeriodDates of = std::move(dates).value();
                if (is_called_for(requirement, period, of, cohort, first_start)) {
                    openings.push_back(
                        {&cohort, &requirement, std::move(period.id), of.opens, std::move(of.due)});
                }
            }
        }
    }
    std::sort(openings.begin(), openings.end(), [](const Opening& a, const Opening& b) {
        return std::tie(a.opens, a.cohort->id, a.requirement->id, a.period) <
               std::tie(b.opens, b.cohort->id, b.requirement->id, b.period);
    });
    return openings;
}

std::optional<Deadline> configured_due(const Case& item, const Definitions& definitions) {
    const Cohort* cohort = definitions.find_cohort(item.cohort);
    const Requirement* requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(item.requirement);
    if (requirement == nullptr) {
        return std::nullopt;
    }
    for (const Period& period : periods_of(*requirement, *cohort, definitions.calendar)) {
        if (period.id == item.period) {
            auto dates = dates_of(*requirement, period, *cohort, definitions.time_zone());
            return dates.ok() ? std::optional{std::move(dates).value().due} : std::nullopt;
        }
    }
    return std::nullopt;
}

bool asks_its_debtor(const Case& item, const Definitions& definitions) {
    const Cohort* cohort = definitions.find_cohort(item.cohort);
    const Requirement* requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(item.requirement);
    return requirement != nullptr && is_debtor(*cohort, *requirement, item.debtor);
}

std::string case_id(const Opening& opening, const std::string& debtor) {
    return case_name(*opening.cohort, *opening.requirement, opening.period, debtor);
}

Case case_of(const Opening& opening, const std::string& debtor, const Definitions& definitions) {
    Case item;
    item.id = case_id(opening, debtor);
    item.cohort = opening.cohort->id;
    item.requirement = opening.requirement->id;
    item.period = opening.period;
    item.debtor = debtor;
    item.creditor = opening.requirement->creditor.empty() ? opening.cohort->creditor
                                                          : opening.requirement->creditor;
    item.workflow = opening.requirement->workflow;
    if (const Workflow* workflow = definitions.find_workflow(item.workflow)) {
        item.workflow_version = workflow->version;
    }
    return item;
}

}  // namespace fristvakt::workflows
