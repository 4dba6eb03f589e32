#include "workflows/decision/stop.hpp"

#include <algorithm>

namespace fristvakt::workflows {

bool was_taken_back(const Reminder& reminder) {
    return reminder.account == Account::Superseded &&
           (reminder.reason == Reason::StepRemoved || reminder.reason == Reason::TakenBack);
}

bool is_open(const Reminder& reminder) {
    return reminder.account == Account::Waiting || reminder.account == Account::Held;
}

bool is_of(const Reminder& reminder, const Occurrence& occurrence) {
    return reminder.version == occurrence.version && reminder.step == occurrence.step->id;
}

bool has_been_planned(const std::vector<Reminder>& reminders, const Occurrence& occurrence) {
    return std::any_of(reminders.begin(), reminders.end(), [&](const Reminder& known) {
        // Refused while the step was being moved, it reached nobody.
        const bool reached_nobody = known.account == Account::Failed &&
                                    known.reason == Reason::Refused &&
                                    known.step_at < occurrence.at;
        return is_of(known, occurrence) && !was_taken_back(known) && !reached_nobody;
    });
}

bool is_stopped(const Occurrence& occurrence, const Case& item) {
    const std::string name = stopped_name(occurrence.version, occurrence.step->id);
    return std::find(item.stopped.begin(), item.stopped.end(), name) != item.stopped.end();
}

bool is_left_to_stop(const Occurrence& occurrence, const Case& item,
                     const std::vector<Reminder>& reminders,
                     const std::set<std::int64_t>& in_flight, Instant now) {
    if (occurrence.superseded || is_stopped(occurrence, item)) {
        return false;
    }
    return (occurrence.at > now && !has_been_planned(reminders, occurrence)) ||
           std::any_of(reminders.begin(), reminders.end(), [&](const Reminder& reminder) {
               return is_of(reminder, occurrence) && is_open(reminder) &&
                      !in_flight.contains(reminder.message);
           });
}

}  // namespace fristvakt::workflows
