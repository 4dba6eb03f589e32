#include "daemon/feeds/feed_pages.hpp"

#include <algorithm>
#include <charconv>

#include "daemon/access/rights.hpp"
#include "daemon/feeds/feed_contents.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using integrations::StoredFeed;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::chrono::hours kUseNotedEvery{1};

std::int64_t number_in(const std::string& text) {
    return parse_number(text).value_or(0);
}

/// "o:gjovik", "c:pulje-5", "p:kari@gjovik.example"; nothing else.
/// Why a calendar was not made: nobody was chosen. Else they are not known.
constexpr std::string_view kNobody{"nobody"};

std::optional<NewFeed> feed_in(const std::string& text) {
    if (text.size() < 3 || text[1] != ':') {
        return std::nullopt;
    }
    const std::string subject = text.substr(2);
    switch (text[0]) {
        case 'o':
            return NewFeed{StoredFeed::Of::Organisation, subject};
        case 'c':
            return NewFeed{StoredFeed::Of::Cohort, subject};
        case 'p':
            return NewFeed{StoredFeed::Of::Person, subject};
        default:
            return std::nullopt;
    }
}

std::string subject_in_words(const View& view, const StoredFeed& feed) {
    switch (feed.of) {
        case StoredFeed::Of::Organisation:
            return organisation_name(feed.subject, *view.definitions);
        case StoredFeed::Of::Cohort: {
            const auto* const cohort = view.definitions->find_cohort(feed.subject);
            return cohort == nullptr ? feed.subject : view.in(cohort->title) + ", " + cohort->id;
        }
        case StoredFeed::Of::Person:
            break;
    }
    return feed.subject;
}

Html button(const View& view, std::int64_t number, std::string_view action, std::string_view word) {
    return html(
        "<form method=\"post\" action=\"/kalendere/{}\" class=\"fv-inline\">{}<input "
        "type=\"hidden\" name=\"nummer\" value=\"{}\"><button class=\"ds-button\" "
        "data-variant=\"secondary\" data-size=\"sm\" type=\"submit\">{} {}</button></form>",
        action, form_token_field(view), number, word, number);
}

Html feed_table(const View& view, const std::vector<StoredFeed>& feeds) {
    if (feeds.empty()) {
        return html("<p class=\"ds-paragraph\">{}</p>\n",
                    view.pick("Ingen kalendere er laget.", "Ingen kalendrar er laga."));
    }
    const auto& zone = view.definitions->time_zone();
    Html rows;
    for (const StoredFeed& feed : feeds) {
        rows.add("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{} {}</td></tr>\n",
                 feed.number, subject_in_words(view, feed), feed.made_by,
                 short_time(feed.made_at, zone),
                 feed.used_at ? short_time(*feed.used_at, zone)
                              : std::string{view.pick("Aldri", "Aldri")},
                 button(view, feed.number, "bytt", view.pick("Bytt adresse", "Byt adresse")),
                 button(view, feed.number, "avslutt", view.pick("Avslutt", "Avslutt")));
    }
    return html(
        "<div class=\"fv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table "
        "class=\"ds-table\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
        view.pick("Kalendere", "Kalendrar"), view.pick("Nummer", "Nummer"),
        view.pick("Gjelder", "Gjeld"), view.pick("Laget av", "Laga av"),
        view.pick("Adressen er fra", "Adressa er frå"), view.pick("Sist hentet", "Sist henta"),
        view.pick("Handling", "Handling"), rows);
}

