#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"

/// When a meeting of a cohort is held: set, moved, cancelled, taken away.
namespace fristvakt::daemon {

using workflows::Cohort;
using workflows::Meeting;
using workflows::MeetingDate;
using workflows::Text;

namespace {

/// What a form does with a date.
constexpr std::string_view kCancel{"avlys"};
constexpr std::string_view kTakeAway{"ta-bort"};

std::string start_of(const MeetingDate& date) {
    return workflows::written(date.start);
}

const MeetingDate* find_date(const Meeting& meeting, const std::string& start) {
    const auto found = std::ranges::find(meeting.dates, start, start_of);
    return found == meeting.dates.end() ? nullptr : &*found;
}

/// The dates that stand, each with the way to change it.
Html dates(const View& view, const Cohort& cohort, const Meeting& meeting) {
    if (meeting.dates.empty()) {
        return html("<p class=\"ds-paragraph\">{}</p>\n",
                    view.pick("Ingen dato er satt.", "Ingen dato er sett."));
    }
    Html items;
    for (const MeetingDate& date : meeting.dates) {
        items.add("<li><a class=\"ds-link\" href=\"{}{}\">{}</a>{}{}{}</li>\n",
                  meeting_path(cohort.id, meeting.id), encode_query({{"dato", start_of(date)}}),
                  workflows::time_in_words(time_of(date), view.language),
                  date.place.empty() ? "" : ", ", date.place,
                  date.cancelled.empty()
                      ? std::string{}
                      : std::string{view.pick(". Avlyst: ", ". Avlyst: ")} + date.cancelled);
    }
    return html("<ul>{}</ul>\n<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", items,
                meeting_path(cohort.id, meeting.id), view.pick("Ny dato", "Ny dato"));
}

Html button(std::string_view word, std::string_view variant) {
    return html(
        "<p class=\"fv-buttons\"><button class=\"ds-button\" data-variant=\"{}\" "
        "type=\"submit\">{}</button></p></form>\n",
        variant, word);
}

}  // namespace

HttpResponse Programmes::meeting_form(View& view) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Meeting* const known =
        cohort == nullptr ? nullptr : cohort->find_meeting(view.request.parameter("id"));
    const std::string old_start = view.argument("dato");
    if (known == nullptr || (!old_start.empty() && find_date(*known, old_start) == nullptr)) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    if (!known->activity.empty()) {
        return see_other(activity_path(cohort->id, known->activity));
    }
    return show_meeting(view, *cohort, *known, old_start, {}, 200);
}

