#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "workflows/decision/decide.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/stop.hpp"

/// How `decide.hpp` comes to its decisions; of no concern to anybody else. One class in eight
/// files: its ways in (decide.cpp), what time brings (decider_time.cpp), which reminders are
/// planned and settled (decider_planning.cpp), states and deadlines (decider_states.cpp), the dates
/// of meetings (decider_meetings.cpp), who is called to them (decider_invitations.cpp), the events
/// of a workflow (decider_events.cpp) and those that
/// every case knows (decider_built_in.cpp).
namespace fristvakt::workflows {

inline constexpr Seconds kJustBefore{1};
inline constexpr std::string_view kWithdrawn = "withdrawn";
inline constexpr std::string_view kResponded = "responded";
inline constexpr std::string_view kAttended = "attended";
inline constexpr std::string_view kSignedUp = "signed_up";
/// A field of a child case whose parent's ladder rests while it is open.
inline constexpr std::string_view kPausesParent = "pauses_parent";

[[nodiscard]] bool is_human(Actor actor);
/// Events that leave the case in its state: what undoing them brings back is not a state.
[[nodiscard]] bool is_in_place(const std::string& event);

/// What a case's occurrences follow from, beside the configuration.
using Grounds =
    std::tuple<std::string, int, int, int, std::size_t, std::optional<Date>, std::optional<Instant>,
               std::optional<Date>, std::optional<Instant>, Instant, Instant, Instant, bool, bool>;

/// Works on one case until everything that follows at one time is decided.
class CaseDecider {
 public:
    CaseDecider(CaseFile& file, const World& world)
        : file_(file),
          item_(file.item),
          before_(file.item),
          world_(world),
          zone_(world.definitions.time_zone()) {}

    void begin(std::optional<Deadline> due, Instant now);
    void advance_to(Instant now);
    [[nodiscard]] Result<Done> apply(const Event& event, Instant now);
    void redefine(std::optional<Deadline> due, bool exists, Instant now);
    void call_again(std::optional<Deadline> due, Instant now);
    void release(Instant now);
    void redirect(const Reminder& old, Date day, Instant now);
    void restart(const Reminder& reminder, Instant now);
    void settle_reminder(const Reminder& reminder, Account account, Reason reason, Instant at);
    /// Ends the work: next look, the case in the last entry, claims that still wait.
    [[nodiscard]] Decision finish(Instant now);

 private:
    [[nodiscard]] CaseContext context() const { return context_of(item_, world_.definitions); }
    LogEntry& add_entry(std::string kind, Instant at);
    /// How it came about stands in the entry's change, with the deadline itself.
    void add_deadline_data(LogEntry& entry) const;
    /// What a claim was made by, whatever becomes of the case's deadline later.
    void add_derivation(LogEntry& entry) const;

    // What time brings.
    /// Of the present state; derived anew when something that they follow from has changed.
    [[nodiscard]] std::shared_ptr<const std::vector<Occurrence>> occurrences() const;
    /// The next moment at which time alone changes something.
    [[nodiscard]] std::optional<Instant> next_time() const;
    void do_at(Instant at);
    void leave_by_deadline(const State& state, Instant at);
    void plan_until(Instant until);

