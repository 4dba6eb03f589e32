#pragma once

#include <filesystem>

#include "integrations/sqlite/files.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// The folder in which an installation keeps what it must not forget, held by one process at a
/// time: as long as this object lives. The kernel lets go of the lock when the process ends,
/// however it ends.
class StateFolder {
 public:
    /// NotFound: no such folder, and not to be created. Conflict: another process holds it; says
    /// which. Unavailable: it cannot be made or written to. A folder that is made is its owner's
    /// only.
    [[nodiscard]] static workflows::Result<StateFolder> lock(const std::filesystem::path& folder,
                                                             bool create);

    [[nodiscard]] std::filesystem::path database() const { return folder_ / "state.db"; }
    /// The Maildir of the transport `spool`.
    [[nodiscard]] std::filesystem::path spool() const { return folder_ / "spool"; }
    [[nodiscard]] const std::filesystem::path& path() const { return folder_; }

 private:
    StateFolder(std::filesystem::path folder, Descriptor lock)
        : folder_(std::move(folder)), lock_(std::move(lock)) {}

    std::filesystem::path folder_;
    Descriptor lock_;
};

}  // namespace fristvakt::integrations
