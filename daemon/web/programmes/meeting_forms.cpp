#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/meetings/date_change.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/meetings.hpp"

/// When a meeting of a cohort is held: set, moved, cancelled, taken away.
namespace fristvakt::daemon {

using workflows::Cohort;
using workflows::Language;
using workflows::LocalTime;
using workflows::Meeting;
using workflows::MeetingDate;
using workflows::Period;
using workflows::Text;

/// One date of a meeting on a form.
struct Programmes::DateForm {
    const Cohort& cohort;
    const Meeting& meeting;
    const MeetingDate* date{nullptr};  ///< Null: a new one.
    std::optional<Period> period{};    ///< That a new one is to lie in; nothing: any.
};

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

std::optional<Period> find_period(const Meeting& meeting, const Cohort& cohort,
                                  const std::string& id, const workflows::Calendar& calendar) {
    workflows::Requirement recurring;
    recurring.every = meeting.every;
    for (Period& period : workflows::periods_of(recurring, cohort, calendar)) {
        if (!id.empty() && period.id == id) {
            return std::move(period);
        }
    }
    return std::nullopt;
}

/// Whether the meeting may be left without this date: somebody is asked for another one.
bool may_go(const Meeting& meeting) {
    return meeting.set_by || meeting.dates.size() > 1;
}

std::string between(const Period& period) {
    return numeric_date(period.first) + "–" + numeric_date(period.last);
}

Text both(const std::function<std::string(Language)>& say) {
    return {say(Language::Nb), say(Language::Nn)};
}

/// Another date that has the place of this one.
std::optional<FormProblem> problem_with_others(const Cohort& cohort, const Meeting& meeting,
                                               const MeetingDate* old, const std::string& id,
                                               const Period& period,
                                               const workflows::Calendar& calendar) {
    MeetingDate named;
    named.id = old == nullptr ? id : old->id;
    const std::string path = workflows::path_of(meeting, period.id, named);
    for (const MeetingDate& other : meeting.dates) {
        const auto of_other =
            workflows::period_of(meeting, cohort, workflows::day_of(other.start), calendar);
        if (&other == old || !of_other ||
            workflows::path_of(meeting, of_other->id, other) != path) {
            continue;
        }
        if (old == nullptr && !named.id.empty()) {
            return FormProblem{"id", {"Kortnavnet er brukt før", "Kortnamnet er brukt før"}};
        }
        return FormProblem{"start", both([&](Language language) {
                               const bool nb = language == Language::Nb;
                               const std::string when =
                                   workflows::time_in_words(workflows::time_of(other), language);
                               const std::string where =
                                   period.id.empty() ? ""
                                                     : " i " + period_title(period.id, language);
                               return (nb ? "Møtet har alt en dato" : "Møtet har alt ein dato") +
                                      where + ": " + when +
                                      (old != nullptr ? ""
                                       : nb ? ". Flytt den, eller gi det nye møtet et kortnavn"
                                            : ". Flytt han, eller gi det nye møtet eit kortnamn");
                           })};
    }
    return std::nullopt;
}

/// What is brought would be due before anybody is asked for it.
std::optional<FormProblem> problem_with_prework(const Cohort& cohort, const MeetingDate& old,
                                                const MeetingDated& wanted, const Period& period,
                                                const workflows::TimeZone& zone) {
    const auto start = workflows::parse_local_time(wanted.start);
    const auto end = workflows::parse_local_time(wanted.end);
    const workflows::Date opens = std::max(period.first, cohort.from);
    if (!start || !end) {
        return std::nullopt;
    }
    for (const workflows::Requirement& prework : old.prework) {
        const auto due = workflows::evaluate(
            *prework.due.expression, {{"start", *start}, {"end", *end}}, prework.if_free_day, zone);
        if (due.ok() && !prework.opens && due.value().date < opens) {
            const std::string day = numeric_date(due.value().date);
            return FormProblem{"start",
                               {"Forarbeidet «" + prework.title.nb + "» ville hatt frist " + day +
                                    ", før det kan bes om (" + numeric_date(opens) + ")",
                                "Forarbeidet «" + prework.title.nn + "» ville hatt frist " + day +
                                    ", før ein kan be om det (" + numeric_date(opens) + ")"}};
        }
    }
    return std::nullopt;
}

/// An hour that nobody's clock shows, or a meeting that is longer than any is.
std::optional<FormProblem> problem_with_times(workflows::LocalTime start, workflows::LocalTime end,
                                              const workflows::TimeZone& zone) {
    constexpr auto kLongest = workflows::cal::days{31};
    for (const auto& [field, time] : {std::pair{"start", start}, std::pair{"end", end}}) {
        if (zone.to_local(zone.to_instant(time)) != time) {
            const std::string clock = workflows::clock_time(time);
            return FormProblem{field,
                               {"Den natta stilles klokka fram, og " + clock +
                                    " finnes ikke. Skriv et annet klokkeslett",
                                "Den natta blir klokka stilt fram, og " + clock +
                                    " finst ikkje. Skriv eit anna klokkeslett"}};
        }
    }
    if (end - start > kLongest) {
        return FormProblem{"end",
                           {"Møtet ville vart i mer enn en måned. Se på år og måned",
                            "Møtet ville vart i meir enn ein månad. Sjå på år og månad"}};
    }
    return std::nullopt;
}

/// The semester that the programme's file says for the date: a slip in the year is stopped there.
std::optional<FormProblem> problem_with_semester(const MeetingDate& old, LocalTime start,
                                                 const workflows::Calendar& calendar) {
    const auto semester = workflows::semester_of(workflows::day_of(start), calendar);
    if (old.semester.empty() || (semester && workflows::semester_id(*semester) == old.semester)) {
        return std::nullopt;
    }
    return FormProblem{"start", both([&](Language language) {
                           const std::string title = period_title(old.semester, language);
                           return language == Language::Nb
                                      ? "Møtet skal ligge i " + title +
                                            ". Sett en ny dato for møtet i et annet semester"
                                      : "Møtet skal liggje i " + title +
                                            ". Set ein ny dato for møtet i eit anna semester";
                       })};
}

/// Why a date cannot stand in the programme, as its planners know it: nothing when it can, or when
/// it is no date at all.
std::optional<FormProblem> problem_in(const Cohort& cohort, const Meeting& meeting,
                                      const MeetingDate* old, const MeetingDated& wanted,
                                      const std::optional<Period>& asked_for,
                                      const workflows::Definitions& definitions) {
    const workflows::Calendar& calendar = definitions.calendar;
    if (wanted.start.empty() && !may_go(meeting)) {
        return FormProblem{"start",
                           {"Møtet har bare denne datoen. Flytt det, eller avlys det",
                            "Møtet har berre denne datoen. Flytt det, eller avlys det"}};
    }
    const auto start = workflows::parse_local_time(wanted.start);
    const auto end = workflows::parse_local_time(wanted.end);
    if (!start || !end || *end <= *start) {
        return std::nullopt;  // Said when it is read.
    }
    if (auto problem = problem_with_times(*start, *end, definitions.time_zone())) {
        return problem;
    }
    if (asked_for && (workflows::day_of(*start) < asked_for->first ||
                      asked_for->last < workflows::day_of(*start))) {
        return FormProblem{
            "start", both([&](Language language) {
                return (language == Language::Nb ? "Datoen må ligge i " : "Datoen må liggje i ") +
                       period_title(asked_for->id, language) + " (" + between(*asked_for) + ")";
            })};
    }
    const auto period = workflows::period_of(meeting, cohort, workflows::day_of(*start), calendar);
    if (!period) {
        const std::string days = numeric_date(cohort.from) + "–" + numeric_date(cohort.to);
        return FormProblem{"start",
                           {"Datoen ligger utenfor puljens periode (" + days + ")",
                            "Datoen ligg utanfor perioden til pulja (" + days + ")"}};
    }
    if (old != nullptr) {
        if (auto problem = problem_with_semester(*old, *start, calendar)) {
            return problem;
        }
    }
    auto problem = problem_with_others(cohort, meeting, old, wanted.id, *period, calendar);
    if (!problem && old != nullptr && wanted.cancelled.empty()) {
        problem = problem_with_prework(cohort, *old, wanted, *period, definitions.time_zone());
    }
    return problem;
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

const workflows::Error kDateIsGone{workflows::ErrorKind::Conflict, "the date is gone", "moved-on"};

}  // namespace

/// The date of the form is gone: moved by a second click, or by somebody else.
Programmes::Order Programmes::gone(const Cohort& cohort, const Meeting& meeting) {
    return {.path = meeting_path(cohort.id, meeting.id),
            .back = "/moter",
            .what = meeting.title,
            .edit = {},
            .again = [](const FormState&, int) { return HttpResponse{}; }};
}

HttpResponse Programmes::meeting_form(View& view) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Meeting* const known =
        cohort == nullptr ? nullptr : cohort->find_meeting(view.request.parameter("id"));
    if (known == nullptr) {
        return pages_.error_page(view.request, 404);
    }
    const std::string period = view.argument("periode");
    const std::string old_start = view.argument("dato");
    const DateForm about{
        .cohort = *cohort,
        .meeting = *known,
        .date = find_date(*known, old_start),
        .period = find_period(*known, *cohort, period, view.definitions->calendar)};
    const bool is_gone = about.date == nullptr && !old_start.empty();
    if (about.date == nullptr && !is_gone && about.period.has_value() == period.empty()) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    if (is_gone) {
        return refuse(view, gone(*cohort, *known), kDateIsGone, {});
    }
    if (!known->activity.empty()) {
        return see_other(activity_path(cohort->id, known->activity));
    }
    return show_meeting(view, about, {}, 200);
}

