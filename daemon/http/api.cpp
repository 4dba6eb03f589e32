#include "daemon/http/api.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/http/api_input.hpp"
#include "daemon/http/json_of.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/maybe_sent.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "integrations/embedded/embedded_file.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::integrations {
/// Made at build time from openapi.yaml.
std::span<const EmbeddedFile> embedded_openapi();
}  // namespace fristvakt::integrations

namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kHistoryMax{10'000};
constexpr std::string_view kKeyError{"idempotency key"};

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::InvalidInput:
            return 422;
        case ErrorKind::NotFound:
            return 404;
        case ErrorKind::Conflict:
            return 409;
        case ErrorKind::Forbidden:
            return 403;
        case ErrorKind::Unavailable:
            return 503;
    }
    return 500;
}

/// Whether `event` is possible in the case's present state, but not for `event.by`.
bool is_forbidden(const workflows::Case& item, const workflows::Event& event,
                  const workflows::Definitions& definitions) {
    using workflows::Actor;
    const workflows::CaseContext context = context_of(item, definitions);
    if (context.state == nullptr || event.by == Actor::Operator) {
        return false;
    }
    const workflows::Party party =
        event.by == Actor::Debtor ? workflows::Party::Debtor : workflows::Party::Creditor;
    bool is_possible{false};
    for (const workflows::Transition& transition : context.state->on) {
        if (transition.event == event.name) {
            is_possible = true;
            if (std::ranges::find(transition.by, party) != transition.by.end()) {
                return false;
            }
        }
    }
    return is_possible;
}

/// The next page's address: what was asked, with another place to begin.
Json next_page(const HttpRequest& request, std::string_view name, const std::string& value) {
    auto arguments = request.query;
    std::erase_if(arguments, [&](const auto& argument) { return argument.first == name; });
    arguments.emplace_back(name, value);
    return request.raw_path + encode_query(arguments);
}

}  // namespace

