#include "integrations/sqlite/files.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Status;

Descriptor::~Descriptor() {
    if (valid()) {
        ::close(descriptor_);
    }
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Error system_failure(const std::filesystem::path& path, const char* doing) {
    return {ErrorKind::Unavailable, path.string() + ": " + doing + ": " +
                                        std::generic_category().message(errno) +
                                        "; check the disk and the rights there"};
}

Status require_file(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
        return Error{ErrorKind::NotFound,
                     file.string() + ": there is no such file; check the path"};
    }
    return Done{};
}

Status create_private(const std::filesystem::path& file) {
    std::error_code error;
    std::filesystem::remove(file, error);
    constexpr int kOwnerOnly = 0600;
    const Descriptor made(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
    if (!made.valid()) {
        return system_failure(file, "creating it");
    }
    return Done{};
}

void make_private(const std::filesystem::path& file) {
    using std::filesystem::perms;
    std::error_code ignored;
    std::filesystem::permissions(file, perms::group_all | perms::others_all,
                                 std::filesystem::perm_options::remove, ignored);
}

Status give_to_owner_of_folder(const std::filesystem::path& file) {
    struct stat folder {};
    struct stat own {};
    if (::geteuid() != 0 || ::stat(file.parent_path().c_str(), &folder) != 0 ||
        ::lstat(file.c_str(), &own) != 0 ||
        (own.st_uid == folder.st_uid && own.st_gid == folder.st_gid)) {
        return Done{};
    }
    if (::lchown(file.c_str(), folder.st_uid, folder.st_gid) != 0) {
        return system_failure(file, "giving it to the owner of its folder");
    }
    return Done{};
}

Status sync_to_disk(const std::filesystem::path& path) {
    const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.valid() || ::fsync(opened.get()) != 0) {
        return system_failure(path, "writing it through to the disk");
    }
    return Done{};
}

Status move_file(const std::filesystem::path& from, const std::filesystem::path& to, bool replace) {
    const unsigned flags = replace ? 0 : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) != 0) {
        if (errno == EEXIST) {
            return Error{ErrorKind::Conflict,
                         to.string() +
                             ": exists already; give another name, or say that it is to "
                             "be overwritten"};
        }
        return system_failure(to, "renaming a file to it");
    }
    const auto folder = to.has_parent_path() ? to.parent_path() : std::filesystem::path(".");
    return sync_to_disk(folder);
}

}  // namespace fristvakt::integrations