    // Reminders.
    /// Plans one occurrence for everybody it reaches on `day`: waiting, or in the account of
    /// `superseded`. Whoever has a reminder under the key already gets no second one.
    void plan(const Occurrence& occurrence, Date day, Instant now,
              std::optional<Reason> superseded);
    /// The case was opened when its configuration was taken into use, not on its own day.
    [[nodiscard]] bool was_taken_up_late(const Occurrence& occurrence) const;
    [[nodiscard]] Reminder new_reminder(const Occurrence& occurrence, const Recipient& recipient,
                                        const CaseContext& at, Instant now) const;
    [[nodiscard]] bool is_known(const Reminder& reminder) const;
    void log_plan(const Occurrence& occurrence, const std::vector<Reminder>& planned,
                  const Audience& audience, Instant now);
    /// Steps that lie before `at` and were never planned: somebody else was waited for, the case
    /// rested, or they lie before what counts.
    void record_missed(Instant at, Reason reason);
    /// For each recipient only the latest of the steps that wait is sent.
    void supersede_earlier_steps(Instant at);
    void settle_overtaken(Instant at);
    /// Open reminders say and wait for what the ladder, as it is now, has at their steps.
    void fit_to_ladder(Instant now);
    /// What the new ladder puts later than now has not come: it is planned anew when it does.
    void take_back_moved_steps(Instant now);
    /// A step of the same name may lie and say otherwise on the new ladder.
    void renew_open_reminders(Instant now);
    /// The ladder, as it is now, has the reminder's step after `now`.
    [[nodiscard]] bool lies_ahead(const Reminder& reminder, Instant now) const;
    /// The transport has it: what became of it is for the transport to say.
    [[nodiscard]] bool is_in_flight(const Reminder& reminder) const;
    [[nodiscard]] Reason why_missed() const;
    [[nodiscard]] Audience audience_on(const LadderStep& step, Date day) const;
    /// False when its step reaches the recipient no more.
    bool claim_again(const Reminder& reminder, Instant now);

    // States and deadlines.
    void enter(const std::string& state_id, Instant at) { enter(state_id, at, at); }
    /// `entered_at` lies before `at` when what was undone is undone.
    void enter(const std::string& state_id, Instant at, Instant entered_at);
    /// To the newest version of its workflow, if that says how.
    void migrate(Instant now);
    void note_migration(const std::string& from, const std::string& to, const Workflow& newest,
                        Instant now);
    void tell_parent(const CaseContext& now);
    /// What counts of a deadline in the configuration while another is granted; nothing: what was
    /// granted does, whatever becomes of the other. Pre-work moves with its meeting, but no nearer.
    [[nodiscard]] std::optional<Deadline> beside_grant(Deadline configured) const;
    /// A new deadline begins a version, or goes back to the one that ended at the same instant.
    void set_due(Deadline due, Instant at);
    void cancel_children();
    /// The meeting's date has been set, moved or taken away in the configuration, or the meeting
    /// cancelled there.
    void follow_meeting(Instant now);
    /// An agenda that stands in the programme is in the invitation: with that it has been sent.
    /// Another one is shared with those who have theirs.
    void note_agenda(Instant now);
    /// Where it is held online is known, or known anew.
    [[nodiscard]] Result<Done> note_online(const Event& event, Instant now);
    /// Of a configured meeting; null: none is set.
    [[nodiscard]] const MeetingDate* configured_date() const;

    // Invitations.
    /// Whoever is called and does not know it, or knows what is no longer so, is to be told.
    void follow_invitations(Instant now);
    /// One who is called; what changes is added to `changed`.
    void call(const std::string& person, const Recipient& attendee,
              const std::map<std::string, std::string>& wanted, Instant now,
              std::vector<Invitation>& changed);
    /// `to`: nothing of who is not called any more.
    void tell(Invitation& known, const std::map<std::string, std::string>& wanted,
              const std::optional<Recipient>& to, std::vector<Invitation>& changed);
    [[nodiscard]] Result<Done> answer_invitation(const Event& event, Instant now);
    [[nodiscard]] Result<Done> register_attendance(const Event& event, Instant now);
    [[nodiscard]] Result<Done> sign_up(const Event& event, Instant now);

