#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"
#include "workflows/decision/state_title.hpp"

namespace fristvakt::workflows {

void CaseDecider::enter(const std::string& state_id, Instant at, Instant entered_at) {
    item_.state = state_id;
    item_.entered_at = entered_at;
    ++item_.state_entry;
    item_.planned_until = at - kJustBefore;
    const CaseContext now = context();
    item_.final = now.state == nullptr || now.state->final;
    if (now.state != nullptr && now.state->waits_for == Party::Debtor) {
        item_.fields.erase(std::string{kNothingToReport});  // Something is owed after all.
    }
    item_.state_deadline =
        now.state == nullptr ? std::nullopt : own_deadline(item_, *now.state, zone_);
    settle_overtaken(at);
    if (item_.final) {
        tell_parent(now);
    }
}

void CaseDecider::migrate(Instant now) {
    const Workflow* newest = world_.definitions.find_workflow(item_.workflow);
    const auto state =
        newest == nullptr ? std::nullopt : newest->migrated(item_.workflow_version, item_.state);
    if (!state) {
        return;
    }
    note_migration(item_.state, *state, *newest, now);
    item_.undo.reset();  // It speaks of the version that was left.
    if (*state != item_.state) {
        enter(*state, now, item_.entered_at);
    } else if (const CaseContext at = context(); at.state != nullptr) {
        item_.state_deadline = own_deadline(item_, *at.state, zone_);
    }
}

void CaseDecider::note_migration(const std::string& from, const std::string& to,
                                 const Workflow& newest, Instant now) {
    LogEntry& entry = add_entry("migrated", now);
    entry.actor = to_string(Actor::Configuration);
    entry.from = from;
    entry.to = to;
    entry.data["from_version"] = std::to_string(item_.workflow_version);
    entry.data["to_version"] = std::to_string(newest.version);
    item_.workflow_version = newest.version;
}

void CaseDecider::tell_parent(const CaseContext& now) {
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
        told.who = event_who_;
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

void CaseDecider::set_due(Deadline due, Instant at) {
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
    settle_overtaken(at);
    const CaseContext now = context();
    const bool counts = now.state != nullptr && now.state->deadline &&
                        now.state->deadline->kind == StateDeadline::Kind::Due;
    if (counts) {  // Around a deadline of the state's own, all goes on.
        item_.planned_until = at - kJustBefore;
        record_missed(at, Reason::BeforeVersion);
    }
}

void CaseDecider::cancel_children() {
    for (const std::string& child : file_.open_children) {
        Event event;
        event.case_id = child;
        event.name = kWithdrawn;
        event.by = Actor::Parent;
        decision_.raised.push_back(std::move(event));
    }
}
}  // namespace fristvakt::workflows