/// What the visitor may give to somebody: `may` says which organisations and cohorts.
Html subject_options(const View& view) {
    const Visitor& visitor = view.visitor();
    Html out;
    if (!visitor.address.empty()) {
        out.add("<option value=\"p:{}\">{}</option>\n", visitor.address,
                view.pick("Meg: det jeg følger opp", "Meg: det eg følgjer opp"));
    }
    for (const auto& cohort : view.definitions->cohorts) {
        if (may(visitor, Right::Plan, cohort, *view.definitions)) {
            out.add("<option value=\"c:{}\">{}: {}, {}</option>\n", cohort.id,
                    view.pick("Pulje", "Pulje"), view.in(cohort.title), cohort.id);
        }
    }
    std::vector<const workflows::Organisation*> ours;
    for (const auto& [id, organisation] : view.definitions->organisations) {
        if (may(visitor, Right::Plan, organisation, *view.definitions)) {
            ours.push_back(&organisation);
        }
    }
    std::ranges::sort(ours, [](const auto* a, const auto* b) {
        return a->name != b->name ? comes_before(a->name, b->name) : a->id < b->id;
    });
    for (const auto* const organisation : ours) {
        out.add("<option value=\"o:{}\">{}</option>\n", organisation->id, organisation->name);
    }
    return out;
}

Html make_forms(const View& view) {
    return html(
        "<h2 class=\"ds-heading\" data-size=\"md\">{}</h2>\n"
        "<form method=\"post\" action=\"/kalendere\" class=\"fv-form\">{}\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"gjelder\">{}</label>"
        "<select class=\"ds-input\" id=\"gjelder\" name=\"gjelder\">{}</select></div>\n"
        "<p><button class=\"ds-button\" type=\"submit\">{}</button></p></form>\n"
        "<form method=\"post\" action=\"/kalendere\" class=\"fv-form\">{}\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"adresse\">{}</label>"
        "<input class=\"ds-input\" id=\"adresse\" name=\"adresse\" type=\"email\" required></div>\n"
        "<p><button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button></p>"
        "</form>\n",
        view.pick("Ny kalender", "Ny kalender"), form_token_field(view),
        view.pick("Hva skal den vise?", "Kva skal han vise?"), subject_options(view),
        view.pick("Lag kalender", "Lag kalender"), form_token_field(view),
        view.pick("Eller for en kontaktperson, med e-postadressen",
                  "Eller for ein kontaktperson, med e-postadressa"),
        view.pick("Lag kalender for personen", "Lag kalender for personen"));
}

/// The same address for programs that ask to subscribe when it is followed.
std::string webcal(const std::string& url) {
    const auto colon = url.find(':');
    return colon == std::string::npos ? url : "webcal" + url.substr(colon);
}

Html made_notice(const View& view, const std::string& url) {
    return html(
        "<div class=\"ds-alert\" data-color=\"success\" role=\"status\"><p>{}</p><p><code "
        "class=\"fv-secret\">{}</code></p><p><a class=\"ds-link\" href=\"{}\">{}</a></p></div>\n",
        view.pick("Adressen vises bare nå. Ta vare på den, og gi den bare til den det gjelder:",
                  "Adressa blir vist berre no. Ta vare på ho, og gi ho berre til den det gjeld:"),
        url, webcal(url), view.pick("Abonner i kalenderen din", "Abonner i kalenderen din"));
}

bool has_tag(std::string_view if_none_match, std::string_view tag) {
    return if_none_match.find(tag) != std::string_view::npos;
}

}  // namespace

void FeedPages::add_routes(Router& router, const Pages& pages) {
    pages_ = &pages;
    router.add({"GET", "/k/{token}", "feed", Needs::nothing(),
                [this](const HttpRequest& request) { return serve(request); }});
    router.add({"GET", "/kalendere", "page_feeds", Right::Plan,
                [this](const HttpRequest& request) { return list(request, "", ""); }});
    router.add({"POST", "/kalendere", "feed_make", Right::Plan,
                [this](const HttpRequest& request) { return make(request); }});
    router.add({"POST", "/kalendere/bytt", "feed_renew", Right::Plan,
                [this](const HttpRequest& request) { return renew(request); }});
    router.add({"POST", "/kalendere/avslutt", "feed_end", Right::Plan,
                [this](const HttpRequest& request) { return end(request); }});
}

