#include "workflows/decision/decide.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "workflows/decision/openings.hpp"
#include "workflows/decision/send_now.hpp"

namespace fristvakt::workflows {

namespace {

constexpr Seconds kJustBefore{1};
constexpr std::string_view kWithdrawn = "withdrawn";
/// A declared date with this name is the day on which something came: never one ahead.
constexpr std::string_view kReceivedOn = "received_on";
/// A field of a child case whose parent's ladder rests while it is open.
constexpr std::string_view kPausesParent = "pauses_parent";

/// Dates and numbers are facts; free text may hold names and stands where it can be erased.
bool is_fact(std::string_view value) {
    return value.find_first_not_of("0123456789-:T+.Z/") == std::string_view::npos;
}

/// It was taken back before it was sent, by a ladder that changed or by an undoing: its step may
/// come again.
bool was_taken_back(const Reminder& reminder) {
    return reminder.account == Account::Superseded &&
           (reminder.reason == Reason::StepRemoved || reminder.reason == Reason::TakenBack);
}

/// Events that leave the case in its state: what undoing them brings back is not a state.
bool is_in_place(const std::string& event) {
    return event == "paused" || event == "resumed" || event == "reminder_stopped" ||
           event == "deadline_moved";
}

bool has_been_planned(const CaseFile& file, const Occurrence& occurrence) {
    return std::any_of(file.reminders.begin(), file.reminders.end(), [&](const Reminder& known) {
        return known.version == occurrence.version && known.step == occurrence.step->id &&
               !was_taken_back(known);
    });
}

bool is_open(const Reminder& reminder) {
    return reminder.account == Account::Waiting || reminder.account == Account::Held;
}

bool is_human(Actor actor) {
    return actor == Actor::Debtor || actor == Actor::Creditor || actor == Actor::Operator;
}

/// What a case's occurrences follow from, beside the configuration.
using Grounds =
    std::tuple<std::string, int, int, int, std::size_t, std::optional<Date>, std::optional<Instant>,
               std::optional<Date>, std::optional<Instant>, Instant, Instant, Instant, bool, bool>;

Grounds grounds_of(const Case& item) {
    const auto day = [](const std::optional<Deadline>& deadline) {
        return deadline ? std::optional{deadline->date} : std::nullopt;
    };
    const auto end = [](const std::optional<Deadline>& deadline) {
        return deadline ? std::optional{deadline->ends_at} : std::nullopt;
    };
    return {item.state,
            item.workflow_version,
            item.state_entry,
            item.due_version,
            item.due_versions.size(),
            day(item.due),
            end(item.due),
            day(item.state_deadline),
            end(item.state_deadline),
            item.opened_at,
            item.entered_at,
            item.due_version_began_at,
            item.held,
            item.final};
}

/// Works on one case until everything that follows at one time is decided.
class CaseDecider {
 public:
    CaseDecider(CaseFile& file, const World& world)
        : file_(file),
          item_(file.item),
          before_(file.item),
          world_(world),
          zone_(world.definitions.time_zone()) {}

    void open(std::optional<Deadline> due, Instant now) {
        item_.opened_at = now;
        LogEntry& entry = add_entry("event", now);
        entry.event = "opened";
        entry.actor = to_string(item_.parent.empty() ? Actor::Configuration : Actor::Parent);
        if (due) {
            item_.due = std::move(due);
            item_.due_versions = {item_.due->ends_at};
            item_.due_version = 1;
            item_.due_version_began_at = now;
            item_.held = item_.due->ends_at <= now;
            add_deadline_data(entry);
        }
        entry.to = context().workflow->start;
        enter(context().workflow->start, now);
        record_missed(now, Reason::NotWaiting);
    }

    void advance_to(Instant now) {
        // Each round moves `planned_until` on or leaves a state; a workflow that runs in circles
        // within one second is a broken one.
        constexpr int kRoundsMax = 10'000;
        for (int round = 0; round < kRoundsMax; ++round) {
            const auto at = next_time();
            if (!at || *at > now) {
                break;
            }
            do_at(*at);
        }
        item_.planned_until = std::max(item_.planned_until, now);
    }

    Result<Done> apply(const Event& event, Instant now) {
        if (event.expected_revision && *event.expected_revision != item_.revision) {
            return Error{ErrorKind::Conflict,
                         item_.id + " has moved on since you looked (revision " +
                             std::to_string(item_.revision) + "); look again",
                         "moved-on"};
        }
        const std::size_t first = decision_.entries.size();
        auto applied = is_built_in_event(event.name) ? apply_built_in(event, now)
                                                     : apply_of_workflow(event, now);
        if (applied.ok()) {
            remember_ended(first);
        }
        return applied;
    }

    Result<Done> apply_of_workflow(const Event& event, Instant now) {
        const auto transition = find_transition(event);
        if (!transition.ok()) {
            return transition.error();
        }
        const auto checked = check_fields(*transition.value(), event, now);
        if (!checked.ok()) {
            return checked.error();
        }
        follow(*transition.value(), event, now);
        return Done{};
    }

    void redefine(std::optional<Deadline> due, bool exists, Instant now) {
        migrate(now);
        if (!exists || context().state == nullptr) {
            Event event;
            event.name = kWithdrawn;
            event.by = Actor::Configuration;
            const std::size_t first = decision_.entries.size();
            withdraw(event, now);
            remember_ended(first);
            return;
        }
        if (due && !item_.granted_until && item_.due && due->ends_at != item_.due->ends_at) {
            const std::size_t index = decision_.entries.size();
            LogEntry& entry = add_entry("event", now);
            entry.event = "deadline_moved";
            entry.from = entry.to = item_.state;
            entry.actor = to_string(Actor::Configuration);
            set_due(std::move(*due), now);
            add_deadline_data(decision_.entries[index]);
            tell_new_deadline({}, now);
        }
        take_back_moved_steps(now);
        renew_open_reminders(now);
        settle_overtaken(now);
    }

    void release(Instant now) {
        item_.held = false;
        std::vector<Reminder> unreached;
        LogEntry& entry = add_entry("released", now);  // Nothing is added behind it in the loop.
        entry.actor = to_string(Actor::Operator);
        for (Reminder& reminder : file_.reminders) {
            if (reminder.account == Account::Held && reminder.reason == Reason::DeadlineHadPassed) {
                reminder.account = Account::Waiting;
                reminder.reason = Reason::Due;
                entry.change.reminders.push_back(reminder);
                if (!claim_again(reminder, now)) {
                    unreached.push_back(reminder);
                }
            }
        }
        settle_overtaken(now);
        // Whoever has left the role meanwhile is not written to; who has come is.
        for (const Reminder& reminder : unreached) {
            if (overtaken(reminder, item_, context(), now)) {
                continue;  // Settled just now.
            }
            settle_reminder(reminder, Account::Superseded, Reason::RecipientChanged, now);
            redirect(reminder, zone_.date_of(now), now);
        }
        supersede_earlier_steps(now);
    }

