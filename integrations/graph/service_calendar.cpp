#include "integrations/graph/service_calendar.hpp"

#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "integrations/graph/meeting_body.hpp"
#include "integrations/http_client/form.hpp"

namespace fristvakt::integrations::graph {

using nlohmann::json;
using workflows::CalendarCall;
using workflows::CalendarChange;
using workflows::CalendarMeeting;
using workflows::CalendarOutcome;
using workflows::Done;
using workflows::Instant;

namespace {

/// Of the changes at once; each holds some tens of events.
constexpr int kPagesMax = 1'000;

json document_of(const HttpAnswer& answer) {
    return json::parse(answer.body, nullptr, false);
}

std::string text_in(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// What JSON cannot hold is replaced: texts come from people.
std::string written(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Attempt<SeenEvent> event_in(const Attempt<HttpAnswer>& answer) {
    if (!answer.ok()) {
        return answer.failure();
    }
    auto event = read_event(document_of(answer.value()));
    if (!event) {
        return unreadable();
    }
    return *std::move(event);
}

Failure deleted() {
    return failure_of(
        {.status = 404, .content_type = {}, .body = R"({"error":{"code":"ErrorItemNotFound"}})"},
        About::Event);
}

/// "2021-03-29T07:00:00.0000000Z"
Instant time_in(const std::string& text, Instant otherwise) {
    constexpr std::size_t kToTheSecond = 19;
    const auto local = workflows::parse_local_time(text.substr(0, kToTheSecond));
    return local ? Instant{local->time_since_epoch()} : otherwise;
}

Attempt<Subscription> subscription_in(const Attempt<HttpAnswer>& answer, Instant asked_for) {
    if (!answer.ok()) {
        return answer.failure();
    }
    const json document = document_of(answer.value());
    Subscription out{.id = text_in(document, "id"),
                     .expires_at = time_in(text_in(document, "expirationDateTime"), asked_for)};
    if (out.id.empty()) {
        return unreadable();
    }
    return out;
}

/// One page of changes, added to what was read before. False: it is none.
bool take_in(const json& page, std::map<std::string, std::optional<SeenEvent>>& seen) {
    if (!page.is_object() || !page.contains("value") || !page.at("value").is_array()) {
        return false;
    }
    for (const json& item : page.at("value")) {
        if (item.is_object() && item.contains("@removed")) {
            seen[text_in(item, "id")] = std::nullopt;
        } else if (auto event = read_event(item)) {
            std::string id = event->id;
            seen[std::move(id)] = std::move(event);
        }
    }
    return true;
}

}  // namespace

std::string ServiceCalendar::events_path() const {
    return connection_.mailbox_path() + "/events";
}

std::string ServiceCalendar::event_path(const std::string& event_id) const {
    return events_path() + "/" + percent_encoded(event_id);
}

Attempt<std::optional<SeenEvent>> ServiceCalendar::find(const std::string& transaction,
                                                        Instant now) {
    const std::string filter = std::string{"singleValueExtendedProperties/Any(ep: ep/id eq '"} +
                               kPropertyId + "' and ep/value eq '" + transaction + "')";
    std::map<std::string, std::optional<SeenEvent>> seen;
    std::string next = events_path() + "?" + form_of({{"$filter", filter}});
    for (int page = 0; page < kPagesMax && !next.empty(); ++page) {
        const auto answer = connection_.call({.path = next, .about = About::Calendar}, now);
        if (!answer.ok()) {
            return answer.failure();
        }
        const json document = document_of(answer.value());
        if (!take_in(document, seen)) {
            return unreadable();
        }
        next = text_in(document, "@odata.nextLink");
    }
    for (auto& [id, event] : seen) {
        if (event && !event->is_cancelled) {
            return std::move(event);
        }
    }
    return std::optional<SeenEvent>{};
}

Attempt<ServiceCalendar::Made> ServiceCalendar::create(const CalendarMeeting& meeting,
                                                       const std::string& transaction,
                                                       Instant now) {
    auto there = find(transaction, now);
    if (!there.ok()) {
        return there.failure();
    }
    if (there.value()) {
        return Made{.event = *std::move(there).value(), .was_there = true};
    }
    auto event = event_in(connection_.call({.method = "POST",
                                            .path = events_path(),
                                            .body = written(new_event(meeting, transaction, zone_)),
                                            .about = About::Calendar},
                                           now));
    if (!event.ok()) {
        return event.failure();
    }
    // Graph answers with an earlier event of that transaction where it still knows one.
    const bool is_other =
        still_to_change(event.value(), meeting, {.subject = true, .time = true}).any();
    return Made{.event = std::move(event).value(), .was_there = is_other};
}

Attempt<SeenEvent> ServiceCalendar::read(const std::string& event_id, Instant now) {
    return event_in(connection_.call({.path = event_path(event_id), .about = About::Event}, now));
}

Attempt<ServiceCalendar::Updated> ServiceCalendar::update(const std::string& event_id,
                                                          const CalendarMeeting& meeting,
                                                          CalendarChange change, Instant now) {
    auto there = read(event_id, now);
    if (!there.ok()) {
        return there.failure();
    }
    const SeenEvent& seen = there.value();
    if (seen.is_cancelled) {
        return deleted();
    }
    Updated out{.event = seen, .changed = still_to_change(seen, meeting, change)};
    std::optional<std::string> html;
    if (out.changed.text) {
        html = seen.is_online ? with_text(seen.html, seen.join_url, meeting.text)
                              : to_html(meeting.text);
        out.text_left = !html;
        out.changed.text = html.has_value();
    }
    if (!out.changed.any()) {
        return out;
    }
    auto event =
        event_in(connection_.call({.method = "PATCH",
                                   .path = event_path(event_id),
                                   .body = written(event_patch(meeting, out.changed, html, zone_)),
                                   .about = About::Event},
                                  now));
    if (!event.ok()) {
        return event.failure();
    }
    out.event = std::move(event).value();
    return out;
}

Attempt<Done> ServiceCalendar::cancel(const std::string& event_id, const std::string& comment,
                                      Instant now) {
    const auto answer = connection_.call({.method = "POST",
                                          .path = event_path(event_id) + "/cancel",
                                          .body = written({{"Comment", comment}}),
                                          .about = About::Event},
                                         now);
    if (!answer.ok() && answer.failure().reason != Failure::Reason::NotFound) {
        return answer.failure();
    }
    return Done{};
}

std::string ServiceCalendar::first_link(const Window& window) const {
    return connection_.mailbox_path() + "/calendarView/delta?" +
           form_of({{"startDateTime", workflows::iso_utc(window.from)},
                    {"endDateTime", workflows::iso_utc(window.to)}});
}

Attempt<Changes> ServiceCalendar::changes(const std::string& link, const Window& window,
                                          Instant now) {
    Changes out{.events = {}, .removed = {}, .link = {}, .is_whole = link.empty()};
    std::map<std::string, std::optional<SeenEvent>> seen;
    std::string next = link.empty() ? first_link(window) : link;
    for (int page = 0; page < kPagesMax; ++page) {
        const auto answer = connection_.call({.path = next, .about = About::Changes}, now);
        if (!answer.ok()) {
            if (answer.failure().reason != Failure::Reason::SyncLost || out.is_whole) {
                return answer.failure();
            }
            return changes({}, window, now);
        }
        const json document = document_of(answer.value());
        if (!take_in(document, seen)) {
            return unreadable();
        }
        next = text_in(document, "@odata.nextLink");
        out.link = text_in(document, "@odata.deltaLink");
        if (next.empty()) {
            break;
        }
    }
    if (out.link.empty()) {
        return unreadable();
    }
    for (auto& [id, event] : seen) {
        if (event) {
            out.events.push_back(*std::move(event));
        } else {
            out.removed.push_back(id);
        }
    }
    return out;
}

Attempt<Subscription> ServiceCalendar::subscribe(const std::string& url, const Secret& client_state,
                                                 Instant expires_at, Instant now) {
    const json wanted = {{"changeType", "created,updated,deleted"},
                         {"notificationUrl", url},
                         {"lifecycleNotificationUrl", url},
                         // No part of a URL: what is percent-encoded there is not read as such.
                         {"resource", "/users/" + connection_.settings().mailbox + "/events"},
                         {"expirationDateTime", workflows::iso_utc(expires_at)},
                         {"clientState", std::string{client_state.reveal()}}};
    return subscription_in(connection_.call({.method = "POST",
                                             .path = "/subscriptions",
                                             .body = written(wanted),
                                             .about = About::Subscription},
                                            now),
                           expires_at);
}

Attempt<Subscription> ServiceCalendar::renew(const std::string& id, Instant expires_at,
                                             Instant now) {
    return subscription_in(
        connection_.call({.method = "PATCH",
                          .path = "/subscriptions/" + percent_encoded(id),
                          .body = written({{"expirationDateTime", workflows::iso_utc(expires_at)}}),
                          .about = About::Subscription},
                         now),
        expires_at);
}

Attempt<Done> ServiceCalendar::unsubscribe(const std::string& id, Instant now) {
    const auto answer = connection_.call({.method = "DELETE",
                                          .path = "/subscriptions/" + percent_encoded(id),
                                          .about = About::Subscription},
                                         now);
    if (!answer.ok() && answer.failure().reason != Failure::Reason::NotFound) {
        return answer.failure();
    }
    return Done{};
}

namespace {

Carried failed(const Failure& failure) {
    const bool is_gone = failure.reason == Failure::Reason::NotFound;
    Carried out{
        .outcome = {.kind = is_gone ? CalendarOutcome::Kind::Gone : CalendarOutcome::Kind::Unknown},
        .failure = {},
        .event = {}};
    if (!is_gone) {
        out.failure = failure;
    }
    return out;
}

Carried carry_out_create(ServiceCalendar& calendar, const CalendarCall& call,
                         const CalendarMeeting& meeting, Instant now) {
    const auto made = calendar.create(meeting, call.transaction, now);
    if (!made.ok()) {
        return {.outcome = {}, .failure = made.failure(), .event = {}};
    }
    return {.outcome = {.kind = made.value().was_there ? CalendarOutcome::Kind::Found
                                                       : CalendarOutcome::Kind::Done,
                        .event_id = made.value().event.id},
            .failure = {},
            .event = made.value().event};
}

Carried carry_out_cancel(ServiceCalendar& calendar, const CalendarCall& call,
                         const std::string& comment, Instant now) {
    std::string event_id = call.event_id;
    if (event_id.empty()) {
        const auto there = calendar.find(call.transaction, now);
        if (!there.ok()) {
            return failed(there.failure());
        }
        if (!there.value()) {
            return {.outcome = {.kind = CalendarOutcome::Kind::Gone}, .failure = {}, .event = {}};
        }
        event_id = there.value()->id;
    }
    const auto cancelled = calendar.cancel(event_id, comment, now);
    if (!cancelled.ok()) {
        return failed(cancelled.failure());
    }
    return {.outcome = {.kind = CalendarOutcome::Kind::Done}, .failure = {}, .event = {}};
}

}  // namespace

Carried carry_out(ServiceCalendar& calendar, const CalendarCall& call,
                  const CalendarMeeting& meeting, const std::string& comment, Instant now) {
    switch (call.kind) {
        case CalendarCall::Kind::None:
            break;
        case CalendarCall::Kind::Create:
            return carry_out_create(calendar, call, meeting, now);
        case CalendarCall::Kind::Update: {
            const auto updated = calendar.update(call.event_id, meeting, call.change, now);
            if (!updated.ok()) {
                return failed(updated.failure());
            }
            return {.outcome = {.kind = CalendarOutcome::Kind::Done},
                    .failure = {},
                    .event = updated.value().event,
                    .text_left = updated.value().text_left};
        }
        case CalendarCall::Kind::Cancel:
            return carry_out_cancel(calendar, call, comment, now);
    }
    return {.outcome = {}, .failure = {}, .event = {}};
}

}  // namespace fristvakt::integrations::graph
