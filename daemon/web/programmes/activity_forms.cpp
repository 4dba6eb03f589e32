#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/meetings/date_change.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/words.hpp"
#include "workflows/definition/activities.hpp"
#include "workflows/definition/meetings.hpp"

/// A row of a cohort's activity plan: new, changed, taken out.
namespace fristvakt::daemon {

using workflows::Activity;
using workflows::Cohort;
using workflows::Text;

namespace {

constexpr std::string_view kTakeOut{"ta-ut"};
/// The columns that a form fills in, by their names in the table.
constexpr std::string_view kColumns[] = {"what",  "what_nn",  "when",        "who",      "kind",
                                         "place", "lecturer", "responsible", "cancelled"};

std::string_view word_of(Activity::Kind kind) {
    switch (kind) {
        case Activity::Kind::Meeting:
            return "meeting";
        case Activity::Kind::Course:
            return "course";
        case Activity::Kind::Delivery:
            return "delivery";
        case Activity::Kind::Suggestions:
            return "suggestions";
    }
    return "";
}

/// "Styringsgruppen (styringsgruppe), Prosjektledere (prosjektledere)".
std::string names_of_groups(const Cohort& cohort, workflows::Language language) {
    std::string out;
    for (const workflows::Group& group : cohort.groups) {
        out += (out.empty() ? "" : ", ") + group.title.in(language) + " (" + group.id + ")";
    }
    return out;
}

ActionField kind_field(const Activity& old) {
    using Kind = Activity::Kind;
    ActionField field = form_field("kind", {"Type", "Type"}, {}, ActionField::Kind::Choice,
                                   std::string{word_of(old.kind)});
    for (const Kind kind : {Kind::Meeting, Kind::Course, Kind::Delivery, Kind::Suggestions}) {
        field.choices.emplace_back(word_of(kind), words_of(kind));
    }
    return field;
}

std::vector<ActionField> fields_of(const Activity& old, const Cohort& cohort) {
    using Kind = ActionField::Kind;
    const std::string own_nn = old.what.nn == old.what.nb ? std::string{} : old.what.nn;
    return {
        form_field("what", {"Hva", "Kva"}, {}, Kind::Line, old.what.nb),
        form_field("what_nn", {"Hva, på nynorsk", "Kva, på nynorsk"},
                   {"Tomt: det samme.", "Tomt: det same."}, Kind::Line, own_nn, false),
        form_field("when", {"Når", "Når"},
                   {"Slik du skriver det: 14.08.2018, 16.–17. januar 2018, 10., 17. og 24. mars "
                    "2020 eller 14.08.2018 kl. 09.00–12.00. En levering har frist den siste dagen.",
                    "Slik du skriv det: 14.08.2018, 16.–17. januar 2018, 10., 17. og 24. mars "
                    "2020 eller 14.08.2018 kl. 09.00–12.00. Ei levering har frist den siste "
                    "dagen."},
                   Kind::Line, old.when),
        form_field("who", {"Hvem", "Kven"},
                   {"Én eller flere grupper, med komma mellom: " +
                        names_of_groups(cohort, workflows::Language::Nb),
                    "Éi eller fleire grupper, med komma mellom: " +
                        names_of_groups(cohort, workflows::Language::Nn)},
                   Kind::Line, old.who),
        kind_field(old),
        form_field("place", {"Sted", "Stad"}, {}, Kind::Line, old.place, false),
        form_field("lecturer", {"Foreleser", "Forelesar"}, {}, Kind::Line, old.lecturer, false),
        form_field("responsible", {"Ansvarlig", "Ansvarleg"},
                   {"E-postadressen til en saksbehandler, eller ord som bare vises.",
                    "E-postadressa til ein saksbehandlar, eller ord som berre blir viste."},
                   Kind::Line, old.responsible, false),
        form_field("cancelled", {"Avlyst fordi", "Avlyst fordi"},
                   {"Bare for møter og kurs som er avlyst. De som er invitert, får vite det.",
                    "Berre for møte og kurs som er avlyste. Dei som er inviterte, får vite det."},
                   Kind::Line, old.cancelled, false),
    };
}

/// Empty on the page of a new row.
std::string row_asked_for(const View& view) {
    const auto& parameters = view.request.parameters;
    return parameters.contains("id") ? parameters.at("id") : std::string{};
}

/// Those of the row's meetings that no change moves any more; empty: none.
Html held_dates(View& view, const Cohort& cohort, const Activity& activity) {
    const auto* const meeting = cohort.find_meeting(activity.id);
    std::string held;
    if (meeting != nullptr && meeting->activity == activity.id) {
        for (const auto& date : meeting->dates) {
            if (is_history(view, cohort, &date)) {
                held += held.empty() ? "" : ", ";
                held += numeric_date(workflows::day_of(date.start));
            }
        }
    }
    return held.empty() ? Html{}
                        : html("<p class=\"ds-alert\" data-color=\"info\">{} {}. {}</p>\n",
                               view.pick("Holdt eller avsluttet:", "Halde eller avslutta:"), held,
                               view.pick("Det som har vært, endres ikke om raden får ny tid.",
                                         "Det som har vore, blir ikkje endra om rada får ny tid."));
}

ActivityCells cells_of(const FormData& form) {
    ActivityCells cells;
    for (const std::string_view column : kColumns) {
        cells.emplace(column, form.get(column));
    }
    return cells;
}

/// Whether a meeting would begin or end in the hour that is skipped when summer time begins.
bool has_skipped_hour(const FormData& form, const workflows::TimeZone& zone) {
    const auto dates = workflows::parse_activity_dates(form.get("when"));
    const std::string kind = form.get("kind");
    if (!dates.ok() || (kind != "meeting" && kind != "course")) {
        return false;
    }
    const auto is_skipped = [&](workflows::LocalTime time) {
        return zone.to_local(zone.to_instant(time)) != time;
    };
    return std::ranges::any_of(dates.value().spans, [&](const workflows::DaySpan& span) {
        return span.from && span.until &&
               (is_skipped(span.first + *span.from) || is_skipped(span.last + *span.until));
    });
}

}  // namespace

HttpResponse Programmes::activity_form(View& view) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const std::string id = row_asked_for(view);
    const Activity* const known = cohort == nullptr ? nullptr : cohort->find_activity(id);
    if (cohort == nullptr || (!id.empty() && known == nullptr)) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    return show_activity(view, *cohort, known, {}, 200);
}