    void redirect(const Reminder& old, Date day, Instant now) {
        const CaseContext at = context();
        if (at.ladder == nullptr || old.version != version_name(item_, at)) {
            return;
        }
        if (const auto step = step_of(old, at)) {
            const Occurrence occurrence{.step = &*step,
                                        .at = old.step_at,
                                        .version = old.version,
                                        .before_deadline = old.before_deadline,
                                        .opened_late = false,
                                        .superseded = std::nullopt};
            at_once_ = is_sent_now(old.step);
            plan(occurrence, day, now, std::nullopt);
            at_once_ = false;
        }
    }

    void settle_reminder(const Reminder& reminder, Account account, Reason reason, Instant at) {
        settle(file_, reminder, account, reason, at, decision_);
    }

    /// Ends the work: next look, the case in the last entry, claims that still wait.
    Decision finish() {
        item_.next_at = next_time();
        if (decision_.entries.empty()) {
            before_.planned_until = item_.planned_until;
            if (item_ == before_) {
                return std::move(decision_);
            }
            // Nothing to tell, but the agenda moved on.
            add_entry("looked", item_.planned_until);
        }
        decision_.entries.back().change.cases.push_back(item_);
        std::erase_if(decision_.claims, [&](const Claim& claim) {
            const auto known = std::find_if(
                file_.reminders.begin(), file_.reminders.end(),
                [&](const Reminder& reminder) { return reminder.same_key(claim.reminder); });
            return known == file_.reminders.end() || known->account != Account::Waiting;
        });
        return std::move(decision_);
    }

    Decision& decision() { return decision_; }

 private:
    [[nodiscard]] CaseContext context() const { return context_of(item_, world_.definitions); }

    LogEntry& add_entry(std::string kind, Instant at) {
        LogEntry entry;
        entry.kind = std::move(kind);
        entry.case_id = item_.id;
        entry.at = at;
        decision_.entries.push_back(std::move(entry));
        return decision_.entries.back();
    }

    /// How it came about stands in the entry's change, with the deadline itself.
    void add_deadline_data(LogEntry& entry) const {
        if (item_.due) {
            entry.data["due"] = iso_date(item_.due->date);
        }
    }

    /// What a claim was made by, whatever becomes of the case's deadline later.
    void add_derivation(LogEntry& entry) const {
        if (item_.due) {
            std::string because;
            for (const std::string& line : item_.due->because.nb) {
                because += (because.empty() ? "" : " | ") + line;
            }
            entry.data["because"] = because;
        }
    }

    // --- time -----------------------------------------------------------------------------------

    /// Of the present state; derived anew when something that they follow from has changed.
    [[nodiscard]] std::shared_ptr<const std::vector<Occurrence>> occurrences() const {
        Grounds grounds = grounds_of(item_);
        if (occurrences_ == nullptr || grounds != grounds_) {
            occurrences_ = std::make_shared<const std::vector<Occurrence>>(
                occurrences_of(item_, context(), world_.definitions));
            grounds_ = std::move(grounds);
        }
        return occurrences_;
    }

    /// The next moment at which time alone changes something.
    [[nodiscard]] std::optional<Instant> next_time() const {
        if (item_.final) {
            return std::nullopt;
        }
        const CaseContext at = context();
        std::optional<Instant> next;
        const auto consider = [&](Instant instant) {
            const Instant coming = std::max(instant, item_.planned_until + kJustBefore);
            next = next ? std::min(*next, coming) : coming;
        };
        if (item_.paused) {
            if (item_.paused_until) {
                consider(*item_.paused_until);
            }
            return next;
        }
        if (item_.children_open_pausing == 0) {
            const auto steps = occurrences();
            for (const Occurrence& occurrence : *steps) {
                if (!occurrence.superseded && occurrence.at > item_.planned_until &&
                    !has_been_planned(file_, occurrence)) {
                    consider(occurrence.at);
                }
            }
        }
        if (const Deadline* deadline = counted_deadline(item_, at)) {
            const bool leaves = !at.state->after_deadline_to.empty();
            if (leaves || deadline->ends_at > item_.planned_until) {
                consider(deadline->ends_at);
            }
        }
        return next;
    }

    void do_at(Instant at) {
        if (item_.paused) {
            resume(Actor::Clock, at);
        }
        const CaseContext now = context();
        const Deadline* deadline = counted_deadline(item_, now);
        if (deadline != nullptr && deadline->ends_at <= at &&
            !now.state->after_deadline_to.empty()) {
            leave_by_deadline(*now.state, at);
        }
        if (item_.children_open_pausing == 0) {
            plan_until(at);
        }
        settle_overtaken(at);
        item_.planned_until = std::max(item_.planned_until, at);
    }

    void leave_by_deadline(const State& state, Instant at) {
        LogEntry& entry = add_entry("event", at);
        entry.event = "deadline_passed";
        entry.actor = to_string(Actor::Clock);
        entry.from = state.id;
        entry.to = state.after_deadline_to;
        decision_.from = entry.from;
        decision_.to = entry.to;
        const bool creditor_was_silent = state.waits_for == Party::Creditor;
        ++item_.revision;
        item_.undo.reset();
        cancel_children();
        enter(state.after_deadline_to, at);
        const CaseContext after = context();
        if (creditor_was_silent && after.state != nullptr &&
            after.state->waits_for == Party::Debtor) {
            item_.softened = true;
        }
        record_missed(at, why_missed());
    }

    void plan_until(Instant until) {
        const auto steps = occurrences();
        for (const Occurrence& occurrence : *steps) {
            if (!occurrence.superseded && occurrence.at > item_.planned_until &&
                occurrence.at <= until && !has_been_planned(file_, occurrence)) {
                plan(occurrence, zone_.date_of(occurrence.at), until,
                     is_stopped(occurrence) ? std::optional{Reason::Stopped} : std::nullopt);
            }
        }
    }

    [[nodiscard]] bool is_stopped(const Occurrence& occurrence) const {
        const std::string name = stopped_name(occurrence.version, occurrence.step->id);
        return std::find(item_.stopped.begin(), item_.stopped.end(), name) != item_.stopped.end();
    }

