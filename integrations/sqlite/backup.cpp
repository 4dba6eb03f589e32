#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>
#include <unistd.h>

#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/files.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/reading.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "integrations/sqlite/state_folder.hpp"

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

/// What a restore took the place of.
constexpr const char* kReplacedName = "replaced.db";

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
    // Whoever takes the copy into use, by whatever way it came there, must see that it is one.
    target.exec("INSERT OR REPLACE INTO meta VALUES('copy', 'not yet taken into use')");
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

/// What is known of a demo's time when no daemon runs: its clock is not ours.
enum class DemoTime { IsGiven, IsThatOfTheLastEntry };

/// Takes the leadership from whoever had it and puts sending on hold.
Status hold_sending(const std::filesystem::path& file, workflows::Instant now, DemoTime demo_time) {
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
    if (ledger.value().demo_clock && demo_time == DemoTime::IsThatOfTheLastEntry) {
        const auto head = store.value()->snapshot()->head();
        if (!head.ok()) {
            return head.error();
        }
        now = head.value().at;
    }
    workflows::LogEntry entry;
    entry.at = now;
    entry.kind = "restored";
    entry.actor = to_string(workflows::Actor::Operator);
    entry.change.ledger = std::move(ledger).value();
    entry.change.ledger->sending_on_hold = true;
    entry.change.ledger->hold_reason = workflows::kRestoredHold;
    entry.change.ledger->restored_at = now;
    workflows::Batch batch;
    batch.epoch = epoch.value();
    batch.entries.push_back(std::move(entry));
    const auto committed = store.value()->commit(batch);
    if (!committed.ok()) {
        return committed.error();
    }
    return Done{};
}

/// Proves what is about to be put in place.
Status require_sound(const std::filesystem::path& file, const std::filesystem::path& copy) {
    const auto report = verify(file);
    if (!report.ok()) {
        return report.error();
    }
    if (!report.value().ok()) {
        return Error{ErrorKind::Conflict,
                     copy.string() + ": is no sound backup: " + report.value().problems.front() +
                         "; nothing was changed; take an older one"};
    }
    return Done{};
}

/// What a log reaches to, in words; empty when the file cannot be read.
std::string reach_of(const std::filesystem::path& file, std::int64_t& sequence) {
    const auto snapshot = open_for_reading(file);
    if (!snapshot.ok()) {
        return "";
    }
    const auto head = snapshot.value()->head();
    if (!head.ok()) {
        return "";
    }
    sequence = head.value().sequence;
    return "entry " + std::to_string(sequence) + " of " + workflows::iso_utc(head.value().at);
}

Error in_the_way(const std::filesystem::path& database, const std::filesystem::path& copy) {
    std::int64_t there = 0;
    std::int64_t copied = 0;
    const std::string reaches = reach_of(database, there);
    const std::string copy_reaches = reach_of(copy, copied);
    std::string what = ": there is a database already, which cannot be read";
    if (!reaches.empty()) {
        what = ": there is a database already, and its log goes to " + reaches +
               "; the backup's ends at " + copy_reaches;
        what += there > copied ? ": what happened since would be forgotten" : "";
    }
    return {ErrorKind::Conflict,
            database.string() + what +
                ". Restore into an empty folder, or say --replace: the old one is then kept "
                "beside it as " +
                kReplacedName};
}

/// Puts `made` in the place of `database`, which is kept. Killed at any moment, there is a whole
/// database in the place: never none, with which the daemon would begin anew.
Status replace_database(const std::filesystem::path& made, const std::filesystem::path& database) {
    const auto kept = database.parent_path() / kReplacedName;
    std::error_code ignored;
    const bool is_kept = std::filesystem::equivalent(kept, database, ignored);  // Killed before.
    if (!is_kept && std::filesystem::exists(kept, ignored)) {
        return Error{ErrorKind::Conflict,
                     kept.string() + ": is there from an earlier restore; move it away first"};
    }
    if (!is_kept && ::link(database.c_str(), kept.c_str()) != 0) {
        return system_failure(kept, "keeping the database that is to be replaced");
    }
    if (auto moved = move_file(made, database, true); !moved.ok()) {
        return moved;
    }
    const std::string log = database.string() + "-wal";
    std::filesystem::remove(database.string() + "-shm", ignored);
    return std::filesystem::exists(log, ignored) ? move_file(log, kept.string() + "-wal", true)
                                                 : Status{Done{}};
}

/// SQLite's own words on the file's journal: 1 a rollback journal, 2 a write-ahead log; 0: neither.
int journal_of(const std::filesystem::path& file) {
    constexpr std::streamoff kVersions = 18;
    std::ifstream bytes(file, std::ios::binary);
    std::array<char, 2> versions{};
    bytes.seekg(kVersions);
    bytes.read(versions.data(), versions.size());
    return bytes && versions[0] == versions[1] ? versions[0] : 0;
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
               workflows::Instant now, Overwrite replace) {
    if (auto found = require_file(copy); !found.ok()) {
        return found;
    }
    auto folder = StateFolder::lock(state_folder, true);
    if (!folder.ok()) {
        return folder.error();
    }
    const auto database = folder.value().database();
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(database, ignored);
    if (is_there && replace == Overwrite::No) {
        return in_the_way(database, copy);
    }
    const Temporary temporary(database.string() + ".restored");
    if (auto copied = backup(copy, temporary.file(), Overwrite::Yes); !copied.ok()) {
        return copied;
    }
    // The hold brings an older format up, so that it can be verified.
    if (auto held = hold_sending(temporary.file(), now, DemoTime::IsThatOfTheLastEntry);
        !held.ok()) {
        return held;
    }
    if (auto sound = require_sound(temporary.file(), copy); !sound.ok()) {
        return sound;
    }
    try {
        // One file again: whatever log still lies in the folder is then known not to be its own.
        SQLite::Database whole(temporary.file(), SQLite::OPEN_READWRITE);
        whole.exec("PRAGMA journal_mode=DELETE");
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, temporary.file(), "making one file of it");
    }
    if (auto written = sync_to_disk(temporary.file()); !written.ok()) {
        return written;
    }
    if (auto given = give_to_owner_of_folder(temporary.file()); !given.ok()) {
        return given;
    }
    if (is_there) {
        return replace_database(temporary.file(), database);
    }
    const auto aside = set_aside_foreign_log(temporary.file(), database);
    return aside.ok() ? move_file(temporary.file(), database, false) : Status{aside.error()};
}

Result<bool> set_aside_foreign_log(const std::filesystem::path& header,
                                   const std::filesystem::path& database) {
    const std::string log = database.string() + "-wal";
    std::error_code ignored;
    const auto size = std::filesystem::file_size(log, ignored);
    if (ignored || size == 0 || journal_of(header) != 1) {
        return false;
    }
    std::filesystem::remove(database.string() + "-shm", ignored);
    if (auto moved = move_file(log, database.string() + "-wal.foreign", true); !moved.ok()) {
        return moved.error();
    }
    return true;
}

Result<bool> take_up_copy(const std::filesystem::path& file, workflows::Instant now) {
    try {
        {
            Connection connection(file, Access::Reader);
            if (connection.integer("SELECT count(*) FROM meta WHERE name = 'copy'") == 0) {
                return false;
            }
        }
        if (auto held = hold_sending(file, now, DemoTime::IsGiven); !held.ok()) {
            return held.error();
        }
        // Last: killed before, the next start does it again.
        Connection connection(file, Access::Writer);
        connection.query("DELETE FROM meta WHERE name = 'copy'").run();
        return true;
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "looking whether it is a copy");
    }
}

}  // namespace fristvakt::integrations
