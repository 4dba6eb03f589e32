#include "daemon/sign_in/sign_in_pages.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/access/form_token.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"
#include "integrations/oidc/provider.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using integrations::OpenIdProvider;
using workflows::Text;

namespace {

/// A quarter of an hour.
constexpr double kWindowSeconds{15 * 60.0};
/// Of one machine: asking, opening links and coming back from a provider together.
constexpr int kAttemptsByClient{30};
/// To one address, whoever asks.
constexpr int kMailsByAddress{3};
/// To all addresses: nobody uses this machine to flood others, or its mail server.
constexpr int kMailsInAll{200};

HttpResponse see_other(const std::string& path) {
    return {
        .status = 303, .headers = {{"Location", path}, {"Cache-Control", "no-store"}}, .body = {}};
}

HttpResponse not_configured(const Pages& pages, const HttpRequest& request) {
    return pages.error_page(request, 404);
}

std::string redirect_uri(const workflows::Definitions& definitions) {
    return workflows::base_url(definitions.installation.public_url) + "/logg-inn/openid/svar";
}

/// Whom the claim names: by address, or by what stands as `subject` in users.csv.
const workflows::User* user_of(const integrations::IdTokenClaims& claims, const std::string& claim,
                               const workflows::Definitions& definitions) {
    const auto found = claims.find(claim);
    if (found == claims.end() || found->second.empty()) {
        return nullptr;
    }
    const auto by_subject =
        std::ranges::find(definitions.users, found->second, &workflows::User::subject);
    if (by_subject != definitions.users.end()) {
        return &*by_subject;
    }
    const auto verified = claims.find("email_verified");
    if (claim == "email" && verified != claims.end() && verified->second == "false") {
        return nullptr;
    }
    // Whoever has a subject is known by it alone: an address may pass to somebody else.
    const workflows::User* const user = find_user(definitions, found->second);
    return user != nullptr && user->subject.empty() ? user : nullptr;
}

Html hidden(std::string_view name, std::string_view value) {
    return html("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value);
}

Html mail_form(const View& view, const std::string& return_to) {
    return html(
        "<form method=\"post\" action=\"/logg-inn\" class=\"fv-form\">{}{}\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"adresse\">{}</label>\n"
        "<input class=\"ds-input\" id=\"adresse\" name=\"adresse\" type=\"email\" required "
        "maxlength=\"254\" autocomplete=\"email\"></div>\n"
        "<p><button class=\"ds-button\" type=\"submit\">{}</button></p></form>\n",
        form_token_field(view), hidden("til", return_to),
        view.pick("E-postadressen din på jobb", "E-postadressa di på jobb"),
        view.pick("Send meg en lenke", "Send meg ei lenkje"));
}

Html provider_form(const View& view, const std::string& return_to, const Text& title) {
    return html(
        "<form method=\"post\" action=\"/logg-inn/openid\" class=\"fv-form\">{}{}\n"
        "<p><button class=\"ds-button\" type=\"submit\">{} {}</button></p></form>\n",
        form_token_field(view), hidden("til", return_to), view.pick("Logg inn med", "Logg inn med"),
        view.in(title));
}

}  // namespace

SignInPages::SignInPages(Sessions& sessions, integrations::AccessStore& store, EngineAccess& engine,
                         Options options)
    : sessions_(sessions),
      store_(store),
      engine_(engine),
      options_(std::move(options)),
      by_client_(kAttemptsByClient, kWindowSeconds),
      by_address_(kMailsByAddress, kWindowSeconds),
      all_mail_(kMailsInAll, kWindowSeconds) {}

SignInPages::~SignInPages() = default;

void SignInPages::add(Router& router, const char* method, const char* pattern, const char* name,
                      Needs needs, Handler handler) {
    router.add({method, pattern, name, needs,
                [this, handler](const HttpRequest& request) { return (this->*handler)(request); }});
}

void SignInPages::add_routes(Router& router, const Pages& pages) {
    pages_ = &pages;
    const auto open = Needs::nothing();
    add(router, "GET", "/logg-inn", "page_sign_in", open, &SignInPages::ask_page);
    add(router, "POST", "/logg-inn", "sign_in_mail", open, &SignInPages::send_link);
    add(router, "GET", "/logg-inn/lenke/{token}", "page_sign_in_link", open,
        &SignInPages::link_page);
    add(router, "POST", "/logg-inn/lenke/{token}", "sign_in_link", open, &SignInPages::use_link);
    add(router, "POST", "/logg-inn/openid", "sign_in_openid", open, &SignInPages::to_provider);
    add(router, "GET", "/logg-inn/openid/svar", "sign_in_openid_back", open,
        &SignInPages::from_provider);
    add(router, "POST", "/logg-ut", "sign_out", Needs::sign_in(), &SignInPages::sign_out);
    add(router, "GET", "/okter", "page_sessions", Needs::sign_in(), &SignInPages::sessions_page);
    add(router, "POST", "/okter/avslutt", "session_end", Needs::sign_in(),
        &SignInPages::end_session);
    add(router, "POST", "/okter/avslutt-alle", "sessions_end", Needs::sign_in(),
        &SignInPages::end_all);
    add(router, "GET", "/nokler", "page_api_tokens", Right::Administer, &SignInPages::tokens_page);
    add(router, "POST", "/nokler", "api_token_make", Right::Administer, &SignInPages::make_token);
    add(router, "POST", "/nokler/trekk", "api_token_revoke", Right::Administer,
        &SignInPages::revoke_token);
}

void SignInPages::report(SignInReport::Kind kind, std::string detail) const {
    if (options_.report) {
        options_.report({kind, std::move(detail)});
    }
}

bool SignInPages::too_often(const HttpRequest& request) const {
    const bool allowed = by_client_.allow(request.remote_address, options_.monotonic_seconds());
    if (!allowed) {
        report(SignInReport::Kind::Refused, "too many attempts from one machine");
    }
    return !allowed;
}

HttpResponse SignInPages::failed(const HttpRequest& request, int status, const Text& title,
                                 const Text& lead) const {
    HttpResponse out = pages_->draw(request, [&](View& view) -> PageResult {
        return Content{title, html("<p class=\"ds-paragraph\">{}</p>\n<p><a class=\"ds-link\" "
                                   "href=\"/logg-inn\">{}</a></p>\n",
                                   view.in(lead), view.pick("Til innlogging", "Til innlogging"))};
    });
    out.status = out.status == 200 ? status : out.status;
    return out;
}

namespace {

const Text kTooOften{"For mange forsøk", "For mange forsøk"};
const Text kTooOftenLead{"Vent et kvarter og prøv igjen.", "Vent eit kvarter og prøv igjen."};
const Text kLinkOver{"Lenken virker ikke", "Lenkja verkar ikkje"};
const Text kLinkOverLead{
    "En lenke virker én gang, i 15 minutter, og bare den nyeste. Be om en ny.",
    "Ei lenkje verkar éin gong, i 15 minutt, og berre den nyaste. Be om ei ny."};
const Text kProviderLost{"Innloggingstjenesten svarer ikke", "Innloggingstenesta svarar ikkje"};
const Text kProviderLostLead{
    "Prøv igjen om litt, eller be om en lenke på e-post. Den som drifter fristvakt, ser hvorfor i "
    "loggen.",
    "Prøv igjen om litt, eller be om ei lenkje på e-post. Den som driftar fristvakt, ser kvifor i "
    "loggen."};
const Text kNotSignedIn{"Du ble ikke logget inn", "Du vart ikkje logga inn"};

}  // namespace

HttpResponse SignInPages::ask_page(const HttpRequest& request) const {
    const auto settings = sessions_.settings();
    if (!settings) {
        return not_configured(*pages_, request);
    }
    const std::string return_to = safe_return(request.argument("til").value_or("/"));
    return pages_->draw(request, [&](View& view) -> PageResult {
        Content out{{"Logg inn", "Logg inn"}, {}};
        if (view.visitor().kind == Visitor::Kind::Person) {
            out.body.add("<p class=\"ds-paragraph\">{} {}.</p>\n",
                         view.pick("Du er logget inn som", "Du er logga inn som"),
                         view.visitor().in_log());
        }
        if (settings->openid) {
            out.body.add(provider_form(view, return_to, settings->openid->title));
        }
        if (settings->by_mail) {
            out.body.add(
                "<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Du får en lenke på e-post som virker én gang. Her er ingen passord.",
                          "Du får ei lenkje på e-post som verkar éin gong. Her er ingen passord."));
            out.body.add(mail_form(view, return_to));
        }
        return out;
    });
}

