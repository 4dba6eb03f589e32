#pragma once

#include <filesystem>
#include <string>

#include "integrations/yaml/configuration.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// The workflows, ladders, calendars and notices that the program carries for folders that lack
/// them.
[[nodiscard]] integrations::ConfigurationFiles embedded_defaults();

/// The configuration in `folder`, or the shipped one when it is empty; read, not yet verified.
/// NotFound, InvalidInput, Unavailable: as read_folder.
[[nodiscard]] workflows::Result<integrations::ConfigurationFiles> configuration_files(
    const std::filesystem::path& folder);

/// As load_configuration with the embedded defaults, and compiles each notice: Markdown that cannot
/// be used is an error here, not when a message is due.
[[nodiscard]] integrations::LoadedConfiguration load_whole(
    const integrations::ConfigurationFiles& files);

/// Reads and verifies; the error of a bad configuration is all its findings, one a line.
[[nodiscard]] workflows::Result<integrations::LoadedConfiguration> load_verified(
    const std::filesystem::path& folder);

}  // namespace fristvakt::daemon
