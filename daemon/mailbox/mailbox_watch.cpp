#include "daemon/mailbox/mailbox_watch.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace fristvakt::daemon {

struct MailboxWatch::Shared {
    std::stop_source stop;
    std::mutex mutex;  ///< Guards `is_told`.
    std::condition_variable_any changed;
    bool is_told{false};
    std::thread thread;
};

MailboxWatch::MailboxWatch(Clock& clock, InUse in_use, MailboxRounds::OpenBox open_box,
                           MailboxRounds::Take take, MailboxRounds::Options options)
    : clock_(clock),
      in_use_(std::move(in_use)),
      rounds_(std::move(open_box), std::move(take), std::move(options)),
      shared_(std::make_unique<Shared>()) {
    shared_->thread = std::thread{[this] { run(); }};
}

MailboxWatch::~MailboxWatch() {
    shared_->stop.request_stop();
    shared_->thread.join();
}

void MailboxWatch::look_now() {
    {
        const std::scoped_lock lock{shared_->mutex};
        shared_->is_told = true;
    }
    shared_->changed.notify_all();
}

MailboxHealth MailboxWatch::health() const {
    return rounds_.health();
}

void MailboxWatch::run() {
    const std::stop_token stop = shared_->stop.get_token();
    const auto is_told = [this] { return std::exchange(shared_->is_told, false); };
    while (!stop.stop_requested()) {
        const auto pause = rounds_.step(*in_use_(), clock_.now(), stop);
        std::unique_lock lock{shared_->mutex};
        if (pause) {
            (void)shared_->changed.wait_for(lock, stop, *pause, is_told);
        } else {
            (void)shared_->changed.wait(lock, stop, is_told);
        }
    }
}

}  // namespace fristvakt::daemon
