#pragma once

#include <string>

#include "integrations/yaml/configuration.hpp"

namespace fristvakt::tests {

/// The shipped configuration as it stands in the source tree, named "config".
[[nodiscard]] integrations::ConfigurationFiles shipped_files();
/// The same as defaults, named "defaults": what the program carries inside itself.
[[nodiscard]] integrations::ConfigurationFiles default_files();
/// All findings, one a line.
[[nodiscard]] std::string printed(const integrations::LoadedConfiguration& loaded);

}  // namespace fristvakt::tests
