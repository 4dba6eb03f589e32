#include "workflows/definition/workflow.hpp"

#include <algorithm>
#include <array>

namespace fristvakt::workflows {

const SourcePosition& place(const Places& places, std::string_view key,
                            const SourcePosition& entry) {
    const auto found = places.find(key);
    return found == places.end() ? entry : found->second;
}

std::string_view to_string(Party party) {
    return party == Party::Debtor ? "debtor" : "creditor";
}

std::vector<std::string> required_fields(const Transition& transition) {
    std::vector<std::string> fields = transition.needs;
    for (const auto& assignment : transition.sets) {
        if (!assignment.optional && !assignment.is_today() &&
            std::ranges::find(fields, assignment.field) == fields.end()) {
            fields.push_back(assignment.field);
        }
    }
    return fields;
}

std::vector<std::string_view> Workflow::event_fields() const {
    std::vector<std::string_view> names{"until", "reason", "missing", "note",
                                        "start", "end",    "place"};
    for (const FieldDeclaration& field : fields) {
        names.emplace_back(field.name);
    }
    for (const State& state : states) {
        for (const Transition& transition : state.on) {
            if (!transition.shares.empty()) {
                names.emplace_back(transition.shares);
            }
        }
    }
    return names;
}

const State* Workflow::find_state(std::string_view state_id) const {
    const auto found = std::ranges::find(states, state_id, &State::id);
    return found == states.end() ? nullptr : &*found;
}

bool is_built_in_event(std::string_view event) {
    static constexpr std::array<std::string_view, 13> kEvents{
        "opened",         "paused",           "resumed",  "noted",     "withdrawn", "reverted",
        "deadline_moved", "reminder_stopped", "sent_now", "responded", "attended",  "signed_up",
        "online"};
    return std::ranges::find(kEvents, event) != kEvents.end();
}

bool reaches_debtor(const LadderStep& step) {
    return std::ranges::any_of(step.to,
                               [](const RoleReference& to) { return to.party == Party::Debtor; });
}

bool reaches_attendees(const LadderStep& step) {
    return std::ranges::any_of(step.to, [](const RoleReference& to) {
        return to.party == Party::Debtor && (to.role == kAttendees || to.role == kUnanswered);
    });
}

bool is_before_deadline(const LadderStep& step) {
    // Rough lengths in hours are enough: the verifier refuses steps whose terms cancel out.
    long hours = 0;
    for (const auto& term : step.at.terms) {
        long unit = 0;
        switch (term.unit) {
            case TimeUnit::Hour:
                unit = 1;
                break;
            case TimeUnit::Day:
                unit = 24;
                break;
            case TimeUnit::WorkingDay:
                unit = 34;
                break;  // seven days hold five
            case TimeUnit::Week:
                unit = 7L * 24;
                break;
            case TimeUnit::Month:
                unit = 730;
                break;
            case TimeUnit::Year:
                unit = 8766;
                break;
        }
        hours += (term.minus ? -1L : 1L) * term.count * unit;
    }
    return hours <= 0;
}

}  // namespace fristvakt::workflows
