#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/engine/engine_access.hpp"
#include "daemon/engine/outgoing.hpp"
#include "daemon/engine/transaction.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Takes messages that are to be written and sent. `offer` must not block; whoever takes one writes
/// it, asks Engine::mark_sending, sends it when told to, and reports with Engine::delivered.
class Dispatcher {
 public:
    virtual ~Dispatcher() = default;
    virtual void offer(workflows::MessageSnapshot snapshot) = 0;
};

/// Is told what has become durable; for the terminal, the log and `simulate`. Must not throw.
class EngineObserver {
 public:
    virtual ~EngineObserver() = default;
    virtual void committed(const workflows::Batch& batch) = 0;
};

/// What a sender is to do with a message that it has written.
struct MarkAnswer {
    enum class Verdict {
        Go,       ///< Marked `sending` and stored: send it now.
        Rewrite,  ///< Something in it fell away: write `snapshot` and ask again.
        LeaveIt,  ///< Dropped, held or moved: nothing to do.
    };
    Verdict verdict{Verdict::LeaveIt};
    std::optional<workflows::MessageSnapshot> snapshot;  ///< With Rewrite.
};

struct Written {
    workflows::MessageSnapshot snapshot;
    workflows::RenderedMessage rendered;
    std::string bytes;
};

/// The one writer: decides what is due, makes it durable, and hands messages on. Has no clock, no
/// thread and no socket: `step(now)` does all that is due at `now` and says when to come again.
/// One thread at a time. After an Unavailable it may be called again; nothing is half done.
class Engine {
 public:
    struct Options {
        bool demo_clock{false};  ///< Time is not the machine's.
        std::string salt;        ///< For a new installation's pseudonyms.
        std::size_t cases_at_once{500};
        std::size_t offered_max{64};
    };

    /// `store`, `dispatcher` and `observer` must outlive the engine.
    Engine(workflows::Store& store, Dispatcher& dispatcher, EngineObserver& observer,
           Options options);

    /// Takes the leadership, settles what a crash left in `sending`, and takes `definitions` into
    /// use. `files` are the configuration's bytes, kept by its hash.
    /// Conflict: the state belongs to another kind of clock. Otherwise as `use`.
    [[nodiscard]] workflows::Status start(std::shared_ptr<const workflows::Definitions> definitions,
                                          std::string files, workflows::Instant now);

    /// Takes another configuration into use, whole or not at all: running cases get the new
    /// deadlines, ladders and contacts at once.
    /// `who` changed it on a page, for the log, perhaps without a name; they have seen each message
    /// that it brings, and the brake counts none of those. Nothing: it was read from its folder.
    /// Unavailable: the store did not answer; where it had begun, the next step goes on with it.
    /// Conflict: a workflow changed under an unchanged version, or lacks a state that cases are in.
    [[nodiscard]] workflows::Status use(std::shared_ptr<const workflows::Definitions> definitions,
                                        std::string files, workflows::Instant now,
                                        const std::optional<std::string>& who = std::nullopt);

    /// Does all that is due at `now`. Returns when to be called next; empty when nothing is stored
    /// that time alone would change.
    [[nodiscard]] workflows::Result<std::optional<workflows::Instant>> step(workflows::Instant now);

    /// Applies events in order, in one transaction: one answer each. A refused one changes nothing
    /// and leaves the others alone.
    [[nodiscard]] std::vector<workflows::Result<EventAnswer>> raise(
        const std::vector<RaiseEvent>& commands, workflows::Instant now);

    /// The same under one number, with an entry that lists what became of each.
    [[nodiscard]] workflows::Result<BatchAnswer> raise_all(std::vector<RaiseEvent> commands,
                                                           workflows::Instant now);
    /// What they would bring. Writes nothing.
    [[nodiscard]] workflows::Result<Forecast> preview(const std::vector<RaiseEvent>& commands,
                                                      workflows::Instant now);
    [[nodiscard]] workflows::Status stop(std::int64_t message, const std::string& reason,
                                         const std::string& who, workflows::Instant now);
    [[nodiscard]] workflows::Status postpone(std::int64_t message, workflows::Date day,
                                             const std::string& who, workflows::Instant now);

