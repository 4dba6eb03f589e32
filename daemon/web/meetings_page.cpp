#include <algorithm>
#include <tuple>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/brought.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/deadline_entry.hpp"
#include "daemon/web/meetings/people.hpp"
#include "daemon/web/timeline.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/meetings.hpp"
#include "workflows/definition/periods.hpp"

/// Møter: one row a meeting, owed or dated, by semester; how much of its pre-work has come.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Date;
using workflows::MeetingDate;
using workflows::Requirement;
using workflows::Result;

namespace {

struct Row {
    const Cohort* cohort;
    const Requirement* requirement;
    const MeetingDate* date;   ///< Null: none is set.
    std::optional<Case> item;  ///< Empty: not opened yet.
    Date day{};                ///< Of the meeting, else the day by which its date is to stand.
    std::string semester;
};

/// What is to be brought to the meeting of a row.
std::vector<const Requirement*> prework_of(const Row& row) {
    std::vector<const Requirement*> found;
    if (row.date == nullptr) {
        return found;
    }
    const std::string before =
        row.requirement->id + (row.date->period.empty() ? "" : "/" + row.date->period) + "/";
    for (const Requirement& one : row.cohort->requirements) {
        if (one.origin == Requirement::Origin::Prework && one.id.starts_with(before) &&
            one.id.find('/', before.size()) == std::string::npos) {
            found.push_back(&one);
        }
    }
    return found;
}

/// "Notat om status: 3 av 6", each a link to its requirement.
Result<Cell> prework(View& view, const Row& row) {
    std::string text;
    Html drawn;
    for (const Requirement* const known : prework_of(row)) {
        const Requirement& one = *known;
        const auto counted = brought(view, *row.cohort, one.id);
        if (!counted.ok()) {
            return counted.error();
        }
        const std::string count = in_words(counted.value());
        const std::string& title = view.in(one.title);
        drawn.add("{}<a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a>: {}",
                  drawn.empty() ? html("") : html("<br>"), percent_encode(row.cohort->id),
                  percent_encode(one.id), title, count);
        text += (text.empty() ? "" : "; ") + title + ": " + count;
    }
    return text.empty() ? Cell{} : Cell{Cell{text}, drawn};
}

std::string semester_of(const View& view, Date day) {
    const auto semester = workflows::semester_of(day, view.definitions->calendar);
    return semester ? period_title(workflows::semester_id(*semester), view.language)
                    : std::string{};
}

Result<std::vector<Row>> rows_of(View& view) {
    const Date first = view.ledger.first_start_at
                           ? view.definitions->time_zone().date_of(*view.ledger.first_start_at)
                           : view.today();
    std::vector<Row> rows;
    for (const Cohort& cohort : view.definitions->cohorts) {
        for (const Requirement& requirement : cohort.requirements) {
            if (requirement.origin != Requirement::Origin::Meeting) {
                continue;
            }
            for (const auto& period :
                 workflows::periods_of(requirement, cohort, view.definitions->calendar)) {
                const auto dates =
                    workflows::dates_of(requirement, period, cohort, view.definitions->time_zone());
                if (!dates.ok() ||
                    !workflows::is_called_for(requirement, period, dates.value(), cohort, first)) {
                    continue;
                }
                auto item = view.snapshot->find_case(
                    workflows::case_name(cohort, requirement, period.id, {}));
                if (!item.ok()) {
                    return item.error();
                }
                const MeetingDate* const date = cohort.find_date(requirement, period.id);
                const Date day =
                    date == nullptr ? dates.value().due.date : workflows::day_of(date->start);
                rows.push_back({.cohort = &cohort,
                                .requirement = &requirement,
                                .date = date,
                                .item = std::move(item).value(),
                                .day = day,
                                .semester = semester_of(view, day)});
            }
        }
    }
    std::ranges::sort(rows, [](const Row& a, const Row& b) {
        return std::tie(a.day, a.cohort->id, a.requirement->id) <
               std::tie(b.day, b.cohort->id, b.requirement->id);
    });
    return rows;
}

Cell when(const View& view, const Row& row) {
    if (row.date == nullptr) {
        const std::string by =
            std::string{view.pick("Dato settes innen ", "Dato blir sett innan ")} +
            workflows::long_date(row.day, view.language);
        return Cell{by};
    }
    return Cell{workflows::time_in_words(workflows::time_of(*row.date), view.language)};
}

Result<std::vector<Cell>> cells_of(View& view, const Row& row) {
    const std::string& title = view.in(row.requirement->title);
    auto bring = prework(view, row);
    if (!bring.ok()) {
        return bring.error();
    }
    std::vector<Cell> cells;
    cells.emplace_back(row.semester);
    cells.push_back(when(view, row));
    cells.push_back(row.item ? Cell{Cell{title}, case_link(view, *row.item)} : Cell{title});
    cells.emplace_back(row.date == nullptr ? std::string{} : row.date->place);
    cells.emplace_back(view.in(row.cohort->title));
    if (row.item) {
        const CaseStatus status = status_of(*row.item, *view.definitions, view.now());
        const std::string state = view.in(words_of_state(*row.item, *view.definitions));
        cells.emplace_back(Cell{state}, tag(status.sign, state, status.color));
        cells.push_back(row.item->state_deadline ? Cell{row.item->state_deadline->date}
                        : row.date == nullptr && row.item->due ? Cell{row.item->due->date}
                                                               : Cell{});
    } else {
        cells.emplace_back(view.pick("Ikke åpnet ennå", "Ikkje opna enno"));
        cells.emplace_back();
    }
    cells.push_back(std::move(bring).value());
    auto people = row.item ? view.snapshot->invitations_of(row.item->id)
                           : Result<std::vector<workflows::StoredInvitation>>{
                                 std::vector<workflows::StoredInvitation>{}};
    if (!people.ok()) {
        return people.error();
    }
    cells.emplace_back(in_words(count_answers(people.value()), view.language));
    const bool may_plan = may(view.visitor(), Right::Plan, *row.cohort, *view.definitions) &&
                          !(row.item && row.item->final);
    const std::string start =
        row.date == nullptr ? std::string{} : workflows::written(row.date->start);
    cells.push_back(
        may_plan
            ? Cell{html("<a class=\"ds-link\" href=\"{}{}\">{}<span class=\"ds-sr-only\"> "
                        "{} {}</span></a>",
                        change_path(row.cohort->id, *row.requirement),
                        row.requirement->activity.empty() ? encode_query({{"dato", start}})
                                                          : std::string{},
                        row.date == nullptr ? view.pick("Sett dato", "Set dato")
                                            : view.pick("Flytt eller avlys", "Flytt eller avlys"),
                        title, row.semester)}
            : Cell{});
    return cells;
}

/// From the day on which it is asked for to the meeting, or to the day by which its date is to
/// stand; a tick for each thing that is to be brought.
TimelineBar bar_of(const View& view, const Row& row) {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    TimelineBar bar{.label = view.in(row.requirement->title),
                    .color = "neutral",
                    .opens = row.item ? zone.date_of(row.item->opened_at) : row.day,
                    .due = row.day,
                    .steps = {}};
    if (row.item) {
        bar.color = status_of(*row.item, *view.definitions, view.now()).color;
    }
    for (const Requirement* const one : prework_of(row)) {
        const auto due = workflows::evaluate(*one->due.expression, {}, one->if_free_day, zone);
        if (due.ok()) {
            bar.steps.push_back(due.value().date);
        }
    }
    return bar;
}

}  // namespace