    // --- planning -------------------------------------------------------------------------------

    /// Plans one occurrence for everybody it reaches on `day`: waiting, or in the account of
    /// `superseded`. Whoever has a reminder under the key already gets no second one.
    void plan(const Occurrence& occurrence, Date day, Instant now,
              std::optional<Reason> superseded) {
        const CaseContext at = context();
        const Audience audience =
            audience_of(*occurrence.step, item_, at, world_.definitions, day, world_.refused);
        if (audience.to.empty() && (item_.softened || superseded)) {
            return;  // An escalation, which waits for the creditor's answer; or nobody missed it.
        }
        std::vector<std::string> copies;
        for (const Recipient& copy : audience.copy) {
            copies.push_back(world_.persons.of(copy.address));
        }
        std::sort(copies.begin(), copies.end());
        std::vector<Reminder> planned;
        for (const Recipient& recipient : audience.to) {
            Reminder reminder = new_reminder(occurrence, recipient, at, now);
            reminder.copies = copies;
            if (superseded) {
                reminder.account = account_for(*superseded);
                reminder.reason = *superseded;
                reminder.copies.clear();
            }
            if (!is_known(reminder)) {
                planned.push_back(reminder);
                if (reminder.account == Account::Waiting) {
                    decision_.claims.push_back({reminder, recipient, audience.copy,
                                                was_taken_up_late(occurrence), at_once_});
                }
            }
        }
        log_plan(occurrence, planned, audience, now);
        file_.reminders.insert(file_.reminders.end(), planned.begin(), planned.end());
        if (!superseded) {
            supersede_earlier_steps(now);
        }
    }

    /// The case was opened when its configuration was taken into use, not on its own day.
    [[nodiscard]] bool was_taken_up_late(const Occurrence& occurrence) const {
        return occurrence.opened_late &&
               item_.opened_at != zone_.start_of_day(zone_.date_of(item_.opened_at));
    }

    [[nodiscard]] Reminder new_reminder(const Occurrence& occurrence, const Recipient& recipient,
                                        const CaseContext& at, Instant now) const {
        Reminder reminder;
        reminder.case_id = item_.id;
        reminder.version = occurrence.version;
        reminder.step = occurrence.step->id;
        reminder.person = world_.persons.of(recipient.address);
        reminder.occurrence =
            1 + static_cast<int>(std::count_if(
                    file_.reminders.begin(), file_.reminders.end(), [&](const Reminder& known) {
                        return known.version == reminder.version && known.step == reminder.step &&
                               known.person == reminder.person && was_taken_back(known);
                    }));
        reminder.notice = occurrence.step->notice;
        reminder.role = recipient.role;
        reminder.organisation = recipient.organisation;
        reminder.step_at = occurrence.at;
        reminder.claimed_at = now;
        reminder.softened = item_.softened && at.state->waits_for == Party::Debtor;
        reminder.before_deadline = occurrence.before_deadline;
        reminder.reason = occurrence.opened_late ? Reason::OpenedLate : Reason::Due;
        if (item_.held) {
            reminder.account = Account::Held;
            reminder.reason = Reason::DeadlineHadPassed;
        }
        return reminder;
    }

    [[nodiscard]] bool is_known(const Reminder& reminder) const {
        return std::any_of(
            file_.reminders.begin(), file_.reminders.end(), [&](const Reminder& known) {
                return known.version == reminder.version && known.step == reminder.step &&
                       known.person == reminder.person && !was_taken_back(known);
            });
    }

    void log_plan(const Occurrence& occurrence, const std::vector<Reminder>& planned,
                  const Audience& audience, Instant now) {
        if (planned.empty() && !audience.to.empty()) {
            return;  // Everybody had theirs.
        }
        LogEntry& entry = add_entry("planned", now);
        entry.data["step"] = occurrence.step->id;
        entry.data["version"] = occurrence.version;
        entry.data["step_at"] = iso_utc(occurrence.at);
        if (planned.empty()) {
            entry.data["reason"] = to_string(Reason::NoRecipient);
        } else {
            entry.data["reason"] = to_string(planned.front().reason);
        }
        add_deadline_data(entry);
        add_derivation(entry);
        entry.change.reminders = planned;
    }

    /// Steps that lie before `at` and were never planned: somebody else was waited for, the case
    /// rested, or they lie before what counts.
    void record_missed(Instant at, Reason reason) {
        const auto steps = occurrences();
        for (const Occurrence& occurrence : *steps) {
            const bool missed = occurrence.superseded || occurrence.at < at;
            if (missed && !has_been_planned(file_, occurrence)) {
                plan(occurrence, zone_.date_of(occurrence.at), at,
                     is_stopped(occurrence) ? Reason::Stopped
                                            : occurrence.superseded.value_or(reason));
            }
        }
    }

    /// For each recipient only the latest of the steps that wait is sent.
    void supersede_earlier_steps(Instant at) {
        const CaseContext now = context();
        std::vector<Reminder> overtaken_by_later;
        for (const Reminder& earlier : file_.reminders) {
            if (earlier.account != Account::Waiting || is_in_flight(earlier)) {
                continue;
            }
            const bool later_waits = std::any_of(
                file_.reminders.begin(), file_.reminders.end(), [&](const Reminder& later) {
                    return later.account == Account::Waiting && later.person == earlier.person &&
                           comes_after(later, earlier, now);
                });
            if (later_waits) {
                overtaken_by_later.push_back(earlier);
            }
        }
        for (const Reminder& reminder : overtaken_by_later) {
            settle_reminder(reminder, Account::Superseded, Reason::LaterStep, at);
        }
    }

    void settle_overtaken(Instant at) {
        const CaseContext now = context();
        std::vector<std::pair<Reminder, Reason>> gone;
        for (const Reminder& reminder : file_.reminders) {
            if (is_open(reminder) && !is_in_flight(reminder)) {
                if (const auto reason = overtaken(reminder, item_, now, at)) {
                    gone.emplace_back(reminder, *reason);
                }
            }
        }
        for (const auto& [reminder, reason] : gone) {
            settle_reminder(reminder, account_for(reason), reason, at);
        }
    }

