#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/configuration/durable_folder.hpp"
#include "integrations/sqlite/reading.hpp"

namespace fristvakt::daemon {

namespace {

using integrations::ConfigurationFiles;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

struct ExportOptions {
    StateOptions state;
    std::string to;
    bool json{false};
};

/// The folder with what was changed on the pages laid over it.
Result<ConfigurationFiles> layered_files(const ExportOptions& options) {
    const auto files = configuration_files(options.state.config);
    const auto layer = layer_in(options.state.state);
    if (!files.ok() || !layer.ok()) {
        return files.ok() ? layer.error() : files.error();
    }
    Whole whole = load_whole(files.value(), layer.value());
    if (!whole.loaded.definitions) {
        return Error{ErrorKind::Conflict, errors_of(whole.loaded)};
    }
    return std::move(whole.files);
}

/// What the daemon took into use, as the database keeps it: with all that the program carries.
Result<ConfigurationFiles> stored_files(const ExportOptions& options) {
    auto state = open_state(options.state);
    if (!state.ok()) {
        return state.error();
    }
    const auto archive =
        state.value().snapshot->configuration(state.value().ledger.definitions_hash);
    if (!archive.ok()) {
        return archive.error();
    }
    return integrations::files_from_archive(archive.value().value_or(""), "stored");
}

int export_configuration(const ExportOptions& options) {
    std::error_code ignored;
    if (std::filesystem::exists(options.to, ignored) &&
        !std::filesystem::is_empty(options.to, ignored)) {
        return refuse("--to: " + options.to + " is there and not empty; name a new folder",
                      kExitProblems);
    }
    const auto files =
        options.state.config.empty() ? stored_files(options) : layered_files(options);
    if (!files.ok()) {
        return refuse_file(files.error());
    }
    if (const auto written = write_folder(options.to, files.value()); !written.ok()) {
        return refuse(written.error());
    }
    if (options.json) {
        nlohmann::ordered_json names = nlohmann::ordered_json::array();
        for (const auto& [path, bytes] : files.value().files) {
            names.push_back(path);
        }
        std::cout << nlohmann::ordered_json{{"folder", options.to}, {"files", names}}.dump()
                  << '\n';
    } else {
        std::cout << options.to << ": " << files.value().files.size() << " files\n";
    }
    return kExitOk;
}

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = app.add_subcommand(
        "export", "Write the configuration as one folder, with what was changed on the pages");
    add_state_options(*command, options->state);
    command->add_option("--to", options->to, "A new folder")->required();
    command->add_flag("--json", options->json, "One JSON object");
    command->footer("Example: fristvakt export --config /etc/fristvakt --to ./whole");
    command->callback([options, &exit_code] { exit_code = export_configuration(*options); });
}

}  // namespace fristvakt::daemon
