#include "tests/simulation/world/rules.hpp"

#include <algorithm>
#include <string>

namespace fristvakt::tests::simulation {

using model::Contact;
using model::Day;
using model::Kind;
using model::Ladder;
using model::Role;
using model::Rules;
using model::Side;
using model::State;
using model::Step;
using model::Transition;
using model::Unit;
using model::Workflow;

namespace {

constexpr int kKommunerMin = 8;
constexpr int kKommunerMax = 10;
constexpr int kRequirements = 3;

// --- workflows
// ------------------------------------------------------------------------------------

Transition debtors(std::string event, std::string to, std::string notice = {}) {
    Transition made;
    made.event = std::move(event);
    made.by_debtor = true;
    made.to = std::move(to);
    made.notice = std::move(notice);
    return made;
}

Transition creditors(std::string event, std::string to, std::string notice = {}) {
    Transition made = debtors(std::move(event), std::move(to), std::move(notice));
    made.by_debtor = false;
    made.by_creditor = true;
    return made;
}

Transition with_due(Transition made) {
    made.sets_due = true;
    return made;
}

Transition needing(Transition made, const std::string& field) {
    made.needs = {field};
    return made;
}

State final_state(std::string id) {
    State made;
    made.id = std::move(id);
    made.final = true;
    return made;
}

State waiting(std::string id, Side side, State::Deadline deadline, std::string ladder) {
    State made;
    made.id = std::move(id);
    made.waits_for = side;
    made.deadline = deadline;
    made.ladder = std::move(ladder);
    return made;
}

Transition asking_for_time() {
    Transition made = debtors("more_time_asked", "awaited");
    made.opens = "extension";
    made.pauses = true;
    return made;
}

State claimed(Chance& chance, const std::string& received) {
    State made = waiting("claimed", Side::Creditor, State::Deadline::Own, "nudge");
    made.own = chance.once_in(3) ? model::Offset{static_cast<int>(chance.number(3, 10)), Unit::Days}
                                 : model::Offset{5, Unit::WorkingDays};
    made.after = chance.once_in(6) ? "" : "awaited";
    made.on = {creditors("received", received, "receipt"),
               creditors("not_found", "awaited", "not-found"), debtors("undone", "awaited")};
    return made;
}

/// Sent in, looked through, sent on; what is missing is asked for again.
Workflow plan(Chance& chance) {
    Workflow made{"plan", "awaited", {}};
    State awaited = waiting("awaited", Side::Debtor, State::Deadline::Due, "requirement");
    awaited.on = {debtors("claimed", "claimed", "claim-noted"),
                  creditors("received", "received", "receipt"),
                  needing(creditors("exempted", "exempt"), "reason"), asking_for_time(),
                  with_due(creditors("more_time_given", "awaited", "new-deadline"))};
    State received = waiting("received", Side::Creditor, State::Deadline::None, "");
    received.on = {needing(with_due(creditors("incomplete", "awaited", "incomplete")), "missing"),
                   creditors("accepted", "accepted")};
    made.states = {std::move(awaited), claimed(chance, "received"), std::move(received),
                   final_state("accepted"), final_state("exempt")};
    return made;
}

/// That it has come ends it.
Workflow delivery(Chance& chance) {
    Workflow made{"delivery", "awaited", {}};
    State awaited = waiting("awaited", Side::Debtor, State::Deadline::Due, "requirement");
    awaited.on = {debtors("claimed", "claimed", "claim-noted"),
                  creditors("received", "delivered", "receipt"), asking_for_time(),
                  with_due(creditors("more_time_given", "awaited"))};
    made.states = {std::move(awaited), claimed(chance, "delivered"), final_state("delivered")};
    return made;
}

/// Silence after an answer means that it was enough; a question that nobody answers in time lapses
/// in some installations.
Workflow question(Chance& chance) {
    Workflow made{"question", "awaited", {}};
    State awaited = waiting("awaited", Side::Debtor, State::Deadline::Due, "requirement");
    awaited.after = chance.once_in(3) ? "lapsed" : "";
    awaited.on = {debtors("answered", "answered"), creditors("dropped", "closed", "receipt"),
                  with_due(creditors("more_time_given", "awaited", "new-deadline"))};
    State answered = waiting("answered", Side::Creditor, State::Deadline::Own, "");
    answered.own = {static_cast<int>(chance.number(2, 10)), Unit::WorkingDays};
    answered.after = "closed";
    answered.on = {with_due(creditors("asked_again", "awaited", "new-deadline")),
                   creditors("satisfied", "closed")};
    State lapsed = waiting("lapsed", Side::Creditor, State::Deadline::None, "");
    lapsed.on = {creditors("satisfied", "closed"),
                 with_due(creditors("asked_again", "awaited", "new-deadline"))};
    made.states = {std::move(awaited), std::move(answered), std::move(lapsed),
                   final_state("closed")};
    return made;
}

Workflow extension() {
    Workflow made{"extension", "asked", {}};
    State asked = waiting("asked", Side::Creditor, State::Deadline::Own, "nudge");
    asked.own = {5, Unit::WorkingDays};
    asked.on = {needing(creditors("granted", "granted"), "until"),
                creditors("declined", "declined", "extension-declined")};
    State granted = final_state("granted");
    granted.tells = "more_time_given";
    made.states = {std::move(asked), std::move(granted), final_state("declined")};
    return made;
}

// --- ladders
// --------------------------------------------------------------------------------------

Step step(Chance& chance, int offset, int index) {
    static const std::vector<Role> kRoles{{false, "ressursperson"},
                                          {false, "ressursperson"},
                                          {false, "skoleeier"},
                                          {true, "saksbehandler"}};
    Step made;
    made.id = "s" + std::to_string(index);
    made.offset = {offset, chance.once_in(2)   ? Unit::Days
                           : chance.once_in(4) ? Unit::Weeks
                                               : Unit::WorkingDays};
    if (made.offset.unit == Unit::Weeks) {
        made.offset.count = offset / 7;
    }
    made.to = {chance.one_of(kRoles)};
    if (chance.once_in(4)) {
        made.to.push_back(chance.one_of(kRoles));
    }
    if (chance.once_in(3)) {
        made.copy = {{false, "skoleeier"}};
    }
    made.notice = made.offset.count > 0 ? "overdue" : "reminder";
    if (chance.once_in(6)) {
        made.time = chance.number(0, 23) * model::kHour + chance.number(0, 1) * 1800;
    }
    return made;
}

Ladder ladder(Chance& chance, const std::string& id) {
    Ladder made{id, {}, chance.once_in(8) ? "" : "postmottak"};
    std::vector<int> offsets;
    for (auto left = chance.number(2, 4); left > 0; --left) {
        offsets.push_back(static_cast<int>(chance.number(-20, 15)));
    }
    std::sort(offsets.begin(), offsets.end());
    for (std::size_t index = 0; index < offsets.size(); ++index) {
        made.steps.push_back(step(chance, offsets[index], static_cast<int>(index)));
    }
    return made;
}

Ladder nudge() {
    Step only;
    only.id = "due-2wd";
    only.offset = {-2, Unit::WorkingDays};
    only.to = {{true, "saksbehandler"}};
    only.notice = "nudge-creditor";
    return {"nudge", {only}, "postmottak"};
}

// --- people
// ---------------------------------------------------------------------------------------

std::optional<model::Language> some_language(Chance& chance) {
    switch (chance.number(0, 2)) {
        case 0:
            return model::Language::Nb;
        case 1:
            return model::Language::Nn;
        default:
            return std::nullopt;
    }
}

Contact contact(Chance& chance, const std::string& organisation, int index, Day begin) {
    static const std::vector<std::vector<std::string>> kRoles{
        {"ressursperson"}, {"ressursperson"}, {"skoleeier"}, {"ressursperson", "skoleeier"}};
    Contact made;
    made.organisation = organisation;
    made.address = "p" + std::to_string(index) + "@" + organisation + ".example";
    made.roles = chance.one_of(kRoles);
    made.language = some_language(chance);
    if (chance.once_in(4)) {
        made.from = begin + static_cast<Day>(chance.number(-20, 90));
    }
    if (chance.once_in(4)) {
        made.to = made.from.value_or(begin) + static_cast<Day>(chance.number(0, 90));
    }
    return made;
}

void add_people(Rules& rules, Chance& chance, Day begin) {
    int index = 0;
    for (const model::Organisation& of : rules.organisations) {
        const bool is_office = of.id == "sf" || of.id == "udir";
        for (auto left = is_office ? 2 : chance.number(0, 3); left > 0; --left) {
            Contact made = contact(chance, of.id, ++index, begin);
            if (is_office) {
                made.roles = {"saksbehandler"};
            }
            if (chance.once_in(12)) {
                made.address = "felles@region.example";  // Of several kommuner.
            }
            rules.contacts.push_back(std::move(made));
        }
    }
}

void add_organisations(Rules& rules, Chance& chance) {
    rules.organisations = {{"sf", std::nullopt, "post@sf.example"},
                           {"udir", model::Language::Nb, "post@udir.example"}};
    const auto kommuner = chance.number(kKommunerMin, kKommunerMax);
    for (auto index = 1; index <= kommuner; ++index) {
        const std::string id = "k" + std::to_string(index);
        rules.organisations.push_back(
            {id, some_language(chance), chance.once_in(6) ? "" : "post@" + id + ".example"});
        if (!chance.once_in(8)) {
            rules.participants.push_back(id);
        }
    }
}

// --- requirements
// ---------------------------------------------------------------------------------

model::FreeDay some_rule(Chance& chance) {
    return chance.once_in(4)   ? model::FreeDay::Keep
           : chance.once_in(4) ? model::FreeDay::Previous
                               : model::FreeDay::Next;
}

void add_requirements(Rules& rules, Chance& chance, Day begin) {
    static const std::vector<std::string> kWorkflows{"plan", "plan", "delivery", "question"};
    static const std::vector<std::string> kLadders{"standard", "standard", "gentle"};
    for (auto index = 1; index <= kRequirements; ++index) {
        model::Requirement made;
        made.id = "r" + std::to_string(index);
        made.workflow = chance.one_of(kWorkflows);
        made.ladder = chance.one_of(kLadders);
        made.due = begin + static_cast<Day>(chance.number(10, 90));
        made.opens = made.due - static_cast<Day>(chance.number(-3, 40));
        made.if_free_day = some_rule(chance);
        made.creditor = "sf";
        if (index == kRequirements) {
            made.monthly = chance.once_in(2);
            made.debtor = made.monthly || chance.once_in(2) ? "sf" : "";
            made.creditor = made.debtor.empty() ? "sf" : "udir";
        }
        if (made.monthly) {
            made.opens = static_cast<Day>(chance.number(0, 5));
            made.due = static_cast<Day>(chance.number(10, 27));
        }
        if (chance.once_in(3)) {
            for (const Contact& one : rules.contacts) {
                made.responsible = one.organisation == made.creditor ? one.address : "";
                if (!made.responsible.empty()) {
                    break;
                }
            }
        }
        rules.requirements.push_back(std::move(made));
    }
}

void set_window(Rules& rules, Chance& chance) {
    rules.window.working_days_only = !chance.once_in(4);
    if (chance.once_in(3)) {
        rules.window.opens = chance.number(0, 12) * model::kHour;
        rules.window.closes = rules.window.opens + chance.number(1, 12) * model::kHour;
    }
    if (chance.once_in(6)) {
        rules.window.weekdays = 0b0011111;
    }
    static const std::vector<model::Soft> kSoft{{model::Soft::Kind::Yearly, 1224, 101},
                                                {model::Soft::Kind::Easter, -6, 1},
                                                {model::Soft::Kind::Weeks, 28, 30}};
    rules.window.avoid.clear();
    for (const model::Soft& soft : kSoft) {
        if (!chance.once_in(3)) {
            rules.window.avoid.push_back(soft);
        }
    }
}

void move_people(Rules& rules, Chance& chance, Day today) {
    if (!rules.contacts.empty() && chance.once_in(2)) {
        const auto index = static_cast<std::size_t>(
            chance.number(0, static_cast<std::int64_t>(rules.contacts.size()) - 1));
        if (chance.once_in(2)) {
            rules.contacts.erase(rules.contacts.begin() + static_cast<std::ptrdiff_t>(index));
        } else {
            rules.contacts[index].to = today + static_cast<Day>(chance.number(-3, 20));
            rules.contacts[index].from.reset();
        }
    } else {
        const auto& of = chance.one_of(rules.organisations);
        Contact made = contact(chance, of.id, static_cast<int>(chance.number(100, 9999)), today);
        if (of.id == "sf" || of.id == "udir") {
            made.roles = {"saksbehandler"};
        }
        rules.contacts.push_back(std::move(made));
    }
}

void move_deadlines(Rules& rules, Chance& chance, Day today) {
    for (model::Requirement& one : rules.requirements) {
        if (chance.once_in(2)) {
            continue;
        }
        if (one.monthly) {
            one.due = static_cast<Day>(chance.number(10, 27));
        } else {
            one.due = std::max(one.due, today) + static_cast<Day>(chance.number(-10, 30));
        }
    }
}

}  // namespace

Rules random_rules(Chance& chance, Day begin) {
    Rules rules;
    rules.from = begin - 30;
    rules.to = begin + static_cast<Day>(chance.number(60, 150));
    add_organisations(rules, chance);
    add_people(rules, chance, begin);
    rules.workflows = {plan(chance), delivery(chance), question(chance), extension()};
    rules.ladders = {ladder(chance, "standard"), ladder(chance, "gentle"), nudge()};
    rules.notices = {{"reminder", {Kind::Reminder, true}},
                     {"overdue", {Kind::Reminder, !chance.once_in(4)}},
                     {"nudge-creditor", {Kind::Reminder, true}},
                     {"claim-noted", {Kind::Answer, true}},
                     {"receipt", {Kind::Answer, !chance.once_in(4)}},
                     {"extension-declined", {Kind::Answer, true}},
                     {"not-found", {Kind::Change, true}},
                     {"incomplete", {Kind::Change, true}},
                     {"new-deadline", {Kind::Change, true}}};
    add_requirements(rules, chance, begin);
    rules.default_language = chance.once_in(2) ? model::Language::Nb : model::Language::Nn;
    rules.budget = static_cast<int>(chance.number(1, 3));
    rules.brake = static_cast<int>(chance.once_in(3) ? chance.number(1, 6) : chance.number(10, 40));
    set_window(rules, chance);
    rules.name = "0";
    return rules;
}

Rules edited(Rules rules, Chance& chance, Day today, int count) {
    for (auto left = chance.number(1, 3); left > 0; --left) {
        switch (chance.number(0, 7)) {
            case 0:
            case 1:
                move_people(rules, chance, today);
                break;
            case 2:
                move_deadlines(rules, chance, today);
                break;
            case 3:
                rules.ladders[chance.once_in(2) ? 0 : 1] =
                    ladder(chance, chance.once_in(2) ? "standard" : "gentle");
                break;
            case 4:
                chance.one_of(rules.organisations);
                rules.organisations[static_cast<std::size_t>(chance.number(2, 9))].language =
                    some_language(chance);
                break;
            case 5:
                set_window(rules, chance);
                break;
            case 6:
                rules.budget = static_cast<int>(chance.number(1, 3));
                rules.brake = static_cast<int>(chance.number(2, 40));
                break;
            default:
                if (rules.participants.size() > 3 && chance.once_in(2)) {
                    rules.participants.erase(rules.participants.begin() + chance.number(0, 2));
                } else if (std::find(rules.participants.begin(), rules.participants.end(), "k1") ==
                           rules.participants.end()) {
                    rules.participants.push_back("k1");
                }
        }
    }
    // Two files of one name are one file.
    if (rules.ladders[0].id == rules.ladders[1].id) {
        rules.ladders[0].id = "standard";
        rules.ladders[1].id = "gentle";
    } else if (rules.ladders[0].id == "gentle") {
        std::swap(rules.ladders[0], rules.ladders[1]);
    }
    rules.name = std::to_string(count);
    return rules;
}

}  // namespace fristvakt::tests::simulation
