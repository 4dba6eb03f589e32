#include "workflows/time/explanation.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "workflows/assert.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {

namespace {

/// More names than this tell nobody anything; their number is told instead.
constexpr std::size_t kNamesMax = 12;

struct Words {
    std::string_view jumped_over;
    std::string_view holidays;
    std::string_view last_day_of;
    std::string_view next_working_day;
    std::string_view working_day_before;
};

constexpr Words kNb{"hoppet over", "helligdager", "siste dag i måneden, § 148", "§ 149",
                    "arbeidsdagen før"};
constexpr Words kNn{"hoppa over", "heilagdagar", "siste dag i månaden, § 148", "§ 149",
                    "arbeidsdagen før"};

const Words& words(Language language) {
    return language == Language::Nb ? kNb : kNn;
}

struct UnitWords {
    std::string_view one_nb;
    std::string_view many_nb;
    std::string_view one_nn;
    std::string_view many_nn;
};

UnitWords unit_words(TimeUnit unit) {
    switch (unit) {
        case TimeUnit::Day:
            return {"dag", "dager", "dag", "dagar"};
        case TimeUnit::Week:
            return {"uke", "uker", "veke", "veker"};
        case TimeUnit::Month:
            return {"måned", "måneder", "månad", "månader"};
        case TimeUnit::Year:
            return {"år", "år", "år", "år"};
        case TimeUnit::WorkingDay:
            return {"arbeidsdag", "arbeidsdager", "arbeidsdag", "arbeidsdagar"};
        case TimeUnit::Hour:
            return {"time", "timer", "time", "timar"};
    }
    FRISTVAKT_ASSERT(false);
    return {};
}

std::string_view unit_word(const DeadlineExpression::Term& term, Language language) {
    const UnitWords unit = unit_words(term.unit);
    if (language == Language::Nb) {
        return term.count == 1 ? unit.one_nb : unit.many_nb;
    }
    return term.count == 1 ? unit.one_nn : unit.many_nn;
}

/// "lør 2026-12-12", "lør 2026-12-12 kl. 12.00".
std::string day_text(Date day, std::optional<Seconds> time, Language language) {
    std::string text = fmt::format("{} {}", weekday_abbreviation(day, language), iso_date(day));
    if (time) {
        const auto minutes = time->count() / 60;
        text += fmt::format(" kl. {:02}.{:02}", minutes / 60, minutes % 60);
    }
    return text;
}

std::string moment_text(const Moment& moment, Language language, const TimeZone& zone) {
    if (!moment.at) {
        return day_text(moment.day, std::nullopt, language);
    }
    const LocalTime local = zone.to_local(*moment.at);
    const Date day = cal::floor<cal::days>(local);
    return day_text(day, local - day, language);
}

/// "skjærtorsdag 1.4.".
std::string named_day(Date day, Language language) {
    const cal::year_month_day date{day};
    return fmt::format("{} {}.{}.", day_name(day, language), static_cast<unsigned>(date.day()),
                       static_cast<unsigned>(date.month()));
}

/// The days that one term went past without counting them, in the order of the counting. Weekends
/// go without saying among working days.
std::vector<Date> jumped_over(const CountedTerm& counted, const TimeZone& zone) {
    std::vector<Date> days;
    const cal::days step{counted.term.minus ? -1 : 1};
    if (counted.term.unit == TimeUnit::WorkingDay) {
        for (Date day = counted.from.day + step; day != counted.to.day; day += step) {
            const cal::weekday weekday{day};
            if (holiday_on(day) && weekday != cal::Saturday && weekday != cal::Sunday) {
                days.push_back(day);
            }
        }
    }
    if (counted.term.unit == TimeUnit::Hour) {
        const Instant from = counted.from.at.value_or(zone.start_of_day(counted.from.day));
        const Instant to = counted.to.at.value_or(from);
        const Instant early = std::min(from, to);
        const Instant late = std::max(from, to);
        for (Date day = zone.date_of(from); day != zone.date_of(to) + step; day += step) {
            if (is_holiday_or_sunday(day) && late > zone.start_of_day(day) &&
                early < zone.start_of_day(day + cal::days{1})) {
                days.push_back(day);
            }
        }
    }
    return days;
}

std::string jump_text(const CountedTerm& counted, Language language, const TimeZone& zone) {
    const std::vector<Date> days = jumped_over(counted, zone);
    if (days.empty()) {
        return "";
    }
    const Words& say = words(language);
    std::string names;
    if (days.size() > kNamesMax) {
        names = fmt::format("{} {}", days.size(), say.holidays);
    } else {
        for (const Date day : days) {
            names += (names.empty() ? "" : ", ") + named_day(day, language);
        }
    }
    const std::string_view law = counted.term.unit == TimeUnit::Hour ? ", § 149" : "";
    return fmt::format(": {} {}{}", say.jumped_over, names, law);
}

/// § 148 second paragraph: a month without that number.
bool ends_on_last_day(const CountedTerm& counted) {
    const bool months = counted.term.unit == TimeUnit::Month || counted.term.unit == TimeUnit::Year;
    return months &&
           cal::year_month_day{counted.from.day}.day() != cal::year_month_day{counted.to.day}.day();
}

/// "lørdag", "skjærtorsdag, langfredag, lørdag, 1. påskedag, 2. påskedag". The other half of a
/// weekend without holidays goes without saying.
std::string free_days_text(Date from, Date moved_to, Language language) {
    const cal::days step{moved_to < from ? -1 : 1};
    std::string names;
    bool weekend_named = false;
    for (Date day = from; day != moved_to; day += step) {
        const bool plain = !holiday_on(day).has_value();
        if (plain && weekend_named) {
            weekend_named = false;
            continue;
        }
        weekend_named = plain;
        names += (names.empty() ? "" : ", ") + std::string{day_name(day, language)};
    }
    return names;
}

std::vector<std::string> lines(const Arithmetic& done, Language language, const TimeZone& zone) {
    const Words& say = words(language);
    std::string result = day_text(done.reached, done.time, language);
    std::optional<Seconds> time = done.time;
    if (done.counted != done.reached) {
        time = cal::days{1};
        result += " = " + day_text(done.counted, time, language);
    }
    std::vector<std::string> text;
    if (done.terms.empty()) {
        text.push_back(result);
    }
    for (std::size_t i = 0; i < done.terms.size(); ++i) {
        const CountedTerm& counted = done.terms[i];
        const bool last = i + 1 == done.terms.size();
        // Days forget the time, so it is not shown where they begin.
        const Moment from = counted.term.unit == TimeUnit::Hour
                                ? counted.from
                                : Moment{counted.from.day, std::nullopt};
        std::string line = fmt::format("{} {} {} {} = {}", moment_text(from, language, zone),
                                       counted.term.minus ? "−" : "+", counted.term.count,
                                       unit_word(counted.term, language),
                                       last ? result : moment_text(counted.to, language, zone));
        if (ends_on_last_day(counted)) {
            line += fmt::format(" ({})", say.last_day_of);
        }
        text.push_back(line + jump_text(counted, language, zone));
    }
    if (done.moved_to != done.counted) {
        const bool back = done.moved_to < done.counted;
        text.push_back(fmt::format("{}, {} → {}",
                                   free_days_text(done.counted, done.moved_to, language),
                                   back ? say.working_day_before : say.next_working_day,
                                   day_text(done.moved_to, time, language)));
    }
    return text;
}

}  // namespace

Derivation explain(const Arithmetic& arithmetic, const TimeZone& zone) {
    return {lines(arithmetic, Language::Nb, zone), lines(arithmetic, Language::Nn, zone)};
}

}  // namespace fristvakt::workflows
