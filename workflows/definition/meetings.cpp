#include "workflows/definition/meetings.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

#include "workflows/definition/groups.hpp"
#include "workflows/definition/roles.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

constexpr std::string_view kMeetingWorkflow = "meeting";

/// The last day of a meeting that ends at `end`, exclusive.
Date last_day_of(const MeetingDate& date) {
    return day_of(date.end - Seconds{1});
}

/// That day, or that time.
DueRule on(std::variant<std::string, Date, LocalTime> when) {
    DueRule rule;
    rule.expression = DeadlineExpression{.anchor = std::move(when), .terms = {}, .time_of_day = {}};
    return rule;
}

/// The day of a meeting that lasts whole days: at their midnight the day before would count.
DueRule on_start_of(const MeetingDate& date) {
    const Date day = day_of(date.start);
    return is_whole_days(date.start, date.end) ? on(day) : on(date.start);
}

/// The one that stands for the meeting itself where it is held once; null: none.
const MeetingDate* first_date_of(const Meeting& meeting) {
    const auto found = std::ranges::find(meeting.dates, std::string{}, &MeetingDate::id);
    return found == meeting.dates.end() ? nullptr : &*found;
}

/// That a meeting's date is set: the organiser's duty.
Requirement duty_of(const Meeting& meeting, const Cohort& cohort) {
    Requirement duty;
    duty.id = meeting.id;
    duty.title = meeting.title;
    duty.workflow = kMeetingWorkflow;
    duty.every = meeting.every;
    duty.ladder = meeting.ladder;
    duty.responsible = meeting.responsible;
    duty.instructions = meeting.instructions;
    duty.debtors = {cohort.creditor};
    duty.where = meeting.where;
    duty.places = meeting.places;
    duty.origin = Requirement::Origin::Meeting;
    duty.meeting = meeting.id;
    duty.activity = meeting.activity;
    if (meeting.set_by) {
        duty.due = *meeting.set_by;
        duty.places["due"] = place(meeting.places, "set_by", meeting.where);
    } else if (const MeetingDate* date = first_date_of(meeting)) {
        duty.due = on_start_of(*date);
    }
    return duty;
}

/// `start - 7 days` becomes the meeting's own start.
void anchor(DueRule& rule, const MeetingDate& date) {
    if (!rule.expression) {
        return;
    }
    if (const auto* name = std::get_if<std::string>(&rule.expression->anchor)) {
        rule.expression->anchor = *name == "end" ? date.end : date.start;
    }
}

class Caller {
 public:
    Caller(Cohort& cohort, const Calendar& calendar) : cohort_(cohort), calendar_(calendar) {}

    void call(Meeting& meeting) {
        const Requirement duty = duty_of(meeting, cohort_);
        const bool is_once = meeting.every == Recurrence::Once;
        const MeetingDate* first = first_date_of(meeting);
        if (meeting.set_by || (is_once && first != nullptr)) {
            called_.push_back(duty);
            if (is_once && first != nullptr) {
                called_.back().over_after = last_day_of(*first);
            }
        }
        for (MeetingDate& date : meeting.dates) {
            const auto period = period_of(meeting, cohort_, day_of(date.start), calendar_);
            if (!period || date.end <= date.start) {
                continue;
            }
            set(meeting, duty, date, *period);
        }
    }

    void finish() {
        std::move(called_.begin(), called_.end(), std::back_inserter(cohort_.requirements));
    }

 private:
    void set(const Meeting& meeting, const Requirement& duty, MeetingDate& date,
             const Period& period) {
        const std::string path = path_of(meeting, period.id, date);
        if (!taken_.insert(path).second) {
            return;
        }
        date.requirement = date.id.empty() ? meeting.id : path;
        date.period = date.id.empty() ? period.id : std::string{};
        if (!date.id.empty()) {
            Requirement further = duty;
            further.id = path;
            further.every = Recurrence::Once;
            further.due = on_start_of(date);
            further.opens = on(std::max(period.first, cohort_.from));
            further.where = date.where;
            further.places = date.places;
            further.over_after = last_day_of(date);
            called_.push_back(std::move(further));
        }
        if (!date.cancelled.empty()) {
            return;  // Nobody brings anything.
        }
        for (const Requirement& wanted : date.prework) {
            Requirement prework = wanted;
            prework.id = path + "/" + wanted.id;
            if (!taken_.insert(prework.id).second) {
                continue;
            }
            prework.origin = Requirement::Origin::Prework;
            prework.meeting = meeting.id;
            prework.over_after = last_day_of(date);
            anchor(prework.due, date);
            if (!prework.opens) {
                prework.opens = on(std::max(period.first, cohort_.from));
            } else {
                anchor(*prework.opens, date);
            }
            called_.push_back(std::move(prework));
        }
    }

