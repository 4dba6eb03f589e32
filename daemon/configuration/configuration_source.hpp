#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "integrations/yaml/configuration.hpp"
#include "integrations/yaml/layer.hpp"
#include "workflows/result.hpp"

/// Where a configuration comes from: a folder, or the program itself, and what was changed on the
/// pages, which lies over it.
namespace fristvakt::daemon {

/// The workflows, ladders, calendars and notices that the program carries for folders that lack
/// them.
[[nodiscard]] integrations::ConfigurationFiles embedded_defaults();

/// The configuration in `folder`, or the shipped one when it is empty; read, not yet verified.
/// NotFound, InvalidInput, Unavailable: as read_folder.
[[nodiscard]] workflows::Result<integrations::ConfigurationFiles> configuration_files(
    const std::filesystem::path& folder);

/// Where a state folder keeps what was changed on the pages.
[[nodiscard]] std::filesystem::path layer_folder(const std::filesystem::path& state);
/// What was changed there; nothing for an empty path, and where there is no such folder.
/// InvalidInput, Unavailable: as read_folder.
[[nodiscard]] workflows::Result<integrations::Layer> layer_in(const std::filesystem::path& state);

/// A configuration with a layer over it.
struct Whole {
    integrations::LoadedConfiguration loaded;  ///< No definitions while there is a conflict.
    integrations::ConfigurationFiles files;    ///< As one folder.
    std::vector<integrations::LayerConflict> conflicts;
};
/// As load_configuration with the embedded defaults, and compiles each notice: Markdown that cannot
/// be used is an error here, not when a message is due.
[[nodiscard]] Whole load_whole(const integrations::ConfigurationFiles& files,
                               const integrations::Layer& layer = {});

/// The errors of a configuration, one a line.
[[nodiscard]] std::string errors_of(const integrations::LoadedConfiguration& loaded);

/// A configuration that was taken into use, from what the store keeps of it. InvalidInput: a person
/// was erased from it, or it does not pass this version's check.
[[nodiscard]] workflows::Result<integrations::LoadedConfiguration> load_archive(
    std::string_view archive);

/// Reads and verifies the folder, and what `state` lays over it unless that is empty. The error of
/// a bad configuration is all its findings, one a line.
[[nodiscard]] workflows::Result<integrations::LoadedConfiguration> load_verified(
    const std::filesystem::path& folder, const std::filesystem::path& state = {});

}  // namespace fristvakt::daemon