namespace {

/// What stands above the form of a date.
Html heading_of(const View& view, const MeetingDate* date, const std::optional<Period>& period) {
    if (date != nullptr && !date->cancelled.empty()) {
        return html(
            "<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n<p class=\"ds-paragraph\">{}: {}. "
            "{}</p>\n",
            view.pick("Hold møtet likevel", "Hald møtet likevel"),
            view.pick("Møtet er avlyst", "Møtet er avlyst"), date->cancelled,
            view.pick("De som skal med, kalles inn på nytt.",
                      "Dei som skal med, blir kalla inn på nytt."));
    }
    std::string title{date == nullptr ? view.pick("Ny dato", "Ny dato")
                                      : view.pick("Flytt møtet", "Flytt møtet")};
    if (date == nullptr && period) {
        title += std::string{view.pick(" for ", " for ")} + period_title(period->id, view.language);
    }
    return html("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n", title);
}

/// The inputs of a date as it stands.
Html inputs_of(const View& view, const MeetingDate* date, const std::optional<Period>& period,
               const FormState& state) {
    const auto fields = date == nullptr ? std::map<std::string, std::string>{}
                                        : workflows::fields_of(workflows::time_of(*date));
    const auto old = [&](const char* name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string{} : found->second;
    };
    const Text hint = date == nullptr && period ? both([&](Language language) {
        return period_title(period->id, language) + ": " + between(*period);
    })
                                                : Text{};
    using Kind = ActionField::Kind;
    Html out = draw_field(
        view, form_field("start", {"Begynner", "Byrjar"}, hint, Kind::Time, old("start"), true),
        "f", state);
    out.add(draw_field(view,
                       form_field("end", {"Slutter", "Sluttar"}, {}, Kind::Time, old("end"), true),
                       "f", state));
    return out.add(
        draw_field(view, form_field("place", {"Sted", "Stad"}, {}, Kind::Line, old("place"), false),
                   "f", state));
}

/// What a form asks for.
MeetingDated edit_of(const Cohort& cohort, const Meeting& meeting, const MeetingDate* date,
                     const FormData& form) {
    MeetingDated dated;
    dated.cohort = cohort.id;
    dated.meeting = meeting.id;
    dated.old_start = form.get("dato");
    const std::string what = form.get("gjor");
    if (what.empty()) {
        dated.id = form.get("id");
        // Empty stands for taking away; nobody asked for that here.
        dated.start = form.get("start").empty() ? "-" : form.get("start");
        dated.end = form.get("end");
        dated.place = form.get("place");
    } else if (what == kCancel) {
        dated.start = start_of(*date);
        dated.end = workflows::written(date->end);
        dated.place = date->place;
        dated.cancelled = form.get("cancelled");
    }
    return dated;
}

/// What it is called, and the case and the event that tell of it afterwards.
struct Outcome {
    Text what;
    std::string case_id;  ///< Empty: there is none that would go on.
    std::string_view event;
};
Outcome outcome_of(const Cohort& cohort, const Meeting& meeting, const MeetingDate* date,
                   const MeetingDated& wanted, const workflows::Calendar& calendar) {
    const auto titled = [&](const Text& what) {
        return Text{what.nb + ": " + meeting.title.nb, what.nn + ": " + meeting.title.nn};
    };
    const bool is_cancelled = date != nullptr && !date->cancelled.empty();
    Outcome out;
    if (wanted.start.empty()) {
        return {titled({"Ta bort datoen", "Ta bort datoen"}), {}, workflows::kUndated};
    }
    if (!wanted.cancelled.empty()) {
        out = {titled({"Avlys", "Avlys"}), {}, workflows::kCancelled};
    } else if (is_cancelled) {
        out = {titled({"Hold likevel", "Hald likevel"}), {}, workflows::kDated};
    } else if (date != nullptr) {
        out = {titled({"Flytt", "Flytt"}), {}, workflows::kMoved};
    } else {
        out = {titled({"Sett dato", "Set dato"}), {}, workflows::kDated};
    }
    const auto start = workflows::parse_local_time(wanted.start);
    const auto period =
        start ? workflows::period_of(meeting, cohort, workflows::day_of(*start), calendar)
              : std::nullopt;
    if (period) {
        MeetingDate named;
        named.id = date == nullptr ? wanted.id : date->id;
        out.case_id = cohort.id + "/" + workflows::path_of(meeting, period->id, named);
    }
    return out;
}

}  // namespace

