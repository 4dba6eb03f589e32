#include <algorithm>

#include <fmt/format.h>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/words.hpp"

/// A cohort from last time's, its participants, its deadlines.
namespace fristvakt::daemon {

using workflows::Cohort;
using workflows::Date;
using workflows::Requirement;
using workflows::Text;

namespace {

Html checkbox(std::string_view name, std::string_view value, std::string_view word, bool checked) {
    return html(
        "<label class=\"fv-check\"><input type=\"checkbox\" name=\"{}\" value=\"{}\"{}> {}"
        "</label>\n",
        name, value, checked ? html(" checked") : Html{}, word);
}

bool was_ticked(const FormState& state, const std::vector<std::string>& ticked,
                const std::string& value) {
    return state.values.empty() || std::ranges::find(ticked, value) != ticked.end();
}

/// "pulje-6" after "pulje-5"; nothing where no number ends the name.
std::string next_id(const std::string& id) {
    const auto last = id.find_last_not_of("0123456789");
    const std::string number = last == std::string::npos ? id : id.substr(last + 1);
    if (number.empty() || number.size() > 6) {
        return {};
    }
    return id.substr(0, id.size() - number.size()) + std::to_string(std::stoi(number) + 1);
}

Html requirement_fields(const View& view, const Requirement& requirement,
                        const CohortCopy::Requirement& copied, bool included,
                        const FormState& state) {
    Html out = html("<fieldset class=\"ds-fieldset\"><legend class=\"ds-label\">{}</legend>\n",
                    view.in(requirement.title));
    out.add(checkbox("krav", requirement.id,
                     view.pick("Ta med dette kravet", "Ta med dette kravet"), included));
    const Text from_to{"Ett eller flere år senere, flyttet til en arbeidsdag.",
                       "Eitt eller fleire år seinare, flytta til ein arbeidsdag."};
    if (!copied.opens.empty()) {
        out.add(draw_field(view,
                           form_field("opens:" + requirement.id, {"Åpner", "Opnar"}, from_to,
                                      ActionField::Kind::Line, copied.opens),
                           "f", state));
    }
    if (!copied.due.empty()) {
        out.add(draw_field(view,
                           form_field("due:" + requirement.id, {"Frist", "Frist"}, from_to,
                                      ActionField::Kind::Line, copied.due),
                           "f", state));
    } else {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Fristen gjentar seg og følger den nye perioden.",
                          "Fristen tek seg opp att og følgjer den nye perioden."));
    }
    const std::string& old = requirement.deliver.case_number;
    out.add(draw_field(
        view,
        form_field("saksnummer:" + requirement.id, {"Saksnummer", "Saksnummer"},
                   old.empty() ? Text{} : Text{"Forrige gang: " + old, "Førre gong: " + old},
                   ActionField::Kind::Line, {}, false),
        "f", state));
    return out.add("</fieldset>\n");
}

}  // namespace

HttpResponse Programmes::copy_form(View& view) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    if (cohort == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    const workflows::cal::year_month_day begins{cohort->from};
    workflows::cal::year_month_day next = begins + workflows::cal::years{1};
    if (!next.ok()) {
        next = next.year() / next.month() / workflows::cal::last;
    }
    const auto wanted = workflows::parse_iso_date(view.argument("fra"));
    return show_copy(view, *cohort,
                     suggest_copy(*cohort, wanted.value_or(Date{workflows::cal::local_days{next}})),
                     {}, 200);
}

