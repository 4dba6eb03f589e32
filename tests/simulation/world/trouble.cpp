#include "tests/simulation/world/trouble.hpp"

#include <algorithm>
#include <utility>

namespace fristvakt::tests::simulation {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

Error unavailable() {
    return {ErrorKind::Unavailable, "the store is away"};
}

/// A view that fails as its store does.
class FaultySnapshot final : public workflows::Snapshot {
 public:
    FaultySnapshot(std::unique_ptr<workflows::Snapshot> inner, Trouble& trouble)
        : inner_(std::move(inner)), trouble_(trouble) {}

    Result<std::vector<workflows::Case>> cases(const workflows::CaseFilter& filter) override {
        return trouble_.store_fails() ? unavailable() : inner_->cases(filter);
    }
    Result<std::optional<workflows::Case>> find_case(std::string_view id) override {
        return trouble_.store_fails() ? unavailable() : inner_->find_case(id);
    }
    Result<std::vector<workflows::Reminder>> reminders_of(std::string_view case_id) override {
        return trouble_.store_fails() ? unavailable() : inner_->reminders_of(case_id);
    }
    Result<std::vector<workflows::StoredInvitation>> invitations_of(
        std::string_view case_id) override {
        return trouble_.store_fails() ? unavailable() : inner_->invitations_of(case_id);
    }
    Result<std::vector<workflows::HistoryEntry>> history_of(std::string_view case_id,
                                                            std::size_t count_max) override {
        return trouble_.store_fails() ? unavailable() : inner_->history_of(case_id, count_max);
    }
    Result<std::vector<workflows::StoredMessage>> messages(
        const workflows::MessageFilter& filter) override {
        return trouble_.store_fails() ? unavailable() : inner_->messages(filter);
    }
    Result<std::optional<workflows::StoredMessage>> message(std::int64_t number) override {
        return trouble_.store_fails() ? unavailable() : inner_->message(number);
    }
    Result<workflows::Ledger> ledger() override {
        return trouble_.store_fails() ? unavailable() : inner_->ledger();
    }
    Result<std::vector<workflows::Case>> due_cases(const workflows::DueFilter& filter) override {
        return trouble_.store_fails() ? unavailable() : inner_->due_cases(filter);
    }
    Result<std::int64_t> count_due(const workflows::DueFilter& filter) override {
        return trouble_.store_fails() ? unavailable() : inner_->count_due(filter);
    }
    Result<std::vector<workflows::Case>> next_cases(workflows::Instant until,
                                                    std::size_t count_max) override {
        return trouble_.store_fails() ? unavailable() : inner_->next_cases(until, count_max);
    }
    Result<workflows::LogPage> log(const workflows::LogFilter& filter) override {
        return trouble_.store_fails() ? unavailable() : inner_->log(filter);
    }
    Result<std::map<std::string, std::int64_t>> sent_counts(std::string_view cohort) override {
        return trouble_.store_fails() ? unavailable() : inner_->sent_counts(cohort);
    }
    Result<std::int64_t> size_bytes() override {
        return trouble_.store_fails() ? unavailable() : inner_->size_bytes();
    }
    Result<std::vector<Count>> counts() override {
        return trouble_.store_fails() ? unavailable() : inner_->counts();
    }
    Result<Head> head() override { return trouble_.store_fails() ? unavailable() : inner_->head(); }
    Result<Outbox> outbox() override {
        return trouble_.store_fails() ? unavailable() : inner_->outbox();
    }
    Result<workflows::Books> recount() override {
        return trouble_.store_fails() ? unavailable() : inner_->recount();
    }
    Result<std::optional<std::string>> configuration(std::string_view hash) override {
        return trouble_.store_fails() ? unavailable() : inner_->configuration(hash);
    }

 private:
    std::unique_ptr<workflows::Snapshot> inner_;
    Trouble& trouble_;
};

}  // namespace

std::optional<Happening> Trouble::take(Fault fault) {
    const auto found = std::find_if(armed_.begin(), armed_.end(),
                                    [&](const Happening& one) { return one.fault == fault; });
    if (found == armed_.end() || found->pick-- > 0) {
        return std::nullopt;
    }
    Happening taken = std::move(*found);
    armed_.erase(found);
    ++injected_;
    return taken;
}

bool Trouble::store_fails() {
    if (armed_.empty() && calls_to_fail_ == 0) {
        return false;
    }
    if (const auto stall = take(Fault::StoreStalls)) {
        stalled_ += stall->amount;
    }
    if (calls_to_fail_ == 0) {
        const auto fails = take(Fault::StoreFails);
        if (!fails) {
            return false;
        }
        calls_to_fail_ = fails->amount;
    }
    --calls_to_fail_;
    return true;
}

bool Trouble::disk_is_full(model::Second now) {
    if (const auto full = take(Fault::DiskFull)) {
        full_until_ = now + full->amount;
    }
    return now < full_until_;
}

std::optional<Fault> Trouble::server() {
    if (!busy_) {
        for (const Fault fault : {Fault::ServerBusy, Fault::ServerRefuses, Fault::AddressRefused,
                                  Fault::TimesOut, Fault::AnswersTooLate}) {
            if (!busy_) {
                busy_ = take(fault);
            }
        }
    }
    if (!busy_) {
        return std::nullopt;
    }
    const Fault fault = busy_->fault;
    if (--busy_->amount <= 0) {
        busy_.reset();
    }
    return fault;
}

Result<workflows::Epoch> FaultyStore::lead() {
    return trouble_.store_fails() ? unavailable() : StoreWrapper::lead();
}

Result<workflows::Ledger> FaultyStore::ledger() {
    return trouble_.store_fails() ? unavailable() : StoreWrapper::ledger();
}

Result<workflows::Agenda> FaultyStore::due(workflows::Instant now, std::size_t count) {
    return trouble_.store_fails() ? unavailable() : StoreWrapper::due(now, count);
}

Result<workflows::Loaded> FaultyStore::load(const workflows::Keys& keys) {
    return trouble_.store_fails() ? unavailable() : StoreWrapper::load(keys);
}

Result<std::vector<std::string>> FaultyStore::open_cases(std::string_view after,
                                                         std::size_t count) {
    return trouble_.store_fails() ? unavailable() : StoreWrapper::open_cases(after, count);
}

Result<std::vector<std::int64_t>> FaultyStore::messages_in(workflows::MessageState state) {
    return trouble_.store_fails() ? unavailable() : StoreWrapper::messages_in(state);
}

Result<workflows::CommitOutcome> FaultyStore::commit(const workflows::Batch& batch) {
    if (trouble_.store_fails() || trouble_.disk_is_full(now_)) {
        return unavailable();
    }
    if (const auto crash = trouble_.take(Fault::CrashBeforeCommit)) {
        throw Crash{crash->amount};
    }
    auto outcome = StoreWrapper::commit(batch);
    if (outcome.ok() && outcome.value() == workflows::CommitOutcome::Ok) {
        written_(batch);
    }
    if (const auto crash = trouble_.take(Fault::CrashAfterCommit)) {
        throw Crash{crash->amount};
    }
    return outcome;
}

std::unique_ptr<workflows::Snapshot> FaultyStore::snapshot() {
    return std::make_unique<FaultySnapshot>(StoreWrapper::snapshot(), trouble_);
}

}  // namespace fristvakt::tests::simulation
