#include "daemon/access/rights.hpp"
#include "daemon/access/visible.hpp"

namespace fristvakt::daemon {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

Error not_allowed() {
    return {ErrorKind::Forbidden,
            "your role does not allow this; ask an administrator of this installation",
            "forbidden"};
}

}  // namespace

Status VisitorEngine::check(Right right) const {
    return may(visitor_, right) ? Status{Done{}} : not_allowed();
}

Status VisitorEngine::check_case(Right right, const std::string& case_id) {
    if (may(visitor_, right)) {
        return Done{};
    }
    const auto whole = engine_.definitions();
    const auto all = engine_.snapshot();
    if (whole == nullptr || all == nullptr) {
        return Error{ErrorKind::Unavailable, "the program is starting; try again in a moment"};
    }
    const auto found = all->find_case(case_id);
    if (!found.ok()) {
        return found.error();
    }
    if (!found.value() || !may(visitor_, Right::Read, *found.value(), *whole)) {
        return Error{ErrorKind::NotFound, "no case " + case_id, "no-case"};
    }
    return may(visitor_, right, *found.value(), *whole) ? Status{Done{}} : not_allowed();
}

Status VisitorEngine::check_message(Right right, std::int64_t number) {
    if (may(visitor_, right)) {
        return Done{};
    }
    const auto seen = snapshot();
    if (seen == nullptr) {
        return Error{ErrorKind::Unavailable, "the program is starting; try again in a moment"};
    }
    const auto found = seen->message(number);
    if (!found.ok()) {
        return found.error();
    }
    if (!found.value()) {
        return Error{ErrorKind::NotFound, "no message " + std::to_string(number)};
    }
    // All that it speaks of goes out or stays: the right must hold in every case.
    for (const auto& reminder : found.value()->reminders) {
        if (Status allowed = check_case(right, reminder.case_id); !allowed.ok()) {
            return allowed;
        }
    }
    for (const auto& told : found.value()->message.told) {
        if (Status allowed = check_case(right, told.case_id); !allowed.ok()) {
            return allowed;
        }
    }
    return Done{};
}

std::string VisitorEngine::who(const std::string& said) const {
    const std::string known = visitor_.in_log();
    return known.empty() ? said : known;
}

Result<EventAnswer> VisitorEngine::raise(const RaiseEvent& command) {
    if (const Status allowed = check_case(Right::Act, command.event.case_id); !allowed.ok()) {
        return allowed.error();
    }
    RaiseEvent signed_command = command;
    signed_command.event.who = who(command.event.who);
    return engine_.raise(signed_command);
}

std::vector<RaiseEvent> VisitorEngine::allowed_of(const std::vector<RaiseEvent>& commands,
                                                  std::vector<std::optional<Error>>& refused) {
    std::vector<RaiseEvent> allowed;
    for (const RaiseEvent& command : commands) {
        const Status checked = check_case(Right::Act, command.event.case_id);
        refused.push_back(checked.ok() ? std::nullopt : std::optional{checked.error()});
        if (checked.ok()) {
            allowed.push_back(command);
            allowed.back().event.who = who(command.event.who);
        }
    }
    return allowed;
}

Result<BatchAnswer> VisitorEngine::raise_all(const std::vector<RaiseEvent>& commands) {
    std::vector<std::optional<Error>> refused;
    const auto allowed = allowed_of(commands, refused);
    BatchAnswer answer;
    if (!allowed.empty()) {
        auto raised = engine_.raise_all(allowed);
        if (!raised.ok()) {
            return raised.error();
        }
        answer = std::move(raised).value();
    }
    auto next = answer.answers.begin();
    std::vector<Result<EventAnswer>> answers;
    answers.reserve(refused.size());
    for (const auto& error : refused) {
        answers.push_back(error ? Result<EventAnswer>{*error} : std::move(*next++));
    }
    answer.answers = std::move(answers);
    return answer;
}

Result<Forecast> VisitorEngine::preview(const std::vector<RaiseEvent>& commands) {
    std::vector<std::optional<Error>> refused;
    const auto allowed = allowed_of(commands, refused);
    Forecast seen;
    if (!allowed.empty()) {
        auto previewed = engine_.preview(allowed);
        if (!previewed.ok()) {
            return previewed.error();
        }
        seen = std::move(previewed).value();
    }
    auto next = seen.items.begin();
    std::vector<Forecast::Item> items;
    items.reserve(refused.size());
    for (const auto& error : refused) {
        items.push_back(error ? Forecast::Item{.answer = *error,
                                               .stopped = {},
                                               .next_before = std::nullopt,
                                               .next_after = std::nullopt}
                              : std::move(*next++));
    }
    seen.items = std::move(items);
    return seen;
}

Status VisitorEngine::stop(std::int64_t message, const std::string& reason,
                           const std::string& said) {
    const Status allowed = check_message(Right::Act, message);
    return allowed.ok() ? engine_.stop(message, reason, who(said)) : allowed;
}

Status VisitorEngine::postpone(std::int64_t message, workflows::Date day, const std::string& said) {
    const Status allowed = check_message(Right::Act, message);
    return allowed.ok() ? engine_.postpone(message, day, who(said)) : allowed;
}

Status VisitorEngine::hold(const std::string& reason, const std::string& said) {
    const Status allowed = check(Right::Operate);
    return allowed.ok() ? engine_.hold(reason, who(said)) : allowed;
}

Status VisitorEngine::release(std::optional<std::int64_t> message, const std::string& said) {
    const Status allowed = message ? check_message(Right::Act, *message) : check(Right::Operate);
    return allowed.ok() ? engine_.release(message, who(said)) : allowed;
}

Status VisitorEngine::retry(std::int64_t message, const std::string& said) {
    const Status allowed = check_message(Right::Act, message);
    return allowed.ok() ? engine_.retry(message, who(said)) : allowed;
}

Status VisitorEngine::sent_before(std::int64_t message, const std::string& said) {
    const Status allowed = check_message(Right::Act, message);
    return allowed.ok() ? engine_.sent_before(message, who(said)) : allowed;
}

Status VisitorEngine::note_test(const TestedNotice& tested) {
    const auto seen = definitions();
    const auto* const cohort = seen == nullptr ? nullptr : seen->find_cohort(tested.cohort);
    if (cohort == nullptr || cohort->find_requirement(tested.requirement) == nullptr) {
        return Error{ErrorKind::NotFound, "no such requirement"};
    }
    if (!may_somewhere(visitor_, Right::Act)) {
        return not_allowed();
    }
    TestedNotice signed_test = tested;
    signed_test.who = who(tested.who);
    return engine_.note_test(signed_test);
}

Status VisitorEngine::confirm_card(const std::string& channel, std::int64_t card) {
    const Status allowed = check(Right::Operate);  // Others have the link on the card.
    return allowed.ok() ? engine_.confirm_card(channel, card) : allowed;
}

std::unique_ptr<workflows::Snapshot> VisitorEngine::snapshot() {
    return visible_to(visitor_, engine_.definitions(), engine_.snapshot());
}

std::shared_ptr<const workflows::Definitions> VisitorEngine::definitions() const {
    return visible_.of(visitor_, engine_.definitions());
}

}  // namespace fristvakt::daemon
