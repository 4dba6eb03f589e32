#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "workflows/decision/plan.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/invitation.hpp"
#include "workflows/model/message.hpp"
#include "workflows/model/reminder.hpp"
#include "workflows/ports.hpp"
#include "workflows/result.hpp"

/// decide(case, event | now, definitions) -> changed case, effects, reasons. Pure: no clock, no
/// store.
namespace fristvakt::workflows {

/// A case with all that has been planned of it.
struct CaseFile {
    Case item;
    std::vector<Reminder> reminders;
    std::vector<std::string> open_children;  ///< Case ids.
    std::vector<Invitation> invitations;     ///< Of a meeting.
    /// Messages that the transport has and has said nothing of yet: what they carry is not settled
    /// until it does.
    std::set<std::int64_t> in_flight;
};

/// A reminder that is to be sent, with whom it reaches. The reminder also stands, without a
/// message, in the entry that planned it.
struct Claim {
    Reminder reminder;
    Recipient to;
    std::vector<Recipient> copy;
    bool catch_up{false};  ///< Of a case that was taken up after its own day: counts for the brake.
    bool at_once{false};   ///< A person asked for it: its slot is now.
    bool released{false};  ///< A person let its case go: however late, it counts for no brake.
};

/// An answer or a change that the debtor is to be told.
struct Telling {
    NoticeKind kind{NoticeKind::Answer};
    Message::Told told;
    Instant at{};
    /// Whom, where it is not the debtor: those who are called to a meeting, and, by their ids,
    /// those who signed up to it.
    std::optional<std::vector<Recipient>> to{};
    std::vector<Invitation> signed_up{};
};

/// Somebody is to be told of a meeting: a message of their own, which says what is so when it goes.
/// The invitation also stands, without the message, in an entry.
struct Summoned {
    Invitation invitation;
    std::optional<Recipient> to;  ///< Empty: they were written to before.
};

struct Decision {
    std::vector<LogEntry> entries;  ///< In order; the last one holds the case as it is afterwards.
    std::vector<Summoned> summoned;
    std::vector<Person> introduced{};  ///< Called without a message, and to be known by address.
    std::vector<Claim> claims;         ///< Those that still wait when all is decided.
    std::vector<Telling> tellings;
    std::vector<Case> opened;   ///< Child cases to be opened with `open_case`.
    std::vector<Event> raised;  ///< In the parent or in children; to be raised at the same time.
    std::string from;           ///< Of an event: the states before and after.
    std::string to;
};

/// What every decision looks at beside the case.
struct World {
    const Definitions& definitions;
    PersonIds& persons;
    const RefusedAddresses& refused;
};

/// Brings a new case to life at `now`: its first state, its deadline, its first look ahead.
/// `item` names workflow and parties; `due` is what the configuration says, if anything.
[[nodiscard]] Decision open_case(CaseFile& file, std::optional<Deadline> due, Instant now,
                                 const World& world);

/// Does what time alone brings, up to and including `now`: plans the steps whose time has come, in
/// order, and leaves states whose deadline has passed. Of several steps that came at once only the
/// latest for each recipient still waits afterwards. In one jump or in many small ones the same
/// keys are planned.
[[nodiscard]] Decision advance(CaseFile& file, Instant now, const World& world);

/// Applies an event at `now`, after `advance` up to just before it: an event comes before a step of
/// the same instant.
///
/// NotFound: the workflow knows no such event. Conflict: not in this state, or the expected
/// revision has passed. InvalidInput: who may not raise it; a field is missing or no date.
/// Errors carry a code: "moved-on", "closed", "wrong-state", "not-yours", "unknown-event",
/// "missing:FIELD", "no-date:FIELD", "past-date:FIELD", "future-date:FIELD", "no-number:FIELD",
/// "unknown-field:FIELD", "not-paused", "nothing-to-undo", "not-called-for",
/// "no-deadline", "no-step", "step-done", "no-recipient", "not-invited", "old-answer", "no-answer",
/// "not-open", "sign-up-over", "not-held", "full", "no-address", "no-name",
/// "not-begun", and those of `choose_send_now`.
[[nodiscard]] Result<Decision> raise(CaseFile& file, const Event& event, Instant now,
                                     const World& world);

/// Fits a running case to a new configuration: its deadline when that has moved (and nobody granted
/// another, or that of pre-work has come to lie behind what was granted), its ladder, its audience.
/// Raises `withdrawn` when the configuration no longer has it.
[[nodiscard]] Decision redefine(CaseFile& file, std::optional<Deadline> due, bool exists,
                                Instant now, const World& world);

/// Opens again what a configuration had taken out and this one calls for, due then: as undoing
/// does, so that no step goes to anybody twice, then as `redefine`. Any other case stays as it is.
[[nodiscard]] Decision call_again(CaseFile& file, std::optional<Deadline> due, Instant now,
                                  const World& world);

/// Lets a case that was opened after its deadline send again. The reminders held for that reason
/// are in the decision's claims.
[[nodiscard]] Decision release_case(CaseFile& file, Instant now, const World& world);

/// Gives `reminder`, whose recipient no longer holds the role or was refused, to those who stand
/// in: holders of the step's roles on `day` without a reminder of this step, else the fallback.
/// Nobody does for who is called to a meeting.
[[nodiscard]] Decision redirect_reminder(CaseFile& file, const Reminder& reminder, Reason reason,
                                         Date day, Instant now, const World& world);

/// Lets a reminder that had failed or was stopped wait again, as the ladder has it now: what that
/// puts later than `now` comes in its time, and what has been overtaken meanwhile is settled.
[[nodiscard]] Decision restart_reminder(CaseFile& file, const Reminder& reminder, Instant now,
                                        const World& world);

/// Looks again at who of a meeting is to be told what, after a message to one of them was settled.
[[nodiscard]] Decision follow_invitations(CaseFile& file, Instant now, const World& world);

/// Moves a reminder of the case to another account, with an entry that says why.
void settle(CaseFile& file, const Reminder& reminder, Account account, Reason reason, Instant at,
            Decision& decision);

}  // namespace fristvakt::workflows
