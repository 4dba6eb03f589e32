#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

#include "integrations/yaml/configuration.hpp"

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

constexpr std::uintmax_t kFileBytesMax = 16ULL << 20U;
constexpr std::size_t kFilesMax = 10'000;
constexpr int kDepthMax = 4;

bool is_wanted(const fs::path& path) {
    const std::string extension = path.extension().string();
    return extension == ".yaml" || extension == ".yml" || extension == ".csv" || extension == ".md";
}

/// Names stand in findings, one a line, and in the archive, which ends them with a line break.
bool is_printable(std::string_view name) {
    return std::ranges::none_of(
        name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<std::string> read_file(const fs::path& path) {
    std::error_code problem;
    const auto size = fs::file_size(path, problem);
    if (!problem && size > kFileBytesMax) {
        return Error{ErrorKind::InvalidInput,
                     fmt::format("{} is larger than {} MiB; no file of a configuration is",
                                 path.string(), kFileBytesMax >> 20U)};
    }
    std::ifstream stream(path, std::ios::binary);
    std::string bytes;
    if (!problem && stream) {
        bytes.resize(size);
        stream.read(bytes.data(), static_cast<std::streamsize>(size));
        bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    }
    if (problem || !stream) {
        return Error{ErrorKind::Unavailable,
                     fmt::format("{} cannot be read; check who may read it", path.string())};
    }
    return bytes;
}

Result<ConfigurationFiles> walk(const fs::path& folder) {
    ConfigurationFiles result;
    result.name = folder.lexically_normal().string();
    while (result.name.size() > 1 && result.name.ends_with('/')) {
        result.name.pop_back();
    }
    for (auto entry = fs::recursive_directory_iterator(folder);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const fs::path& path = entry->path();
        if (path.filename().string().starts_with('.')) {
            entry.disable_recursion_pending();
            continue;
        }
        if (entry->is_directory()) {
            if (entry.depth() + 1 >= kDepthMax) {
                return Error{ErrorKind::InvalidInput,
                             fmt::format("{} lies too deep; a configuration has {} levels of "
                                         "folders at most",
                                         path.string(), kDepthMax)};
            }
            continue;
        }
        if (!is_wanted(path)) {
            continue;
        }
        std::string name = path.lexically_relative(folder).generic_string();
        if (!is_printable(name)) {
            std::ranges::replace_if(
                name,
                [](char c) {
                    return !is_printable({&c, 1});
                },
                '?');
            return Error{ErrorKind::InvalidInput,
                         fmt::format("{}/{} has a control character in its name, shown here as a "
                                     "question mark; rename it",
                                     result.name, name)};
        }
        if (result.files.size() == kFilesMax) {
            return Error{ErrorKind::InvalidInput,
                         fmt::format("{} holds more than {} files; is it the right folder?",
                                     folder.string(), kFilesMax)};
        }
        auto bytes = read_file(path);
        if (!bytes.ok()) {
            return bytes.error();
        }
        result.files.emplace(std::move(name), std::move(bytes).value());
    }
    return result;
}

}  // namespace

Result<ConfigurationFiles> read_folder(const fs::path& folder) {
    try {
        if (!fs::is_directory(folder)) {
            return Error{ErrorKind::NotFound,
                         fmt::format("{} is no folder; name the one that holds fristvakt.yaml",
                                     folder.string())};
        }
        return walk(folder);
    } catch (const std::exception& exception) {
        return Error{ErrorKind::Unavailable,
                     fmt::format("{} cannot be read: {}; check who may read it", folder.string(),
                                 exception.what())};
    }
}

}  // namespace fristvakt::integrations
