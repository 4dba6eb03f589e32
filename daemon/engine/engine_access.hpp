#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// What became of an event.
struct EventAnswer {
    workflows::Case after;
    std::string from;
    std::string to;
    bool repeated{false};  ///< The idempotency key was known: answered from memory.
    std::string batch{};   ///< The number of the batch that it was part of; empty for none.
};

struct RaiseEvent {
    workflows::Event event;
    std::string idempotency_key;  ///< Empty: none.
    std::string fingerprint;      ///< SHA-256 of the request, with a key.
};

/// The day's statement: every reminder counted anew, and held against the books as they were kept.
struct BooksStatement {
    workflows::Instant at{};  ///< When it was asked for, on the installation's clock.
    workflows::Books kept;
    workflows::Books counted;
    std::string head;  ///< Of the log then, "SEQUENCE:HASH": what `db verify --head` takes.
    [[nodiscard]] bool ok() const { return kept == counted && kept.balance(); }
};

/// Several events in one transaction, under one number in the log.
struct BatchAnswer {
    std::string batch;                                    ///< "17"; empty when nothing was changed.
    std::vector<workflows::Result<EventAnswer>> answers;  ///< One for each command, in order.
};

/// What events would bring, without bringing it.
struct Forecast {
    struct Item {
        workflows::Result<EventAnswer> answer;     ///< As `raise` would answer.
        std::vector<workflows::Reminder> stopped;  ///< That wait or are held, and then would not.
        std::optional<workflows::Instant> next_before;  ///< The ladder's next step, before and
        std::optional<workflows::Instant> next_after;   ///< afterwards.
    };
    struct Message {
        workflows::Message message;  ///< Its slot, kind and language; the number is not final.
        workflows::MessageSnapshot snapshot;  ///< As it would be written.
        workflows::Reason blocked{
            workflows::Reason::None};  ///< Why it would not go, as things are.
    };
    /// Somebody whom the calendar of a service mailbox would tell, in the place of a message.
    struct Told {
        std::string case_id;
        workflows::Person person;
        std::string organisation;
        std::map<std::string, std::string> was;  ///< What they knew before; empty: of none.
        std::map<std::string, std::string> now;  ///< What they would know: empty: it is called off.
    };
    std::vector<Item> items;  ///< One for each command, in order.
    std::vector<Message> messages;
    std::vector<Told> told;  ///< By case, as their invitations stand.
};

/// A notice that somebody sent to themselves, to see it as its receiver would.
struct TestedNotice {
    std::string cohort;
    std::string requirement;
    std::string notice;
    std::string who;
};

struct EngineHealth {
    workflows::Instant now{};                   ///< On the installation's clock.
    std::optional<workflows::Instant> wake_at;  ///< When the engine next has something to do.
    double step_age_seconds{0};                 ///< Machine time since a step was finished.
    std::int64_t steps{0};
    bool store_ok{true};
    std::string last_error;  ///< In words, without personal data.
    bool stopping{false};
    bool reload_ok{true};                     ///< The last re-reading of the configuration.
    std::optional<BooksStatement> statement;  ///< The last; empty until the first is done.
};

/// What other threads may ask of the engine. Every function is safe from any thread; those that
/// change something block until the change is durable, at most a few seconds, and answer
/// Unavailable when that passes (the change may still come: use an idempotency key).
class EngineAccess {
 public:
    virtual ~EngineAccess() = default;
    /// InvalidInput: a field is missing or wrong. NotFound: no such case or event. Conflict: the
    /// state does not allow it, the revision has passed, or the key was used for something else
    /// (then `message` begins with "idempotency key").
    [[nodiscard]] virtual workflows::Result<EventAnswer> raise(const RaiseEvent& command) = 0;
    /// The same for several, in one transaction; a refused one leaves the others alone.
    /// Unavailable: none was done, or nobody knows.
    [[nodiscard]] virtual workflows::Result<BatchAnswer> raise_all(
        const std::vector<RaiseEvent>& commands) = 0;
    /// What `raise_all` would do and send now. Changes nothing.
    [[nodiscard]] virtual workflows::Result<Forecast> preview(
        const std::vector<RaiseEvent>& commands) = 0;
    /// Stops one message that waits or is held; `reason` is shown. `retry` lets it go after all.
    /// Conflict: it has gone, or is on its way.
    [[nodiscard]] virtual workflows::Status stop(std::int64_t message, const std::string& reason,
                                                 const std::string& who) = 0;
    /// Moves a waiting reminder or change to the first slot on or after `day`.
    /// InvalidInput: `day` has passed, or what it says would be untrue by then.
    [[nodiscard]] virtual workflows::Status postpone(std::int64_t message, workflows::Date day,
                                                     const std::string& who) = 0;
    /// Puts all sending on hold; `reason` is shown everywhere.
    [[nodiscard]] virtual workflows::Status hold(const std::string& reason,
                                                 const std::string& who) = 0;
    /// Ends the hold and lets go what was held: by the brake, by a late opening, or one message.
    /// Conflict: one message, while all sending is on hold.
    [[nodiscard]] virtual workflows::Status release(std::optional<std::int64_t> message,
                                                    const std::string& who) = 0;
    /// Tries a failed message again and forgets that its address was refused; lets one go that was
    /// stopped.
    [[nodiscard]] virtual workflows::Status retry(std::int64_t message, const std::string& who) = 0;
    /// A message that has not gone went out before the restore: it stands as sent, with all that is
    /// in it, and does not go. Conflict: it has gone, or something is being done with it.
    [[nodiscard]] virtual workflows::Status sent_before(std::int64_t message,
                                                        const std::string& who) = 0;
    /// Writes into the log that a notice was tried; in no book, and nothing is sent by it.
    [[nodiscard]] virtual workflows::Status note_test(const TestedNotice& tested) = 0;
    /// Somebody has seen the canary in a channel of Teams; again does no harm. NotFound: no such
    /// channel. Conflict: another card is under way since.
    [[nodiscard]] virtual workflows::Status confirm_card(const std::string& channel,
                                                         std::int64_t card) = 0;
    [[nodiscard]] virtual std::unique_ptr<workflows::Snapshot> snapshot() = 0;
    [[nodiscard]] virtual std::shared_ptr<const workflows::Definitions> definitions() const = 0;
    [[nodiscard]] virtual EngineHealth health() const = 0;
};

}  // namespace fristvakt::daemon
