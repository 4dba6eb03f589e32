#include "daemon/web/frame.hpp"

#include <algorithm>
#include <array>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/visitor_links.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Language;
using workflows::SendingMode;

namespace {

constexpr std::string_view kMeetings{"/moter"};

struct MenuEntry {
    std::string_view path;
    std::string_view nb;
    std::string_view nn;
};
/// What a case officer opens every day; meetings where there are any.
constexpr std::array kMenu{
    MenuEntry{"/", "I dag", "I dag"},
    MenuEntry{"/oversikt", "Planoversikt", "Planoversikt"},
    MenuEntry{"/frister", "Frister", "Fristar"},
    MenuEntry{kMeetings, "Møter", "Møte"},
    MenuEntry{"/utboks", "Utsendinger", "Utsendingar"},
    MenuEntry{"/punktlighet", "Punktlighet", "Punktlegheit"},
    MenuEntry{"/hendelser", "Hendelseslogg", "Hendingslogg"},
};

Html language_link(const View& view) {
    const bool is_nb = view.language == Language::Nb;
    auto arguments = view.request.query;
    std::erase_if(arguments, [](const auto& argument) { return argument.first == "lang"; });
    arguments.emplace_back("lang", is_nb ? "nn" : "nb");
    return html("<a class=\"ds-link\" href=\"{}{}\" lang=\"{}\" hreflang=\"{}\">{}</a>",
                view.request.raw_path, encode_query(arguments), is_nb ? "nn" : "nb",
                is_nb ? "nn" : "nb", is_nb ? "Nynorsk" : "Bokmål");
}

Html menu_link(const View& view, const MenuEntry& entry) {
    const std::string_view path = view.request.raw_path;
    const bool is_here = path == entry.path;
    const bool is_below = entry.path.size() > 1 && path.starts_with(entry.path) && !is_here &&
                          path[entry.path.size()] == '/';
    return html("<li><a class=\"ds-link\" href=\"{}\"{}>{}</a></li>", entry.path,
                is_here    ? html(" aria-current=\"page\"")
                : is_below ? html(" aria-current=\"true\"")
                           : Html{},
                view.pick(entry.nb, entry.nn));
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
    if (!view.visitor().is_known()) {
        return out;
    }
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
                       : html("<section id=\"driftsmeldinger\" aria-label=\"{}\">\n{}</section>\n",
                              view.pick("Driftsmeldinger", "Driftsmeldingar"), out);
}

Html search_form(const View& view) {
    return html(
        "<form class=\"fv-search\" role=\"search\" method=\"get\" action=\"/sok\">"
        "<label class=\"ds-sr-only\" for=\"sok\">{}</label>"
        "<input class=\"ds-input\" id=\"sok\" type=\"search\" name=\"q\" value=\"{}\">"
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>"
        "</form>\n",
        view.pick("Søk etter kommune, nummer eller saksnummer",
                  "Søk etter kommune, nummer eller saksnummer"),
        view.request.raw_path == "/sok" ? view.argument("q") : std::string{},
        view.pick("Søk", "Søk"));
}

/// The same list to take along.
Html take_along(const View& view, const Content& content) {
    if (!content.table) {
        return {};
    }
    const auto link = [&](std::string_view format, std::string_view word) {
        auto arguments = view.request.query;
        std::erase_if(arguments, [](const auto& argument) {
            return argument.first == "format" || argument.first == "etter";
        });
        arguments.emplace_back("format", format);
        return html("<li><a class=\"ds-link\" href=\"{}{}\">{}</a></li>", view.request.raw_path,
                    encode_query(arguments), word);
    };
    Html links;
    links.add(link("csv", "CSV")).add(link("xlsx", "Excel")).add(link("json", "JSON"));
    if (content.has_calendar) {
        links.add(link("ics", view.pick("Kalender (ICS)", "Kalender (ICS)")));
        if (may_somewhere(view.visitor(), Right::Plan)) {
            links.add("<li><a class=\"ds-link\" href=\"/kalendere\">{}</a></li>",
                      view.pick("Abonner på frister", "Abonner på fristar"));
        }
    }
    return html("<nav class=\"fv-take\" aria-label=\"{}\"><p>{}</p><ul>{}</ul></nav>\n",
                view.pick("Ta med listen", "Ta med lista"),
                view.pick("Ta med listen:", "Ta med lista:"), links);
}

}  // namespace

