#include "workflows/decision/send_now.hpp"

#include <algorithm>

#include "workflows/decision/stop.hpp"

namespace fristvakt::workflows {

namespace {

bool is_to_debtor(const LadderStep& step) {
    return std::any_of(step.to.begin(), step.to.end(),
                       [](const RoleReference& role) { return role.party == Party::Debtor; });
}

std::string field_of(const std::map<std::string, std::string>& fields, const char* name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string{} : found->second;
}

std::vector<Reminder> planned_of(const Occurrence& occurrence,
                                 const std::vector<Reminder>& reminders) {
    std::vector<Reminder> found;
    std::copy_if(reminders.begin(), reminders.end(), std::back_inserter(found),
                 [&](const Reminder& reminder) {
                     return is_of(reminder, occurrence) && !was_taken_back(reminder);
                 });
    return found;
}

std::vector<Reminder> waiting_of(std::vector<Reminder> planned) {
    std::erase_if(planned,
                  [](const Reminder& reminder) { return reminder.account != Account::Waiting; });
    return planned;
}

/// Whether the step can still be sent: it waits, or has not been planned yet.
bool is_left(const Occurrence& occurrence, const Case& item,
             const std::vector<Reminder>& reminders) {
    const auto planned = planned_of(occurrence, reminders);
    return planned.empty() ? !is_stopped(occurrence, item) : !waiting_of(planned).empty();
}

Status check_case(const Case& item, const CaseContext& context) {
    if (item.final || context.state == nullptr) {
        return Error{ErrorKind::Conflict, item.id + " is closed: " + item.state, "closed"};
    }
    if (!context.state->waits_for) {
        return Error{ErrorKind::Conflict,
                     item.id + " waits for nobody; nobody is chased for what is voluntary",
                     "voluntary"};
    }
    if (context.state->waits_for != Party::Debtor) {
        return Error{
            ErrorKind::Conflict,
            item.id + " does not wait for the debtor; nobody who has delivered is reminded",
            "waits-for-us"};
    }
    if (item.paused || item.children_open_pausing > 0) {
        return Error{ErrorKind::Conflict, item.id + " is paused; take it up again first", "paused"};
    }
    if (item.held) {
        return Error{ErrorKind::Conflict,
                     item.id + " was opened after its deadline and is held; release it first",
                     "held"};
    }
    if (context.ladder == nullptr || counted_deadline(item, context) == nullptr) {
        return Error{ErrorKind::Conflict,
                     item.id + " has no ladder or no deadline now, so there is nothing to send",
                     "nothing-to-send"};
    }
    return Done{};
}

Result<SendNow> choose_notice(const std::string& notice, const Case& item,
                              const CaseContext& context, Instant now) {
    std::string known;
    for (const std::string& one : notices_to_send_now(item, context, now)) {
        if (one == notice) {
            return SendNow{.occurrence = std::nullopt, .notice = notice, .waiting = {}};
        }
        known += (known.empty() ? "" : ", ") + one;
    }
    return Error{ErrorKind::InvalidInput,
                 "the notice " + notice + " does not fit " + item.id + " now; " +
                     (known.empty() ? "none does" : "these do: " + known),
                 "notice-unfit"};
}

}  // namespace

std::vector<std::string> notices_to_send_now(const Case& item, const CaseContext& context,
                                             Instant now) {
    const Deadline* deadline = counted_deadline(item, context);
    if (deadline == nullptr || context.ladder == nullptr) {
        return {};
    }
    std::vector<std::string> notices;
    for (const LadderStep& step : context.ladder->steps) {
        const bool fits =
            is_to_debtor(step) && is_before_deadline(step) == (now < deadline->ends_at);
        if (fits && std::find(notices.begin(), notices.end(), step.notice) == notices.end()) {
            notices.push_back(step.notice);
        }
    }
    return notices;
}

Result<SendNow> choose_send_now(const Case& item, const std::vector<Reminder>& reminders,
                                const CaseContext& context, const Definitions& definitions,
                                const std::map<std::string, std::string>& fields, Instant now) {
    const Status possible = check_case(item, context);
    if (!possible.ok()) {
        return possible.error();
    }
    if (const std::string notice = field_of(fields, "notice"); !notice.empty()) {
        return choose_notice(notice, item, context, now);
    }
    const std::string wanted = field_of(fields, "step");
    const bool ahead = now < counted_deadline(item, context)->ends_at;
    for (const Occurrence& occurrence : occurrences_of(item, context, definitions)) {
        const bool fits = !occurrence.superseded && occurrence.before_deadline == ahead &&
                          is_to_debtor(*occurrence.step);
        if (!wanted.empty() && occurrence.step->id != wanted) {
            continue;
        }
        if (fits && is_left(occurrence, item, reminders)) {
            return SendNow{.occurrence = occurrence,
                           .notice = occurrence.step->notice,
                           .waiting = waiting_of(planned_of(occurrence, reminders))};
        }
        if (!wanted.empty()) {
            return Error{ErrorKind::Conflict,
                         "the step " + wanted + " of " + item.id +
                             " has been dealt with or lies on the other side of the deadline; "
                             "choose a notice instead",
                         "step-done"};
        }
    }
    if (!wanted.empty()) {
        return Error{ErrorKind::NotFound, item.id + " has no step " + wanted, "no-step"};
    }
    const auto notices = notices_to_send_now(item, context, now);
    if (notices.empty()) {
        return Error{ErrorKind::Conflict,
                     "the ladder of " + item.id +
                         " says nothing to the debtor on this side of the "
                         "deadline",
                     "nothing-to-send"};
    }
    return SendNow{.occurrence = std::nullopt, .notice = notices.back(), .waiting = {}};
}

}  // namespace fristvakt::workflows
