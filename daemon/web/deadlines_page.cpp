#include <algorithm>

#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/deadline_entry.hpp"
#include "daemon/web/due_list.hpp"
#include "daemon/web/question.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/time/iso_week.hpp"

/// Frister: all that is waited for, the least time first.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Result;
using workflows::StepOutlook;

namespace {

constexpr std::size_t kRowsMax{100};
/// A group is worth little when most of it stands on another page.
constexpr std::size_t kGroupedRowsMax{400};
constexpr std::size_t kFileRowsMax{20'000};

enum class Grouping { None, Requirement, Region, Responsible, Week };
struct GroupingName {
    Grouping grouping;
    std::string_view value;
    workflows::Text word;
};
const std::vector<GroupingName>& groupings() {
    static const std::vector<GroupingName> kAll{
        {Grouping::None, "", {"Ingen", "Ingen"}},
        {Grouping::Requirement, "krav", {"Krav", "Krav"}},
        {Grouping::Region, "region", {"Region", "Region"}},
        {Grouping::Responsible, "ansvarlig", {"Ansvarlig", "Ansvarleg"}},
        {Grouping::Week, "uke", {"Uke", "Veke"}},
    };
    return kAll;
}
Grouping read_grouping(const View& view) {
    const auto found =
        std::ranges::find(groupings(), view.argument("grupper"), &GroupingName::value);
    return found == groupings().end() ? Grouping::None : found->grouping;
}
Html grouping_choice(const View& view, const Question& question) {
    Html items;
    for (const GroupingName& one : groupings()) {
        items.add("<li><a class=\"ds-link\" href=\"{}\"{}>{}</a></li>",
                  question.with("grupper", one.value),
                  one.grouping == read_grouping(view) ? html(" aria-current=\"true\"") : Html{},
                  view.in(one.word));
    }
    const std::string_view label = view.pick("Grupper etter", "Grupper etter");
    return html(
        "<nav class=\"fv-views\" id=\"grupper\" aria-label=\"{}\"><ul><li>{}:</li>{}</ul></nav>\n",
        label, label, items);
}

/// What the group is called in which a case stands.
std::string group_of(const View& view, const Case& item, Grouping grouping) {
    switch (grouping) {
        case Grouping::None:
            return {};
        case Grouping::Requirement:
            return view.in(case_title(item, *view.definitions));
        case Grouping::Region: {
            const auto* const debtor = view.definitions->find_organisation(item.debtor);
            return debtor == nullptr || debtor->parent.empty()
                       ? std::string{view.pick("Uten region", "Utan region")}
                       : organisation_name(debtor->parent, *view.definitions);
        }
        case Grouping::Responsible: {
            std::string names = responsible_names(item, *view.definitions, view.today());
            return names.empty() ? std::string{view.pick("Ingen ansvarlig", "Ingen ansvarleg")}
                                 : names;
        }
        case Grouping::Week: {
            if (!item.due) {
                return std::string{view.pick("Uten frist", "Utan frist")};
            }
            const workflows::Date monday =
                item.due->date - (workflows::cal::weekday{item.due->date} - workflows::cal::Monday);
            return std::string{view.pick("Uke", "Veke")} + " " +
                   std::to_string(workflows::iso_week(item.due->date)) + " (" +
                   numeric_date(monday) + "–" + numeric_date(monday + workflows::cal::days{6}) +
                   ")";
        }
    }
    return {};
}

/// The rows of `table` under the names of their groups, the most urgent group first.
Html grouped(const View& view, const Table& table, const std::vector<DueCase>& cases,
             Grouping grouping) {
    std::vector<std::pair<std::string, Table>> groups;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const std::string name = group_of(view, cases[i].item, grouping);
        auto known = std::ranges::find(groups, name, &std::pair<std::string, Table>::first);
        if (known == groups.end()) {
            groups.push_back({name,
                              {.name = table.name,
                               .title = {name, name},
                               .columns = table.columns,
                               .rows = {}}});
            known = groups.end() - 1;
        }
        known->second.rows.push_back(table.rows[i]);
    }
    Html out;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto& [name, part] = groups[i];
        out.add(
            "<section aria-labelledby=\"gruppe-{}\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
            "id=\"gruppe-{}\">{} <span class=\"fv-count\">{}</span></h2>\n{}</section>\n",
            i, i, name, part.rows.size(), draw(view, part));
    }
    return out;
}