    [[nodiscard]] workflows::Status hold(const std::string& reason, const std::string& who,
                                         workflows::Instant now);
    [[nodiscard]] workflows::Status note_test(const TestedNotice& tested, workflows::Instant now);
    [[nodiscard]] workflows::Status confirm_card(const std::string& channel, std::int64_t card,
                                                 workflows::Instant now);
    [[nodiscard]] workflows::Status release(std::optional<std::int64_t> message,
                                            const std::string& who, workflows::Instant now);
    [[nodiscard]] workflows::Status retry(std::int64_t message, const std::string& who,
                                          workflows::Instant now);
    [[nodiscard]] workflows::Status sent_before(std::int64_t message, const std::string& who,
                                                workflows::Instant now);

    /// The last look, in the transaction that marks the messages `sending` and stores their bytes.
    [[nodiscard]] workflows::Result<std::vector<MarkAnswer>> mark_sending(
        const std::vector<Written>& written, workflows::Instant now);
    /// Records what the transport said.
    [[nodiscard]] workflows::Status delivered(const std::vector<workflows::DeliveryReport>& reports,
                                              workflows::Instant now);
    /// A message that could not be written: failed, and the reason shown.
    [[nodiscard]] workflows::Status not_written(std::int64_t number, const std::string& why,
                                                workflows::Instant now);

    /// Forgets that the message was offered: whoever had it gave it back. It is offered again.
    void take_back(std::int64_t number) { offered_.erase(number); }

    /// True while a message has been offered or is being sent: a demo clock stands still meanwhile.
    [[nodiscard]] bool is_sending() const { return !offered_.empty(); }
    [[nodiscard]] const workflows::Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const std::shared_ptr<const workflows::Definitions>& definitions() const {
        return definitions_;
    }
    [[nodiscard]] workflows::PersonIds& persons() { return *persons_; }

 private:
    [[nodiscard]] Transaction begin(workflows::Instant now);
    [[nodiscard]] workflows::Status commit(Transaction& transaction);
    [[nodiscard]] workflows::Status settle_interrupted(workflows::Instant now);
    [[nodiscard]] workflows::Status check_workflows(const workflows::Definitions& next);
    [[nodiscard]] workflows::Status refit_cases(const workflows::Definitions& next,
                                                workflows::Instant now);
    [[nodiscard]] workflows::Status take_up(workflows::Instant now);
    [[nodiscard]] workflows::Status end_catch_up(workflows::Instant now);
    [[nodiscard]] workflows::Status open_due(workflows::Instant now, bool at_take_up);
    [[nodiscard]] workflows::Status open_one(const workflows::Opening& opening,
                                             workflows::Instant opened_at, workflows::Instant now);
    [[nodiscard]] workflows::Status advance_due(workflows::Instant now);
    /// Makes the digests when their time has come: the officers', and each channel's.
    [[nodiscard]] workflows::Status digest_due(workflows::Instant now);
    /// Makes the cards that ask channels whether anybody sees them, when their time has come, and
    /// the mails about those that nobody confirmed.
    [[nodiscard]] workflows::Status canaries_due(workflows::Instant now);
    /// When that has to be looked at next.
    [[nodiscard]] std::optional<workflows::Instant> next_canary(workflows::Instant now) const;
    /// False: nothing is due that nobody has, or there is no room for more.
    [[nodiscard]] workflows::Result<bool> offer_due(workflows::Instant now);
    /// Pulls the brake when more of them, and of those let go before them, are late than it allows.
    /// Returns those of them that are.
    [[nodiscard]] std::set<std::int64_t> look_at_brake(Transaction& transaction,
                                                       const std::vector<std::int64_t>& due);
    [[nodiscard]] workflows::Result<std::optional<workflows::Instant>> next_wake(
        workflows::Instant now);
    /// The resend of an uncertain message takes the bytes of the first attempt, unless something in
    /// it has fallen away since.
    [[nodiscard]] workflows::Status keep_bytes(const workflows::Message& message,
                                               workflows::MessageSnapshot& snapshot);
    void record_verdict(Transaction& transaction, const workflows::DeliveryReport& report);
    void record_refusal(Transaction& transaction, workflows::Message message,
                        const workflows::DeliveryReport& report);
    [[nodiscard]] workflows::Status release_messages(const std::vector<std::int64_t>& numbers,
                                                     const std::string& who,
                                                     workflows::Instant now);
    [[nodiscard]] workflows::Status release_cases(workflows::Instant now);
    /// Those of the held messages that a release of everything lets go.
    [[nodiscard]] workflows::Result<std::vector<std::int64_t>> releasable(
        const std::vector<std::int64_t>& held, workflows::Instant now);
    [[nodiscard]] Circumstances circumstances(workflows::Instant now);
    void find_openings();
    /// Logs and stores the configuration; of a first start, that it began.
    [[nodiscard]] workflows::Status note_configuration(std::string files, workflows::Instant now,
                                                       const std::string& who);
    void remember_copies(workflows::Instant now);
    /// All of them in `transaction`, not yet committed.
    [[nodiscard]] workflows::Result<std::vector<workflows::Result<EventAnswer>>> raise_in(
        Transaction& transaction, const std::vector<RaiseEvent>& commands);
    [[nodiscard]] workflows::Result<EventAnswer> raise_one(Transaction& transaction,
                                                           const RaiseEvent& command,
                                                           workflows::Loaded& known);
    [[nodiscard]] workflows::Status learn_refused();

