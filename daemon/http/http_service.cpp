#include "daemon/http/http_service.hpp"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "daemon/access/form_token.hpp"
#include "daemon/access/visible.hpp"
#include "daemon/http/api.hpp"
#include "daemon/http/health.hpp"
#include "daemon/http/proxy.hpp"
#include "daemon/http/router.hpp"
#include "daemon/http/same_origin.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/card_pages.hpp"
#include "daemon/web/meetings/answer_pages.hpp"
#include "daemon/web/pages.hpp"
#include "daemon/web/programmes/programmes.hpp"

namespace fristvakt::daemon {

using workflows::Result;

namespace {

/// Programs get a problem, people a page.
bool is_for_people(const HttpRequest& request) {
    return !request.raw_path.starts_with("/api/") &&
           request.header("accept").value_or("").find("text/html") != std::string_view::npos;
}

std::string_view detail_of(int status) {
    switch (status) {
        case 401:
            return "sign in, or send an API token as Authorization: Bearer TOKEN";
        case 403:
            return "your role does not allow this; ask an administrator of this installation";
        case 405:
            return "this path does not know that method; Allow says which it knows";
        default:
            return "nothing is here; /api/openapi.yaml says what there is";
    }
}

/// Where nobody signs in. The token keeps forms of other pages out: those cannot read ours.
std::function<Visitor(const HttpRequest&)> local_visitors() {
    Visitor visitor = local_visitor();
    visitor.form_token = form_token_of(random_token());
    return [visitor = std::move(visitor)](const HttpRequest&) { return visitor; };
}

}  // namespace

/// Later members use earlier ones; the servers go first at the end.
class HttpService::Parts {
 public:
    Parts(EngineAccess& engine_used, const Options& options)
        : engine(engine_used),
          engines(engine_used),
          visitor(options.visitor ? options.visitor : local_visitors()),
          api(engines),
          pages(engines, options.version, options.views, options.watches),
          actions(engines, pages),
          answers(engine_used, pages, options.time.monotonic_seconds),
          cards(engine_used, pages),
          rule(options.public_url) {
        api.add_routes(router);
        actions.add_routes(router);
        answers.add_routes(router);
        cards.add_routes(router);
        if (options.desk != nullptr) {
            programmes.emplace(engines, pages, *options.desk);
            programmes->add_routes(router);
        }
        pages.add_routes(router);
        if (options.more_routes) {
            options.more_routes(router, pages);
        }
        router.set_refusal(
            [this](const HttpRequest& request, int status) { return refusal(request, status); });
        std::vector<std::string> names = router.names();
        names.insert(names.end(), {"healthz", "readyz", "watch", "metrics", "routes"});
        requests.emplace(names);
        health.emplace(engine, *requests,
                       Health::Options{.version = options.version,
                                       .time = options.time,
                                       .more = options.more_metrics,
                                       .watches = options.watches});
        health->add_routes(operator_router);
        operator_router.add({"GET", "/routes", "routes", Needs::nothing(),
                             [this](const HttpRequest&) { return list_routes(); }});
        for (Router* const one : {&router, &operator_router}) {
            one->set_observer([this](std::string_view route, int status,
                                     double seconds) { requests->count(route, status, seconds); },
                              options.time.monotonic_seconds);
        }
    }