HttpResponse Programmes::show_activity(View& view, const Cohort& cohort, const Activity* known,
                                       const FormState& state, int status) const {
    const Activity old = known == nullptr ? Activity{} : *known;
    const std::string path =
        known == nullptr ? plan_path(cohort.id) + "/ny" : activity_path(cohort.id, known->id);
    const Html head =
        form_head(view, ActivityTakenOut{.cohort = cohort.id, .activity = old.id}, state);
    Html body = error_summary(view, "f", state);
    body.add(
        "<p class=\"ds-paragraph\">{}</p>\n",
        view.pick("Flyttes raden, flyttes møtet eller fristen, og påminnelsene følger med. Hva "
                  "endringen fører til, ser du før den tas i bruk.",
                  "Blir rada flytta, blir møtet eller fristen flytta, og påminningane følgjer med. "
                  "Kva endringa fører til, ser du før ho blir teken i bruk."));
    body.add(held_dates(view, cohort, old));
    body.add("<form class=\"fv-action\" method=\"post\" action=\"{}\">{}", path, head);
    for (const ActionField& field : fields_of(old, cohort)) {
        body.add(draw_field(view, field, "f", state));
    }
    body.add(
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>"
        "</form>\n",
        view.pick("Se over", "Sjå over"));
    if (known != nullptr) {
        body.add(small_form(head, path, {{"gjor", std::string{kTakeOut}}},
                            view.pick("Ta ut raden", "Ta ut rada"), view.in(known->what)));
    }
    body.add("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", plan_path(cohort.id),
             view.pick("Tilbake til planen", "Tilbake til planen"));
    return page(view, known == nullptr ? Text{"Ny rad i planen", "Ny rad i planen"} : known->what,
                body, status);
}

HttpResponse Programmes::activity(View& view, const FormData& form) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const std::string id = row_asked_for(view);
    const Activity* const known = cohort == nullptr ? nullptr : cohort->find_activity(id);
    if (cohort == nullptr || (!id.empty() && known == nullptr)) {
        return pages_.error_page(view.request, 404);
    }
    Order order{
        .path = known == nullptr ? plan_path(cohort->id) + "/ny" : activity_path(cohort->id, id),
        .back = plan_path(cohort->id),
        .what = known == nullptr ? Text{"Ny rad i planen", "Ny rad i planen"}
                                 : Text{"Endre: " + known->what.nb, "Endre: " + known->what.nn},
        .edit = ActivityChanged{.cohort = cohort->id, .activity = id, .cells = cells_of(form)},
        .again = [this, &view, cohort, known](const FormState& state, int status) {
            return show_activity(view, *cohort, known, state, status);
        }};
    if (form.get("gjor") == kTakeOut && known != nullptr) {
        order.what = {"Ta ut: " + known->what.nb, "Ta ut: " + known->what.nn};
        order.edit = ActivityTakenOut{.cohort = cohort->id, .activity = id};
        return carry_out(view, form, order);
    }
    const auto named = workflows::groups_named(form.get("who"), *cohort);
    if (may_plan(view, *cohort) && !named.unknown.empty()) {
        return refuse(view, order,
                      {workflows::ErrorKind::InvalidInput, "no such group", "field:who"},
                      state_of_form(form));
    }
    if (may_plan(view, *cohort) && has_skipped_hour(form, view.definitions->time_zone())) {
        return refuse(view, order,
                      {workflows::ErrorKind::InvalidInput, "no such hour", "field:when/skipped"},
                      state_of_form(form));
    }
    return carry_out(view, form, order);
}

}  // namespace fristvakt::daemon
