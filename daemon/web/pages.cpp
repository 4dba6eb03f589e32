#include "daemon/web/pages.hpp"

#include <utility>

#include "daemon/http/cookie.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/requirement_preview.hpp"
#include "daemon/web/saved_views.hpp"
#include "daemon/web/table_file.hpp"
#include "integrations/calendar/calendar_file.hpp"
#include "integrations/embedded/embedded.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Language;
using workflows::Result;
using workflows::Text;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Nothing but our own files, no script at all in effect, and in nobody else's frame. `data:` is
/// for the signs in Designsystemet's style sheets; the one frame is a message's own HTML.
constexpr std::string_view kPolicy{
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-src 'self'; frame-ancestors 'none'"};

/// A message's HTML carries its styles in itself, as mail must; it may do nothing else.
constexpr std::string_view kMessagePolicy{
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox"};

Headers page_headers(std::string_view policy) {
    return {{"Content-Type", "text/html; charset=utf-8"},
            {"Content-Security-Policy", std::string{policy}},
            {"X-Content-Type-Options", "nosniff"},
            {"Referrer-Policy", "same-origin"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
            {"Cross-Origin-Resource-Policy", "same-origin"},
            {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
            {"Cache-Control", "no-store"}};
}

std::optional<Language> parse_language(std::string_view tag) {
    if (tag == "nb" || tag == "nn") {
        return tag == "nb" ? Language::Nb : Language::Nn;
    }
    return std::nullopt;
}

Content error_content(int status) {
    Content out;
    Text lead;
    if (status == 404) {
        out.title = {"Siden finnes ikke", "Sida finst ikkje"};
        lead = {
            "Adressen er kanskje skrevet feil, eller saken har fått et annet navn. Finn den i "
            "planoversikten.",
            "Adressa er kanskje skriven feil, eller saka har fått eit anna namn. Finn ho i "
            "planoversikta."};
    } else if (status == 405) {
        out.title = {"Siden kan bare leses", "Sida kan berre lesast"};
        lead = {"Denne adressen tar ikke imot noe. Gå til planoversikten.",
                "Denne adressa tek ikkje imot noko. Gå til planoversikta."};
    } else if (status == 401) {
        out.title = {"Du er ikke logget inn", "Du er ikkje logga inn"};
        lead = {"Logg inn og prøv igjen. Ingenting er endret.",
                "Logg inn og prøv igjen. Ingenting er endra."};
    } else if (status == 403) {
        out.title = {"Du har ikke tilgang til dette", "Du har ikkje tilgang til dette"};
        lead = {
            "Rollen din gir ikke lov til dette, eller siden var åpen for lenge. Last siden på nytt "
            "og prøv igjen, eller spør en administrator. Ingenting er endret.",
            "Rolla di gir ikkje lov til dette, eller sida var open for lenge. Last sida på nytt og "
            "prøv igjen, eller spør ein administrator. Ingenting er endra."};
    } else if (status == 503) {
        out.title = {"Siden er ikke klar nå", "Sida er ikkje klar no"};
        lead = {
            "Programmet er opptatt eller starter. Vent litt og last siden på nytt. Ingenting er "
            "gått tapt.",
            "Programmet er oppteke eller startar. Vent litt og last sida på nytt. Ingenting er "
            "gått tapt."};
    } else {
        out.title = {"Noe gikk galt hos oss", "Noko gjekk gale hos oss"};
        lead = {
            "Last siden på nytt. Skjer det igjen, si fra til dem som drifter fristvakt, med "
            "tidspunktet: loggen sier mer.",
            "Last sida på nytt. Skjer det igjen, sei frå til dei som driftar fristvakt, med "
            "tidspunktet: loggen seier meir."};
    }
    out.body.add(
        "<div lang=\"nb\"><p class=\"ds-paragraph\">{}</p></div>"
        "<div lang=\"nn\"><p class=\"ds-paragraph\">{}</p></div>"
        "<p><a class=\"ds-link\" href=\"/oversikt\">Planoversikt</a></p>",
        lead.nb, lead.nn);
    return out;
}

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::NotFound:
            return 404;
        case ErrorKind::Forbidden:
            return 403;
        case ErrorKind::Unavailable:
            return 503;
        case ErrorKind::InvalidInput:
        case ErrorKind::Conflict:
            return 500;
    }
    return 500;
}

/// Names all that a page is drawn from: the same name, the same page. Cheap to find out, so that
/// many open pages may ask often. Statuses change with the clock: no page is older than a minute.
Result<std::string> state_of(const View& view) {
    const auto head = view.snapshot->head();
    if (!head.ok()) {
        return head.error();
    }
    const auto minute = view.now().time_since_epoch().count() / 60;
    const std::string all = std::to_string(head.value().sequence) + "|" + std::to_string(minute) +
                            "|" + view.definitions->hash + "|" +
                            std::string{language_tag(view.language)} +
                            (view.health.store_ok ? "s" : "") + (view.health.reload_ok ? "r" : "") +
                            "|" + view.visitor().session + "|" + view.request.raw_path;
    return "\"" + workflows::sha256_hex(all).substr(0, 20) + "\"";
}

HttpResponse attachment(std::string type, const std::string& name, std::string body) {
    return {.status = 200,
            .headers = {{"Content-Type", std::move(type)},
                        {"Content-Disposition", "attachment; filename=\"" + name + "\""},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", "no-store"}},
            .body = std::move(body)};
}

/// NotFound: the page has no list, or not in that format.
Result<HttpResponse> file_of(const View& view, const Content& content) {
    const std::string format = view.argument("format");
    const Error unknown{ErrorKind::NotFound, "no such file"};
    if (!content.table) {
        return unknown;
    }
    const Table& table = *content.table;
    const workflows::TimeZone& zone = view.definitions->time_zone();
    const std::string name = table.name + "-" + workflows::iso_date(view.today()) + "." + format;
    if (format == "csv") {
        return attachment("text/csv; charset=utf-8", name, to_csv(table, view.language, zone));
    }
    if (format == "json") {
        return attachment("application/json", name, to_json(table, zone));
    }
    if (format == "xlsx") {
        auto workbook = to_xlsx(table, view.language, zone);
        if (!workbook.ok()) {
            return workbook.error();
        }
        return attachment("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name,
                          std::move(workbook).value());
    }
    if (format == "ics" && content.has_calendar) {
        return attachment("text/calendar; charset=utf-8", name,
                          integrations::calendar::to_icalendar(
                              {.name = view.in(content.title), .entries = content.calendar}, zone));
    }
    return unknown;
}

}  // namespace

Pages::Pages(const VisitorEngines& engines, std::string version, integrations::AccessStore* views,
             AskWatches watches)
    : engines_(engines),
      views_(views),
      watches_(std::move(watches)),
      version_(std::move(version)),
      assets_(integrations::embedded_assets()) {}

void Pages::add_routes(Router& router) {
    const auto page = [&](std::string pattern, std::string name, PageResult (*drawn)(View&)) {
        router.add({"GET", std::move(pattern), std::move(name), Right::Read,
                    [this, drawn](const HttpRequest& request) { return draw(request, drawn); }});
    };
    page("/", "page_today", today_page);
    router.add(
        {"GET", "/oversikt", "page_overview", Right::Read, [this](const HttpRequest& request) {
             return draw(request, [this](View& view) { return overview(view); });
         }});
    page("/frister", "page_deadlines", deadlines_page);
    page("/organisasjon/{id}", "page_organisation", organisation_page);
    page("/krav/{cohort}/{id}", "page_requirement", requirement_page);
    page("/punktlighet", "page_punctuality", punctuality_page);
    page("/moter", "page_meetings", meetings_page);
    page("/ordninger/pulje/{cohort}/plan", "page_plan", plan_page);
    page("/hendelser", "page_log", log_page);
    router.add({"GET", "/drift", "page_operation", Right::Read, [this](const HttpRequest& request) {
                    return draw(request, [this](View& view) {
                        return operation_page(view, watches_ ? watches_() : Watches{});
                    });
                }});
    page("/sok", "page_search", search_page);
    page("/sak/{id*}", "page_case", case_page);
    page("/utboks", "page_outbox", outbox_page);
    page("/utboks/{number}", "page_message", message_page);
    router.add({"GET", "/utboks/{number}/html", "page_message_html", Right::Read,
                [this](const HttpRequest& request) { return message_html(request); }});
    router.add({"GET", "/krav/{cohort}/{id}/varsel", "page_notice_html", Right::Read,
                [this](const HttpRequest& request) {
                    return with_view(request, [this](View& view) { return notice_html(view); });
                }});
    if (views_ != nullptr) {
        router.add({"POST", "/oversikt/visninger", "view_save", Right::Read,
                    [this](const HttpRequest& request) {
                        auto saved = save_view(request, *views_);
                        return saved.ok() ? std::move(saved).value()
                                          : error_page(request, status_of(saved.error().kind));
                    }});
    }
    router.add({"GET", "/tilgjengelighet", "page_accessibility", Needs::nothing(),
                [this](const HttpRequest& request) { return draw(request, accessibility_page); }});
    router.add({"GET", "/a/{name}", "asset", Needs::nothing(),
                [this](const HttpRequest& request) { return assets_.serve(request); }});
}

PageResult Pages::overview(View& view) const {
    auto content = overview_page(view, contacts_);
    if (!content.ok() || views_ == nullptr) {
        return content;
    }
    auto saved = saved_views(view, *views_);
    if (!saved.ok()) {
        return saved.error();
    }
    Content out = std::move(content).value();
    Html body = std::move(saved).value();
    body.add(out.body);
    out.body = std::move(body);
    return out;
}

Result<View> Pages::look(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    View view{.request = request,
              .language = Language::Nb,
              .definitions = engine.definitions(),
              .snapshot = engine.snapshot(),
              .ledger = {},
              .health = engine.health(),
              .version = version_};
    if (view.definitions == nullptr || view.snapshot == nullptr) {
        return Error{ErrorKind::Unavailable, "not started yet"};
    }
    auto ledger = view.snapshot->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    view.ledger = std::move(ledger).value();
    const auto asked = parse_language(request.argument("lang").value_or(""));
    view.language = asked.value_or(parse_language(cookie_of(request, "lang"))
                                       .value_or(view.definitions->installation.default_language));
    view.who = view.visitor().in_log();
    view.who_is_known = !view.who.empty();
    if (!view.who_is_known) {
        view.who = percent_decode(cookie_of(request, "hvem")).value_or("");
    }
    return view;
}

HttpResponse Pages::with_view(const HttpRequest& request, const Answer& answer) const {
    auto looked = look(request);
    if (!looked.ok()) {
        return error_page(request, status_of(looked.error().kind));
    }
    View view = std::move(looked).value();
    return answer(view);
}

HttpResponse Pages::draw(const HttpRequest& request, const Draw& page) const {
    return with_view(request, [&](View& view) { return draw(view, page); });
}

HttpResponse Pages::draw_for_guest(const HttpRequest& request, const Draw& page) const {
    HttpRequest guest = request;
    guest.visitor = {};
    guest.visitor.form_token = request.visitor.form_token;
    return draw(guest, page);
}

HttpResponse Pages::draw(View& view, const Draw& page) const {
    const HttpRequest& request = view.request;
    const auto state = state_of(view);
    if (!state.ok()) {
        return error_page(request, status_of(state.error().kind));
    }
    if (request.method == "GET" && request.header("if-none-match") == state.value()) {
        return {.status = 304,
                .headers = {{"ETag", state.value()}, {"Cache-Control", "no-store"}},
                .body = {}};
    }
    const PageResult content = page(view);
    if (!content.ok()) {
        const int status = status_of(content.error().kind);
        return respond(view, error_content(status), status);
    }
    if (view.wants_file()) {
        return file(view, content.value());
    }
    // The answer to a form is shown once, and strangers see nothing that changes.
    const bool stays_current = request.method == "GET" && view.visitor().is_known();
    HttpResponse response =
        respond(view, content.value(), 200, stays_current ? state.value() : std::string{});
    if (const auto asked = parse_language(request.argument("lang").value_or(""))) {
        response.headers.emplace_back("Set-Cookie",
                                      "lang=" + std::string{language_tag(*asked)} +
                                          "; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    }
    return response;
}

HttpResponse Pages::file(const View& view, const Content& content) const {
    const auto made = file_of(view, content);
    return made.ok() ? made.value() : error_page(view.request, status_of(made.error().kind));
}

HttpResponse Pages::error_page(const HttpRequest& request, int status) const {
    auto looked = look(request);
    if (looked.ok()) {
        return respond(looked.value(), error_content(status), status);
    }
    // Not even the frame can be drawn; say the same without it.
    const Content content = error_content(status);
    const Html out = html(
        "<!doctype html>\n<html lang=\"nb\"><meta charset=\"utf-8\"><title>{}</title>"
        "<h1>{}</h1>{}</html>\n",
        content.title.nb, content.title.nb, content.body);
    return {.status = status, .headers = page_headers(kPolicy), .body = out.str()};
}

HttpResponse Pages::respond(const View& view, const Content& content, int status,
                            const std::string& state) const {
    const Frame frame{assets_, version_, state};
    HttpResponse response{.status = status,
                          .headers = page_headers(kPolicy),
                          .body = frame.around(view, content).str()};
    response.headers.emplace_back("Content-Language", language_tag(view.language));
    if (!state.empty()) {
        response.headers.emplace_back("ETag", state);
    }
    if (status == 503) {
        response.headers.emplace_back("Retry-After", "5");
    }
    return response;
}

HttpResponse Pages::message_html(const HttpRequest& request) const {
    const auto number = parse_number(request.parameter("number"));
    const auto snapshot = engines_.of(request.visitor).snapshot();
    if (!number || snapshot == nullptr) {
        return error_page(request, number ? 503 : 404);
    }
    const auto found = snapshot->message(*number);
    if (!found.ok()) {
        return error_page(request, status_of(found.error().kind));
    }
    if (!found.value() || !found.value()->rendered) {
        return error_page(request, 404);
    }
    return {.status = 200,
            .headers = page_headers(kMessagePolicy),
            .body = found.value()->rendered->html};
}

HttpResponse Pages::notice_html(View& view) const {
    const HttpRequest& request = view.request;
    const auto* const cohort = view.definitions->find_cohort(request.parameter("cohort"));
    const auto* const requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(request.parameter("id"));
    if (requirement == nullptr) {
        return error_page(request, 404);
    }
    const auto written = write_preview(view, *cohort, *requirement,
                                       read_preview_question(view, *cohort, *requirement));
    if (!written.ok()) {
        return error_page(request, 404);
    }
    return {.status = 200,
            .headers = page_headers(kMessagePolicy),
            .body = written.value().rendered.html};
}

}  // namespace fristvakt::daemon
