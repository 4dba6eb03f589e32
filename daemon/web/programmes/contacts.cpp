#include <algorithm>
#include <charconv>

#include "daemon/access/rights.hpp"
#include "daemon/configuration/contact_table.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/digest.hpp"

/// Who is written to: the list, one person, and a table taken in.
namespace fristvakt::daemon {

using integrations::contact_key;
using integrations::LayerKey;
using workflows::Contact;
using workflows::Text;

namespace {

struct ContactField {
    std::string_view column;
    Text label;
    Text hint;
    ActionField::Kind kind{ActionField::Kind::Line};
    bool required{false};
};
const std::vector<ContactField>& contact_fields() {
    static const std::vector<ContactField> kAll{
        {"name", {"Navn", "Namn"}, {}, ActionField::Kind::Line, true},
        {"email", {"E-post", "E-post"}, {}, ActionField::Kind::Line, true},
        {"roles",
         {"Roller", "Roller"},
         {"Med mellomrom mellom, slik: ressursperson skoleeier.",
          "Med mellomrom mellom, slik: ressursperson skoleeier."},
         ActionField::Kind::Line,
         true},
        {"language",
         {"Målform", "Målform"},
         {"nb eller nn. Teller bare der organisasjonen er nøytral.",
          "nb eller nn. Tel berre der organisasjonen er nøytral."}},
        {"from", {"Fra og med", "Frå og med"}, {}, ActionField::Kind::Day},
        {"to",
         {"Til og med", "Til og med"},
         {"Den siste dagen personen har rollen. Etter den går meldingene til andre.",
          "Den siste dagen personen har rolla. Etter den går meldingane til andre."},
         ActionField::Kind::Day},
        {"phone", {"Telefon", "Telefon"}, {}},
    };
    return kAll;
}

ActionField drawn(const ContactField& field, const ContactCells& cells) {
    const auto value = cells.find(field.column);
    return {.name = std::string{field.column},
            .label = field.label,
            .hint = field.hint,
            .kind = field.kind,
            .required = field.required,
            .value = value == cells.end() ? std::string{} : value->second,
            .choices = {}};
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

/// What they are called; files keep what can be pasted in again.
Html role_words(const View& view, const Contact& contact) {
    Html out;
    for (const std::string& role : contact.roles) {
        out.add("{}{}", out.empty() ? "" : ", ", view.in(words_of_role(role)));
    }
    return out;
}

std::string contact_path(const LayerKey& key, std::size_t row) {
    return "/kontakter/person" + encode_query({{"nokkel", key.id}, {"rad", std::to_string(row)}});
}

std::optional<std::size_t> number_in(std::string_view text) {
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional{number}
                                                                     : std::nullopt;
}

/// What a table that was taken in got wrong.
Text words_of_table(const std::string& code) {
    const auto colon = code.find(':');
    const std::string kind = code.substr(0, colon);
    const std::string rest = colon == std::string::npos ? std::string{} : code.substr(colon + 1);
    if (kind == "column") {
        return {"Kolonnen «" + rest +
                    "» er ukjent. Kjente kolonner: Organisasjon, Navn, E-post, "
                    "Roller, Målform, Fra, Til, Telefon.",
                "Kolonnen «" + rest +
                    "» er ukjend. Kjende kolonnar: Organisasjon, Namn, E-post, "
                    "Roller, Målform, Frå, Til, Telefon."};
    }
    if (kind == "needs") {
        return {
            "En kolonne mangler. Tabellen må ha Organisasjon, Navn, E-post og Roller i første "
            "rad.",
            "Ein kolonne manglar. Tabellen må ha Organisasjon, Namn, E-post og Roller i første "
            "rad."};
    }
    if (kind == "quote") {
        return {"Linje " + rest + ": et hermetegn lukkes aldri.",
                "Linje " + rest + ": eit hermeteikn blir aldri lukka."};
    }
    if (kind == "row") {
        const std::string line = rest.substr(0, rest.find(':'));
        const std::string column = rest.substr(line.size() + 1);
        if (column == "organisation") {
            return {"Linje " + line + ": organisasjonen finnes ikke. Skriv id, nummer eller navn.",
                    "Linje " + line + ": organisasjonen finst ikkje. Skriv id, nummer eller namn."};
        }
        const auto& fields = contact_fields();
        const auto field = std::ranges::find(fields, column, &ContactField::column);
        const Text label = field == fields.end() ? Text{column, column} : field->label;
        return {"Linje " + line + ": «" + label.nb + "» kan ikke leses.",
                "Linje " + line + ": «" + label.nn + "» kan ikkje lesast."};
    }
    return {"Tabellen er tom. Første rad skal ha kolonnenavn, og så én rad for hver person.",
            "Tabellen er tom. Første rad skal ha kolonnenamn, og så éi rad for kvar person."};
}

Table contacts_table(const View& view, const std::string& only, bool ended) {
    using Where = Column::Where;
    Table table{
        .name = "kontaktpersoner",
        .title = {"Kontaktpersoner", "Kontaktpersonar"},
        .columns = {{"organisation_id", {"Organisasjons-id", "Organisasjons-id"}, Where::File},
                    {"name", {"Navn", "Namn"}},
                    {"organisation", {"Organisasjon", "Organisasjon"}},
                    {"email", {"E-post", "E-post"}},
                    {"roles", {"Roller", "Roller"}},
                    {"language", {"Målform", "Målform"}},
                    {"from", {"Fra", "Frå"}},
                    {"to", {"Til", "Til"}},
                    {"phone", {"Telefon", "Telefon"}},
                    {"change", {"Endre", "Endre"}, Where::Page}},
        .rows = {}};
    std::map<LayerKey, std::size_t> rows_of;
    for (const Contact& contact : view.definitions->contacts) {
        const LayerKey key = contact_key(contact.organisation, contact.email);
        const std::size_t row = rows_of[key]++;
        const bool is_over = contact.to && *contact.to < view.today();
        if ((!only.empty() && contact.organisation != only) ||
            (is_over && !ended && !view.wants_file())) {
            continue;
        }
        const auto* const organisation = view.definitions->find_organisation(contact.organisation);
        Html change;
        if (organisation != nullptr &&
            may(view.visitor(), Right::Plan, *organisation, *view.definitions)) {
            change.add(
                "<a class=\"ds-link\" href=\"{}\">{}<span class=\"ds-sr-only\"> {}</span></a>",
                contact_path(key, row), view.pick("Endre", "Endre"), contact.name);
        }
        table.rows.push_back({contact.organisation, contact.name,
                              Cell{organisation_name(contact.organisation, *view.definitions),
                                   organisation_link(view, contact.organisation)},
                              contact.email, Cell{joined(contact.roles), role_words(view, contact)},
                              contact.language ? Cell{language_tag(*contact.language)} : Cell{},
                              contact.from ? Cell{*contact.from} : Cell{},
                              contact.to ? Cell{*contact.to} : Cell{}, contact.phone,
                              Cell{change}});
    }
    return table;
}

}  // namespace

bool Programmes::may_plan_contacts(const View& view) const {
    return std::ranges::any_of(view.definitions->organisations, [&](const auto& one) {
        return may(view.visitor(), Right::Plan, one.second, *view.definitions);
    });
}

HttpResponse Programmes::contacts(View& view) const {
    Content content;
    content.title = {"Kontaktpersoner", "Kontaktpersonar"};
    const bool ended = view.argument("avsluttede") == "1";
    content.table = contacts_table(view, view.argument("organisasjon"), ended);
    if (view.wants_file()) {
        return pages_.file(view, content);
    }
    content.body.add(done_flash(view));
    if (may_plan_contacts(view)) {
        content.body.add(
            "<p><a class=\"ds-link\" href=\"/kontakter/person\">{}</a> · <a class=\"ds-link\" "
            "href=\"/kontakter/import\">{}</a></p>\n",
            view.pick("Ny kontaktperson", "Ny kontaktperson"),
            view.pick("Ta inn en tabell", "Ta inn ein tabell"));
    }
    content.body.add(
        "<p><a class=\"ds-link\" href=\"/kontakter{}\">{}</a></p>\n",
        encode_query(
            {{"organisasjon", view.argument("organisasjon")}, {"avsluttede", ended ? "" : "1"}}),
        ended ? view.pick("Skjul dem som er avsluttet", "Skjul dei som er avslutta")
              : view.pick("Vis også dem som er avsluttet", "Vis òg dei som er avslutta"));
    content.body.add(draw(view, *content.table));
    return pages_.respond(view, content, 200);
}

HttpResponse Programmes::contact_form(View& view) const {
    if (!may_plan_contacts(view)) {
        return pages_.error_page(view.request, 403);
    }
    const std::string id = view.argument("nokkel");
    if (id.empty()) {
        return show_contact(view, std::nullopt, 0, {}, 200);
    }
    const auto row = number_in(view.argument("rad"));
    return row ? show_contact(view, LayerKey{LayerKey::Kind::Contact, id}, *row, {}, 200)
               : pages_.error_page(view.request, 404);
}

HttpResponse Programmes::show_contact(View& view, const std::optional<LayerKey>& key,
                                      std::size_t row, const FormState& state, int status) const {
    ContactCells cells;
    if (key) {
        const auto known = desk_.contacts(view.visitor());
        const auto found = known.find(*key);
        if (found == known.end() || row >= found->second.size()) {
            return pages_.error_page(view.request, 404);
        }
        cells = found->second[row];
    }
    Html body = error_summary(view, "f", state);
    body.add(
        "<form class=\"fv-action\" method=\"post\" action=\"/kontakter/person\">{}{}{}",
        form_head(view, ContactChanged{.old = key, .row = row, .cells = cells, .today = {}}, state),
        key ? hidden("nokkel", key->id) : Html{},
        key ? hidden("rad", std::to_string(row)) : Html{});
    Html options;
    const auto written = state.values.find("organisation");
    const std::string chosen = written != state.values.end() ? written->second
                               : key                         ? cells["organisation"]
                                                             : view.argument("organisasjon");
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& [id, organisation] : view.definitions->organisations) {
        if (may(view.visitor(), Right::Plan, organisation, *view.definitions)) {
            all.emplace_back(organisation.name, id);
        }
    }
    std::ranges::sort(all,
                      [](const auto& a, const auto& b) { return comes_before(a.first, b.first); });
    for (const auto& [name, id] : all) {
        options.add("<option value=\"{}\"{}>{}</option>", id,
                    id == chosen ? html(" selected") : Html{}, name);
    }
    body.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-organisation\">{}</label>"
        "<select class=\"ds-input\" id=\"f-organisation\" name=\"organisation\">{}</select></div>"
        "\n",
        view.pick("Organisasjon", "Organisasjon"), options);
    for (const ContactField& field : contact_fields()) {
        body.add(draw_field(view, drawn(field, cells), "f", state));
    }
    body.add(
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>"
        "</form>\n<p><a class=\"ds-link\" href=\"/kontakter\">{}</a></p>\n",
        view.pick("Se over", "Sjå over"),
        view.pick("Alle kontaktpersoner", "Alle kontaktpersonar"));
    const Text title = key ? Text{"Endre kontaktperson", "Endre kontaktperson"}
                           : Text{"Ny kontaktperson", "Ny kontaktperson"};
    return page(view, title, body, status);
}

