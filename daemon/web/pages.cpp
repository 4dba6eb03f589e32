#include "daemon/web/pages.hpp"

#include <utility>

#include "daemon/http/url.hpp"
#include "daemon/web/words.hpp"
#include "integrations/embedded/embedded.hpp"

namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Language;
using workflows::Result;
using workflows::SendingMode;
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

std::optional<Language> language_in_cookie(const HttpRequest& request) {
    std::string_view cookies = request.header("cookie").value_or("");
    while (!cookies.empty()) {
        std::string_view one = cookies.substr(0, cookies.find(';'));
        cookies.remove_prefix(std::min(cookies.size(), one.size() + 1));
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.starts_with("lang=")) {
            return parse_language(one.substr(5));
        }
    }
    return std::nullopt;
}

Html language_link(const View& view) {
    const bool is_nb = view.language == Language::Nb;
    auto arguments = view.request.query;
    std::erase_if(arguments, [](const auto& argument) { return argument.first == "lang"; });
    arguments.emplace_back("lang", is_nb ? "nn" : "nb");
    return html("<a class=\"ds-link\" href=\"{}{}\" lang=\"{}\" hreflang=\"{}\">{}</a>",
                view.request.raw_path, encode_query(arguments), is_nb ? "nn" : "nb",
                is_nb ? "nn" : "nb", is_nb ? "Nynorsk" : "Bokmål");
}

Html navigation_link(const View& view, std::string_view href, std::string_view word) {
    const bool is_here = view.request.raw_path == href;
    return html("<li><a class=\"ds-link\" href=\"{}\"{}>{}</a></li>", href,
                is_here ? html(" aria-current=\"page\"") : Html{}, word);
}

std::string_view mode_in_words(const View& view) {
    switch (view.definitions->installation.sending) {
        case SendingMode::Spool:
            return view.pick("Utsending er av: meldinger legges i spool, ingen e-post går ut.",
                             "Utsending er av: meldingar blir lagde i spool, ingen e-post går ut.");
        case SendingMode::Redirect:
            return view.pick("Utsending er omdirigert: all e-post går til én adresse.",
                             "Utsending er omdirigert: all e-post går til éi adresse.");
        case SendingMode::Allowlist:
            return view.pick("Bare adresser på tillatlisten får e-post.",
                             "Berre adresser på tillatlista får e-post.");
        case SendingMode::Live:
            return "";
    }
    return "";
}

/// What everybody must know before reading on.
Html bars(const View& view) {
    Html out;
    const auto bar = [&](std::string_view color, std::string_view words) {
        out.add("<p class=\"ds-alert fv-bar\" data-color=\"{}\">{}</p>\n", color, words);
    };
    if (view.ledger.sending_on_hold) {
        bar("warning",
            std::string{view.pick("Utsending er satt på vent: ", "Utsending er sett på vent: ")} +
                view.in(words_of_hold(view.ledger)));
    }
    if (view.ledger.restored_at) {
        out.add(
            "<p class=\"ds-alert fv-bar\" data-color=\"warning\"><a class=\"ds-link\" "
            "href=\"/utboks#gjenopprettet\">{}</a></p>\n",
            view.pick("Se gjennom det som kan være sendt allerede",
                      "Sjå gjennom det som kan vere sendt allereie"));
    }
    if (const std::string_view mode = mode_in_words(view); !mode.empty()) {
        bar("warning", mode);
    }
    if (!view.health.store_ok) {
        bar("danger", view.pick("Lageret svarer ikke. Ingenting sendes før det er i orden.",
                                "Lageret svarar ikkje. Ingenting blir sendt før det er i orden."));
    }
    if (view.health.statement && !view.health.statement->ok()) {
        bar("danger", view.pick("Regnskapet stemmer ikke. Si fra til dem som drifter fristvakt.",
                                "Rekneskapen stemmer ikkje. Sei frå til dei som driftar "
                                "fristvakt."));
    }
    if (!view.health.reload_ok) {
        bar("warning", view.pick("Det nye oppsettet ble avvist. Det gamle gjelder fortsatt.",
                                 "Det nye oppsettet vart avvist. Det gamle gjeld framleis."));
    }
    if (view.ledger.demo_clock) {
        bar("info", std::string{view.pick("Demoklokke: ", "Demoklokke: ")} +
                        long_time(view.now(), view.definitions->time_zone(), view.language));
    }
    return out.empty() ? out
                       : html("<section aria-label=\"{}\">\n{}</section>\n",
                              view.pick("Driftsmeldinger", "Driftsmeldingar"), out);
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
        "<p><a class=\"ds-link\" href=\"/\">Planoversikt</a></p>",
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

}  // namespace

Pages::Pages(const VisitorEngines& engines, std::string version)
    : engines_(engines), version_(std::move(version)), assets_(integrations::embedded_assets()) {}