    /// What the new ladder puts later than now has not come: it is planned anew when it does.
    void take_back_moved_steps(Instant now) {
        std::vector<Reminder> moved;
        const auto steps = occurrences();
        for (const Occurrence& occurrence : *steps) {
            for (const Reminder& reminder : file_.reminders) {
                if (is_open(reminder) && !is_in_flight(reminder) && occurrence.at > now &&
                    reminder.version == occurrence.version &&
                    reminder.step == occurrence.step->id) {
                    moved.push_back(reminder);
                }
            }
        }
        for (const Reminder& reminder : moved) {
            settle_reminder(reminder, Account::Superseded, Reason::StepRemoved, now);
        }
    }

    /// A step of the same name may lie and say otherwise on the new ladder.
    void renew_open_reminders(Instant now) {
        const auto steps = occurrences();
        for (Reminder& reminder : file_.reminders) {
            const auto found =
                std::find_if(steps->begin(), steps->end(), [&](const Occurrence& occurrence) {
                    return occurrence.version == reminder.version &&
                           occurrence.step->id == reminder.step;
                });
            if (!is_open(reminder) || is_in_flight(reminder) || found == steps->end()) {
                continue;
            }
            Reminder renewed = reminder;
            renewed.notice = found->step->notice;
            renewed.before_deadline = found->before_deadline;
            renewed.step_at = found->at;
            if (!(renewed == reminder)) {
                reminder = std::move(renewed);
                LogEntry& entry = add_entry("renewed", now);
                entry.data["step"] = reminder.step;
                entry.change.reminders = {reminder};
            }
        }
    }

    /// The transport has it: what became of it is for the transport to say.
    [[nodiscard]] bool is_in_flight(const Reminder& reminder) const {
        return reminder.message != 0 && file_.in_flight.contains(reminder.message);
    }

    [[nodiscard]] Reason why_missed() const {
        const bool rests = item_.paused || item_.children_open_pausing > 0;
        return rests ? Reason::Paused : Reason::NotWaiting;
    }

    /// False when its step reaches the recipient no more.
    bool claim_again(const Reminder& reminder, Instant now) {
        const CaseContext at = context();
        const auto step = step_of(reminder, at);
        if (!step) {
            return false;
        }
        const Audience audience =
            audience_of(*step, item_, at, world_.definitions, zone_.date_of(now), world_.refused);
        for (const Recipient& recipient : audience.to) {
            if (world_.persons.of(recipient.address) == reminder.person) {
                decision_.claims.push_back({reminder, recipient, audience.copy, false, at_once_});
                return true;
            }
        }
        return false;
    }

    // --- states ---------------------------------------------------------------------------------

    void enter(const std::string& state_id, Instant at) { enter(state_id, at, at); }

    /// `entered_at` lies before `at` when what was undone is undone.
    void enter(const std::string& state_id, Instant at, Instant entered_at) {
        item_.state = state_id;
        item_.entered_at = entered_at;
        ++item_.state_entry;
        item_.state_deadline.reset();
        item_.planned_until = at - kJustBefore;
        const CaseContext now = context();
        item_.final = now.state == nullptr || now.state->final;
        if (now.state != nullptr && now.state->deadline &&
            now.state->deadline->kind == StateDeadline::Kind::Own) {
            Anchors anchors{{"entered", zone_.to_local(entered_at)},
                            {"opened", zone_.to_local(item_.opened_at)}};
            if (item_.due) {
                anchors.emplace("due", item_.due->date);
            }
            auto deadline = evaluate(now.state->deadline->expression, anchors,
                                     FreeDayRule::NextWorkingDay, zone_);
            if (deadline.ok()) {
                item_.state_deadline = std::move(deadline).value();
            }
        }
        settle_overtaken(at);
        if (item_.final) {
            tell_parent(now);
        }
    }

    /// To the newest version of its workflow, if that says how.
    void migrate(Instant now) {
        const Workflow* newest = world_.definitions.find_workflow(item_.workflow);
        const auto state = newest == nullptr
                               ? std::nullopt
                               : newest->migrated(item_.workflow_version, item_.state);
        if (!state) {
            return;
        }
        LogEntry& entry = add_entry("migrated", now);
        entry.actor = to_string(Actor::Configuration);
        entry.from = item_.state;
        entry.to = *state;
        entry.data["from_version"] = std::to_string(item_.workflow_version);
        entry.data["to_version"] = std::to_string(newest->version);
        item_.workflow_version = newest->version;
        item_.undo.reset();  // It speaks of the version that was left.
        if (*state != item_.state) {
            enter(*state, now, item_.entered_at);
        }
    }

    void tell_parent(const CaseContext& now) {
        if (item_.parent.empty()) {
            return;
        }
        if (item_.fields.contains(std::string{kPausesParent})) {
            Event rested;
            rested.case_id = item_.parent;
            rested.name = "resumed";
            rested.by = Actor::Child;
            decision_.raised.push_back(std::move(rested));
        }
        if (now.state != nullptr && now.state->tells) {
            Event told;
            told.case_id = item_.parent;
            told.name = now.state->tells->event;
            told.by = Actor::Child;
            for (const Assignment& with : now.state->tells->with) {
                const auto value = event_fields_.find(with.field);
                const auto kept = item_.fields.find(
                    with.field.starts_with("case.") ? with.field.substr(5) : with.field);
                if (value != event_fields_.end()) {
                    told.fields[with.target] = value->second;
                } else if (kept != item_.fields.end()) {
                    told.fields[with.target] = kept->second;
                }
            }
            decision_.raised.push_back(std::move(told));
        }
    }

    /// A new deadline begins a version, or goes back to the one that ended at the same instant.
    void set_due(Deadline due, Instant at) {
        if (item_.due && item_.due->ends_at == due.ends_at) {
            item_.due = std::move(due);
            return;
        }
        auto& versions = item_.due_versions;
        auto known = std::find(versions.begin(), versions.end(), due.ends_at);
        if (known == versions.end()) {
            known = versions.insert(versions.end(), due.ends_at);
        }
        item_.due = std::move(due);
        item_.due_version = static_cast<int>(known - versions.begin()) + 1;
        item_.due_version_began_at = at;
        item_.planned_until = at - kJustBefore;
        settle_overtaken(at);
        record_missed(at, Reason::BeforeVersion);
    }

    void cancel_children() {
        for (const std::string& child : file_.open_children) {
            Event event;
            event.case_id = child;
            event.name = kWithdrawn;
            event.by = Actor::Parent;
            decision_.raised.push_back(std::move(event));
        }
    }

    // --- events ---------------------------------------------------------------------------------

