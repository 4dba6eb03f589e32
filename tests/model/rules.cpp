#include "tests/model/rules.hpp"

#include <algorithm>

namespace fristvakt::tests::model {

namespace {

template <typename Item>
const Item* find(const std::vector<Item>& items, std::string_view id) {
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
}

Day first_of_next_month(Day day) {
    const Civil date = civil(day);
    return date.month == 12 ? day_of({date.year + 1, 1, 1})
                            : day_of({date.year, date.month + 1, 1});
}

}  // namespace

const Organisation* Rules::find_organisation(std::string_view id) const {
    return find(organisations, id);
}

const Ladder* Rules::find_ladder(std::string_view id) const {
    return find(ladders, id);
}

const Workflow* Rules::find_workflow(std::string_view id) const {
    return find(workflows, id);
}

const Requirement* Rules::find_requirement(std::string_view id) const {
    return find(requirements, id);
}

const State* Rules::find_state(std::string_view workflow, std::string_view state) const {
    const Workflow* known = find_workflow(workflow);
    return known == nullptr ? nullptr : find(known->states, state);
}

std::vector<Called> called_for(const Rules& rules, Day first_start) {
    std::vector<Called> called;
    const auto add = [&](const Requirement& of, const std::string& period, Day opens, Day due) {
        const std::vector<std::string> one{of.debtor};
        for (const std::string& debtor : of.debtor.empty() ? rules.participants : one) {
            called.push_back({.id = "p/" + of.id + "/" + period + debtor,
                              .requirement = of.id,
                              .debtor = debtor,
                              .creditor = of.creditor,
                              .opens = opens,
                              .due = off_free_days(due, of.if_free_day)});
        }
    };
    for (const Requirement& of : rules.requirements) {
        if (!of.monthly) {
            if (of.opens <= rules.to) {
                add(of, "", of.opens, of.due);
            }
            continue;
        }
        const Civil begin = civil(rules.from);
        for (Day first = day_of({begin.year, begin.month, 1}); first <= rules.to;
             first = first_of_next_month(first)) {
            const Day opens = std::max(first + of.opens, rules.from);
            const Day due = off_free_days(first + of.due, of.if_free_day);
            if (opens >= first_start && opens <= rules.to && due >= rules.from) {
                add(of, date_text(first).substr(0, 7) + "/", opens, first + of.due);
            }
        }
    }
    std::stable_sort(called.begin(), called.end(),
                     [](const Called& a, const Called& b) { return a.opens < b.opens; });
    return called;
}

}  // namespace fristvakt::tests::model
