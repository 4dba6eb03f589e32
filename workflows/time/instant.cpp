#include "workflows/time/instant.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <vector>

#include <date/tz.h>
#include <fmt/format.h>

#include "workflows/time/nearest.hpp"

namespace fristvakt::workflows {

namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;

// --- Zones -------------------------------------------------------------------------------------

/// A stretch of time with one offset.
struct Span {
    const cal::time_zone* zone{nullptr};
    Instant begin;
    Instant end;  ///< Exclusive.
    Seconds offset{0};
};

/// The last stretch that this thread asked for: neighbours in time are asked for together, and the
/// library's own look-up copies a string each time.
Span& last_span() {
    thread_local Span span;
    return span;
}

Span span_at(const cal::time_zone* zone, Instant instant) {
    Span& last = last_span();
    if (last.zone != zone || instant < last.begin || instant >= last.end) {
        const cal::sys_info info = zone->get_info(instant);
        last = {zone, info.begin, info.end, info.offset};
    }
    return last;
}

/// From here on the zone's table may have ended; up to here also the southern summer that began in
/// 2037 is in it.
constexpr cal::days kTableEnds = (cal::sys_days{cal::year{2038} / 3 / 1}).time_since_epoch();
/// A stretch that reaches this far has no successor in the table.
constexpr Instant kNeverEnds = cal::sys_days{cal::year{kLastYear + 1} / 1 / 1};

/// How many days to go back from `day` (counted from 1970-01-01) to a day within the table's last
/// years for which the rules are the same: same month and day, same weekday. The years are counted
/// from 1 March, so that the leap day is the last of them, and the eight until 2037 begin on every
/// weekday: rules that changed before 2030 are not taken up again. 29 February falls on 1 March; no
/// rule in force changes the clock so near.
cal::days days_into_table(cal::days day) {
    if (day < kTableEnds) {
        return cal::days{0};
    }
    const cal::year_month_day date{cal::sys_days{day}};
    const cal::year year = date.month() < cal::March ? date.year() - cal::years{1} : date.year();
    const cal::sys_days begins{year / 3 / 1};
    for (cal::year known{2037}; known >= cal::year{2030}; --known) {
        const cal::sys_days known_begins{known / 3 / 1};
        if (cal::weekday{known_begins} == cal::weekday{begins}) {
            return begins - known_begins;
        }
    }
    return cal::days{0};
}

/// As `days_into_table`, and zero where the zone's table goes on, or went on longer than to 2037:
/// what lies behind such a table changes no more.
cal::days shift_back(const cal::time_zone* zone, Seconds since_1970) {
    const cal::days shift = days_into_table(cal::floor<cal::days>(since_1970));
    if (shift == cal::days{0}) {
        return shift;
    }
    const Span& span = span_at(zone, Instant{since_1970});
    const bool is_longer = span.begin >= Instant{cal::sys_days{kTableEnds}};
    return span.end < kNeverEnds || is_longer ? cal::days{0} : shift;
}

Instant resolve(const cal::time_zone* zone, LocalTime local) {
    // Two days from either end of a stretch no offset in use can make the time ambiguous.
    const Span& last = last_span();
    if (last.zone == zone) {
        const Instant guess{local.time_since_epoch() - last.offset};
        if (guess - last.begin >= cal::days{2} && last.end - guess >= cal::days{2}) {
            return guess;
        }
    }
    const cal::local_info info = zone->get_info(local);
    if (info.result == cal::local_info::nonexistent) {
        return info.first.end;
    }
    return Instant{local.time_since_epoch() - info.first.offset};
}

Error unknown_zone(std::string_view name) {
    std::vector<std::string_view> names;
    try {
        for (const cal::time_zone& zone : cal::get_tzdb().zones) {
            names.emplace_back(zone.name());
        }
    } catch (const std::exception&) {
        names.clear();
    }
    if (names.empty()) {
        return {ErrorKind::InvalidInput,
                fmt::format("time zone '{}' cannot be looked up: the system has no zone files; "
                            "install tzdata",
                            name)};
    }
    if (const std::string_view nearest = nearest_word(name, names); !nearest.empty()) {
        return {ErrorKind::InvalidInput,
                fmt::format("no time zone '{}' is installed; did you mean '{}'?", name, nearest)};
    }
    return {ErrorKind::InvalidInput,
            fmt::format("no time zone '{}' is installed; write an IANA name such as 'Europe/Oslo'",
                        name)};
}

// --- Digits ------------------------------------------------------------------------------------

/// The number that `count` digits at `at` make; nothing when one of them is no digit.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) {
        return std::nullopt;
    }
    int number = 0;
    for (const char digit : text.substr(at, count)) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        number = number * 10 + (digit - '0');
    }
    return number;
}

