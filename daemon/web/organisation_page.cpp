#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/entry_text.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/digest.hpp"

/// One organisation: what it owes, who is written to, and all that happened.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Contact;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Organisation;
using workflows::RefusedAddresses;
using workflows::Result;

namespace {

constexpr std::size_t kCasesMax{500};
constexpr std::size_t kHistoryMax{100};

struct HistoryKind {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
    std::vector<std::string> kinds;
};
const std::vector<HistoryKind>& history_kinds() {
    static const std::vector<HistoryKind> kAll{
        {"", "Alt", "Alt", {"event", "settled", "told", "released", "not_taken"}},
        {"hendelser", "Svar og endringer", "Svar og endringar", {"event", "not_taken"}},
        {"meldinger", "Meldinger", "Meldingar", {"settled", "told", "copy_refused"}},
    };
    return kAll;
}

Table empty_table() {
    using Where = Column::Where;
    return {.name = "innsendinger",
            .title = {"Åpne innsendinger", "Opne innsendingar"},
            .columns = {choice_column(),
                        {"requirement", {"Krav", "Krav"}},
                        {"status", {"Status", "Status"}},
                        {"due", {"Frist", "Frist"}},
                        {"next_reminder", {"Neste påminnelse", "Neste påminning"}},
                        {"sent", {"Sendt", "Sende"}},
                        {"responsible", {"Ansvarlig", "Ansvarleg"}},
                        {"case", {"Sakens navn", "Namnet på saka"}, Where::File}},
            .rows = {}};
}

Result<std::vector<Cell>> row_of(View& view, const Case& item, const RefusedAddresses& refused) {
    const auto known = reminding_of(view, item, refused);
    if (!known.ok()) {
        return known.error();
    }
    const CaseStatus status = status_of(item, *view.definitions, view.now());
    const auto& steps = known.value().explanation.steps;
    const auto next = std::ranges::find_if(steps, &workflows::StepOutlook::next);
    return std::vector<Cell>{
        choice_cell(view, "innsendinger", item),
        Cell{view.in(case_title(item, *view.definitions)), case_link(view, item)},
        Cell{view.in(status.word), status_tag(view, item, status)},
        item.due ? Cell{item.due->date} : Cell{},
        next == steps.end() ? Cell{html("{} <a class=\"ds-link\" href=\"/sak/{}#hvorfor\">{}</a>",
                                        view.pick("Ingen.", "Inga."), encode_path(item.id),
                                        view.pick("Hvorfor?", "Kvifor?"))}
                            : Cell{next->at},
        known.value().sent,
        responsible_names(item, *view.definitions, view.today()),
        item.id};
}

Html mail_link(std::string_view address) {
    return address.empty()
               ? Html{}
               : html("<a class=\"ds-link\" href=\"mailto:{}\">{}</a>", address, address);
}

Html facts(const View& view, const Organisation& organisation) {
    Html out;
    out.add("<dl class=\"fv-facts\">\n");
    const auto add = [&](std::string_view term, const Html& value) {
        if (!value.empty()) {
            out.add("<dt>{}</dt><dd>{}</dd>\n", term, value);
        }
    };
    add(view.pick("Nummer", "Nummer"),
        organisation.number.empty() ? Html{} : html("{}", organisation.number));
    add(view.pick("Slag", "Slag"), html("{}", organisation.kind));
    add(view.pick("Hører til", "Høyrer til"),
        organisation.parent.empty() ? Html{} : organisation_link(view, organisation.parent));
    add(view.pick("Målform", "Målform"),
        html("{}", !organisation.language
                       ? view.pick("nøytral: kontaktpersonens ønske, ellers vårt eget",
                                   "nøytral: ønsket til kontaktpersonen, elles vårt eige")
                   : *organisation.language == workflows::Language::Nn ? "nynorsk"
                                                                       : "bokmål"));
    add(view.pick("Postmottak", "Postmottak"), mail_link(organisation.email));
    out.add("</dl>\n");
    return out;
}

Html roles_of(const View& view, const Contact& contact) {
    Html out;
    for (const std::string& role : contact.roles) {
        out.add("{}{}", out.empty() ? "" : ", ", view.in(words_of_role(role)));
    }
    if (contact.to) {
        out.add(" ({} {})", view.pick("til", "til"), numeric_date(*contact.to));
    } else if (contact.from && *contact.from > view.today()) {
        out.add(" ({} {})", view.pick("fra", "frå"), numeric_date(*contact.from));
    }
    return out;
}

Html contacts(const View& view, const Organisation& organisation, const RefusedAddresses& refused) {
    Table table{.name = "kontaktpersoner",
                .title = {"Kontaktpersoner", "Kontaktpersonar"},
                .columns = {{"name", {"Navn", "Namn"}},
                            {"roles", {"Rolle", "Rolle"}},
                            {"email", {"E-post", "E-post"}},
                            {"phone", {"Telefon", "Telefon"}}},
                .rows = {}};
    for (const Contact* const contact : view.definitions->contacts_of(organisation.id)) {
        Html address = mail_link(contact->email);
        if (refused.contains(workflows::lower_case(contact->email))) {
            address.add(" {}", tag("!", view.pick("Avvist", "Avvist"), "danger"));
        }
        table.rows.push_back({contact->name, Cell{roles_of(view, *contact)},
                              Cell{contact->email, address}, contact->phone});
    }
    Html change;
    if (may(view.visitor(), Right::Plan, organisation, *view.definitions)) {
        change.add("<p><a class=\"ds-link\" href=\"/kontakter{}\">{}</a></p>\n",
                   encode_query({{"organisasjon", organisation.id}}),
                   view.pick("Endre kontaktpersonene", "Endre kontaktpersonane"));
    }
    if (table.rows.empty()) {
        return html(
            "<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n<p "
            "class=\"ds-paragraph\">{}</p>\n{}",
            view.in(table.title),
            view.pick("Ingen kontaktpersoner er registrert. Meldingene går til postmottaket.",
                      "Ingen kontaktpersonar er registrerte. Meldingane går til postmottaket."),
            change);
    }
    return section(view, table).add(change);
}

/// Entries with the cases they are about.
Result<Html> history(View& view, const Organisation& organisation, const std::vector<Case>& cases) {
    const auto& kinds = history_kinds();
    const std::string chosen = view.argument("historikk");
    auto kind = std::ranges::find(kinds, chosen, &HistoryKind::id);
    kind = kind == kinds.end() ? kinds.begin() : kind;
    Html out = html(
        "<h2 class=\"ds-heading\" data-size=\"sm\" id=\"historikk\">{}</h2>\n"
        "<nav class=\"fv-views\" aria-label=\"{}\"><ul>",
        view.pick("Historikk", "Historikk"), view.pick("Vis av historikken", "Vis av historikken"));
    for (const HistoryKind& one : kinds) {
        out.add("<li><a class=\"ds-link\" href=\"{}{}#historikk\"{}>{}</a></li>",
                view.request.raw_path, encode_query({{"historikk", std::string{one.id}}}),
                &one == &*kind ? html(" aria-current=\"true\"") : Html{},
                view.pick(one.nb, one.nn));
    }
    out.add("</ul></nav>\n");
    workflows::LogFilter filter;
    for (const Case& item : cases) {
        filter.case_ids.push_back(item.id);
    }
    filter.kinds = kind->kinds;
    filter.before_sequence = parse_number(view.argument("eldre-enn")).value_or(0);
    filter.count_max = kHistoryMax;
    Html items;
    std::int64_t older{0};
    if (!cases.empty()) {
        const auto found = view.snapshot->log(filter);
        if (!found.ok()) {
            return found.error();
        }
        older = found.value().next_before;
        for (const workflows::HistoryEntry& one : found.value().entries) {
            const auto item = std::ranges::find(cases, one.entry.case_id, &Case::id);
            const Html text = item == cases.end() ? Html{} : entry_text(view, *item, {}, one.entry);
            if (!text.empty()) {
                items.add(
                    "<li id=\"l-{}\"><time datetime=\"{}\">{}</time> <span>{} ({})</span>"
                    "</li>\n",
                    one.sequence,
                    workflows::iso_instant(one.entry.at, view.definitions->time_zone()),
                    short_time(one.entry.at, view.definitions->time_zone()), text,
                    case_link(view, *item));
            }
        }
    }
    if (items.empty()) {
        out.add("<p class=\"ds-paragraph\">{} {}.</p>\n",
                view.pick("Ingen kontakt ennå med", "Ingen kontakt enno med"), organisation.name);
    } else {
        out.add("<ol class=\"fv-history\" reversed>\n{}</ol>\n", items);
    }
    if (older > 0) {
        out.add("<p><a class=\"ds-link\" href=\"{}{}#historikk\">{}</a></p>\n",
                view.request.raw_path,
                encode_query({{"historikk", chosen}, {"eldre-enn", std::to_string(older)}}),
                view.pick("Eldre historikk", "Eldre historikk"));
    }
    return out;
}

Html closed_cases(const View& view, const std::vector<Case>& cases) {
    Html items;
    int count{0};
    for (const Case& item : cases) {
        if (item.final) {
            ++count;
            const CaseStatus status = status_of(item, *view.definitions, view.now());
            items.add("<li>{} {} <small>{}</small></li>\n", case_link(view, item),
                      tag(status.sign, view.in(status.word), status.color), view.in(status.detail));
        }
    }
    return items.empty()
               ? items
               : html(
                     "<details class=\"ds-details\" id=\"avsluttet\"><summary>{} ({})</summary>"
                     "<ul>\n{}</ul></details>\n",
                     view.pick("Avsluttede innsendinger", "Avslutta innsendingar"), count, items);
}

Html nothing_open(const View& view) {
    return html(
        "<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n"
        "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"/oversikt\">{}</a></p>\n",
        view.pick("Åpne innsendinger", "Opne innsendingar"),
        view.pick("Ingenting er åpent her nå. Det neste kommer når et krav åpner.",
                  "Ingenting er ope her no. Det neste kjem når eit krav opnar."),
        view.pick("Se planoversikten", "Sjå planoversikta"));
}

}  // namespace

