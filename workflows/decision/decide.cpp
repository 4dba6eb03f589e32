#include "workflows/decision/decide.hpp"

#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"

namespace fristvakt::workflows {

void CaseDecider::begin(std::optional<Deadline> due, Instant now) {
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
    follow_meeting(now);
}

void CaseDecider::advance_to(Instant now) {
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

Result<Done> CaseDecider::apply(const Event& event, Instant now) {
    if (event.expected_revision && *event.expected_revision != item_.revision) {
        return Error{ErrorKind::Conflict,
                     item_.id + " has moved on since you looked (revision " +
                         std::to_string(item_.revision) + "); look again",
                     "moved-on"};
    }
    if (event.by == Actor::Attendee && event.name != kResponded && event.name != kSignedUp) {
        return Error{ErrorKind::InvalidInput,
                     "who is called to a meeting answers, and may not raise " + event.name,
                     "not-yours"};
    }
    if (Result<Done> known = check_field_names(event); !known.ok()) {
        return known;
    }
    const std::size_t first = decision_.entries.size();
    auto applied =
        is_built_in_event(event.name) ? apply_built_in(event, now) : apply_of_workflow(event, now);
    if (applied.ok()) {
        note_agenda(now);
        remember_ended(first);
    }
    return applied;
}

Result<Done> CaseDecider::apply_of_workflow(const Event& event, Instant now) {
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

void CaseDecider::redefine(std::optional<Deadline> due, bool exists, Instant now) {
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
    if (due && item_.granted_until) {
        due = beside_grant(*std::move(due));
    }
    if (due && item_.due && due->ends_at != item_.due->ends_at) {
        const std::size_t index = decision_.entries.size();
        LogEntry& entry = add_entry("event", now);
        entry.event = "deadline_moved";
        entry.from = entry.to = item_.state;
        entry.actor = to_string(Actor::Configuration);
        set_due(std::move(*due), now);
        add_deadline_data(decision_.entries[index]);
        tell_new_deadline({}, now);
    }
    follow_meeting(now);
    note_agenda(now);
    fit_to_ladder(now);
}

std::optional<Deadline> CaseDecider::beside_grant(Deadline configured) const {
    const CaseContext at = context();
    auto granted = deadline_on(*item_.granted_until);
    if (at.requirement == nullptr || at.requirement->origin != Requirement::Origin::Prework ||
        !granted.ok()) {
        return std::nullopt;
    }
    // Since the grant it has come to lie behind it, with its meeting: more time is not less.
    const auto& versions = item_.due_versions;
    const auto known = std::ranges::find(versions, configured.ends_at);
    const bool is_newer =
        known == versions.end() || known > std::ranges::find(versions, granted.value().ends_at);
    return is_newer && configured.ends_at > granted.value().ends_at ? std::move(configured)
                                                                    : std::move(granted).value();
}

void CaseDecider::call_again(std::optional<Deadline> due, Instant now) {
    const MeetingDate* date = configured_date();
    if (date != nullptr && !date->cancelled.empty()) {
        return;
    }
    const Workflow* newest = world_.definitions.find_workflow(item_.workflow);
    const auto state = newest == nullptr
                           ? std::nullopt
                           : newest->migrated(item_.workflow_version, item_.undo->state);
    if (state) {
        note_migration(item_.undo->state, *state, *newest, now);
        item_.undo->state = *state;
    }
    const Workflow* own = world_.definitions.find_workflow(item_.workflow, item_.workflow_version);
    if (own == nullptr || own->find_state(item_.undo->state) == nullptr) {
        return;  // The version that it ran on is gone: nobody can say how it goes on.
    }
    Event event;
    event.name = "reverted";
    event.by = Actor::Configuration;
    (void)revert(event, now);  // There is something to undo, and this may.
    redefine(std::move(due), true, now);
}

void CaseDecider::release(Instant now) {
    item_.held = false;
    released_ = true;
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

void CaseDecider::redirect(const Reminder& old, Date day, Instant now) {
    const CaseContext at = context();
    // Nobody stands in while the case rests. What the ladder puts later by now comes in its time,
    // for those who then hold the role.
    if (at.ladder == nullptr || old.version != version_name(item_, at) ||
        overtaken(old, item_, at, now) || lies_ahead(old, now)) {
        return;
    }
    const auto step = step_of(old, at);
    // Nobody stands in for who is called to a meeting; whoever was invited since has heard of it.
    if (step && !reaches_attendees(*step)) {
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

void CaseDecider::restart(const Reminder& reminder, Instant now) {
    settle_reminder(reminder, Account::Waiting, Reason::Due, now);
    fit_to_ladder(now);
}

void CaseDecider::fit_to_ladder(Instant now) {
    take_back_moved_steps(now);
    renew_open_reminders(now);
    settle_overtaken(now);
}

void CaseDecider::settle_reminder(const Reminder& reminder, Account account, Reason reason,
                                  Instant at) {
    settle(file_, reminder, account, reason, at, decision_);
}

Decision CaseDecider::finish(Instant now) {
    follow_invitations(now);
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

LogEntry& CaseDecider::add_entry(std::string kind, Instant at) {
    LogEntry entry;
    entry.kind = std::move(kind);
    entry.case_id = item_.id;
    entry.at = at;
    decision_.entries.push_back(std::move(entry));
    return decision_.entries.back();
}

void CaseDecider::add_deadline_data(LogEntry& entry) const {
    if (item_.due) {
        entry.data["due"] = iso_date(item_.due->date);
    }
}

void CaseDecider::add_derivation(LogEntry& entry) const {
    if (item_.due) {
        std::string because;
        for (const std::string& line : item_.due->because.nb) {
            because += (because.empty() ? "" : " | ") + line;
        }
        entry.data["because"] = because;
    }
}

Decision open_case(CaseFile& file, std::optional<Deadline> due, Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.begin(std::move(due), now);
    return decider.finish(now);
}

Decision advance(CaseFile& file, Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.advance_to(now);
    return decider.finish(now);
}

Result<Decision> raise(CaseFile& file, const Event& event, Instant now, const World& world) {
    CaseFile changed = file;
    CaseDecider decider{changed, world};
    decider.advance_to(now - kJustBefore);
    auto applied = decider.apply(event, now);
    if (!applied.ok()) {
        return applied.error();
    }
    Decision decision = decider.finish(now);
    file = std::move(changed);
    return decision;
}

Decision redefine(CaseFile& file, std::optional<Deadline> due, bool exists, Instant now,
                  const World& world) {
    CaseDecider decider{file, world};
    decider.redefine(std::move(due), exists, now);
    return decider.finish(now);
}

Decision call_again(CaseFile& file, std::optional<Deadline> due, Instant now, const World& world) {
    if (!file.item.undo || !file.item.undo->by_configuration) {
        return {};
    }
    CaseDecider decider{file, world};
    decider.call_again(std::move(due), now);
    return decider.finish(now);
}

Decision release_case(CaseFile& file, Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.release(now);
    return decider.finish(now);
}

Decision redirect_reminder(CaseFile& file, const Reminder& reminder, Reason reason, Date day,
                           Instant now, const World& world) {
    CaseDecider decider{file, world};
    decider.settle_reminder(reminder, account_for(reason), reason, now);
    decider.redirect(reminder, day, now);
    return decider.finish(now);
}

Decision restart_reminder(CaseFile& file, const Reminder& reminder, Instant now,
                          const World& world) {
    CaseDecider decider{file, world};
    decider.restart(reminder, now);
    return decider.finish(now);
}

Decision follow_invitations(CaseFile& file, Instant now, const World& world) {
    CaseDecider decider{file, world};
    return decider.finish(now);
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
        if (known.message != 0) {
            entry.data["message"] = std::to_string(known.message);
        }
        entry.change.reminders.push_back(known);
        decision.entries.push_back(std::move(entry));
    }
}

}  // namespace fristvakt::workflows
