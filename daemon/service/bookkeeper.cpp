#include "daemon/service/bookkeeper.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace fristvakt::daemon {

using workflows::Date;
using workflows::Instant;
using workflows::Result;

struct Bookkeeper::Shared {
    std::mutex mutex;  ///< Guards all but `thread`.
    std::condition_variable changed;
    std::optional<Instant> asked;
    std::optional<Date> day;  ///< Counted, or being counted.
    bool stopping{false};
    std::thread thread;
};

namespace {

Result<BooksStatement> count(workflows::Snapshot& snapshot, Instant now) {
    // All three of one moment.
    const auto ledger = snapshot.ledger();
    const auto counted = snapshot.recount();
    const auto head = snapshot.head();
    if (!ledger.ok() || !counted.ok() || !head.ok()) {
        return !ledger.ok() ? ledger.error() : !counted.ok() ? counted.error() : head.error();
    }
    return BooksStatement{.at = now,
                          .kept = ledger.value().books,
                          .counted = counted.value(),
                          .head = std::to_string(head.value().sequence) + ":" + head.value().hash};
}

}  // namespace

Bookkeeper::Bookkeeper(TakeSnapshot snapshot, Done done)
    : snapshot_(std::move(snapshot)), done_(std::move(done)), shared_(std::make_unique<Shared>()) {
    shared_->thread = std::thread{[this] { run(); }};
}

Bookkeeper::~Bookkeeper() {
    {
        const std::scoped_lock lock{shared_->mutex};
        shared_->stopping = true;
    }
    shared_->changed.notify_all();
    shared_->thread.join();
}

void Bookkeeper::look_at(Instant now, Date day) {
    {
        const std::scoped_lock lock{shared_->mutex};
        if (shared_->day == day) {
            return;
        }
        shared_->day = day;
        shared_->asked = now;
    }
    shared_->changed.notify_all();
}

void Bookkeeper::run() {
    while (true) {
        Instant now{};
        {
            std::unique_lock lock{shared_->mutex};
            shared_->changed.wait(
                lock, [this] { return shared_->stopping || shared_->asked.has_value(); });
            if (shared_->stopping) {
                return;
            }
            now = *std::exchange(shared_->asked, std::nullopt);
        }
        const auto snapshot = snapshot_();
        const auto statement = count(*snapshot, now);
        if (!statement.ok()) {
            const std::scoped_lock lock{shared_->mutex};
            shared_->day.reset();
        }
        done_(statement);
    }
}

}  // namespace fristvakt::daemon
