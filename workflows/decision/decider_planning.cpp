#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"
#include "workflows/decision/invitations.hpp"

namespace fristvakt::workflows {

void CaseDecider::plan(const Occurrence& occurrence, Date day, Instant now,
                       std::optional<Reason> superseded) {
    const CaseContext at = context();
    const Audience audience = audience_on(*occurrence.step, day);
    const bool is_no_loss = item_.softened || superseded || reaches_attendees(*occurrence.step);
    if (audience.to.empty() && is_no_loss) {
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
                                            was_taken_up_late(occurrence), at_once_, released_});
            }
        }
    }
    log_plan(occurrence, planned, audience, now);
    file_.reminders.insert(file_.reminders.end(), planned.begin(), planned.end());
    if (!superseded) {
        supersede_earlier_steps(now);
    }
}

bool CaseDecider::was_taken_up_late(const Occurrence& occurrence) const {
    return occurrence.opened_late &&
           item_.opened_at != zone_.start_of_day(zone_.date_of(item_.opened_at));
}

Reminder CaseDecider::new_reminder(const Occurrence& occurrence, const Recipient& recipient,
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

bool CaseDecider::is_known(const Reminder& reminder) const {
    return std::any_of(file_.reminders.begin(), file_.reminders.end(), [&](const Reminder& known) {
        return known.version == reminder.version && known.step == reminder.step &&
               known.person == reminder.person && !was_taken_back(known);
    });
}

void CaseDecider::log_plan(const Occurrence& occurrence, const std::vector<Reminder>& planned,
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

void CaseDecider::record_missed(Instant at, Reason reason) {
    const auto steps = occurrences();
    for (const Occurrence& occurrence : *steps) {
        const bool missed = occurrence.superseded || occurrence.at < at;
        if (missed && !has_been_planned(file_.reminders, occurrence)) {
            plan(occurrence, zone_.date_of(occurrence.at), at,
                 is_stopped(occurrence, item_) ? Reason::Stopped
                                               : occurrence.superseded.value_or(reason));
        }
    }
}

void CaseDecider::supersede_earlier_steps(Instant at) {
    const CaseContext now = context();
    std::vector<Reminder> overtaken_by_later;
    for (const Reminder& earlier : file_.reminders) {
        if (earlier.account != Account::Waiting || is_in_flight(earlier)) {
            continue;
        }
        const bool later_waits =
            std::any_of(file_.reminders.begin(), file_.reminders.end(), [&](const Reminder& later) {
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

void CaseDecider::settle_overtaken(Instant at) {
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

void CaseDecider::take_back_moved_steps(Instant now) {
    for (const Reminder& reminder : file_.reminders) {
        if (is_open(reminder) && !is_in_flight(reminder) && lies_ahead(reminder, now)) {
            settle_reminder(reminder, Account::Superseded, Reason::StepRemoved, now);
        }
    }
}

void CaseDecider::renew_open_reminders(Instant now) {
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

bool CaseDecider::lies_ahead(const Reminder& reminder, Instant now) const {
    const auto steps = occurrences();
    return std::any_of(steps->begin(), steps->end(), [&](const Occurrence& occurrence) {
        return occurrence.at > now && occurrence.version == reminder.version &&
               occurrence.step->id == reminder.step;
    });
}

bool CaseDecider::is_in_flight(const Reminder& reminder) const {
    return reminder.message != 0 && file_.in_flight.contains(reminder.message);
}

Reason CaseDecider::why_missed() const {
    const bool rests = item_.paused || item_.children_open_pausing > 0;
    return rests ? Reason::Paused : Reason::NotWaiting;
}

Audience CaseDecider::audience_on(const LadderStep& step, Date day) const {
    Audience audience =
        audience_of(step, item_, context(), world_.definitions, day, world_.refused);
    leave_out_answered(audience, step, file_.invitations, world_.persons);
    return audience;
}

bool CaseDecider::claim_again(const Reminder& reminder, Instant now) {
    const auto step = step_of(reminder, context());
    if (!step) {
        return false;
    }
    const Audience audience = audience_on(*step, zone_.date_of(now));
    for (const Recipient& recipient : audience.to) {
        if (world_.persons.of(recipient.address) == reminder.person) {
            decision_.claims.push_back(
                {reminder, recipient, audience.copy, false, at_once_, released_});
            return true;
        }
    }
    return false;
}
}  // namespace fristvakt::workflows
