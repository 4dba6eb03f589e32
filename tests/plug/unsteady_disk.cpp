#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/uio.h>
#include <unistd.h>

/// A disk that forgets, for the tests alone: a library to be preloaded into the daemon as it is
/// shipped. It puts itself between SQLite and its files (as SQLite's default VFS) and does what the
/// environment says:
///
///   FRISTVAKT_UNSYNCED=FOLDER       writes down, in FOLDER/NAME.unsynced, what each write to the
///                                   database or its log replaced, until a sync has made it last;
///                                   tests/plug/power.py then makes of it what a disk that lost
///                                   power could have kept
///   FRISTVAKT_SYNCHRONOUS_OFF=FILE  the daemon's own `PRAGMA synchronous=FULL` says OFF instead;
///                                   FILE is made to show that it was said
///   FRISTVAKT_READ_ONLY=FILE        while FILE exists nothing can be written, as after the system
///                                   has made a failing file system read-only
namespace {

/// Before each piece in a `.unsynced` file; read by power.py.
struct Piece {
    std::int64_t offset{0};
    std::int64_t size_before{0};  ///< Of the whole file.
    std::int64_t old_length{0};   ///< Bytes that follow: what stood there,
    std::int64_t new_length{0};   ///< then what was written. A truncation writes nothing.
};

/// SQLite wants the size of a file's object beforehand; the file of the real VFS stands behind it.
struct File {
    sqlite3_file base;
    int unsynced;  ///< -1: nobody asks.
};

sqlite3_vfs* real_vfs = nullptr;

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}

bool is_read_only() {
    static const char* const kFile = std::getenv("FRISTVAKT_READ_ONLY");
    return kFile != nullptr && ::access(kFile, F_OK) == 0;
}

std::string unsynced_name(const char* name) {
    static const char* const kFolder = std::getenv("FRISTVAKT_UNSYNCED");
    if (kFolder == nullptr || name == nullptr) {
        return "";
    }
    const std::string path{name};
    return std::string{kFolder} + "/" + path.substr(path.rfind('/') + 1) + ".unsynced";
}

/// Writes down what stands at `offset` before it is gone. In one go: a kill leaves all of it or
/// nothing, and nothing has then been written to the file itself.
int keep_old(sqlite3_file* file, sqlite3_int64 offset, sqlite3_int64 length, const void* content,
             sqlite3_int64 new_length) {
    sqlite3_int64 size = 0;
    int code = real(file)->pMethods->xFileSize(real(file), &size);
    if (code != SQLITE_OK) {
        return code;
    }
    const sqlite3_int64 there = size > offset ? std::min(length, size - offset) : 0;
    std::vector<char> old(static_cast<std::size_t>(there));
    if (there > 0) {
        code = real(file)->pMethods->xRead(real(file), old.data(), static_cast<int>(there), offset);
        if (code != SQLITE_OK) {
            return code;
        }
    }
    Piece piece{
        .offset = offset, .size_before = size, .old_length = there, .new_length = new_length};
    const std::array<iovec, 3> parts{
        {{&piece, sizeof piece},
         {old.data(), old.size()},
         {const_cast<void*>(content), static_cast<std::size_t>(new_length)}}};
    const auto whole = static_cast<ssize_t>(sizeof piece + old.size()) + new_length;
    return ::writev(reinterpret_cast<File*>(file)->unsynced, parts.data(), parts.size()) == whole
               ? SQLITE_OK
               : SQLITE_IOERR;
}

bool is_watched(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->unsynced >= 0;
}

int close_file(sqlite3_file* file) {
    if (is_watched(file)) {
        ::close(reinterpret_cast<File*>(file)->unsynced);
    }
    return real(file)->pMethods->xClose(real(file));
}

int read_file(sqlite3_file* file, void* buffer, int amount, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), buffer, amount, offset);
}

