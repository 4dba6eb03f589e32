#include "daemon/command_line/simulation_output.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "daemon/command_line/moment.hpp"

namespace fristvakt::daemon {

using nlohmann::ordered_json;
using workflows::Instant;
using workflows::iso_instant;

namespace {

/// RFC 5545 section 3.3.11.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char character : text) {
        if (character == '\n') {
            safe += "\\n";
        } else if (character == ',' || character == ';' || character == '\\') {
            safe += '\\';
            safe += character;
        } else if (character != '\r') {
            safe += character;
        }
    }
    return safe;
}

/// RFC 5545 section 3.1: at most 75 octets a line, never inside a character.
std::string folded(const std::string& line) {
    constexpr std::size_t kOctetsMax = 75;
    std::string out;
    std::size_t start = 0;
    std::size_t room = kOctetsMax;
    while (line.size() - start > room) {
        std::size_t end = start + room;
        while ((static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        out += line.substr(start, end - start) + "\r\n ";
        start = end;
        room = kOctetsMax - 1;
    }
    return out + line.substr(start) + "\r\n";
}

std::string compact(const std::string& iso) {
    std::string digits;
    for (const char character : iso) {
        if (character != '-' && character != ':') {
            digits += character;
        }
    }
    return digits;
}

}  // namespace

SimulationFormat simulation_format(const std::string& name) {
    if (name == "json") {
        return SimulationFormat::Json;
    }
    return name == "ics" ? SimulationFormat::Ics : SimulationFormat::Text;
}

SimulationOutput::SimulationOutput(std::ostream& results, std::ostream& talk,
                                   SimulationFormat format,
                                   const workflows::Definitions& definitions)
    : results_(results), talk_(talk), format_(format), definitions_(definitions) {}

void SimulationOutput::message(const workflows::MessageSnapshot& snapshot,
                               const workflows::RenderedMessage& rendered) {
    const auto& zone = definitions_.time_zone();
    if (format_ == SimulationFormat::Json) {
        ordered_json line{{"type", "message"},
                          {"at", iso_instant(snapshot.at, zone)},
                          {"channel", "email"},
                          {"kind", to_string(snapshot.kind)},
                          {"to", snapshot.to.address},
                          {"copy", ordered_json::array()},
                          {"organisation", snapshot.organisation},
                          {"language", workflows::language_tag(snapshot.language)},
                          {"subject", rendered.subject},
                          {"reminders", ordered_json::array()}};
        for (const workflows::Person& copy : snapshot.copies) {
            line["copy"].push_back(copy.address);
        }
        for (const auto& item : snapshot.items) {
            if (!item.step.empty()) {
                line["reminders"].push_back({{"case", item.case_id},
                                             {"step", item.step},
                                             {"notice", item.notice},
                                             {"softened", item.softened}});
            } else {
                line["told"].push_back({{"case", item.case_id}, {"notice", item.notice}});
            }
        }
        results_ << line.dump() << '\n';
        return;
    }
    if (format_ == SimulationFormat::Text) {
        results_ << show_time(snapshot.at, zone) << "  mail  " << snapshot.to.address << " ("
                 << snapshot.organisation << ", " << workflows::language_tag(snapshot.language)
                 << ")  " << rendered.subject;
        for (const workflows::Person& copy : snapshot.copies) {
            results_ << "  copy " << copy.address;
        }
        results_ << '\n';
    }
}

void SimulationOutput::transition(const workflows::LogEntry& entry) {
    const auto& zone = definitions_.time_zone();
    if (format_ == SimulationFormat::Json) {
        ordered_json line{{"type", "transition"},  {"at", iso_instant(entry.at, zone)},
                          {"case", entry.case_id}, {"event", entry.event},
                          {"from", nullptr},       {"to", entry.to},
                          {"by", entry.actor}};
        if (!entry.from.empty()) {
            line["from"] = entry.from;
        }
        results_ << line.dump() << '\n';
    } else if (format_ == SimulationFormat::Text) {
        results_ << show_time(entry.at, zone) << "  case  " << entry.case_id << "  " << entry.event
                 << ": " << (entry.from.empty() ? "-" : entry.from) << " -> " << entry.to << " (by "
                 << entry.actor << ")\n";
    }
}

void SimulationOutput::settled(const workflows::Reminder& reminder, Instant at,
                               const std::string& to) {
    const auto& zone = definitions_.time_zone();
    if (format_ == SimulationFormat::Json) {
        results_ << ordered_json{{"type", "settled"},
                                 {"at", iso_instant(at, zone)},
                                 {"case", reminder.case_id},
                                 {"step", reminder.step},
                                 {"to", to},
                                 {"account", to_string(reminder.account)},
                                 {"reason", to_string(reminder.reason)}}
                        .dump()
                 << '\n';
    } else if (format_ == SimulationFormat::Text) {
        results_ << show_time(at, zone) << "  not   " << reminder.case_id << "  " << reminder.step
                 << " to " << to << ": " << to_string(reminder.account) << ", "
                 << to_string(reminder.reason) << '\n';
    }
}

void SimulationOutput::refused(const TimedEvent& event, const workflows::Error& error) {
    ++refused_count_;
    talk_ << "line " << event.line << ": error: " << error.message << '\n';
}

void SimulationOutput::end(const workflows::Books& books, workflows::Snapshot& store) {
    if (format_ == SimulationFormat::Json) {
        results_ << ordered_json{{"type", "books"},
                                 {"planned", books.planned},
                                 {"sent", books.sent},
                                 {"held", books.held},
                                 {"suppressed", books.suppressed},
                                 {"superseded", books.superseded},
                                 {"failed", books.failed},
                                 {"waiting", books.waiting}}
                        .dump()
                 << '\n';
        return;
    }
    if (format_ == SimulationFormat::Text) {
        results_ << "books: planned " << books.planned << " = sent " << books.sent << " + held "
                 << books.held << " + suppressed " << books.suppressed << " + superseded "
                 << books.superseded << " + failed " << books.failed << " + waiting "
                 << books.waiting << '\n';
        return;
    }
    results_ << "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//fristvakt//simulate//NO\r\n";
    workflows::CaseFilter filter;
    while (true) {
        const auto page = store.cases(filter);
        if (!page.ok() || page.value().empty()) {
            break;
        }
        for (const workflows::Case& item : page.value()) {
            if (!item.due) {
                continue;
            }
            const auto day = item.due->date;
            results_ << "BEGIN:VEVENT\r\n"
                     << folded("UID:" + escaped(item.id) + "@fristvakt")
                     << "DTSTAMP:" << compact(workflows::iso_utc(item.opened_at)) << "\r\n"
                     << "DTSTART;VALUE=DATE:" << compact(workflows::iso_date(day)) << "\r\n"
                     << "DTEND;VALUE=DATE:"
                     << compact(workflows::iso_date(day + workflows::cal::days{1})) << "\r\n"
                     << folded("SUMMARY:Frist: " + escaped(item.id) + " (" + escaped(item.state) +
                               ")")
                     << "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
        }
        filter.after_id = page.value().back().id;
    }
    results_ << "END:VCALENDAR\r\n";
}

}  // namespace fristvakt::daemon
