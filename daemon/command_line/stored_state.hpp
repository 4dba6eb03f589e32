#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"
#include "workflows/result.hpp"

namespace CLI {
class App;
}

namespace fristvakt::daemon {

/// Which state folder a command looks into, and as of when.
struct StateOptions {
    std::string state{"/var/lib/fristvakt"};
    std::string config;  ///< Empty: the configuration that the daemon took into use.
    std::string at;      ///< Empty: now.
};
/// --state, of commands about a configuration: the folder whose layer is to count.
void add_layer_option(CLI::App& command, std::string& state);
/// --state and --config.
void add_state_options(CLI::App& command, StateOptions& options);

/// The database of a state folder.
[[nodiscard]] std::filesystem::path database_in(const std::filesystem::path& state);

/// A state folder, read at one moment, also while a daemon writes to it. Nothing is locked and
/// nothing is changed.
struct StoredState {
    std::filesystem::path database;
    std::unique_ptr<workflows::Snapshot> snapshot;
    workflows::Ledger ledger;
    std::shared_ptr<const workflows::Definitions> definitions;
    workflows::Instant now{};  ///< On the installation's clock: a demo's is where it had come to.
    workflows::Instant at{};   ///< What was asked for; `now` unless the options say otherwise.
};

/// NotFound: no such folder or database. InvalidInput: `at` is no time. Conflict: the configuration
/// cannot be read back, or the format is another. Unavailable: the file cannot be read.
[[nodiscard]] workflows::Result<StoredState> open_state(const StateOptions& options);

/// The time on the installation's clock: the machine's, or where the demo clock of the daemon that
/// keeps its state in `state` had come to.
[[nodiscard]] workflows::Instant now_in(const std::filesystem::path& state,
                                        const workflows::Ledger& ledger,
                                        workflows::Snapshot& snapshot);

/// The configuration with that hash as it was taken into use.
[[nodiscard]] workflows::Result<std::shared_ptr<const workflows::Definitions>> stored_definitions(
    workflows::Snapshot& snapshot, const std::string& hash);

/// All cases of a filter, however many pages they take, in the order of their names.
[[nodiscard]] workflows::Result<std::vector<workflows::Case>> all_cases(
    workflows::Snapshot& snapshot, workflows::CaseFilter filter);

/// The case, or NotFound with what to do.
[[nodiscard]] workflows::Result<workflows::Case> stored_case(StoredState& state,
                                                             const std::string& id);

}  // namespace fristvakt::daemon
