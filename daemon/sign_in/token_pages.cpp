#include <charconv>

#include "daemon/sign_in/api_tokens.hpp"
#include "daemon/sign_in/sign_in_pages.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"

/// The page of API tokens: who may what until when, and which were used last.
namespace fristvakt::daemon {

using integrations::StoredApiToken;
using workflows::Scope;

namespace {

std::string_view allowed_in_words(const View& view, const std::string& allows) {
    if (allows == "admin") {
        return view.pick("Alt", "Alt");
    }
    return allows == "events" ? view.pick("Lese og registrere", "Lese og registrere")
                              : view.pick("Lese", "Lese");
}

std::string scope_in_words(const View& view, const Scope& scope) {
    if (scope.kind == Scope::Kind::Installation) {
        return std::string{view.pick("Hele installasjonen", "Heile installasjonen")};
    }
    return scope.kind == Scope::Kind::Region ? organisation_name(scope.id, *view.definitions)
                                             : scope.id;
}

Html state_of(const View& view, const StoredApiToken& token, workflows::Instant now) {
    if (token.revoked_at) {
        return html("{}", view.pick("Trukket tilbake", "Trekt tilbake"));
    }
    if (token.ends_at <= now) {
        return html("{}", view.pick("Utløpt", "Gått ut"));
    }
    return html(
        "<form method=\"post\" action=\"/nokler/trekk\">{}<input type=\"hidden\" name=\"nummer\" "
        "value=\"{}\"><button class=\"ds-button\" data-variant=\"secondary\" data-size=\"sm\" "
        "type=\"submit\">{} {}</button></form>",
        form_token_field(view), token.number, view.pick("Trekk tilbake", "Trekk tilbake"),
        token.number);
}

Html token_rows(const View& view, const std::vector<StoredApiToken>& tokens,
                workflows::Instant now) {
    const auto& zone = view.definitions->time_zone();
    Html rows;
    for (const StoredApiToken& token : tokens) {
        rows.add(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>"
            "{}</td></tr>\n",
            token.number, token.name, allowed_in_words(view, token.allows),
            scope_in_words(view, token.scope), token.made_by, short_time(token.ends_at, zone),
            token.used_at ? short_time(*token.used_at, zone)
                          : std::string{view.pick("Aldri", "Aldri")},
            state_of(view, token, now));
    }
    return rows;
}

Html token_table(const View& view, const std::vector<StoredApiToken>& tokens,
                 workflows::Instant now) {
    if (tokens.empty()) {
        return html("<p class=\"ds-paragraph\">{}</p>\n",
                    view.pick("Ingen nøkler er laget.", "Ingen nyklar er laga."));
    }
    return html(
        "<div class=\"fv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table "
        "class=\"ds-table\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>"
        "<tbody>\n{}</tbody></table></div>\n",
        view.pick("API-nøkler", "API-nyklar"), view.pick("Nummer", "Nummer"),
        view.pick("Navn", "Namn"), view.pick("Gir lov til", "Gir lov til"),
        view.pick("Gjelder", "Gjeld"), view.pick("Laget av", "Laga av"),
        view.pick("Slutter", "Sluttar"), view.pick("Sist brukt", "Sist brukt"),
        view.pick("Handling", "Handling"), token_rows(view, tokens, now));
}

Html scope_options(const View& view) {
    Html out = html("<option value=\"\">{}</option>\n",
                    view.pick("Hele installasjonen", "Heile installasjonen"));
    std::string last;
    for (const auto& cohort : view.definitions->cohorts) {
        if (cohort.programme != last) {
            out.add("<option value=\"p:{}\">{}: {}</option>\n", cohort.programme,
                    view.pick("Ordning", "Ordning"), view.in(cohort.title));
            last = cohort.programme;
        }
    }
    for (const auto& [id, organisation] : view.definitions->organisations) {
        out.add("<option value=\"r:{}\">{}</option>\n", id, organisation.name);
    }
    return out;
}

Html make_form(const View& view) {
    return html(
        "<h2 class=\"ds-heading\" data-size=\"md\">{}</h2>\n"
        "<form method=\"post\" action=\"/nokler\" class=\"fv-form\">{}\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"navn\">{}</label>"
        "<input class=\"ds-input\" id=\"navn\" name=\"navn\" required maxlength=\"100\"></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"lov\">{}</label>"
        "<select class=\"ds-input\" id=\"lov\" name=\"lov\"><option value=\"read\">{}</option>"
        "<option value=\"events\">{}</option><option value=\"admin\">{}</option></select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"gjelder\">{}</label>"
        "<select class=\"ds-input\" id=\"gjelder\" name=\"gjelder\">{}</select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"dager\">{}</label>"
        "<input class=\"ds-input\" id=\"dager\" name=\"dager\" type=\"number\" min=\"1\" "
        "max=\"730\" value=\"90\" required></div>\n"
        "<p><button class=\"ds-button\" type=\"submit\">{}</button></p></form>\n",
        view.pick("Ny nøkkel", "Ny nykel"), form_token_field(view),
        view.pick("Hva skal den brukes til?", "Kva skal ho brukast til?"),
        view.pick("Gir lov til", "Gir lov til"), allowed_in_words(view, "read"),
        allowed_in_words(view, "events"), allowed_in_words(view, "admin"),
        view.pick("Gjelder", "Gjeld"), scope_options(view),
        view.pick("Varer i så mange dager", "Varer i så mange dagar"),
        view.pick("Lag nøkkel", "Lag nykel"));
}

std::int64_t number_in(const std::string& text) {
    std::int64_t number{0};
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end ? number : 0;
}

/// What was wrong with a token, by the code of its error.
std::string_view words_of_problem(const View& view, std::string_view code) {
    if (code == "name") {
        return view.pick("Skriv hva den skal brukes til, med høyst 100 tegn.",
                         "Skriv kva han skal brukast til, med høgst 100 teikn.");
    }
    if (code == "allows") {
        return view.pick("Velg hva den gir lov til.", "Vel kva han gir lov til.");
    }
    if (code == "days") {
        return view.pick("Den kan vare fra 1 til 730 dager.", "Han kan vare frå 1 til 730 dagar.");
    }
    return view.pick("Det den skal gjelde for, finnes ikke. Velg på nytt.",
                     "Det han skal gjelde for, finst ikkje. Vel på nytt.");
}

}  // namespace

HttpResponse SignInPages::tokens_page(const HttpRequest& request) const {
    return draw_tokens(request, "", "");
}

HttpResponse SignInPages::draw_tokens(const HttpRequest& request, const std::string& secret,
                                      const std::string& problem) const {
    const auto tokens = store_.api_tokens();
    if (!tokens.ok()) {
        return pages_->error_page(request, 503);
    }
    return pages_->draw(request, [&](View& view) -> PageResult {
        Content out{{"API-nøkler", "API-nyklar"}, {}};
        if (!secret.empty()) {
            out.body.add(
                "<div class=\"ds-alert\" data-color=\"success\" role=\"status\"><p>{}</p><p>"
                "<code class=\"fv-secret\">{}</code></p></div>\n",
                view.pick("Nøkkelen vises bare nå. Ta vare på den:",
                          "Nykelen blir vist berre no. Ta vare på han:"),
                secret);
        }
        if (!problem.empty()) {
            out.body.add(
                "<p class=\"ds-alert\" data-color=\"danger\" role=\"alert\">{}: "
                "{}</p>\n",
                view.pick("Nøkkelen ble ikke laget", "Nykelen vart ikkje laga"),
                words_of_problem(view, problem));
        }
        out.body.add(token_table(view, tokens.value(), sessions_.now()));
        out.body.add(make_form(view));
        return out;
    });
}

HttpResponse SignInPages::make_token(const HttpRequest& request) const {
    NewApiToken wanted{.name = request.field("navn"),
                       .allows = request.field("lov"),
                       .days = static_cast<int>(
                           std::min<std::int64_t>(number_in(request.field("dager")), 100'000)),
                       .made_by = request.visitor.address};
    const std::string& scope = request.field("gjelder");
    (scope.starts_with("p:") ? wanted.programme : wanted.region) =
        scope.size() > 2 ? scope.substr(2) : "";
    const auto definitions = engine_.definitions();
    const auto made = make_api_token(store_, *definitions, wanted, sessions_.now());
    if (!made.ok()) {
        const bool is_wrong = made.error().kind == workflows::ErrorKind::InvalidInput;
        HttpResponse out =
            is_wrong
                ? draw_tokens(request, "", made.error().code.empty() ? "scope" : made.error().code)
                : pages_->error_page(request, 503);
        out.status = is_wrong ? 422 : out.status;
        return out;
    }
    report(SignInReport::Kind::TokenMade, std::to_string(made.value().number));
    return draw_tokens(request, made.value().secret, "");
}

HttpResponse SignInPages::revoke_token(const HttpRequest& request) const {
    const std::int64_t number = number_in(request.field("nummer"));
    const auto revoked = store_.revoke_api_token(number, sessions_.now());
    if (!revoked.ok()) {
        return pages_->error_page(request, 503);
    }
    if (!revoked.value()) {
        return pages_->error_page(request, 404);
    }
    report(SignInReport::Kind::TokenRevoked, std::to_string(number));
    return {.status = 303,
            .headers = {{"Location", "/nokler"}, {"Cache-Control", "no-store"}},
            .body = {}};
}

}  // namespace fristvakt::daemon
