#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/http/api.hpp"
#include "daemon/http/api_input.hpp"
#include "daemon/http/json_of.hpp"
#include "daemon/web/view.hpp"
#include "workflows/model/digest.hpp"

/// Events in several cases at once, what they would bring, and what somebody else did first.
namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kHistoryMax{10'000};

std::string_view name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::InvalidInput:
            return "invalid";
        case ErrorKind::NotFound:
            return "not-found";
        case ErrorKind::Conflict:
            return "conflict";
        case ErrorKind::Forbidden:
            return "forbidden";
        case ErrorKind::Unavailable:
            return "unavailable";
    }
    return "";
}

Json refused(const Error& error) {
    return {{"kind", name_of(error.kind)},
            {"code", error.code.empty() ? Json(nullptr) : Json(error.code)},
            {"detail", error.message}};
}

Json result_of(const std::string& id, const Result<EventAnswer>& answer) {
    Json out{{"case", id}, {"ok", answer.ok()}};
    if (answer.ok()) {
        out["from"] = answer.value().from;
        out["to"] = answer.value().to;
        out["revision"] = answer.value().after.revision;
        out["repeated"] = answer.value().repeated;
    } else {
        out["problem"] = refused(answer.error());
    }
    return out;
}

int revision_in(const workflows::LogEntry& entry) {
    const auto found = entry.data.find("revision");
    int revision = 0;
    if (found != entry.data.end()) {
        const std::string& text = found->second;
        std::from_chars(text.data(), text.data() + text.size(), revision);
    }
    return revision;
}

}  // namespace

HttpResponse Api::moved_on(const Error& error, const workflows::Event& event,
                           const HttpRequest& request) const {
    const auto snapshot = engines_.of(request.visitor).snapshot();
    const auto item = snapshot->find_case(event.case_id);
    const auto history = snapshot->history_of(event.case_id, kHistoryMax);
    if (!item.ok() || !history.ok() || !item.value()) {
        return problem(409, error.message, request.raw_path);
    }
    const auto definitions = engines_.of(request.visitor).definitions();
    const JsonContext context{*definitions, engines_.of(request.visitor).health().now};
    Json changes = Json::array();
    for (const workflows::HistoryEntry& entry : history.value()) {
        if (revision_in(entry.entry) > event.expected_revision.value_or(0)) {
            changes.push_back(json_of(entry, context));
        }
    }
    HttpResponse out = problem(409, error.message, request.raw_path);
    Json body = Json::parse(out.body);
    body["code"] = error.code;
    body["revision"] = item.value()->revision;
    body["changes"] = std::move(changes);
    out.body = to_bytes(body);
    return out;
}

HttpResponse Api::foresee(const std::vector<RaiseEvent>& commands,
                          const HttpRequest& request) const {
    const auto seen = engines_.of(request.visitor).preview(commands);
    if (!seen.ok()) {
        return refusal(seen.error(), request);
    }
    const auto definitions = engines_.of(request.visitor).definitions();
    const JsonContext context{*definitions, engines_.of(request.visitor).health().now};
    Json items = Json::array();
    for (std::size_t index = 0; index < commands.size(); ++index) {
        const Forecast::Item& item = seen.value().items[index];
        Json one = result_of(commands[index].event.case_id, item.answer);
        Json stopped = Json::array();
        for (const workflows::Reminder& reminder : item.stopped) {
            stopped.push_back(json_of(reminder, context));
        }
        one["stopped"] = std::move(stopped);
        one["next_before"] = time_or_null(item.next_before, context);
        one["next_after"] = time_or_null(item.next_after, context);
        items.push_back(std::move(one));
    }
    Json messages = Json::array();
    for (const Forecast::Message& message : seen.value().messages) {
        messages.push_back(json_of(message, renderer_, context));
    }
    return json_response(
        {{"dry_run", true}, {"items", std::move(items)}, {"messages", std::move(messages)}});
}

