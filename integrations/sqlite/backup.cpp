#include <string>
#include <system_error>
#include <utility>

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/files.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "integrations/sqlite/state_folder.hpp"

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Status;

namespace {

/// Copies one database into an empty file, checks the copy, and leaves it as a single file.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
    Connection source(from, Access::Reader);
    SQLite::Database target(to, SQLite::OPEN_READWRITE);
    {
        // All pages in one go: a read transaction, which no writer waits for or disturbs.
        SQLite::Backup copying(target, source.database());
        if (copying.executeStep(-1) != SQLITE_DONE) {
            throw SQLite::Exception("the database is busy", SQLITE_BUSY);
        }
    }
    // A copy in WAL mode would need two more files, and a folder where they may be made, to be
    // read.
    target.exec("PRAGMA journal_mode=DELETE");
    SQLite::Statement check(target, "PRAGMA quick_check(1)");
    if (!check.executeStep() || check.getColumn(0).getString() != "ok") {
        throw_corrupt("the copy does not pass SQLite's own check");
    }
}

/// A file that is removed unless it was moved away.
class Temporary {
 public:
    explicit Temporary(std::filesystem::path file) : file_(std::move(file)) {}
    ~Temporary() {
        std::error_code ignored;
        for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
            std::filesystem::remove(file_.string() + suffix, ignored);
        }
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
    std::filesystem::path file_;
};

/// Takes the leadership from whoever had it and puts sending on hold.
Status hold_sending(const std::filesystem::path& file, workflows::Instant now) {
    auto store = SqliteStore::open(file, {.create = false});
    if (!store.ok()) {
        return store.error();
    }
    const auto epoch = store.value()->lead();
    if (!epoch.ok()) {
        return epoch.error();
    }
    auto ledger = store.value()->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    workflows::LogEntry entry;
    entry.at = now;
    entry.kind = "restored";
    entry.actor = to_string(workflows::Actor::Operator);
    entry.change.ledger = std::move(ledger).value();
    entry.change.ledger->sending_on_hold = true;
    entry.change.ledger->hold_reason = "restored from backup";
    workflows::Batch batch;
    batch.epoch = epoch.value();
    batch.entries.push_back(std::move(entry));
    const auto committed = store.value()->commit(batch);
    if (!committed.ok()) {
        return committed.error();
    }
    return Done{};
}

}  // namespace

Status backup(const std::filesystem::path& file, const std::filesystem::path& destination,
              Overwrite overwrite) {
    if (auto found = require_file(file); !found.ok()) {
        return found;
    }
    std::error_code ignored;
    if (overwrite == Overwrite::No && std::filesystem::exists(destination, ignored)) {
        return Error{ErrorKind::Conflict, destination.string() +
                                              ": exists already; give another name, or say that "
                                              "it is to be overwritten"};
    }
    const Temporary temporary(destination.string() + ".partial");
    if (auto made = create_private(temporary.file()); !made.ok()) {
        return made;
    }
    try {
        copy_database(file, temporary.file());
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "copying it to " + destination.string());
    }
    if (auto written = sync_to_disk(temporary.file()); !written.ok()) {
        return written;
    }
    return move_file(temporary.file(), destination, overwrite == Overwrite::Yes);
}

Status restore(const std::filesystem::path& copy, const std::filesystem::path& state_folder,
               workflows::Instant now) {
    if (auto found = require_file(copy); !found.ok()) {
        return found;
    }
    auto folder = StateFolder::lock(state_folder, true);
    if (!folder.ok()) {
        return folder.error();
    }
    const auto database = folder.value().database();
    std::error_code ignored;
    if (std::filesystem::exists(database, ignored)) {
        return Error{ErrorKind::Conflict,
                     database.string() +
                         ": exists already; restore into an empty folder, or move this one away"};
    }
    const Temporary temporary(database.string() + ".restored");
    if (auto copied = backup(copy, temporary.file(), Overwrite::Yes); !copied.ok()) {
        return copied;
    }
    if (auto held = hold_sending(temporary.file(), now); !held.ok()) {
        return held;
    }
    if (auto written = sync_to_disk(temporary.file()); !written.ok()) {
        return written;
    }
    return move_file(temporary.file(), database, false);
}

}  // namespace fristvakt::integrations