HttpResponse FeedPages::serve(const HttpRequest& request) const {
    constexpr std::string_view kEnding{".ics"};
    std::string_view token = request.parameter("token");
    // Not the path: whoever logs answers would log the secret.
    const HttpResponse nothing =
        problem(404, "no calendar has this address; it was changed, or ended: ask for a new one");
    if (!token.ends_with(kEnding)) {
        return nothing;
    }
    token.remove_suffix(kEnding.size());
    const auto feed = store_.find_feed(workflows::sha256_hex(token));
    const auto definitions = engine_.definitions();
    const auto snapshot = engine_.snapshot();
    if (feed.ok() && !feed.value()) {
        return nothing;
    }
    const auto contents =
        !feed.ok() || definitions == nullptr || snapshot == nullptr
            ? Result<integrations::calendar::Calendar>{Error{ErrorKind::Unavailable, ""}}
            : feed_contents(*feed.value(), *definitions, *snapshot, engine_.health().now);
    if (!contents.ok()) {
        HttpResponse out = problem(503, "the calendar is not ready; try again in a minute");
        out.headers.emplace_back("Retry-After", "60");
        return out;
    }
    const auto now = options_.now();
    if (!feed.value()->used_at || *feed.value()->used_at + kUseNotedEvery <= now) {
        // Lost, it is noted the next time.
        static_cast<void>(store_.use_feed(feed.value()->number, now).ok());
    }
    std::string body = to_icalendar(contents.value(), definitions->time_zone());
    const std::string tag = "\"" + workflows::sha256_hex(body).substr(0, 32) + "\"";
    HttpResponse out{.status = 200,
                     .headers = {{"ETag", tag},
                                 {"Cache-Control", "private, no-cache"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"X-Robots-Tag", "noindex"},
                                 {"X-Content-Type-Options", "nosniff"}},
                     .body = {}};
    if (has_tag(request.header("if-none-match").value_or(""), tag)) {
        out.status = 304;
        return out;
    }
    out.headers.emplace_back("Content-Type", "text/calendar; charset=utf-8");
    out.headers.emplace_back("Content-Disposition", "inline; filename=\"frister.ics\"");
    out.body = std::move(body);
    return out;
}

bool FeedPages::may_give(const Visitor& visitor, const StoredFeed& feed) const {
    if (may(visitor, Right::Plan)) {
        return true;
    }
    const auto definitions = engine_.definitions();
    const auto may_plan_for = [&](std::string_view id) {
        const auto* const found = definitions->find_organisation(id);
        return found != nullptr && may(visitor, Right::Plan, *found, *definitions);
    };
    switch (feed.of) {
        case StoredFeed::Of::Organisation:
            return may_plan_for(feed.subject);
        case StoredFeed::Of::Cohort: {
            const auto* const cohort = definitions->find_cohort(feed.subject);
            return cohort != nullptr && may(visitor, Right::Plan, *cohort, *definitions);
        }
        case StoredFeed::Of::Person:
            break;
    }
    const std::string address = workflows::lower_case(feed.subject);
    const auto organisations = organisations_of(
        address, *definitions, definitions->time_zone().date_of(engine_.health().now));
    return address == visitor.address ||
           (!organisations.empty() && std::ranges::all_of(organisations, may_plan_for));
}

