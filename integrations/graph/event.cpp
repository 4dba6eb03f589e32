#include "integrations/graph/event.hpp"

#include <nlohmann/json.hpp>

#include "integrations/graph/meeting_body.hpp"

namespace fristvakt::integrations::graph {

using calendar::Answer;
using nlohmann::json;
using workflows::CalendarAttendee;
using workflows::CalendarChange;
using workflows::CalendarMeeting;
using workflows::Instant;
using workflows::TimeZone;

namespace {

constexpr const char* kNorway = "W. Europe Standard Time";

std::string text_in(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool flag_in(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

const json& part_of(const json& object, const char* name) {
    static const json kNothing;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() ? *found : kNothing;
}

json time_of(Instant at, const TimeZone& zone) {
    const std::string name = zone.name();
    const bool is_norway = name == "Europe/Oslo" || name == "Arctic/Longyearbyen";
    const auto local = zone.to_local(at);
    if (is_norway && zone.to_instant(local) == at &&
        zone.to_instant(local + std::chrono::hours{1}) != at + std::chrono::hours{2}) {
        return {{"dateTime", workflows::cal::format("%FT%T", local)}, {"timeZone", kNorway}};
    }
    return {{"dateTime", workflows::cal::format("%FT%T", at)}, {"timeZone", "UTC"}};
}

/// {"dateTime": "2021-03-23T08:00:00.0000000", "timeZone": "UTC"}, as we ask for it.
std::optional<Instant> instant_of(const json& time) {
    constexpr std::size_t kToTheSecond = 19;
    const auto local =
        workflows::parse_local_time(text_in(time, "dateTime").substr(0, kToTheSecond));
    if (!local || text_in(time, "timeZone") != "UTC") {
        return std::nullopt;
    }
    return Instant{local->time_since_epoch()};
}

/// "2021-03-20T10:02:30.1Z"; the year 1 stands for never.
std::optional<Instant> answered_at(const std::string& text) {
    constexpr std::size_t kToTheSecond = 19;
    const auto local = workflows::parse_local_time(text.substr(0, kToTheSecond));
    return local && text.ends_with('Z') ? std::optional{Instant{local->time_since_epoch()}}
                                        : std::nullopt;
}

Answer answer_of(const std::string& response) {
    if (response == "accepted") {
        return Answer::Accepted;
    }
    if (response == "tentativelyAccepted") {
        return Answer::Tentative;
    }
    return response == "declined" ? Answer::Declined : Answer::NeedsAction;
}

json attendees_of(const CalendarMeeting& meeting) {
    json out = json::array();
    for (const CalendarAttendee& attendee : meeting.attendees) {
        json address = {{"address", attendee.address}};
        if (!attendee.name.empty()) {
            address["name"] = attendee.name;
        }
        out.push_back({{"emailAddress", std::move(address)},
                       {"type", attendee.is_required ? "required" : "optional"}});
    }
    return out;
}

json body_of(std::string html) {
    return {{"contentType", "html"}, {"content", std::move(html)}};
}

void add_online(json& event) {
    event["isOnlineMeeting"] = true;
    event["onlineMeetingProvider"] = "teamsForBusiness";
}

}  // namespace

json new_event(const CalendarMeeting& meeting, const std::string& transaction,
               const TimeZone& zone) {
    json event = {
        {"subject", meeting.subject},
        {"start", time_of(meeting.start, zone)},
        {"end", time_of(meeting.end, zone)},
        {"body", body_of(to_html(meeting.text))},
        {"attendees", attendees_of(meeting)},
        {"allowNewTimeProposals", false},  // Nobody reads them.
        {"transactionId", transaction},
        {"singleValueExtendedProperties",
         json::array({{{"id", kPropertyId}, {"value", transaction}}})},
    };
    if (!meeting.place.empty()) {
        event["location"] = {{"displayName", meeting.place}};
    }
    if (meeting.is_online) {
        add_online(event);
    }
    return event;
}

json event_patch(const CalendarMeeting& meeting, const CalendarChange& change,
                 const std::optional<std::string>& html, const TimeZone& zone) {
    json patch = json::object();
    if (change.subject) {
        patch["subject"] = meeting.subject;
    }
    if (change.time) {
        patch["start"] = time_of(meeting.start, zone);
        patch["end"] = time_of(meeting.end, zone);
    }
    if (change.place) {
        patch["location"] = {{"displayName", meeting.place}};
    }
    if (change.online) {
        add_online(patch);
    }
    if (change.attendees) {
        patch["attendees"] = attendees_of(meeting);
    }
    if (html) {
        patch["body"] = body_of(*html);
    }
    return patch;
}

std::optional<SeenEvent> read_event(const json& event) {
    SeenEvent out{.id = text_in(event, "id"),
                  .subject = text_in(event, "subject"),
                  .start = instant_of(part_of(event, "start")),
                  .end = instant_of(part_of(event, "end")),
                  .place = text_in(part_of(event, "location"), "displayName"),
                  .html = text_in(part_of(event, "body"), "content"),
                  .is_online = flag_in(event, "isOnlineMeeting"),
                  .join_url = text_in(part_of(event, "onlineMeeting"), "joinUrl"),
                  .is_cancelled = flag_in(event, "isCancelled"),
                  .attendees = {}};
    if (out.id.empty()) {
        return std::nullopt;
    }
    const json& attendees = part_of(event, "attendees");
    for (std::size_t i = 0; attendees.is_array() && i < attendees.size(); ++i) {
        const json& status = part_of(attendees[i], "status");
        const json& address = part_of(attendees[i], "emailAddress");
        out.attendees.push_back({.address = text_in(address, "address"),
                                 .name = text_in(address, "name"),
                                 .is_required = text_in(attendees[i], "type") != "optional",
                                 .answer = answer_of(text_in(status, "response")),
                                 .answered_at = answered_at(text_in(status, "time"))});
    }
    return out;
}

CalendarChange still_to_change(const SeenEvent& seen, const CalendarMeeting& wanted,
                               CalendarChange change) {
    CalendarMeeting there{.uid = wanted.uid,
                          .subject = seen.subject,
                          .start = seen.start.value_or(Instant{}),
                          .end = seen.end.value_or(Instant{}),
                          .place = seen.place,
                          .text = own_text(seen.html, seen.join_url),
                          .is_online = seen.is_online,
                          .attendees = {}};
    for (const SeenAttendee& attendee : seen.attendees) {
        there.attendees.push_back({attendee.address, attendee.name, attendee.is_required});
    }
    CalendarMeeting here = wanted;
    here.text = in_one_line(wanted.text);
    if (wanted.place.empty() && seen.is_online) {
        there.place.clear();  // Microsoft names the place itself then.
    }
    const CalendarChange left = workflows::difference(there, here);
    return {.subject = change.subject && left.subject,
            .time = change.time && left.time,
            .place = change.place && left.place,
            .text = change.text && left.text,
            .online = change.online && left.online,
            .attendees = change.attendees && left.attendees};
}

}  // namespace fristvakt::integrations::graph