PageResult organisation_page(View& view) {
    const Organisation* const organisation =
        view.definitions->find_organisation(view.request.parameter("id"));
    if (organisation == nullptr) {
        return Error{ErrorKind::NotFound, "no such organisation"};
    }
    workflows::CaseFilter filter;
    filter.debtor = organisation->id;
    filter.count_max = kCasesMax;
    auto loaded = view.snapshot->cases(filter);
    if (!loaded.ok()) {
        return loaded.error();
    }
    std::vector<Case> cases = std::move(loaded).value();
    std::ranges::stable_sort(cases, {}, [](const Case& item) {
        return item.due ? item.due->ends_at : workflows::Instant::max();
    });
    const auto refused = refused_addresses(view.ledger, *view.definitions);
    Content out;
    out.title = {organisation->name, organisation->name};
    out.table = empty_table();
    for (const Case& item : cases) {
        if (item.final && !view.wants_file()) {
            continue;
        }
        auto row = row_of(view, item, refused);
        if (!row.ok()) {
            return row.error();
        }
        out.table->rows.push_back(std::move(row).value());
    }
    auto happened = history(view, *organisation, cases);
    if (!happened.ok()) {
        return happened.error();
    }
    out.body.add(facts(view, *organisation));
    out.body.add(out.table->rows.empty()
                     ? nothing_open(view)
                     : choosing(view, out.table->name, section(view, *out.table)));
    out.body.add(closed_cases(view, cases));
    out.body.add(contacts(view, *organisation, refused));
    out.body.add(happened.value());
    return out;
}

}  // namespace fristvakt::daemon
