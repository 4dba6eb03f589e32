#include "workflows/decision/plan.hpp"

#include <algorithm>
#include <utility>

#include "workflows/decision/meeting.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {

namespace {

Anchors anchors_of(const Case& item, const Deadline& deadline, const TimeZone& zone) {
    return {{"due", deadline.date},
            {"opened", zone.to_local(item.opened_at)},
            {"entered", zone.to_local(item.entered_at)}};
}

void add_anchor(Anchors& anchors, const std::string& name, const std::string& value) {
    if (const auto day = parse_iso_date(value)) {
        anchors.emplace(name, *day);
    } else if (const auto time = parse_local_time(value)) {
        anchors.emplace(name, *time);
    }
}

Instant time_on(Date day, const LadderStep& step, const SendWindow& window, const TimeZone& zone) {
    return step.time_of_day ? zone.to_instant(day + *step.time_of_day)
                            : opening_on(window, day, zone);
}

/// When a step fires. A day without sending moves a step before the deadline earlier, one after it
/// later; but never before the case was opened: then to the first sending day after.
std::optional<Instant> time_of(const LadderStep& step, Date nominal, Instant opened_at,
                               const SendWindow& window, const TimeZone& zone) {
    if (!is_sending_day(window, nominal) && is_before_deadline(step)) {
        const auto earlier = sending_day_on_or_before(window, nominal);
        const bool opened_by_then = nominal >= zone.date_of(opened_at);
        if (earlier && (!opened_by_then || time_on(*earlier, step, window, zone) >= opened_at)) {
            return time_on(*earlier, step, window, zone);
        }
    }
    const auto day = sending_day_on_or_after(window, nominal);
    return day ? std::optional{time_on(*day, step, window, zone)} : std::nullopt;
}

/// When the deadline in force began to count. The first one did when the case opened, also after it
/// was left and come back to.
Instant began_at(const Case& item) {
    const bool is_first = item.due_version == 1 && item.due_versions.size() > 1;
    return is_first ? item.opened_at : item.due_version_began_at;
}

/// Marks what lies before the opening or before the deadline's version, and lets the last step
/// before the deadline fire late when the case opened after all of them.
void supersede_earlier(std::vector<Occurrence>& occurrences, const Case& item,
                       const Deadline& deadline, const Definitions& definitions) {
    const bool first_version = began_at(item) == item.opened_at;
    Occurrence* last_before = nullptr;
    bool remains = false;
    for (Occurrence& occurrence : occurrences) {
        if (occurrence.at < item.opened_at) {
            occurrence.superseded = Reason::BeforeOpening;
        } else if (occurrence.at < began_at(item)) {
            occurrence.superseded = Reason::BeforeVersion;
        }
        if (occurrence.before_deadline) {
            remains = remains || !occurrence.superseded;
            if (last_before == nullptr || occurrence.at >= last_before->at) {
                last_before = &occurrence;
            }
        }
    }
    if (remains || last_before == nullptr || !first_version || item.held) {
        return;
    }
    const auto opening =
        next_opening(definitions.installation.send_window, item.opened_at, definitions.time_zone());
    if (opening && *opening < deadline.ends_at) {
        last_before->at = *opening;
        last_before->superseded.reset();
        last_before->opened_late = true;
    }
}

}  // namespace

std::optional<Deadline> own_deadline(const Case& item, const State& state, const TimeZone& zone) {
    if (!state.deadline || state.deadline->kind != StateDeadline::Kind::Own) {
        return std::nullopt;
    }
    Anchors anchors{{"entered", zone.to_local(item.entered_at)},
                    {"opened", zone.to_local(item.opened_at)}};
    if (item.due) {
        anchors.emplace("due", item.due->date);
    }
    for (const auto& [name, value] : item.fields) {
        add_anchor(anchors, name, value);
    }
    if (const auto time = meeting_time(item)) {
        anchors.emplace("end", time->end);  // A meeting of which nobody said when it ends.
    }
    auto deadline =
        evaluate(state.deadline->expression, anchors, FreeDayRule::NextWorkingDay, zone);
    return deadline.ok() ? std::optional{std::move(deadline).value()} : std::nullopt;
}

const Deadline* counted_deadline(const Case& item, const CaseContext& context) {
    if (context.state == nullptr || !context.state->deadline) {
        return nullptr;
    }
    switch (context.state->deadline->kind) {
        case StateDeadline::Kind::None:
            return nullptr;
        case StateDeadline::Kind::Due:
            return item.due ? &*item.due : nullptr;
        case StateDeadline::Kind::Own:
            return item.state_deadline ? &*item.state_deadline : nullptr;
    }
    return nullptr;
}

std::string version_name(const Case& item, const CaseContext& context) {
    if (counted_deadline(item, context) == nullptr) {
        return {};
    }
    if (context.state->deadline->kind == StateDeadline::Kind::Due) {
        return "v" + std::to_string(item.due_version);
    }
    return item.state + "." + std::to_string(item.state_entry);
}

