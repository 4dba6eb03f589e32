#include "tests/worlds/stores.hpp"

namespace fristvakt::tests {

using workflows::Agenda;
using workflows::CommitOutcome;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;

std::string key_of(const workflows::Reminder& reminder) {
    return reminder.case_id + ' ' + reminder.version + ' ' + reminder.step + ' ' +
           std::to_string(reminder.occurrence) + ' ' + reminder.person;
}

Result<CommitOutcome> WatchingStore::commit(const workflows::Batch& batch) {
    auto outcome = StoreWrapper::commit(batch);
    if (!outcome.ok() || outcome.value() == CommitOutcome::Lost) {
        return outcome;
    }
    std::optional<workflows::Books> stated;
    for (const workflows::LogEntry& entry : batch.entries) {
        entries_.push_back(entry);
        for (const workflows::Reminder& reminder : entry.change.reminders) {
            const auto [known, is_new] = reminders_.try_emplace(key_of(reminder), reminder);
            if (is_new) {
                ++books_.planned;
            } else {
                if (entry.kind == "planned") {
                    problems_.push_back("planned twice: " + key_of(reminder));
                }
                books_.post(known->second.account, -1);
            }
            books_.post(reminder.account, 1);
            known->second = reminder;
        }
        if (entry.change.ledger) {
            stated = entry.change.ledger->books;
        }
    }
    const auto now = stated ? *stated : store_books_;
    if (!(now == books_) || !now.balance()) {
        problems_.push_back("the books say another thing than the entries");
    }
    store_books_ = now;
    return outcome;
}

namespace {

Error unavailable() {
    return {ErrorKind::Unavailable, "the store is away"};
}

}  // namespace

Result<workflows::Epoch> FailingStore::lead() {
    return fails_() ? unavailable() : StoreWrapper::lead();
}

Result<workflows::Ledger> FailingStore::ledger() {
    return fails_() ? unavailable() : StoreWrapper::ledger();
}

Result<Agenda> FailingStore::due(Instant now, std::size_t count) {
    return fails_() ? unavailable() : StoreWrapper::due(now, count);
}

Result<workflows::Loaded> FailingStore::load(const workflows::Keys& keys) {
    return fails_() ? unavailable() : StoreWrapper::load(keys);
}

Result<std::vector<std::string>> FailingStore::open_cases(std::string_view after,
                                                          std::size_t count) {
    return fails_() ? unavailable() : StoreWrapper::open_cases(after, count);
}

Result<std::vector<std::int64_t>> FailingStore::messages_in(workflows::MessageState state) {
    return fails_() ? unavailable() : StoreWrapper::messages_in(state);
}

Result<CommitOutcome> FailingStore::commit(const workflows::Batch& batch) {
    return fails_() ? unavailable() : StoreWrapper::commit(batch);
}

}  // namespace fristvakt::tests
