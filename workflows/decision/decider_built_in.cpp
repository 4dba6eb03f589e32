#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/decision/send_now.hpp"

namespace fristvakt::workflows {

bool is_in_place(const std::string& event) {
    return event == "paused" || event == "resumed" || event == "reminder_stopped" ||
           event == "deadline_moved";
}

Result<Done> CaseDecider::apply_built_in(const Event& event, Instant now) {
    if (event.name == "noted") {
        add_note_entry(event, now);
        return Done{};
    }
    if (event.name == kResponded) {
        return answer_invitation(event, now);
    }
    if (event.name == kSignedUp) {
        return sign_up(event, now);
    }
    if (event.name == kAttended && event.by != Actor::Debtor) {
        return register_attendance(event, now);
    }
    if (event.by == Actor::Debtor) {
        return Error{ErrorKind::InvalidInput,
                     "the debtor may not raise " + event.name + "; the creditor may", "not-yours"};
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

Result<Done> CaseDecider::apply_in_place(const Event& event, Instant now) {
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
    if (event.name == kOnline) {
        return note_online(event, now);
    }
    return Error{ErrorKind::InvalidInput,
                 event.name + " is raised by the program itself, never from outside"};
}

Result<Done> CaseDecider::pause(const Event& event, Instant now) {
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

void CaseDecider::resume(Actor by, Instant at) {
    Event event;
    event.name = "resumed";
    event.by = by;
    add_event_entry(event, at);
    if (item_.undo && is_in_place(item_.undo->event)) {
        item_.undo.reset();  // The pause has ended by itself: there is nothing to undo in it.
    }
    end_pause(at);
}

void CaseDecider::end_pause(Instant at) {
    item_.paused = false;
    item_.paused_until.reset();
    record_missed(at, Reason::Paused);
    item_.planned_until = at - kJustBefore;  // A step of this very moment is not missed.
}

Result<Done> CaseDecider::move_deadline(const Event& event, Instant now) {
    if (!item_.due) {
        return Error{ErrorKind::Conflict,
                     item_.id + " has no deadline of its own to move; move that of " + item_.parent,
                     "no-deadline"};
    }
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

std::optional<Occurrence> CaseDecider::step_to_stop(const Event& event, Instant now) const {
    const auto wanted = event.fields.find("step");
    const auto steps = occurrences();
    for (const Occurrence& occurrence : *steps) {
        const bool is_wanted = wanted != event.fields.end() && !wanted->second.empty()
                                   ? occurrence.step->id == wanted->second
                                   : is_left(occurrence, now);
        if (is_wanted) {
            return occurrence;
        }
    }
    return std::nullopt;
}

bool CaseDecider::is_left(const Occurrence& occurrence, Instant now) const {
    return is_left_to_stop(occurrence, item_, file_.reminders, file_.in_flight, now);
}

Result<Done> CaseDecider::stop_step(const Event& event, Instant now) {
    const auto reason = event.fields.find("reason");
    if (reason == event.fields.end() || reason->second.empty()) {
        return Error{ErrorKind::InvalidInput, "reminder_stopped needs the field reason; give it",
                     "missing:reason"};
    }
    const auto occurrence = step_to_stop(event, now);
    if (!occurrence) {
        return Error{ErrorKind::NotFound, item_.id + " has no such step left to stop", "no-step"};
    }
    if (!is_left(*occurrence, now)) {
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
                 [&](const Reminder& reminder) {
                     return is_of(reminder, *occurrence) && is_open(reminder) &&
                            !is_in_flight(reminder);
                 });
    for (const Reminder& reminder : open) {
        settle_reminder(reminder, Account::Suppressed, Reason::Stopped, now);
    }
    return Done{};
}

Result<Done> CaseDecider::send_now(const Event& event, Instant now) {
    const CaseContext at = context();
    auto chosen =
        choose_send_now(item_, file_.reminders, at, world_.definitions, event.fields, now);
    if (!chosen.ok()) {
        return chosen.error();
    }
    SendNow what = std::move(chosen).value();
    std::erase_if(what.waiting, [&](const Reminder& reminder) { return is_in_flight(reminder); });
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
        const Occurrence occurrence{.step = what.occurrence ? what.occurrence->step : &own,
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

void CaseDecider::child_closed(Instant now) {
    if (item_.children_open_pausing > 0 && --item_.children_open_pausing == 0) {
        record_missed(now, Reason::Paused);
        item_.planned_until = now - kJustBefore;
    }
}

void CaseDecider::withdraw(const Event& event, Instant now) {
    if (is_human(event.by) || event.by == Actor::Configuration) {
        remember_for_undo(event);
    } else {
        item_.undo.reset();  // The parent has gone on: what was done here before lies behind it.
    }
    add_event_entry(event, now).to = kWithdrawn;
    decision_.to = kWithdrawn;
    cancel_children();
    enter(std::string{kWithdrawn}, now);
}

Result<Done> CaseDecider::revert(const Event& event, Instant now) {
    if (!item_.undo) {
        return Error{ErrorKind::Conflict, "nothing in " + item_.id + " can be undone",
                     "nothing-to-undo"};
    }
    if (item_.undo->by_configuration && event.by != Actor::Configuration) {
        return Error{ErrorKind::Conflict,
                     item_.id + " was taken out of the configuration, or cancelled there; put it " +
                         "back, and it opens again",
                     "not-called-for"};
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
    follow_meeting(now);  // Its date may have moved since.
    return Done{};
}

void CaseDecider::revert_pause(const Case::Undo& undo, Instant now) {
    if (undo.paused) {
        item_.paused = true;
        item_.paused_until = undo.paused_until;
        item_.planned_until = now - kJustBefore;  // An end that has passed meanwhile is now.
        settle_overtaken(now);
    } else if (item_.paused) {
        end_pause(now);
    }
}

void CaseDecider::bring_back(const std::vector<std::string>& ended, Instant now) {
    if (item_.final || item_.paused || item_.children_open_pausing > 0) {
        return;
    }
    const auto steps = occurrences();
    for (const Occurrence& occurrence : *steps) {
        const std::string name = stopped_name(occurrence.version, occurrence.step->id);
        const bool is_ended = std::find(ended.begin(), ended.end(), name) != ended.end();
        if (!is_ended || occurrence.superseded || has_been_overtaken(occurrence)) {
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
        // One that was to go before its time comes in its time. Where nobody holds the role any
        // more, what was ended stays so.
        const bool comes_yet = occurrence.at > now;
        if (!comes_yet && audience_on(*occurrence.step, zone_.date_of(now)).to.empty()) {
            theirs.clear();
        }
        for (const Reminder& reminder : theirs) {
            settle_reminder(reminder, Account::Superseded, Reason::TakenBack, now);
        }
        if (!comes_yet) {
            plan(occurrence, zone_.date_of(now), now, std::nullopt);
            settle_overtaken(now);
        }
    }
}

bool CaseDecider::has_been_overtaken(const Occurrence& occurrence) const {
    return std::any_of(file_.reminders.begin(), file_.reminders.end(), [&](const Reminder& later) {
        return later.version == occurrence.version && later.step_at > occurrence.at &&
               !was_taken_back(later);
    });
}

void CaseDecider::take_back_grant(std::optional<Date> until, Instant now) {
    if (until) {
        grant(*until, now);
        return;
    }
    item_.granted_until.reset();
    if (auto due = configured_due(item_, world_.definitions)) {
        set_due(std::move(*due), now);
        item_.held = item_.due->ends_at <= item_.opened_at;
        if (item_.held) {
            hold_open_reminders(now);
        }
    }
}

void CaseDecider::hold_open_reminders(Instant now) {
    for (Reminder& reminder : file_.reminders) {
        if (reminder.account == Account::Waiting && !is_in_flight(reminder)) {
            reminder.message = 0;
            settle_reminder(reminder, Account::Held, Reason::DeadlineHadPassed, now);
        }
    }
}

void CaseDecider::open_again_in_parent() {
    if (!item_.parent.empty() && item_.fields.contains(std::string{kPausesParent})) {
        Event rests;
        rests.case_id = item_.parent;
        rests.name = "paused";
        rests.by = Actor::Child;
        decision_.raised.push_back(std::move(rests));
    }
}
}  // namespace fristvakt::workflows