HttpResponse Programmes::show_meeting(View& view, const Cohort& cohort, const Meeting& meeting,
                                      const std::string& old_start, const FormState& state,
                                      int status) const {
    const MeetingDate* const date = find_date(meeting, old_start);
    const auto fields = date == nullptr ? std::map<std::string, std::string>{}
                                        : workflows::fields_of(time_of(*date));
    const auto old = [&](const char* name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string{} : found->second;
    };
    const std::string path = meeting_path(cohort.id, meeting.id);
    MeetingDated about;
    about.cohort = cohort.id;
    const Html head = form_head(view, about, state);
    Html body = error_summary(view, "f", state);
    body.add(
        "<p class=\"ds-paragraph\">{}</p>\n",
        view.pick("Forarbeid og påminnelser følger datoen. Hva endringen fører til, ser du før "
                  "den tas i bruk.",
                  "Forarbeid og påminningar følgjer datoen. Kva endringa fører til, ser du før "
                  "ho blir teken i bruk."));
    body.add(dates(view, cohort, meeting));
    body.add("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n",
             date == nullptr ? view.pick("Ny dato", "Ny dato")
                             : view.pick("Flytt møtet", "Flytt møtet"));
    body.add("<form class=\"fv-action\" method=\"post\" action=\"{}\">{}{}", path, head,
             hidden("dato", old_start));
    using Kind = ActionField::Kind;
    body.add(draw_field(
        view, form_field("start", {"Begynner", "Byrjar"}, {}, Kind::Time, old("start"), true), "f",
        state));
    body.add(draw_field(view,
                        form_field("end", {"Slutter", "Sluttar"}, {}, Kind::Time, old("end"), true),
                        "f", state));
    body.add(draw_field(view,
                        form_field("place", {"Sted", "Stad"}, {}, Kind::Line, old("place"), false),
                        "f", state));
    if (date == nullptr && !meeting.dates.empty()) {
        body.add(draw_field(
            view,
            form_field(
                "id", {"Kortnavn", "Kortnamn"},
                {"Bare for møte nummer to i samme periode. Små bokstaver a–z, tall og bindestrek.",
                 "Berre for møte nummer to i same periode. Små bokstavar a–z, tal og bindestrek."},
                Kind::Line, {}, false),
            "f", state));
    }
    body.add(button(view.pick("Se over", "Sjå over"), "primary"));
    if (date != nullptr && date->cancelled.empty()) {
        body.add(
            "<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n"
            "<form class=\"fv-action\" method=\"post\" action=\"{}\">{}{}{}",
            view.pick("Avlys møtet", "Avlys møtet"), path, head, hidden("dato", old_start),
            hidden("gjor", kCancel));
        body.add(draw_field(
            view, form_field("cancelled", {"Hvorfor", "Kvifor"}, {}, Kind::Line, {}, true), "f",
            state));
        body.add(button(view.pick("Avlys …", "Avlys …"), "secondary"));
    }
    if (date != nullptr) {
        body.add(small_form(head, path, {{"dato", old_start}, {"gjor", std::string{kTakeAway}}},
                            view.pick("Ta bort datoen", "Ta bort datoen"), ""));
    }
    return page(view, meeting.title, body, status);
}

HttpResponse Programmes::meeting(View& view, const FormData& form) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Meeting* const known =
        cohort == nullptr ? nullptr : cohort->find_meeting(view.request.parameter("id"));
    if (known == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    const std::string old_start = form.get("dato");
    const MeetingDate* const date = find_date(*known, old_start);
    if (!old_start.empty() && date == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    MeetingDated dated;
    dated.cohort = cohort->id;
    dated.meeting = known->id;
    dated.old_start = old_start;
    Order order{
        .path = meeting_path(cohort->id, known->id),
        .back = meeting_path(cohort->id, known->id),
        .what = {"Sett dato: " + known->title.nb, "Set dato: " + known->title.nn},
        .edit = {},
        .again = [this, &view, cohort, known, old_start](const FormState& state, int status) {
            return show_meeting(view, *cohort, *known, old_start, state, status);
        }};
    const std::string what = form.get("gjor");
    if (what.empty()) {
        dated.id = form.get("id");
        // Empty stands for taking away; nobody asked for that here.
        dated.start = form.get("start").empty() ? "-" : form.get("start");
        dated.end = form.get("end");
        dated.place = form.get("place");
        if (date != nullptr) {
            order.what = {"Flytt: " + known->title.nb, "Flytt: " + known->title.nn};
        }
    } else if (date == nullptr || (what != kCancel && what != kTakeAway)) {
        return pages_.error_page(view.request, 404);
    } else if (what == kCancel) {
        dated.start = workflows::written(date->start);
        dated.end = workflows::written(date->end);
        dated.place = date->place;
        dated.cancelled = form.get("cancelled");
        order.what = {"Avlys: " + known->title.nb, "Avlys: " + known->title.nn};
        if (dated.cancelled.empty()) {
            return refuse(view, order,
                          {workflows::ErrorKind::InvalidInput, "no reason", "field:cancelled"},
                          state_of_form(form));
        }
    } else {
        order.what = {"Ta bort datoen: " + known->title.nb, "Ta bort datoen: " + known->title.nn};
    }
    order.edit = std::move(dated);
    return carry_out(view, form, order);
}

}  // namespace fristvakt::daemon
