#include "workflows/decision/reconcile.hpp"

#include <algorithm>

namespace fristvakt::workflows {

bool may_have_been_sent(const Message& message, const std::vector<Reminder>& carried,
                        Instant restored_at) {
    switch (message.state) {
        case MessageState::Waiting:
        case MessageState::Sending:
        case MessageState::Held:
        case MessageState::Uncertain:
            break;
        case MessageState::Sent:
        case MessageState::Failed:
        case MessageState::Dropped:
            return false;
    }
    if (message.made_at < restored_at) {
        return message.attempts > 0 || message.slot_at <= restored_at;
    }
    // Made anew, out of what fell due while nobody looked, or by the configuration at the start.
    return (!message.told.empty() && message.catch_up) ||
           std::any_of(carried.begin(), carried.end(),
                       [&](const Reminder& reminder) { return reminder.step_at <= restored_at; });
}

}  // namespace fristvakt::workflows