PageResult meetings_page(View& view) {
    const auto rows = rows_of(view);
    if (!rows.ok()) {
        return rows.error();
    }
    Content out;
    out.title = {"Møter", "Møte"};
    Table table{.name = "moter",
                .title = {"Møter", "Møte"},
                .columns = {{"semester", {"Semester", "Semester"}, Column::Where::File},
                            {"when", {"Når", "Når"}},
                            {"meeting", {"Møte", "Møte"}},
                            {"place", {"Sted", "Stad"}},
                            {"programme", {"Ordning", "Ordning"}},
                            {"state", {"Status", "Status"}},
                            {"next_by", {"Neste steg innen", "Neste steg innan"}},
                            {"prework", {"Forarbeid", "Forarbeid"}},
                            {"answers", {"Innkalling og svar", "Innkalling og svar"}},
                            {"change", {"Endre", "Endre"}, Column::Where::Page}},
                .rows = {}};
    Table of_semester = table;
    std::vector<TimelineBar> bars;
    const auto close = [&] {
        if (!of_semester.rows.empty()) {
            out.body.add(
                "<section aria-labelledby=\"{}\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
                "id=\"{}\">{}</h2>\n",
                of_semester.name, of_semester.name, view.in(of_semester.title));
            // A semester that nothing is known of yet would be an empty picture.
            if (!bars.empty()) {
                out.body.add(timeline(view, of_semester.name, bars,
                                      {"frister for forarbeid", "fristar for forarbeid"}));
            }
            out.body.add("{}</section>\n", draw(view, of_semester));
            of_semester.rows.clear();
            bars.clear();
        }
    };
    int number{0};
    for (const Row& row : rows.value()) {
        auto cells = cells_of(view, row);
        if (!cells.ok()) {
            return cells.error();
        }
        if (of_semester.title.nb != row.semester) {
            close();
            of_semester.title = {row.semester, row.semester};
            of_semester.name = "moter-" + std::to_string(++number);
        }
        of_semester.rows.push_back(cells.value());
        if (row.item || row.date != nullptr) {
            bars.push_back(bar_of(view, row));
        }
        table.rows.push_back(std::move(cells).value());
        if (view.wants_file() && row.item) {
            if (auto entry = deadline_entry(*row.item, *view.definitions, view.language)) {
                out.calendar.push_back(std::move(*entry));
            }
        }
    }
    close();
    if (table.rows.empty()) {
        out.body.add(
            "<p class=\"ds-paragraph\">{}</p>\n",
            view.pick("Ingen ordning har møter. De skrives under meetings i ordningens fil.",
                      "Inga ordning har møte. Dei blir skrivne under meetings i fila til "
                      "ordninga."));
    }
    out.table = std::move(table);
    out.has_calendar = true;
    return out;
}

}  // namespace fristvakt::daemon
