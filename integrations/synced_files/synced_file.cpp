#include "integrations/synced_files/synced_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;

/// An open file. Closed at the end, its outcome looked at by close() alone.
class File {
 public:
    File(const fs::path& path, int flags)
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~File() {
        if (descriptor_ >= 0) {
            (void)::close(descriptor_);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] bool write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    [[nodiscard]] bool sync() const { return ::fsync(descriptor_) == 0; }
    /// Some file systems (NFS) tell of a full disk only here.
    [[nodiscard]] bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
    int descriptor_;
};

}  // namespace

bool make_folder(const fs::path& path) {
    return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

bool sync_folder(const fs::path& path) {
    const File folder{path, O_RDONLY | O_DIRECTORY};
    return folder.is_open() && folder.sync();
}

bool write_synced(const fs::path& path, std::string_view bytes) {
    File file{path, O_WRONLY | O_CREAT | O_TRUNC};
    return file.is_open() && file.write(bytes) && file.sync() && file.close();
}

}  // namespace fristvakt::integrations
