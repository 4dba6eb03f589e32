#include "daemon/graph_desk/calendar_watch.hpp"

#include <utility>

namespace fristvakt::daemon {

CalendarWatch::CalendarWatch(Clock& clock, EngineAccess& engine, GraphHook& hook,
                             CalendarRounds::Options options)
    : clock_(clock),
      engine_(engine),
      hook_(hook),
      rounds_(
          hook, [this](const GivenAnswer& given) { return take_answer(engine_, given); },
          std::move(options)) {
    hook_.on_news([this] { look_now(); });
    thread_.start([this](const std::stop_token& stop) {
        return rounds_.step(*engine_.definitions(), *engine_.snapshot(), clock_.now(), stop);
    });
}

CalendarWatch::~CalendarWatch() {
    hook_.on_news({});
}

void CalendarWatch::look_now() {
    thread_.step_now();
}

CalendarHealth CalendarWatch::health() const {
    return rounds_.health();
}

}  // namespace fristvakt::daemon
