#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/graph_desk/calendar_book.hpp"
#include "daemon/graph_desk/graph_hook.hpp"
#include "daemon/graph_desk/wanted_meetings.hpp"
#include "daemon/mailbox/take_reply.hpp"
#include "integrations/graph/service_calendar.hpp"
#include "integrations/guarded.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// How it goes with the calendar: for pages, health and metrics. Counts are since the start.
struct CalendarHealth {
    bool is_configured{false};
    std::optional<workflows::Instant> looked_at;      ///< The last look that left nothing undone.
    std::optional<workflows::Instant> failed_at;      ///< The last, if none has been good since.
    std::optional<workflows::Instant> failing_since;  ///< The first in that row.
    std::string error;                                ///< Of that one: what, where, what to do.
    int failures{0};                                  ///< In a row.
    std::int64_t calls{0};    ///< Meetings made, changed or cancelled there.
    std::int64_t answers{0};  ///< Taken.
    std::int64_t behind{0};   ///< Meetings that do not stand there as wanted, as of the last look.
};

/// What is done at each look: meetings are brought to stand in the service mailbox's calendar as
/// they are wanted, and answers to them are handed over. What is begun is stored before it is done,
/// so that a crash makes no second event. No clock, no thread; one thread at a time, but `health`,
/// which any may ask.
class CalendarRounds {
 public:
    /// Hands an answer over. Unavailable: not now; it is read again. Any other failure: it is of no
    /// account. Called with the same answer more than once at times.
    using Take = std::function<workflows::Status(const GivenAnswer&)>;

    /// Told where a meeting is held online, until its case has it. A failure is tried again.
    using TellOnline =
        std::function<workflows::Status(const std::string& case_id, const std::string& join_url)>;

    struct Options {
        std::filesystem::path file;  ///< In the state folder.
        /// Chance, for what Microsoft and we know alone: at most 128 characters.
        std::function<std::string()> make_secret;
        /// Told when looking begins to fail, with the reason, and when it works again; once each.
        std::function<void(const std::string&)> on_failure{};
        std::function<void()> on_recovery{};
        TellOnline tell_online{};
    };

    /// `hook` must outlive it.
    CalendarRounds(GraphHook& hook, Take take, Options options);

    /// One look, with the configuration of that moment, which may be another each time. How long to
    /// wait before the next: zero when there is more to do; nothing when no calendar is used.
    [[nodiscard]] std::optional<workflows::Seconds> step(const workflows::Definitions& definitions,
                                                         workflows::Snapshot& snapshot,
                                                         workflows::Instant now,
                                                         const std::stop_token& stop);

    [[nodiscard]] CalendarHealth health() const;

 private:
    using Wanted = std::map<std::string, WantedMeeting>;
    /// Why something was left undone, in words without a secret or an address.
    struct Trouble {
        std::string why;
        std::chrono::seconds retry_after{0};
        bool is_of_one{false};  ///< All else goes on.
    };
    using MaybeTrouble = std::optional<Trouble>;
    /// One meeting that is refused waits longer and longer, and holds up no other.
    struct Patience {
        int failures{0};
        workflows::Instant until{};
        std::string why;
    };

    [[nodiscard]] workflows::Status use(const workflows::Definitions& definitions,
                                        const std::stop_token& stop);
    [[nodiscard]] MaybeTrouble look(const workflows::Definitions& definitions,
                                    workflows::Snapshot& snapshot, workflows::Instant now,
                                    const std::stop_token& stop);
    /// Of all meetings. `refused`: what befell single ones.
    [[nodiscard]] MaybeTrouble follow(const Wanted& wanted, workflows::Instant now,
                                      const std::stop_token& stop, MaybeTrouble& refused);
    /// Until nothing is to be done. The failure that ended it.
    [[nodiscard]] std::optional<integrations::graph::Failure> follow(const std::string& id,
                                                                     const WantedMeeting& wanted,
                                                                     workflows::Instant now,
                                                                     const std::stop_token& stop);
    /// Of those, how many do not stand there as wanted, as far as is known.
    [[nodiscard]] std::int64_t count_behind(const Wanted& wanted, workflows::Instant now) const;
    [[nodiscard]] MaybeTrouble keep_subscription(const workflows::Installation& installation,
                                                 workflows::Instant now);
    [[nodiscard]] workflows::Status tell_online(const std::string& id,
                                                const WantedMeeting& wanted) const;
    void heed(const integrations::graph::Notified& told);
    [[nodiscard]] MaybeTrouble read_answers(const Wanted& wanted, workflows::Instant now,
                                            const std::stop_token& stop);
    struct Reading;
    [[nodiscard]] workflows::Status take_in(const integrations::graph::SeenEvent& event,
                                            Reading& reading);
    /// They do not stand there as far as is known: before they are relied on, they are read.
    void doubt_missing(const integrations::graph::Changes& changes, workflows::Instant now);
    [[nodiscard]] workflows::Status store() { return file_.write(settings_, book_); }
    [[nodiscard]] workflows::Seconds note(const MaybeTrouble& trouble, workflows::Instant now);

    GraphHook& hook_;
    Take take_;
    Options options_;
    CalendarFile file_;
    std::unique_ptr<integrations::graph::ServiceCalendar> calendar_;
    std::string hash_;  ///< Of the configuration that `calendar_` was made from.
    workflows::GraphCalendar settings_;
    CalendarBook book_;
    std::map<std::string, Patience> refused_;  ///< By case.
    std::string unsubscribed_;                 ///< Why there is no subscription; usually empty.
    workflows::Instant wait_until_{};          ///< Nobody is called before.
    int calls_left_{0};                        ///< Of this look.
    integrations::Guarded<CalendarHealth> health_;
};

}  // namespace fristvakt::daemon