HttpResponse Programmes::show_meeting(View& view, const DateForm& about, const FormState& state,
                                      int status) const {
    const Cohort& cohort = about.cohort;
    const Meeting& meeting = about.meeting;
    const MeetingDate* const date = about.date;
    const std::string old_start = date == nullptr ? std::string{} : start_of(*date);
    const std::string path = meeting_path(cohort.id, meeting.id);
    if (is_history(view, cohort, date)) {
        return page(view, meeting.title,
                    html("<p class=\"ds-alert\" data-color=\"warning\" role=\"alert\">{}</p>\n{}",
                         view.pick("Møtet er holdt eller avsluttet, og kan ikke flyttes eller "
                                   "avlyses. Ingenting er endret.",
                                   "Møtet er halde eller avslutta, og kan ikkje flyttast eller "
                                   "avlysast. Ingenting er endra."),
                         dates(view, cohort, meeting)),
                    status);
    }
    MeetingDated edit;
    edit.cohort = cohort.id;
    const Html head = form_head(view, edit, state);
    Html body = error_summary(view, "f", state);
    body.add(
        "<p class=\"ds-paragraph\">{}</p>\n",
        view.pick("Forarbeid og påminnelser følger datoen. Hva endringen fører til, ser du før "
                  "den tas i bruk.",
                  "Forarbeid og påminningar følgjer datoen. Kva endringa fører til, ser du før "
                  "ho blir teken i bruk."));
    body.add(dates(view, cohort, meeting)).add(heading_of(view, date, about.period));
    body.add("<form class=\"fv-action\" method=\"post\" action=\"{}\">{}{}{}{}", path, head,
             hidden("dato", old_start), about.period ? hidden("periode", about.period->id) : Html{},
             inputs_of(view, date, about.period, state));
    using Kind = ActionField::Kind;
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
    if (date != nullptr && may_go(meeting)) {
        body.add(small_form(head, path, {{"dato", old_start}, {"gjor", std::string{kTakeAway}}},
                            view.pick("Ta bort datoen", "Ta bort datoen"), ""));
    }
    return page(view, meeting.title, body, status);
}

