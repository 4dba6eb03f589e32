#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/definition/diagnostic.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// A line of a file, by the name that findings give it.
struct SourceLine {
    std::string file;
    int line{1};
};

/// The files of a configuration as bytes, by path relative to its folder ("programmes/x.yaml"). No
/// path has a control character in it.
struct ConfigurationFiles {
    std::string name;  ///< Stands before the path in diagnostics: "config".
    std::map<std::string, std::string> files;
    /// Of files that come from elsewhere, by path: where each of their lines does. One alone is the
    /// first line of a whole file. Findings and definitions name those places.
    std::map<std::string, std::vector<SourceLine>> origins{};
};

/// All *.yaml, *.yml, *.csv and *.md below `folder`; hidden files and folders are left out.
/// NotFound: there is no such folder. InvalidInput: a file is above 16 MiB or has a control
/// character in its name, there are more than 10,000, or the folders go deeper than four.
/// Unavailable: something cannot be read. Never throws.
[[nodiscard]] workflows::Result<ConfigurationFiles> read_folder(
    const std::filesystem::path& folder);

struct LoadedConfiguration {
    /// Verified and indexed; null when there is any error.
    std::shared_ptr<const workflows::Definitions> definitions;
    /// Errors and warnings, by file, line and column. Columns count characters.
    std::vector<workflows::Diagnostic> diagnostics;
    /// Path, length and bytes of every file that was used, in one string: what `definitions->hash`
    /// is the SHA-256 of, and what is stored when the configuration is taken into use.
    std::string archive;
};

/// Reads and verifies a configuration whole. Takes nothing from outside its arguments but the time
/// zones of the system, and never throws.
///
/// `defaults` fills in workflows, ladders, calendars and notices that `files` lacks, by their id;
/// never programmes, organisations and contacts.
[[nodiscard]] LoadedConfiguration load_configuration(const ConfigurationFiles& files,
                                                     const ConfigurationFiles& defaults);

/// The files behind a `LoadedConfiguration::archive`, under `name`; loaded without defaults they
/// give the same Definitions. InvalidInput: not such an archive, or one that a person was erased
/// from.
[[nodiscard]] workflows::Result<ConfigurationFiles> files_from_archive(std::string_view archive,
                                                                       std::string name);

/// The keys of one kind of map in the YAML files, for the test that holds config/schema against
/// them.
struct KnownKeys {
    std::string name;  ///< The definition in the schemas: "requirement".
    std::vector<std::string> keys;
    std::vector<std::string> required;
    std::vector<std::string> later;  ///< Known to the format, not acted on yet.
};
[[nodiscard]] std::vector<KnownKeys> known_keys();

}  // namespace fristvakt::integrations
