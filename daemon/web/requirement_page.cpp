#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/engine/sample_message.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/actions/notice_tests.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/requirement_preview.hpp"
#include "daemon/web/timeline.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/time/worth_telling.hpp"

/// One requirement: whom it applies to, its ladder, its notices as they would be written.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Opening;
using workflows::Requirement;

namespace {

constexpr std::size_t kCasesMax{2000};

struct Sheet {
    View& view;
    const Cohort& cohort;
    const Requirement& requirement;
    std::vector<Opening> openings;
};

std::vector<Opening> openings_for(const View& view, const Cohort& cohort,
                                  const Requirement& requirement) {
    const auto first = view.ledger.first_start_at
                           ? view.definitions->time_zone().date_of(*view.ledger.first_start_at)
                           : view.today();
    std::vector<Opening> out;
    for (Opening& one : openings_of(*view.definitions, first)) {
        if (one.cohort == &cohort && one.requirement == &requirement) {
            out.push_back(std::move(one));
        }
    }
    return out;
}

Html deadlines(const Sheet& sheet) {
    const View& view = sheet.view;
    Html out;
    for (const Opening& one : sheet.openings) {
        const auto lines = worth_telling(one.due.because, view.language);
        out.add("<li><strong>{}</strong>{}{}", workflows::long_date(one.due.date, view.language),
                one.period.empty() ? "" : " – ", period_title(one.period, view.language));
        if (!lines.empty()) {
            out.add("<ul class=\"fv-because\">");
            for (const std::string& line : lines) {
                out.add("<li>{}</li>", line);
            }
            out.add("</ul>");
        }
        out.add("</li>\n");
    }
    return out.empty() ? html("{}", view.pick("Ingen flere.", "Ingen fleire."))
                       : html("<ul class=\"fv-plain\">{}</ul>", out);
}

Html facts(const Sheet& sheet) {
    const View& view = sheet.view;
    const Requirement& requirement = sheet.requirement;
    Html out;
    out.add("<dl class=\"fv-facts\">\n");
    const auto add = [&](std::string_view term, const Html& value) {
        if (!value.str().empty()) {
            out.add("<dt>{}</dt><dd>{}</dd>\n", term, value);
        }
    };
    const auto text = [](std::string_view words) {
        return words.empty() ? Html{} : html("{}", words);
    };
    add("Bokmål", html("<span lang=\"nb\">{}</span>", requirement.title.nb));
    add("Nynorsk", html("<span lang=\"nn\">{}</span>", requirement.title.nn));
    add(view.pick("Ordning", "Ordning"), text(view.in(sheet.cohort.title)));
    add(view.pick("Pulje", "Pulje"),
        html("<a class=\"ds-link\" href=\"/oversikt{}\">{}</a> ({}–{})",
             encode_query({{"pulje", sheet.cohort.id}, {"krav", requirement.id}}), sheet.cohort.id,
             numeric_date(sheet.cohort.from), numeric_date(sheet.cohort.to)));
    add(view.pick("Frist", "Frist"), deadlines(sheet));
    add(view.pick("Sendes til", "Blir sendt til"), text(requirement.deliver.to));
    add(view.pick("Saksnummer", "Saksnummer"),
        requirement.deliver.case_number.empty()
            ? tag("!", view.pick("Mangler", "Manglar"), "warning")
            : text(requirement.deliver.case_number));
    add(view.pick("Veiledning", "Rettleiing"), text(view.in(requirement.instructions)));
    if (const auto* const workflow = view.definitions->find_workflow(requirement.workflow)) {
        add(view.pick("Arbeidsflyt", "Arbeidsflyt"), text(view.in(workflow->title)));
    }
    add(view.pick("Påminnelsesplan", "Påminningsplan"), text(requirement.ladder));
    if (!requirement.where.file.empty()) {
        add(view.pick("Står i", "Står i"),
            html("<code>{}:{}</code>", requirement.where.file, requirement.where.line));
    }
    out.add("</dl>\n");
    return out;
}

Table debtors(const Sheet& sheet, const std::vector<Case>& cases) {
    const View& view = sheet.view;
    Table table{.name = "gjelder",
                .title = {"Hvem det gjelder", "Kven det gjeld"},
                .columns = {choice_column(),
                            {"organisation", {"Kommune", "Kommune"}},
                            {"period", {"Periode", "Periode"}},
                            {"status", {"Status", "Status"}},
                            {"due", {"Frist", "Frist"}},
                            {"responsible", {"Ansvarlig", "Ansvarleg"}}},
                .rows = {}};
    std::vector<const Case*> by_name;
    for (const Case& item : cases) {
        if (item.parent.empty()) {
            by_name.push_back(&item);
        }
    }
    std::ranges::stable_sort(by_name, comes_before, [&](const Case* item) {
        return organisation_name(item->debtor, *view.definitions);
    });
    for (const Case* const one : by_name) {
        const Case& item = *one;
        const CaseStatus status = status_of(item, *view.definitions, view.now());
        table.rows.push_back({choice_cell(view, table.name, item),
                              Cell{organisation_name(item.debtor, *view.definitions),
                                   organisation_link(view, item.debtor)},
                              period_title(item.period, view.language),
                              Cell{view.in(status.word), status_tag(view, item, status)},
                              item.due ? Cell{item.due->date} : Cell{},
                              responsible_names(item, *view.definitions, view.today())});
    }
    return table;
}

Html not_open_yet(const Sheet& sheet) {
    const View& view = sheet.view;
    const auto next = std::ranges::find_if(
        sheet.openings, [&](const Opening& one) { return one.opens >= view.today(); });
    Html out = html("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n<p class=\"ds-paragraph\">",
                    view.pick("Hvem det gjelder", "Kven det gjeld"));
    if (next == sheet.openings.end()) {
        out.add("{}",
                view.pick("Kravet er ikke åpnet for noen.", "Kravet er ikkje opna for nokon."));
    } else {
        out.add("{} {} {} {}.", view.pick("Kravet åpner", "Kravet opnar"),
                workflows::long_date(next->opens, view.language), view.pick("for", "for"),
                debtors_of(sheet.cohort, sheet.requirement).size());
    }
    out.add("</p>\n");
    return out;
}

Html option(std::string_view value, std::string_view word, bool chosen) {
    return html("<option value=\"{}\"{}>{}</option>", value, chosen ? html(" selected") : Html{},
                word);
}

/// The notice as it would be written to a real recipient today.
Html preview(const Sheet& sheet) {
    View& view = sheet.view;
    const PreviewQuestion question = read_preview_question(view, sheet.cohort, sheet.requirement);
    Html notices;
    for (const std::string& id : notices_of(*view.definitions, sheet.requirement)) {
        notices.add(option(id, view.in(words_of_notice(id)), id == question.notice));
    }
    Html debtors;
    for (const std::string& id : debtors_of(sheet.cohort, sheet.requirement)) {
        debtors.add(option(id, organisation_name(id, *view.definitions), id == question.debtor));
    }
    Html languages = option("", view.pick("mottakerens", "mottakaren si"), !question.language);
    languages.add(option("nb", "bokmål", question.language == workflows::Language::Nb));
    languages.add(option("nn", "nynorsk", question.language == workflows::Language::Nn));
    Html out;
    out.add(
        "<h2 class=\"ds-heading\" data-size=\"sm\" id=\"varsler\">{}</h2>\n"
        "<form class=\"fv-filter\" id=\"forhandsvis\" method=\"get\" action=\"{}#varsler\">\n",
        view.pick("Varsler, slik de blir skrevet", "Varsel, slik dei blir skrivne"),
        view.request.raw_path);
    const auto select = [&](std::string_view name, std::string_view label, const Html& options) {
        out.add(
            "<div class=\"ds-field\"><label class=\"ds-label\" for=\"v-{}\">{}</label>"
            "<select class=\"ds-input\" id=\"v-{}\" name=\"{}\">{}</select></div>\n",
            name, label, name, name, options);
    };
    select("varsel", view.pick("Varsel", "Varsel"), notices);
    select("til", view.pick("Til", "Til"), debtors);
    select("form", view.pick("Målform", "Målform"), languages);
    out.add(
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>\n"
        "</form>\n",
        view.pick("Forhåndsvis", "Førehandsvis"));
    const auto written = write_preview(view, sheet.cohort, sheet.requirement, question);
    if (!written.ok()) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Dette varselet kan ikke vises for den mottakeren.",
                          "Dette varselet kan ikkje visast for den mottakaren."));
        return out;
    }
    const Preview& shown = written.value();
    const std::string_view language = language_tag(shown.snapshot.language);
    out.add(
        "<dl class=\"fv-facts\"><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd lang=\"{}\">{}</dd></dl>\n",
        view.pick("Til", "Til"),
        shown.snapshot.to.name.empty() ? shown.snapshot.to.address : shown.snapshot.to.name,
        view.pick("Emne", "Emne"), language, shown.rendered.subject);
    const std::string query = encode_query(
        {{"varsel", question.notice}, {"til", question.debtor}, {"form", view.argument("form")}});
    out.add(
        "<iframe class=\"fv-message\" sandbox src=\"{}/varsel{}\" title=\"{}\" "
        "lang=\"{}\"></iframe>\n",
        view.request.raw_path, query, view.pick("Varselet som HTML", "Varselet som HTML"),
        language);
    out.add(notice_test_form(view, query));
    out.add(
        "<details class=\"ds-details\" id=\"varsel-tekst\"><summary>{}</summary>"
        "<pre class=\"fv-text\" lang=\"{}\" tabindex=\"0\" aria-label=\"{}\">{}</pre></details>\n",
        view.pick("Som ren tekst", "Som rein tekst"), language,
        view.pick("Varselet som ren tekst", "Varselet som rein tekst"), shown.rendered.text);
    return out;
}

}  // namespace

