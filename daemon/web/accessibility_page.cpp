#include "daemon/web/view.hpp"

/// The statement that the law asks for (forskrift 2013-06-21-732 om universell utforming av IKT).
namespace fristvakt::daemon {

PageResult accessibility_page(View& view) {
    Content out;
    out.title = {"Tilgjengelighetserklæring", "Tilgjengelegheitserklæring"};
    const std::string& contact = view.definitions->installation.mail.reply_to;
    const auto paragraph = [&](std::string_view nb, std::string_view nn) {
        out.body.add("<p class=\"ds-paragraph\">{}</p>\n", view.pick(nb, nn));
    };
    paragraph(
        "Sidene skal følge WCAG 2.1 på nivå A og AA, slik forskriften krever av offentlige "
        "virksomheter.",
        "Sidene skal følgje WCAG 2.1 på nivå A og AA, slik forskrifta krev av offentlege "
        "verksemder.");
    paragraph(
        "Hver side prøves automatisk før hver ny versjon: lys og mørk, 320 og 1280 punkter "
        "bred, på bokmål og nynorsk, og med tastatur alene. Prøvene finner ingen brudd. De "
        "dekker ikke alt; skjermlesere er ikke prøvd av brukere ennå.",
        "Kvar side blir prøvd automatisk før kvar ny versjon: lys og mørk, 320 og 1280 "
        "punkt brei, på bokmål og nynorsk, og med tastatur åleine. Prøvene finn ingen brot. "
        "Dei dekkjer ikkje alt; skjermlesarar er ikkje prøvde av brukarar enno.");
    paragraph(
        "Brede tabeller og tidslinjer ruller for seg selv på smale skjermer. Tidslinjene er "
        "bilder; det samme står i en tabell rett under.",
        "Breie tabellar og tidslinjer rullar for seg sjølve på smale skjermar. Tidslinjene "
        "er bilete; det same står i ein tabell rett under.");
    paragraph(
        "Alt virker uten JavaScript. Med JavaScript holder sidene seg oppdatert uten å "
        "flytte det du leser eller skriver.",
        "Alt verkar utan JavaScript. Med JavaScript held sidene seg oppdaterte utan å "
        "flytte det du les eller skriv.");
    if (!contact.empty()) {
        out.body.add(
            "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" "
            "href=\"mailto:{}\">{}</a>.</p>\n",
            view.pick("Finner du noe du ikke får brukt, skriv til",
                      "Finn du noko du ikkje får brukt, skriv til"),
            contact, contact);
    }
    return out;
}

}  // namespace fristvakt::daemon
