#include "workflows/model/steps_sent.hpp"

#include <set>
#include <utility>

namespace fristvakt::workflows {

int steps_sent_to(std::string_view organisation, std::span<const Reminder> reminders) {
    std::set<std::pair<std::string_view, std::string_view>> steps;
    for (const Reminder& one : reminders) {
        if (one.account == Account::Sent && one.organisation == organisation) {
            steps.emplace(one.version, one.step);
        }
    }
    return static_cast<int>(steps.size());
}

}  // namespace fristvakt::workflows
