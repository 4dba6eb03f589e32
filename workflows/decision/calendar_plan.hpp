#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "workflows/model/calendar_event.hpp"
#include "workflows/result.hpp"

/// How the event of a meeting follows the meeting: plan, store what `begun` says, call, store what
/// `settled` says, and plan again until there is nothing to do. A crash between any two of these
/// makes no second event. Pure.
namespace fristvakt::workflows {

/// What of an event is to be changed.
struct CalendarChange {
    bool subject{false};
    bool time{false};
    bool place{false};
    bool text{false};
    bool online{false};
    bool attendees{false};
    [[nodiscard]] bool any() const {
        return subject || time || place || text || online || attendees;
    }
    friend bool operator==(const CalendarChange&, const CalendarChange&) = default;
};

struct CalendarCall {
    enum class Kind {
        None,
        /// Looks for the event of `transaction` first: a call before may have made it.
        Create,
        Update,  ///< Of `event_id`.
        Cancel,  ///< Of `event_id`; empty: of the event of `transaction`, if there is one.
    };
    enum class Reason {
        AsWanted,    ///< What stands there is what is wanted.
        NeverThere,  ///< Cancelled before anybody was invited.
        Over,        ///< The meeting has ended, and so has what stands there of it.
        New,
        Changed,
        Uncertain,  ///< What stands there is not known for certain: all of it is compared.
        Cancelled,
    };
    Kind kind{Kind::None};
    Reason reason{Reason::AsWanted};
    std::string transaction{};
    std::string event_id{};
    CalendarChange change{};
    friend bool operator==(const CalendarCall&, const CalendarCall&) = default;
};

/// What came of a call.
struct CalendarOutcome {
    enum class Kind {
        Done,     ///< As asked.
        Found,    ///< Of a Create: an event was there already; what it says is not known.
        Gone,     ///< Somebody deleted the event.
        Unknown,  ///< Nobody answered, or refused: nothing new is known.
    };
    Kind kind{Kind::Unknown};
    std::string event_id{};  ///< Of a Create.
};

/// Microsoft Graph takes no more of them in one event.
inline constexpr std::size_t kAttendeesMax = 500;

/// The next call for a meeting, and why; Kind::None: nothing is to be done. Names of attendees and
/// their order change nothing. InvalidInput: too many attendees.
[[nodiscard]] Result<CalendarCall> plan_calendar(const CalendarMeeting& wanted,
                                                 const CalendarEvent& known, Instant now);

/// What is known once `call` may have been made: to be stored before it is.
[[nodiscard]] CalendarEvent begun(CalendarEvent known, const CalendarCall& call);

/// What is known after it. `wanted` is what the call was planned for.
[[nodiscard]] CalendarEvent settled(CalendarEvent known, const CalendarMeeting& wanted,
                                    const CalendarCall& call, const CalendarOutcome& outcome);

/// What differs between a meeting as it stands somewhere and as it is wanted.
[[nodiscard]] CalendarChange difference(const CalendarMeeting& there,
                                        const CalendarMeeting& wanted);

/// Names one event of a meeting, in the form of a UUID: the same for the same arguments, so that a
/// store that was lost finds the event again.
[[nodiscard]] std::string transaction_of(std::string_view uid, int generation);

}  // namespace fristvakt::workflows
