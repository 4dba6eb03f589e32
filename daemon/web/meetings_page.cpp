#include <algorithm>
#include <tuple>

#include "daemon/access/rights.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/deadline_entry.hpp"
#include "daemon/web/meetings/date_change.hpp"
#include "daemon/web/meetings/people.hpp"
#include "daemon/web/meetings/prework.hpp"
#include "daemon/web/programmes/programmes.hpp"
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
    std::string period{};      ///< Of the case.
    Date day{};                ///< Of the meeting, else the day by which its date is to stand.
    std::string semester;
};

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
                                .period = period.id,
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

/// The way to its date, named with the meeting and its time for those who hear the link alone.
Cell change(const View& view, const Row& row) {
    const auto way = date_change(
        view, {*row.cohort, *row.requirement, row.period, row.item ? &*row.item : nullptr});
    if (!way) {
        return Cell{};
    }
    const bool is_of_semester = row.requirement->every == workflows::Recurrence::EachSemester;
    return Cell{
        html("<a class=\"ds-link\" href=\"{}\">{}<span class=\"ds-sr-only\"> {} {}</span></a>",
             way->path, view.in(way->word), view.in(row.requirement->title),
             is_of_semester ? period_title(row.period, view.language) : row.semester)};
}

/// "2021-03-23T09:00", of whole days the day alone: sorts as it stands.
std::string sortable(workflows::LocalTime time, const MeetingDate& date) {
    return workflows::is_whole_days(date.start, date.end)
               ? workflows::iso_date(workflows::day_of(time))
               : workflows::written(time);
}

/// When it begins and ends, or by when its date is to stand, for files.
void add_times(const Row& row, std::vector<Cell>& cells) {
    const MeetingDate* const date = row.date;
    if (date == nullptr) {
        cells.insert(cells.end(), {Cell{}, Cell{}, Cell{row.day}});
        return;
    }
    const workflows::LocalTime last{workflows::last_day_of(workflows::time_of(*date))};
    const bool is_of_days = workflows::is_whole_days(date->start, date->end);
    cells.emplace_back(sortable(date->start, *date));
    cells.emplace_back(sortable(is_of_days ? last : date->end, *date));
    cells.emplace_back();
}

/// Its state, and by when the next step is to be taken.
void add_state(const View& view, const Row& row, Cell& state, Cell& next_by) {
    if (!row.item) {
        state = view.pick("Ikke åpnet ennå", "Ikkje opna enno");
        return;
    }
    const CaseStatus status = status_of(*row.item, *view.definitions, view.now());
    const std::string word = view.in(words_of_state(*row.item, *view.definitions));
    state = Cell{Cell{word}, tag(status.sign, word, status.color)};
    if (row.item->state_deadline) {
        next_by = row.item->state_deadline->date;
    } else if (row.date == nullptr && row.item->due) {
        next_by = row.item->due->date;
    }
}

/// In the order of `columns`.
Result<std::vector<Cell>> cells_of(View& view, const Row& row) {
    auto bring = prework_cell(view, *row.cohort, *row.requirement, row.date);
    if (!bring.ok()) {
        return bring.error();
    }
    auto people = row.item ? view.snapshot->invitations_of(row.item->id)
                           : Result<std::vector<workflows::StoredInvitation>>{
                                 std::vector<workflows::StoredInvitation>{}};
    if (!people.ok()) {
        return people.error();
    }
    const std::string& title = view.in(row.requirement->title);
    Cell state;
    Cell next_by;
    add_state(view, row, state, next_by);
    std::vector<Cell> cells{row.semester,
                            row.item ? Cell{Cell{title}, case_link(view, *row.item)} : Cell{title},
                            when(view, row)};
    add_times(row, cells);
    cells.insert(cells.end(), {state, in_words(count_answers(people.value()), view.language),
                               row.item ? came_in_words(*row.item, people.value()) : std::string{},
                               std::move(bring).value(), next_by,
                               row.date == nullptr ? std::string{} : row.date->place,
                               view.in(row.cohort->title), change(view, row)});
    return cells;
}

