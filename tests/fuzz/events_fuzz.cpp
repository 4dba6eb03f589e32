// Events as JSON lines, for simulations and demonstrations.

#include <algorithm>
#include <string>

#include "daemon/simulation/timed_event.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace workflows;

const Definitions& definitions() {
    static const Definitions kDefinitions = [] {
        Definitions made;
        made.zone = TimeZone::locate("Europe/Oslo").value();
        Workflow plan;
        plan.id = "plan";
        State awaited;
        awaited.id = "awaited";
        Transition claimed;
        claimed.event = "claimed";
        claimed.by = {Party::Debtor};
        awaited.on = {claimed};
        plan.states = {awaited};
        made.workflows = {plan};
        made.index();
        return made;
    }();
    return kDefinitions;
}

/// Every line of it says where: "events:LINE: error: …".
void look_at_errors(std::string_view message, std::ptrdiff_t lines) {
    while (!message.empty()) {
        std::string_view line = take_until(message, "\n");
        demand(line.starts_with("events:"), "an error says where", line);
        line.remove_prefix(std::string_view{"events:"}.size());
        const int number = std::atoi(std::string{take_until(line, ":")}.c_str());
        demand(number >= 1 && number <= lines, "the line is there", line);
        demand(line.starts_with(" error: ") && line.size() > 10, "an error says what", line);
    }
}

void look_at_event(const daemon::TimedEvent& timed, std::ptrdiff_t lines) {
    demand(timed.line >= 1 && timed.line <= lines, "an event knows its line", timed.event.name);
    const std::string at = iso_instant(timed.at, definitions().time_zone());
    const auto again = parse_instant(at, definitions().time_zone());
    demand(again.ok() && again.value() == timed.at, "a time that is written is read back", at);
    for (const char* taken : {"at", "case", "event", "by", "who"}) {
        demand(!timed.event.fields.contains(taken), "what is no field is none", taken);
    }
}

}  // namespace

void try_events(std::string_view text) {
    const auto lines = std::ranges::count(text, '\n') + 1;
    const auto read = daemon::read_timed_events(text, "events", definitions());
    if (!read.ok()) {
        look_at_errors(read.error().message, lines);
        return;
    }
    const auto& events = read.value();
    for (std::size_t i = 0; i < events.size(); ++i) {
        look_at_event(events[i], lines);
        demand(i == 0 || events[i - 1].at < events[i].at ||
                   (events[i - 1].at == events[i].at && events[i - 1].line < events[i].line),
               "events stand in the order of time, then of lines");
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_events(fristvakt::fuzz::text_of(data, size));
    return 0;
}
