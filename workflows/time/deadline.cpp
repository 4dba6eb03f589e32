#include "workflows/time/deadline.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "workflows/assert.hpp"
#include "workflows/time/explanation.hpp"
#include "workflows/time/holidays.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::workflows {

namespace {

using Term = DeadlineExpression::Term;

constexpr int kCountMax = 9999;
constexpr Date kFirstDay = Date{cal::year{1900} / 1 / 1};
constexpr Date kLastDay = Date{cal::year{2199} / 12 / 31};
constexpr Seconds kWholeDay = cal::days{1};

Error out_of_range(const DeadlineExpression& expression) {
    return {ErrorKind::InvalidInput,
            fmt::format("'{}' leaves the years 1900 to 2199", to_string(expression))};
}

bool in_range(Date day) {
    return day >= kFirstDay && day <= kLastDay;
}

Error unknown_anchor(std::string_view name, const Anchors& anchors) {
    std::vector<std::string_view> known;
    std::string list;
    for (const auto& entry : anchors) {
        known.emplace_back(entry.first);
        list += (list.empty() ? "" : ", ") + entry.first;
    }
    const std::string_view nearest = nearest_word(name, known);
    const std::string meant = nearest.empty() ? "" : fmt::format("did you mean '{}'? ", nearest);
    return {ErrorKind::InvalidInput, fmt::format("'{}' stands for no date here; {}known: {}", name,
                                                 meant, list.empty() ? "none" : list)};
}

Moment moment_of(LocalTime time, const TimeZone& zone) {
    return {cal::floor<cal::days>(time), zone.to_instant(time)};
}

Result<Moment> anchor_of(const DeadlineExpression& expression, const Anchors& anchors,
                         const TimeZone& zone) {
    if (const auto* day = std::get_if<Date>(&expression.anchor)) {
        return Moment{*day, std::nullopt};
    }
    if (const auto* time = std::get_if<LocalTime>(&expression.anchor)) {
        return moment_of(*time, zone);
    }
    const auto& name = std::get<std::string>(expression.anchor);
    const auto found = anchors.find(name);
    if (found == anchors.end()) {
        return unknown_anchor(name, anchors);
    }
    if (const auto* day = std::get_if<Date>(&found->second)) {
        return Moment{*day, std::nullopt};
    }
    return moment_of(std::get<LocalTime>(found->second), zone);
}

/// § 148 second paragraph: the same number in the last month, or the month's last day.
Date add_months(Date day, int count) {
    const cal::year_month_day from{day};
    const cal::year_month_day to = from + cal::months{count};
    return to.ok() ? Date{to} : Date{to.year() / to.month() / cal::last};
}

/// § 149 second paragraph: the hours of Sundays, holidays and what equals them are not counted.
Instant add_hours(Instant from, int count, const TimeZone& zone) {
    Seconds left = std::chrono::hours{count};
    Instant now = from;
    for (Date day = zone.date_of(from);; day += cal::days{1}) {
        const Instant end = zone.start_of_day(day + cal::days{1});
        if (!is_holiday_or_sunday(day)) {
            if (left <= end - now) {
                return now + left;
            }
            left -= end - now;
        }
        now = end;
    }
}

Instant subtract_hours(Instant from, int count, const TimeZone& zone) {
    Seconds left = std::chrono::hours{count};
    Instant now = from;
    for (Date day = zone.date_of(from);; day -= cal::days{1}) {
        const Instant begin = zone.start_of_day(day);
        if (!is_holiday_or_sunday(day)) {
            if (left <= now - begin) {
                return now - left;
            }
            left -= now - begin;
        }
        now = begin;
    }
}

Moment apply(const Moment& from, const Term& term, const TimeZone& zone) {
    const int count = term.minus ? -term.count : term.count;
    switch (term.unit) {
        case TimeUnit::Day:
            return {from.day + cal::days{count}, std::nullopt};
        case TimeUnit::Week:
            return {from.day + cal::weeks{count}, std::nullopt};
        case TimeUnit::Month:
            return {add_months(from.day, count), std::nullopt};
        case TimeUnit::Year:
            return {add_months(from.day, 12 * count), std::nullopt};
        case TimeUnit::WorkingDay:
            return {add_working_days(from.day, count), std::nullopt};
        case TimeUnit::Hour: {
            const Instant start = from.at.value_or(zone.start_of_day(from.day));
            const Instant at = term.minus ? subtract_hours(start, term.count, zone)
                                          : add_hours(start, term.count, zone);
            return {zone.date_of(at), at};
        }
    }
    FRISTVAKT_ASSERT(false);
    return from;
}

/// Where the expression points to; each term goes into `terms` when it is not null.
Result<Moment> count(const DeadlineExpression& expression, const Moment& anchor,
                     const TimeZone& zone, std::vector<CountedTerm>* terms) {
    Moment moment = anchor;
    if (!in_range(moment.day)) {
        return out_of_range(expression);
    }
    for (const Term& term : expression.terms) {
        if (term.count < 1 || term.count > kCountMax) {
            return Error{ErrorKind::InvalidInput, fmt::format("'{}': a count is from 1 to {}",
                                                              to_string(expression), kCountMax)};
        }
        const Moment to = apply(moment, term, zone);
        if (!in_range(to.day)) {
            return out_of_range(expression);
        }
        if (terms != nullptr) {
            terms->push_back({moment, term, to});
        }
        moment = to;
    }
    return moment;
}

Date under(FreeDayRule rule, Date day) {
    switch (rule) {
        case FreeDayRule::NextWorkingDay:
            return working_day_on_or_after(day);
        case FreeDayRule::PreviousWorkingDay:
            return working_day_on_or_before(day);
        case FreeDayRule::Keep:
            return day;
    }
    FRISTVAKT_ASSERT(false);
    return day;
}

}  // namespace