HttpResponse SignInPages::send_link(const HttpRequest& request) const {
    const auto settings = sessions_.settings();
    if (!settings || !settings->by_mail) {
        return not_configured(*pages_, request);
    }
    if (too_often(request)) {
        return failed(request, 429, kTooOften, kTooOftenLead);
    }
    const std::string address = workflows::lower_case(request.field("adresse"));
    if (!workflows::is_mail_address(address)) {
        return failed(request, 422, {"Adressen mangler", "Adressa manglar"},
                      {"Skriv hele e-postadressen, for eksempel kari@kommune.example.",
                       "Skriv heile e-postadressa, til dømes kari@kommune.example."});
    }
    // The same for everybody: nobody learns here who is a user.
    return pages_->draw(request, [&](View& view) -> PageResult {
        mail_link(request, address, view.language);
        return Content{
            {"Se i innboksen din", "Sjå i innboksen din"},
            html("<p class=\"ds-paragraph\">{}</p>\n<p class=\"ds-paragraph\">{}</p>\n",
                 view.pick("Er adressen registrert her, er en lenke på vei. Den virker i 15 "
                           "minutter.",
                           "Er adressa registrert her, er ei lenkje på veg. Ho verkar i 15 "
                           "minutt."),
                 view.pick("Kommer den ikke, se i søppelposten eller spør en administrator om "
                           "adressen din er registrert.",
                           "Kjem ho ikkje, sjå i søppelposten eller spør ein administrator om "
                           "adressa di er registrert."))};
    });
}

