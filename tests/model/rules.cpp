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
    const Requirement* own = find(requirements, id);
    return own != nullptr ? own : find(of_meetings, id);
}

const MeetingDate* Rules::find_date(const Requirement& of) const {
    const Meeting* meeting =
        of.of == Requirement::Of::Meeting ? find(meetings, of.meeting) : nullptr;
    const MeetingDate* date = meeting == nullptr ? nullptr : find(meeting->dates, of.date);
    return date != nullptr && day_of(date->when.start) >= from && day_of(date->when.start) <= to
               ? date
               : nullptr;
}

const State* Rules::find_state(std::string_view workflow, std::string_view state) const {
    const Workflow* known = find_workflow(workflow);
    return known == nullptr ? nullptr : find(known->states, state);
}

// --- meetings
// ---------------------------------------------------------------------------------------

namespace {

/// That it has a date, is prepared and held: its organiser's alone.
Requirement duty_of(const Meeting& meeting, const Rules& rules) {
    Requirement duty;
    duty.id = duty.meeting = meeting.id;
    duty.of = Requirement::Of::Meeting;
    duty.workflow = "meeting";
    duty.ladder = meeting.ladder;
    duty.responsible = meeting.responsible;
    duty.debtor = duty.creditor = "sf";
    duty.opens = rules.from;
    duty.over_after = rules.to;
    return duty;
}

Day last_day_of(const Occasion& when) {
    return day_of(when.end - 1);
}

void call(const Meeting& meeting, const MeetingDate& date, Rules& rules) {
    const std::string path = meeting.id + (date.id.empty() ? "" : "/" + date.id);
    const bool has_duty = !date.id.empty() || !meeting.set_by;
    if (has_duty) {
        Requirement duty = duty_of(meeting, rules);
        duty.id = path;
        duty.date = date.id;
        duty.due = day_of(date.when.start);
        duty.over_after = last_day_of(date.when);
        rules.of_meetings.push_back(std::move(duty));
    }
    for (const Prework& wanted : date.prework) {
        if (!date.cancelled.empty()) {
            break;  // Nobody brings anything.
        }
        Requirement prework;
        prework.id = path + "/" + wanted.id;
        prework.of = Requirement::Of::Prework;
        prework.workflow = wanted.workflow;
        prework.ladder = wanted.ladder;
        prework.creditor = "sf";
        prework.opens = rules.from;
        prework.due = day_of(date.when.start) - wanted.days_before;
        prework.over_after = last_day_of(date.when);
        rules.of_meetings.push_back(std::move(prework));
    }
}

}  // namespace

Day day_of(Second local) {
    return static_cast<Day>(local / kDay);
}

Second instant_of(Second local) {
    return instant(day_of(local), local % kDay);
}

std::string text_of(const Occasion& when) {
    const auto minute = [](Second local) { return time_text(instant_of(local)).substr(0, 16); };
    return minute(when.start) + " to " + minute(when.end) + " in " + when.place;
}

Rules with_meetings(Rules rules) {
    rules.of_meetings.clear();
    for (const Meeting& meeting : rules.meetings) {
        if (meeting.set_by) {
            Requirement duty = duty_of(meeting, rules);
            duty.due = *meeting.set_by;
            if (const MeetingDate* date = rules.find_date(duty)) {
                duty.over_after = last_day_of(date->when);
            }
            rules.of_meetings.push_back(std::move(duty));
        }
        for (const MeetingDate& date : meeting.dates) {
            call(meeting, date, rules);
        }
    }
    return rules;
}

// --- cases
// ------------------------------------------------------------------------------------------

std::vector<Called> called_for(const Rules& rules, Day first_start) {
    std::vector<Called> called;
    const auto add = [&](const Requirement& of, const std::string& period, Day opens, Day due) {
        const std::vector<std::string> one{of.debtor};
        for (const std::string& debtor : of.debtor.empty() ? rules.participants : one) {
            const std::string whose =
                of.of == Requirement::Of::Meeting ? std::string{} : "/" + period + debtor;
            called.push_back({.id = "p/" + of.id + whose,
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
    for (const Requirement& of : rules.of_meetings) {
        if (of.over_after.value_or(rules.to) >= first_start) {
            add(of, "", of.opens, of.due);
        }
    }
    std::stable_sort(called.begin(), called.end(),
                     [](const Called& a, const Called& b) { return a.opens < b.opens; });
    return called;
}

}  // namespace fristvakt::tests::model
