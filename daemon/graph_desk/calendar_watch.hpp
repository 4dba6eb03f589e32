#pragma once

#include "daemon/engine/engine_access.hpp"
#include "daemon/graph_desk/calendar_rounds.hpp"
#include "daemon/runtime/clock.hpp"
#include "daemon/runtime/repeating_thread.hpp"

namespace fristvakt::daemon {

/// Keeps the service mailbox's calendar, on a thread of its own: nobody waits for Microsoft. Pauses
/// are of machine time. Any thread.
class CalendarWatch {
 public:
    /// All must outlive it. The functions in `options` are called on its thread.
    CalendarWatch(Clock& clock, EngineAccess& engine, GraphHook& hook,
                  CalendarRounds::Options options);
    /// Breaks off what it does, within a second or so.
    ~CalendarWatch();
    CalendarWatch(const CalendarWatch&) = delete;
    CalendarWatch& operator=(const CalendarWatch&) = delete;

    /// Looks at once: the configuration has changed, or Microsoft told of something. Returns at
    /// once.
    void look_now();
    [[nodiscard]] CalendarHealth health() const;

 private:
    Clock& clock_;
    EngineAccess& engine_;
    GraphHook& hook_;
    CalendarRounds rounds_;
    RepeatingThread thread_;  ///< Last: it ends before what it uses.
};

}  // namespace fristvakt::daemon