Table empty_table() {
    using Where = Column::Where;
    return {.name = "frister",
            .title = {"Frister", "Fristar"},
            .columns = {choice_column(),
                        {"organisation", {"Kommune", "Kommune"}},
                        {"number", {"Nummer", "Nummer"}, Where::File},
                        {"days_left", {"Dager igjen", "Dagar igjen"}},
                        {"due", {"Frist", "Frist"}},
                        {"due_text", {"Frist (norsk)", "Frist (norsk)"}, Where::File},
                        {"requirement", {"Krav", "Krav"}},
                        {"status", {"Status", "Status"}},
                        {"next_reminder", {"Neste påminnelse", "Neste påminning"}},
                        {"sent", {"Sendt", "Sende"}},
                        {"last_sent", {"Sist påminnet", "Sist påmint"}},
                        {"contact", {"Kontaktperson", "Kontaktperson"}},
                        {"responsible", {"Ansvarlig", "Ansvarleg"}},
                        {"case_number", {"Saksnr.", "Saksnr."}},
                        {"case", {"Sakens navn", "Namnet på saka"}, Where::File}},
            .rows = {}};
}

const StepOutlook* next_step(const workflows::Explanation& explanation) {
    const auto found = std::ranges::find_if(explanation.steps, &StepOutlook::next);
    return found == explanation.steps.end() ? nullptr : &*found;
}

Cell next_cell(const View& view, const Case& item, const Reminding& reminding) {
    const StepOutlook* const next = next_step(reminding.explanation);
    if (next == nullptr) {
        return {};
    }
    const workflows::CaseContext context = context_of(item, *view.definitions);
    const workflows::TimeZone& zone = view.definitions->time_zone();
    return {next->at, html("<time datetime=\"{}\">{}</time><small>{}</small>",
                           workflows::iso_instant(next->at, zone), short_time(next->at, zone),
                           view.in(words_of_step(next->step, context.ladder)))};
}

Result<std::vector<Cell>> row_of(View& view, const DueCase& one,
                                 const workflows::RefusedAddresses& refused) {
    const Case& item = one.item;
    auto known = reminding_of(view, item, refused);
    if (!known.ok()) {
        return known.error();
    }
    const Reminding& reminding = known.value();
    const ContactSummary contact = contact_of(item, *view.definitions, view.today(), refused);
    const auto* const organisation = view.definitions->find_organisation(item.debtor);
    const auto* const requirement = context_of(item, *view.definitions).requirement;
    std::vector<Cell> cells;
    cells.push_back(choice_cell(view, "frister", item));
    cells.emplace_back(Cell{organisation_name(item.debtor, *view.definitions)},
                       organisation_link(view, item.debtor));
    cells.emplace_back(organisation == nullptr ? std::string{} : organisation->number);
    cells.push_back(
        one.status.days_left
            ? Cell{*one.status.days_left, html("{}", days_left_text(view, *one.status.days_left))}
            : Cell{});
    cells.push_back(
        item.due ? Cell{item.due->date,
                        html("<time datetime=\"{}\">{}</time><small>{}</small>",
                             workflows::iso_date(item.due->date), numeric_date(item.due->date),
                             weekday_name(item.due->date, view.language))}
                 : Cell{html("{}", view.pick("uten frist", "utan frist"))});
    cells.emplace_back(item.due ? workflows::long_date(item.due->date, view.language)
                                : std::string{});
    cells.emplace_back(Cell{view.in(case_title(item, *view.definitions))}, case_link(view, item));
    cells.emplace_back(Cell{view.in(one.status.word)}, status_tag(view, item, one.status));
    cells.push_back(next_cell(view, item, reminding));
    cells.emplace_back(
        Cell{reminding.sent},
        // Of another ladder than that of the state it is in now.
        reminding.sent > reminding.steps
            ? html("{}", reminding.sent)
            : html("{} {} {}", reminding.sent, view.pick("av", "av"), reminding.steps));
    cells.push_back(reminding.last_sent_at
                        ? Cell{view.definitions->time_zone().date_of(*reminding.last_sent_at)}
                        : Cell{});
    cells.emplace_back(Cell{contact.name}, contact_text(view, contact));
    cells.emplace_back(responsible_names(item, *view.definitions, view.today()));
    cells.emplace_back(requirement == nullptr ? std::string{} : requirement->deliver.case_number);
    cells.emplace_back(item.id);
    return cells;
}

