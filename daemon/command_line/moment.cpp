#include "daemon/command_line/moment.hpp"

namespace fristvakt::daemon {

using workflows::Error;
using workflows::Instant;
using workflows::Language;
using workflows::Result;

namespace {

/// As far as its form goes, a date: what is wrong with it is then said of a date.
bool looks_like_date(std::string_view text) {
    return text.find('T') == std::string_view::npos && text.find(':') == std::string_view::npos;
}

}  // namespace

Result<Instant> read_moment(const std::string& text, std::string_view option,
                            const workflows::TimeZone& zone, DayMeans day_means) {
    const auto named = [&](const Error& error) {
        return Error{error.kind, std::string{option} + ": " + error.message};
    };
    if (looks_like_date(text)) {
        const auto day = workflows::read_iso_date(text);
        if (!day.ok()) {
            return named(day.error());
        }
        return zone.start_of_day(day_means == DayMeans::End ? day.value() + workflows::cal::days{1}
                                                            : day.value());
    }
    auto instant = workflows::parse_instant(text, zone);
    return instant.ok() ? instant : Result<Instant>{named(instant.error())};
}

std::string show_date(workflows::Date day) {
    return std::string{workflows::weekday_abbreviation(day, Language::Nb)} + " " +
           workflows::iso_date(day);
}

std::string show_time(Instant at, const workflows::TimeZone& zone) {
    const std::string iso = workflows::iso_instant(at, zone);
    return show_date(zone.date_of(at)) + " " + iso.substr(11, 5);
}

std::string show_days_left(int days) {
    if (days == 0) {
        return "today";
    }
    const int count = days < 0 ? -days : days;
    return std::to_string(count) + (count == 1 ? " day" : " days") + (days < 0 ? " over" : "");
}

}  // namespace fristvakt::daemon