Html Frame::around(const View& view, const Content& content) const {
    Html out;
    out.reserve(content.body.str().size() + 8192);
    out.add(head(view, content));
    out.add(bars(view));
    // Filled by the script when it gets no answer; says nothing without it.
    out.add(
        "<div id=\"forbindelse\" role=\"status\" data-lost=\"{}\" data-back=\"{}\" "
        "data-ended=\"{}\"></div>\n",
        view.pick("Mistet forbindelsen med fristvakt. Siden viser det som var sist kjent. "
                  "Prøver igjen …",
                  "Mista sambandet med fristvakt. Sida viser det som var sist kjent. Prøver "
                  "igjen …"),
        view.pick("Forbindelsen er tilbake.", "Sambandet er tilbake."),
        view.pick("Du er logget ut. Last siden på nytt for å logge inn igjen.",
                  "Du er logga ut. Last sida på nytt for å logge inn igjen."));
    out.add(
        "<main id=\"innhold\" tabindex=\"-1\">\n<h1 class=\"ds-heading\" data-size=\"lg\">{}"
        "</h1>\n",
        view.in(content.title));
    out.add(content.body);
    out.add(take_along(view, content));
    out.add("</main>\n");
    out.add(foot(view));
    return out;
}

Html Frame::menu(const View& view) const {
    Html out;
    out.add("<nav aria-label=\"{}\"><ul>", view.pick("Hovedmeny", "Hovudmeny"));
    const bool has_meetings = std::ranges::any_of(
        view.definitions->cohorts,
        [](const workflows::Cohort& cohort) { return !cohort.meetings.empty(); });
    for (const MenuEntry& entry : kMenu) {
        if (has_meetings || entry.path != kMeetings) {
            out.add(menu_link(view, entry));
        }
    }
    out.add("</ul></nav>\n");
    return out;
}

Html Frame::head(const View& view, const Content& content) const {
    Html out;
    out.add(
        "<!doctype html>\n<html lang=\"{}\" data-color-scheme=\"auto\">\n<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{} – fristvakt</title>\n"
        "<link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">\n",
        language_tag(view.language), view.in(content.title), assets.url("favicon.svg"));
    for (const char* sheet : {"designsystemet-theme.css", "designsystemet.css", "fristvakt.css"}) {
        out.add("<link rel=\"stylesheet\" href=\"{}\">\n", assets.url(sheet));
    }
    if (!state.empty()) {
        out.add(
            "<meta name=\"fristvakt-state\" content=\"{}\">\n"
            "<script src=\"{}\" defer></script>\n",
            state, assets.url("fristvakt.js"));
    }
    out.add("<script src=\"{}\" defer></script>\n", assets.url("bulk.js"));
    out.add("</head>\n<body>\n<a class=\"ds-skip-link\" href=\"#innhold\">{}</a>\n",
            view.pick("Hopp til hovedinnholdet", "Hopp til hovudinnhaldet"));
    out.add(
        "<header class=\"fv-head\">\n<p class=\"fv-name\"><strong>fristvakt</strong> "
        "<span>{}</span></p>\n",
        view.in(view.definitions->installation.name));
    // Strangers find nothing behind these.
    if (view.visitor().is_known()) {
        out.add(menu(view));
        out.add(search_form(view));
    }
    out.add("<div class=\"fv-visitor\">{} {}</div>\n</header>\n", visitor_links(view),
            language_link(view));
    return out;
}

Html Frame::foot(const View& view) const {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Html out;
    out.add("<footer class=\"fv-foot\">\n<p id=\"oppdatert\">{} {}.",
            view.pick("Oppdatert", "Oppdatert"), long_time(view.now(), zone, view.language));
    if (view.health.wake_at && view.visitor().is_known()) {
        out.add(
            " {} {}.",
            view.pick("Neste gang noe skjer av seg selv:", "Neste gong noko skjer av seg sjølv:"),
            long_time(*view.health.wake_at, zone, view.language));
    }
    out.add("</p>\n<p>fristvakt {} · ", version);
    if (view.visitor().is_known()) {
        out.add(
            "<a class=\"ds-link\" href=\"/ordninger\">{}</a> · <a class=\"ds-link\" "
            "href=\"/kontakter\">{}</a> · <a class=\"ds-link\" href=\"/drift\">{}</a> · ",
            view.pick("Ordninger og puljer", "Ordningar og puljer"),
            view.pick("Kontaktpersoner", "Kontaktpersonar"), view.pick("Drift", "Drift"));
    }
    out.add(
        "<a class=\"ds-link\" href=\"/tilgjengelighet\">{}</a> · "
        "<a class=\"ds-link\" href=\"/api/openapi.yaml\">{}</a> · "
        "<a class=\"ds-link\" href=\"{}\">{}</a></p>\n</footer>\n</body>\n</html>\n",
        view.pick("Tilgjengelighetserklæring", "Tilgjengelegheitserklæring"),
        view.pick("API-beskrivelse", "API-beskriving"), assets.url("licences/designsystemet.txt"),
        view.pick("Lisens for Designsystemet", "Lisens for Designsystemet"));
    return out;
}

}  // namespace fristvakt::daemon
