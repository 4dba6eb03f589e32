#include "daemon/command_line/simulation_setup.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "daemon/command_line/moment.hpp"

namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

Result<Period> read_period(const std::string& from, const std::string& to,
                           const workflows::TimeZone& zone) {
    const auto start = read_moment(from, "--from", zone, DayMeans::Start);
    if (!start.ok()) {
        return start.error();
    }
    const auto end = read_moment(to, "--to", zone, DayMeans::End);
    if (!end.ok()) {
        return end.error();
    }
    if (end.value() <= start.value()) {
        return Error{ErrorKind::InvalidInput, "--to lies before --from; turn them round"};
    }
    return Period{start.value(), end.value()};
}

Result<std::vector<TimedEvent>> read_events(const std::string& file, const Period& period,
                                            const Definitions& definitions) {
    std::error_code ignored;
    std::ifstream stream{file, std::ios::binary};
    // A folder opens like a file, and throws when it is read.
    if (!stream || std::filesystem::is_directory(file, ignored)) {
        return Error{ErrorKind::NotFound,
                     "--events: cannot read " + file + "; give a file of events"};
    }
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    auto events = read_timed_events(text, file, definitions);
    if (!events.ok()) {
        return Error{ErrorKind::Conflict, events.error().message};
    }
    std::string outside;
    for (const TimedEvent& event : events.value()) {
        if (event.at < period.from || event.at >= period.until) {
            outside += (outside.empty() ? "" : "\n") + file + ":" + std::to_string(event.line) +
                       ": error: outside --from and --to; move one of them";
        }
    }
    return outside.empty() ? events
                           : Result<std::vector<TimedEvent>>{Error{ErrorKind::Conflict, outside}};
}

}  // namespace fristvakt::daemon