HttpResponse Programmes::show_copy(View& view, const Cohort& cohort, const CohortCopy& suggested,
                                   const FormState& state, int status) const {
    const std::string path = cohort_path(cohort.id) + "/ny";
    Html body = error_summary(view, "f", state);
    body.add("<form class=\"fv-filter\" method=\"get\" action=\"{}\">", path);
    body.add(draw_field(
        view,
        form_field("fra", {"Ny periode begynner", "Ny periode byrjar"},
                   {"Datoene under regnes ut fra denne.", "Datoane under blir rekna ut frå denne."},
                   ActionField::Kind::Day, workflows::iso_date(suggested.from)),
        "p", {}));
    body.add(
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>"
        "</form>\n",
        view.pick("Regn ut datoene", "Rekn ut datoane"));
    body.add("<form class=\"fv-action\" method=\"post\" action=\"{}\">{}", path,
             form_head(view, suggested, state));
    body.add(
        draw_field(view,
                   form_field("id", {"Pulje-id", "Pulje-id"},
                              {"Står i navnet på hver sak. Små bokstaver a–z, tall og bindestrek.",
                               "Står i namnet på kvar sak. Små bokstavar a–z, tal og bindestrek."},
                              ActionField::Kind::Line, next_id(cohort.id)),
                   "f", state));
    body.add(draw_field(view,
                        form_field("from", {"Første dag", "Første dag"}, {}, ActionField::Kind::Day,
                                   workflows::iso_date(suggested.from)),
                        "f", state));
    body.add(draw_field(view,
                        form_field("to", {"Siste dag", "Siste dag"}, {}, ActionField::Kind::Day,
                                   workflows::iso_date(suggested.to)),
                        "f", state));
    for (const Requirement& requirement : cohort.requirements) {
        if (requirement.origin != Requirement::Origin::Requirement) {
            continue;
        }
        const auto copied = suggested.requirements.find(requirement.id);
        body.add(requirement_fields(
            view, requirement,
            copied == suggested.requirements.end() ? CohortCopy::Requirement{} : copied->second,
            was_ticked(state, view.request.fields("krav"), requirement.id), state));
    }
    body.add(
        "<fieldset class=\"ds-fieldset\" id=\"f-participants\"><legend class=\"ds-label\">{}"
        "</legend>\n",
        view.pick("Deltakere", "Deltakarar"));
    for (const std::string& id : suggested.participants) {
        body.add(checkbox("deltaker", id, organisation_name(id, *view.definitions),
                          was_ticked(state, view.request.fields("deltaker"), id)));
    }
    body.add(
        "</fieldset>\n<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}"
        "</button></p></form>\n",
        view.pick("Se over", "Sjå over"));
    return page(view, {"Ny pulje fra " + cohort.id, "Ny pulje frå " + cohort.id}, body, status);
}

HttpResponse Programmes::copy(View& view, const FormData& form) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    if (cohort == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    CohortCopy wanted{.from_cohort = cohort->id,
                      .id = form.get("id"),
                      .from = {},
                      .to = {},
                      .participants = form.all("deltaker"),
                      .requirements = {}};
    for (const std::string& id : form.all("krav")) {
        wanted.requirements.emplace(
            id, CohortCopy::Requirement{.included = true,
                                        .opens = form.get("opens:" + id),
                                        .due = form.get("due:" + id),
                                        .case_number = form.get("saksnummer:" + id)});
    }
    const auto again = [this, &view, cohort](const FormState& state, int status) {
        return show_copy(view, *cohort, suggest_copy(*cohort, cohort->from), state, status);
    };
    const auto from = workflows::parse_iso_date(form.get("from"));
    const auto to = workflows::parse_iso_date(form.get("to"));
    Order order{.path = cohort_path(cohort->id) + "/ny",
                .back = "/ordninger",
                .what = {"Ny pulje fra " + cohort->id, "Ny pulje frå " + cohort->id},
                .edit = {},
                .again = again};
    if (!from || !to) {
        return refuse(
            view, order,
            {workflows::ErrorKind::InvalidInput, "no day", from ? "field:to" : "field:from"},
            state_of_form(form));
    }
    wanted.from = *from;
    wanted.to = *to;
    order.edit = std::move(wanted);
    return carry_out(view, form, order);
}

HttpResponse Programmes::move_form(View& view) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Requirement* const requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(view.request.parameter("id"));
    if (requirement == nullptr || requirement->origin != Requirement::Origin::Requirement) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    return show_move(view, *cohort, *requirement, {}, 200);
}

