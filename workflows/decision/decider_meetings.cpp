#include <utility>

#include "workflows/decision/case_decider.hpp"

namespace fristvakt::workflows {

const MeetingDate* CaseDecider::configured_date() const {
    const CaseContext at = context();
    return is_configured_meeting(item_, at) ? at.cohort->find_date(*at.requirement, item_.period)
                                            : nullptr;
}

void CaseDecider::follow_meeting(Instant now) {
    if (item_.final) {
        return;
    }
    const CaseContext at = context();
    if (at.state == nullptr || !is_configured_meeting(item_, at)) {
        return;
    }
    const MeetingDate* date = at.cohort->find_date(*at.requirement, item_.period);
    const auto known = meeting_time(item_);
    Event event;
    event.case_id = item_.id;
    event.by = Actor::Configuration;
    if (date == nullptr) {
        if (!known) {
            return;
        }
        event.name = kUndated;
    } else if (!date->cancelled.empty()) {
        event.name = kCancelled;
        event.fields = {{"reason", date->cancelled}};
    } else {
        const MeetingTime wanted = time_of(*date);
        if (known == wanted) {
            return;
        }
        event.name = known ? kMoved : kDated;
        event.fields = fields_of(wanted);
    }
    for (const Transition& transition : at.state->on) {
        if (transition.event != event.name) {
            continue;
        }
        // What the organiser is reminded of now has not been missed before it could be known.
        item_.held = false;
        if (event.name != kCancelled) {
            forget_meeting_time(item_);
        }
        const std::size_t first = decision_.entries.size();
        follow(transition, event, now);
        remember_ended(first);
        return;
    }
}

}  // namespace fristvakt::workflows
