#include "daemon/graph_desk/calendar_watch.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace fristvakt::daemon {

struct CalendarWatch::Shared {
    std::stop_source stop;
    std::mutex mutex;  ///< Guards `is_told`.
    std::condition_variable_any changed;
    bool is_told{false};
    std::thread thread;
};

CalendarWatch::CalendarWatch(Clock& clock, EngineAccess& engine, GraphHook& hook,
                             CalendarRounds::Options options)
    : clock_(clock),
      engine_(engine),
      hook_(hook),
      rounds_(
          hook, [this](const GivenAnswer& given) { return take_answer(engine_, given); },
          std::move(options)),
      shared_(std::make_unique<Shared>()) {
    hook_.on_news([this] { look_now(); });
    shared_->thread = std::thread{[this] { run(); }};
}

CalendarWatch::~CalendarWatch() {
    hook_.on_news({});
    shared_->stop.request_stop();
    shared_->thread.join();
}

void CalendarWatch::look_now() {
    {
        const std::scoped_lock lock{shared_->mutex};
        shared_->is_told = true;
    }
    shared_->changed.notify_all();
}

CalendarHealth CalendarWatch::health() const {
    return rounds_.health();
}

void CalendarWatch::run() {
    const std::stop_token stop = shared_->stop.get_token();
    const auto is_told = [this] { return std::exchange(shared_->is_told, false); };
    while (!stop.stop_requested()) {
        const auto pause =
            rounds_.step(*engine_.definitions(), *engine_.snapshot(), clock_.now(), stop);
        std::unique_lock lock{shared_->mutex};
        if (pause) {
            (void)shared_->changed.wait_for(lock, stop, *pause, is_told);
        } else {
            (void)shared_->changed.wait(lock, stop, is_told);
        }
    }
}

}  // namespace fristvakt::daemon
