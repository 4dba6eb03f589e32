#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workflows/ports.hpp"

/// Stores around a store: one that watches what is written, one that fails.
namespace fristvakt::tests {

/// Hands everything on. What a wrapper leaves alone stays as it is.
class StoreWrapper : public workflows::Store {
 public:
    explicit StoreWrapper(workflows::Store& store) : store_(store) {}
    workflows::Result<workflows::Epoch> lead() override { return store_.lead(); }
    workflows::Result<workflows::Ledger> ledger() override { return store_.ledger(); }
    workflows::Result<workflows::Agenda> due(workflows::Instant now, std::size_t count) override {
        return store_.due(now, count);
    }
    workflows::Result<workflows::Loaded> load(const workflows::Keys& keys) override {
        return store_.load(keys);
    }
    workflows::Result<std::vector<std::string>> open_cases(std::string_view after,
                                                           std::size_t count) override {
        return store_.open_cases(after, count);
    }
    workflows::Result<std::vector<std::int64_t>> messages_in(
        workflows::MessageState state) override {
        return store_.messages_in(state);
    }
    workflows::Result<workflows::CommitOutcome> commit(const workflows::Batch& batch) override {
        return store_.commit(batch);
    }
    std::unique_ptr<workflows::Snapshot> snapshot() override { return store_.snapshot(); }

 private:
    workflows::Store& store_;
};

/// Counts the books anew from what each transaction writes, and holds them against the ledger; sees
/// to it that each key is planned once.
class WatchingStore final : public StoreWrapper {
 public:
    using StoreWrapper::StoreWrapper;
    workflows::Result<workflows::CommitOutcome> commit(const workflows::Batch& batch) override;

    /// What was wrong, one line each; empty when all is well.
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
    /// Every reminder there has been, by key, as it stands.
    [[nodiscard]] const std::map<std::string, workflows::Reminder>& reminders() const {
        return reminders_;
    }
    /// All entries, in order.
    [[nodiscard]] const std::vector<workflows::LogEntry>& entries() const { return entries_; }

 private:
    std::map<std::string, workflows::Reminder> reminders_;
    std::vector<workflows::LogEntry> entries_;
    workflows::Books books_;        ///< Counted here.
    workflows::Books store_books_;  ///< As last stated by the ledger.
    std::vector<std::string> problems_;
};

/// Answers Unavailable whenever `fails` says so, before anything was done.
class FailingStore final : public StoreWrapper {
 public:
    FailingStore(workflows::Store& store, std::function<bool()> fails)
        : StoreWrapper(store), fails_(std::move(fails)) {}
    workflows::Result<workflows::Epoch> lead() override;
    workflows::Result<workflows::Ledger> ledger() override;
    workflows::Result<workflows::Agenda> due(workflows::Instant now, std::size_t count) override;
    workflows::Result<workflows::Loaded> load(const workflows::Keys& keys) override;
    workflows::Result<std::vector<std::string>> open_cases(std::string_view after,
                                                           std::size_t count) override;
    workflows::Result<std::vector<std::int64_t>> messages_in(
        workflows::MessageState state) override;
    workflows::Result<workflows::CommitOutcome> commit(const workflows::Batch& batch) override;

 private:
    std::function<bool()> fails_;
};

/// The key of a reminder in words: "p/plan/by v1 due-3wd 1 PERSON".
[[nodiscard]] std::string key_of(const workflows::Reminder& reminder);

}  // namespace fristvakt::tests