HttpResponse Programmes::contact(View& view, const FormData& form) const {
    if (!may_plan_contacts(view)) {
        return pages_.error_page(view.request, 403);
    }
    ContactChanged changed;
    changed.today = view.today();
    const std::string id = form.get("nokkel");
    if (!id.empty()) {
        const auto row = number_in(form.get("rad"));
        if (!row) {
            return pages_.error_page(view.request, 404);
        }
        changed.old = LayerKey{LayerKey::Kind::Contact, id};
        changed.row = *row;
    }
    changed.cells["organisation"] = form.get("organisation");
    for (const ContactField& field : contact_fields()) {
        changed.cells[std::string{field.column}] = form.get(field.column);
    }
    const auto again = [this, &view, key = changed.old, row = changed.row](const FormState& state,
                                                                           int status) {
        return show_contact(view, key, row, state, status);
    };
    const Text what = changed.old ? Text{"Endre kontaktperson", "Endre kontaktperson"}
                                  : Text{"Ny kontaktperson", "Ny kontaktperson"};
    const std::string back =
        "/kontakter" + encode_query({{"organisasjon", form.get("organisation")}});
    Order order{.path = "/kontakter/person",
                .back = back,
                .what = what,
                .edit = std::move(changed),
                .again = again};
    if (view.definitions->find_organisation(form.get("organisation")) == nullptr) {
        return refuse(view, order,
                      {workflows::ErrorKind::InvalidInput, "no organisation", "field:organisation"},
                      state_of_form(form));
    }
    return carry_out(view, form, order);
}