HttpResponse json_response(const Json& body) {
    return {.status = 200,
            .headers = {{"Content-Type", "application/json"},
                        {"Cache-Control", "no-store"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cross-Origin-Resource-Policy", "same-origin"}},
            .body = to_bytes(body)};
}

std::string_view openapi_document() {
    return integrations::embedded_openapi().front().content;
}

void Api::add_routes(Router& router) {
    using Answer = HttpResponse (Api::*)(const HttpRequest&) const;
    const auto add = [&](std::string method, std::string pattern, std::string name, Needs needs,
                         Answer answer) {
        router.add(
            {std::move(method), std::move(pattern), std::move(name), needs,
             [this, answer](const HttpRequest& request) { return (this->*answer)(request); }});
    };
    add("GET", "/api/v1/cases", "cases", Right::Read, &Api::cases);
    add("POST", "/api/v1/cases/{id*}/events", "case_event", Right::Act, &Api::raise);
    add("GET", "/api/v1/cases/{id*}", "case", Right::Read, &Api::find_case);
    add("POST", "/api/v1/batches", "batches", Right::Act, &Api::batch);
    add("GET", "/api/v1/batches/{number}", "batch", Right::Read, &Api::find_batch);
    add("GET", "/api/v1/outbox", "outbox", Right::Read, &Api::outbox);
    add("POST", "/api/v1/outbox/hold", "outbox_hold", Right::Operate, &Api::hold);
    add("POST", "/api/v1/outbox/release", "outbox_release", Right::Operate, &Api::release);
    add("GET", "/api/v1/outbox/reconcile", "outbox_reconcile", Right::Read, &Api::reconcile);
    add("GET", "/api/v1/outbox/{number}", "message", Right::Read, &Api::message);
    add("POST", "/api/v1/outbox/{number}/release", "message_release", Right::Act,
        &Api::release_one);
    add("POST", "/api/v1/outbox/{number}/retry", "message_retry", Right::Act, &Api::retry);
    add("POST", "/api/v1/outbox/{number}/sent", "message_sent", Right::Act, &Api::sent_before);
    add("POST", "/api/v1/outbox/{number}/stop", "message_stop", Right::Act, &Api::stop);
    add("POST", "/api/v1/outbox/{number}/postpone", "message_postpone", Right::Act, &Api::postpone);
    add("GET", "/api/v1/books", "books", Right::Read, &Api::books);
    router.add({"GET", "/api/openapi.yaml", "openapi", Needs::nothing(), [](const HttpRequest&) {
                    return HttpResponse{.status = 200,
                                        .headers = {{"Content-Type", "application/yaml"},
                                                    {"Cache-Control", "no-cache"},
                                                    {"X-Content-Type-Options", "nosniff"}},
                                        .body = std::string{openapi_document()}};
                }});
}

HttpResponse Api::refusal(const Error& error, const HttpRequest& request) const {
    HttpResponse out = problem(status_of(error.kind), error.message, request.raw_path);
    if (error.kind == ErrorKind::Unavailable) {
        out.headers.emplace_back("Retry-After", "5");
    }
    return out;
}

HttpResponse Api::cases(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<CasesQuestion> question = read_cases_question(request);
    if (!question.ok()) {
        return problem(400, question.error().message, request.raw_path);
    }
    workflows::CaseFilter filter = question.value();
    const std::size_t limit = filter.count_max;
    filter.count_max = limit + 1;
    const auto definitions = engine.definitions();
    const auto snapshot = engine.snapshot();
    const auto found = snapshot->cases(filter);
    if (!found.ok()) {
        return refusal(found.error(), request);
    }
    const JsonContext context{*definitions, engine.health().now};
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(limit, found.value().size()); ++i) {
        list.push_back(json_of(found.value()[i], context));
    }
    const bool has_more = found.value().size() > limit;
    Json next = has_more ? next_page(request, "after", found.value()[limit - 1].id) : Json(nullptr);
    return json_response({{"cases", std::move(list)}, {"next", std::move(next)}});
}

HttpResponse Api::find_case(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const std::string& id = request.parameter("id");
    const auto definitions = engine.definitions();
    const auto snapshot = engine.snapshot();
    const auto found = snapshot->find_case(id);
    const auto reminders = snapshot->reminders_of(id);
    const auto invitations = snapshot->invitations_of(id);
    const auto history = snapshot->history_of(id, kHistoryMax);
    const auto ledger = snapshot->ledger();
    for (const Error* error :
         {found.ok() ? nullptr : &found.error(), reminders.ok() ? nullptr : &reminders.error(),
          invitations.ok() ? nullptr : &invitations.error(),
          history.ok() ? nullptr : &history.error(), ledger.ok() ? nullptr : &ledger.error()}) {
        if (error != nullptr) {
            return refusal(*error, request);
        }
    }
    if (!found.value()) {
        return problem(404, "no case " + id + "; GET /api/v1/cases lists those there are",
                       request.raw_path);
    }
    const workflows::Case& item = *found.value();
    const JsonContext context{*definitions, engine.health().now};
    const std::string on_hold =
        ledger.value().sending_on_hold ? ledger.value().hold_reason : std::string{};
    Json out = json_of(item, context);
    Json planned = Json::array();
    for (const workflows::Reminder& reminder : reminders.value()) {
        planned.push_back(json_of(reminder, context));
    }
    Json called = Json::array();
    for (const workflows::StoredInvitation& invitation : invitations.value()) {
        called.push_back(json_of(invitation, context));
    }
    Json entries = Json::array();
    for (const workflows::HistoryEntry& entry : history.value()) {
        entries.push_back(json_of(entry, context));
    }
    out["reminders"] = std::move(planned);
    out["invitations"] = std::move(called);
    out["history"] = std::move(entries);
    out["explanation"] = json_of(explain(item, reminders.value(), *definitions, context.now,
                                         refused_addresses(ledger.value(), *definitions)),
                                 item, on_hold, context);
    return json_response(out);
}

HttpResponse Api::raise(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<std::string> key = read_idempotency_key(request);
    if (!key.ok()) {
        return problem(400, key.error().message, request.raw_path);
    }
    const Result<Json> body = parse_body(request.body);
    if (!body.ok()) {
        return problem(400, body.error().message, request.raw_path);
    }
    Result<workflows::Event> event = read_event(body.value());
    const Result<bool> dry_run = read_dry_run(body.value());
    if (!event.ok() || !dry_run.ok()) {
        return problem(422, event.ok() ? dry_run.error().message : event.error().message,
                       request.raw_path);
    }
    RaiseEvent command{
        .event = std::move(event).value(), .idempotency_key = key.value(), .fingerprint = {}};
    command.event.case_id = request.parameter("id");
    if (!is_from_outside(command.event.by)) {
        return problem(403,
                       "only the debtor, the creditor and the operator raise events from outside",
                       request.raw_path);
    }
    if (dry_run.value()) {
        return foresee({command}, request);
    }
    if (!command.idempotency_key.empty()) {
        // Of what was meant, so that blanks and the order of keys do not matter.
        command.fingerprint = workflows::sha256_hex(command.event.case_id + "\n" +
                                                    to_bytes(nlohmann::json(body.value())));
    }
    const Result<EventAnswer> answer = engine.raise(command);
    if (!answer.ok()) {
        return event_refusal(answer.error(), command.event, request);
    }
    const auto definitions = engine.definitions();
    const JsonContext context{*definitions, engine.health().now};
    return json_response({{"from", answer.value().from},
                          {"to", answer.value().to},
                          {"repeated", answer.value().repeated},
                          {"case", json_of(answer.value().after, context)}});
}

HttpResponse Api::event_refusal(const Error& error, const workflows::Event& event,
                                const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    if (error.kind == ErrorKind::Unavailable) {
        return refusal({error.kind, error.message +
                                        "; send it again with the same Idempotency-Key, so that it "
                                        "counts once"},
                       request);
    }
    if (error.kind == ErrorKind::Conflict && error.message.starts_with(kKeyError)) {
        return problem(422, error.message, request.raw_path);
    }
    // The refused do not slow down the accepted: only now look at what stands in the way.
    const auto definitions = engine.definitions();
    const auto found = engine.snapshot()->find_case(event.case_id);
    const bool is_known = found.ok() && found.value().has_value();
    if (is_known && error.kind == ErrorKind::NotFound) {
        return problem(422, error.message, request.raw_path);
    }
    if (is_known && error.kind == ErrorKind::InvalidInput &&
        is_forbidden(*found.value(), event, *definitions)) {
        return problem(403, error.message, request.raw_path);
    }
    return is_known && error.code == "moved-on" ? moved_on(error, event, request)
                                                : refusal(error, request);
}

HttpResponse Api::outbox(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<OutboxQuestion> question = read_outbox_question(request);
    if (!question.ok()) {
        return problem(400, question.error().message, request.raw_path);
    }
    workflows::MessageFilter filter = question.value();
    const std::size_t limit = filter.count_max;
    filter.count_max = limit + 1;
    const auto definitions = engine.definitions();
    const auto snapshot = engine.snapshot();
    const auto found = snapshot->messages(filter);
    const auto ledger = snapshot->ledger();
    if (!found.ok() || !ledger.ok()) {
        return refusal(found.ok() ? ledger.error() : found.error(), request);
    }
    const JsonContext context{*definitions, engine.health().now};
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(limit, found.value().size()); ++i) {
        list.push_back(json_of(found.value()[i], context, false));
    }
    const bool has_more = found.value().size() > limit;
    Json next = has_more ? next_page(request, "before",
                                     std::to_string(found.value()[limit - 1].message.number))
                         : Json(nullptr);
    return json_response(
        {{"on_hold", ledger.value().sending_on_hold},
         {"hold_reason",
          ledger.value().sending_on_hold ? Json(ledger.value().hold_reason) : Json(nullptr)},
         {"messages", std::move(list)},
         {"next", std::move(next)}});
}

