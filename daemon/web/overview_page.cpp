#include <algorithm>

#include "daemon/http/url.hpp"
#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/actions/form.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/deadline_entry.hpp"
#include "daemon/web/overview.hpp"
#include "daemon/web/question.hpp"
#include "daemon/web/timeline.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/openings.hpp"

/// Planoversikt: kommune × requirement, as matrix, list or timeline of the same filter.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;

namespace {

/// A cohort with more cases than this shows the first ones, and says so.
constexpr std::size_t kCasesMax{20'000};

enum class Drawing { Matrix, List, Timeline };

Drawing read_drawing(const View& view) {
    const std::string name = view.argument("visning");
    return name == "liste"       ? Drawing::List
           : name == "tidslinje" ? Drawing::Timeline
                                 : Drawing::Matrix;
}

Html drawing_choice(const View& view, const Question& question) {
    const Drawing now = read_drawing(view);
    Html items;
    const auto item = [&](Drawing which, std::string_view value, std::string_view word) {
        items.add("<li><a class=\"ds-link\" href=\"{}\"{}>{}</a></li>",
                  question.with("visning", value),
                  which == now ? html(" aria-current=\"true\"") : Html{}, word);
    };
    item(Drawing::Matrix, "", view.pick("Matrise", "Matrise"));
    item(Drawing::List, "liste", view.pick("Liste", "Liste"));
    item(Drawing::Timeline, "tidslinje", view.pick("Tidslinje", "Tidslinje"));
    return html("<nav class=\"fv-views\" aria-label=\"{}\"><ul>{}</ul></nav>\n",
                view.pick("Tegn som", "Teikn som"), items);
}

/// Filters that are asked for again and again, each by its name.
Html ready_views(const View& view, const Question& question) {
    Html items;
    const auto item = [&](std::string_view query, std::string_view word) {
        items.add("<li><a class=\"ds-link\" href=\"/oversikt{}\">{}</a></li>", query, word);
    };
    item("", view.pick("Alt", "Alt"));
    if (const std::string mine = question.mine(); !mine.empty()) {
        item("?ansvarlig=" + mine, view.pick("Mine saker", "Mine saker"));
    }
    item("?avvik=1", view.pick("Mangelliste", "Mangelliste"));
    item("?uten-kontakt=1", view.pick("Uten kontaktperson", "Utan kontaktperson"));
    item("?maal=nn", view.pick("Nynorskkommuner", "Nynorskkommunar"));
    items.add("<li><a class=\"ds-link\" href=\"/frister?status=claimed\">{}</a></li>",
              view.pick("Venter på oss", "Ventar på oss"));
    return html("<nav class=\"fv-views\" id=\"visninger\" aria-label=\"{}\"><ul>{}</ul></nav>\n",
                view.pick("Visninger", "Visingar"), items);
}

Html counts(const View& view, const Question& question, const Overview& overview) {
    Html out;
    out.add("<ul class=\"fv-counts\">");
    for (const StatusKind kind : shown_statuses()) {
        const auto found = overview.counts.find(kind);
        if (found != overview.counts.end()) {
            out.add("<li><a class=\"ds-link\" href=\"{}\">{} <strong>{}</strong></a></li>",
                    question.with("status", to_string(kind)), view.in(status_title(kind)),
                    found->second);
        }
    }
    out.add("</ul>\n");
    return out;
}

Html column_heads(const View& view, const Cohort& cohort, const Overview& overview) {
    Html out;
    out.add("<thead><tr>{}<th scope=\"col\">{}</th><th scope=\"col\">{}</th>",
            may_choose(view) ? choice_head(view) : Html{}, view.pick("Kommune", "Kommune"),
            view.pick("Kontakt", "Kontakt"));
    for (const OverviewColumn& column : overview.columns) {
        out.add("<th scope=\"col\"><a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a><small>",
                percent_encode(cohort.id), percent_encode(column.requirement),
                view.in(column.title));
        if (column.due) {
            out.add("{} {}<br>", view.pick("Frist", "Frist"),
                    workflows::long_date(*column.due, view.language));
        }
        out.add("{}/{} {}</small></th>", column.settled, column.applicable,
                view.pick("levert", "levert"));
    }
    out.add("<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n",
            view.pick("Haster mest", "Hastar mest"), view.pick("Siste kontakt", "Siste kontakt"));
    return out;
}

Html row_head(const View& view, const OverviewRow& row) {
    Html out;
    out.add("<th scope=\"row\">{}", organisation_link(view, row.id));
    if (row.organisation != nullptr && !row.organisation->number.empty()) {
        out.add("<small>{}</small>", row.organisation->number);
    }
    out.add("</th>");
    return out;
}

void add_cell(Html& out, const View& view, const OverviewCell& cell) {
    if (cell.item == nullptr) {
        out.add("<td>–</td>");
        return;
    }
    // By far the most frequent markup of the page: written in one go.
    out.add(
        "<td><a class=\"ds-tag fv-tag\" data-color=\"{}\" href=\"/sak/{}\"><span "
        "aria-hidden=\"true\">{}</span> {}</a><small>{}</small></td>",
        cell.status.color, encode_path(cell.item->id), cell.status.sign, view.in(cell.status.word),
        view.in(cell.status.detail));
}

Html last_contact_text(const View& view, const std::optional<LastContact>& last) {
    if (!last) {
        return html("–");
    }
    const workflows::Date day = view.definitions->time_zone().date_of(last->at);
    return html("<time datetime=\"{}\">{}</time><small>{}</small>", workflows::iso_date(day),
                numeric_date(day), view.in(words_of(last->kind)));
}

/// The next thing that will happen, so that an empty page is never a dead one.
Html nothing_open(const View& view, const Cohort& cohort) {
    const auto planned = planned_cases(*view.definitions, cohort, cohort.from, cohort.to);
    const auto next = std::ranges::find_if(
        planned, [&](const workflows::PlannedCase& one) { return one.opens >= view.today(); });
    if (next == planned.end()) {
        return html(
            "<p class=\"ds-paragraph\">{}</p>\n",
            view.pick("Ingen krav er åpnet i denne puljen.", "Ingen krav er opna i denne pulja."));
    }
    return html("<p class=\"ds-paragraph\">{} {}.</p>\n",
                view.pick("Ingen krav er åpnet ennå. Det første åpner",
                          "Ingen krav er opna enno. Det første opnar"),
                workflows::long_date(next->opens, view.language));
}

Html no_rows(const View& view, const Question& question, std::size_t participants) {
    return html(
        "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"/oversikt{}\">{} {}</a>.</p>\n",
        view.pick("Ingen treff med dette filteret.", "Ingen treff med dette filteret."),
        encode_query({{"pulje", question.cohort}, {"visning", view.argument("visning")}}),
        view.pick("Vis alle", "Vis alle"), participants);
}

std::string column_name(const OverviewColumn& column) {
    return column.period.empty() ? column.requirement : column.requirement + "/" + column.period;
}

/// A row's box stands for its cells: "gjovik:3.-.1", a revision for each column.
Html row_box(const View& view, const Cohort& cohort, const OverviewRow& row) {
    if (!may_choose(view)) {
        return {};
    }
    std::string revisions;
    for (const OverviewCell& cell : row.cells) {
        revisions += revisions.empty() ? "" : ".";
        revisions += cell.item == nullptr ? "-" : std::to_string(cell.item->revision);
    }
    return html("<td>{}</td>",
                choice_box(view, cohort.id, "rad", row.id + ":" + revisions,
                           row.organisation == nullptr ? row.id : row.organisation->name));
}

/// Which of the columns is meant; their names, since rows know but their order.
Html column_choice(const View& view, const Cohort& cohort, const Overview& overview) {
    Html out = hidden("pulje", cohort.id);
    Html options;
    if (overview.columns.size() > 1) {
        options.add("<option value=\"\">{}</option>", view.pick("Alle krav", "Alle krav"));
    }
    for (const OverviewColumn& column : overview.columns) {
        out.add(hidden("kol", column_name(column)));
        options.add("<option value=\"{}\">{}{}{}</option>", column_name(column),
                    view.in(column.title), column.period.empty() ? "" : ", ",
                    period_title(column.period, view.language));
    }
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"b-krav-{}\">{}</label>"
        "<select class=\"ds-input\" id=\"b-krav-{}\" name=\"krav\">{}</select></div>\n",
        cohort.id, view.pick("Krav", "Krav"), cohort.id, options);
    return out;
}

Html matrix(const View& view, const Cohort& cohort, const Overview& overview) {
    Html out = choosing_begin(view);
    out.reserve(overview.rows.size() * (overview.columns.size() + 3) * 220);
    out.add(
        "<div class=\"fv-scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"p-{}\">\n"
        "<table class=\"ds-table fv-matrix\" data-size=\"sm\">\n",
        cohort.id);
    out.add(column_heads(view, cohort, overview));
    out.add("<tbody>\n");
    for (const OverviewRow& row : overview.rows) {
        out.add("<tr id=\"r-{}-{}\">", cohort.id, row.id);
        out.add(row_box(view, cohort, row));
        out.add(row_head(view, row));
        out.add("<td>{}</td>", contact_text(view, row.contact));
        for (const OverviewCell& cell : row.cells) {
            add_cell(out, view, cell);
        }
        out.add("<td>{}</td><td>{}</td></tr>\n",
                row.worst ? days_left_text(view, *row.worst) : std::string{"–"},
                last_contact_text(view, row.last_contact));
    }
    out.add("</tbody>\n</table>\n</div>\n");
    out.add(choosing_end(view, cohort.id, column_choice(view, cohort, overview)));
    return out;
}

/// What all drawings and files of the list have.
Table empty_list() {
    using Where = Column::Where;
    return {.name = "planoversikt",
            .title = {"Planoversikt", "Planoversikt"},
            .columns = {choice_column(),
                        {"organisation", {"Kommune", "Kommune"}},
                        {"number", {"Nummer", "Nummer"}, Where::File},
                        {"cohort", {"Pulje", "Pulje"}, Where::File},
                        {"requirement", {"Krav", "Krav"}},
                        {"status", {"Status", "Status"}},
                        {"detail", {"Merknad", "Merknad"}, Where::File},
                        {"due", {"Frist", "Frist"}},
                        {"due_text", {"Frist (norsk)", "Frist (norsk)"}, Where::File},
                        {"days_left", {"Dager igjen", "Dagar igjen"}},
                        {"contact", {"Kontaktperson", "Kontaktperson"}},
                        {"responsible", {"Ansvarlig", "Ansvarleg"}},
                        {"last_contact", {"Siste kontakt", "Siste kontakt"}},
                        {"last_contact_kind", {"Kontaktens art", "Slag kontakt"}, Where::File},
                        {"case", {"Sakens navn", "Namnet på saka"}, Where::File}},
            .rows = {}};
}

std::string list_name(const std::string& cohort) {
    return "liste-" + cohort;
}

std::vector<Cell> list_row(const View& view, const OverviewRow& row, const OverviewCell& cell,
                           const Contacts& contacts) {
    const Case& item = *cell.item;
    const auto known = contacts.find(item.id);
    const auto last = known == contacts.end() ? std::nullopt : known->second;
    const workflows::Date today = view.today();
    return {choice_cell(view, list_name(item.cohort), item),
            Cell{organisation_name(row.id, *view.definitions), organisation_link(view, row.id)},
            row.organisation == nullptr ? std::string{} : row.organisation->number,
            item.cohort,
            Cell{view.in(case_title(item, *view.definitions)), case_link(view, item)},
            Cell{view.in(cell.status.word), status_tag(view, item, cell.status)},
            view.in(cell.status.detail),
            item.due ? Cell{item.due->date} : Cell{},
            item.due ? workflows::long_date(item.due->date, view.language) : std::string{},
            cell.status.days_left ? Cell{*cell.status.days_left,
                                         html("{}", days_left_text(view, *cell.status.days_left))}
                                  : Cell{},
            Cell{row.contact.name, contact_text(view, row.contact)},
            responsible_names(item, *view.definitions, today),
            last ? Cell{Cell{view.definitions->time_zone().date_of(last->at)},
                        last_contact_text(view, last)}
                 : Cell{},
            last ? view.in(words_of(last->kind)) : std::string{},
            item.id};
}

/// The cells of a matrix one below the other, the most urgent first.
void add_list(const View& view, const Question& question, const Overview& overview,
              const Contacts& contacts, Table& list) {
    struct Line {
        const OverviewRow* row;
        const OverviewCell* cell;
    };
    std::vector<Line> lines;
    for (const OverviewRow& row : overview.rows) {
        for (const OverviewCell& cell : row.cells) {
            if (cell.item != nullptr && question.takes(cell.status)) {
                lines.push_back({&row, &cell});
            }
        }
    }
    std::ranges::stable_sort(
        lines, {}, [](const Line& line) { return line.cell->status.days_left.value_or(100'000); });
    for (const Line& line : lines) {
        list.rows.push_back(list_row(view, *line.row, *line.cell, contacts));
    }
}

void add_calendar(const View& view, const Question& question, const Overview& overview,
                  std::vector<integrations::calendar::Entry>& calendar) {
    for (const OverviewRow& row : overview.rows) {
        for (const OverviewCell& cell : row.cells) {
            if (cell.item == nullptr || !question.takes(cell.status)) {
                continue;
            }
            if (auto entry = deadline_entry(*cell.item, *view.definitions, view.language)) {
                calendar.push_back(std::move(*entry));
            }
        }
    }
}

/// The page in the making.
class OverviewPage {
 public:
    OverviewPage(View& view, LastContacts& contacts)
        : view_(view),
          contacts_(contacts),
          question_(view),
          drawing_(read_drawing(view)),
          refused_(refused_addresses(view.ledger, *view.definitions)) {
        out_.title = {"Planoversikt", "Planoversikt"};
        out_.table = empty_list();
        out_.has_calendar = true;
    }

    PageResult draw_all() {
        out_.body.add(ready_views(view_, question_));
        out_.body.add(question_.form(false));
        out_.body.add(question_.chips());
        out_.body.add(drawing_choice(view_, question_));
        const auto cohorts = question_.cohorts();
        if (cohorts.empty()) {
            out_.body.add(
                "<p class=\"ds-paragraph\">{}</p>\n",
                question_.cohort.empty()
                    ? view_.pick("Ingen puljer er satt opp ennå. Legg en fil i programmes/.",
                                 "Ingen puljer er sette opp enno. Legg ei fil i programmes/.")
                    : view_.pick("Det er ingen pulje med det navnet. Velg en annen.",
                                 "Det er inga pulje med det namnet. Vel ei anna."));
        }
        for (const Cohort* cohort : cohorts) {
            if (const auto added = add(*cohort); !added.ok()) {
                return added.error();
            }
        }
        return std::move(out_);
    }

 private:
    workflows::Status add(const Cohort& cohort);
    void add_rows(const Cohort& cohort, const Overview& overview, std::size_t first_row);
    [[nodiscard]] OverviewFilter filter() const {
        return {.status = question_.status,
                .deviations_only = question_.deviations_only,
                .without_contact = question_.without_contact,
                .with_cells_only = question_.is_narrow(),
                .all_periods = question_.all_periods};
    }

    View& view_;
    LastContacts& contacts_;
    const Question question_;
    const Drawing drawing_;
    const workflows::RefusedAddresses refused_;
    Content out_;
};

workflows::Status OverviewPage::add(const Cohort& cohort) {
    workflows::CaseFilter wanted;
    wanted.cohort = cohort.id;
    wanted.requirement = question_.requirement;
    wanted.count_max = kCasesMax;
    auto loaded = view_.snapshot->cases(wanted);
    if (!loaded.ok()) {
        return loaded.error();
    }
    std::vector<Case> cases = std::move(loaded).value();
    const bool is_cut = cases.size() == kCasesMax;
    std::erase_if(cases, [&](const Case& item) { return !question_.takes(item); });
    const auto contacts = contacts_.of(view_, cohort, cases);
    if (!contacts.ok()) {
        return contacts.error();
    }
    const Overview overview = make_overview(cohort, cases, *view_.definitions, view_.now(),
                                            refused_, *contacts.value(), filter());
    const std::size_t first_row = out_.table->rows.size();
    if (view_.wants_file() || drawing_ != Drawing::Matrix) {
        add_list(view_, question_, overview, *contacts.value(), *out_.table);
    }
    if (view_.wants_file()) {
        add_calendar(view_, question_, overview, out_.calendar);
    }
    Html& body = out_.body;
    body.add("<section>\n<h2 class=\"ds-heading\" data-size=\"sm\" id=\"p-{}\">{} – {}</h2>\n",
             cohort.id, view_.in(cohort.title), cohort.id);
    body.add("<p class=\"ds-paragraph\">{} {} · {} {}</p>\n", cohort.participants.size(),
             view_.pick("deltakere", "deltakarar"), overview.columns.size(),
             view_.pick("krav", "krav"));
    if (overview.columns.empty() && !question_.is_narrow()) {
        body.add(nothing_open(view_, cohort));
    } else {
        body.add(counts(view_, question_, overview));
        const bool all_in = !overview.counts.empty() &&
                            std::ranges::none_of(overview.counts, [](const auto& count) {
                                return !is_settled(count.first);
                            });
        if (all_in) {
            body.add("<p class=\"ds-alert\" data-color=\"success\">{}</p>\n",
                     view_.pick("Alle har levert.", "Alle har levert."));
        }
        add_rows(cohort, overview, first_row);
    }
    if (is_cut) {
        body.add("<p class=\"ds-paragraph\">{}</p>\n",
                 view_.pick("Puljen har flere saker enn siden viser.",
                            "Pulja har fleire saker enn sida viser."));
    }
    body.add("</section>\n");
    return workflows::Done{};
}

void OverviewPage::add_rows(const Cohort& cohort, const Overview& overview, std::size_t first_row) {
    if (overview.rows.empty() && question_.is_narrow()) {
        out_.body.add(no_rows(view_, question_, cohort.participants.size()));
        return;
    }
    if (drawing_ == Drawing::Matrix) {
        out_.body.add(matrix(view_, cohort, overview));
        return;
    }
    if (drawing_ == Drawing::Timeline) {
        out_.body.add(timeline(view_, cohort, overview));
    }
    Table part = *out_.table;
    part.title = {"Liste: " + cohort.title.nb, "Liste: " + cohort.title.nn};
    part.rows.assign(out_.table->rows.begin() + static_cast<std::ptrdiff_t>(first_row),
                     out_.table->rows.end());
    out_.body.add(choosing(view_, list_name(cohort.id), draw(view_, part)));
}

}  // namespace

PageResult overview_page(View& view, LastContacts& contacts) {
    return OverviewPage{view, contacts}.draw_all();
}

}  // namespace fristvakt::daemon
