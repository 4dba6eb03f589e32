#include "workflows/definition/activities.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "integrations/yaml/cells.hpp"
#include "integrations/yaml/files.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/activity_dates.hpp"

/// activities/COHORT.csv.
namespace fristvakt::integrations {
namespace {

using workflows::Activity;
using workflows::DaySpan;

enum Column : std::size_t {
    Id,
    What,
    WhatNn,
    When,
    Who,
    Kind,
    Place,
    Lecturer,
    Responsible,
    Cancelled
};
constexpr std::array<std::string_view, 10> kColumns{
    "id",   "what",  "what_nn",  "when",        "who",
    "kind", "place", "lecturer", "responsible", "cancelled"};
constexpr std::array<std::string_view, 4> kRequired{"what", "when", "who", "kind"};
constexpr std::array kOtherNames{CsvOtherName{"hva", "what"},
                                 CsvOtherName{"kva", "what"},
                                 CsvOtherName{"aktivitet", "what"},
                                 CsvOtherName{"når", "when"},
                                 CsvOtherName{"tid", "when"},
                                 CsvOtherName{"tidspunkt", "when"},
                                 CsvOtherName{"hvem", "who"},
                                 CsvOtherName{"kven", "who"},
                                 CsvOtherName{"målgruppe", "who"},
                                 CsvOtherName{"type", "kind"},
                                 CsvOtherName{"slag", "kind"},
                                 CsvOtherName{"sted", "place"},
                                 CsvOtherName{"stad", "place"},
                                 CsvOtherName{"foreleser", "lecturer"},
                                 CsvOtherName{"forelesar", "lecturer"},
                                 CsvOtherName{"ansvarlig", "responsible"},
                                 CsvOtherName{"ansvarleg", "responsible"},
                                 CsvOtherName{"avlyst", "cancelled"},
                                 CsvOtherName{"nynorsk", "what_nn"}};
constexpr std::array<std::string_view, 4> kKinds{"meeting", "course", "delivery", "suggestions"};
constexpr std::array kOtherKinds{
    CsvOtherName{"møte", "meeting"},         CsvOtherName{"samling", "meeting"},
    CsvOtherName{"kurs", "course"},          CsvOtherName{"levering", "delivery"},
    CsvOtherName{"leveranse", "delivery"},   CsvOtherName{"innlevering", "delivery"},
    CsvOtherName{"frist", "delivery"},       CsvOtherName{"forslag", "suggestions"},
    CsvOtherName{"innspill", "suggestions"}, CsvOtherName{"innspel", "suggestions"}};

/// A longer meeting is a mistake in a year or a month.
constexpr workflows::cal::days kLongestMeeting{31};

void check_meeting(const Activity& activity, const CsvCell& when, Cells& cells) {
    for (const DaySpan& span : activity.dates.spans) {
        if (span.from && !span.until) {
            cells.error(when, "it says when this begins and not when it ends",
                        "write both, such as 14.08.2018 kl. 09.00-12.00, or the day alone");
            return;
        }
        if (span.last - span.first >= kLongestMeeting) {
            cells.error(when, "the meeting is longer than a month", "check the year and the month");
            return;
        }
    }
}

void check_delivery(const Activity& activity, const CsvRow& row, Cells& cells) {
    if (activity.dates.spans.size() > 1) {
        cells.error(row[When], "a delivery has one deadline", "write a row for each");
    }
    if (!activity.cancelled.empty()) {
        cells.error(row[Cancelled], "a delivery is not cancelled", "take the row out");
    }
}

void read_when(const CsvRow& row, Cells& cells, Activity& activity) {
    activity.when = cells.text(row[When], "when", false);
    if (activity.when.empty()) {
        return;
    }
    auto dates = workflows::parse_activity_dates(activity.when);
    if (!dates.ok()) {
        const std::string message = dates.error().message;
        const auto hint = message.rfind("; ");
        cells.error(
            row[When], message.substr(0, hint),
            hint == std::string::npos ? "write such as 14.08.2018" : message.substr(hint + 2));
        return;
    }
    activity.dates = std::move(dates).value();
}

Activity read_row(const CsvRow& row, Cells& cells) {
    Activity activity;
    activity.where = cells.at(row.first());
    activity.what.nb = cells.text(row[What], "what", false);
    activity.what.nn = cells.text(row[WhatNn], "what_nn", true);
    if (activity.what.nn.empty()) {
        activity.what.nn = activity.what.nb;
    }
    activity.has_own_id = !row[Id].text.empty();
    activity.id = activity.has_own_id ? cells.id(row[Id]) : workflows::id_from(activity.what.nb);
    if (activity.id.empty() && !activity.what.nb.empty()) {
        cells.error(row[What], "no id can be made of this", "give the row one in the column `id`");
    }
    read_when(row, cells, activity);
    activity.who = cells.text(row[Who], "who", false);
    const auto other = std::ranges::find(kOtherKinds, workflows::lower_case(row[Kind].text),
                                         &CsvOtherName::written);
    const auto kind = std::ranges::find(
        kKinds, other == kOtherKinds.end() ? std::string_view{row[Kind].text} : other->column);
    if (kind == kKinds.end()) {
        cells.error(row[Kind], fmt::format("there is no kind `{}`", row[Kind].text.substr(0, 80)),
                    suggestion(row[Kind].text, kKinds));
    } else {
        activity.kind = static_cast<Activity::Kind>(kind - kKinds.begin());
    }
    activity.place = cells.text(row[Place], "place", true);
    activity.lecturer = cells.text(row[Lecturer], "lecturer", true);
    activity.responsible = cells.text(row[Responsible], "responsible", true);
    if (activity.responsible.find('@') != std::string::npos) {
        activity.responsible = cells.address(row[Responsible], true);
    }
    activity.cancelled = cells.text(row[Cancelled], "cancelled", true);
    for (const Column column : {Id, When, Who, Responsible}) {
        const std::size_t shown = column == Id && !activity.has_own_id ? What : column;
        activity.places.emplace(kColumns[column], cells.at(row[shown]));
    }
    return activity;
}

}  // namespace

CsvColumns activity_columns() {
    return {.known = kColumns, .required = kRequired, .also = kOtherNames};
}

void read_activities(std::string_view text, Findings& findings, std::vector<Activity>& activities) {
    const CsvTable table(text, findings, activity_columns());
    Cells cells(findings);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const CsvRow row = table.row(i);
        const int errors_before = findings.errors();
        Activity activity = read_row(row, cells);
        if (findings.errors() == errors_before) {
            if (activity.is_meeting()) {
                check_meeting(activity, row[When], cells);
            } else {
                check_delivery(activity, row, cells);
            }
        }
        const auto other = std::ranges::find(activities, activity.id, &Activity::id);
        if (other != activities.end() && !activity.id.empty()) {
            cells.error(row[activity.has_own_id ? Id : What],
                        fmt::format("the row `{}` stands in line {} already", activity.id,
                                    other->where.line),
                        fmt::format("give one of them another `id`, such as {}-2, and leave it "
                                    "there: cases are named by it",
                                    activity.id));
        }
        if (findings.errors() == errors_before) {
            activities.push_back(std::move(activity));
        }
    }
}

}  // namespace fristvakt::integrations
