#include "integrations/calendar/calendar_file.hpp"

#include <algorithm>
#include <array>

#include "integrations/calendar/content_line.hpp"
#include "workflows/assert.hpp"

namespace fristvakt::integrations::calendar {

using workflows::Date;
using workflows::Instant;
using workflows::TimeZone;
namespace cal = workflows::cal;

namespace {

constexpr std::string_view kOslo{"Europe/Oslo"};

/// The rules of the European Union, in Norway since 1996, as two that repeat for ever: Outlook does
/// not read those that list each year.
constexpr std::string_view kOsloRules{
    "BEGIN:VTIMEZONE\r\n"
    "TZID:Europe/Oslo\r\n"
    "BEGIN:DAYLIGHT\r\n"
    "DTSTART:19700329T020000\r\n"
    "TZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0200\r\n"
    "TZNAME:CEST\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "END:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\n"
    "DTSTART:19701025T030000\r\n"
    "TZOFFSETFROM:+0200\r\n"
    "TZOFFSETTO:+0100\r\n"
    "TZNAME:CET\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    "END:STANDARD\r\n"
    "END:VTIMEZONE\r\n"};

void add_digits(std::string& out, unsigned number, int width) {
    std::array<char, 10> digits{};
    for (int i = width - 1; i >= 0; --i) {
        digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    out.append(digits.data(), static_cast<std::size_t>(width));
}

/// "20210125".
std::string basic_date(Date day) {
    const cal::year_month_day ymd{day};
    std::string out;
    add_digits(out, static_cast<unsigned>(int{ymd.year()}), 4);
    add_digits(out, unsigned{ymd.month()}, 2);
    add_digits(out, unsigned{ymd.day()}, 2);
    return out;
}

/// "20210125T080000".
std::string basic_time(workflows::LocalTime local) {
    const Date day = cal::floor<cal::days>(local);
    const cal::hh_mm_ss<workflows::Seconds> time{local - day};
    std::string out = basic_date(day) + 'T';
    add_digits(out, static_cast<unsigned>(time.hours().count()), 2);
    add_digits(out, static_cast<unsigned>(time.minutes().count()), 2);
    add_digits(out, static_cast<unsigned>(time.seconds().count()), 2);
    return out;
}

std::string basic_utc(Instant at) {
    return basic_time(workflows::LocalTime{at.time_since_epoch()}) + 'Z';
}

/// Whether `at` can stand on the clock of Oslo under the two rules.
bool stands_local(Instant at, const TimeZone& zone) {
    const workflows::LocalTime local = zone.to_local(at);
    constexpr cal::year kRulesFrom{1996};
    return cal::year_month_day{cal::floor<cal::days>(local)}.year() >= kRulesFrom &&
           zone.to_instant(local) == at;
}

/// "mailto:" and the address, with what a URI cannot hold percent-encoded (RFC 6068).
std::string mailto(std::string_view address) {
    constexpr std::string_view kHex{"0123456789ABCDEF"};
    constexpr std::string_view kPlain{"!$'*+-./=@_~"};
    std::string out{"mailto:"};
    for (const char letter : address) {
        const bool alphanumeric = (letter >= '0' && letter <= '9') ||
                                  (letter >= 'a' && letter <= 'z') ||
                                  (letter >= 'A' && letter <= 'Z');
        if (alphanumeric || kPlain.find(letter) != std::string_view::npos) {
            out += letter;
        } else {
            const auto byte = static_cast<unsigned char>(letter);
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 0xFU];
        }
    }
    return out;
}

std::string_view word_of(Answer answer) {
    switch (answer) {
        case Answer::NeedsAction:
            return "NEEDS-ACTION";
        case Answer::Accepted:
            return "ACCEPTED";
        case Answer::Tentative:
            return "TENTATIVE";
        case Answer::Declined:
            return "DECLINED";
        case Answer::Delegated:
            return "DELEGATED";
    }
    return "NEEDS-ACTION";
}

class Writer {
 public:
    Writer(const Calendar& calendar, const TimeZone& zone)
        : calendar_(calendar), zone_(zone), is_oslo_(zone.name() == kOslo) {}