HttpResponse Programmes::import_form(View& view) const {
    if (!may_plan_contacts(view)) {
        return pages_.error_page(view.request, 403);
    }
    return show_import(view, {}, 200);
}

HttpResponse Programmes::show_import(View& view, const FormState& state, int status) const {
    const auto written = state.values.find("tabell");
    Html body = error_summary(view, "f", state);
    body.add(
        "<p class=\"ds-paragraph\">{}</p>\n<p class=\"ds-paragraph\">{}</p>\n"
        "<form class=\"fv-action\" method=\"post\" action=\"/kontakter/import\">{}"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-tabell\">{}</label>"
        "<textarea class=\"ds-input\" id=\"f-tabell\" name=\"tabell\" rows=\"12\">{}</textarea>"
        "</div><p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>"
        "</form>\n<p><a class=\"ds-link\" href=\"/kontakter?format=csv\">{}</a></p>\n",
        view.pick("Lim inn rader fra et regneark eller en CSV-fil. Første rad skal ha "
                  "kolonnenavn: Organisasjon, Navn, E-post og Roller, og gjerne Målform, Fra, Til "
                  "og Telefon.",
                  "Lim inn rader frå eit rekneark eller ei CSV-fil. Første rad skal ha "
                  "kolonnenamn: Organisasjon, Namn, E-post og Roller, og gjerne Målform, Frå, Til "
                  "og Telefon."),
        view.pick("Radene tar plassen til det som står om de samme personene fra før. Andre blir "
                  "stående som de er.",
                  "Radene tek plassen til det som står om dei same personane frå før. Andre blir "
                  "ståande som dei er."),
        form_token_field(view), view.pick("Tabell", "Tabell"),
        written == state.values.end() ? std::string{} : written->second,
        view.pick("Se over", "Sjå over"),
        view.pick("Last ned listen slik den er nå, rett den og lim den inn igjen",
                  "Last ned lista slik ho er no, rett ho og lim ho inn igjen"));
    return page(view, {"Ta inn kontaktpersoner", "Ta inn kontaktpersonar"}, body, status);
}

HttpResponse Programmes::take_in(View& view, const FormData& form) const {
    if (!may_plan_contacts(view)) {
        return pages_.error_page(view.request, 403);
    }
    const auto rows = read_contact_table(form.get("tabell"), *view.definitions);
    if (!rows.ok()) {
        FormState state = state_of_form(form);
        state.problems.push_back({"tabell", words_of_table(rows.error().code)});
        return show_import(view, state, 422);
    }
    return carry_out(view, form,
                     {.path = "/kontakter/import",
                      .back = "/kontakter",
                      .what = {"Ta inn kontaktpersoner", "Ta inn kontaktpersonar"},
                      .edit = ContactsImported{.rows = rows.value()},
                      .again = [this, &view](const FormState& state, int status) {
                          return show_import(view, state, status);
                      }});
}

}  // namespace fristvakt::daemon
