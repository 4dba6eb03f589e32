#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "integrations/yaml/keys.hpp"
#include "integrations/yaml/requirement_parts.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Cohort;
using workflows::LocalTime;
using workflows::Meeting;
using workflows::MeetingDate;
using workflows::Recurrence;
using workflows::Requirement;

std::optional<LocalTime> read_local_time(Findings& findings, const YamlNode& node) {
    const auto line = read_line(findings, node);
    if (!line) {
        return std::nullopt;
    }
    constexpr std::size_t kLength{16};  // To the minute, as it is written everywhere.
    const auto time = line->size() == kLength && !line->ends_with("24:00")
                          ? workflows::parse_local_time(*line)
                          : std::nullopt;
    if (!time) {
        findings.error(node, fmt::format("`{}` is no day with a time", *line),
                       "write it as YYYY-MM-DDTHH:MM, a day that exists");
    }
    return time;
}

std::optional<Requirement> read_prework(Findings& findings, const YamlNode& node) {
    const int errors_before = findings.errors();
    Requirement prework;
    prework.workflow = "delivery";
    prework.where = findings.at(node);
    const Mapping map(findings, node, keys::kPreworkTable);
    map.add_places(prework.places);
    if (const YamlNode* id = map.find("id")) {
        put(prework.id, read_id(findings, *id));
    }
    if (const YamlNode* title = map.find("title")) {
        put(prework.title, read_text(findings, *title));
    }
    if (const YamlNode* workflow = map.find("workflow")) {
        put(prework.workflow, read_id(findings, *workflow));
    }
    if (const YamlNode* opens = map.find("opens")) {
        prework.opens = read_due_of_prework(findings, *opens);
    }
    if (const YamlNode* due = map.find("due")) {
        put(prework.due, read_due_of_prework(findings, *due));
    }
    if (const YamlNode* rule = map.find("if_free_day")) {
        put(prework.if_free_day, read_free_day_rule(findings, *rule));
    }
    if (const YamlNode* ladder = map.find("ladder")) {
        put(prework.ladder, read_id(findings, *ladder));
    }
    if (const YamlNode* responsible = map.find("responsible")) {
        put(prework.responsible, read_address(findings, *responsible));
    }
    if (const YamlNode* instructions = map.find("instructions")) {
        put(prework.instructions, read_text(findings, *instructions));
    }
    if (const YamlNode* deliver = map.find("deliver")) {
        read_delivery(findings, *deliver, prework);
    }
    return findings.errors() == errors_before ? std::optional(std::move(prework)) : std::nullopt;
}

/// One målform is enough: what is to be done stands with the titles of what is owed.
std::optional<workflows::Text> read_agenda(Findings& findings, const YamlNode& node) {
    const bool is_one = node.kind == YamlNode::Kind::Map && node.entries.size() == 1 &&
                        (node.entries.front().key == "nb" || node.entries.front().key == "nn");
    if (!is_one) {
        return read_text(findings, node);
    }
    YamlNode both = node;
    both.entries.push_back(both.entries.front());
    both.entries.back().key = node.entries.front().key == "nb" ? "nn" : "nb";
    return read_text(findings, both);
}

void read_times(Findings& findings, const Mapping& map, MeetingDate& date) {
    const YamlNode* start = map.find("start");
    const YamlNode* end = map.find("end");
    if (start == nullptr || end == nullptr) {
        return;
    }
    const auto from = read_local_time(findings, *start);
    const auto to = read_local_time(findings, *end);
    if (!from || !to) {
        return;
    }
    constexpr auto kLongest = workflows::cal::days{31};
    if (*to <= *from) {
        findings.error(*end, "the meeting ends before it has begun",
                       "write the later time as `end`");
    } else if (*to - *from > kLongest) {
        findings.error(*end, "the meeting is longer than a month", "check the year and the month");
    }
    date.start = *from;
    date.end = *to;
}

/// A date, or such as `start - 7 days`. Whatever is said, nobody signs up when it has begun; that
/// is no error, because a meeting may be moved to before a day that was written for the old one.
void read_last_day(Findings& findings, const YamlNode& node, const MeetingDate& date,
                   workflows::Date& until) {
    const auto rule = read_due_of_prework(findings, node);
    if (!rule) {
        return;
    }
    // Which day it is does not hang on a zone.
    static const auto kZone = workflows::TimeZone::locate("Etc/UTC").value();
    const auto day = workflows::evaluate_day(*rule->expression,
                                             {{"start", date.start}, {"end", date.end}}, kZone);
    if (!day.ok()) {
        findings.error(node, "this day lies out of all years", "write a smaller number");
        return;
    }
    const workflows::Date first = workflows::cal::floor<workflows::cal::days>(date.start);
    if (day.value() > first) {
        findings.warn(findings.at(node),
                      fmt::format("{} lies after the meeting on {}; nobody signs up after that",
                                  workflows::iso_date(day.value()), workflows::iso_date(first)),
                      "write a day before it, such as `start - 7 days`");
    }
    until = std::min(day.value(), first);
}