int write_file(sqlite3_file* file, const void* buffer, int amount, sqlite3_int64 offset) {
    if (is_read_only()) {
        return SQLITE_IOERR_WRITE;
    }
    if (is_watched(file)) {
        const int kept = keep_old(file, offset, amount, buffer, amount);
        if (kept != SQLITE_OK) {
            return kept;
        }
    }
    return real(file)->pMethods->xWrite(real(file), buffer, amount, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (is_read_only()) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if (is_watched(file)) {
        sqlite3_int64 now = 0;
        const int asked = real(file)->pMethods->xFileSize(real(file), &now);
        const int kept = asked != SQLITE_OK ? asked
                         : now <= size      ? SQLITE_OK
                                            : keep_old(file, size, now - size, nullptr, 0);
        if (kept != SQLITE_OK) {
            return kept;
        }
    }
    return real(file)->pMethods->xTruncate(real(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
    if (is_read_only()) {
        return SQLITE_IOERR_FSYNC;
    }
    const int code = real(file)->pMethods->xSync(real(file), flags);
    // A kill before this forgets more than a disk would have: the sync had not returned either.
    if (code == SQLITE_OK && is_watched(file) &&
        ::ftruncate(reinterpret_cast<File*>(file)->unsynced, 0) != 0) {
        return SQLITE_IOERR_FSYNC;
    }
    return code;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int check_lock(sqlite3_file* file, int* result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
int control_file(sqlite3_file* file, int what, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
}
int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** mapped) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, mapped);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int unmap_shared(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

/// Version 2: without memory mapping, which would write behind our back.
const sqlite3_io_methods kMethods{2,
                                  close_file,
                                  read_file,
                                  write_file,
                                  truncate_file,
                                  sync_file,
                                  file_size,
                                  lock_file,
                                  unlock_file,
                                  check_lock,
                                  control_file,
                                  sector_size,
                                  characteristics,
                                  map_shared,
                                  lock_shared,
                                  barrier,
                                  unmap_shared,
                                  nullptr,
                                  nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    auto* const own = reinterpret_cast<File*>(file);
    own->unsynced = -1;
    own->base.pMethods = nullptr;
    const int code = real_vfs->xOpen(real_vfs, name, real(file), flags, flags_out);
    if (real(file)->pMethods == nullptr) {
        return code;
    }
    own->base.pMethods = &kMethods;
    constexpr int kLasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    const std::string unsynced = (flags & kLasting) != 0 ? unsynced_name(name) : "";
    if (code == SQLITE_OK && !unsynced.empty()) {
        constexpr int kOwnerOnly = 0600;
        own->unsynced =
            ::open(unsynced.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kOwnerOnly);
    }
    return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync_folder) {
    if (is_read_only()) {
        return SQLITE_IOERR_DELETE;
    }
    const std::string unsynced = unsynced_name(name);
    if (!unsynced.empty()) {
        (void)::unlink(unsynced.c_str());
    }
    return real_vfs->xDelete(real_vfs, name, sync_folder);
}

/// Before main, so that whatever the program opens goes through here.
__attribute__((constructor)) void take_over() {
    static sqlite3_vfs unsteady;
    real_vfs = sqlite3_vfs_find(nullptr);
    unsteady = *real_vfs;
    unsteady.zName = "unsteady";
    unsteady.pNext = nullptr;
    unsteady.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
    unsteady.xOpen = open_file;
    unsteady.xDelete = delete_file;
    (void)sqlite3_vfs_register(&unsteady, 1);
}

}  // namespace

extern "C" {

/// The daemon sets `synchronous` itself, and no switch of its own could change that.
int sqlite3_exec(sqlite3* database, const char* sql, int (*row)(void*, int, char**, char**),
                 void* argument, char** message) {
    using Exec = int (*)(sqlite3*, const char*, int (*)(void*, int, char**, char**), void*, char**);
    static const auto kReal = reinterpret_cast<Exec>(::dlsym(RTLD_NEXT, "sqlite3_exec"));
    static const char* const kShown = std::getenv("FRISTVAKT_SYNCHRONOUS_OFF");
    if (kShown != nullptr && std::strcmp(sql, "PRAGMA synchronous=FULL") == 0) {
        constexpr int kOwnerOnly = 0600;
        ::close(::open(kShown, O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly));
        sql = "PRAGMA synchronous=OFF";
    }
    return kReal(database, sql, row, argument, message);
}

/// What std::ofstream opens with: the daemon tries whether its folder can be written to.
std::FILE* fopen64(const char* name, const char* mode) {
    using Open = std::FILE* (*)(const char*, const char*);
    static const auto kReal = reinterpret_cast<Open>(::dlsym(RTLD_NEXT, "fopen64"));
    if (mode[0] != 'r' && is_read_only()) {
        errno = EROFS;
        return nullptr;
    }
    return kReal(name, mode);
}
}
