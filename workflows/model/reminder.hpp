#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// Where a planned reminder stands in the books. Stored: never renumber.
enum class Account {
    Waiting = 0,
    Sent = 1,
    Held = 2,
    Suppressed = 3,
    Superseded = 4,
    Failed = 5,
};
[[nodiscard]] std::string_view to_string(Account account);

/// Why a reminder is where it is; logged, stored and shown. Stored: never renumber.
enum class Reason {
    None = 0,
    Due = 1,         ///< Its time came while the case waited for the recipient.
    OpenedLate = 2,  ///< The case opened after its last step before the deadline.
    CaseMovedOn = 3,
    DeadlineMoved = 4,
    DeadlinePassed = 5,
    LaterStep = 6,
    NotWaiting = 7,  ///< Its time passed while somebody else was waited for.
    BeforeOpening = 8,
    BeforeVersion = 9,  ///< Before the deadline in force began to count.
    RecipientChanged = 10,
    Paused = 11,
    NotAllowed = 12,  ///< Outside the allowlist.
    Brake = 13,
    SendingOnHold = 14,
    DeadlineHadPassed = 15,  ///< The case was opened after its deadline.
    Refused = 16,            ///< The recipient's server refused for good.
    NoRecipient = 17,
    StepRemoved = 18,  ///< The ladder has no such step any more.
    Accepted = 19,     ///< The transport accepted it.
    Uncertain = 20,    ///< A crash hid the outcome.
    Withdrawn = 21,
    StateUnknown = 22,
    BadAddress = 23,
    SentBefore = 24,    ///< By the database that was lost; a person says so after a restore.
    Stopped = 25,       ///< Somebody stopped it.
    TakenBack = 26,     ///< What ended it, or what sent it, was undone; its step may come again.
    NothingToSay = 27,  ///< Of a digest: the week has nothing that deviates.
};
/// English, for logs and the API: "case moved on".
[[nodiscard]] std::string_view to_string(Reason reason);

/// One step, of one case, to one recipient: planned once, accounted for once.
struct Reminder {
    // The key: at most one reminder has it, however often planning runs.
    std::string case_id;
    std::string version;  ///< "v2" of the deadline, or "claimed.3": of a state's own deadline.
    std::string step;
    int occurrence{1};
    std::string person;  ///< Pseudonym of an address; the address stands outside the log.

    std::string notice;
    std::string role;          ///< "ressursperson", "creditor.saksbehandler", "postmottak", …
    std::string organisation;  ///< The recipient's.
    Instant step_at{};         ///< When the step was due.
    Instant claimed_at{};
    bool softened{false};
    bool before_deadline{false};
    std::vector<std::string> copies;  ///< Persons.
    Account account{Account::Waiting};
    Reason reason{Reason::Due};
    std::int64_t message{0};  ///< The message that carries it; 0: none.

    friend bool operator==(const Reminder&, const Reminder&) = default;
    [[nodiscard]] bool same_key(const Reminder& other) const {
        return case_id == other.case_id && version == other.version && step == other.step &&
               occurrence == other.occurrence && person == other.person;
    }
};

/// Every planned reminder is in exactly one account.
struct Books {
    std::int64_t planned{0};
    std::int64_t sent{0};
    std::int64_t held{0};
    std::int64_t suppressed{0};
    std::int64_t superseded{0};
    std::int64_t failed{0};
    std::int64_t waiting{0};
    [[nodiscard]] bool balance() const {
        return planned == sent + held + suppressed + superseded + failed + waiting;
    }
    /// Adds (or, with -1, takes away) one reminder in `account`; does not touch `planned`.
    void post(Account account, std::int64_t amount);
    friend bool operator==(const Books&, const Books&) = default;
};

}  // namespace fristvakt::workflows