PageResult requirement_page(View& view) {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Requirement* const requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(view.request.parameter("id"));
    if (requirement == nullptr) {
        return Error{ErrorKind::NotFound, "no such requirement"};
    }
    workflows::CaseFilter filter;
    filter.cohort = cohort->id;
    filter.requirement = requirement->id;
    filter.count_max = kCasesMax;
    auto cases = view.snapshot->cases(filter);
    if (!cases.ok()) {
        return cases.error();
    }
    const Sheet sheet{view, *cohort, *requirement, openings_for(view, *cohort, *requirement)};
    Content out;
    out.title = requirement->title;
    out.table = debtors(sheet, cases.value());
    out.body.add(facts(sheet));
    if (may(view.visitor(), Right::Plan, *cohort, *view.definitions)) {
        out.body.add("<p><a class=\"ds-link\" href=\"/ordninger/pulje/{}/frist/{}\">{}</a></p>\n",
                     encode_path(cohort->id), encode_path(requirement->id),
                     view.pick("Flytt fristen", "Flytt fristen"));
    }
    if (const auto* const ladder = view.definitions->find_ladder(requirement->ladder)) {
        const auto due = sheet.openings.empty() ? view.today() : sheet.openings.back().due.date;
        out.body.add("<h2 class=\"ds-heading\" data-size=\"sm\" id=\"plan\">{}</h2>\n",
                     view.pick("Påminnelsesplan", "Påminningsplan"));
        out.body.add(ladder_line(view, *ladder, due));
    }
    out.body.add(out.table->rows.empty()
                     ? not_open_yet(sheet)
                     : choosing(view, out.table->name, section(view, *out.table)));
    out.body.add(preview(sheet));
    return out;
}

}  // namespace fristvakt::daemon