    /// Every route of pages and API with the right that it asks for.
    [[nodiscard]] HttpResponse list_routes() const {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Route* const route : router.routes()) {
            list.push_back({{"method", route->method},
                            {"pattern", route->pattern},
                            {"name", route->name},
                            {"needs", route->needs.word()}});
        }
        return {.status = 200,
                .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
                .body = nlohmann::ordered_json{{"routes", std::move(list)}}.dump() + "\n"};
    }
    [[nodiscard]] HttpResponse refusal(const HttpRequest& request, int status) const {
        if (status == 401 && is_for_people(request) && request.method == "GET") {
            const std::string wanted = request.raw_path + encode_query(request.query);
            return {.status = 303,
                    .headers = {{"Location", "/logg-inn" + encode_query({{"til", wanted}})},
                                {"Cache-Control", "no-store"}},
                    .body = {}};
        }
        if (is_for_people(request)) {
            return pages.error_page(request, status);
        }
        HttpResponse out = problem(status, detail_of(status), request.raw_path);
        if (status == 401) {
            out.headers.emplace_back("WWW-Authenticate", "Bearer");
        }
        return out;
    }
    [[nodiscard]] HttpResponse answer(HttpRequest& request) const {
        if (auto refused = rule.refuse(request)) {
            return std::move(*refused);
        }
        if (engine.definitions() == nullptr) {
            return not_started(request);
        }
        try {
            const auto definitions = engine.definitions();
            if (auto refused = through_proxy(request, definitions->installation.trusted_proxies,
                                             definitions->installation.public_url)) {
                return std::move(*refused);
            }
            request.visitor = visitor(request);
            if (auto refused = take_form(request)) {
                return std::move(*refused);
            }
            return router.handle(request);
        } catch (const std::exception&) {
            if (is_for_people(request)) {
                return pages.error_page(request, 500);
            }
            throw;
        }
    }
    /// Reads what a form sent. The answer when it is none of ours, or an old one.
    [[nodiscard]] std::optional<HttpResponse> take_form(HttpRequest& request) const {
        const auto type = request.header("content-type");
        if (request.method == "GET" || !type || !is_form_type(*type)) {
            return std::nullopt;
        }
        auto fields = parse_form(request.body);
        if (!fields) {
            return problem(400, "the form is not percent-encoded UTF-8", request.raw_path);
        }
        request.form = std::move(*fields);
        if (same_token(request.field(kFormTokenField), request.visitor.form_token)) {
            return std::nullopt;
        }
        return is_for_people(request)
                   ? pages.error_page(request, 403)
                   : problem(403, "the form's token is not the one of this session",
                             request.raw_path);
    }
    [[nodiscard]] HttpResponse not_started(const HttpRequest& request) const {
        if (is_for_people(request)) {
            return pages.error_page(request, 503);
        }
        HttpResponse out =
            problem(503, "the program is starting; try again in a moment", request.raw_path);
        out.headers.emplace_back("Retry-After", "1");
        return out;
    }
    [[nodiscard]] HttpResponse answer_operator(HttpRequest& request) const {
        auto refused = rule.refuse(request);
        return refused ? std::move(*refused) : operator_router.handle(request);
    }

    EngineAccess& engine;
    VisitorEngines engines;
    std::function<Visitor(const HttpRequest&)> visitor;
    Api api;
    Pages pages;
    Actions actions;
    AnswerPages answers;
    CardPages cards;
    std::optional<Programmes> programmes;
    SameOrigin rule;
    Router router;
    Router operator_router;
    std::optional<RequestMetrics> requests;
    std::optional<Health> health;
    std::unique_ptr<HttpServer> operator_server;
    std::unique_ptr<HttpServer> server;
};

Result<std::unique_ptr<HttpService>> HttpService::start(const Options& options,
                                                        EngineAccess& engine) {
    auto parts = std::make_unique<Parts>(engine, options);
    ServerOptions limits = options.limits;
    limits.unix_seconds = options.time.unix_seconds;
    limits.listen = options.listen;
    limits.beyond_loopback = options.beyond_loopback;
    auto server = HttpServer::start(
        limits, [&own = *parts](HttpRequest& request) { return own.answer(request); });
    if (!server.ok()) {
        return server.error();
    }
    parts->server = std::move(server).value();
    if (!options.operator_listen.empty()) {
        limits.listen = options.operator_listen;
        limits.beyond_loopback = false;
        auto operators = HttpServer::start(
            limits, [&own = *parts](HttpRequest& request) { return own.answer_operator(request); });
        if (!operators.ok()) {
            return operators.error();
        }
        parts->operator_server = std::move(operators).value();
    }
    return std::unique_ptr<HttpService>{new HttpService{std::move(parts)}};
}

HttpService::HttpService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpService::~HttpService() {
    stop();
}

int HttpService::port() const {
    return parts_->server->port();
}

int HttpService::operator_port() const {
    return parts_->operator_server == nullptr ? 0 : parts_->operator_server->port();
}

void HttpService::stop() {
    parts_->server->stop();
    if (parts_->operator_server != nullptr) {
        parts_->operator_server->stop();
    }
}

}  // namespace fristvakt::daemon
