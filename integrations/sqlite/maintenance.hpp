#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

/// What an operator does to a database from outside: `fristvakt db …`. Every function opens the
/// file for itself and closes it again. Failures of the disk are Unavailable and change nothing.
namespace fristvakt::integrations {

enum class Overwrite { No, Yes };

struct VerifyReport {
    std::int64_t entries{0};        ///< Of the log.
    std::string head;               ///< "SEQUENCE:HASH" of the last entry; "0:" of an empty log.
    std::int64_t asides_erased{0};  ///< Entries whose aside is gone, as the law may demand.
    std::int64_t bodies_erased{0};  ///< Messages that were sent and whose text is gone.
    std::vector<std::string> problems;  ///< What is wrong and where; empty: all is well.
    [[nodiscard]] bool ok() const { return problems.empty(); }
};

/// Proves a file: SQLite finds it whole, the hash chain holds from the first entry on, the
/// projections are what folding the log gives, the books recounted are those in the ledger and
/// balance, and stored messages are those whose SHA-256 the log holds. `expected_head` is a head
/// printed earlier, "SEQUENCE:HASH": without it nobody can see that the end of a log was cut off.
///
/// May be called while a daemon writes: it looks at one moment. At most a few problems of each kind
/// are named. NotFound: no such file. Conflict: not of the present format. InvalidInput:
/// `expected_head` is no head.
[[nodiscard]] workflows::Result<VerifyReport> verify(
    const std::filesystem::path& file, const std::optional<std::string>& expected_head = {});

struct RebuildReport {
    std::int64_t entries{0};
    std::vector<std::string> differences;  ///< Which rows were not what the log says.
};

/// Folds all projections anew from the log, in one transaction.
/// REQUIRES: the state folder is locked.
[[nodiscard]] workflows::Result<RebuildReport> rebuild(const std::filesystem::path& file);

/// Copies the database as it is at one moment, also while a daemon writes: to a temporary file that
/// is checked, written through to the disk and then renamed. The copy bears a mark that it is one
/// (`take_up_copy`). Conflict: `destination` exists and is not to be overwritten. NotFound: no such
/// file.
[[nodiscard]] workflows::Status backup(const std::filesystem::path& file,
                                       const std::filesystem::path& destination,
                                       Overwrite overwrite = Overwrite::No);

/// Verifies a backup, brings it up to the present format and puts it into a state folder, with
/// sending on hold there: an older database has forgotten what was sent since, and would send it
/// again. The log says so, at `now` on the machine's clock, on a demo clock at the time of the last
/// entry. A database that is there is kept as `replaced.db` if it is to
/// be replaced. Conflict: it is there and is not to be; the folder is in use; the backup is not
/// sound. Nothing has then changed.
[[nodiscard]] workflows::Status restore(const std::filesystem::path& copy,
                                        const std::filesystem::path& state_folder,
                                        workflows::Instant now, Overwrite replace = Overwrite::No);

/// A copy that somebody put over a database by hand may find that one's write-ahead log beside it,
/// which SQLite would write into it. Such a log is renamed to `-wal.foreign`; true if there was
/// one. `header` is the file that is, or will be, `database`. REQUIRES: the folder is locked, and
/// nobody has opened the database.
[[nodiscard]] workflows::Result<bool> set_aside_foreign_log(const std::filesystem::path& header,
                                                            const std::filesystem::path& database);

/// To be asked of a database before it is taken into use. One that is a copy, however it came
/// there, is put on hold, and the log says so at `now`. True: it was one.
/// REQUIRES: the state folder is locked, and the format is the present one.
[[nodiscard]] workflows::Result<bool> take_up_copy(const std::filesystem::path& file,
                                                   workflows::Instant now);

struct EraseReport {
    std::int64_t persons{0};
    std::int64_t bodies{0};
    std::int64_t asides{0};
    std::int64_t answers{0};         ///< Kept answers to requests.
    std::int64_t configurations{0};  ///< Stored ones that named the person.
};

/// Blanks what identifies the person with that address: name and address, stored messages that go
/// to them or name them, what the log's asides, kept answers and stored configurations (line by
/// line) say of them. The chain stays whole, and the log says at `now` that a pseudonym was erased.
/// Older backups still know them, and whoever still stands in contacts.csv comes back with the next
/// start. NotFound: nobody has that address. REQUIRES: the state folder is locked.
[[nodiscard]] workflows::Result<EraseReport> erase_person(const std::filesystem::path& file,
                                                          std::string_view address,
                                                          workflows::Instant now);

}  // namespace fristvakt::integrations