void Pages::add_routes(Router& router) {
    const auto page = [&](std::string pattern, std::string name, PageResult (*drawn)(View&)) {
        router.add({"GET", std::move(pattern), std::move(name), Right::Read,
                    [this, drawn](const HttpRequest& request) { return draw(request, drawn); }});
    };
    page("/", "page_overview", overview_page);
    page("/sak/{id*}", "page_case", case_page);
    page("/utboks", "page_outbox", outbox_page);
    page("/utboks/{number}", "page_message", message_page);
    router.add({"GET", "/utboks/{number}/html", "page_message_html", Right::Read,
                [this](const HttpRequest& request) { return message_html(request); }});
    router.add({"GET", "/a/{name}", "asset", Needs::nothing(),
                [this](const HttpRequest& request) { return assets_.serve(request); }});
}

Result<View> Pages::look(const HttpRequest& request) const {
    VisitorEngine engine = engines_.of(request.visitor);
    View view{.request = request,
              .language = Language::Nb,
              .definitions = engine.definitions(),
              .snapshot = engine.snapshot(),
              .ledger = {},
              .health = engine.health()};
    if (view.definitions == nullptr || view.snapshot == nullptr) {
        return Error{ErrorKind::Unavailable, "not started yet"};
    }
    auto ledger = view.snapshot->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    view.ledger = std::move(ledger).value();
    const auto asked = parse_language(request.argument("lang").value_or(""));
    view.language = asked.value_or(
        language_in_cookie(request).value_or(view.definitions->installation.default_language));
    return view;
}

HttpResponse Pages::draw(const HttpRequest& request, const Draw& page) const {
    auto looked = look(request);
    if (!looked.ok()) {
        return error_page(request, status_of(looked.error().kind));
    }
    View view = std::move(looked).value();
    const PageResult content = page(view);
    if (!content.ok()) {
        const int status = status_of(content.error().kind);
        return respond(view, error_content(status), status);
    }
    HttpResponse response = respond(view, content.value(), 200);
    if (const auto asked = parse_language(request.argument("lang").value_or(""))) {
        response.headers.emplace_back("Set-Cookie",
                                      "lang=" + std::string{language_tag(*asked)} +
                                          "; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    }
    return response;
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

HttpResponse Pages::respond(const View& view, const Content& content, int status) const {
    Html out;
    out.reserve(content.body.str().size() + 8192);
    out.add(head(view, content.title));
    out.add(bars(view));
    out.add(
        "<main id=\"innhold\" tabindex=\"-1\">\n<h1 class=\"ds-heading\" data-size=\"lg\">{}"
        "</h1>\n",
        view.in(content.title));
    out.add(content.body);
    out.add("</main>\n");
    out.add(foot(view));
    HttpResponse response{
        .status = status, .headers = page_headers(kPolicy), .body = std::move(out).str()};
    response.headers.emplace_back("Content-Language", language_tag(view.language));
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

Html Pages::head(const View& view, const Text& title) const {
    Html out;
    out.add(
        "<!doctype html>\n<html lang=\"{}\" data-color-scheme=\"auto\">\n<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{} – fristvakt</title>\n"
        "<link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">\n",
        language_tag(view.language), view.in(title), assets_.url("favicon.svg"));
    for (const char* sheet : {"designsystemet-theme.css", "designsystemet.css", "fristvakt.css"}) {
        out.add("<link rel=\"stylesheet\" href=\"{}\">\n", assets_.url(sheet));
    }
    out.add("</head>\n<body>\n<a class=\"ds-skip-link\" href=\"#innhold\">{}</a>\n",
            view.pick("Hopp til hovedinnholdet", "Hopp til hovudinnhaldet"));
    out.add(
        "<header class=\"fv-head\">\n<p class=\"fv-name\"><strong>fristvakt</strong> "
        "<span>{}</span></p>\n<nav aria-label=\"{}\"><ul>{}{}</ul></nav>\n<p>{}</p>\n"
        "</header>\n",
        view.in(view.definitions->installation.name), view.pick("Hovedmeny", "Hovudmeny"),
        navigation_link(view, "/", view.pick("Planoversikt", "Planoversikt")),
        navigation_link(view, "/utboks", view.pick("Utboks", "Utboks")), language_link(view));
    return out;
}

Html Pages::foot(const View& view) const {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Html out;
    out.add("<footer class=\"fv-foot\">\n<p>{} {}.", view.pick("Oppdatert", "Oppdatert"),
            long_time(view.now(), zone, view.language));
    if (view.health.wake_at) {
        out.add(
            " {} {}.",
            view.pick("Neste gang noe skjer av seg selv:", "Neste gong noko skjer av seg sjølv:"),
            long_time(*view.health.wake_at, zone, view.language));
    }
    out.add(
        "</p>\n<p>fristvakt {} · <a class=\"ds-link\" href=\"/api/openapi.yaml\">{}</a> · "
        "<a class=\"ds-link\" href=\"{}\">{}</a></p>\n</footer>\n</body>\n</html>\n",
        version_, view.pick("API-beskrivelse", "API-beskriving"),
        assets_.url("licences/designsystemet.txt"),
        view.pick("Lisens for Designsystemet", "Lisens for Designsystemet"));
    return out;
}

}  // namespace fristvakt::daemon
