#pragma once

#include <optional>
#include <string>
#include <vector>

#include "integrations/graph/attempt.hpp"
#include "integrations/graph/connection.hpp"
#include "integrations/graph/event.hpp"
#include "integrations/secrets/secret.hpp"
#include "workflows/decision/calendar_plan.hpp"
#include "workflows/definition/graph_calendar.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::integrations::graph {

/// From one instant until just before another. REQUIRES: from < to.
struct Window {
    workflows::Instant from{};
    workflows::Instant to{};
};

/// What has changed in a window of the calendar since a link was given.
struct Changes {
    std::vector<SeenEvent> events;  ///< As they stand now, each once.
    /// Ids that Graph no longer counts to the window: deleted, or moved out of it by somebody. Only
    /// `read` tells which.
    std::vector<std::string> removed;
    std::string link;      ///< To go on from; to be stored when all this was taken in.
    bool is_whole{false};  ///< All that stands in the window, because there was no link, or a lost
                           ///< one: what is not in it is not there.
};

/// A subscription to what happens to the mailbox's events.
struct Subscription {
    std::string id;
    workflows::Instant expires_at{};
};

/// The calendar of the service mailbox. Any thread; blocks while Graph answers.
class ServiceCalendar {
 public:
    struct Made {
        SeenEvent event;
        bool was_there{false};  ///< An earlier call had made it; what it says may be older.
    };
    struct Updated {
        SeenEvent event;  ///< As it stood before, where nothing was to be changed.
        workflows::CalendarChange changed{};
        bool text_left{false};  ///< The part about Teams was not found, so the text stays.
    };

    ServiceCalendar(workflows::GraphCalendar settings, workflows::TimeZone zone,
                    std::stop_token stop = {})
        : connection_(std::move(settings), std::move(stop)), zone_(zone) {}

    /// Makes the event, with invitations to all, unless one of that transaction is there already:
    /// asks first, each time. A failure that is `uncertain` may have made it.
    [[nodiscard]] Attempt<Made> create(const workflows::CalendarMeeting& meeting,
                                       const std::string& transaction, workflows::Instant now);
    /// Reads the event and changes what of `change` is not as wanted; nothing left: nobody is told
    /// anything. NotFound: it was deleted or cancelled.
    [[nodiscard]] Attempt<Updated> update(const std::string& event_id,
                                          const workflows::CalendarMeeting& meeting,
                                          workflows::CalendarChange change, workflows::Instant now);
    /// Cancels it, with `comment` to all who were called; good when it is gone already.
    [[nodiscard]] Attempt<workflows::Done> cancel(const std::string& event_id,
                                                  const std::string& comment,
                                                  workflows::Instant now);
    /// The event of a transaction; nothing: there is none, or it is cancelled.
    [[nodiscard]] Attempt<std::optional<SeenEvent>> find(const std::string& transaction,
                                                         workflows::Instant now);
    /// NotFound: it was deleted.
    [[nodiscard]] Attempt<SeenEvent> read(const std::string& event_id, workflows::Instant now);

    /// What changed since `link` was given; an empty one, or one that is no longer kept, gives all
    /// that stands in `window`. A link belongs to the window that it was first asked for. A failure
    /// loses nothing: `link` is good until another has been stored.
    [[nodiscard]] Attempt<Changes> changes(const std::string& link, const Window& window,
                                           workflows::Instant now);

    /// Asks to be told of changes at `url`, and of what befalls the subscription too. Microsoft
    /// calls there, and waits for `handshake_answer`, before this returns: another thread answers.
    /// REQUIRES: `client_state` has at most 128 characters and is nobody else's.
    [[nodiscard]] Attempt<Subscription> subscribe(const std::string& url,
                                                  const Secret& client_state,
                                                  workflows::Instant expires_at,
                                                  workflows::Instant now);
    /// NotFound: it has ended; make another.
    [[nodiscard]] Attempt<Subscription> renew(const std::string& id, workflows::Instant expires_at,
                                              workflows::Instant now);
    /// Good when it has ended already.
    [[nodiscard]] Attempt<workflows::Done> unsubscribe(const std::string& id,
                                                       workflows::Instant now);

 private:
    [[nodiscard]] std::string events_path() const;
    [[nodiscard]] std::string event_path(const std::string& event_id) const;
    [[nodiscard]] std::string first_link(const Window& window) const;

    Connection connection_;
    workflows::TimeZone zone_;
};

/// What came of a call, for `workflows::settled`, and for people.
struct Carried {
    workflows::CalendarOutcome outcome;
    std::optional<Failure> failure;  ///< With an Unknown outcome.
    std::optional<SeenEvent> event;  ///< Where one was read or made.
    bool text_left{false};           ///< As in ServiceCalendar::Updated.
};

/// Does what was planned. `comment` goes with a cancellation.
[[nodiscard]] Carried carry_out(ServiceCalendar& calendar, const workflows::CalendarCall& call,
                                const workflows::CalendarMeeting& meeting,
                                const std::string& comment, workflows::Instant now);

}  // namespace fristvakt::integrations::graph