    // Events of the workflow.
    [[nodiscard]] Result<Done> apply_of_workflow(const Event& event, Instant now);
    [[nodiscard]] Result<const Transition*> find_transition(const Event& event) const;
    [[nodiscard]] Result<const Transition*> may_raise(const Transition& transition,
                                                      const Event& event) const;
    /// A misspelt field would be put aside, and the one that was meant stay empty.
    [[nodiscard]] Result<Done> check_field_names(const Event& event) const;
    [[nodiscard]] Result<Done> check_fields(const Transition& transition, const Event& event,
                                            Instant now) const;
    [[nodiscard]] Result<Done> check_new_due(const std::string& value, Instant now) const;
    [[nodiscard]] Result<Done> check_receipt(const Transition& transition,
                                             const Event& event) const;
    /// What the state that is entered passes on as a new deadline must be one, or the parent could
    /// not take it.
    [[nodiscard]] Result<Done> check_passed_on(const Transition& transition, const Event& event,
                                               Instant now) const;
    [[nodiscard]] Result<Done> check_declared(const Assignment& set, const std::string& value,
                                              Date today) const;
    /// The entry of an event that changes the case: one revision on.
    LogEntry& add_event_entry(const Event& event, Instant now);
    LogEntry& add_note_entry(const Event& event, Instant now);
    void remember_for_undo(const Event& event);
    /// The waiting reminders that fell to what was just done, from the entry `first` on, where that
    /// can be undone.
    void remember_ended(std::size_t first);
    void follow(const Transition& transition, const Event& event, Instant now);
    /// A deadline that moved is told, unless nobody at the debtor is waited for.
    void tell_new_deadline(const std::map<std::string, std::string>& fields, Instant now);
    [[nodiscard]] Result<Deadline> deadline_on(Date until) const;
    void grant(Date until, Instant now);
    void open_child(const Transition& transition, const Event& event);
    void tell(const std::string& notice, const std::map<std::string, std::string>& fields,
              Instant now);
    /// With those who are called; an agenda without text is the programme's.
    void share(const std::string& what, const std::string& text, Instant now);

    // Events that every case knows.
    [[nodiscard]] Result<Done> apply_built_in(const Event& event, Instant now);
    [[nodiscard]] Result<Done> apply_in_place(const Event& event, Instant now);
    [[nodiscard]] Result<Done> pause(const Event& event, Instant now);
    void resume(Actor by, Instant at);
    void end_pause(Instant at);
    [[nodiscard]] Result<Done> move_deadline(const Event& event, Instant now);
    /// The step that `event` names, else the next one that is still to come or waits.
    [[nodiscard]] std::optional<Occurrence> step_to_stop(const Event& event, Instant now) const;
    [[nodiscard]] bool is_left(const Occurrence& occurrence, Instant now) const;
    [[nodiscard]] Result<Done> stop_step(const Event& event, Instant now);
    [[nodiscard]] Result<Done> send_now(const Event& event, Instant now);
    void child_closed(Instant now);
    void withdraw(const Event& event, Instant now);
    [[nodiscard]] Result<Done> revert(const Event& event, Instant now);
    void revert_pause(const Case::Undo& undo, Instant now);
    /// Steps whose reminders waited when the undone event ended them wait again, unless a later
    /// one has come since.
    void bring_back(const std::vector<std::string>& ended, Instant now);
    [[nodiscard]] bool has_been_overtaken(const Occurrence& occurrence) const;
    void take_back_grant(std::optional<Date> until, Instant now);
    /// As if the deadline had never been another than the one that had passed when the case was
    /// opened: no message carries its reminders any more.
    void hold_open_reminders(Instant now);
    /// The parent's ladder rests again while this child is open.
    void open_again_in_parent();

    CaseFile& file_;
    Case& item_;
    Case before_;
    const World& world_;
    const TimeZone& zone_;
    Decision decision_;
    mutable std::shared_ptr<const std::vector<Occurrence>> occurrences_;  ///< By `grounds_`.
    mutable Grounds grounds_;
    std::map<std::string, Recipient> signed_up_;  ///< Just now, by person.
    std::map<std::string, std::string> event_fields_;
    std::string event_who_;
    bool at_once_{false};     ///< What is claimed meanwhile goes now.
    bool released_{false};    ///< What is claimed meanwhile has been let go.
    bool remembered_{false};  ///< The event can be undone; what it ended is still to be noted.
};

}  // namespace fristvakt::workflows