Result<Deadline> evaluate(const DeadlineExpression& expression, const Anchors& anchors,
                          FreeDayRule rule, const TimeZone& zone) {
    const auto anchor = anchor_of(expression, anchors, zone);
    if (!anchor.ok()) {
        return anchor.error();
    }
    Arithmetic done;
    done.anchor = anchor.value();
    const auto counted = count(expression, done.anchor, zone, &done.terms);
    if (!counted.ok()) {
        return counted.error();
    }
    Moment moment = counted.value();
    done.reached = moment.day;
    done.time = expression.time_of_day;
    if (done.time) {
        moment.at.reset();
    } else if (moment.at) {
        const LocalTime local = zone.to_local(*moment.at);
        done.reached = cal::floor<cal::days>(local);
        done.time = local - done.reached;
    }
    // What ends at 00:00 ends with the day before.
    const bool at_midnight = done.time == Seconds{0};
    done.counted = at_midnight ? done.reached - cal::days{1} : done.reached;
    done.moved_to = under(rule, done.counted);
    if (!in_range(done.counted) || !in_range(done.moved_to)) {
        return out_of_range(expression);
    }
    const Seconds time = at_midnight ? kWholeDay : done.time.value_or(kWholeDay);
    const bool stays = done.moved_to == done.counted;
    Deadline deadline;
    deadline.date = done.moved_to;
    deadline.ends_at = stays && moment.at ? *moment.at : zone.to_instant(done.moved_to + time);
    deadline.because = explain(done, zone);
    return deadline;
}

Result<Date> evaluate_day(const DeadlineExpression& expression, const Anchors& anchors,
                          const TimeZone& zone) {
    const auto anchor = anchor_of(expression, anchors, zone);
    if (!anchor.ok()) {
        return anchor.error();
    }
    const auto counted = count(expression, anchor.value(), zone, nullptr);
    if (!counted.ok()) {
        return counted.error();
    }
    return counted.value().day;
}

}  // namespace fristvakt::workflows
