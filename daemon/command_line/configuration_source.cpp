#include "daemon/command_line/configuration_source.hpp"

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

integrations::LoadedConfiguration load_whole(const ConfigurationFiles& files) {
    auto loaded = integrations::load_configuration(files, embedded_defaults());
    if (!loaded.definitions) {
        return loaded;
    }
    bool sound = true;
    for (const auto& [id, notice] : loaded.definitions->notices) {
        for (const workflows::Notice::Twin* twin : {&notice.nb, &notice.nn}) {
            for (const std::string& problem : integrations::texts::problems_in(*twin)) {
                sound = false;
                loaded.diagnostics.push_back({.severity = workflows::Severity::Error,
                                              .where = twin->where,
                                              .message = "notice `" + id + "`: " + problem,
                                              .hint = "mend the Markdown"});
            }
        }
    }
    if (!sound) {
        loaded.definitions.reset();
    }
    return loaded;
}

Result<integrations::LoadedConfiguration> load_verified(const std::filesystem::path& folder) {
    const auto files = configuration_files(folder);
    if (!files.ok()) {
        return files.error();
    }
    auto loaded = load_whole(files.value());
    if (loaded.definitions) {
        return loaded;
    }
    std::string findings;
    for (const workflows::Diagnostic& finding : loaded.diagnostics) {
        if (finding.severity == workflows::Severity::Error) {
            findings += (findings.empty() ? "" : "\n") + to_string(finding);
        }
    }
    return Error{ErrorKind::InvalidInput, findings};
}

}  // namespace fristvakt::daemon
