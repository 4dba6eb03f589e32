#include "workflows/decision/openings.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

namespace fristvakt::workflows {

namespace {

/// One stretch of time that a recurring requirement is owed for.
struct Period {
    std::string id;
    Date first{};
    Date last{};
    int year{0};
    std::optional<Term> term;
};

std::vector<Period> yearly(const Cohort& cohort) {
    std::vector<Period> periods;
    const cal::year_month_day from{cohort.from};
    const cal::year_month_day to{cohort.to};
    for (auto year = from.year(); year <= to.year(); ++year) {
        periods.push_back({std::to_string(static_cast<int>(year)), Date{year / cal::January / 1},
                           Date{year / cal::December / 31}, static_cast<int>(year), std::nullopt});
    }
    return periods;
}

std::vector<Period> each_semester(const Cohort& cohort, const Calendar& calendar) {
    std::vector<Period> periods;
    for (const Period& year : yearly(cohort)) {
        for (const Term term : {Term::Spring, Term::Autumn}) {
            const Semester semester{year.year, term};
            const Date first = first_day(semester, calendar);
            const Date last = last_day(semester, calendar);
            if (last >= cohort.from && first <= cohort.to) {
                periods.push_back({semester_id(semester), first, last, year.year, term});
            }
        }
    }
    return periods;
}

std::vector<Period> monthly(const Cohort& cohort) {
    std::vector<Period> periods;
    const cal::year_month_day from{cohort.from};
    const cal::year_month_day to{cohort.to};
    const cal::year_month end{to.year(), to.month()};
    for (cal::year_month month{from.year(), from.month()}; month <= end; month += cal::months{1}) {
        std::array<char, 16> id{};
        (void)std::snprintf(id.data(), id.size(), "%04d-%02u", static_cast<int>(month.year()),
                            static_cast<unsigned>(month.month()));
        periods.push_back({id.data(), Date{month / 1}, Date{month / cal::last},
                           static_cast<int>(month.year()), std::nullopt});
    }
    return periods;
}

std::vector<Period> periods_of(const Cohort& cohort, const Requirement& requirement,
                               const Calendar& calendar) {
    switch (requirement.every) {
        case Recurrence::Once:
            return {{"", cohort.from, cohort.to, 0, std::nullopt}};
        case Recurrence::Yearly:
            return yearly(cohort);
        case Recurrence::EachSemester:
            return each_semester(cohort, calendar);
        case Recurrence::Monthly:
            return monthly(cohort);
    }
    return {};
}

/// The rule as an expression for one period; 29 February is the 28th where there is none.
std::optional<DeadlineExpression> expression_for(const DueRule& rule, const Period& period) {
    if (rule.expression) {
        return rule.expression;
    }
    auto day = rule.day;
    if (period.term) {
        const auto& of_term = *period.term == Term::Spring ? rule.spring : rule.autumn;
        day = of_term ? of_term : day;
    }
    if (!day) {
        return std::nullopt;
    }
    const cal::year_month_day date = cal::year{period.year} / *day;
    const Date exact = date.ok() ? Date{date} : Date{date.year() / date.month() / cal::last};
    return DeadlineExpression{.anchor = exact, .terms = {}, .time_of_day = std::nullopt};
}

Anchors anchors_of(const Period& period) {
    return {{"start", period.first}, {"end", period.last}};
}

std::optional<Deadline> due_of(const Requirement& requirement, const Period& period,
                               const TimeZone& zone) {
    const auto expression = expression_for(requirement.due, period);
    if (!expression) {
        return std::nullopt;
    }
    auto due = evaluate(*expression, anchors_of(period), requirement.if_free_day, zone);
    return due.ok() ? std::optional{std::move(due).value()} : std::nullopt;
}

Date opening_day(const Requirement& requirement, const Period& period, const TimeZone& zone) {
    const auto expression =
        requirement.opens ? expression_for(*requirement.opens, period) : std::nullopt;
    if (expression) {
        const auto day = evaluate_day(*expression, anchors_of(period), zone);
        if (day.ok()) {
            return day.value();
        }
    }
    return period.first;
}

}  // namespace

std::vector<Opening> openings_of(const Definitions& definitions, Date first_start) {
    std::vector<Opening> openings;
    const TimeZone& zone = definitions.time_zone();
    for (const Cohort& cohort : definitions.cohorts) {
        for (const Requirement& requirement : cohort.requirements) {
            for (const Period& period : periods_of(cohort, requirement, definitions.calendar)) {
                const Date opens = opening_day(requirement, period, zone);
                auto due = due_of(requirement, period, zone);
                const bool missed = requirement.every != Recurrence::Once && opens < first_start;
                if (due && !missed && opens <= cohort.to) {
                    openings.push_back({&cohort, &requirement, period.id, opens, std::move(*due)});
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
    for (const Period& period : periods_of(*cohort, *requirement, definitions.calendar)) {
        if (period.id == item.period) {
            return due_of(*requirement, period, definitions.time_zone());
        }
    }
    return std::nullopt;
}

std::vector<std::string> debtors_of(const Cohort& cohort, const Requirement& requirement) {
    if (!requirement.debtor.empty()) {
        return {requirement.debtor};
    }
    std::vector<std::string> debtors;
    debtors.reserve(cohort.participants.size());
    for (const Participant& participant : cohort.participants) {
        debtors.push_back(participant.organisation);
    }
    std::sort(debtors.begin(), debtors.end());
    return debtors;
}

std::string case_id(const Opening& opening, const std::string& debtor) {
    std::string id = opening.cohort->id + "/" + opening.requirement->id;
    if (!opening.period.empty()) {
        id += "/" + opening.period;
    }
    return id + "/" + debtor;
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
