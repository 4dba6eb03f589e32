#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/invitation.hpp"
#include "workflows/model/message.hpp"
#include "workflows/model/reminder.hpp"
#include "workflows/result.hpp"

/// What the core needs from the world, as interfaces. They live here so that integrations implement
/// them and the daemon calls them, neither knowing the other.
namespace fristvakt::workflows {

/// The `hold_reason` of a database that came from a backup.
inline constexpr std::string_view kRestoredHold = "restored from a backup";

/// How it goes with the card that asks a channel each week whether anybody sees it.
struct CanaryRecord {
    std::optional<Instant> made_until{};    ///< As for the weekly digests.
    std::int64_t card{0};                   ///< The message under way or last posted; 0: none yet.
    std::optional<Instant> posted_at{};     ///< When it went, or was refused; empty: not yet.
    std::int64_t confirmed{0};              ///< The card that somebody last confirmed; 0: none.
    std::optional<Instant> confirmed_at{};  ///< When.
    std::optional<Instant> silent_since{};  ///< The first card was posted that nobody confirmed.
    std::int64_t mailed{0};                 ///< The last card of which somebody was told by mail.
    friend bool operator==(const CanaryRecord&, const CanaryRecord&) = default;
};

/// How it goes with a channel in Teams.
struct ChannelRecord {
    std::optional<Instant> digested_until{};  ///< As for the weekly digests.
    std::optional<Instant> sent_at{};         ///< The last card that was accepted.
    std::optional<Instant> failed_at{};       ///< The last that was not, when none was since.
    std::string reply{};                      ///< What was said to that.
    CanaryRecord canary{};
    friend bool operator==(const ChannelRecord&, const ChannelRecord&) = default;
};

/// Facts about the installation as a whole, kept like a case: changed by entries of the log only.
struct Ledger {
    std::optional<Instant> first_start_at;
    std::string definitions_hash;         ///< In use; empty before the first start.
    std::optional<Instant> opened_until;  ///< Cases were opened up to here, inclusive.
    std::int64_t messages_made{0};
    std::int64_t batches{0};  ///< Actions on several cases at once; numbered from 1.
    bool sending_on_hold{false};
    std::string hold_reason;
    bool demo_clock{false};  ///< Born on a clock that is not the machine's.
    std::string salt;        ///< Of the pseudonyms of persons.
    Books books;
    std::vector<std::string> refused_persons;  ///< Addresses refused for good; sorted.
    /// Of each version of a workflow that was ever in use ("plan 1"): its fingerprint.
    std::map<std::string, std::string> machines{};
    /// When a backup was taken into use in the place of what was lost; until sending is released.
    std::optional<Instant> restored_at;
    /// The weekly digests whose time came up to here have been made.
    std::optional<Instant> digested_until{};
    /// Of each channel in Teams, by id.
    std::map<std::string, ChannelRecord> channels{};
    friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// Everything one entry of the log did, as whole new values. Folding the changes of all entries in
/// order gives the projections: rebuilding decides nothing anew.
struct Change {
    std::vector<Case> cases;
    std::vector<Reminder> reminders;  ///< New ones, and known ones with another account.
    std::vector<Message> messages;
    std::optional<Ledger> ledger;
    std::vector<Invitation> invitations{};  ///< New ones, and known ones that have changed.
};

/// One entry of the append-only log. `kind` and `data` are for people and for `explain`; `change`
/// is what is folded; `aside` can be erased without breaking the chain, which holds its SHA-256.
struct LogEntry {
    Instant at{};
    std::string kind;     ///< "event", "planned", "settled", "sending", "delivered", "started", …
    std::string case_id;  ///< Empty when not about one case.
    std::string event;    ///< Of kind "event".
    std::string from;     ///< State before and after, of kind "event".
    std::string to;
    std::string actor;
    std::map<std::string, std::string> data;
    Change change;
    std::map<std::string, std::string> aside;  ///< Free text and names of people.
};

/// Which leadership a commit belongs to; an older one is refused.
using Epoch = std::int64_t;

/// What one transaction writes. All of it or nothing.
struct Batch {
    Epoch epoch{0};
    std::vector<LogEntry> entries;
    // Beside the log, erasable:
    std::vector<Person> persons;
    struct Body {
        std::int64_t message{0};
        RenderedMessage rendered;
        std::string bytes;
    };
    std::vector<Body> bodies;
    struct Idempotency {
        std::string key;
        std::string fingerprint;  ///< SHA-256 of the request.
        std::string response;
        Instant expires_at{};
    };
    std::vector<Idempotency> answers;
    /// A configuration taken into use: all its files, by hash.
    std::map<std::string, std::string> configurations;
    [[nodiscard]] bool empty() const {
        return entries.empty() && persons.empty() && bodies.empty() && answers.empty() &&
               configurations.empty();
    }
};

enum class CommitOutcome { Ok, Lost };

/// What is due; at most the number asked for.
struct Agenda {
    std::vector<std::string> cases;      ///< By next_at, then id.
    std::vector<std::int64_t> messages;  ///< By next_at, then number.
    std::optional<Instant> next_at;      ///< Earliest of all that is stored, due or not.
};

/// What to load at once.
struct Keys {
    std::vector<std::string> cases;      ///< With children, all reminders and all invitations.
    std::vector<std::int64_t> messages;  ///< With the cases that they are about, as above.
    std::vector<std::string> persons;    ///< With their slots.
    Instant slots_from{};                ///< Slots of those persons from here on.
    std::vector<std::string> idempotency;
};

/// A slot in which a person gets, or got, reminders.
struct Slot {
    std::string person;
    std::string channel;
    Instant at{};
    std::int64_t message{0};  ///< That goes, or went, in it; several may.
    friend bool operator==(const Slot&, const Slot&) = default;
};

struct Loaded {
    std::map<std::string, Case, std::less<>> cases;
    std::vector<Reminder>
        reminders;  ///< Of those cases and messages; by case, version, step, person.
    std::map<std::int64_t, Message>
        messages;  ///< Asked for, and those that carry waiting reminders.
    std::map<std::string, Person, std::less<>> persons;  ///< Asked for, and of those messages.
    std::vector<Slot> slots;  ///< Of reminder messages waiting, sending, uncertain, held or sent.
    std::vector<Message> waiting;  ///< Reminder messages waiting for those persons.
    std::map<std::string, Batch::Idempotency, std::less<>> answers;
    std::vector<Invitation> invitations{};  ///< Of those cases; by case, person.
};

/// Somebody who is, or was, called to a meeting.
struct StoredInvitation {
    Invitation invitation;
    Person person;  ///< Without address and name when those have been erased.
    friend bool operator==(const StoredInvitation&, const StoredInvitation&) = default;
};

struct CaseFilter {
    std::string cohort;  ///< Empty: all. Likewise below.
    std::string requirement;
    std::string debtor;
    std::string state;
    std::optional<bool> final;
    std::string after_id;  ///< Page: ids greater than this.
    std::size_t count_max{100};
};

struct HistoryEntry {
    std::int64_t sequence{0};
    LogEntry entry;  ///< Without `change`.
    std::string hash;
};

struct StoredMessage {
    Message message;
    Person to;
    std::vector<Person> copies;
    std::vector<Reminder> reminders;
    std::optional<RenderedMessage> rendered;  ///< Once rendered and not erased.
    std::string bytes;                        ///< Only from `message()`.
};

struct MessageFilter {
    std::string case_id;
    std::optional<MessageState> state;
    std::int64_t before_number{0};  ///< Page: numbers smaller than this; 0: from the newest.
    std::size_t count_max{100};
};

/// Cases by the end of their deadline: what has to happen first stands first.
struct DueFilter {
    std::vector<std::string> states;  ///< Cases in one of these; none when empty.
    std::string cohort;               ///< Empty: all.
    std::string requirement;
    bool without_deadline{
        false};                   ///< Those that have none, by id; `from` and `until` do not count.
    std::optional<Instant> from;  ///< Deadlines that end at or after this,
    std::optional<Instant> until;     ///< and before this.
    std::optional<Instant> after_at;  ///< Page: what comes after this deadline and id.
    std::string after_id;
    std::size_t count_max{100};
};

/// The log across cases, newest first.
struct LogFilter {
    std::vector<std::string> case_ids;  ///< Of these cases only; empty: see `cohort`.
    std::string cohort;                 ///< Of its cases only; empty: of all, and of none.
    std::vector<std::string> kinds;     ///< Empty: all.
    std::optional<Instant> until;       ///< Before this time.
    std::int64_t before_sequence{0};    ///< Page: older than this; 0: from the newest.
    std::size_t count_max{100};
    std::size_t scan_max{20'000};  ///< Entries looked at, so that a rare kind costs no more.
};

struct LogPage {
    std::vector<HistoryEntry> entries;
    std::int64_t next_before{0};  ///< Where the next page begins; 0: there is nothing older.
};

/// A consistent view for readers. One thread at a time; cheap to take, short to keep.
class Snapshot {
 public:
    virtual ~Snapshot() = default;
    /// By id.
    [[nodiscard]] virtual Result<std::vector<Case>> cases(const CaseFilter& filter) = 0;
    [[nodiscard]] virtual Result<std::optional<Case>> find_case(std::string_view id) = 0;
    [[nodiscard]] virtual Result<std::vector<Reminder>> reminders_of(std::string_view case_id) = 0;
    /// Of a meeting, by person.
    [[nodiscard]] virtual Result<std::vector<StoredInvitation>> invitations_of(
        std::string_view case_id) = 0;
    /// Oldest first.
    [[nodiscard]] virtual Result<std::vector<HistoryEntry>> history_of(std::string_view case_id,
                                                                       std::size_t count_max) = 0;
    /// Newest first, without bytes.
    [[nodiscard]] virtual Result<std::vector<StoredMessage>> messages(
        const MessageFilter& filter) = 0;
    [[nodiscard]] virtual Result<std::optional<StoredMessage>> message(std::int64_t number) = 0;
    [[nodiscard]] virtual Result<Ledger> ledger() = 0;
    /// Open and closed cases by cohort, requirement and state.
    struct Count {
        std::string cohort;
        std::string requirement;
        std::string state;
        std::int64_t cases{0};
    };
    [[nodiscard]] virtual Result<std::vector<Count>> counts() = 0;
    /// By deadline, then id.
    [[nodiscard]] virtual Result<std::vector<Case>> due_cases(const DueFilter& filter) = 0;
    /// How many there are, counted no further than `count_max`; pages do not count.
    [[nodiscard]] virtual Result<std::int64_t> count_due(const DueFilter& filter) = 0;
    /// Cases of which the engine has something to do by `until`, inclusive; by that time, then id.
    [[nodiscard]] virtual Result<std::vector<Case>> next_cases(Instant until,
                                                               std::size_t count_max) = 0;
    [[nodiscard]] virtual Result<LogPage> log(const LogFilter& filter) = 0;
    /// How many steps reached the debtor of each case of `cohort`: what went to several people of
    /// theirs counts once, what went to others not at all. Cases with none are left out.
    [[nodiscard]] virtual Result<std::map<std::string, std::int64_t>> sent_counts(
        std::string_view cohort) = 0;
    /// What the store takes on its disk; 0 when it has none.
    [[nodiscard]] virtual Result<std::int64_t> size_bytes() = 0;
    struct Head {
        std::int64_t sequence{0};
        std::string hash;
        Instant at{};  ///< Of the last entry; on a demo clock, the last time that is known of it.
    };
    [[nodiscard]] virtual Result<Head> head() = 0;
    /// Messages by state; and the earliest slots for which messages were made that have not gone:
    /// an attempt that failed does not make a message younger.
    struct Outbox {
        std::map<MessageState, std::int64_t> messages;
        std::optional<Instant> oldest_queued_at;  ///< Of those waiting, being sent or uncertain.
        std::optional<Instant> oldest_held_at;
    };
    [[nodiscard]] virtual Result<Outbox> outbox() = 0;
    /// Every reminder counted anew, whatever the ledger says. Its cost grows with what is stored:
    /// for a thread that nobody waits for.
    [[nodiscard]] virtual Result<Books> recount() = 0;
    /// The files of a configuration that was taken into use, as `Batch::configurations` had them.
    [[nodiscard]] virtual Result<std::optional<std::string>> configuration(
        std::string_view hash) = 0;
};

/// Durable state. One thread, the engine's; no callback, cursor or transaction crosses this line.
/// Every failure is Unavailable and leaves the store as it was.
class Store {
 public:
    virtual ~Store() = default;
    /// Takes the leadership; commits of earlier epochs are refused from now on.
    [[nodiscard]] virtual Result<Epoch> lead() = 0;
    [[nodiscard]] virtual Result<Ledger> ledger() = 0;
    [[nodiscard]] virtual Result<Agenda> due(Instant now, std::size_t count_max) = 0;
    [[nodiscard]] virtual Result<Loaded> load(const Keys& keys) = 0;
    /// Ids of open cases greater than `after`, in order.
    [[nodiscard]] virtual Result<std::vector<std::string>> open_cases(std::string_view after,
                                                                      std::size_t count_max) = 0;
    /// Messages in that state, in order of number: what a start or a release has to look at.
    [[nodiscard]] virtual Result<std::vector<std::int64_t>> messages_in(MessageState state) = 0;
    /// All or nothing. Lost: another epoch leads; nothing was written.
    /// REQUIRES: no reminder is new under a key that exists.
    [[nodiscard]] virtual Result<CommitOutcome> commit(const Batch& batch) = 0;
    [[nodiscard]] virtual std::unique_ptr<Snapshot> snapshot() = 0;
};

/// Writes one message in one language. Pure in effect; may be called from several threads at once.
class Renderer {
 public:
    virtual ~Renderer() = default;
    [[nodiscard]] virtual Result<RenderedMessage> render(const MessageSnapshot& snapshot,
                                                         const Definitions& definitions) const = 0;
    /// The message as RFC 5322 bytes with CRLF, 7-bit.
    [[nodiscard]] virtual Result<std::string> to_bytes(const MessageSnapshot& snapshot,
                                                       const RenderedMessage& rendered,
                                                       const Definitions& definitions) const = 0;
};

/// One message on its way out.
struct Envelope {
    std::int64_t number{0};
    std::string channel{kEmailChannel};
    std::string message_id;
    std::string from;             ///< Address.
    std::vector<std::string> to;  ///< Addresses: recipient first, then copies.
    std::string bytes;
    Instant at{};
    int attempt{1};  ///< From 1: how long a copy that is refused for now is waited for.
};

/// One session of one way out. Used by one thread at a time; several may exist side by side.
class Channel {
 public:
    virtual ~Channel() = default;
    /// Blocks until there is a verdict. Never throws; never hands over twice by itself.
    [[nodiscard]] virtual DeliveryReport send(const Envelope& envelope) = 0;
};

/// How far a mailbox has been read. Zeros: not at all.
struct MailboxProgress {
    std::uint32_t uid_validity{0};  ///< Another one: the numbers mean other messages than before.
    std::uint32_t last_uid{0};      ///< Up to here, inclusive.
    friend bool operator==(const MailboxProgress&, const MailboxProgress&) = default;
};

struct MailboxMessage {
    std::uint32_t uid{0};
    std::string bytes;  ///< As it stands in the box: of strangers, in any form.
};

struct SkippedMessage {
    enum class Why { TooBig, NotGiven };
    std::uint32_t uid{0};
    Why why{Why::TooBig};
    friend bool operator==(const SkippedMessage&, const SkippedMessage&) = default;
};

/// What one look into a mailbox brought.
struct MailboxReading {
    std::vector<MailboxMessage> messages;  ///< By uid.
    std::vector<SkippedMessage> skipped;   ///< Likewise; never read again.
    MailboxProgress progress;              ///< Behind all of these.
    bool has_more{false};                  ///< Look again at once.
    bool began_anew{false};                ///< The box is not the one that was read before.
};

/// Where others' answers come in. One thread at a time.
class Mailbox {
 public:
    virtual ~Mailbox() = default;
    /// The next messages behind `progress`, a limited number; none when there is nothing new. The
    /// box is left as it is: what is not stored as progress is read again.
    /// InvalidInput: it cannot be read as it is configured. Unavailable: not now.
    [[nodiscard]] virtual Result<MailboxReading> read(const MailboxProgress& progress) = 0;
};

}  // namespace fristvakt::workflows