std::vector<Occurrence> occurrences_of(const Case& item, const CaseContext& context,
                                       const Definitions& definitions) {
    const Deadline* deadline = counted_deadline(item, context);
    if (item.final || context.ladder == nullptr || deadline == nullptr) {
        return {};
    }
    const TimeZone& zone = definitions.time_zone();
    const SendWindow& window = definitions.installation.send_window;
    const Anchors anchors = anchors_of(item, *deadline, zone);
    const std::string version = version_name(item, context);
    std::vector<Occurrence> occurrences;
    occurrences.reserve(context.ladder->steps.size());
    for (const LadderStep& step : context.ladder->steps) {
        const auto nominal = evaluate_day(step.at, anchors, zone);
        if (!nominal.ok()) {
            continue;  // Beyond the calendar's years: such a step never comes.
        }
        const auto at = time_of(step, nominal.value(), item.opened_at, window, zone);
        if (!at) {
            continue;  // The verifier refuses windows that never open.
        }
        occurrences.push_back({.step = &step,
                               .at = *at,
                               .version = version,
                               .before_deadline = is_before_deadline(step),
                               .opened_late = false,
                               .superseded = std::nullopt});
    }
    if (context.state->deadline->kind == StateDeadline::Kind::Due) {
        supersede_earlier(occurrences, item, *deadline, definitions);
    } else {
        for (Occurrence& occurrence : occurrences) {
            if (occurrence.at < item.entered_at) {
                occurrence.superseded = Reason::BeforeVersion;
            }
        }
    }
    std::stable_sort(occurrences.begin(), occurrences.end(),
                     [](const Occurrence& a, const Occurrence& b) { return a.at < b.at; });
    return occurrences;
}

std::optional<Reason> overtaken(const Reminder& reminder, const Case& item,
                                const CaseContext& context, Instant now) {
    if (item.final || context.state == nullptr) {
        return item.state == "withdrawn" ? Reason::Withdrawn : Reason::CaseMovedOn;
    }
    const std::string version = version_name(item, context);
    if (reminder.version != version) {
        const bool of_due = !reminder.version.empty() && reminder.version.front() == 'v' &&
                            version.starts_with('v');
        return of_due ? Reason::DeadlineMoved : Reason::CaseMovedOn;
    }
    if (item.paused || item.children_open_pausing > 0) {
        return Reason::Paused;
    }
    if (reminder.softened != item.softened && context.state->waits_for == Party::Debtor) {
        return Reason::CaseMovedOn;
    }
    if (!step_of(reminder, context)) {
        return Reason::StepRemoved;
    }
    const std::string name = stopped_name(reminder.version, reminder.step);
    if (std::find(item.stopped.begin(), item.stopped.end(), name) != item.stopped.end()) {
        return Reason::Stopped;  // The transport had it meanwhile.
    }
    const Deadline* deadline = counted_deadline(item, context);
    if (reminder.before_deadline && deadline != nullptr && now >= deadline->ends_at) {
        return Reason::DeadlinePassed;
    }
    return std::nullopt;
}

std::string stopped_name(std::string_view version, std::string_view step) {
    return std::string{version} + ' ' + std::string{step};
}

bool is_sent_now(std::string_view step) {
    return step.starts_with(kSentNow);
}

std::optional<LadderStep> step_of(const Reminder& reminder, const CaseContext& context) {
    if (context.ladder == nullptr) {
        return std::nullopt;
    }
    if (is_sent_now(reminder.step)) {
        return sent_now_step(reminder.step, reminder.notice, *context.ladder);
    }
    for (const LadderStep& step : context.ladder->steps) {
        if (step.id == reminder.step) {
            return step;
        }
    }
    return std::nullopt;
}

LadderStep sent_now_step(std::string_view id, std::string_view notice, const Ladder& ladder) {
    LadderStep step;
    step.id = id;
    step.notice = notice;
    step.to = first_roles(ladder);
    return step;
}

bool comes_after(const Reminder& later, const Reminder& earlier, const CaseContext& context) {
    if (later.step_at != earlier.step_at || context.ladder == nullptr) {
        return later.step_at > earlier.step_at;
    }
    const auto& steps = context.ladder->steps;
    const auto place = [&](const Reminder& reminder) {
        return std::find_if(steps.begin(), steps.end(),
                            [&](const LadderStep& step) { return step.id == reminder.step; }) -
               steps.begin();
    };
    return place(earlier) < place(later) && place(later) < std::ssize(steps);
}

Account account_for(Reason reason) {
    switch (reason) {
        case Reason::CaseMovedOn:
        case Reason::DeadlineMoved:
        case Reason::DeadlinePassed:
        case Reason::LaterStep:
        case Reason::NotWaiting:
        case Reason::BeforeOpening:
        case Reason::BeforeVersion:
        case Reason::RecipientChanged:
        case Reason::StepRemoved:
        case Reason::Withdrawn:
        case Reason::TakenBack:
        case Reason::NothingToSay:
            return Account::Superseded;
        case Reason::Paused:
        case Reason::NotAllowed:
        case Reason::Stopped:
            return Account::Suppressed;
        case Reason::Brake:
        case Reason::SendingOnHold:
        case Reason::DeadlineHadPassed:
        case Reason::StateUnknown:
            return Account::Held;
        case Reason::Refused:
        case Reason::NoRecipient:
        case Reason::BadAddress:
            return Account::Failed;
        case Reason::Accepted:
        case Reason::SentBefore:
            return Account::Sent;
        case Reason::None:
        case Reason::Due:
        case Reason::OpenedLate:
        case Reason::Uncertain:
            return Account::Waiting;
    }
    return Account::Waiting;
}

}  // namespace fristvakt::workflows
