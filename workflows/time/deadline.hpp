#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/language.hpp"
#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

/// Deadlines that explain themselves: `ANCHOR {+|- N UNIT} [HH:MM]`, counted by domstolloven
/// (lov 1915-08-13-5) § 148 and moved off a free day by its § 149.
namespace fristvakt::workflows {

/// What happens to a deadline that ends on a free day.
enum class FreeDayRule { NextWorkingDay, Keep, PreviousWorkingDay };

enum class TimeUnit { Day, Week, Month, Year, WorkingDay, Hour };

/// `due - 3 working days`, `2021-01-25`, `entered + 5 working days 12:00`.
struct DeadlineExpression {
    struct Term {
        bool minus{false};
        int count{1};  ///< 1 to 9999.
        TimeUnit unit{TimeUnit::Day};
        friend bool operator==(const Term&, const Term&) = default;
    };
    /// A name (`due`, `opened`, `event.until`) or a date, or a date with a time.
    std::variant<std::string, Date, LocalTime> anchor;
    std::vector<Term> terms;
    std::optional<Seconds> time_of_day;  ///< After midnight, whole minutes, up to 24 h.
    friend bool operator==(const DeadlineExpression&, const DeadlineExpression&) = default;
};

/// Blanks stand between the parts, one or more. Anchors are YYYY-MM-DD, YYYY-MM-DDTHH:MM or a name
/// ([a-z_][a-z0-9_.]*); N is 1 to 9999; units are day(s), week(s), month(s), year(s), working
/// day(s) and hour(s), singular and plural alike; 24:00 is the end of the day. At most 16 terms.
/// InvalidInput: says what is wrong at which column (1-based) and what is allowed.
[[nodiscard]] Result<DeadlineExpression> parse_deadline(std::string_view text);
/// The expression as it is written; `parse_deadline` reads it back as the same.
[[nodiscard]] std::string to_string(const DeadlineExpression& expression);

/// What the named anchors stand for: a whole local day, or a local time.
using Anchors = std::map<std::string, std::variant<Date, LocalTime>, std::less<>>;

/// The steps of the arithmetic, one line each, in both målformer.
struct Derivation {
    std::vector<std::string> nb;
    std::vector<std::string> nn;
    [[nodiscard]] const std::vector<std::string>& in(Language language) const {
        return language == Language::Nb ? nb : nn;
    }
    friend bool operator==(const Derivation&, const Derivation&) = default;
};

struct Deadline {
    Date date{};        ///< The last local day on which to act.
    Instant ends_at{};  ///< The first instant after the deadline (exclusive).
    Derivation because;
    friend bool operator==(const Deadline&, const Deadline&) = default;
};

/// Pure: same arguments, same deadline.
///
/// Terms count from left to right. Days and longer give a date, which ends with that local day
/// whatever time the anchor had, unless a time of day stands behind; months and years end on the
/// same number or the last day of the month (§ 148). Hours are hours that pass, also across a
/// change of the clock; they begin with the day when only a day is known, and leave out Sundays,
/// public holidays, 1 and 17 May, but not Saturdays (§ 149 second paragraph names holidays and what
/// equals them; its first paragraph names Saturdays beside those). An anchor with a time and no
/// term but hours keeps its clock.
///
/// The free-day rule moves the date, of a deadline in hours too; the time of day goes along. A
/// deadline at 00:00 ends with the day before, and is free when that day is.
/// Always start_of_day(date) < ends_at <= start_of_day(date + 1), where no clock changes at 00:00.
/// InvalidInput: an anchor is not in `anchors`, a count is not 1 to 9999, or the year leaves 1900
/// to 2199.
[[nodiscard]] Result<Deadline> evaluate(const DeadlineExpression& expression,
                                        const Anchors& anchors, FreeDayRule rule,
                                        const TimeZone& zone);

/// The local day that `expression` points at before any free-day rule: how a ladder's step is
/// placed. Of a point in time it is the day on which that lies, 00:00 included; a time of day
/// behind the terms changes nothing. InvalidInput as `evaluate`.
[[nodiscard]] Result<Date> evaluate_day(const DeadlineExpression& expression,
                                        const Anchors& anchors, const TimeZone& zone);

}  // namespace fristvakt::workflows
