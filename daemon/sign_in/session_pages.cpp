#include "daemon/access/rights.hpp"
#include "daemon/sign_in/sign_in_pages.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"

/// Signing out, here and everywhere, and the sessions that are open.
namespace fristvakt::daemon {

using integrations::StoredSession;

namespace {

std::string_view way_in_words(const View& view, const std::string& way) {
    if (way == "mail") {
        return view.pick("Lenke på e-post", "Lenkje på e-post");
    }
    return way == "command" ? view.pick("Lenke fra drift", "Lenkje frå drift")
                            : view.pick("Innloggingstjeneste", "Innloggingsteneste");
}

Html end_form(const View& view, const StoredSession& session) {
    return html(
        "<form method=\"post\" action=\"/okter/avslutt\">{}<input type=\"hidden\" name=\"id\" "
        "value=\"{}\"><button class=\"ds-button\" data-variant=\"secondary\" data-size=\"sm\" "
        "type=\"submit\">{}</button></form>",
        form_token_field(view), session.id, view.pick("Avslutt", "Avslutt"));
}

Html session_rows(const View& view, const std::vector<StoredSession>& sessions, bool with_address) {
    const auto& zone = view.definitions->time_zone();
    Html rows;
    for (const StoredSession& session : sessions) {
        const bool is_this = session.id == view.visitor().session;
        rows.add("<tr>");
        if (with_address) {
            rows.add("<td>{}</td>", session.address);
        }
        rows.add(
            "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            short_time(session.began_at, zone), short_time(session.seen_at, zone),
            way_in_words(view, session.way), session.client, session.browser,
            is_this ? html("{}", view.pick("Denne økten", "Denne økta")) : end_form(view, session));
    }
    return rows;
}

Html session_table(const View& view, const std::vector<StoredSession>& sessions,
                   bool with_address) {
    return html(
        "<div class=\"fv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table "
        "class=\"ds-table\"><thead><tr>{}<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
        with_address ? view.pick("Alle økter", "Alle økter")
                     : view.pick("Dine økter", "Øktene dine"),
        with_address ? html("<th scope=\"col\">{}</th>", view.pick("Bruker", "Brukar")) : Html{},
        view.pick("Begynte", "Byrja"), view.pick("Sist i bruk", "Sist i bruk"),
        view.pick("Måte", "Måte"), view.pick("Maskin", "Maskin"),
        view.pick("Nettleser", "Nettlesar"), view.pick("Handling", "Handling"),
        session_rows(view, sessions, with_address));
}

HttpResponse back_to(const char* path) {
    return {
        .status = 303, .headers = {{"Location", path}, {"Cache-Control", "no-store"}}, .body = {}};
}

}  // namespace

HttpResponse SignInPages::sessions_page(const HttpRequest& request) const {
    // Programs and those who need not sign in have none.
    if (request.visitor.kind != Visitor::Kind::Person) {
        return pages_->error_page(request, 404);
    }
    const bool all = may(request.visitor, Right::Administer);
    const auto now = sessions_.now();
    const auto own = store_.sessions(request.visitor.address, now, sessions_.idle_since());
    const auto everybodys = all ? store_.sessions("", now, sessions_.idle_since()) : own;
    if (!own.ok() || !everybodys.ok()) {
        return pages_->error_page(request, 503);
    }
    return pages_->draw(request, [&](View& view) -> PageResult {
        Content out{{"Dine økter", "Øktene dine"}, {}};
        out.body.add("<p class=\"ds-paragraph\">{} {}.</p>\n",
                     view.pick("Du er logget inn som", "Du er logga inn som"),
                     view.visitor().in_log());
        out.body.add(session_table(view, own.value(), false));
        out.body.add(
            "<form method=\"post\" action=\"/okter/avslutt-alle\">{}<p><button "
            "class=\"ds-button\" data-variant=\"secondary\" "
            "type=\"submit\">{}</button></p></form>\n",
            form_token_field(view),
            view.pick("Logg ut på alle maskiner", "Logg ut på alle maskiner"));
        if (all) {
            out.body.add("<h2 class=\"ds-heading\" data-size=\"md\">{}</h2>\n",
                         view.pick("Alle som er logget inn", "Alle som er logga inn"));
            out.body.add(session_table(view, everybodys.value(), true));
        }
        return out;
    });
}

HttpResponse SignInPages::end_session(const HttpRequest& request) const {
    const bool all = may(request.visitor, Right::Administer);
    if (request.visitor.kind != Visitor::Kind::Person || request.field("id").empty()) {
        return pages_->error_page(request, 404);
    }
    const auto ended =
        store_.end_session(request.field("id"), all ? std::string{} : request.visitor.address);
    if (!ended.ok()) {
        return pages_->error_page(request, 503);
    }
    return ended.value() ? back_to("/okter") : pages_->error_page(request, 404);
}

HttpResponse SignInPages::end_all(const HttpRequest& request) const {
    if (request.visitor.kind != Visitor::Kind::Person) {
        return pages_->error_page(request, 404);
    }
    const auto ended = store_.end_sessions(request.visitor.address);
    if (!ended.ok()) {
        return pages_->error_page(request, 503);
    }
    HttpResponse out = back_to("/logg-inn");
    out.headers.emplace_back("Set-Cookie", sessions_.forget());
    return out;
}

HttpResponse SignInPages::sign_out(const HttpRequest& request) const {
    if (request.visitor.kind != Visitor::Kind::Person) {
        return pages_->error_page(request, 404);
    }
    const auto ended = store_.end_session(request.visitor.session, request.visitor.address);
    if (!ended.ok()) {
        return pages_->error_page(request, 503);
    }
    HttpResponse out = back_to("/logg-inn");
    out.headers.emplace_back("Set-Cookie", sessions_.forget());
    return out;
}

}  // namespace fristvakt::daemon
