#include "workflows/decision/explain.hpp"

#include <algorithm>

#include "workflows/decision/stop.hpp"

namespace fristvakt::workflows {

namespace {

Quiet why_quiet(const Case& item, const CaseContext& context, bool has_next) {
    if (item.final || context.state == nullptr) {
        return Quiet::Closed;
    }
    if (item.paused || item.children_open_pausing > 0) {
        return Quiet::Paused;
    }
    if (item.held) {
        return Quiet::Held;
    }
    if (context.state->waits_for == Party::Creditor) {
        return Quiet::WaitsForCreditor;
    }
    if (!context.state->waits_for && !has_next) {
        return Quiet::WaitsForNobody;
    }
    if (context.ladder == nullptr || counted_deadline(item, context) == nullptr) {
        return Quiet::NoLadder;
    }
    return has_next ? Quiet::No : Quiet::LadderAtEnd;
}

/// What somebody sent by hand stands among the steps, where its time puts it.
void add_sent_now(Explanation& explanation, const std::vector<Reminder>& reminders,
                  const std::string& version) {
    for (const Reminder& reminder : reminders) {
        if (!is_sent_now(reminder.step) || reminder.version != version) {
            continue;
        }
        auto& steps = explanation.steps;
        const auto known = std::find_if(steps.begin(), steps.end(), [&](const StepOutlook& one) {
            return one.step == reminder.step;
        });
        if (known != steps.end()) {
            known->planned.push_back(reminder);
            continue;
        }
        StepOutlook outlook;
        outlook.step = reminder.step;
        outlook.notice = reminder.notice;
        outlook.at = reminder.step_at;
        outlook.past = true;
        outlook.planned = {reminder};
        const auto place = std::find_if(steps.begin(), steps.end(), [&](const StepOutlook& one) {
            return one.at > outlook.at;
        });
        steps.insert(place, std::move(outlook));
    }
}

}  // namespace

Explanation explain(const Case& item, const std::vector<Reminder>& reminders,
                    const Definitions& definitions, Instant now, const RefusedAddresses& refused) {
    const CaseContext context = context_of(item, definitions);
    const TimeZone& zone = definitions.time_zone();
    Explanation explanation;
    explanation.case_id = item.id;
    explanation.softened = item.softened;
    if (context.state != nullptr) {
        explanation.waits_for = context.state->waits_for;
    }
    if (const Deadline* deadline = counted_deadline(item, context)) {
        explanation.deadline = *deadline;
        if (!context.state->after_deadline_to.empty()) {
            explanation.state_ends_at = deadline->ends_at;
            explanation.then_state = context.state->after_deadline_to;
        }
    }
    for (const Occurrence& occurrence : occurrences_of(item, context, definitions)) {
        StepOutlook outlook;
        outlook.step = occurrence.step->id;
        outlook.notice = occurrence.step->notice;
        outlook.at = occurrence.at;
        outlook.past = occurrence.at <= now;
        Audience audience = audience_of(*occurrence.step, item, context, definitions,
                                        zone.date_of(occurrence.at), refused);
        outlook.to = std::move(audience.to);
        outlook.copy = std::move(audience.copy);
        std::copy_if(reminders.begin(), reminders.end(), std::back_inserter(outlook.planned),
                     [&](const Reminder& reminder) {
                         return reminder.version == occurrence.version &&
                                reminder.step == occurrence.step->id;
                     });
        outlook.not_because = occurrence.superseded;
        if (outlook.to.empty() && !outlook.not_because) {
            outlook.not_because = item.softened ? Reason::StateUnknown : Reason::NoRecipient;
        }
        if (!outlook.not_because && is_stopped(occurrence, item)) {
            outlook.not_because = Reason::Stopped;
        }
        const bool rests = item.paused || item.children_open_pausing > 0;
        if (rests && !outlook.past && (!item.paused_until || outlook.at < *item.paused_until)) {
            outlook.not_because = Reason::Paused;
        }
        const bool to_come = !outlook.past && outlook.planned.empty() && !outlook.not_because;
        if (to_come && !explanation.next_at) {
            outlook.next = true;
            explanation.next_at = outlook.at;
            explanation.next_step = outlook.step;
        }
        explanation.steps.push_back(std::move(outlook));
    }
    add_sent_now(explanation, reminders, version_name(item, context));
    explanation.quiet = why_quiet(item, context, explanation.next_at.has_value());
    return explanation;
}

}  // namespace fristvakt::workflows
