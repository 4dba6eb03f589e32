#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/brought.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/timeline.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "workflows/definition/groups.hpp"
#include "workflows/definition/periods.hpp"
#include "workflows/model/digest.hpp"

/// The activity plan of a cohort: each semester as a picture, and the table as it was typed, each
/// row with what has become of it.
namespace fristvakt::daemon {

using workflows::Activity;
using workflows::Case;
using workflows::Cohort;
using workflows::Date;
using workflows::Group;
using workflows::Requirement;
using workflows::Result;
using workflows::Text;

namespace {

/// One row, and what it calls for.
struct Row {
    const Activity* activity;
    Cell what;
    Cell state;
    std::string_view color{"neutral"};
};

class PlanSheet {
 public:
    PlanSheet(View& view, const Cohort& cohort)
        : view_(view),
          cohort_(cohort),
          may_plan_(may(view.visitor(), Right::Plan, cohort, *view.definitions)) {}

    PageResult draw_page() {
        for (const Activity& activity : cohort_.activities) {
            auto row = row_of(activity);
            if (!row.ok()) {
                return row.error();
            }
            rows_.push_back(std::move(row).value());
        }
        Content out;
        out.title = {"Aktivitetsplan – " + cohort_.title.nb,
                     "Aktivitetsplan – " + cohort_.title.nn};
        out.body.add(done_flash(view_)).add(head());
        if (rows_.empty()) {
            out.body.add(nothing_yet());
        } else {
            out.body.add(semesters());
            out.table = table();
            out.body.add(section(view_, *out.table));
        }
        out.body.add(groups());
        return out;
    }

 private:
    [[nodiscard]] Html head() const {
        Html out = html("<p><a class=\"ds-link\" href=\"{}\">{} – {}</a>", cohort_path(cohort_.id),
                        view_.in(cohort_.title), cohort_.id);
        if (may_plan_ && !cohort_.groups.empty()) {
            out.add(" · <a class=\"ds-link\" href=\"{}/ny\">{}</a>", plan_path(cohort_.id),
                    view_.pick("Ny rad", "Ny rad"));
        }
        return out.add("</p>\n");
    }

    [[nodiscard]] Html nothing_yet() const {
        Html out = html("<p class=\"ds-paragraph\">{} activities/{}.csv.",
                        view_.pick("Puljen har ingen aktivitetsplan ennå. Den skrives rad for rad "
                                   "her, eller som en tabell i oppsettet:",
                                   "Pulja har ingen aktivitetsplan enno. Han blir skriven rad for "
                                   "rad her, eller som ein tabell i oppsettet:"),
                        cohort_.id);
        if (cohort_.groups.empty()) {
            out.add(" {}", view_.pick("Radene gjelder grupper, og de skrives først, under groups i "
                                      "ordningens fil.",
                                      "Radene gjeld grupper, og dei blir skrivne først, under "
                                      "groups i fila til ordninga."));
        }
        return out.add("</p>\n");
    }

    // --- What has become of a row ---

    Result<Row> row_of(const Activity& activity) {
        Row row{.activity = &activity, .what = view_.in(activity.what), .state = {}};
        std::vector<const Requirement*> called;
        for (const Requirement& one : cohort_.requirements) {
            if (one.activity == activity.id) {
                called.push_back(&one);
            }
        }
        if (called.empty()) {
            return row;  // Not the reader's to see.
        }
        const auto filled =
            activity.is_meeting() ? fill_meeting(row, called) : fill_delivery(row, *called.front());
        if (!filled.ok()) {
            return filled.error();
        }
        if (!activity.cancelled.empty()) {
            row.what.drawn = html("{}<br><small>{} {}</small>",
                                  row.what.drawn.value_or(html("{}", view_.in(activity.what))),
                                  view_.pick("Avlyst:", "Avlyst:"), activity.cancelled);
        }
        return row;
    }

