#include "daemon/command_line/stored_state.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include <CLI/CLI.hpp>

#include "daemon/command_line/moment.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/runtime/clock.hpp"
#include "integrations/sqlite/reading.hpp"
#include "workflows/each_case.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;

namespace {

Result<std::shared_ptr<const Definitions>> definitions_for(const StateOptions& options,
                                                           workflows::Snapshot& snapshot,
                                                           const std::string& hash) {
    if (options.config.empty()) {
        return stored_definitions(snapshot, hash);
    }
    auto loaded = load_verified(options.config, options.state);
    if (!loaded.ok()) {
        const ErrorKind kind =
            loaded.error().kind == ErrorKind::NotFound ? ErrorKind::NotFound : ErrorKind::Conflict;
        return Error{kind, loaded.error().message};
    }
    return loaded.value().definitions;
}

}  // namespace

void add_layer_option(CLI::App& command, std::string& state) {
    command.add_option("--state", state,
                       "A state folder: what was changed on its pages lies over DIR");
}

void add_state_options(CLI::App& command, StateOptions& options) {
    command.add_option("--state", options.state, "The daemon's state folder")
        ->capture_default_str();
    command.add_option("--config", options.config,
                       "Folder; without one the configuration that the daemon took into use");
}

Instant now_in(const std::filesystem::path& state, const workflows::Ledger& ledger,
               workflows::Snapshot& snapshot) {
    if (!ledger.demo_clock) {
        return SystemClock{}.now();
    }
    // A demo's clock stands still while no daemon runs; the daemon keeps its time beside the
    // database.
    const auto head = snapshot.head();
    const Instant logged = head.ok() ? head.value().at : Instant{};
    std::ifstream file{state / "clock"};
    std::string text;
    const auto utc = workflows::TimeZone::locate("UTC");
    if (!utc.ok() || !std::getline(file, text)) {
        return logged;
    }
    const auto kept = workflows::parse_instant(text, utc.value());
    return kept.ok() ? std::max(logged, kept.value()) : logged;
}

std::filesystem::path database_in(const std::filesystem::path& state) {
    return state / "state.db";
}

Result<std::shared_ptr<const Definitions>> stored_definitions(workflows::Snapshot& snapshot,
                                                              const std::string& hash) {
    const auto archive = snapshot.configuration(hash);
    if (!archive.ok()) {
        return archive.error();
    }
    if (!archive.value()) {
        return Error{ErrorKind::Conflict,
                     "no configuration is stored there; name its folder with --config"};
    }
    auto loaded = load_archive(*archive.value());
    if (!loaded.ok()) {
        return Error{ErrorKind::Conflict, loaded.error().message + " with --config"};
    }
    return loaded.value().definitions;
}

Result<StoredState> open_state(const StateOptions& options) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(options.state, ignored)) {
        return Error{ErrorKind::NotFound, options.state +
                                              ": there is no such state folder; name the daemon's "
                                              "with --state"};
    }
    StoredState state;
    state.database = database_in(options.state);
    if (!std::filesystem::exists(state.database, ignored)) {
        return Error{ErrorKind::NotFound, options.state +
                                              ": no daemon has run there yet; start it, or name "
                                              "another folder with --state"};
    }
    auto snapshot = integrations::open_for_reading(state.database);
    if (!snapshot.ok()) {
        return snapshot.error();
    }
    state.snapshot = std::move(snapshot).value();
    auto ledger = state.snapshot->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    state.ledger = std::move(ledger).value();
    auto definitions = definitions_for(options, *state.snapshot, state.ledger.definitions_hash);
    if (!definitions.ok()) {
        return definitions.error();
    }
    state.definitions = std::move(definitions).value();
    state.now = now_in(options.state, state.ledger, *state.snapshot);
    state.at = state.now;
    if (!options.at.empty()) {
        const auto at =
            read_moment(options.at, "--at", state.definitions->time_zone(), DayMeans::Start);
        if (!at.ok()) {
            return at.error();
        }
        state.at = at.value();
    }
    return state;
}

Result<std::vector<Case>> all_cases(workflows::Snapshot& snapshot, workflows::CaseFilter filter) {
    std::vector<Case> all;
    const auto read = workflows::each_case(snapshot, std::move(filter), [&](Case& item) {
        all.push_back(std::move(item));
        return workflows::Status{workflows::Done{}};
    });
    if (!read.ok()) {
        return read.error();
    }
    return all;
}

Result<Case> stored_case(StoredState& state, const std::string& id) {
    auto found = state.snapshot->find_case(id);
    if (!found.ok()) {
        return found.error();
    }
    if (!found.value()) {
        return Error{ErrorKind::NotFound,
                     "no case " + id + "; `fristvakt list` shows those there are"};
    }
    return *std::move(found).value();
}

}  // namespace fristvakt::daemon