/// `true`, or `{until: DAY, limit: NUMBER}`; until the day before the meeting when nothing is said.
void read_sign_up(Findings& findings, const YamlNode& node, MeetingDate& date) {
    const workflows::Date day = workflows::cal::floor<workflows::cal::days>(date.start);
    MeetingDate::SignUp open{.until = day - workflows::cal::days{1}, .limit = {}};
    if (node.kind == YamlNode::Kind::Scalar) {
        const auto is_open = read_bool(findings, node);
        if (is_open.value_or(false)) {
            date.open = open;
        }
        return;
    }
    const Mapping map(findings, node, keys::kSignUpTable);
    if (const YamlNode* until = map.find("until")) {
        read_last_day(findings, *until, date, open.until);
    }
    if (const YamlNode* limit = map.find("limit")) {
        put(open.limit, read_integer(findings, *limit, 1, 100'000));
    }
    date.open = open;
}

std::optional<MeetingDate> read_date_of_meeting(Findings& findings, const YamlNode& node) {
    const int errors_before = findings.errors();
    MeetingDate date;
    date.where = findings.at(node);
    const Mapping map(findings, node, keys::kMeetingDateTable);
    map.add_places(date.places);
    if (const YamlNode* id = map.find("id")) {
        put(date.id, read_id(findings, *id));
    }
    read_times(findings, map, date);
    if (const YamlNode* place = map.find("place")) {
        put(date.place, read_line(findings, *place));
    }
    if (const YamlNode* also = map.find("also")) {
        date.also = read_names(findings, *also);
    }
    if (const YamlNode* agenda = map.find("agenda")) {
        put(date.agenda, read_agenda(findings, *agenda));
    }
    if (const YamlNode* semester = map.find("semester")) {
        put(date.semester, read_id(findings, *semester));
    }
    if (const YamlNode* cancelled = map.find("cancelled")) {
        put(date.cancelled, read_line(findings, *cancelled));
    }
    if (const YamlNode* open = map.find("open")) {
        read_sign_up(findings, *open, date);
    }
    if (const YamlNode* prework = map.find("prework")) {
        for (const YamlNode* item : read_items(findings, *prework)) {
            auto one = read_prework(findings, *item);
            if (!one) {
                continue;
            }
            if (std::ranges::find(date.prework, one->id, &Requirement::id) != date.prework.end()) {
                findings.error(*item, fmt::format("`{}` is to be brought twice", one->id),
                               "give one of them another id");
                continue;
            }
            date.prework.push_back(std::move(*one));
        }
    }
    return findings.errors() == errors_before ? std::optional(std::move(date)) : std::nullopt;
}

std::optional<Meeting> read_meeting(Findings& findings, const YamlNode& node) {
    static constexpr Choice<Recurrence> kRecurrences[] = {{"year", Recurrence::Yearly},
                                                          {"semester", Recurrence::EachSemester}};
    const int errors_before = findings.errors();
    Meeting meeting;
    meeting.where = findings.at(node);
    const Mapping map(findings, node, keys::kMeetingTable);
    map.add_places(meeting.places);
    if (const YamlNode* id = map.find("id")) {
        put(meeting.id, read_id(findings, *id));
    }
    if (const YamlNode* title = map.find("title")) {
        put(meeting.title, read_text(findings, *title));
    }
    const int errors_before_every = findings.errors();
    if (const YamlNode* every = map.find("every")) {
        put(meeting.every, read_choice(findings, *every, kRecurrences));
    }
    const YamlNode* set_by = map.find("set_by");
    if (set_by != nullptr && findings.errors() == errors_before_every) {
        meeting.set_by = read_due(findings, *set_by, meeting.every);
    }
    const YamlNode* audience = map.find("audience");
    const YamlNode* groups = map.find("groups");
    if (audience != nullptr) {
        meeting.audience = read_names(findings, *audience);
    }
    if (groups != nullptr) {
        meeting.groups = read_names(findings, *groups);
    }
    if (findings.errors() == errors_before && audience == nullptr && groups == nullptr) {
        findings.error(node, "neither `audience` nor `groups` says who is called",
                       "write `audience: [ROLE]` or `groups: [GROUP]`");
    }
    if (const YamlNode* ladder = map.find("ladder")) {
        put(meeting.ladder, read_id(findings, *ladder));
    }
    if (const YamlNode* responsible = map.find("responsible")) {
        put(meeting.responsible, read_address(findings, *responsible));
    }
    if (const YamlNode* instructions = map.find("instructions")) {
        put(meeting.instructions, read_text(findings, *instructions));
    }
    if (const YamlNode* dates = map.find("dates")) {
        for (const YamlNode* item : read_items(findings, *dates)) {
            if (auto date = read_date_of_meeting(findings, *item)) {
                meeting.dates.push_back(std::move(*date));
            }
        }
    }
    if (findings.errors() == errors_before && set_by == nullptr &&
        (meeting.every != Recurrence::Once || meeting.dates.empty())) {
        findings.error(node,
                       fmt::format("nobody knows by when the date of `{}` is to stand", meeting.id),
                       meeting.every == Recurrence::Once
                           ? "write its date under `dates`, or `set_by: YYYY-MM-DD`"
                           : "write such as `set_by: {spring: 02-01, autumn: 09-01}`");
    }
    return findings.errors() == errors_before ? std::optional(std::move(meeting)) : std::nullopt;
}

}  // namespace

void read_meetings(Findings& findings, const YamlNode& node, Cohort& cohort) {
    for (const YamlNode* item : read_items(findings, node)) {
        auto meeting = read_meeting(findings, *item);
        if (!meeting) {
            continue;
        }
        const Requirement* owed = cohort.find_requirement(meeting->id);
        const Meeting* other = cohort.find_meeting(meeting->id);
        if (owed != nullptr || other != nullptr) {
            findings.error(place(meeting->places, "id", meeting->where),
                           fmt::format("the {} `{}` stands in line {} already",
                                       owed != nullptr ? "requirement" : "meeting", meeting->id,
                                       owed != nullptr ? owed->where.line : other->where.line),
                           "give one of them another id");
            continue;
        }
        cohort.meetings.push_back(std::move(*meeting));
    }
}

}  // namespace fristvakt::integrations
