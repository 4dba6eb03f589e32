#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/ports.hpp"

namespace fristvakt::integrations {

struct OpenOptions {
    bool create{true};                             ///< Else a missing file is NotFound.
    std::chrono::milliseconds busy_timeout{5000};  ///< How long to wait for another's lock.
    std::int64_t pages_max{0};  ///< Of 4 KiB: the file grows no further; 0: no bound.
};

/// The store in one SQLite file (WAL, synchronous=FULL): the log with its hash chain, and the
/// projections folded from it in the same transaction. Nothing is kept in memory between calls, so
/// opening a file costs the same however much it holds.
///
/// Where the port leaves it open: `due` gives up to the number asked for of cases, and as many
/// messages; a history that is longer than asked for is given from its end; an answer to a request
/// is forgotten with the first commit after it has expired that stores another.
///
/// One thread at a time, but for `snapshot()`, which any thread may call at any time, also while a
/// commit runs; each snapshot reads through a connection of its own. Failures are Unavailable and
/// say what to do; the store stays usable and as it was.
class SqliteStore final : public workflows::Store {
 public:
    /// Opens the file, or creates it, and brings it up to the present format; before that, a backup
    /// goes to `pre-migrate-vN.db` beside it. NotFound: no such file and not to be created.
    /// Conflict: the file is of a newer format, or not ours. Unavailable: else. REQUIRES: the state
    /// folder is locked (`StateFolder`); two that migrate at once would meet.
    [[nodiscard]] static workflows::Result<std::unique_ptr<SqliteStore>> open(
        const std::filesystem::path& file, OpenOptions options = {});

    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    [[nodiscard]] workflows::Result<workflows::Epoch> lead() override;
    [[nodiscard]] workflows::Result<workflows::Ledger> ledger() override;
    [[nodiscard]] workflows::Result<workflows::Agenda> due(workflows::Instant now,
                                                           std::size_t count_max) override;
    [[nodiscard]] workflows::Result<workflows::Loaded> load(const workflows::Keys& keys) override;
    [[nodiscard]] workflows::Result<std::vector<std::string>> open_cases(
        std::string_view after, std::size_t count_max) override;
    [[nodiscard]] workflows::Result<std::vector<std::int64_t>> messages_in(
        workflows::MessageState state) override;
    /// REQUIRES: a case's id begins with its cohort and a slash; neither the parent of a case nor
    /// the person of a message ever changes.
    [[nodiscard]] workflows::Result<workflows::CommitOutcome> commit(
        const workflows::Batch& batch) override;
    /// May be called from any thread. Where no connection can be opened, every question to the
    /// snapshot is answered Unavailable. A snapshot may outlive the store.
    [[nodiscard]] std::unique_ptr<workflows::Snapshot> snapshot() override;

 private:
    struct State;
    explicit SqliteStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace fristvakt::integrations
