#include "tests/simulation/world/definitions.hpp"

#include <utility>

#include "workflows/definition/meetings.hpp"

namespace fristvakt::tests::simulation {

using workflows::DeadlineExpression;
using workflows::Definitions;
using workflows::Party;

namespace {

workflows::Date date_of(model::Day day) {
    return workflows::Date{workflows::cal::days{day}};
}

workflows::Text both(const std::string& text) {
    return {text, text};
}

std::optional<workflows::Language> language_of(const std::optional<model::Language>& language) {
    if (!language) {
        return std::nullopt;
    }
    return *language == model::Language::Nb ? workflows::Language::Nb : workflows::Language::Nn;
}

workflows::TimeUnit unit_of(model::Unit unit) {
    switch (unit) {
        case model::Unit::Days:
            return workflows::TimeUnit::Day;
        case model::Unit::WorkingDays:
            return workflows::TimeUnit::WorkingDay;
        case model::Unit::Weeks:
            return workflows::TimeUnit::Week;
    }
    return workflows::TimeUnit::Day;
}

DeadlineExpression expression(std::string anchor, model::Offset offset) {
    DeadlineExpression made;
    made.anchor = std::move(anchor);
    if (offset.count != 0) {
        made.terms = {{.minus = offset.count < 0,
                       .count = offset.count < 0 ? -offset.count : offset.count,
                       .unit = unit_of(offset.unit)}};
    }
    return made;
}

std::vector<workflows::RoleReference> roles_of(const std::vector<model::Role>& roles) {
    std::vector<workflows::RoleReference> made;
    for (const model::Role& role : roles) {
        made.push_back({role.at_creditor ? Party::Creditor : Party::Debtor, role.name});
    }
    return made;
}

workflows::Ladder ladder_of(const model::Ladder& ladder) {
    workflows::Ladder made;
    made.id = ladder.id;
    made.fallback = ladder.fallback;
    for (const model::Step& step : ladder.steps) {
        workflows::LadderStep one;
        one.id = step.id;
        one.at = expression("due", step.offset);
        one.to = roles_of(step.to);
        one.copy = roles_of(step.copy);
        one.notice = step.notice;
        if (step.time) {
            one.time_of_day = workflows::Seconds{*step.time};
        }
        made.steps.push_back(std::move(one));
    }
    return made;
}

workflows::Transition transition_of(const model::Transition& transition) {
    workflows::Transition made;
    made.event = transition.event;
    if (transition.by_debtor) {
        made.by.push_back(Party::Debtor);
    }
    if (transition.by_creditor) {
        made.by.push_back(Party::Creditor);
    }
    made.to = transition.to;
    made.needs = transition.needs;
    if (transition.sets_due) {
        made.sets = {{.target = "due", .field = "until", .optional = false}};
    }
    if (transition.sets_date) {
        made.sets = {{.target = "start", .field = "start", .optional = false},
                     {.target = "end", .field = "end", .optional = true},
                     {.target = "place", .field = "place", .optional = true}};
    }
    made.notice = transition.notice;
    made.opens = transition.opens;
    made.pauses = transition.pauses;
    return made;
}

workflows::State state_of(const model::State& state) {
    workflows::State made;
    made.id = state.id;
    made.title = both(state.id);
    if (state.waits_for != model::Side::Nobody) {
        made.waits_for = state.waits_for == model::Side::Debtor ? Party::Debtor : Party::Creditor;
    }
    workflows::StateDeadline deadline;
    deadline.kind =
        state.deadline == model::State::Deadline::Due   ? workflows::StateDeadline::Kind::Due
        : state.deadline == model::State::Deadline::Own ? workflows::StateDeadline::Kind::Own
                                                        : workflows::StateDeadline::Kind::None;
    deadline.expression = expression(state.from == model::State::From::Entered ? "entered"
                                     : state.from == model::State::From::Start ? "start"
                                                                               : "end",
                                     state.own);
    made.deadline = std::move(deadline);
    made.ladder = state.ladder;
    made.after_deadline_to = state.after;
    for (const model::Transition& transition : state.on) {
        made.on.push_back(transition_of(transition));
    }
    made.final = state.final;
    made.invites = state.invites;
    if (!state.tells.empty()) {
        made.tells.emplace();
        made.tells->event = state.tells;
        made.tells->with = {{.target = "until", .field = "until", .optional = false}};
    }
    return made;
}

workflows::Workflow workflow_of(const model::Workflow& workflow) {
    workflows::Workflow made;
    made.id = workflow.id;
    made.title = both(workflow.id);
    made.start = workflow.start;
    if (workflow.id == "meeting") {
        made.fields = {{"start", workflows::FieldType::Time, true},
                       {"end", workflows::FieldType::Time, true},
                       {"place", workflows::FieldType::String, true}};
    }
    for (const model::State& state : workflow.states) {
        made.states.push_back(state_of(state));
    }
    return made;
}

workflows::FreeDayRule rule_of(model::FreeDay rule) {
    switch (rule) {
        case model::FreeDay::Next:
            return workflows::FreeDayRule::NextWorkingDay;
        case model::FreeDay::Keep:
            return workflows::FreeDayRule::Keep;
        case model::FreeDay::Previous:
            return workflows::FreeDayRule::PreviousWorkingDay;
    }
    return workflows::FreeDayRule::Keep;
}

workflows::DueRule day_rule(const model::Requirement& of, model::Day day) {
    workflows::DueRule rule;
    if (of.monthly) {
        rule.expression = expression("start", {day, model::Unit::Days});
    } else {
        rule.expression.emplace();
        rule.expression->anchor = date_of(day);
    }
    return rule;
}

workflows::Requirement requirement_of(const model::Requirement& requirement) {
    workflows::Requirement made;
    made.id = requirement.id;
    made.title = both(requirement.id);
    made.workflow = requirement.workflow;
    made.every = requirement.monthly ? workflows::Recurrence::Monthly : workflows::Recurrence::Once;
    made.opens = day_rule(requirement, requirement.opens);
    made.due = day_rule(requirement, requirement.due);
    made.if_free_day = rule_of(requirement.if_free_day);
    made.ladder = requirement.ladder;
    made.responsible = requirement.responsible;
    if (!requirement.debtor.empty()) {
        made.debtors = {requirement.debtor};
    }
    made.creditor = requirement.creditor;
    return made;
}

workflows::LocalTime local_time_of(model::Second local) {
    return workflows::LocalTime{workflows::Seconds{local}};
}

workflows::MeetingDate date_of(const model::MeetingDate& date) {
    workflows::MeetingDate made;
    made.id = date.id;
    made.start = local_time_of(date.when.start);
    made.end = local_time_of(date.when.end);
    made.place = date.when.place;
    made.also = date.also;
    made.cancelled = date.cancelled;
    for (const model::Prework& one : date.prework) {
        workflows::Requirement wanted;
        wanted.id = one.id;
        wanted.title = both(one.id);
        wanted.workflow = one.workflow;
        wanted.ladder = one.ladder;
        wanted.due.expression = expression("start", {-one.days_before, model::Unit::Days});
        made.prework.push_back(std::move(wanted));
    }
    return made;
}

workflows::Meeting meeting_of(const model::Meeting& meeting) {
    workflows::Meeting made;
    made.id = meeting.id;
    made.title = both(meeting.id);
    if (meeting.set_by) {
        made.set_by.emplace();
        made.set_by->expression.emplace();
        made.set_by->expression->anchor = date_of(*meeting.set_by);
    }
    made.audience = meeting.audience;
    made.ladder = meeting.ladder;
    made.responsible = meeting.responsible;
    for (const model::MeetingDate& date : meeting.dates) {
        made.dates.push_back(date_of(date));
    }
    return made;
}

workflows::SoftPeriod soft_of(const model::Soft& soft) {
    workflows::SoftPeriod made;
    const auto month_day = [](int text) {
        return workflows::cal::month{static_cast<unsigned>(text / 100)} /
               workflows::cal::day{static_cast<unsigned>(text % 100)};
    };
    switch (soft.kind) {
        case model::Soft::Kind::Yearly:
            made.days = workflows::YearlyDates{month_day(soft.from), month_day(soft.to)};
            break;
        case model::Soft::Kind::Easter:
            made.days = workflows::EasterDays{soft.from, soft.to};
            break;
        case model::Soft::Kind::Weeks:
            made.days = workflows::IsoWeeks{soft.from, soft.to};
            break;
    }
    return made;
}

workflows::Installation installation_of(const model::Rules& rules) {
    workflows::Installation made;
    made.name = both("Statsforvalteren");
    made.organisation = "sf";
    made.default_language = *language_of(rules.default_language);
    made.send_window.working_days_only = rules.window.working_days_only;
    made.send_window.weekdays = rules.window.weekdays;
    made.send_window.opens = workflows::Seconds{rules.window.opens};
    made.send_window.closes = workflows::Seconds{rules.window.closes};
    for (const model::Soft& soft : rules.window.avoid) {
        made.send_window.avoid.push_back(soft_of(soft));
    }
    made.nag_budget = rules.budget;
    made.brake = rules.brake;
    made.sending =
        rules.allowed.empty() ? workflows::SendingMode::Live : workflows::SendingMode::Allowlist;
    made.allowlist = rules.allowed;
    made.mail.from = "fristvakt@sf.example";
    made.mail.reply_to = "post@sf.example";
    made.mail.smtp.emplace();
    made.mail.smtp->url = "smtp://127.0.0.1:1025";
    return made;
}

void add_people(Definitions& all, const model::Rules& rules) {
    for (const model::Organisation& one : rules.organisations) {
        workflows::Organisation made;
        made.id = made.name = one.id;
        made.kind = one.id == "sf" ? "embete" : one.id == "udir" ? "udir" : "kommune";
        made.language = language_of(one.language);
        made.email = one.email;
        all.organisations.emplace(one.id, std::move(made));
    }
    for (const model::Contact& one : rules.contacts) {
        workflows::Contact made;
        made.organisation = one.organisation;
        made.email = made.name = one.address;
        made.roles = one.roles;
        made.language = language_of(one.language);
        made.from = one.from ? std::optional{date_of(*one.from)} : std::nullopt;
        made.to = one.to ? std::optional{date_of(*one.to)} : std::nullopt;
        all.contacts.push_back(std::move(made));
    }
}

workflows::Notice notice_of(const std::string& id, const model::Notice& notice) {
    workflows::Notice made;
    made.id = id;
    made.kind = notice.kind == model::Kind::Reminder ? workflows::NoticeKind::Reminder
                : notice.kind == model::Kind::Answer ? workflows::NoticeKind::Answer
                : notice.kind == model::Kind::Change ? workflows::NoticeKind::Change
                                                     : workflows::NoticeKind::Invitation;
    made.resend_when_uncertain = notice.resend_when_uncertain;
    for (auto* twin : {&made.nb, &made.nn}) {
        twin->subject = twin->preheader = twin->markdown = id;
        twin->where = {id, 1, 1};
    }
    return made;
}

}  // namespace

std::shared_ptr<const Definitions> definitions_of(const model::Rules& rules) {
    static const auto kOslo = workflows::TimeZone::locate("Europe/Oslo").value();
    auto made = std::make_shared<Definitions>();
    made->installation = installation_of(rules);
    made->calendar.id = "norway";
    made->zone = kOslo;
    made->hash = "configuration " + rules.name;
    add_people(*made, rules);
    workflows::Cohort cohort;
    cohort.id = "p";
    cohort.programme = "ordning";
    cohort.title = both("Ordning");
    cohort.from = date_of(rules.from);
    cohort.to = date_of(rules.to);
    cohort.creditor = "sf";
    for (const std::string& one : rules.participants) {
        workflows::Participant participant;
        participant.organisation = one;
        cohort.participants.push_back(std::move(participant));
    }
    for (const model::Requirement& one : rules.requirements) {
        cohort.requirements.push_back(requirement_of(one));
    }
    for (const model::Meeting& one : rules.meetings) {
        cohort.meetings.push_back(meeting_of(one));
    }
    made->cohorts.push_back(std::move(cohort));
    workflows::call_meetings(*made);
    for (const model::Workflow& one : rules.workflows) {
        made->workflows.push_back(workflow_of(one));
    }
    for (const model::Ladder& one : rules.ladders) {
        made->ladders.emplace(one.id, ladder_of(one));
    }
    for (const auto& [id, one] : rules.notices) {
        made->notices.emplace(id, notice_of(id, one));
    }
    made->index();
    return made;
}

workflows::Instant instant_of(model::Second at) {
    return workflows::Instant{workflows::Seconds{at}};
}

model::Second second_of(workflows::Instant at) {
    return at.time_since_epoch().count();
}

model::Day day_of(workflows::Date day) {
    return static_cast<model::Day>(day.time_since_epoch().count());
}

}  // namespace fristvakt::tests::simulation
