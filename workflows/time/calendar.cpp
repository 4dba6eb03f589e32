#include "workflows/time/calendar.hpp"

#include <fmt/format.h>

#include "workflows/time/holidays.hpp"
#include "workflows/time/iso_week.hpp"

namespace fristvakt::workflows {

namespace {

int year_of(Date day) {
    return static_cast<int>(cal::year_month_day{day}.year());
}

bool runs_over_new_year(const YearlyDates& dates) {
    return dates.to < dates.from;
}

/// 29 February that is not there counts as 1 March when something begins on it, and as 28 February
/// when something ends: as `contains` has it.
Date begins_in(int year, const YearlyDates& dates) {
    const cal::year_month_day date = cal::year{year} / dates.from.month() / dates.from.day();
    return date.ok() ? Date{date} : Date{cal::year{year} / cal::March / 1};
}

Date ends_in(int year, const YearlyDates& dates) {
    const cal::year_month_day date = cal::year{year} / dates.to.month() / dates.to.day();
    return date.ok() ? Date{date} : Date{cal::year{year} / cal::February / cal::last};
}

bool holds(const YearlyDates& dates, Date day) {
    const cal::year_month_day date{day};
    const cal::month_day here{date.month(), date.day()};
    return runs_over_new_year(dates) ? here >= dates.from || here <= dates.to
                                     : here >= dates.from && here <= dates.to;
}

bool holds(const EasterDays& days, Date day) {
    // A long way from Easter the nearest one may be next year's or last year's.
    for (int year = year_of(day) - 1; year <= year_of(day) + 1; ++year) {
        const auto after = (day - easter_sunday(year)).count();
        if (after >= days.from && after <= days.to) {
            return true;
        }
    }
    return false;
}

bool holds(const IsoWeeks& weeks, Date day) {
    const int week = iso_week(day);
    return weeks.to < weeks.from ? week >= weeks.from || week <= weeks.to
                                 : week >= weeks.from && week <= weeks.to;
}

const YearlyDates& dates_of(Term term, const Calendar& calendar) {
    return term == Term::Spring ? calendar.spring : calendar.autumn;
}

/// The year in which the semester begins. One that runs over New Year is named by its greater part:
/// spring by the year it ends in, autumn by the year it begins in.
int first_year(const Semester& semester, const YearlyDates& dates) {
    return semester.term == Term::Spring && runs_over_new_year(dates) ? semester.year - 1
                                                                      : semester.year;
}

}  // namespace

bool contains(const SoftPeriod& period, Date day) {
    return std::visit([day](const auto& days) { return holds(days, day); }, period.days);
}

std::string semester_id(const Semester& semester) {
    return fmt::format("{}-{}", semester.year, semester.term == Term::Spring ? "var" : "host");
}

std::optional<Semester> semester_of(Date day, const Calendar& calendar) {
    for (const Term term : {Term::Spring, Term::Autumn}) {
        for (int year = year_of(day) - 1; year <= year_of(day) + 1; ++year) {
            const Semester semester{year, term};
            if (day >= first_day(semester, calendar) && day <= last_day(semester, calendar)) {
                return semester;
            }
        }
    }
    return std::nullopt;
}

Date first_day(const Semester& semester, const Calendar& calendar) {
    const YearlyDates& dates = dates_of(semester.term, calendar);
    return begins_in(first_year(semester, dates), dates);
}

Date last_day(const Semester& semester, const Calendar& calendar) {
    const YearlyDates& dates = dates_of(semester.term, calendar);
    return ends_in(first_year(semester, dates) + (runs_over_new_year(dates) ? 1 : 0), dates);
}

const SoftPeriod* soft_period_on(Date day, const Calendar& calendar) {
    for (const SoftPeriod& period : calendar.soft) {
        if (contains(period, day)) {
            return &period;
        }
    }
    return nullptr;
}

}  // namespace fristvakt::workflows