    workflows::Status fill_delivery(Row& row, const Requirement& requirement) {
        const auto count = brought(view_, cohort_, requirement.id);
        if (!count.ok()) {
            return count.error();
        }
        const std::string& title = view_.in(row.activity->what);
        row.what = Cell{Cell{title},
                        html("<a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a>",
                             percent_encode(cohort_.id), percent_encode(requirement.id), title)};
        if (row.activity->kind == Activity::Kind::Suggestions) {
            row.color = "info";
            row.state = fmt::format("{} {}", count.value().here,
                                    view_.pick("har gitt innspill", "har gitt innspel"));
            return workflows::Done{};
        }
        if (count.value().all == 0) {
            row.state = view_.pick("Ikke åpnet ennå", "Ikkje opna enno");
            return workflows::Done{};
        }
        const bool is_whole = count.value().here == count.value().all;
        row.color = is_whole ? "success" : "info";
        // "1 av 7 har levert, 1 meldt sendt"
        std::string words = in_words(count.value(), view_.language);
        words.insert(std::min(words.find(','), words.size()), " har levert");
        row.state = words;
        return workflows::Done{};
    }

    /// A case for each date of the meeting.
    workflows::Status fill_meeting(Row& row, const std::vector<const Requirement*>& called) {
        std::string text;
        Html drawn;
        for (const Requirement* const requirement : called) {
            const auto found =
                view_.snapshot->find_case(workflows::case_name(cohort_, *requirement, {}, {}));
            if (!found.ok()) {
                return found.error();
            }
            const std::optional<Case>& item = found.value();
            const std::string day = called.size() == 1 ? std::string{} : day_of(*requirement);
            const std::string state{item ? view_.in(words_of_state(*item, *view_.definitions))
                                         : not_open(*requirement)};
            text += (text.empty() ? "" : "; ") + day + state;
            drawn.add("{}{}", drawn.empty() ? html("") : html("<br>"), day);
            if (!item) {
                drawn.add("{}", state);
                continue;
            }
            const CaseStatus status = status_of(*item, *view_.definitions, view_.now());
            drawn.add("{}", tag(status.sign, state, status.color, "/sak/" + encode_path(item->id)));
            if (requirement == called.front()) {
                row.color = status.color;
                row.what = Cell{Cell{view_.in(row.activity->what)}, case_link(view_, *item)};
            }
        }
        row.state = Cell{Cell{text}, drawn};
        return workflows::Done{};
    }

    /// "10.03.2021 ", of one of several dates.
    [[nodiscard]] std::string day_of(const Requirement& requirement) const {
        const auto* const date = cohort_.find_date(requirement, {});
        return date == nullptr
                   ? std::string{}
                   : numeric_date(workflows::cal::floor<workflows::cal::days>(date->start)) + " ";
    }

    [[nodiscard]] std::string_view not_open(const Requirement& requirement) const {
        const Date first =
            view_.ledger.first_start_at
                ? view_.definitions->time_zone().date_of(*view_.ledger.first_start_at)
                : view_.today();
        const bool is_over = requirement.over_after && *requirement.over_after < first;
        return is_over
                   ? view_.pick("Før fristvakt ble tatt i bruk", "Før fristvakt vart teke i bruk")
                   : view_.pick("Ikke åpnet ennå", "Ikkje opna enno");
    }

    // --- The picture of each semester ---

    [[nodiscard]] Html semesters() const {
        std::map<Date, std::vector<TimelineBar>> bars;  // By the first day of the semester.
        std::map<Date, workflows::Semester> semester_at;
        for (const Row& row : rows_) {
            std::map<Date, TimelineBar> of_row;
            for (const workflows::DaySpan& span : row.activity->dates.spans) {
                const auto semester =
                    workflows::semester_of(span.first, view_.definitions->calendar);
                if (!semester) {
                    continue;
                }
                const Date begins = first_day(*semester, view_.definitions->calendar);
                semester_at.emplace(begins, *semester);
                const auto [bar, is_new] =
                    of_row.try_emplace(begins, TimelineBar{.label = view_.in(row.activity->what),
                                                           .color = row.color,
                                                           .opens = span.first,
                                                           .due = span.last,
                                                           .steps = {}});
                bar->second.due = span.last;
                bar->second.steps.push_back(span.first);
            }
            for (auto& [begins, bar] : of_row) {
                bars[begins].push_back(std::move(bar));
            }
        }
        Html out;
        for (auto& [begins, of_semester] : bars) {
            std::ranges::stable_sort(of_semester, {}, &TimelineBar::opens);
            const workflows::Semester& semester = semester_at.at(begins);
            TimelineDays days{begins, last_day(semester, view_.definitions->calendar)};
            for (const TimelineBar& bar : of_semester) {
                days.last = std::max(days.last, bar.due.value_or(days.last));
            }
            const std::string id = workflows::semester_id(semester);
            out.add(
                "<section aria-labelledby=\"{}\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
                "id=\"{}\">{}</h2>\n{}</section>\n",
                id, id, period_title(id, view_.language),
                timeline(view_, id, of_semester, {"første dag", "første dag"}, days));
        }
        return out;
    }