    Result<const Transition*> find_transition(const Event& event) const {
        const CaseContext now = context();
        if (now.workflow == nullptr || now.state == nullptr) {
            return Error{ErrorKind::Conflict, item_.id + " is closed: " + item_.state, "closed"};
        }
        std::string possible;
        for (const Transition& transition : now.state->on) {
            if (transition.event == event.name) {
                return may_raise(transition, event);
            }
            possible += (possible.empty() ? "" : ", ") + transition.event;
        }
        for (const State& state : now.workflow->states) {
            for (const Transition& transition : state.on) {
                if (transition.event == event.name) {
                    return Error{ErrorKind::Conflict,
                                 item_.id + " is in state " + item_.state + ", where " +
                                     event.name + " is not possible; possible: " +
                                     (possible.empty() ? "nothing" : possible),
                                 item_.final ? "closed" : "wrong-state"};
                }
            }
        }
        return Error{ErrorKind::NotFound,
                     "workflow " + now.workflow->id + " knows no event " + event.name +
                         "; possible now: " + (possible.empty() ? "nothing" : possible),
                     "unknown-event"};
    }

    Result<const Transition*> may_raise(const Transition& transition, const Event& event) const {
        const auto allows = [&](Party party) {
            return std::find(transition.by.begin(), transition.by.end(), party) !=
                   transition.by.end();
        };
        const bool allowed = event.by == Actor::Child || event.by == Actor::Operator ||
                             (event.by == Actor::Debtor && allows(Party::Debtor)) ||
                             (event.by == Actor::Creditor && allows(Party::Creditor));
        if (!allowed) {
            return Error{ErrorKind::InvalidInput,
                         "the " + std::string{to_string(event.by)} + " may not raise " +
                             event.name + " in state " + item_.state + " of " + item_.id,
                         "not-yours"};
        }
        return &transition;
    }

    Result<Done> check_fields(const Transition& transition, const Event& event, Instant now) const {
        for (const std::string& field : required_fields(transition)) {
            const auto value = event.fields.find(field);
            if (value == event.fields.end() || value->second.empty()) {
                return Error{ErrorKind::InvalidInput,
                             event.name + " needs the field " + field + "; give it",
                             "missing:" + field};
            }
        }
        for (const Assignment& set : transition.sets) {
            const auto value = event.fields.find(set.field);
            if (value == event.fields.end()) {
                continue;
            }
            const auto checked = set.target == "due"
                                     ? check_new_due(value->second, now)
                                     : check_declared(set, value->second, zone_.date_of(now));
            if (!checked.ok()) {
                return checked.error();
            }
        }
        return check_passed_on(transition, event, now);
    }

    Result<Done> check_new_due(const std::string& value, Instant now) const {
        const auto day = parse_iso_date(value);
        if (!day) {
            return Error{ErrorKind::InvalidInput,
                         "'" + value + "' is no date; write it as 2021-02-12", "no-date:until"};
        }
        const auto deadline = deadline_on(*day);
        if (*day < zone_.date_of(now) || !deadline.ok() || deadline.value().ends_at <= now) {
            return Error{ErrorKind::InvalidInput,
                         value + " has passed; a new deadline lies today or later",
                         "past-date:until"};
        }
        return Done{};
    }

    /// What the state that is entered passes on as a new deadline must be one, or the parent could
    /// not take it.
    Result<Done> check_passed_on(const Transition& transition, const Event& event,
                                 Instant now) const {
        const State* target = context().workflow->find_state(transition.to);
        if (target == nullptr || !target->tells) {
            return Done{};
        }
        for (const Assignment& with : target->tells->with) {
            const auto value = event.fields.find(with.field);
            if (with.target == "until" && value != event.fields.end()) {
                if (auto checked = check_new_due(value->second, now); !checked.ok()) {
                    return checked;
                }
            }
        }
        return Done{};
    }

    Result<Done> check_declared(const Assignment& set, const std::string& value, Date today) const {
        const CaseContext now = context();
        for (const FieldDeclaration& declared : now.workflow->fields) {
            if (declared.name != set.target) {
                continue;
            }
            if (declared.type == FieldType::Day && !parse_iso_date(value)) {
                return Error{ErrorKind::InvalidInput,
                             set.field + ": '" + value + "' is no date; write it as 2021-02-12",
                             "no-date:" + set.field};
            }
            if (declared.type == FieldType::Day && set.target == kReceivedOn &&
                *parse_iso_date(value) > today) {
                return Error{ErrorKind::InvalidInput,
                             set.field + ": " + value + " lies ahead; nothing came then",
                             "future-date:" + set.field};
            }
            const auto digits = value.starts_with("-") ? value.substr(1) : value;
            if (declared.type == FieldType::Integer &&
                (digits.empty() || digits.size() > 18 ||
                 digits.find_first_not_of("0123456789") != std::string::npos)) {
                return Error{ErrorKind::InvalidInput,
                             set.field + ": '" + value + "' is no whole number",
                             "no-number:" + set.field};
            }
        }
        return Done{};
    }

    /// The entry of an event that changes the case: one revision on.
    LogEntry& add_event_entry(const Event& event, Instant now) {
        LogEntry& entry = add_note_entry(event, now);
        entry.data["revision"] = std::to_string(++item_.revision);
        return entry;
    }

    LogEntry& add_note_entry(const Event& event, Instant now) {
        LogEntry& entry = add_entry("event", now);
        entry.event = event.name;
        entry.actor = to_string(event.by);
        entry.from = entry.to = item_.state;
        for (const auto& [name, value] : event.fields) {
            (is_fact(value) ? entry.data : entry.aside)[name] = value;
        }
        if (!event.who.empty()) {
            entry.aside["who"] = event.who;
        }
        if (event.on_behalf) {
            entry.data["registered_by"] = to_string(Actor::Creditor);
        }
        if (!event.batch.empty()) {
            entry.data["batch"] = event.batch;
        }
        decision_.from = decision_.to = item_.state;
        return entry;
    }

    void remember_for_undo(const Event& event) {
        item_.undo = Case::Undo{.event = event.name,
                                .state = item_.state,
                                .entered_at = item_.entered_at,
                                .granted_until = item_.granted_until,
                                .softened = item_.softened,
                                .fields = item_.fields,
                                .paused = item_.paused,
                                .paused_until = item_.paused_until,
                                .stopped = item_.stopped,
                                .ended = {}};
        remembered_ = true;
    }