    Cohort& cohort_;
    const Calendar& calendar_;
    std::vector<Requirement> called_;
    std::set<std::string> taken_;  ///< Paths of dates, and of what is brought to them.
};

}  // namespace

std::string calling_role(const Meeting& meeting, const MeetingDate& date, const Contact& contact) {
    const auto is_held = [&](const std::string& role) {
        return holds_role_on(contact, role, day_of(date.start));
    };
    for (const auto* roles : {&meeting.audience, &date.also, &contact.roles}) {
        const auto held = std::ranges::find_if(*roles, is_held);
        if (held != roles->end()) {
            return *held;
        }
    }
    return {};
}

bool calls(const Cohort& cohort, const Meeting& meeting, const MeetingDate& date,
           const Contact& contact) {
    const Date day = day_of(date.start);
    const auto is_held = [&](const std::string& role) { return holds_role_on(contact, role, day); };
    const auto is_one_of = [&](const std::string& id) {
        const Group* group = cohort.find_group(id);
        return group != nullptr && is_member(contact, *group, cohort, day);
    };
    const bool holds_role =
        std::ranges::any_of(meeting.audience, is_held) || std::ranges::any_of(date.also, is_held);
    return (holds_role && cohort.find_participant(contact.organisation) != nullptr) ||
           std::ranges::any_of(meeting.groups, is_one_of);
}

std::vector<const Contact*> called_to(const Cohort& cohort, const Meeting& meeting,
                                      const MeetingDate& date, const Definitions& definitions) {
    std::vector<const Contact*> called;
    std::set<std::string> addresses;
    std::set<std::string_view> looked_at;
    const auto add_from = [&](std::string_view organisation) {
        if (!looked_at.insert(organisation).second) {
            return;
        }
        for (const Contact* contact : definitions.contacts_of(organisation)) {
            if (calls(cohort, meeting, date, *contact) &&
                addresses.insert(lower_case(contact->email)).second) {
                called.push_back(contact);
            }
        }
    };
    for (const Participant& participant : cohort.participants) {
        add_from(participant.organisation);
    }
    for (const std::string& id : meeting.groups) {
        const Group* group = cohort.find_group(id);
        if (group == nullptr) {
            continue;
        }
        for (const std::string& organisation : organisations_in(*group, cohort, definitions)) {
            const auto known = definitions.organisations.find(organisation);
            if (known != definitions.organisations.end()) {
                add_from(known->first);
            }
        }
    }
    return called;
}

bool concerns(const Cohort& cohort, const Meeting& meeting, std::string_view organisation,
              const Definitions& definitions) {
    const bool calls_roles =
        !meeting.audience.empty() ||
        std::ranges::any_of(meeting.dates, [](const auto& date) { return !date.also.empty(); });
    return (calls_roles && cohort.find_participant(organisation) != nullptr) ||
           std::ranges::any_of(meeting.groups, [&](const std::string& id) {
               const Group* group = cohort.find_group(id);
               if (group == nullptr) {
                   return false;
               }
               const auto all = organisations_in(*group, cohort, definitions);
               return std::ranges::find(all, organisation) != all.end();
           });
}

std::string path_of(const Meeting& meeting, std::string_view period, const MeetingDate& date) {
    std::string path = meeting.id;
    for (const std::string_view part : {period, std::string_view{date.id}}) {
        if (!part.empty()) {
            path += '/';
            path += part;
        }
    }
    return path;
}

std::string meeting_case_of(const Cohort& cohort, const Requirement& prework) {
    return cohort.id + "/" + prework.id.substr(0, prework.id.rfind('/'));
}

std::optional<Period> period_of(const Meeting& meeting, const Cohort& cohort, Date day,
                                const Calendar& calendar) {
    Requirement recurring;
    recurring.every = meeting.every;
    for (Period& period : periods_of(recurring, cohort, calendar)) {
        if (period.first <= day && day <= period.last) {
            return std::move(period);
        }
    }
    return std::nullopt;
}

void call_meetings(Definitions& definitions) {
    for (Cohort& cohort : definitions.cohorts) {
        Caller caller{cohort, definitions.calendar};
        for (Meeting& meeting : cohort.meetings) {
            caller.call(meeting);
        }
        caller.finish();
    }
}

}  // namespace fristvakt::workflows
