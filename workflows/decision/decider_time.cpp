#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"

namespace fristvakt::workflows {

namespace {

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

}  // namespace

std::shared_ptr<const std::vector<Occurrence>> CaseDecider::occurrences() const {
    Grounds grounds = grounds_of(item_);
    if (occurrences_ == nullptr || grounds != grounds_) {
        occurrences_ = std::make_shared<const std::vector<Occurrence>>(
            occurrences_of(item_, context(), world_.definitions));
        grounds_ = std::move(grounds);
    }
    return occurrences_;
}

std::optional<Instant> CaseDecider::next_time() const {
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
                !has_been_planned(file_.reminders, occurrence)) {
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

void CaseDecider::do_at(Instant at) {
    if (item_.paused) {
        resume(Actor::Clock, at);
    }
    const CaseContext now = context();
    const Deadline* deadline = counted_deadline(item_, now);
    if (deadline != nullptr && deadline->ends_at <= at && !now.state->after_deadline_to.empty()) {
        leave_by_deadline(*now.state, at);
    }
    if (item_.children_open_pausing == 0) {
        plan_until(at);
    }
    settle_overtaken(at);
    item_.planned_until = std::max(item_.planned_until, at);
}

void CaseDecider::leave_by_deadline(const State& state, Instant at) {
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
    if (creditor_was_silent && after.state != nullptr && after.state->waits_for == Party::Debtor) {
        item_.softened = true;
    }
    record_missed(at, why_missed());
}

void CaseDecider::plan_until(Instant until) {
    const auto steps = occurrences();
    for (const Occurrence& occurrence : *steps) {
        if (!occurrence.superseded && occurrence.at > item_.planned_until &&
            occurrence.at <= until && !has_been_planned(file_.reminders, occurrence)) {
            plan(occurrence, zone_.date_of(occurrence.at), until,
                 is_stopped(occurrence, item_) ? std::optional{Reason::Stopped} : std::nullopt);
        }
    }
}
}  // namespace fristvakt::workflows
