#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "workflows/language.hpp"
#include "workflows/time/instant.hpp"

/// What an operator's calendar file says: soft days, on which no reminder is sent though deadlines
/// stand, and the two semesters.
namespace fristvakt::workflows {

/// The same days each year; may run over New Year (12-24 to 01-01). Both inclusive.
struct YearlyDates {
    cal::month_day from;
    cal::month_day to;
};
/// Days counted from Easter Sunday, both inclusive: påskeuke is -6 to 1.
struct EasterDays {
    int from{0};
    int to{0};
};
/// ISO 8601 weeks, Monday to Sunday, both inclusive: fellesferie is 28 to 30.
struct IsoWeeks {
    int from{1};
    int to{1};
};

struct SoftPeriod {
    std::string id;  ///< Named in `send_window.avoid`.
    Text title;
    std::variant<YearlyDates, EasterDays, IsoWeeks> days;
};

[[nodiscard]] bool contains(const SoftPeriod& period, Date day);

enum class Term { Spring, Autumn };

/// One half of a year, written "2021-var" or "2021-host".
struct Semester {
    int year{0};
    Term term{Term::Spring};
    friend bool operator==(const Semester&, const Semester&) = default;
};

[[nodiscard]] std::string semester_id(const Semester& semester);

struct Calendar {
    std::string id;
    std::vector<SoftPeriod> soft;
    YearlyDates spring{cal::January / 1, cal::July / 31};
    YearlyDates autumn{cal::August / 1, cal::December / 31};
};

/// The semester that `day` lies in; nothing when the calendar leaves it out.
[[nodiscard]] std::optional<Semester> semester_of(Date day, const Calendar& calendar);
[[nodiscard]] Date first_day(const Semester& semester, const Calendar& calendar);
[[nodiscard]] Date last_day(const Semester& semester, const Calendar& calendar);
/// The first soft period that holds `day`, if any.
[[nodiscard]] const SoftPeriod* soft_period_on(Date day, const Calendar& calendar);

}  // namespace fristvakt::workflows