HttpResponse Api::batch(const HttpRequest& request) const {
    const Result<std::string> key = read_idempotency_key(request);
    const Result<Json> body = parse_body(request.body);
    if (!key.ok() || !body.ok()) {
        return problem(400, key.ok() ? body.error().message : key.error().message,
                       request.raw_path);
    }
    Result<BatchOrder> order = read_batch(body.value());
    if (!order.ok()) {
        return problem(422, order.error().message, request.raw_path);
    }
    std::vector<RaiseEvent> commands;
    const std::string meant = to_bytes(nlohmann::json(body.value()));
    BatchOrder asked = std::move(order).value();
    for (workflows::Event& event : asked.events) {
        if (!is_from_outside(event.by)) {
            return problem(403,
                           "only the debtor, the creditor and the operator raise events from "
                           "outside",
                           request.raw_path);
        }
        RaiseEvent command{.event = std::move(event), .idempotency_key = {}, .fingerprint = {}};
        if (!key.value().empty()) {
            command.idempotency_key = key.value() + ":" + command.event.case_id;
            command.fingerprint = workflows::sha256_hex(command.event.case_id + "\n" + meant);
        }
        commands.push_back(std::move(command));
    }
    if (asked.dry_run) {
        return foresee(commands, request);
    }
    const auto answer = engines_.of(request.visitor).raise_all(commands);
    if (!answer.ok()) {
        return refusal(answer.error(), request);
    }
    Json items = Json::array();
    for (std::size_t index = 0; index < commands.size(); ++index) {
        items.push_back(result_of(commands[index].event.case_id, answer.value().answers[index]));
    }
    const std::string& batch = answer.value().batch;
    return json_response({{"dry_run", false},
                          {"batch", batch.empty() ? Json(nullptr) : Json(batch)},
                          {"items", std::move(items)}});
}

HttpResponse Api::find_batch(const HttpRequest& request) const {
    const std::string& wanted = request.parameter("number");
    workflows::LogFilter filter;
    filter.kinds = {"batch"};
    const auto snapshot = engines_.of(request.visitor).snapshot();
    while (true) {
        const auto page = snapshot->log(filter);
        if (!page.ok()) {
            return refusal(page.error(), request);
        }
        for (const workflows::HistoryEntry& entry : page.value().entries) {
            const auto number = entry.entry.data.find("batch");
            if (number != entry.entry.data.end() && number->second == wanted) {
                const auto definitions = engines_.of(request.visitor).definitions();
                const JsonContext context{*definitions, engines_.of(request.visitor).health().now};
                return json_response(json_of(entry, context));
            }
        }
        if (page.value().next_before == 0) {
            return problem(404, "no batch " + wanted + "; they are numbered from 1",
                           request.raw_path);
        }
        filter.before_sequence = page.value().next_before;
    }
}

HttpResponse Api::stop(const HttpRequest& request) const {
    const Result<Order> order = read_order(request.body, {"reason", "who"});
    const auto number = parse_number(request.parameter("number"));
    if (!order.ok() || !number) {
        return problem(order.ok() ? 404 : 400,
                       order.ok() ? "messages are numbered from 1" : order.error().message,
                       request.raw_path);
    }
    const auto done =
        engines_.of(request.visitor).stop(*number, order.value().reason, order.value().who);
    return done.ok() ? message(request) : refusal(done.error(), request);
}

HttpResponse Api::postpone(const HttpRequest& request) const {
    const Result<Order> order = read_order(request.body, {"until", "who"});
    const auto number = parse_number(request.parameter("number"));
    if (!order.ok() || !number) {
        return problem(order.ok() ? 404 : 400,
                       order.ok() ? "messages are numbered from 1" : order.error().message,
                       request.raw_path);
    }
    const auto day = workflows::parse_iso_date(order.value().until);
    if (!day) {
        return problem(422, "'until' is the day to send it, such as 2021-02-12", request.raw_path);
    }
    const auto done = engines_.of(request.visitor).postpone(*number, *day, order.value().who);
    return done.ok() ? message(request) : refusal(done.error(), request);
}

}  // namespace fristvakt::daemon