    /// The waiting reminders that fell to what was just done, from the entry `first` on, where that
    /// can be undone.
    void remember_ended(std::size_t first) {
        if (!std::exchange(remembered_, false) || !item_.undo) {
            return;
        }
        auto& ended = item_.undo->ended;
        for (std::size_t index = first; index < decision_.entries.size(); ++index) {
            for (const Reminder& reminder : decision_.entries[index].change.reminders) {
                const std::string name = stopped_name(reminder.version, reminder.step);
                const bool by_this = decision_.entries[index].kind == "settled" &&
                                     (reminder.account == Account::Superseded ||
                                      reminder.account == Account::Suppressed);
                if (by_this && std::find(ended.begin(), ended.end(), name) == ended.end()) {
                    ended.push_back(name);
                }
            }
        }
    }

    void follow(const Transition& transition, const Event& event, Instant now) {
        const std::size_t index = decision_.entries.size();
        add_event_entry(event, now).to = transition.to;
        decision_.to = transition.to;
        if (is_human(event.by)) {
            remember_for_undo(event);
        } else {
            item_.undo.reset();  // What came after the last human event is not undone with it.
        }
        event_fields_ = event.fields;
        if (event.by == Actor::Creditor || event.by == Actor::Operator ||
            event.by == Actor::Child) {
            item_.softened = false;  // The creditor has answered.
        }
        cancel_children();
        std::optional<Date> new_due;
        for (const Assignment& set : transition.sets) {
            const auto value = event.fields.find(set.field);
            if (value == event.fields.end()) {
                continue;
            }
            if (set.target == "due") {
                new_due = parse_iso_date(value->second);
            } else {
                item_.fields[set.target] = value->second;
            }
        }
        enter(transition.to, now);
        const auto due_before = item_.due_version;
        if (new_due) {
            grant(*new_due, now);
            add_deadline_data(decision_.entries[index]);
        }
        record_missed(now, why_missed());
        if (!transition.opens.empty()) {
            open_child(transition, event);
        }
        if (!transition.notice.empty()) {
            tell(transition.notice, event.fields, now);
        } else if (item_.due_version != due_before) {
            tell_new_deadline(event.fields, now);
        }
    }

    /// A deadline that moved is told, unless nobody at the debtor is waited for.
    void tell_new_deadline(const std::map<std::string, std::string>& fields, Instant now) {
        const CaseContext at = context();
        if (at.state != nullptr && at.state->waits_for == Party::Debtor) {
            tell("new-deadline", fields, now);
        }
    }

    [[nodiscard]] Result<Deadline> deadline_on(Date until) const {
        const CaseContext at = context();
        const FreeDayRule rule =
            at.requirement == nullptr ? FreeDayRule::NextWorkingDay : at.requirement->if_free_day;
        return evaluate({.anchor = until, .terms = {}, .time_of_day = std::nullopt}, {}, rule,
                        zone_);
    }

    void grant(Date until, Instant now) {
        auto deadline = deadline_on(until);
        if (deadline.ok()) {
            item_.granted_until = until;
            item_.held = false;
            set_due(std::move(deadline).value(), now);
        }
    }

    void open_child(const Transition& transition, const Event& event) {
        const Workflow* workflow = world_.definitions.find_workflow(transition.opens);
        if (workflow == nullptr) {
            return;
        }
        Case child;
        child.id = item_.id + "/" + transition.opens + "-" + std::to_string(++item_.children_count);
        child.cohort = item_.cohort;
        child.requirement = item_.requirement;
        child.period = item_.period;
        child.debtor = item_.debtor;
        child.creditor = item_.creditor;
        child.parent = item_.id;
        child.workflow = workflow->id;
        child.workflow_version = workflow->version;
        for (const FieldDeclaration& declared : workflow->fields) {
            const auto value = event.fields.find(declared.name);
            if (value != event.fields.end()) {
                child.fields[declared.name] = value->second;
            }
        }
        if (transition.pauses) {
            child.fields[std::string{kPausesParent}] = "yes";
            ++item_.children_open_pausing;
            settle_overtaken(item_.entered_at);
        }
        decision_.opened.push_back(std::move(child));
    }

    void tell(const std::string& notice, const std::map<std::string, std::string>& fields,
              Instant now) {
        const Notice* known = world_.definitions.find_notice(notice);
        Telling telling;
        telling.kind = known == nullptr ? NoticeKind::Answer : known->kind;
        telling.told.case_id = item_.id;
        telling.told.notice = notice;
        telling.told.revision = item_.revision;
        for (const auto& [name, value] : fields) {
            (is_fact(value) ? telling.told.fields : telling.told.texts)[name] = value;
        }
        telling.told.fields["version"] = std::to_string(item_.due_version);
        telling.at = now;
        decision_.tellings.push_back(std::move(telling));
    }

    // --- events that every case knows ------------------------------------------------------------

    Result<Done> apply_built_in(const Event& event, Instant now) {
        if (event.name == "noted") {
            add_note_entry(event, now);
            return Done{};
        }
        if (event.by == Actor::Debtor) {
            return Error{ErrorKind::InvalidInput,
                         "the debtor may not raise " + event.name + "; the creditor may",
                         "not-yours"};
        }
        if (event.by == Actor::Child && event.name == "resumed") {
            child_closed(now);  // In a final state too, or undoing that would leave it resting.
            return Done{};
        }
        if (event.by == Actor::Child && event.name == "paused") {
            ++item_.children_open_pausing;
            settle_overtaken(now);
            return Done{};
        }
        if (event.name == "reverted") {
            return revert(event, now);
        }
        if (item_.final) {
            return Error{ErrorKind::Conflict, item_.id + " is closed: " + item_.state, "closed"};
        }
        return apply_in_place(event, now);
    }

    Result<Done> apply_in_place(const Event& event, Instant now) {
        if (event.name == "paused") {
            return pause(event, now);
        }
        if (event.name == "resumed") {
            if (!item_.paused) {
                return Error{ErrorKind::Conflict, item_.id + " is not paused", "not-paused"};
            }
            remember_for_undo(event);
            add_event_entry(event, now);
            end_pause(now);
            return Done{};
        }
        if (event.name == kWithdrawn) {
            withdraw(event, now);
            return Done{};
        }
        if (event.name == "deadline_moved") {
            return move_deadline(event, now);
        }
        if (event.name == "reminder_stopped") {
            return stop_step(event, now);
        }
        if (event.name == "sent_now") {
            return send_now(event, now);
        }
        return Error{ErrorKind::InvalidInput,
                     event.name + " is raised by the program itself, never from outside"};
    }