struct Written {
    int year{0};
    int month{0};
    int day{0};
};

/// What has the form YYYY-MM-DD, whether there is such a day or not.
std::optional<Written> date_form(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    return Written{*year, *month, *day};
}

std::optional<Date> existing(const Written& written) {
    const cal::year_month_day date{cal::year{written.year},
                                   cal::month{static_cast<unsigned>(written.month)},
                                   cal::day{static_cast<unsigned>(written.day)}};
    if (written.year < kFirstYear || written.year > kLastYear || !date.ok()) {
        return std::nullopt;
    }
    return Date{date};
}

/// ±HH:MM, up to 23:59.
std::optional<Seconds> parse_offset(std::string_view text) {
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) {
        return std::nullopt;
    }
    const auto distance = parse_time_of_day(text.substr(1));
    if (!distance || *distance >= cal::days{1}) {
        return std::nullopt;
    }
    return text[0] == '-' ? -*distance : *distance;
}

// --- Names -------------------------------------------------------------------------------------

struct WeekdayNames {
    std::string_view nb;
    std::string_view nn;
    std::string_view short_nb;
    std::string_view short_nn;
};

constexpr std::array<WeekdayNames, 7> kWeekdays{{
    {"søndag", "søndag", "søn", "søn"},
    {"mandag", "måndag", "man", "mån"},
    {"tirsdag", "tysdag", "tir", "tys"},
    {"onsdag", "onsdag", "ons", "ons"},
    {"torsdag", "torsdag", "tor", "tor"},
    {"fredag", "fredag", "fre", "fre"},
    {"lørdag", "laurdag", "lør", "lau"},
}};

const WeekdayNames& names_of(Date day) {
    return kWeekdays.at(cal::weekday{day}.c_encoding());
}

constexpr std::array<std::string_view, 12> kMonths{"januar",    "februar", "mars",     "april",
                                                   "mai",       "juni",    "juli",     "august",
                                                   "september", "oktober", "november", "desember"};

std::string_view month_name(const cal::year_month_day& date) {
    return kMonths.at(static_cast<unsigned>(date.month()) - 1);
}

// Dates are written for every line of a simulation, so their digits are set by hand.

void append_digits(std::string& text, unsigned number, unsigned places) {
    for (unsigned place = places == 4 ? 1000 : 10; place > 0; place /= 10) {
        text += static_cast<char>('0' + number / place % 10);
    }
}

/// Years 0 to 9999; others lose their sign and their thousands, which no calendar of ours has.
template <typename Days>
void append_day(std::string& text, Days day) {
    const cal::year_month_day date{day};
    append_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.day()), 2);
}

void append_day_and_time(std::string& text, Instant shown) {
    const auto day = cal::floor<cal::days>(shown);
    const auto seconds = static_cast<unsigned>((shown - day).count());
    append_day(text, day);
    text += 'T';
    append_digits(text, seconds / 3600, 2);
    text += ':';
    append_digits(text, seconds / 60 % 60, 2);
    text += ':';
    append_digits(text, seconds % 60, 2);
}

}  // namespace

Result<TimeZone> TimeZone::locate(std::string_view iana_name) {
    try {
        const cal::time_zone* zone = cal::locate_zone(iana_name);
        // The file is read at the first question; a broken one must show here and not later.
        (void)zone->get_info(Instant{});
        return TimeZone{zone};
    } catch (const std::exception&) {
        return unknown_zone(iana_name);
    }
}

Instant TimeZone::to_instant(LocalTime local) const {
    const cal::days shift = shift_back(zone_, local.time_since_epoch());
    return resolve(zone_, local - shift) + shift;
}

Seconds TimeZone::offset_at(Instant instant) const {
    const cal::days shift = shift_back(zone_, instant.time_since_epoch());
    return span_at(zone_, instant - shift).offset;
}

LocalTime TimeZone::to_local(Instant instant) const {
    return LocalTime{instant.time_since_epoch() + offset_at(instant)};
}

Instant TimeZone::start_of_day(Date day) const {
    return to_instant(day);
}

Date TimeZone::date_of(Instant instant) const {
    return cal::floor<cal::days>(to_local(instant));
}

std::string TimeZone::name() const {
    return zone_->name();
}

std::string iso_date(Date day) {
    std::string text;
    append_day(text, day);
    return text;
}

std::string iso_instant(Instant instant, const TimeZone& zone) {
    const auto offset = cal::floor<std::chrono::minutes>(zone.offset_at(instant));
    const auto minutes = static_cast<unsigned>(std::abs(offset.count()));
    std::string text;
    text.reserve(25);
    append_day_and_time(text, instant + offset);
    text += offset < offset.zero() ? '-' : '+';
    append_digits(text, minutes / 60, 2);
    text += ':';
    append_digits(text, minutes % 60, 2);
    return text;
}

