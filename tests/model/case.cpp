#include "tests/model/case.hpp"

#include <algorithm>

#include "tests/model/meeting.hpp"

namespace fristvakt::tests::model {

bool holds(const Contact& contact, const std::string& role, Day day) {
    return (!contact.from || day >= *contact.from) && (!contact.to || day <= *contact.to) &&
           std::find(contact.roles.begin(), contact.roles.end(), role) != contact.roles.end();
}

void add(std::vector<Recipient>& list, const Recipient& recipient) {
    const bool known = std::any_of(list.begin(), list.end(), [&](const Recipient& other) {
        return other.address == recipient.address;
    });
    if (!known) {
        list.push_back(recipient);
    }
}

Language language(const Organisation& of, const Contact* contact, const Rules& rules) {
    if (of.language) {
        return *of.language;
    }
    return contact != nullptr && contact->language ? *contact->language : rules.default_language;
}

namespace {

std::vector<Recipient> holders(const Role& role, const Case& item, const Rules& rules, Day day,
                               const std::set<std::string>& refused) {
    const std::string& id = role.at_creditor ? item.creditor : item.debtor;
    const Organisation* of = rules.find_organisation(id);
    std::vector<Recipient> found;
    if (of == nullptr) {
        return found;
    }
    for (const Contact& contact : rules.contacts) {
        if (contact.organisation == id && holds(contact, role.name, day) &&
            !refused.contains(contact.address)) {
            add(found, {contact.address, id, language(*of, &contact, rules)});
        }
    }
    if (found.empty() && role.name == "postmottak" && !of->email.empty() &&
        !refused.contains(of->email)) {
        found.push_back({of->email, id, language(*of, nullptr, rules)});
    }
    const Requirement* requirement = rules.find_requirement(item.requirement);
    if (role.at_creditor && role.name == "saksbehandler" && requirement != nullptr) {
        for (const Recipient& one : found) {
            if (one.address == requirement->responsible) {
                return {one};
            }
        }
    }
    return found;
}

std::vector<Recipient> holders_or_stand_in(const Role& role, const std::string& fallback,
                                           const Case& item, const Rules& rules, Day day,
                                           const std::set<std::string>& refused) {
    if (is_of_guests(role)) {
        return reached_guests(role, item, rules, refused);  // Nobody stands in for them.
    }
    auto found = holders(role, item, rules, day, refused);
    if (found.empty() && !fallback.empty()) {
        found = holders({role.at_creditor, fallback}, item, rules, day, refused);
    }
    return found;
}

Second step_time(const Step& step, Day nominal, const Case& item, const Rules& rules) {
    const Window& window = rules.window;
    const auto on = [&](Day day) { return instant(day, step.time.value_or(window.opens)); };
    if (!is_sending_day(window, nominal) && step.offset.count <= 0) {
        const Day earlier = sending_day_up_to(window, nominal);
        // Earlier, but not before the case opened; a day before the opening stays before it.
        if (nominal < day_at(item.opened_at) || on(earlier) >= item.opened_at) {
            return on(earlier);
        }
    }
    return on(sending_day_from(window, nominal));
}

}  // namespace

const State* state_of(const Case& item, const Rules& rules) {
    return rules.find_state(item.workflow, item.state);
}

const Ladder* ladder_of(const Case& item, const Rules& rules) {
    const State* state = state_of(item, rules);
    if (state == nullptr || state->ladder.empty()) {
        return nullptr;
    }
    if (state->ladder != "requirement") {
        return rules.find_ladder(state->ladder);
    }
    const Requirement* requirement = rules.find_requirement(item.requirement);
    return requirement == nullptr ? nullptr : rules.find_ladder(requirement->ladder);
}

std::optional<Day> counted(const Case& item, const Rules& rules) {
    const State* state = state_of(item, rules);
    if (state == nullptr || state->deadline == State::Deadline::None) {
        return std::nullopt;
    }
    return state->deadline == State::Deadline::Due ? item.due : item.own_deadline;
}

std::string version_of(const Case& item, const Rules& rules) {
    if (!counted(item, rules)) {
        return {};
    }
    return state_of(item, rules)->deadline == State::Deadline::Due
               ? "v" + std::to_string(item.version)
               : item.state + "." + std::to_string(item.entry);
}

std::string name_of(const Case& item, const std::string& step, const Rules& rules) {
    return version_of(item, rules) + " " + step;
}

std::vector<Role> those_concerned(const Ladder& ladder) {
    for (const Step& step : ladder.steps) {
        std::vector<Role> roles;
        std::copy_if(step.to.begin(), step.to.end(), std::back_inserter(roles),
                     [](const Role& role) { return !role.at_creditor; });
        if (!roles.empty()) {
            return roles;
        }
    }
    return {};
}

bool is_resting(const Case& item) {
    return item.paused || item.resting_children > 0;
}

std::vector<Occurrence> occurrences(const Case& item, const Rules& rules) {
    std::vector<Occurrence> all;
    const Ladder* ladder = ladder_of(item, rules);
    const auto deadline = counted(item, rules);
    if (item.final || ladder == nullptr || !deadline) {
        return all;
    }
    const bool of_due = state_of(item, rules)->deadline == State::Deadline::Due;
    // The first deadline began when the case opened, also when it is come back to.
    const bool is_first = item.version == 1;
    const Second began = !of_due    ? item.entered_at
                         : is_first ? item.opened_at
                                    : item.version_began_at;
    Occurrence* last_before = nullptr;
    bool one_is_left = false;
    all.reserve(ladder->steps.size());
    for (const Step& step : ladder->steps) {
        const Second at = step_time(step, add(*deadline, step.offset), item, rules);
        all.push_back({.step = &step, .at = at, .before = step.offset.count <= 0});
        all.back().counts = at >= began && (!of_due || at >= item.opened_at);
        if (all.back().before) {
            one_is_left = one_is_left || all.back().counts;
            if (last_before == nullptr || at >= last_before->at) {
                last_before = &all.back();
            }
        }
    }
    if (of_due && (is_first || item.version_began_at == item.opened_at) && !item.held &&
        !one_is_left && last_before != nullptr) {
        const Second opening = next_opening(rules.window, item.opened_at);
        if (opening < instant(*deadline + 1)) {
            last_before->at = opening;
            last_before->counts = true;
            last_before->late = true;
        }
    }
    return all;
}

Audience audience(const Step& step, const Case& item, const Rules& rules, Day day,
                  const std::set<std::string>& refused) {
    Audience found;
    const Ladder* ladder = ladder_of(item, rules);
    const State* state = state_of(item, rules);
    if (ladder == nullptr || state == nullptr) {
        return found;
    }
    const bool softly = item.softened && state->waits_for == Side::Debtor;
    const auto concerned = those_concerned(*ladder);
    for (const Role& role : step.to) {
        if (softly && std::find(concerned.begin(), concerned.end(), role) == concerned.end()) {
            continue;
        }
        for (const Recipient& one :
             holders_or_stand_in(role, ladder->fallback, item, rules, day, refused)) {
            add(found.to, one);
        }
    }
    for (const Role& role : step.copy) {
        for (const Recipient& one : holders(role, item, rules, day, refused)) {
            const bool gets_it =
                std::any_of(found.to.begin(), found.to.end(),
                            [&](const Recipient& to) { return to.address == one.address; });
            if (!softly && !gets_it) {
                add(found.copy, one);
            }
        }
    }
    return found;
}

std::vector<Recipient> contacts_of_debtor(const Case& item, const Rules& rules, Day day,
                                          const std::set<std::string>& refused) {
    std::vector<Recipient> found;
    const Requirement* requirement = rules.find_requirement(item.requirement);
    const Ladder* ladder =
        requirement == nullptr ? nullptr : rules.find_ladder(requirement->ladder);
    if (ladder == nullptr) {
        return found;
    }
    for (const Role& role : those_concerned(*ladder)) {
        for (const Recipient& one :
             holders_or_stand_in(role, ladder->fallback, item, rules, day, refused)) {
            add(found, one);
        }
    }
    return found;
}

}  // namespace fristvakt::tests::model