HttpResponse Api::message(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const auto number = parse_number(request.parameter("number"));
    const auto definitions = engine.definitions();
    const auto snapshot = engine.snapshot();
    if (!number) {
        return problem(404, "messages are numbered from 1", request.raw_path);
    }
    const auto found = snapshot->message(*number);
    if (!found.ok()) {
        return refusal(found.error(), request);
    }
    if (!found.value()) {
        return problem(404, fmt::format("no message {}; GET /api/v1/outbox lists them", *number),
                       request.raw_path);
    }
    const JsonContext context{*definitions, engine.health().now};
    return json_response(json_of(*found.value(), context, true));
}

HttpResponse Api::outbox_state(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const auto ledger = engine.snapshot()->ledger();
    if (!ledger.ok()) {
        return refusal(ledger.error(), request);
    }
    const bool on_hold = ledger.value().sending_on_hold;
    return json_response(
        {{"on_hold", on_hold},
         {"hold_reason", on_hold ? Json(ledger.value().hold_reason) : Json(nullptr)}});
}

HttpResponse Api::hold(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<Order> order = read_order(request.body, {"reason", "who"});
    if (!order.ok()) {
        return problem(400, order.error().message, request.raw_path);
    }
    if (order.value().reason.empty()) {
        return problem(422, "give a reason; it is shown on every page", request.raw_path);
    }
    const auto done = engine.hold(order.value().reason, order.value().who);
    return done.ok() ? outbox_state(request) : refusal(done.error(), request);
}

