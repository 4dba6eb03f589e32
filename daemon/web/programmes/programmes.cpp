#include "daemon/web/programmes/programmes.hpp"

#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/each_case.hpp"

/// The ways in, the list of programmes, and one cohort.
namespace fristvakt::daemon {

using integrations::LayerKey;
using workflows::Cohort;
using workflows::Requirement;
using workflows::Text;

namespace {

Html heading(std::string_view words, std::string_view id) {
    return html("<h2 class=\"ds-heading\" data-size=\"sm\" id=\"{}\">{}</h2>\n", id, words);
}

Html link(std::string_view path, std::string_view words) {
    return html("<a class=\"ds-link\" href=\"{}\">{}</a>", path, words);
}

std::string period_of(const Cohort& cohort) {
    return numeric_date(cohort.from) + "–" + numeric_date(cohort.to);
}

/// Open cases by cohort.
workflows::Result<std::map<std::string, std::int64_t>> open_cases(View& view,
                                                                  const Cohort& cohort) {
    std::map<std::string, std::int64_t> of;
    workflows::CaseFilter filter;
    filter.cohort = cohort.id;
    filter.final = false;
    const auto counted =
        workflows::each_case(*view.snapshot, filter, [&](const workflows::Case& item) {
            ++of[item.debtor];
            return workflows::Status{workflows::Done{}};
        });
    if (!counted.ok()) {
        return counted.error();
    }
    return of;
}

std::string_view recurrence(const View& view, const Requirement& requirement) {
    switch (requirement.every) {
        case workflows::Recurrence::Once:
            return view.pick("én gang", "éin gong");
        case workflows::Recurrence::Yearly:
            return view.pick("hvert år", "kvart år");
        case workflows::Recurrence::EachSemester:
            return view.pick("hvert semester", "kvart semester");
        case workflows::Recurrence::Monthly:
            return view.pick("hver måned", "kvar månad");
    }
    return "";
}

/// The next deadline of a requirement, else its last.
std::optional<workflows::Deadline> next_due(const View& view, const Cohort& cohort,
                                            const Requirement& requirement) {
    const auto first = view.ledger.first_start_at
                           ? view.definitions->time_zone().date_of(*view.ledger.first_start_at)
                           : view.today();
    std::optional<workflows::Deadline> found;
    for (const auto& opening : workflows::openings_of(*view.definitions, first)) {
        if (opening.cohort == &cohort && opening.requirement == &requirement &&
            (!found || found->date < view.today())) {
            found = opening.due;
        }
    }
    return found;
}

Table requirements_table(const View& view, const Cohort& cohort, bool may_plan,
                         const Html& form_head) {
    Table table{.name = "krav",
                .title = {"Krav", "Krav"},
                .columns = {{"requirement", {"Krav", "Krav"}},
                            {"due", {"Frist", "Frist"}},
                            {"every", {"Hvor ofte", "Kor ofte"}}},
                .rows = {}};
    if (may_plan) {
        table.columns.push_back({"move", {"Endre", "Endre"}, Column::Where::Page});
    }
    const auto written = std::ranges::count_if(cohort.requirements, [](const Requirement& one) {
        return one.origin == Requirement::Origin::Requirement && one.activity.empty();
    });
    for (const Requirement& requirement : cohort.requirements) {
        const std::string& title = view.in(requirement.title);
        const auto due = next_due(view, cohort, requirement);
        std::vector<Cell> row{Cell{title, link("/krav/" + encode_path(cohort.id) + "/" +
                                                   percent_encode(requirement.id),
                                               title)},
                              due ? Cell{workflows::long_date(due->date, view.language)}
                                  : Cell{view.pick("Ingen flere.", "Ingen fleire.")},
                              Cell{recurrence(view, requirement)}};
        if (may_plan && !requirement.activity.empty()) {
            row.emplace_back(link(activity_path(cohort.id, requirement.activity),
                                  view.pick("Raden i planen", "Rada i planen")));
        } else if (may_plan && requirement.origin != Requirement::Origin::Requirement) {
            row.emplace_back(
                link(meeting_path(cohort.id, requirement.meeting), view.pick("Møtet", "Møtet")));
        } else if (may_plan) {
            Html change = html(
                "<a class=\"ds-link\" href=\"{}/frist/{}\">{}<span "
                "class=\"ds-sr-only\"> {} {}</span></a>",
                cohort_path(cohort.id), encode_path(requirement.id),
                view.pick("Flytt fristen", "Flytt fristen"), view.pick("for", "for"), title);
            if (written > 1) {
                change.add(" {}", small_form(form_head, cohort_path(cohort.id) + "/krav/ta-ut",
                                             {{"krav", requirement.id}},
                                             view.pick("Ta ut kravet", "Ta ut kravet"), title));
            }
            row.emplace_back(change);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table participants_table(const View& view, const Cohort& cohort,
                         const std::map<std::string, std::int64_t>& open, bool may_plan,
                         const Html& form_head) {
    Table table{.name = "deltakere",
                .title = {"Deltakere", "Deltakarar"},
                .columns = {{"organisation", {"Deltaker", "Deltakar"}},
                            {"contacts", {"Kontaktpersoner", "Kontaktpersonar"}},
                            {"open", {"Åpne saker", "Opne saker"}}},
                .rows = {}};
    if (may_plan) {
        table.columns.push_back({"end", {"Endre", "Endre"}, Column::Where::Page});
    }
    std::vector<std::string> ids;
    for (const auto& participant : cohort.participants) {
        ids.push_back(participant.organisation);
    }
    std::ranges::sort(ids, [&](const std::string& a, const std::string& b) {
        return comes_before(organisation_name(a, *view.definitions),
                            organisation_name(b, *view.definitions));
    });
    for (const std::string& id : ids) {
        const std::string name = organisation_name(id, *view.definitions);
        std::string people;
        for (const workflows::Contact* const contact : view.definitions->contacts_of(id)) {
            if (!contact->to || *contact->to >= view.today()) {
                people += (people.empty() ? "" : ", ") + contact->name;
            }
        }
        const auto count = open.find(id);
        std::vector<Cell> row{Cell{name, organisation_link(view, id)},
                              people.empty() ? Cell{view.pick("Ingen; postmottaket får meldingene",
                                                              "Ingen; postmottaket får meldingane")}
                                             : Cell{people},
                              count == open.end() ? std::int64_t{0} : count->second};
        if (may_plan) {
            row.emplace_back(small_form(form_head, cohort_path(cohort.id) + "/deltaker/avslutt",
                                        {{"organisasjon", id}}, view.pick("Avslutt", "Avslutt"),
                                        name));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Html add_form(const View& view, const Cohort& cohort, const Html& form_head) {
    std::vector<std::pair<std::string, std::string>> others;
    for (const auto& [id, organisation] : view.definitions->organisations) {
        if (cohort.find_participant(id) == nullptr && id != cohort.creditor) {
            others.emplace_back(organisation.name, id);
        }
    }
    if (others.empty()) {
        return {};
    }
    std::ranges::sort(others,
                      [](const auto& a, const auto& b) { return comes_before(a.first, b.first); });
    Html options;
    for (const auto& [name, id] : others) {
        options.add("<option value=\"{}\">{}</option>", id, name);
    }
    return html(
        "<form class=\"fv-filter\" method=\"post\" action=\"{}/deltaker/ny\">{}"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"ny-deltaker\">{}</label>"
        "<select class=\"ds-input\" id=\"ny-deltaker\" name=\"organisasjon\">{}</select></div>"
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>"
        "</form>\n",
        cohort_path(cohort.id), form_head, view.pick("Ny deltaker", "Ny deltakar"), options,
        view.pick("Legg til …", "Legg til …"));
}

}  // namespace

CaseName parse_case_name(const std::string& id, const workflows::Definitions& definitions) {
    const std::string cohort_id = id.substr(0, id.find('/'));
    const Cohort* const cohort = definitions.find_cohort(cohort_id);
    const std::string rest = id.size() > cohort_id.size() ? id.substr(cohort_id.size() + 1) : "";
    const Requirement* found{nullptr};
    if (cohort != nullptr) {
        for (const Requirement& one : cohort->requirements) {
            const bool fits = rest == one.id || rest.starts_with(one.id + "/");
            if (fits && (found == nullptr || found->id.size() < one.id.size())) {
                found = &one;
            }
        }
    }
    const bool is_meeting = found != nullptr && found->origin == Requirement::Origin::Meeting;
    return {.cohort = cohort_id,
            .requirement = found == nullptr ? rest.substr(0, rest.find('/')) : found->id,
            .debtor = is_meeting ? found->debtors.front() : rest.substr(rest.rfind('/') + 1)};
}

std::string cohort_path(const std::string& cohort) {
    return "/ordninger/pulje/" + encode_path(cohort);
}

ActionField form_field(std::string name, Text label, Text hint, ActionField::Kind kind,
                       std::string value, bool required) {
    return {.name = std::move(name),
            .label = std::move(label),
            .hint = std::move(hint),
            .kind = kind,
            .required = required,
            .value = std::move(value),
            .choices = {}};
}

FormState state_of_form(const FormData& form) {
    FormState state;
    for (const auto& [name, value] : form.values()) {
        state.values.emplace(name, value);
    }
    return state;
}

Html small_form(const Html& head, const std::string& path,
                const std::vector<std::pair<std::string, std::string>>& fields,
                std::string_view word, std::string_view label) {
    Html out = html("<form class=\"fv-inline\" method=\"post\" action=\"{}\">{}", path, head);
    for (const auto& [name, value] : fields) {
        out.add(hidden(name, value));
    }
    out.add(
        "<button class=\"ds-button\" data-variant=\"tertiary\" data-size=\"sm\" type=\"submit\">"
        "{} …<span class=\"ds-sr-only\"> {}</span></button></form>",
        word, label);
    return out;
}

Html done_flash(const View& view) {
    if (view.argument("gjort").empty()) {
        return {};
    }
    return html(
        "<div class=\"ds-alert fv-flash\" data-color=\"success\" role=\"status\"><p>{} "
        "<a class=\"ds-link\" href=\"/hendelser\">{}</a></p></div>\n",
        view.pick("Endringen er tatt i bruk.", "Endringa er teken i bruk."),
        view.pick("Se hendelsesloggen", "Sjå hendingsloggen"));
}

void Programmes::add_routes(Router& router) {
    const auto get = [&](std::string pattern, std::string name, Right right, Draw draw) {
        router.add({"GET", std::move(pattern), std::move(name), right,
                    [this, draw](const HttpRequest& request) {
                        return pages_.with_view(request,
                                                [&](View& view) { return (this->*draw)(view); });
                    }});
    };
    const auto post = [&](std::string pattern, std::string name, Handle handle) {
        router.add({"POST", std::move(pattern), std::move(name), Right::Plan,
                    [this, handle](const HttpRequest& request) {
                        return pages_.with_view(request, [&](View& view) {
                            const FormData form{request.form};
                            return form.get("vist") == "1" ? confirmed(view, form, handle)
                                                           : (this->*handle)(view, form);
                        });
                    }});
    };
    // Who loads the answer to a small form again comes back to what it was about.
    const auto back = [&](std::string pattern, std::string name) {
        router.add({"GET", std::move(pattern), std::move(name), Right::Read,
                    [](const HttpRequest& request) {
                        return see_other(cohort_path(request.parameter("cohort")));
                    }});
    };
    get("/ordninger", "page_programmes", Right::Read, &Programmes::list);
    get("/ordninger/konflikter", "page_conflicts", Right::Plan, &Programmes::conflicts);
    post("/ordninger/konflikter", "settle_conflict", &Programmes::settle);
    get("/ordninger/pulje/{cohort}", "page_cohort", Right::Read, &Programmes::cohort);
    get("/ordninger/pulje/{cohort}/ny", "page_cohort_copy", Right::Plan, &Programmes::copy_form);
    post("/ordninger/pulje/{cohort}/ny", "copy_cohort", &Programmes::copy);
    get("/ordninger/pulje/{cohort}/frist/{id}", "page_move_deadline", Right::Plan,
        &Programmes::move_form);
    post("/ordninger/pulje/{cohort}/frist/{id}", "move_deadline", &Programmes::move);
    get("/ordninger/pulje/{cohort}/mote/{id}", "page_meeting_date", Right::Plan,
        &Programmes::meeting_form);
    post("/ordninger/pulje/{cohort}/mote/{id}", "set_meeting_date", &Programmes::meeting);
    get("/ordninger/pulje/{cohort}/plan/ny", "page_plan_row_new", Right::Plan,
        &Programmes::activity_form);
    post("/ordninger/pulje/{cohort}/plan/ny", "add_plan_row", &Programmes::activity);
    get("/ordninger/pulje/{cohort}/plan/rad/{id}", "page_plan_row", Right::Plan,
        &Programmes::activity_form);
    post("/ordninger/pulje/{cohort}/plan/rad/{id}", "change_plan_row", &Programmes::activity);
    post("/ordninger/pulje/{cohort}/deltaker/ny", "add_participant", &Programmes::add_participant);
    back("/ordninger/pulje/{cohort}/deltaker/ny", "page_add_participant_again");
    post("/ordninger/pulje/{cohort}/deltaker/avslutt", "end_participant",
         &Programmes::end_participant);
    back("/ordninger/pulje/{cohort}/deltaker/avslutt", "page_end_participant_again");
    post("/ordninger/pulje/{cohort}/krav/ta-ut", "take_out_requirement", &Programmes::take_out);
    back("/ordninger/pulje/{cohort}/krav/ta-ut", "page_take_out_again");
    get("/kontakter", "page_contacts", Right::Read, &Programmes::contacts);
    get("/kontakter/person", "page_contact", Right::Plan, &Programmes::contact_form);
    post("/kontakter/person", "change_contact", &Programmes::contact);
    get("/kontakter/import", "page_import", Right::Plan, &Programmes::import_form);
    post("/kontakter/import", "import_contacts", &Programmes::take_in);
}

HttpResponse Programmes::confirmed(View& view, const FormData& form, Handle handle) const {
    std::string asked = view.visitor().in_log() + "\n" + view.request.raw_path;
    for (const auto& [name, value] : form.values()) {
        asked.append("\n").append(name).append("=").append(value);
    }
    const auto in_use = [&] { return engines_.of(view.visitor()).definitions()->hash; };
    const std::scoped_lock lock{taking_up_};
    if (asked == taken_.asked && in_use() == taken_.configuration) {
        return see_other(taken_.leads_to);
    }
    HttpResponse answer = (this->*handle)(view, form);
    const auto where = std::ranges::find(answer.headers, std::string{"Location"},
                                         &std::pair<std::string, std::string>::first);
    if (answer.status == 303 && where != answer.headers.end()) {
        taken_ = {.asked = std::move(asked), .configuration = in_use(), .leads_to = where->second};
    }
    return answer;
}

HttpResponse Programmes::page(const View& view, Text title, const Html& body, int status) const {
    Content content;
    content.title = std::move(title);
    content.body.add(body);
    return pages_.respond(view, content, status);
}

bool Programmes::may_plan(const View& view, const Cohort& cohort) const {
    return may(view.visitor(), Right::Plan, cohort, *view.definitions);
}

Html Programmes::form_head(const View& view, const Edit& about, const FormState& state) const {
    const auto seen = state.values.find("sett");
    Html out = form_token_field(view);
    out.add(hidden("sett", seen == state.values.end() ? desk_.version_of(about) : seen->second));
    return out;
}

HttpResponse Programmes::list(View& view) const {
    std::map<std::string, std::vector<const Cohort*>> programmes;
    for (const Cohort& cohort : view.definitions->cohorts) {
        programmes[cohort.programme].push_back(&cohort);
    }
    Html body = done_flash(view);
    const auto unsettled = desk_.conflicts().size();
    if (unsettled > 0 && may(view.visitor(), Right::Plan)) {
        body.add(
            "<p class=\"ds-alert\" data-color=\"warning\"><a class=\"ds-link\" "
            "href=\"/ordninger/konflikter\">{}: {}</a></p>\n",
            view.pick("Konflikter mellom oppsettet og det som er endret her",
                      "Konfliktar mellom oppsettet og det som er endra her"),
            unsettled);
    }
    const auto changed = desk_.changed();
    for (auto& [programme, cohorts] : programmes) {
        std::ranges::sort(cohorts, [](const Cohort* a, const Cohort* b) {
            return std::tie(b->from, a->id) < std::tie(a->from, b->id);
        });
        Table table{.name = programme,
                    .title = cohorts.front()->title,
                    .columns = {{"cohort", {"Pulje", "Pulje"}},
                                {"period", {"Periode", "Periode"}},
                                {"participants", {"Deltakere", "Deltakarar"}},
                                {"requirements", {"Krav", "Krav"}},
                                {"copy", {"Endre", "Endre"}, Column::Where::Page}},
                    .rows = {}};
        for (const Cohort* const cohort : cohorts) {
            Html name = link(cohort_path(cohort->id), cohort->id);
            if (changed.contains({LayerKey::Kind::Cohort, cohort->id}) ||
                changed.contains({LayerKey::Kind::Plan, cohort->id})) {
                name.add(" {}", tag("✎", view.pick("endret her", "endra her"), "info"));
            }
            Html copy;
            if (may_plan(view, *cohort)) {
                copy.add(
                    "<a class=\"ds-link\" href=\"{}/ny\">{}<span class=\"ds-sr-only\"> "
                    "({})</span></a>",
                    cohort_path(cohort->id), view.pick("Ny pulje fra denne", "Ny pulje frå denne"),
                    cohort->id);
            }
            table.rows.push_back(
                {Cell{cohort->id, name}, period_of(*cohort),
                 static_cast<std::int64_t>(cohort->participants.size()),
                 static_cast<std::int64_t>(std::ranges::count(
                     cohort->requirements, Requirement::Origin::Requirement, &Requirement::origin)),
                 Cell{copy}});
        }
        body.add(section(view, table));
    }
    if (programmes.empty()) {
        body.add("<p class=\"ds-paragraph\">{}</p>\n",
                 view.pick("Ingen ordninger ennå. Den første legges i oppsettet.",
                           "Ingen ordningar enno. Den første blir lagd i oppsettet."));
    }
    body.add("<p>{}</p>\n", link("/kontakter", view.pick("Kontaktpersoner", "Kontaktpersonar")));
    return page(view, {"Ordninger og puljer", "Ordningar og puljer"}, body);
}

HttpResponse Programmes::cohort(View& view) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    if (cohort == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    const auto open = open_cases(view, *cohort);
    if (!open.ok()) {
        return pages_.error_page(view.request, 503);
    }
    const bool plans = may_plan(view, *cohort);
    const Html head =
        plans ? form_head(view, ParticipantAdded{.cohort = cohort->id, .organisation = {}})
              : Html{};
    Html body = done_flash(view);
    body.add(
        "<dl class=\"fv-facts\"><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd><dt>{}</dt>"
        "<dd>{}</dd></dl>\n",
        view.pick("Pulje", "Pulje"), cohort->id, view.pick("Periode", "Periode"),
        period_of(*cohort), view.pick("Kravene stilles av", "Krava blir stilte av"),
        organisation_link(view, cohort->creditor));
    body.add("<p>{}", link("/oversikt" + encode_query({{"pulje", cohort->id}}),
                           view.pick("Planoversikt for puljen", "Planoversikt for pulja")));
    if (!cohort->activities.empty() || (plans && !cohort->groups.empty())) {
        body.add(" · {}",
                 link(plan_path(cohort->id), view.pick("Aktivitetsplan", "Aktivitetsplan")));
    }
    if (plans) {
        body.add(" · {}", link(cohort_path(cohort->id) + "/ny",
                               view.pick("Ny pulje fra denne", "Ny pulje frå denne")));
    }
    body.add("</p>\n");
    body.add(section(view, requirements_table(view, *cohort, plans, head)));
    body.add(section(view, participants_table(view, *cohort, open.value(), plans, head)));
    if (plans) {
        body.add(heading(view.pick("Legg til deltaker", "Legg til deltakar"), "legg-til"));
        body.add(add_form(view, *cohort, head));
    }
    return page(
        view, {cohort->title.nb + " – " + cohort->id, cohort->title.nn + " – " + cohort->id}, body);
}

}  // namespace fristvakt::daemon
