#include <algorithm>
#include <set>
#include <sstream>

#include "daemon/access/rights.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/programmes/programmes.hpp"

/// What was changed on the pages and in the folder too: side by side, and which shall count.
namespace fristvakt::daemon {

using integrations::LayerConflict;
using integrations::LayerKey;

namespace {

std::string_view word_of(LayerKey::Kind kind) {
    switch (kind) {
        case LayerKey::Kind::Cohort:
            return "pulje";
        case LayerKey::Kind::Organisation:
            return "organisasjon";
        case LayerKey::Kind::Contact:
            return "kontakt";
        case LayerKey::Kind::Plan:
            return "aktivitetsplan";
    }
    return "";
}

std::optional<LayerKey::Kind> kind_of(std::string_view word) {
    for (const auto kind : {LayerKey::Kind::Cohort, LayerKey::Kind::Organisation,
                            LayerKey::Kind::Contact, LayerKey::Kind::Plan}) {
        if (word_of(kind) == word) {
            return kind;
        }
    }
    return std::nullopt;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// A text whose lines are marked that stand in none of the others.
Html marked(const View& view, const std::string& text, const std::string& base) {
    if (text.empty()) {
        return html("<em>{}</em>", view.pick("Finnes ikke", "Finst ikkje"));
    }
    const auto known = lines_of(base);
    const std::set<std::string> old{known.begin(), known.end()};
    Html out;
    for (const std::string& line : lines_of(text)) {
        if (old.contains(line)) {
            out.add("{}\n", line);
        } else {
            out.add("<mark>{}</mark>\n", line);
        }
    }
    return out;
}

Html column(std::string_view title, const Html& text) {
    return html(
        "<div><h3 class=\"ds-heading\" data-size=\"xs\">{}</h3><pre class=\"fv-text\" "
        "tabindex=\"0\" aria-label=\"{}\">{}</pre></div>\n",
        title, title, text);
}

}  // namespace

HttpResponse Programmes::conflicts(View& view) const {
    if (!may(view.visitor(), Right::Plan)) {
        return pages_.error_page(view.request, 403);
    }
    Html body = done_flash(view);
    const auto conflicts = desk_.conflicts();
    if (conflicts.empty()) {
        body.add("<p class=\"ds-paragraph\">{}</p>\n",
                 view.pick("Ingen konflikter. Det som er endret her, passer med oppsettet.",
                           "Ingen konfliktar. Det som er endra her, passar med oppsettet."));
    } else {
        body.add("<p class=\"ds-paragraph\">{}</p>\n",
                 view.pick("Dette er endret både her på sidene og i oppsettet på maskinen. Det som "
                           "var i bruk, gjelder til du velger. Linjer som er nye, er merket.",
                           "Dette er endra både her på sidene og i oppsettet på maskina. Det som "
                           "var i bruk, gjeld til du vel. Linjer som er nye, er merkte."));
    }
    for (const LayerConflict& conflict : conflicts) {
        body.add(
            "<section><h2 class=\"ds-heading\" data-size=\"sm\">{} {}</h2>\n"
            "<div class=\"fv-side\">{}{}{}</div>\n",
            word_of(conflict.key.kind), conflict.key.id,
            column(view.pick("Slik det var", "Slik det var"),
                   marked(view, conflict.base, conflict.base)),
            column(view.pick("I oppsettet nå", "I oppsettet no"),
                   marked(view, conflict.folder, conflict.base)),
            column(view.pick("Endret her", "Endra her"),
                   marked(view, conflict.own, conflict.base)));
        for (const bool own : {true, false}) {
            const Html head = form_head(view, ConflictSettled{.key = conflict.key});
            body.add(small_form(
                head, "/ordninger/konflikter",
                {{"slag", std::string{word_of(conflict.key.kind)}},
                 {"id", conflict.key.id},
                 {"velg", own ? "her" : "mappe"}},
                own ? view.pick("Behold det som er endret her", "Behald det som er endra her")
                    : view.pick("Bruk det som står i oppsettet", "Bruk det som står i oppsettet"),
                conflict.key.id));
        }
        body.add("</section>\n");
    }
    body.add("<p><a class=\"ds-link\" href=\"/ordninger\">{}</a></p>\n",
             view.pick("Ordninger og puljer", "Ordningar og puljer"));
    return page(view, {"Konflikter i oppsettet", "Konfliktar i oppsettet"}, body);
}

HttpResponse Programmes::settle(View& view, const FormData& form) const {
    const auto kind = kind_of(form.get("slag"));
    const std::string choice = form.get("velg");
    if (!kind || (choice != "her" && choice != "mappe")) {
        return pages_.error_page(view.request, 404);
    }
    const bool own = choice == "her";
    return carry_out(view, form,
                     {.path = "/ordninger/konflikter",
                      .back = "/ordninger/konflikter",
                      .what = own ? workflows::Text{"Behold det som er endret her",
                                                    "Behald det som er endra her"}
                                  : workflows::Text{"Bruk det som står i oppsettet",
                                                    "Bruk det som står i oppsettet"},
                      .edit = ConflictSettled{.key = {*kind, form.get("id")}, .keep_own = own},
                      .again = [this, &view](const FormState&, int) {
                          return pages_.error_page(view.request, 404);
                      }});
}

}  // namespace fristvakt::daemon