HttpResponse FeedPages::list(const HttpRequest& request, const std::string& url,
                             const std::string& problem) const {
    auto stored = store_.feeds();
    if (!stored.ok()) {
        return pages_->error_page(request, 503);
    }
    std::vector<StoredFeed> feeds = std::move(stored).value();
    std::erase_if(feeds, [&](const StoredFeed& feed) { return !may_give(request.visitor, feed); });
    return pages_->draw(request, [&](View& view) -> PageResult {
        Content out{{"Kalendere", "Kalendrar"}, {}};
        if (!url.empty()) {
            out.body.add(made_notice(view, url));
        }
        if (!problem.empty()) {
            out.body.add(
                "<p class=\"ds-alert\" data-color=\"danger\" role=\"alert\">{}: {}</p>\n",
                view.pick("Kalenderen ble ikke laget", "Kalenderen vart ikkje laga"),
                problem == kNobody
                    ? view.pick("Velg hvem sine frister den skal vise.",
                                "Vel kven sine fristar han skal vise.")
                    : view.pick("Ingen kontaktperson eller bruker har den adressen, og ingen "
                                "organisasjon eller pulje det navnet. Se over skrivemåten.",
                                "Ingen kontaktperson eller brukar har den adressa, og ingen "
                                "organisasjon eller pulje det namnet. Sjå over skrivemåten."));
        }
        out.body.add(
            "<p class=\"ds-paragraph\">{}</p>\n",
            view.pick("Frister å abonnere på i Outlook, Google eller på telefonen. Den som har "
                      "adressen, ser fristene uten å logge inn: bytt den om den kommer på avveier.",
                      "Fristar å abonnere på i Outlook, Google eller på telefonen. Den som har "
                      "adressa, ser fristane utan å logge inn: byt ho om ho kjem på avvegar."));
        out.body.add(feed_table(view, feeds));
        out.body.add(make_forms(view));
        return out;
    });
}

HttpResponse FeedPages::refused(const HttpRequest& request, const Error& error) const {
    if (error.kind != ErrorKind::InvalidInput) {
        return pages_->error_page(request, error.kind == ErrorKind::NotFound ? 404 : 503);
    }
    HttpResponse out = list(request, "", error.code.empty() ? "unknown" : error.code);
    out.status = out.status == 200 ? 422 : out.status;
    return out;
}

HttpResponse FeedPages::make(const HttpRequest& request) const {
    const std::string& address = request.field("adresse");
    auto wanted = feed_in(address.empty() ? request.field("gjelder") : "p:" + address);
    if (!wanted) {
        return refused(request,
                       {ErrorKind::InvalidInput, "nobody is chosen", std::string{kNobody}});
    }
    // What they may not give is as if it were not there.
    if (!may_give(request.visitor, {.of = wanted->of, .subject = wanted->subject})) {
        return pages_->error_page(request, 404);
    }
    wanted->made_by = request.visitor.address;
    const auto made = make_feed(store_, *engine_.definitions(), *wanted, options_.now());
    if (!made.ok()) {
        return refused(request, made.error());
    }
    report(FeedReport::Kind::Made, made.value().number);
    return list(request, made.value().url, "");
}

Result<StoredFeed> FeedPages::named_in(const HttpRequest& request) const {
    const auto feeds = store_.feeds();
    if (!feeds.ok()) {
        return feeds.error();
    }
    const auto found =
        std::ranges::find(feeds.value(), number_in(request.field("nummer")), &StoredFeed::number);
    if (found == feeds.value().end() || !may_give(request.visitor, *found)) {
        return Error{ErrorKind::NotFound, "there is no such feed"};
    }
    return *found;
}

HttpResponse FeedPages::renew(const HttpRequest& request) const {
    const auto feed = named_in(request);
    if (!feed.ok()) {
        return refused(request, feed.error());
    }
    const auto renewed =
        renew_feed(store_, *engine_.definitions(), feed.value().number, options_.now());
    if (!renewed.ok()) {
        return refused(request, renewed.error());
    }
    report(FeedReport::Kind::Renewed, renewed.value().number);
    return list(request, renewed.value().url, "");
}

HttpResponse FeedPages::end(const HttpRequest& request) const {
    const auto feed = named_in(request);
    if (!feed.ok()) {
        return refused(request, feed.error());
    }
    const auto ended = store_.end_feed(feed.value().number);
    if (!ended.ok()) {
        return refused(request, ended.error());
    }
    report(FeedReport::Kind::Ended, feed.value().number);
    return {.status = 303,
            .headers = {{"Location", "/kalendere"}, {"Cache-Control", "no-store"}},
            .body = {}};
}

void FeedPages::report(FeedReport::Kind kind, std::int64_t number) const {
    if (options_.report) {
        options_.report({kind, number});
    }
}

}  // namespace fristvakt::daemon