HttpResponse Programmes::show_move(View& view, const Cohort& cohort, const Requirement& requirement,
                                   const FormState& state, int status) const {
    const DueText due = due_text(requirement.due);
    Html body = error_summary(view, "f", state);
    body.add("<p class=\"ds-paragraph\">{}</p>\n",
             view.pick("Gjelder alle i puljen. Den som har fått lengre frist selv, beholder den. "
                       "Hvem som får beskjed, ser du før endringen tas i bruk.",
                       "Gjeld alle i pulja. Den som har fått lengre frist sjølv, held på han. Kven "
                       "som får beskjed, ser du før endringa blir teken i bruk."));
    body.add(
        "<form class=\"fv-action\" method=\"post\" action=\"{}/frist/{}\">{}",
        cohort_path(cohort.id), encode_path(requirement.id),
        form_head(view, DeadlineMoved{.cohort = cohort.id, .requirement = {}, .due = {}}, state));
    const Text month_day{"Måned og dag, slik: 02-01.", "Månad og dag, slik: 02-01."};
    if (due.is_semesters()) {
        body.add(draw_field(view,
                            form_field("spring", {"Frist om våren", "Frist om våren"}, month_day,
                                       ActionField::Kind::Line, due.spring),
                            "f", state));
        body.add(draw_field(view,
                            form_field("autumn", {"Frist om høsten", "Frist om hausten"}, month_day,
                                       ActionField::Kind::Line, due.autumn),
                            "f", state));
    } else {
        const bool is_day = workflows::parse_iso_date(due.due).has_value();
        const Text hint = is_day ? Text{"Faller den på en fridag, gjelder regelen for kravet.",
                                        "Fell han på ein fridag, gjeld regelen for kravet."}
                                 : Text{"Skrives som i oppsettet, slik: " + due.due,
                                        "Blir skrive som i oppsettet, slik: " + due.due};
        body.add(draw_field(
            view,
            form_field("due", {"Ny frist", "Ny frist"}, hint,
                       is_day ? ActionField::Kind::Day : ActionField::Kind::Line, due.due),
            "f", state));
    }
    body.add(
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>"
        "</form>\n",
        view.pick("Se over", "Sjå over"));
    return page(
        view,
        {"Flytt fristen for " + requirement.title.nb, "Flytt fristen for " + requirement.title.nn},
        body, status);
}

HttpResponse Programmes::move(View& view, const FormData& form) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Requirement* const requirement =
        cohort == nullptr ? nullptr : cohort->find_requirement(view.request.parameter("id"));
    if (requirement == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    const bool semesters = due_text(requirement->due).is_semesters();
    DeadlineMoved moved{.cohort = cohort->id, .requirement = requirement->id, .due = {}};
    if (semesters) {
        // Empty is no day either, and is told by its field.
        moved.due.spring = form.get("spring").empty() ? "-" : form.get("spring");
        moved.due.autumn = form.get("autumn").empty() ? "-" : form.get("autumn");
    } else {
        moved.due.due = form.get("due");
    }
    const Text what{"Flytt fristen for " + requirement->title.nb,
                    "Flytt fristen for " + requirement->title.nn};
    return carry_out(
        view, form,
        {.path = cohort_path(cohort->id) + "/frist/" + encode_path(requirement->id),
         .back = cohort_path(cohort->id),
         .what = what,
         .edit = std::move(moved),
         .again = [this, &view, cohort, requirement](const FormState& state, int status) {
             return show_move(view, *cohort, *requirement, state, status);
         }});
}

HttpResponse Programmes::add_participant(View& view, const FormData& form) const {
    const std::string id = view.request.parameter("cohort");
    const std::string organisation = form.get("organisasjon");
    if (view.definitions->find_organisation(organisation) == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    const std::string name = organisation_name(organisation, *view.definitions);
    return carry_out(view, form,
                     {.path = cohort_path(id) + "/deltaker/ny",
                      .back = cohort_path(id),
                      .what = {"Legg til " + name, "Legg til " + name},
                      .edit = ParticipantAdded{.cohort = id, .organisation = organisation},
                      .again = [this, &view](const FormState&, int) {
                          return pages_.error_page(view.request, 404);
                      }});
}

HttpResponse Programmes::end_participant(View& view, const FormData& form) const {
    const std::string id = view.request.parameter("cohort");
    const std::string organisation = form.get("organisasjon");
    const std::string name = organisation_name(organisation, *view.definitions);
    return carry_out(view, form,
                     {.path = cohort_path(id) + "/deltaker/avslutt",
                      .back = cohort_path(id),
                      .what = {"Avslutt " + name, "Avslutt " + name},
                      .edit = ParticipantEnded{.cohort = id, .organisation = organisation},
                      .again = [this, &view](const FormState&, int) {
                          return pages_.error_page(view.request, 404);
                      }});
}

HttpResponse Programmes::take_out(View& view, const FormData& form) const {
    const std::string id = view.request.parameter("cohort");
    const std::string requirement = form.get("krav");
    const Cohort* const cohort = view.definitions->find_cohort(id);
    const Requirement* const known =
        cohort == nullptr ? nullptr : cohort->find_requirement(requirement);
    const Text title = known == nullptr ? Text{requirement, requirement} : known->title;
    return carry_out(view, form,
                     {.path = cohort_path(id) + "/krav/ta-ut",
                      .back = cohort_path(id),
                      .what = {"Ta ut kravet " + title.nb, "Ta ut kravet " + title.nn},
                      .edit = RequirementTakenOut{.cohort = id, .requirement = requirement},
                      .again = [this, &view](const FormState&, int) {
                          return pages_.error_page(view.request, 404);
                      }});
}

}  // namespace fristvakt::daemon
