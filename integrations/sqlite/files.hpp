#pragma once

#include <filesystem>

#include "workflows/result.hpp"

/// Files beyond what std::filesystem can do: durable, and without racing anybody.
namespace fristvakt::integrations {

/// A file descriptor that closes itself.
class Descriptor {
 public:
    Descriptor() = default;
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] bool valid() const { return descriptor_ >= 0; }
    [[nodiscard]] int get() const { return descriptor_; }

 private:
    int descriptor_{-1};
};

/// NotFound: not a file.
[[nodiscard]] workflows::Status require_file(const std::filesystem::path& file);
/// An empty file that only its owner may read; one that is there is removed first.
[[nodiscard]] workflows::Status create_private(const std::filesystem::path& file);
/// Nobody but its owner may read it any more; as before where that cannot be said of it.
void make_private(const std::filesystem::path& file);
/// What root has made in somebody's folder is theirs: else the service that owns the folder could
/// not open it. Does nothing for others than root.
[[nodiscard]] workflows::Status give_to_owner_of_folder(const std::filesystem::path& file);
/// Writes a file, or the names in a folder, through to the disk.
[[nodiscard]] workflows::Status sync_to_disk(const std::filesystem::path& path);
/// Renames and makes the new name durable. Conflict: `to` exists and `replace` is false.
[[nodiscard]] workflows::Status move_file(const std::filesystem::path& from,
                                          const std::filesystem::path& to, bool replace);
/// What `errno` says about that path, as Unavailable.
[[nodiscard]] workflows::Error system_failure(const std::filesystem::path& path, const char* doing);

}  // namespace fristvakt::integrations
