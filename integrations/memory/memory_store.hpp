#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "workflows/ports.hpp"

namespace fristvakt::integrations {

struct MemoryStoreOptions {
    /// Keep what each entry of the log changed; only those who fold a log anew need it.
    bool keep_changes{false};
    /// Keep the entries at all; without them `history_of` is empty and `head` only counts.
    bool keep_history{true};
    /// Keep what was written in each message; without it none is found again.
    bool keep_bodies{true};
};

/// The store of `simulate` and of tests: keeps everything in memory and forgets it with the object.
/// An engine may be thrown away and another built on the same object: that is a crash.
///
/// Store methods: one thread, the engine's. `snapshot()` and the snapshots themselves: any thread;
/// a commit while a snapshot is held copies the world first, so hold them shortly. There is no hash
/// chain: every hash is empty.
class MemoryStore final : public workflows::Store {
 public:
    explicit MemoryStore(MemoryStoreOptions options = {});
    ~MemoryStore() override;
    MemoryStore(const MemoryStore&) = delete;
    MemoryStore& operator=(const MemoryStore&) = delete;

    [[nodiscard]] workflows::Result<workflows::Epoch> lead() override;
    [[nodiscard]] workflows::Result<workflows::Ledger> ledger() override;
    [[nodiscard]] workflows::Result<workflows::Agenda> due(workflows::Instant now,
                                                           std::size_t count_max) override;
    [[nodiscard]] workflows::Result<workflows::Loaded> load(const workflows::Keys& keys) override;
    [[nodiscard]] workflows::Result<std::vector<std::string>> open_cases(
        std::string_view after, std::size_t count_max) override;
    [[nodiscard]] workflows::Result<std::vector<std::int64_t>> messages_in(
        workflows::MessageState state) override;
    /// Never fails. REQUIRES: a case's id begins with its cohort and a slash.
    [[nodiscard]] workflows::Result<workflows::CommitOutcome> commit(
        const workflows::Batch& batch) override;
    [[nodiscard]] std::unique_ptr<workflows::Snapshot> snapshot() override;

    /// A configuration that was taken into use, if it was; valid until the next commit.
    [[nodiscard]] const std::string* find_configuration(std::string_view hash) const;
    /// All entries, oldest first; with their changes if the options say so.
    [[nodiscard]] std::vector<workflows::LogEntry> entries() const;

 private:
    struct State;
    struct Shared;
    class View;
    State& writable();

    MemoryStoreOptions options_;
    workflows::Epoch epoch_{0};
    std::shared_ptr<Shared> shared_;
};

}  // namespace fristvakt::integrations
