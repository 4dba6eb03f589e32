#include "daemon/configuration/configuration_source.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "integrations/embedded/embedded.hpp"
#include "integrations/texts/notice_template.hpp"
#include "workflows/definition/diagnostic.hpp"

namespace fristvakt::daemon {

using integrations::ConfigurationFiles;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

ConfigurationFiles embedded_defaults() {
    ConfigurationFiles defaults{.name = "embedded", .files = {}};
    for (const auto& file : integrations::embedded_config()) {
        for (const std::string_view folder :
             {"workflows/", "ladders/", "calendars/", "messages/"}) {
            if (file.path.starts_with(folder)) {
                defaults.files.emplace(file.path, file.content);
            }
        }
    }
    return defaults;
}

Result<ConfigurationFiles> configuration_files(const std::filesystem::path& folder) {
    if (!folder.empty()) {
        return integrations::read_folder(folder);
    }
    ConfigurationFiles shipped{.name = "shipped", .files = {}};
    for (const auto& file : integrations::embedded_config()) {
        if (file.path.ends_with(".yaml") || file.path.ends_with(".csv")) {
            shipped.files.emplace(file.path, file.content);
        }
    }
    return shipped;
}

std::filesystem::path layer_folder(const std::filesystem::path& state) {
    return state / "config";
}

Result<integrations::Layer> layer_in(const std::filesystem::path& state) {
    std::error_code ignored;
    if (state.empty() || !std::filesystem::exists(layer_folder(state), ignored)) {
        return integrations::Layer{};
    }
    const auto files = integrations::read_folder(layer_folder(state));
    if (!files.ok()) {
        return files.error();
    }
    return integrations::read_layer(files.value());
}

Whole load_whole(const ConfigurationFiles& files, const integrations::Layer& layer) {
    auto layered = integrations::lay_over(files, layer);
    Whole whole{.loaded = integrations::load_configuration(layered.files, embedded_defaults()),
                .files = std::move(layered.files),
                .conflicts = std::move(layered.conflicts)};
    auto& loaded = whole.loaded;
    bool sound = std::ranges::none_of(layered.diagnostics, [](const auto& finding) {
        return finding.severity == workflows::Severity::Error;
    });
    std::ranges::move(layered.diagnostics, std::back_inserter(loaded.diagnostics));
    if (!loaded.definitions) {
        return whole;
    }
    for (const auto& [id, notice] : loaded.definitions->notices) {
        for (const workflows::Notice::Twin* twin : {&notice.nb, &notice.nn}) {
            for (const std::string& problem : integrations::texts::problems_in(*twin)) {
                sound = false;
                std::string message = "notice `";
                message.append(id).append("`: ").append(problem);
                loaded.diagnostics.push_back({.severity = workflows::Severity::Error,
                                              .where = twin->where,
                                              .message = std::move(message),
                                              .hint = "mend the Markdown"});
            }
        }
    }
    if (!sound) {
        loaded.definitions.reset();
    }
    return whole;
}

std::string errors_of(const integrations::LoadedConfiguration& loaded) {
    std::string findings;
    for (const workflows::Diagnostic& finding : loaded.diagnostics) {
        if (finding.severity == workflows::Severity::Error) {
            findings += (findings.empty() ? "" : "\n") + to_string(finding);
        }
    }
    return findings;
}

Result<integrations::LoadedConfiguration> load_archive(std::string_view archive) {
    const auto files = integrations::files_from_archive(archive, "stored");
    if (!files.ok()) {
        return files.error();
    }
    auto loaded = integrations::load_configuration(files.value(), {});
    if (!loaded.definitions) {
        return Error{ErrorKind::InvalidInput,
                     "the stored configuration does not pass this version's check, or a person "
                     "was erased from it; name its folder"};
    }
    return loaded;
}

Result<integrations::LoadedConfiguration> load_verified(const std::filesystem::path& folder,
                                                        const std::filesystem::path& state) {
    const auto files = configuration_files(folder);
    if (!files.ok()) {
        return files.error();
    }
    const auto layer = layer_in(state);
    if (!layer.ok()) {
        return layer.error();
    }
    auto whole = load_whole(files.value(), layer.value());
    if (whole.loaded.definitions) {
        return std::move(whole.loaded);
    }
    return Error{ErrorKind::InvalidInput, errors_of(whole.loaded)};
}

}  // namespace fristvakt::daemon
