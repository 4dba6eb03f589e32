#pragma once

#include <filesystem>
#include <string_view>

/// Files that are on the disk when a function returns. On failure `errno` says why.
namespace fristvakt::integrations {

/// For its owner alone; good when it is there already. The folder above must exist.
[[nodiscard]] bool make_folder(const std::filesystem::path& path);
/// After a file was made in it, or moved into it.
[[nodiscard]] bool sync_folder(const std::filesystem::path& path);
/// A new or emptied file for its owner alone, written and synced; its folder is not.
[[nodiscard]] bool write_synced(const std::filesystem::path& path, std::string_view bytes);

}  // namespace fristvakt::integrations
