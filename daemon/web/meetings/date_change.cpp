#include "daemon/web/meetings/date_change.hpp"

#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/periods.hpp"

namespace fristvakt::daemon {

using workflows::MeetingDate;
using workflows::Transition;

bool is_history(const MeetingSeen& meeting, const workflows::Definitions& definitions) {
    const MeetingDate* const date = meeting.date();
    const bool is_cancelled = date != nullptr && !date->cancelled.empty();
    if (meeting.item == nullptr || is_cancelled ||
        (meeting.item->undo && meeting.item->undo->by_configuration)) {
        return false;  // What the programme has ended, it can take up again.
    }
    const auto context = workflows::context_of(*meeting.item, definitions);
    return context.state == nullptr ||
           std::ranges::none_of(context.state->on, [](const Transition& one) {
               return one.event == workflows::kDated || one.event == workflows::kMoved;
           });
}

bool is_history(View& view, const workflows::Cohort& cohort, const MeetingDate* date) {
    const auto* const requirement =
        date == nullptr ? nullptr : cohort.find_requirement(date->requirement);
    if (requirement == nullptr) {
        return false;
    }
    const auto item =
        view.snapshot->find_case(workflows::case_name(cohort, *requirement, date->period, {}));
    return item.ok() && item.value() &&
           is_history(MeetingSeen{cohort, *requirement, date->period, &*item.value()},
                      *view.definitions);
}

std::optional<DateChange> date_change(const View& view, const MeetingSeen& meeting) {
    if (!may(view.visitor(), Right::Plan, meeting.cohort, *view.definitions) ||
        is_history(meeting, *view.definitions)) {
        return std::nullopt;
    }
    const MeetingDate* const date = meeting.date();
    DateChange change{.path = change_path(meeting.cohort.id, meeting.requirement), .word = {}};
    if (date == nullptr) {
        change.word = {"Sett dato", "Set dato"};
    } else if (date->cancelled.empty()) {
        change.word = {"Flytt eller avlys", "Flytt eller avlys"};
    } else {
        change.word = {"Hold møtet likevel", "Hald møtet likevel"};
    }
    if (!meeting.requirement.activity.empty()) {
        return change;  // The row of the plan says all of its dates.
    }
    if (date != nullptr) {
        change.path += encode_query({{"dato", workflows::written(date->start)}});
    } else if (!meeting.period.empty()) {
        change.path += encode_query({{"periode", meeting.period}});
    }
    return change;
}

}  // namespace fristvakt::daemon