HttpResponse Programmes::meeting(View& view, const FormData& form) const {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    const Meeting* const known =
        cohort == nullptr ? nullptr : cohort->find_meeting(view.request.parameter("id"));
    const std::string what = form.get("gjor");
    if (known == nullptr || (!what.empty() && what != kCancel && what != kTakeAway)) {
        return pages_.error_page(view.request, 404);
    }
    if (!may_plan(view, *cohort)) {
        return pages_.error_page(view.request, 403);
    }
    const std::string old_start = form.get("dato");
    const DateForm about{
        .cohort = *cohort,
        .meeting = *known,
        .date = find_date(*known, old_start),
        .period = find_period(*known, *cohort, form.get("periode"), view.definitions->calendar)};
    Order order{.path = meeting_path(cohort->id, known->id),
                .back = "/moter",
                .what = known->title,
                .edit = {},
                .again = [this, &view, about](const FormState& state, int status) {
                    return show_meeting(view, about, state, status);
                }};
    if (about.date == nullptr && (!old_start.empty() || !what.empty())) {
        return refuse(view, gone(*cohort, *known), kDateIsGone, state_of_form(form));
    }
    if (is_history(view, *cohort, about.date)) {
        return show_meeting(view, about, {}, 409);
    }
    MeetingDated dated = edit_of(*cohort, *known, about.date, form);
    const auto problem =
        problem_in(*cohort, *known, about.date, dated, about.period, *view.definitions);
    const Outcome outcome =
        outcome_of(*cohort, *known, about.date, dated, view.definitions->calendar);
    order.what = outcome.what;
    order.done = outcome.event;
    order.done_case = outcome.case_id;
    order.edit = std::move(dated);
    if (what == kCancel && form.get("cancelled").empty()) {
        return refuse(view, order,
                      {workflows::ErrorKind::InvalidInput, "no reason", "field:cancelled"},
                      state_of_form(form));
    }
    // Whoever was second hears of that first.
    const bool is_stale =
        !form.get("sett").empty() && form.get("sett") != desk_.version_of(order.edit);
    if (problem && !is_stale) {
        FormState state = state_of_form(form);
        state.problems.push_back(*problem);
        return order.again(state, 422);
    }
    return carry_out(view, form, order);
}

}  // namespace fristvakt::daemon