std::string iso_utc(Instant instant) {
    std::string text;
    text.reserve(20);
    append_day_and_time(text, instant);
    text += 'Z';
    return text;
}

std::optional<Date> parse_iso_date(std::string_view text) {
    const auto written = date_form(text);
    return written ? existing(*written) : std::nullopt;
}

Result<Date> read_iso_date(std::string_view text) {
    const auto written = date_form(text);
    if (!written) {
        return Error{ErrorKind::InvalidInput,
                     fmt::format("'{}' is no date; write YYYY-MM-DD, such as 2021-01-25", text)};
    }
    if (const auto date = existing(*written)) {
        return *date;
    }
    if (written->year < kFirstYear || written->year > kLastYear) {
        return Error{ErrorKind::InvalidInput,
                     fmt::format("the year of {} is out of range; write {} to {}", text, kFirstYear,
                                 kLastYear)};
    }
    if (written->month < 1 || written->month > 12) {
        return Error{ErrorKind::InvalidInput,
                     fmt::format("{} does not exist: a year has the months 01 to 12", text)};
    }
    const auto last =
        (cal::year{written->year} / cal::month{static_cast<unsigned>(written->month)} / cal::last)
            .day();
    return Error{ErrorKind::InvalidInput,
                 fmt::format("{} does not exist: that month has the days 01 to {:02}", text,
                             static_cast<unsigned>(last))};
}

std::optional<Seconds> parse_time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hour = digits(text, 0, 2);
    const auto minute = digits(text, 3, 2);
    if (!hour || !minute || *minute > 59) {
        return std::nullopt;
    }
    const Seconds time{*hour * 3600 + *minute * 60};
    return time <= cal::days{1} ? std::optional{time} : std::nullopt;
}

std::optional<LocalTime> parse_local_time(std::string_view text) {
    if ((text.size() != 16 && text.size() != 19) || text[10] != 'T') {
        return std::nullopt;
    }
    const auto day = parse_iso_date(text.substr(0, 10));
    const auto time = parse_time_of_day(text.substr(11, 5));
    if (!day || !time) {
        return std::nullopt;
    }
    if (text.size() == 16) {
        return *day + *time;
    }
    const auto second = digits(text, 17, 2);
    if (text[16] != ':' || !second || *second > 59 || (*time == cal::days{1} && *second > 0)) {
        return std::nullopt;
    }
    return *day + *time + Seconds{*second};
}

Result<Instant> parse_instant(std::string_view text, const TimeZone& zone) {
    const auto wrong = [text] {
        return Error{ErrorKind::InvalidInput,
                     fmt::format("'{}' is no point in time; write YYYY-MM-DDTHH:MM[:SS], with Z or "
                                 "+HH:MM behind it unless it is local time",
                                 text)};
    };
    const std::size_t length = text.size() > 16 && text[16] == ':' ? 19 : 16;
    if (text.size() < length) {
        return wrong();
    }
    const auto local = parse_local_time(text.substr(0, length));
    const std::string_view behind = text.substr(length);
    if (!local) {
        const auto day = read_iso_date(text.substr(0, 10));
        return day.ok() || !date_form(text.substr(0, 10)) ? wrong() : day.error();
    }
    if (behind.empty()) {
        return zone.to_instant(*local);
    }
    const auto offset = behind == "Z" ? std::optional{Seconds{0}} : parse_offset(behind);
    if (!offset) {
        return wrong();
    }
    return Instant{local->time_since_epoch() - *offset};
}

std::string long_date(Date day, Language language) {
    const cal::year_month_day date{day};
    return fmt::format("{} {}", day_and_month(day, language), static_cast<int>(date.year()));
}

std::string day_and_month(Date day, Language language) {
    return fmt::format("{} {}", weekday_name(day, language), short_date(day, language));
}

std::string short_date(Date day, Language /*language*/) {
    // The months have the same names in both målformer.
    const cal::year_month_day date{day};
    return fmt::format("{}. {}", static_cast<unsigned>(date.day()), month_name(date));
}

std::string_view weekday_name(Date day, Language language) {
    const WeekdayNames& names = names_of(day);
    return language == Language::Nb ? names.nb : names.nn;
}

std::string_view weekday_abbreviation(Date day, Language language) {
    const WeekdayNames& names = names_of(day);
    return language == Language::Nb ? names.short_nb : names.short_nn;
}

std::string clock_time(LocalTime local) {
    const auto minutes = (local - cal::floor<cal::days>(local)).count() / 60;
    return fmt::format("kl. {:02}.{:02}", minutes / 60, minutes % 60);
}

}  // namespace fristvakt::workflows
