#include "daemon/graph_desk/calendar_watch.hpp"

#include <utility>

#include "workflows/decision/meeting.hpp"

namespace fristvakt::daemon {

namespace {

workflows::Status note_online(EngineAccess& engine, const std::string& case_id,
                              const std::string& join_url) {
    RaiseEvent command;
    command.event.case_id = case_id;
    command.event.name = workflows::kOnline;
    command.event.by = workflows::Actor::Operator;
    command.event.fields = {{std::string{workflows::kJoinUrl}, join_url}};
    const auto raised = engine.raise(command);
    return raised.ok() ? workflows::Status{workflows::Done{}} : workflows::Status{raised.error()};
}

CalendarRounds::Options telling(EngineAccess& engine, CalendarRounds::Options options) {
    options.tell_online = [&engine](const std::string& case_id, const std::string& join_url) {
        return note_online(engine, case_id, join_url);
    };
    return options;
}

}  // namespace

CalendarWatch::CalendarWatch(Clock& clock, EngineAccess& engine, GraphHook& hook,
                             CalendarRounds::Options options)
    : clock_(clock),
      engine_(engine),
      hook_(hook),
      rounds_(
          hook, [this](const GivenAnswer& given) { return take_answer(engine_, given); },
          telling(engine, std::move(options))) {
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
