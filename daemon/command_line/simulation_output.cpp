#include "daemon/command_line/simulation_output.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "daemon/command_line/moment.hpp"
#include "daemon/web/deadline_entry.hpp"
#include "integrations/calendar/calendar_file.hpp"

namespace fristvakt::daemon {

using nlohmann::ordered_json;
using workflows::Instant;
using workflows::iso_instant;

SimulationFormat simulation_format(const std::string& name) {
    if (name == "json") {
        return SimulationFormat::Json;
    }
    return name == "ics" ? SimulationFormat::Ics : SimulationFormat::Text;
}

SimulationOutput::SimulationOutput(std::ostream& results, std::ostream& talk,
                                   SimulationFormat format,
                                   const workflows::Definitions& definitions, std::string events)
    : results_(results),
      talk_(talk),
      format_(format),
      events_(std::move(events)),
      definitions_(definitions) {}

void SimulationOutput::message(const workflows::MessageSnapshot& snapshot,
                               const workflows::RenderedMessage& rendered) {
    const auto& zone = definitions_.time_zone();
    if (format_ == SimulationFormat::Json) {
        ordered_json line{{"type", "message"},
                          {"at", iso_instant(snapshot.at, zone)},
                          {"channel", snapshot.channel},
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
        results_ << show_time(snapshot.at, zone)
                 << (snapshot.channel == workflows::kTeamsChannel ? "  card  " : "  mail  ")
                 << snapshot.to.address << " (" << snapshot.organisation << ", "
                 << workflows::language_tag(snapshot.language) << ")  " << rendered.subject;
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
    talk_ << events_ << ':' << event.line << ": error: " << error.message << '\n';
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
    integrations::calendar::Calendar calendar{.name = "Frister"};
    workflows::CaseFilter filter;
    while (true) {
        const auto page = store.cases(filter);
        if (!page.ok() || page.value().empty()) {
            break;
        }
        for (const workflows::Case& item : page.value()) {
            if (auto entry = deadline_entry(item, definitions_,
                                            definitions_.installation.default_language)) {
                calendar.entries.push_back(std::move(*entry));
            }
        }
        filter.after_id = page.value().back().id;
    }
    results_ << to_icalendar(calendar, definitions_.time_zone());
}

}  // namespace fristvakt::daemon
