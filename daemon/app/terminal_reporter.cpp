#include "daemon/app/terminal_reporter.hpp"

#include <ostream>

namespace fristvakt::daemon {

namespace {

std::string when(workflows::Instant at, const workflows::TimeZone& zone) {
    const std::string iso = workflows::iso_instant(at, zone);
    return iso.substr(0, 10) + " " + iso.substr(11, 5);
}

}  // namespace

TerminalReporter::TerminalReporter(std::ostream& out, const workflows::Definitions& definitions)
    : out_(out), zone_(definitions.time_zone()) {}

void TerminalReporter::committed(const workflows::Batch& batch) {
    for (const workflows::Person& person : batch.persons) {
        addresses_[person.id] = person.address;
    }
    for (const auto& body : batch.bodies) {
        subjects_[body.message] = body.rendered.subject;
    }
    for (const workflows::LogEntry& entry : batch.entries) {
        if (entry.kind == "event") {
            show_event(entry);
        }
        for (const workflows::Message& message : entry.change.messages) {
            show_message(message, entry.at);
        }
    }
    out_.flush();
}

void TerminalReporter::show_event(const workflows::LogEntry& entry) {
    out_ << when(entry.at, zone_) << "  case  " << entry.case_id << ": " << entry.event;
    if (entry.from != entry.to) {
        out_ << " (" << (entry.from.empty() ? "new" : entry.from) << " -> " << entry.to << ")";
    }
    out_ << ", by " << entry.actor << '\n';
}

void TerminalReporter::show_message(const workflows::Message& message, workflows::Instant at) {
    using workflows::MessageState;
    if (message.state == MessageState::Sending || message.state == MessageState::Waiting) {
        return;
    }
    out_ << when(at, zone_) << (message.state == MessageState::Sent ? "  mail  " : "  ----  ")
         << addresses_[message.person] << " [" << workflows::language_tag(message.language) << "] "
         << subjects_[message.number];
    for (const std::string& copy : message.copies) {
        out_ << ", copy " << addresses_[copy];
    }
    if (message.state != MessageState::Sent) {
        out_ << " " << to_string(message.state) << ": " << to_string(message.reason);
    }
    out_ << '\n';
    if (message.settled_at) {
        subjects_.erase(message.number);
    }
}

}  // namespace fristvakt::daemon