Table empty_table() {
    using Where = Column::Where;
    return {.name = "moter",
            .title = {"Møter", "Møte"},
            .columns = {{"semester", {"Semester", "Semester"}, Where::File},
                        {"meeting", {"Møte", "Møte"}},
                        {"when", {"Når", "Når"}, Where::Page},
                        {"start", {"Begynner", "Byrjar"}, Where::File},
                        {"end", {"Slutter", "Sluttar"}, Where::File},
                        {"set_by", {"Dato settes innen", "Dato blir sett innan"}, Where::File},
                        {"state", {"Status", "Status"}},
                        {"answers", {"Innkalling og svar", "Innkalling og svar"}},
                        {"attendance", {"Var med", "Var med"}},
                        {"prework", {"Forarbeid", "Forarbeid"}},
                        {"next_by", {"Neste steg innen", "Neste steg innan"}},
                        {"place", {"Sted", "Stad"}},
                        {"programme", {"Ordning", "Ordning"}},
                        {"change", {"Endre", "Endre"}, Where::Page}},
            .rows = {},
            .stacks = true};
}

/// Its days, and a mark for each day on which something is to be brought.
TimelineBar bar_of(const View& view, const Row& row, const TimelineDays& shown) {
    TimelineBar bar{.label = view.in(row.requirement->title),
                    .color = "neutral",
                    .opens = row.day,
                    .due = workflows::last_day_of(workflows::time_of(*row.date)),
                    .steps = {}};
    if (row.item) {
        bar.color = status_of(*row.item, *view.definitions, view.now()).color;
    }
    for (const Requirement* const one : prework_of(*row.cohort, *row.requirement, row.date)) {
        const auto due = workflows::evaluate(*one->due.expression, {}, one->if_free_day,
                                             view.definitions->time_zone());
        if (due.ok() && shown.first <= due.value().date && due.value().date <= shown.last) {
            bar.steps.push_back(due.value().date);
        }
    }
    return bar;
}

/// The picture of the semester that all of `rows` lie in; empty when none of them has a date.
Html picture(const View& view, const std::string& id, const std::vector<const Row*>& rows) {
    const auto& calendar = view.definitions->calendar;
    const auto semester = workflows::semester_of(rows.front()->day, calendar);
    if (!semester) {
        return {};
    }
    TimelineDays shown{first_day(*semester, calendar), last_day(*semester, calendar)};
    for (const Row* const row : rows) {
        if (row->date != nullptr) {
            shown.last =
                std::max(shown.last, workflows::last_day_of(workflows::time_of(*row->date)));
        }
    }
    std::vector<TimelineBar> bars;
    for (const Row* const row : rows) {
        if (row->date != nullptr) {
            bars.push_back(bar_of(view, *row, shown));
        }
    }
    return bars.empty() ? Html{}
                        : timeline(view, id, bars,
                                   {"frister for forarbeid", "fristar for forarbeid"}, shown);
}

Html no_meetings(const View& view) {
    Html out = html("<p class=\"ds-paragraph\">{}",
                    view.pick("Det er ingen møter.", "Det er ingen møte."));
    if (may_somewhere(view.visitor(), Right::Plan)) {
        out.add(" {}", view.pick("De skrives under meetings i ordningens fil.",
                                 "Dei blir skrivne under meetings i fila til ordninga."));
    }
    return out.add("</p>\n");
}

}  // namespace

PageResult meetings_page(View& view) {
    const auto rows = rows_of(view);
    if (!rows.ok()) {
        return rows.error();
    }
    Content out;
    out.title = {"Møter", "Møte"};
    out.body.add(done_flash(view));
    Table table = empty_table();
    Table of_semester = table;
    std::vector<const Row*> seen;
    int number{0};
    const auto close = [&] {
        if (seen.empty()) {
            return;
        }
        const std::string& title = seen.front()->semester;
        of_semester.title = {title, title};
        of_semester.name = "moter-" + std::to_string(++number);
        out.body.add(
            "<section aria-labelledby=\"{}\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
            "id=\"{}\">{}</h2>\n{}{}</section>\n",
            of_semester.name, of_semester.name, title, picture(view, of_semester.name, seen),
            draw(view, of_semester));
        of_semester.rows.clear();
        seen.clear();
    };
    for (const Row& row : rows.value()) {
        auto cells = cells_of(view, row);
        if (!cells.ok()) {
            return cells.error();
        }
        if (!seen.empty() && seen.front()->semester != row.semester) {
            close();
        }
        seen.push_back(&row);
        of_semester.rows.push_back(cells.value());
        table.rows.push_back(std::move(cells).value());
        if (view.wants_file() && row.item) {
            if (auto entry = deadline_entry(*row.item, *view.definitions, view.language)) {
                out.calendar.push_back(std::move(*entry));
            }
        }
    }
    close();
    if (table.rows.empty()) {
        out.body.add(no_meetings(view));
    }
    out.table = std::move(table);
    out.has_calendar = true;
    return out;
}

}  // namespace fristvakt::daemon
