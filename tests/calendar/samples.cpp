#include <filesystem>
#include <fstream>

#include "integrations/calendar/calendar_file.hpp"

/// calendar_samples FOLDER: writes a calendar of every shape into it, NAME.ics each.
namespace {

namespace calendar = fristvakt::integrations::calendar;
using fristvakt::workflows::Instant;
using fristvakt::workflows::TimeZone;
namespace cal = fristvakt::workflows::cal;

calendar::Entry deadline(std::string uid, cal::local_days day) {
    return {.uid = std::move(uid),
            .stamped_at = cal::sys_days{cal::January / 4 / 2021},
            .when = calendar::WholeDays{day, day},
            .summary = "Kommunens plan – Gjøvik",
            .url = "http://127.0.0.1:8080/sak/pulje-5/plan/gjovik"};
}

calendar::Entry meeting(Instant start) {
    return {.uid = "pulje-5/nettverk/2021-var@fristvakt",
            .stamped_at = cal::sys_days{cal::January / 20 / 2021} + std::chrono::hours{9},
            .sequence = 1,
            .when = calendar::TimeSpan{start, start + std::chrono::hours{3}},
            .summary = fristvakt::workflows::iso_utc(start),
            .place = "Rom 2, Hamar",
            .is_busy = true,
            .organizer = {"post+moter@sf-innlandet.example", "Statsforvalteren i Innlandet"},
            .attendees = {{.address = "kari@gjovik.example",
                           .name = "Nordmann; Kari: \"ressurs\"\nBEGIN:VALARM"},
                          {.address = "100%&@hamar.example",
                           .answer = calendar::Answer::Accepted,
                           .is_required = false}}};
}

calendar::Entry with_texts() {
    std::string summary{"Møte; mål, mer \\ og en tekst «så lang» "};
    for (int i = 0; i < 40; ++i) {
        summary += "æøå";
    }
    calendar::Entry out = meeting(cal::sys_days{cal::March / 23 / 2021} + std::chrono::hours{8});
    out.summary = summary;
    out.description = "To\r\nlinjer\x07\n\nBEGIN:VALARM";
    return out;
}

/// Each hour of the days on which summer time begins or ends, far back and far ahead, and where
/// the rules were others.
std::vector<calendar::Entry> around_summer_time() {
    std::vector<calendar::Entry> out;
    for (const int year : {1980, 1985, 1995, 1996, 1999, 2007, 2021, 2026, 2037, 2038, 2044}) {
        for (const auto& day :
             {cal::March / cal::Sunday[cal::last], cal::September / cal::Sunday[cal::last],
              cal::October / cal::Sunday[cal::last]}) {
            const Instant noon = cal::sys_days{cal::year{year} / day} + std::chrono::hours{12};
            for (int hour = -15; hour <= -6; ++hour) {
                calendar::Entry entry = meeting(noon + std::chrono::hours{hour});
                entry.uid = std::to_string(out.size()) + "@fristvakt";
                out.push_back(std::move(entry));
            }
        }
    }
    return out;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        return 2;
    }
    const std::filesystem::path folder{arguments[1]};
    const TimeZone oslo = TimeZone::locate("Europe/Oslo").value();
    const auto write = [&](const char* name, const calendar::Calendar& one, const TimeZone& zone) {
        std::ofstream{folder / (std::string{name} + ".ics"), std::ios::binary}
            << calendar::to_icalendar(one, zone);
    };
    const Instant start = cal::sys_days{cal::March / 23 / 2021} + std::chrono::hours{8};
    const cal::local_days day{cal::January / 25 / 2021};
    calendar::Entry two_days = deadline("2@fristvakt", day);
    two_days.when = calendar::WholeDays{cal::local_days{cal::December / 31 / 2019},
                                        cal::local_days{cal::January / 1 / 2020}};
    calendar::Entry gone = meeting(start);
    gone.uid = "pulje-5/nettverk/2021-host@fristvakt";
    gone.is_cancelled = true;
    gone.sequence = 2;
    using calendar::Method;
    write("empty", {.name = "Frister"}, oslo);
    write("days", {.entries = {deadline("1@fristvakt", day), two_days}}, oslo);
    write("feed",
          {.name = "Frister for Gjøvik",
           .is_feed = true,
           .entries = {deadline("1@fristvakt", day), meeting(start), gone}},
          oslo);
    write("texts", {.entries = {with_texts()}}, oslo);
    write("publication", {.method = Method::Publish, .entries = {meeting(start)}}, oslo);
    write("invitation", {.method = Method::Request, .entries = {meeting(start)}}, oslo);
    write("cancellation", {.method = Method::Cancel, .entries = {gone}}, oslo);
    calendar::Entry without_them = meeting(start);
    without_them.sequence = 2;
    write("uninvited", {.method = Method::Cancel, .entries = {without_them}}, oslo);
    calendar::Entry two_day_meeting = meeting(start);
    two_day_meeting.when = calendar::WholeDays{day, day + cal::days{1}};
    write("invitation_to_days", {.method = Method::Request, .entries = {two_day_meeting}}, oslo);
    write("around_summer_time", {.entries = around_summer_time()}, oslo);
    write("another_zone", {.entries = around_summer_time()},
          TimeZone::locate("Asia/Tokyo").value());
    return 0;
}
