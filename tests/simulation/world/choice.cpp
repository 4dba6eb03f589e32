#include "tests/simulation/world/choice.hpp"

#include <iterator>
#include <string>
#include <vector>

#include "tests/simulation/world/chance.hpp"

namespace fristvakt::tests::simulation {

using model::By;
using model::Case;
using model::Event;

namespace {

const Case& some_case(const model::Town& town, Chance& chance) {
    constexpr int kTries = 6;
    const auto last = static_cast<std::int64_t>(town.cases.size()) - 1;
    auto found = town.cases.begin();
    for (int tries = 0; tries < kTries; ++tries) {
        found = std::next(town.cases.begin(), chance.number(0, last));
        // Meetings have doings of their own; what is done anywhere would soon end them all.
        const bool is_meeting = found->second.workflow == "meeting" && !chance.once_in(4);
        if (!is_meeting && (!found->second.final || chance.once_in(4))) {
            break;
        }
    }
    return found->second;
}

std::string some_day(Chance& chance, model::Second now) {
    const auto in = chance.once_in(8) ? chance.number(-5, 0) : chance.number(0, 30);
    return model::date_text(model::day_at(now) + static_cast<model::Day>(in));
}

/// Which step or which notice, if the person cares.
void choose_step(Event& event, Chance& chance) {
    if (chance.once_in(3)) {
        event.fields["step"] = "s" + std::to_string(chance.number(0, 3));
    } else if (event.name == "sent_now" && chance.once_in(3)) {
        event.fields["notice"] = chance.once_in(2) ? "reminder" : "overdue";
    }
    if (event.name == "reminder_stopped" && !chance.once_in(20)) {
        event.fields["reason"] = "fordi";
    }
}

Event built_in(Chance& chance, model::Second now) {
    static const std::vector<std::string> kNames{
        "paused",         "paused",           "resumed",          "noted",     "reverted",
        "reverted",       "reverted",         "opened",           "withdrawn", "deadline_moved",
        "deadline_moved", "reminder_stopped", "reminder_stopped", "sent_now",  "sent_now"};
    Event made;
    made.name = chance.one_of(kNames);
    made.by = chance.once_in(3) ? By::Operator : By::Creditor;
    if (made.name == "paused" && !chance.once_in(3)) {
        made.fields["until"] = some_day(chance, now);
    }
    if (made.name == "deadline_moved" && !chance.once_in(20)) {
        made.fields["until"] = some_day(chance, now);
    }
    if (made.name == "reminder_stopped" || made.name == "sent_now") {
        choose_step(made, chance);
    }
    return made;
}

}  // namespace

Event choose(const model::Town& town, std::uint64_t pick, model::Second now) {
    if (town.cases.empty()) {
        return {};
    }
    Chance chance{pick};
    const Case& item = some_case(town, chance);
    const model::State* state = model::state_of(item, town.rules());
    Event made;
    if (chance.once_in(50)) {
        made.name = "eaten";
    } else if (state == nullptr || state->on.empty() || chance.once_in(5)) {
        made = built_in(chance, now);
    } else {
        const model::Transition& transition = chance.one_of(state->on);
        made.name = transition.event;
        made.by = transition.by_debtor ? By::Debtor : By::Creditor;
        for (const std::string& field : transition.needs) {
            made.fields[field] = field == "until" ? some_day(chance, now) : "fordi";
        }
        if (transition.sets_due) {
            made.fields["until"] = some_day(chance, now);
        }
        if (!made.fields.empty() && chance.once_in(30)) {
            made.fields.erase(made.fields.begin());
        }
    }
    if (chance.once_in(20)) {
        made.by = made.by == By::Debtor ? By::Creditor : By::Debtor;
    }
    made.case_id = chance.once_in(60) ? item.id + "x" : item.id;
    return made;
}

}  // namespace fristvakt::tests::simulation
