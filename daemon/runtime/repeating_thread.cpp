#include "daemon/runtime/repeating_thread.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace fristvakt::daemon {

struct RepeatingThread::Shared {
    void run(const Step& step) {
        const std::stop_token token = stop.get_token();
        const auto was_told = [this] { return std::exchange(is_told, false); };
        while (!token.stop_requested()) {
            const auto pause = step(token);
            std::unique_lock lock{mutex};
            if (pause) {
                (void)changed.wait_for(lock, token, *pause, was_told);
            } else {
                (void)changed.wait(lock, token, was_told);
            }
        }
    }

    std::stop_source stop;
    std::mutex mutex;  ///< Guards `is_told`.
    std::condition_variable_any changed;
    bool is_told{false};
    std::thread thread;
};

RepeatingThread::RepeatingThread() : shared_(std::make_unique<Shared>()) {}

RepeatingThread::~RepeatingThread() {
    shared_->stop.request_stop();
    if (shared_->thread.joinable()) {
        shared_->thread.join();
    }
}

void RepeatingThread::start(Step step) {
    shared_->thread = std::thread{[this, step = std::move(step)] { shared_->run(step); }};
}

void RepeatingThread::step_now() {
    {
        const std::scoped_lock lock{shared_->mutex};
        shared_->is_told = true;
    }
    shared_->changed.notify_all();
}

}  // namespace fristvakt::daemon