    workflows::Store& store_;
    Dispatcher& dispatcher_;
    EngineObserver& observer_;
    Options options_;
    workflows::Epoch epoch_{0};
    workflows::Ledger ledger_;
    std::shared_ptr<const workflows::Definitions> definitions_;
    std::unique_ptr<workflows::PersonIds> persons_;
    workflows::RefusedAddresses refused_;
    std::vector<workflows::Opening> openings_;
    std::size_t next_opening_{0};
    std::set<std::int64_t> offered_;  ///< Not on the agenda while somebody has them.
    CopyRegister copies_;
    GatheringNews gathering_;
    /// Who brought the definitions that are being taken up; the next step goes on where the store
    /// failed.
    std::optional<std::string> taking_up_;
    bool was_seen_{false};  ///< What it brings was shown to a person, who wanted it.
    bool catch_up_{false};  ///< Until the first look with these definitions.
    std::optional<workflows::Instant> brake_at_;  ///< The step in which the brake was pulled.
    /// Late ones let go since nothing was due last: what goes in several portions goes at once.
    std::set<std::int64_t> late_let_go_;
    std::optional<workflows::Instant> stepped_at_;  ///< When a step was last finished.
    bool after_gap_{true};  ///< This step is the first, or the first for more than an hour.
};

/// A message of which nobody knows whether it arrived: sent again with the same bytes, or held, as
/// its notice says.
void mark_uncertain(Transaction& transaction, workflows::Message message,
                    workflows::Instant next_attempt_at);
/// Keeps with its channel in Teams how a card fared; nothing for mail.
void note_channel(Transaction& transaction, const workflows::Message& message);
/// Marks one written message `sending` if it still says what is so.
[[nodiscard]] MarkAnswer mark_one(Transaction& transaction, workflows::Message message,
                                  const Written& written, workflows::MessageSnapshot seen_now);
/// Moves the waiting and held reminders in a message to `account`.
void settle_all(Transaction& transaction, const workflows::Message& message,
                workflows::Account account, workflows::Reason reason);
/// `reminders`, which have ended, wait again as far as their cases still call for them.
void restart_all(Transaction& transaction, const std::vector<workflows::Reminder>& reminders);
/// Notes what an answer or a change came to, in the history of its cases.
void note_told(Transaction& transaction, const workflows::Message& message);
/// Puts a held or failed message back in the queue, with the reminders in it.
void requeue(Transaction& transaction, workflows::Message message, const std::string& who);

/// Lets a message go after all that somebody stopped: in its slot, or when that has gone by as
/// soon as it may.
void restart_stopped(Transaction& transaction, workflows::Message message, const std::string& who);

}  // namespace fristvakt::daemon