    Result<Done> pause(const Event& event, Instant now) {
        std::optional<Instant> until;
        const auto field = event.fields.find("until");
        if (field != event.fields.end()) {
            const auto day = parse_iso_date(field->second);
            if (!day || *day < zone_.date_of(now)) {
                return Error{ErrorKind::InvalidInput,
                             "paused: until '" + field->second +
                                 "' is no date from today on; write it as 2021-02-12",
                             day ? "past-date:until" : "no-date:until"};
            }
            until = zone_.start_of_day(*day + cal::days{1});
        }
        remember_for_undo(event);
        add_event_entry(event, now);
        item_.paused = true;
        item_.paused_until = until;
        settle_overtaken(now);
        return Done{};
    }

    void resume(Actor by, Instant at) {
        Event event;
        event.name = "resumed";
        event.by = by;
        add_event_entry(event, at);
        if (item_.undo && is_in_place(item_.undo->event)) {
            item_.undo.reset();  // The pause has ended by itself: there is nothing to undo in it.
        }
        end_pause(at);
    }

    void end_pause(Instant at) {
        item_.paused = false;
        item_.paused_until.reset();
        record_missed(at, Reason::Paused);
        item_.planned_until = at - kJustBefore;  // A step of this very moment is not missed.
    }

    Result<Done> move_deadline(const Event& event, Instant now) {
        const auto until = event.fields.find("until");
        if (until == event.fields.end() || until->second.empty()) {
            return Error{ErrorKind::InvalidInput, "deadline_moved needs the field until; give it",
                         "missing:until"};
        }
        auto checked = check_new_due(until->second, now);
        if (!checked.ok()) {
            return checked;
        }
        remember_for_undo(event);
        const std::size_t index = decision_.entries.size();
        add_event_entry(event, now);
        const int due_before = item_.due_version;
        grant(*parse_iso_date(until->second), now);
        add_deadline_data(decision_.entries[index]);
        record_missed(now, why_missed());
        if (item_.due_version != due_before) {
            tell_new_deadline(event.fields, now);
        }
        return Done{};
    }