    std::string write() {
        out_.reserve(1024 + calendar_.entries.size() * 600);
        plain("BEGIN", "VCALENDAR");
        plain("VERSION", "2.0");
        plain("PRODID", "-//fristvakt//fristvakt//NO");
        plain("CALSCALE", "GREGORIAN");
        add_method();
        if (!calendar_.name.empty()) {
            line("NAME").text(calendar_.name);
            line("X-WR-CALNAME").text(calendar_.name);
        }
        if (calendar_.is_feed) {
            plain("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
            plain("X-PUBLISHED-TTL", "PT1H");
        }
        if (std::ranges::any_of(calendar_.entries,
                                [&](const Entry& one) { return names_zone(one); })) {
            out_ += kOsloRules;
        }
        for (const Entry& entry : calendar_.entries) {
            add(entry);
        }
        plain("END", "VCALENDAR");
        return std::move(out_);
    }

 private:
    LineWriter line(std::string_view name) { return {out_, name}; }
    void plain(std::string_view name, std::string_view value) { line(name).raw(value); }

    void add_method() {
        switch (calendar_.method) {
            case Method::None:
                return;
            case Method::Publish:
                return plain("METHOD", "PUBLISH");
            case Method::Request:
                return plain("METHOD", "REQUEST");
            case Method::Cancel:
                return plain("METHOD", "CANCEL");
        }
    }

    /// Both ends in the same way, or some readers take the wrong one's.
    [[nodiscard]] bool is_local(const TimeSpan& span) const {
        return is_oslo_ && stands_local(span.start, zone_) && stands_local(span.end, zone_);
    }
    [[nodiscard]] bool names_zone(const Entry& entry) const {
        const auto* const span = std::get_if<TimeSpan>(&entry.when);
        return span != nullptr && is_local(*span);
    }

    void add(const Entry& entry) {
        FRISTVAKT_ASSERT(calendar_.method == Method::None || !entry.organizer.address.empty());
        FRISTVAKT_ASSERT(calendar_.method != Method::Request || !entry.attendees.empty());
        plain("BEGIN", "VEVENT");
        line("UID").text(entry.uid);
        plain("DTSTAMP", basic_utc(entry.stamped_at));
        if (calendar_.method == Method::None) {
            plain("LAST-MODIFIED", basic_utc(entry.stamped_at));
        }
        plain("SEQUENCE", std::to_string(entry.sequence));
        add_when(entry);
        line("SUMMARY").text(entry.summary);
        text_unless_empty("DESCRIPTION", entry.description);
        text_unless_empty("LOCATION", entry.place);
        if (!entry.url.empty()) {
            plain("URL", entry.url);
        }
        // A cancel without it takes one person out of what is held (RFC 5546 section 3.2.5).
        if (calendar_.method != Method::Cancel || entry.is_cancelled) {
            plain("STATUS", entry.is_cancelled ? "CANCELLED" : "CONFIRMED");
        }
        plain("TRANSP", entry.is_busy ? "OPAQUE" : "TRANSPARENT");
        plain("X-MICROSOFT-CDO-BUSYSTATUS", entry.is_busy ? "BUSY" : "FREE");
        add_people(entry);
        plain("END", "VEVENT");
    }

    void text_unless_empty(std::string_view name, std::string_view value) {
        if (!value.empty()) {
            line(name).text(value);
        }
    }

    void add_when(const Entry& entry) {
        if (const auto* const days = std::get_if<WholeDays>(&entry.when)) {
            FRISTVAKT_ASSERT(days->first <= days->last);
            plain("DTSTART;VALUE=DATE", basic_date(days->first));
            // The first day that is free again (section 3.6.1).
            plain("DTEND;VALUE=DATE", basic_date(days->last + cal::days{1}));
            plain("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE");
            return;
        }
        const auto& span = std::get<TimeSpan>(entry.when);
        FRISTVAKT_ASSERT(span.start < span.end);
        for (const auto& [name, at] :
             {std::pair{"DTSTART", span.start}, std::pair{"DTEND", span.end}}) {
            if (is_local(span)) {
                line(name).parameter("TZID", kOslo).raw(basic_time(zone_.to_local(at)));
            } else {
                plain(name, basic_utc(at));
            }
        }
    }

    void add_people(const Entry& entry) {
        if (calendar_.method == Method::None) {
            return;
        }
        auto organizer = line("ORGANIZER");
        if (!entry.organizer.name.empty()) {
            organizer.parameter("CN", entry.organizer.name);
        }
        organizer.raw(mailto(entry.organizer.address));
        if (calendar_.method == Method::Publish) {
            return;  // RFC 5546 section 3.2.1: it asks nobody.
        }
        for (const Attendee& one : entry.attendees) {
            auto attendee = line("ATTENDEE;CUTYPE=INDIVIDUAL");
            attendee.parameter("ROLE", one.is_required ? "REQ-PARTICIPANT" : "OPT-PARTICIPANT");
            if (calendar_.method == Method::Request) {
                attendee.parameter("PARTSTAT", word_of(one.answer)).parameter("RSVP", "TRUE");
            }
            attendee.parameter("CN", one.name.empty() ? one.address : one.name)
                .raw(mailto(one.address));
        }
    }

    const Calendar& calendar_;
    const TimeZone& zone_;
    bool is_oslo_;
    std::string out_;
};

}  // namespace

std::string to_icalendar(const Calendar& calendar, const TimeZone& zone) {
    return Writer{calendar, zone}.write();
}

}  // namespace fristvakt::integrations::calendar
