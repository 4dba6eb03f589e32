#include "daemon/graph_desk/calendar_book.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "integrations/synced_files/synced_file.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using nlohmann::json;
using workflows::CalendarAttendee;
using workflows::CalendarEvent;
using workflows::CalendarMeeting;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::GraphCalendar;
using workflows::Instant;
using workflows::Result;
using workflows::Status;

namespace {

std::int64_t seconds_of(Instant at) {
    return at.time_since_epoch().count();
}

Instant instant_of(const json& seconds) {
    return Instant{workflows::Seconds{seconds.get<std::int64_t>()}};
}

/// The same calendar, whatever signs in to it.
std::string name_of(const GraphCalendar& mailbox) {
    return mailbox.graph_url + " " + workflows::lower_case(mailbox.mailbox);
}

json written(const CalendarMeeting& meeting) {
    json attendees = json::array();
    for (const CalendarAttendee& one : meeting.attendees) {
        attendees.push_back(
            {{"address", one.address}, {"name", one.name}, {"required", one.is_required}});
    }
    return {{"uid", meeting.uid},
            {"subject", meeting.subject},
            {"start", seconds_of(meeting.start)},
            {"end", seconds_of(meeting.end)},
            {"place", meeting.place},
            {"text", meeting.text},
            {"online", meeting.is_online},
            {"attendees", attendees},
            {"cancelled", meeting.is_cancelled}};
}

CalendarMeeting meeting_in(const json& stored) {
    CalendarMeeting out{.uid = stored.at("uid"),
                        .subject = stored.at("subject"),
                        .start = instant_of(stored.at("start")),
                        .end = instant_of(stored.at("end")),
                        .place = stored.at("place"),
                        .text = stored.at("text"),
                        .is_online = stored.at("online"),
                        .attendees = {},
                        .is_cancelled = stored.at("cancelled")};
    for (const json& one : stored.at("attendees")) {
        out.attendees.push_back({.address = one.at("address"),
                                 .name = one.at("name"),
                                 .is_required = one.at("required")});
    }
    return out;
}

json written(const KnownMeeting& known) {
    json out = {{"generation", known.event.generation},   {"transaction", known.event.transaction},
                {"event", known.event.event_id},          {"ends_at", seconds_of(known.ends_at)},
                {"moved_at", seconds_of(known.moved_at)}, {"is_moving", known.is_moving},
                {"sequences", known.sequences},           {"join_url", known.join_url}};
    if (known.event.put) {
        out["put"] = written(*known.event.put);
    }
    return out;
}

KnownMeeting known_in(const json& stored) {
    KnownMeeting out{.event = {.generation = stored.at("generation"),
                               .transaction = stored.at("transaction"),
                               .event_id = stored.at("event"),
                               .put = {}},
                     .ends_at = instant_of(stored.at("ends_at")),
                     .moved_at = instant_of(stored.at("moved_at")),
                     .is_moving = stored.at("is_moving"),
                     .sequences = stored.at("sequences"),
                     .join_url = stored.at("join_url")};
    if (stored.contains("put")) {
        out.event.put = meeting_in(stored.at("put"));
    }
    return out;
}

json written(const CalendarBook& book) {
    json meetings = json::object();
    for (const auto& [id, known] : book.meetings) {
        meetings[id] = written(known);
    }
    return {{"meetings", meetings},
            {"changes_link", book.changes_link},
            {"window_from", seconds_of(book.window_from)},
            {"client_state", book.client_state},
            {"subscription",
             {{"id", book.subscription.id},
              {"expires_at", seconds_of(book.subscription.expires_at)},
              {"must_renew", book.subscription.must_renew},
              {"tried_at", seconds_of(book.subscription.tried_at)}}}};
}

CalendarBook book_in(const json& stored) {
    const json& subscription = stored.at("subscription");
    CalendarBook out{.meetings = {},
                     .changes_link = stored.at("changes_link"),
                     .window_from = instant_of(stored.at("window_from")),
                     .subscription = {.id = subscription.at("id"),
                                      .expires_at = instant_of(subscription.at("expires_at")),
                                      .must_renew = subscription.at("must_renew"),
                                      .tried_at = instant_of(subscription.at("tried_at"))},
                     .client_state = stored.at("client_state")};
    for (const auto& [id, known] : stored.at("meetings").items()) {
        out.meetings.emplace(id, known_in(known));
    }
    return out;
}

/// The whole file; discarded: it cannot be read.
json content_of(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) {
        return json::object();
    }
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    json out = json::parse(text.str(), nullptr, false);
    return out.is_object() ? out : json(json::value_t::discarded);
}

Error unreadable(const std::filesystem::path& path) {
    return {ErrorKind::Unavailable,
            path.string() +
                " cannot be read, and says which meetings stand in the calendar: nothing is "
                "changed there; see that the user who runs fristvakt may read it, or put it back "
                "from a copy of the state folder"};
}

}  // namespace

Result<CalendarBook> CalendarFile::read(const GraphCalendar& mailbox) const {
    const json content = content_of(path_);
    if (content.is_discarded()) {
        return unreadable(path_);
    }
    const auto own = content.find(name_of(mailbox));
    if (own == content.end()) {
        return CalendarBook{};
    }
    try {
        return book_in(*own);
    } catch (const json::exception&) {
        return unreadable(path_);
    }
}

Status CalendarFile::write(const GraphCalendar& mailbox, const CalendarBook& book) const {
    json content = content_of(path_);
    if (content.is_discarded()) {
        return unreadable(path_);
    }
    content[name_of(mailbox)] = written(book);
    std::filesystem::path draft = path_;
    draft += ".new";
    const std::string text = content.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
    if (!integrations::write_synced(draft, text) || ::rename(draft.c_str(), path_.c_str()) != 0 ||
        !integrations::sync_folder(path_.parent_path())) {
        return Error{ErrorKind::Unavailable,
                     path_.string() + " cannot be written (" +
                         std::generic_category().message(errno) +
                         "): no meeting is changed in the calendar before it can; see that the "
                         "disk is not full and that the user who runs fristvakt may write there"};
    }
    return Done{};
}

}  // namespace fristvakt::daemon
