#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "workflows/definition/periods.hpp"

namespace fristvakt::workflows {
namespace {

Date on_day(int year, const cal::month_day& day) {
    return Date{cal::local_days{cal::year{year} / day}};
}

std::vector<Period> yearly_periods(const Cohort& cohort) {
    std::vector<Period> periods;
    const int last = static_cast<int>(cal::year_month_day{cohort.to}.year());
    for (int year = static_cast<int>(cal::year_month_day{cohort.from}.year()); year <= last;
         ++year) {
        periods.push_back({.id = fmt::format("{}", year),
                           .first = on_day(year, cal::January / 1),
                           .last = on_day(year, cal::December / 31),
                           .term = std::nullopt});
    }
    return periods;
}

std::vector<Period> semester_periods(const Cohort& cohort, const Calendar& calendar) {
    std::vector<Period> periods;
    const int last = static_cast<int>(cal::year_month_day{cohort.to}.year());
    for (int year = static_cast<int>(cal::year_month_day{cohort.from}.year()); year <= last;
         ++year) {
        for (const Term term : {Term::Spring, Term::Autumn}) {
            const Semester semester{.year = year, .term = term};
            periods.push_back({.id = semester_id(semester),
                               .first = first_day(semester, calendar),
                               .last = last_day(semester, calendar),
                               .term = term});
        }
    }
    return periods;
}

std::vector<Period> monthly_periods(const Cohort& cohort) {
    std::vector<Period> periods;
    const cal::year_month_day from{cohort.from};
    const cal::year_month_day to{cohort.to};
    for (auto month = from.year() / from.month(); month <= to.year() / to.month();
         month += cal::months{1}) {
        periods.push_back({.id = fmt::format("{}-{:02}", static_cast<int>(month.year()),
                                             static_cast<unsigned>(month.month())),
                           .first = Date{cal::local_days{month / 1}},
                           .last = Date{cal::local_days{month / cal::last}},
                           .term = std::nullopt});
    }
    return periods;
}

/// The rule's expression for this period: a day of the year becomes a date.
DeadlineExpression expression_of(const DueRule& rule, const Period& period) {
    if (rule.expression) {
        return *rule.expression;
    }
    const auto& day = period.term == Term::Spring   ? rule.spring
                      : period.term == Term::Autumn ? rule.autumn
                                                    : rule.day;
    DeadlineExpression expression;
    const int year = static_cast<int>(cal::year_month_day{period.first}.year());
    expression.anchor = on_day(year, day.value_or(cal::January / 1));
    return expression;
}

}  // namespace

std::vector<Period> periods_of(const Requirement& requirement, const Cohort& cohort,
                               const Calendar& calendar) {
    std::vector<Period> periods;
    switch (requirement.every) {
        case Recurrence::Once:
            return {{.id = "", .first = cohort.from, .last = cohort.to, .term = std::nullopt}};
        case Recurrence::Yearly:
            periods = yearly_periods(cohort);
            break;
        case Recurrence::EachSemester:
            periods = semester_periods(cohort, calendar);
            break;
        case Recurrence::Monthly:
            periods = monthly_periods(cohort);
            break;
    }
    std::erase_if(periods, [&](const Period& period) {
        return period.last < cohort.from || period.first > cohort.to;
    });
    return periods;
}

Result<PeriodDates> dates_of(const Requirement& requirement, const Period& period,
                             const Cohort& cohort, const TimeZone& zone) {
    const Anchors anchors{{"start", period.first}, {"end", period.last}};
    auto due =
        evaluate(expression_of(requirement.due, period), anchors, requirement.if_free_day, zone);
    if (!due.ok()) {
        return due.error();
    }
    PeriodDates dates{.opens = period.first, .due = std::move(due).value()};
    if (requirement.opens) {
        auto opens = evaluate_day(expression_of(*requirement.opens, period), anchors, zone);
        if (!opens.ok()) {
            return opens.error();
        }
        dates.opens = opens.value();
    }
    if (requirement.every != Recurrence::Once) {
        dates.opens = std::max(dates.opens, cohort.from);
    }
    return dates;
}

bool is_called_for(const Requirement& requirement, const Period& period, const PeriodDates& dates,
                   const Cohort& cohort, Date first_start) {
    const bool recurs = requirement.every != Recurrence::Once;
    if (requirement.origin == Requirement::Origin::Requirement) {
        return !recurs || (dates.opens >= first_start && dates.due.date >= cohort.from);
    }
    const bool is_set = cohort.find_date(requirement, period.id) != nullptr;
    return requirement.over_after.value_or(period.last) >= first_start &&
           (!recurs || is_set || dates.due.date >= cohort.from);
}

std::string case_name(const Cohort& cohort, const Requirement& requirement, std::string_view period,
                      std::string_view debtor) {
    std::string name = cohort.id + '/' + requirement.id;
    if (!period.empty()) {
        name += '/';
        name += period;
    }
    if (requirement.origin != Requirement::Origin::Meeting) {
        name += '/';
        name += debtor;
    }
    return name;
}

std::vector<PlannedCase> planned_cases(const Definitions& definitions, const Cohort& cohort,
                                       Date first_start, Date until) {
    std::vector<PlannedCase> cases;
    for (const auto& requirement : cohort.requirements) {
        for (const auto& period : periods_of(requirement, cohort, definitions.calendar)) {
            const auto dates = dates_of(requirement, period, cohort, definitions.time_zone());
            if (!dates.ok() || dates.value().opens > until ||
                !is_called_for(requirement, period, dates.value(), cohort, first_start)) {
                continue;
            }
            for (const std::string& debtor : debtors_of(cohort, requirement)) {
                cases.push_back({.id = case_name(cohort, requirement, period.id, debtor),
                                 .cohort = cohort.id,
                                 .requirement = requirement.id,
                                 .period = period.id,
                                 .debtor = debtor,
                                 .creditor = requirement.creditor.empty() ? cohort.creditor
                                                                          : requirement.creditor,
                                 .opens = dates.value().opens,
                                 .due = dates.value().due});
            }
        }
    }
    std::ranges::sort(
        cases, {}, [](const PlannedCase& planned) { return std::tie(planned.opens, planned.id); });
    return cases;
}

}  // namespace fristvakt::workflows
