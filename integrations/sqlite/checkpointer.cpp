#include "integrations/sqlite/checkpointer.hpp"

#include <optional>
#include <utility>

#include "integrations/sqlite/connection.hpp"

namespace fristvakt::integrations {

namespace {

/// 16 MB of WAL: pages written again and again go to the file once, and reading the WAL after a
/// crash is still a matter of milliseconds.
constexpr int kPagesFirst = 4000;
/// What came while the last checkpoint ran.
constexpr int kPagesMore = 1000;
constexpr int kPagesMax = 7500;

}  // namespace

Checkpointer::Checkpointer(std::filesystem::path file)
    : file_(std::move(file)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool Checkpointer::committed(int wal_pages) {
    if (wal_pages < asked_at_) {
        asked_at_ = 0;  // All had been moved, and the WAL began anew.
    }
    if (wal_pages < (asked_at_ == 0 ? kPagesFirst : asked_at_ + kPagesMore)) {
        return false;
    }
    asked_at_ = wal_pages;
    std::unique_lock lock{mutex_};
    if (wal_pages >= kPagesMax) {
        changed_.wait(lock, [this] { return !running_ && !wanted_; });
        return true;
    }
    wanted_ = true;
    changed_.notify_all();
    return false;
}

void Checkpointer::run() {
    std::optional<Connection> connection;
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [this] { return wanted_ || stopping_; });
        if (stopping_) {
            return;
        }
        wanted_ = false;
        running_ = true;
        lock.unlock();
        try {
            if (!connection) {
                connection.emplace(file_, Access::Writer);
            }
            static_cast<void>(connection->integer("PRAGMA wal_checkpoint(PASSIVE)"));
        } catch (const SQLite::Exception&) {
            connection.reset();  // The next one tries anew.
        }
        lock.lock();
        running_ = false;
        changed_.notify_all();
    }
}

}  // namespace fristvakt::integrations