    /// The step that `event` names, else the next one that is still to come or waits.
    [[nodiscard]] std::optional<Occurrence> step_to_stop(const Event& event) const {
        const auto wanted = event.fields.find("step");
        const auto steps = occurrences();
        for (const Occurrence& occurrence : *steps) {
            const bool is_wanted = wanted != event.fields.end() && !wanted->second.empty()
                                       ? occurrence.step->id == wanted->second
                                       : !occurrence.superseded && is_left(occurrence);
            if (is_wanted) {
                return occurrence;
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool is_open_of(const Reminder& reminder, const Occurrence& occurrence) const {
        return reminder.version == occurrence.version && reminder.step == occurrence.step->id &&
               is_open(reminder) && !is_in_flight(reminder);
    }

    [[nodiscard]] bool is_left(const Occurrence& occurrence) const {
        return !is_stopped(occurrence) &&
               (!has_been_planned(file_, occurrence) ||
                std::any_of(
                    file_.reminders.begin(), file_.reminders.end(),
                    [&](const Reminder& reminder) { return is_open_of(reminder, occurrence); }));
    }

    Result<Done> stop_step(const Event& event, Instant now) {
        const auto reason = event.fields.find("reason");
        if (reason == event.fields.end() || reason->second.empty()) {
            return Error{ErrorKind::InvalidInput,
                         "reminder_stopped needs the field reason; give it", "missing:reason"};
        }
        const auto occurrence = step_to_stop(event);
        if (!occurrence) {
            return Error{ErrorKind::NotFound, item_.id + " has no such step left to stop",
                         "no-step"};
        }
        if (occurrence->superseded || !is_left(*occurrence)) {
            return Error{ErrorKind::Conflict,
                         "the step " + occurrence->step->id + " of " + item_.id +
                             " has been dealt with already, or is being sent now",
                         "step-done"};
        }
        remember_for_undo(event);
        const std::string step = occurrence->step->id;
        LogEntry& entry = add_event_entry(event, now);
        entry.aside.erase("step");
        entry.data["step"] = step;
        item_.stopped.push_back(stopped_name(occurrence->version, step));
        std::vector<Reminder> open;
        std::copy_if(file_.reminders.begin(), file_.reminders.end(), std::back_inserter(open),
                     [&](const Reminder& reminder) { return is_open_of(reminder, *occurrence); });
        for (const Reminder& reminder : open) {
            settle_reminder(reminder, Account::Suppressed, Reason::Stopped, now);
        }
        return Done{};
    }

    Result<Done> send_now(const Event& event, Instant now) {
        const CaseContext at = context();
        auto chosen =
            choose_send_now(item_, file_.reminders, at, world_.definitions, event.fields, now);
        if (!chosen.ok()) {
            return chosen.error();
        }
        SendNow what = std::move(chosen).value();
        std::erase_if(what.waiting,
                      [&](const Reminder& reminder) { return is_in_flight(reminder); });
        const std::string id = what.occurrence
                                   ? what.occurrence->step->id
                                   : std::string{kSentNow} + std::to_string(item_.revision + 1);
        LogEntry& entry = add_event_entry(event, now);
        entry.aside.erase("step");
        entry.aside.erase("notice");
        entry.data["step"] = id;
        entry.data["notice"] = what.notice;
        at_once_ = true;
        const std::size_t claims = decision_.claims.size();
        for (const Reminder& reminder : what.waiting) {
            entry.change.reminders.push_back(reminder);
            claim_again(reminder, now);
        }
        const LadderStep own = sent_now_step(id, what.notice, *at.ladder);
        if (what.waiting.empty()) {
            const Occurrence occurrence{
                .step = what.occurrence ? what.occurrence->step : &own,
                .at = now,
                .version = version_name(item_, at),
                .before_deadline = now < counted_deadline(item_, at)->ends_at,
                .opened_late = false,
                .superseded = std::nullopt};
            plan(occurrence, zone_.date_of(now), now, std::nullopt);
        }
        at_once_ = false;
        if (decision_.claims.size() == claims) {
            return Error{ErrorKind::Conflict, "nobody is there to send it to for " + item_.id,
                         "no-recipient"};
        }
        return Done{};
    }

    void child_closed(Instant now) {
        if (item_.children_open_pausing > 0 && --item_.children_open_pausing == 0) {
            record_missed(now, Reason::Paused);
            item_.planned_until = now - kJustBefore;
        }
    }

    void withdraw(const Event& event, Instant now) {
        if (is_human(event.by) || event.by == Actor::Configuration) {
            remember_for_undo(event);
        } else {
            item_.undo
                .reset();  // The parent has gone on: what was done here before lies behind it.
        }
        add_event_entry(event, now).to = kWithdrawn;
        decision_.to = kWithdrawn;
        cancel_children();
        enter(std::string{kWithdrawn}, now);
    }

    Result<Done> revert(const Event& event, Instant now) {
        if (!item_.undo) {
            return Error{ErrorKind::Conflict, "nothing in " + item_.id + " can be undone",
                         "nothing-to-undo"};
        }
        const Case::Undo undo = *item_.undo;
        LogEntry& entry = add_event_entry(event, now);
        entry.to = undo.state;
        entry.data["undone"] = undo.event;
        decision_.to = undo.state;
        item_.undo.reset();
        item_.softened = undo.softened;
        item_.fields = undo.fields;
        item_.stopped = undo.stopped;
        const Reason missed = why_missed();
        if (is_in_place(undo.event)) {
            revert_pause(undo, now);
        } else {
            cancel_children();
            item_.children_open_pausing = 0;  // Not when they say so: what they ended comes back.
            if (std::exchange(item_.final, false)) {
                open_again_in_parent();
            }
            enter(undo.state, now, undo.entered_at);
        }
        const int due_before = item_.due_version;
        if (item_.granted_until != undo.granted_until) {
            take_back_grant(undo.granted_until, now);
        }
        record_missed(now, missed);
        bring_back(undo.ended, now);
        if (item_.due_version != due_before) {
            tell_new_deadline({}, now);
        }
        return Done{};
    }

    void revert_pause(const Case::Undo& undo, Instant now) {
        if (undo.paused) {
            item_.paused = true;
            item_.paused_until = undo.paused_until;
            item_.planned_until = now - kJustBefore;  // An end that has passed meanwhile is now.
            settle_overtaken(now);
        } else if (item_.paused) {
            end_pause(now);
        }
    }

    /// Steps whose reminders waited when the undone event ended them wait again, unless a later
    /// one has come since.
    void bring_back(const std::vector<std::string>& ended, Instant now) {
        if (item_.final || item_.paused || item_.children_open_pausing > 0) {
            return;
        }
        const auto steps = occurrences();
        for (const Occurrence& occurrence : *steps) {
            const std::string name = stopped_name(occurrence.version, occurrence.step->id);
            const bool is_ended = std::find(ended.begin(), ended.end(), name) != ended.end();
            if (!is_ended || occurrence.superseded || occurrence.at > now ||
                has_been_overtaken(occurrence)) {
                continue;
            }
            std::vector<Reminder> theirs;
            std::copy_if(file_.reminders.begin(), file_.reminders.end(), std::back_inserter(theirs),
                         [&](const Reminder& reminder) {
                             return reminder.version == occurrence.version &&
                                    reminder.step == occurrence.step->id &&
                                    (reminder.account == Account::Superseded ||
                                     reminder.account == Account::Suppressed) &&
                                    !was_taken_back(reminder);
                         });
            for (const Reminder& reminder : theirs) {
                settle_reminder(reminder, Account::Superseded, Reason::TakenBack, now);
            }
            plan(occurrence, zone_.date_of(now), now, std::nullopt);
            settle_overtaken(now);
        }
    }

    [[nodiscard]] bool has_been_overtaken(const Occurrence& occurrence) const {
        return std::any_of(file_.reminders.begin(), file_.reminders.end(),
                           [&](const Reminder& later) {
                               return later.version == occurrence.version &&
                                      later.step_at > occurrence.at && !was_taken_back(later);
                           });
    }

    void take_back_grant(std::optional<Date> until, Instant now) {
        if (until) {
            grant(*until, now);
            return;
        }
        item_.granted_until.reset();
        if (auto due = configured_due(item_, world_.definitions)) {
            set_due(std::move(*due), now);
            item_.held = item_.due->ends_at <= item_.opened_at;
        }
    }

    /// The parent's ladder rests again while this child is open.
    void open_again_in_parent() {
        if (!item_.parent.empty() && item_.fields.contains(std::string{kPausesParent})) {
            Event rests;
            rests.case_id = item_.parent;
            rests.name = "paused";
            rests.by = Actor::Child;
            decision_.raised.push_back(std::move(rests));
        }
    }

    CaseFile& file_;
    Case& item_;
    Case before_;
    const World& world_;
    const TimeZone& zone_;
    Decision decision_;
    mutable std::shared_ptr<const std::vector<Occurrence>> occurrences_;  ///< By `grounds_`.
    mutable Grounds grounds_;
    std::map<std::string, std::string> event_fields_;
    bool at_once_{false};     ///< What is claimed meanwhile goes now.
    bool remembered_{false};  ///< The event can be undone; what it ended is still to be noted.
};

}  // namespace

Decision open_case(CaseFile& file, std::optional<Deadline> due, Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.open(std::move(due), now);
    return decider.finish();
}

Decision advance(CaseFile& file, Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.advance_to(now);
    return decider.finish();
}

Result<Decision> raise(CaseFile& file, const Event& event, Instant now, const World& world) {
    CaseFile changed = file;
    CaseDecider decider{changed, world};
    decider.advance_to(now - kJustBefore);
    auto applied = decider.apply(event, now);
    if (!applied.ok()) {
        return applied.error();
    }
    Decision decision = decider.finish();
    file = std::move(changed);
    return decision;
}

Decision redefine(CaseFile& file, std::optional<Deadline> due, bool exists, Instant now,
                  const World& world) {
    CaseDecider decider{file, world};
    decider.redefine(std::move(due), exists, now);
    return decider.finish();
}

Decision release_case(CaseFile& file, Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.release(now);
    return decider.finish();
}

Decision redirect_reminder(CaseFile& file, const Reminder& reminder, Reason reason, Date day,
                           Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.settle_reminder(reminder, account_for(reason), reason, now);
    decider.redirect(reminder, day, now);
    return decider.finish();
}

void settle(CaseFile& file, const Reminder& reminder, Account account, Reason reason, Instant at,
            Decision& decision) {
    for (Reminder& known : file.reminders) {
        if (!known.same_key(reminder)) {
            continue;
        }
        known.account = account;
        known.reason = reason;
        LogEntry entry;
        entry.kind = "settled";
        entry.case_id = file.item.id;
        entry.at = at;
        entry.data["step"] = known.step;
        entry.data["account"] = to_string(account);
        entry.data["reason"] = to_string(reason);
        entry.change.reminders.push_back(known);
        decision.entries.push_back(std::move(entry));
    }
}

}  // namespace fristvakt::workflows