HttpResponse Api::release(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<Order> order = read_order(request.body, {"who"});
    if (!order.ok()) {
        return problem(400, order.error().message, request.raw_path);
    }
    const auto done = engine.release(std::nullopt, order.value().who);
    return done.ok() ? outbox_state(request) : refusal(done.error(), request);
}

HttpResponse Api::release_one(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<Order> order = read_order(request.body, {"who"});
    const auto number = parse_number(request.parameter("number"));
    if (!order.ok() || !number) {
        return problem(order.ok() ? 404 : 400,
                       order.ok() ? "messages are numbered from 1" : order.error().message,
                       request.raw_path);
    }
    const auto done = engine.release(*number, order.value().who);
    return done.ok() ? message(request) : refusal(done.error(), request);
}

HttpResponse Api::reconcile(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const auto definitions = engine.definitions();
    const auto snapshot = engine.snapshot();
    const auto ledger = snapshot->ledger();
    if (!ledger.ok()) {
        return refusal(ledger.error(), request);
    }
    const auto found = maybe_sent(*snapshot, ledger.value());
    if (!found.ok()) {
        return refusal(found.error(), request);
    }
    const JsonContext context{*definitions, engine.health().now};
    Json list = Json::array();
    for (const workflows::StoredMessage& stored : found.value()) {
        list.push_back(json_of(stored, context, false));
    }
    const workflows::Ledger& facts = ledger.value();
    return json_response(
        {{"on_hold", facts.sending_on_hold},
         {"hold_reason", facts.sending_on_hold ? Json(facts.hold_reason) : Json(nullptr)},
         {"restored_at", facts.restored_at ? Json(workflows::iso_instant(*facts.restored_at,
                                                                         definitions->time_zone()))
                                           : Json(nullptr)},
         {"messages", std::move(list)}});
}

HttpResponse Api::sent_before(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<Order> order = read_order(request.body, {"who"});
    const auto number = parse_number(request.parameter("number"));
    if (!order.ok() || !number) {
        return problem(order.ok() ? 404 : 400,
                       order.ok() ? "messages are numbered from 1" : order.error().message,
                       request.raw_path);
    }
    const auto done = engine.sent_before(*number, order.value().who);
    return done.ok() ? message(request) : refusal(done.error(), request);
}

HttpResponse Api::retry(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const Result<Order> order = read_order(request.body, {"who"});
    const auto number = parse_number(request.parameter("number"));
    if (!order.ok() || !number) {
        return problem(order.ok() ? 404 : 400,
                       order.ok() ? "messages are numbered from 1" : order.error().message,
                       request.raw_path);
    }
    const auto done = engine.retry(*number, order.value().who);
    return done.ok() ? message(request) : refusal(done.error(), request);
}

HttpResponse Api::books(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    const auto ledger = engine.snapshot()->ledger();
    if (!ledger.ok()) {
        return refusal(ledger.error(), request);
    }
    Json out = json_of(ledger.value().books);
    out["statement"] = nullptr;
    if (const auto& statement = engine.health().statement) {
        out["statement"] = {
            {"at", workflows::iso_instant(statement->at, engine.definitions()->time_zone())},
            {"ok", statement->ok()},
            {"recounted", json_of(statement->counted)},
            {"head", statement->head}};
    }
    return json_response(out);
}

}  // namespace fristvakt::daemon