void SignInPages::mail_link(const HttpRequest& request, const std::string& address,
                            workflows::Language language) const {
    const double at = options_.monotonic_seconds();
    // Counted for known and unknown alike.
    if (!by_address_.allow(address, at) || !all_mail_.allow("", at)) {
        return report(SignInReport::Kind::Refused, "too many links to one address, or in all");
    }
    const auto definitions = engine_.definitions();
    const workflows::User* const user = find_user(*definitions, address);
    if (user == nullptr) {
        return;
    }
    const std::string token = random_token();
    const workflows::Instant now = sessions_.now();
    const auto kept =
        store_.add_link(workflows::sha256_hex(token), address, "mail", now, now + kLinkTerm);
    if (!kept.ok()) {
        return report(SignInReport::Kind::Refused, kept.error().message);
    }
    const std::string return_to = safe_return(request.field("til"));
    std::string link =
        workflows::base_url(definitions->installation.public_url) + "/logg-inn/lenke/" + token;
    if (return_to != "/") {
        link += encode_query({{"til", return_to}});
    }
    const bool sent = options_.send(direct_mail({.address = address,
                                                 .name = user->name,
                                                 .link = std::move(link),
                                                 .language = language,
                                                 .at = engine_.health().now,
                                                 .definitions = definitions}));
    if (!sent) {
        report(SignInReport::Kind::Refused, "too many sign-in mails wait for the mail server");
    }
}

HttpResponse SignInPages::link_page(const HttpRequest& request) const {
    if (!sessions_.settings()) {
        return not_configured(*pages_, request);
    }
    const std::string& token = request.parameter("token");
    const auto link = store_.find_link(workflows::sha256_hex(token), sessions_.now());
    if (!link.ok()) {
        return pages_->error_page(request, 503);
    }
    if (!link.value()) {
        return failed(request, 404, kLinkOver, kLinkOverLead);
    }
    const std::string return_to = safe_return(request.argument("til").value_or("/"));
    return pages_->draw(request, [&](View& view) -> PageResult {
        return Content{
            {"Logg inn", "Logg inn"},
            html("<p class=\"ds-paragraph\">{} <strong>{}</strong>.</p>\n"
                 "<form method=\"post\" action=\"/logg-inn/lenke/{}\">{}{}\n"
                 "<p><button class=\"ds-button\" type=\"submit\">{}</button></p></form>\n",
                 view.pick("Du logger inn som", "Du loggar inn som"), link.value()->address, token,
                 form_token_field(view), hidden("til", return_to),
                 view.pick("Logg inn", "Logg inn"))};
    });
}

HttpResponse SignInPages::use_link(const HttpRequest& request) const {
    if (!sessions_.settings()) {
        return not_configured(*pages_, request);
    }
    if (too_often(request)) {
        return failed(request, 429, kTooOften, kTooOftenLead);
    }
    const auto link =
        store_.use_link(workflows::sha256_hex(request.parameter("token")), sessions_.now());
    if (!link.ok()) {
        return pages_->error_page(request, 503);
    }
    const auto definitions = engine_.definitions();
    const workflows::User* const user =
        link.value() ? find_user(*definitions, link.value()->address) : nullptr;
    if (user == nullptr) {
        return failed(request, 404, kLinkOver, kLinkOverLead);
    }
    return signed_in(request, *user, link.value()->way, request.field("til"));
}

HttpResponse SignInPages::signed_in(const HttpRequest& request, const workflows::User& user,
                                    const std::string& way, std::string_view return_to) const {
    const auto cookie = sessions_.begin(user, way, request);
    if (!cookie.ok()) {
        return pages_->error_page(request, 503);
    }
    report(SignInReport::Kind::SignedIn, way);
    HttpResponse out = see_other(safe_return(return_to));
    out.headers.emplace_back("Set-Cookie", cookie.value());
    return out;
}