workflows::DueFilter filter_of(const View& view, const Question& question) {
    workflows::DueFilter filter;
    filter.cohort = question.cohort;
    filter.requirement = question.requirement;
    filter.without_deadline = question.without_deadline;
    if (question.status) {
        filter.states = states_of(*view.definitions, state_kind_of(*question.status));
    } else {
        filter.states = states_of(*view.definitions, StateKind::WaitsForDebtor);
        const auto ours = states_of(*view.definitions, StateKind::WaitsForUsInTerm);
        filter.states.insert(filter.states.end(), ours.begin(), ours.end());
    }
    return filter;
}

Html nothing(const View& view, const Question& question) {
    if (question.is_narrow()) {
        return html(
            "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"/frister\">{}</a></p>\n",
            view.pick("Ingen frister passer med filteret.", "Ingen fristar passar med filteret."),
            view.pick("Vis alle frister", "Vis alle fristar"));
    }
    return html("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Ingen frister venter. Nye kommer når et krav åpner.",
                          "Ingen fristar ventar. Nye kjem når eit krav opnar."));
}

}  // namespace

PageResult deadlines_page(View& view) {
    const Question question{view};
    const auto refused = refused_addresses(view.ledger, *view.definitions);
    const auto takes = [&](const Case& item, const CaseStatus& status) {
        const bool is_far_off =
            workflows::is_far_off(item, context_of(item, *view.definitions), view.today());
        if (is_far_off || !question.takes(status) || !question.takes(item)) {
            return false;
        }
        return !question.without_contact ||
               contact_of(item, *view.definitions, view.today(), refused).state !=
                   ContactState::Known;
    };
    const Grouping grouping = read_grouping(view);
    workflows::DueFilter filter = filter_of(view, question);
    const std::size_t count_max = view.wants_file()            ? kFileRowsMax
                                  : grouping != Grouping::None ? kGroupedRowsMax
                                                               : kRowsMax;
    auto found = list_due(view, filter, view.wants_file() ? std::string{} : view.argument("etter"),
                          count_max, takes);
    if (!found.ok()) {
        return found.error();
    }
    DueList list = std::move(found).value();
    if (question.status == StatusKind::Claimed && !filter.without_deadline && list.next.empty()) {
        // Requests have no deadline of their own to be listed by, and wait for us all the same.
        filter.without_deadline = true;
        auto requests = list_due(view, filter, "", count_max, takes);
        if (!requests.ok()) {
            return requests.error();
        }
        std::ranges::move(requests.value().cases, std::back_inserter(list.cases));
    }
    Content out;
    out.title = {"Frister", "Fristar"};
    out.table = empty_table();
    out.has_calendar = true;
    for (const DueCase& one : list.cases) {
        auto row = row_of(view, one, refused);
        if (!row.ok()) {
            return row.error();
        }
        out.table->rows.push_back(std::move(row).value());
        if (view.wants_file()) {
            if (auto entry = deadline_entry(one.item, *view.definitions, view.language)) {
                out.calendar.push_back(std::move(*entry));
            }
        }
    }
    out.body.add(question.form(true));
    out.body.add(question.chips());
    if (const std::string mine = question.mine(); !mine.empty() && question.responsible != mine) {
        out.body.add("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n",
                     question.with("ansvarlig", mine),
                     view.pick("Bare mine saker", "Berre mine saker"));
    }
    out.body.add(grouping_choice(view, question));
    if (out.table->rows.empty() && list.next.empty()) {
        out.body.add(nothing(view, question));
    } else if (grouping != Grouping::None) {
        out.body.add(
            choosing(view, out.table->name, grouped(view, *out.table, list.cases, grouping)));
    } else {
        out.body.add(choosing(view, out.table->name, draw(view, *out.table)));
    }
    if (!list.next.empty()) {
        out.body.add("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n",
                     question.with("etter", list.next),
                     view.pick("Senere frister", "Seinare fristar"));
    }
    return out;
}

}  // namespace fristvakt::daemon
