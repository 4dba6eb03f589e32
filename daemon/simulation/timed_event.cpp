#include "daemon/simulation/timed_event.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace fristvakt::daemon {

using nlohmann::json;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

/// The party that may raise `event` in some workflow of the configuration.
workflows::Actor natural_actor(const std::string& event,
                               const workflows::Definitions& definitions) {
    for (const workflows::Workflow& workflow : definitions.workflows) {
        for (const workflows::State& state : workflow.states) {
            for (const workflows::Transition& transition : state.on) {
                if (transition.event == event && !transition.by.empty()) {
                    return transition.by.front() == workflows::Party::Debtor
                               ? workflows::Actor::Debtor
                               : workflows::Actor::Creditor;
                }
            }
        }
    }
    return workflows::Actor::Creditor;
}

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<TimedEvent> read_line(const std::string& line, const workflows::Definitions& definitions) {
    // Writing a value out again calls itself for each level.
    constexpr int kDepthMax{32};
    bool too_deep = false;
    const auto look = [&](int depth, json::parse_event_t event, json&) {
        const bool begins =
            event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        too_deep = too_deep || (begins && depth >= kDepthMax);
        return !too_deep;
    };
    const json object = json::parse(line, look, false);
    if (too_deep) {
        return Error{ErrorKind::InvalidInput,
                     "more than " + std::to_string(kDepthMax) +
                         " levels deep; an event is one object of plain values"};
    }
    if (object.is_discarded() || !object.is_object()) {
        return Error{ErrorKind::InvalidInput, "not a JSON object; write one event a line"};
    }
    TimedEvent timed;
    for (const char* key : {"at", "case", "event"}) {
        if (!object.contains(key) || !object[key].is_string()) {
            return Error{ErrorKind::InvalidInput,
                         std::string{"'"} + key + "' is missing or no text; give it"};
        }
    }
    const auto at =
        workflows::parse_instant(object["at"].get<std::string>(), definitions.time_zone());
    if (!at.ok()) {
        return at.error();
    }
    timed.at = at.value();
    timed.event.case_id = object["case"].get<std::string>();
    timed.event.name = object["event"].get<std::string>();
    timed.event.by = natural_actor(timed.event.name, definitions);
    for (const auto& [key, value] : object.items()) {
        if (key == "by") {
            const auto actor = workflows::parse_actor(text_of(value));
            if (!actor) {
                return Error{ErrorKind::InvalidInput,
                             "by '" + text_of(value) + "': write debtor or creditor"};
            }
            timed.event.by = *actor;
        } else if (key == "who") {
            timed.event.who = text_of(value);
        } else if (key != "at" && key != "case" && key != "event") {
            timed.event.fields[key] = text_of(value);
        }
    }
    return timed;
}

}  // namespace

Result<std::vector<TimedEvent>> read_timed_events(std::string_view text, const std::string& name,
                                                  const workflows::Definitions& definitions) {
    std::vector<TimedEvent> events;
    std::string problems;
    int number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string line{text.substr(0, end)};
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) {
            continue;
        }
        auto timed = read_line(line, definitions);
        if (timed.ok()) {
            events.push_back(std::move(timed).value());
            events.back().line = number;
        } else {
            problems += (problems.empty() ? "" : "\n") + name + ":" + std::to_string(number) +
                        ": error: " + timed.error().message;
        }
    }
    if (!problems.empty()) {
        return Error{ErrorKind::InvalidInput, problems};
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const TimedEvent& a, const TimedEvent& b) { return a.at < b.at; });
    return events;
}

}  // namespace fristvakt::daemon
