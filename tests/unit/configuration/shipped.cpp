#include "tests/unit/configuration/shipped.hpp"

#include <filesystem>

#include "tests/source_dir.hpp"

namespace fristvakt::tests {

integrations::ConfigurationFiles shipped_files() {
    static const auto kFiles = integrations::read_folder(source_dir() / "config");
    integrations::ConfigurationFiles files = kFiles.value();
    files.name = "config";
    return files;
}

integrations::ConfigurationFiles default_files() {
    auto files = shipped_files();
    files.name = "defaults";
    return files;
}

std::string printed(const integrations::LoadedConfiguration& loaded) {
    std::string text;
    for (const auto& diagnostic : loaded.diagnostics) {
        text += to_string(diagnostic) + "\n";
    }
    return text;
}

}  // namespace fristvakt::tests