    // --- The table ---

    [[nodiscard]] std::string responsible(const Activity& activity) const {
        const std::string address = workflows::lower_case(activity.responsible);
        for (const auto* const contact : view_.definitions->contacts_of(cohort_.creditor)) {
            if (workflows::lower_case(contact->email) == address) {
                return contact->name;
            }
        }
        return activity.responsible;
    }

    [[nodiscard]] Table table() const {
        Table out{.name = "plan",
                  .title = {"Planen", "Planen"},
                  .columns = {{"what", {"Hva", "Kva"}},
                              {"when", {"Når", "Når"}},
                              {"dates", {"Datoer", "Datoar"}, Column::Where::File},
                              {"who", {"Hvem", "Kven"}},
                              {"kind", {"Type", "Type"}},
                              {"place", {"Sted", "Stad"}},
                              {"lecturer", {"Foreleser", "Forelesar"}},
                              {"responsible", {"Ansvarlig", "Ansvarleg"}},
                              {"state", {"Status", "Status"}}},
                  .rows = {}};
        if (may_plan_) {
            out.columns.push_back({"change", {"Endre", "Endre"}, Column::Where::Page});
        }
        for (const Row& row : rows_) {
            const Activity& activity = *row.activity;
            std::vector<Cell> cells{row.what,
                                    activity.when,
                                    to_string(activity.dates),
                                    activity.who,
                                    view_.in(words_of(activity.kind)),
                                    activity.place,
                                    activity.lecturer,
                                    responsible(activity),
                                    row.state};
            if (may_plan_) {
                cells.emplace_back(
                    html("<a class=\"ds-link\" href=\"{}\">{}<span class=\"ds-sr-only\"> "
                         "{}</span></a>",
                         activity_path(cohort_.id, activity.id), view_.pick("Endre", "Endre"),
                         view_.in(activity.what)));
            }
            out.rows.push_back(std::move(cells));
        }
        return out;
    }

    // --- Who the groups are ---

    [[nodiscard]] Html groups() const {
        if (cohort_.groups.empty()) {
            return {};
        }
        Table out{.name = "grupper",
                  .title = {"Grupper", "Grupper"},
                  .columns = {{"group", {"Gruppe", "Gruppe"}},
                              {"people", {"Hvem det er i dag", "Kven det er i dag"}}},
                  .rows = {}};
        for (const Group& group : cohort_.groups) {
            const auto names = members(group);
            std::string text;
            for (const std::string& name : names) {
                text += (text.empty() ? "" : ", ") + name;
            }
            out.rows.push_back({view_.in(group.title),
                                names.empty() ? Cell{view_.pick("Ingen", "Ingen")} : Cell{text}});
        }
        return section(view_, out);
    }

    [[nodiscard]] std::vector<std::string> members(const Group& group) const {
        std::vector<std::string> names;
        for (const std::string& organisation :
             workflows::organisations_in(group, cohort_, *view_.definitions)) {
            for (const auto* const contact : view_.definitions->contacts_of(organisation)) {
                const bool is_one = workflows::is_member(*contact, group, cohort_, view_.today()) &&
                                    std::ranges::find(names, contact->name) == names.end();
                if (is_one) {
                    names.push_back(contact->name);
                }
            }
        }
        return names;
    }

    View& view_;
    const Cohort& cohort_;
    bool may_plan_;
    std::vector<Row> rows_;
};

}  // namespace

PageResult plan_page(View& view) {
    const Cohort* const cohort = view.definitions->find_cohort(view.request.parameter("cohort"));
    if (cohort == nullptr) {
        return workflows::Error{workflows::ErrorKind::NotFound, "there is no such cohort"};
    }
    return PlanSheet{view, *cohort}.draw_page();
}

}  // namespace fristvakt::daemon
