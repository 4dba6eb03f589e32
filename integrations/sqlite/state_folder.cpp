#include "integrations/sqlite/state_folder.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

Status make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (folder.has_parent_path()) {
        std::filesystem::create_directories(folder.parent_path(), error);
    }
    constexpr mode_t kOwnerOnly = 0700;
    if (::mkdir(folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST) {
        return system_failure(folder, "making the state folder");
    }
    return Done{};
}

/// What the holder wrote into the lock file; digits only, whatever else may stand there.
std::string holder_of(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
    std::string process;
    for (ssize_t index = 0; index < length; ++index) {
        const char character = text[static_cast<std::size_t>(index)];
        if (character < '0' || character > '9') {
            break;
        }
        process.push_back(character);
    }
    return process.empty() ? "another process" : "process " + process;
}

}  // namespace

Result<StateFolder> StateFolder::lock(const std::filesystem::path& folder, bool create) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        if (!create) {
            return Error{ErrorKind::NotFound,
                         folder.string() + ": there is no such state folder; give another --state"};
        }
        if (auto made = make_folder(folder); !made.ok()) {
            return made.error();
        }
    }
    const auto file = folder / "lock";
    constexpr int kOwnerOnly = 0600;
    Descriptor held(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
    if (!held.valid()) {
        return system_failure(file, "opening the lock of the state folder");
    }
    if (auto given = give_to_owner_of_folder(file); !given.ok()) {
        return given.error();
    }
    if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return system_failure(file, "locking the state folder");
        }
        return Error{ErrorKind::Conflict, folder.string() + ": the state folder is in use by " +
                                              holder_of(held.get()) +
                                              "; stop that one, or give another --state"};
    }
    const std::string process = std::to_string(::getpid()) + "\n";
    if (::ftruncate(held.get(), 0) != 0 || ::pwrite(held.get(), process.data(), process.size(),
                                                    0) != static_cast<ssize_t>(process.size())) {
        return system_failure(file, "writing the lock of the state folder");
    }
    return StateFolder(folder, std::move(held));
}

}  // namespace fristvakt::integrations