std::shared_ptr<OpenIdProvider> SignInPages::provider() const {
    const auto settings = sessions_.settings();
    if (!settings || !settings->openid) {
        return nullptr;
    }
    const std::scoped_lock lock{mutex_};
    const auto definitions = engine_.definitions();
    if (provider_ == nullptr || provider_of_ != definitions->hash) {
        provider_ = std::make_shared<OpenIdProvider>(*settings->openid);
        provider_of_ = definitions->hash;
    }
    return provider_;
}

HttpResponse SignInPages::to_provider(const HttpRequest& request) const {
    const auto asked = provider();
    if (asked == nullptr) {
        return not_configured(*pages_, request);
    }
    if (too_often(request)) {
        return failed(request, 429, kTooOften, kTooOftenLead);
    }
    const auto definitions = engine_.definitions();
    const integrations::OpenIdSignIn sign_in{.redirect_uri = redirect_uri(*definitions),
                                             .state = random_token(),
                                             .nonce = random_token(),
                                             .verifier = random_token()};
    const workflows::Instant now = sessions_.now();
    const auto url = asked->authorization_url(sign_in, now);
    if (!url.ok()) {
        report(SignInReport::Kind::ProviderLost, url.error().message);
        return failed(request, 503, kProviderLost, kProviderLostLead);
    }
    const auto kept = store_.add_flow(workflows::sha256_hex(sign_in.state),
                                      {.nonce = sign_in.nonce,
                                       .verifier = sign_in.verifier,
                                       .return_to = safe_return(request.field("til")),
                                       .ends_at = now + kLinkTerm},
                                      now);
    if (!kept.ok()) {
        return pages_->error_page(request, 503);
    }
    // No redirection: the policy of our pages lets forms end up nowhere but here.
    HttpResponse out = pages_->draw(request, [&](View& view) -> PageResult {
        return Content{{"Videre til innlogging", "Vidare til innlogging"},
                       html("<p class=\"ds-paragraph\"><a class=\"ds-link\" href=\"{}\">{} {}</a>"
                            "</p>\n",
                            url.value(), view.pick("Gå videre til", "Gå vidare til"),
                            view.in(asked->settings().title))};
    });
    out.headers.emplace_back("Refresh", "0; url=" + url.value());
    out.headers.emplace_back("Set-Cookie", sessions_.flow_cookie(sign_in.state));
    return out;
}

HttpResponse SignInPages::from_provider(const HttpRequest& request) const {
    const auto asked = provider();
    if (asked == nullptr) {
        return not_configured(*pages_, request);
    }
    if (too_often(request)) {
        return failed(request, 429, kTooOften, kTooOftenLead);
    }
    const std::string state{request.argument("state").value_or("")};
    const auto refused = [&](const Text& lead) {
        HttpResponse out = failed(request, 403, kNotSignedIn, lead);
        out.headers.emplace_back("Set-Cookie", sessions_.flow_cookie(""));
        return out;
    };
    const Text again{"Begynn på nytt fra innloggingssiden.", "Begynn på nytt frå innloggingssida."};
    // Only the browser that set out comes back with the cookie: nobody is signed in as somebody
    // else by following a link (RFC 6819, 4.4.1.8).
    if (!same_token(state, sessions_.flow_of(request))) {
        return refused(again);
    }
    const auto flow = store_.take_flow(workflows::sha256_hex(state), sessions_.now());
    if (!flow.ok()) {
        return pages_->error_page(request, 503);
    }
    const std::string issuer{request.argument("iss").value_or(asked->settings().issuer)};
    const std::string code{request.argument("code").value_or("")};
    if (!flow.value() || code.empty() || issuer != asked->settings().issuer) {
        return refused(again);
    }
    const auto definitions = engine_.definitions();
    const auto claims = asked->redeem(code,
                                      {.redirect_uri = redirect_uri(*definitions),
                                       .state = state,
                                       .nonce = flow.value()->nonce,
                                       .verifier = flow.value()->verifier},
                                      sessions_.now());
    if (!claims.ok()) {
        report(SignInReport::Kind::ProviderLost, claims.error().message);
        return claims.error().kind == workflows::ErrorKind::Unavailable
                   ? failed(request, 503, kProviderLost, kProviderLostLead)
                   : refused(again);
    }
    const workflows::User* const user =
        user_of(claims.value(), asked->settings().claim, *definitions);
    if (user == nullptr) {
        report(SignInReport::Kind::Refused, "the provider knows somebody who is not in users.csv");
        return refused({"Du er ikke registrert som bruker her. Spør en administrator.",
                        "Du er ikkje registrert som brukar her. Spør ein administrator."});
    }
    HttpResponse out = signed_in(request, *user, "openid", flow.value()->return_to);
    out.headers.emplace_back("Set-Cookie", sessions_.flow_cookie(""));
    return out;
}

}  // namespace fristvakt::daemon
