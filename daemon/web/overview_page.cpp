#include <algorithm>

#include "daemon/http/url.hpp"
#include "daemon/web/overview.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"

/// Planoversikt: kommune × requirement.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Language;

namespace {

/// A cohort with more cases than this shows the first ones, and says so.
constexpr std::size_t kCasesMax{20'000};

constexpr std::array kShownStatuses{
    StatusKind::Overdue,    StatusKind::DueToday,      StatusKind::DueSoon,
    StatusKind::Awaited,    StatusKind::MoreTimeAsked, StatusKind::MoreTimeGiven,
    StatusKind::Incomplete, StatusKind::Claimed,       StatusKind::Received,
    StatusKind::Done,       StatusKind::NotApplicable,
};

struct Question {
    std::string cohort;  ///< Empty: all that run today.
    OverviewFilter filter;

    [[nodiscard]] std::string link(std::optional<StatusKind> status) const {
        return "/" +
               encode_query({{"pulje", cohort},
                             {"status", status ? std::string{to_string(*status)} : std::string{}},
                             {"avvik", filter.deviations_only ? "1" : ""},
                             {"perioder", filter.all_periods ? "alle" : ""}});
    }
    [[nodiscard]] bool is_narrow() const {
        return filter.status.has_value() || filter.deviations_only;
    }
};

Question read_question(const View& view) {
    return {.cohort = view.argument("pulje"),
            .filter = {.status = parse_status_kind(view.argument("status")),
                       .deviations_only = view.argument("avvik") == "1",
                       .all_periods = view.argument("perioder") == "alle"}};
}

std::vector<const Cohort*> chosen_cohorts(const View& view, const Question& question) {
    std::vector<const Cohort*> out;
    for (const Cohort& cohort : view.definitions->cohorts) {
        const bool runs = cohort.from <= view.today() && view.today() <= cohort.to;
        if (question.cohort.empty() ? runs : cohort.id == question.cohort) {
            out.push_back(&cohort);
        }
    }
    if (out.empty() && question.cohort.empty() && !view.definitions->cohorts.empty()) {
        out.push_back(&view.definitions->cohorts.back());
    }
    return out;
}

Html option(std::string_view value, std::string_view word, bool chosen) {
    return html("<option value=\"{}\"{}>{}</option>", value, chosen ? html(" selected") : Html{},
                word);
}

Html checkbox(std::string_view name, std::string_view value, std::string_view word, bool checked) {
    return html(
        "<div class=\"ds-field\"><input class=\"ds-input\" type=\"checkbox\" id=\"f-{}\" "
        "name=\"{}\" value=\"{}\"{}><label class=\"ds-label\" for=\"f-{}\">{}</label></div>\n",
        name, name, value, checked ? html(" checked") : Html{}, name, word);
}

Html filter_form(const View& view, const Question& question) {
    Html cohorts =
        option("", view.pick("Alle som pågår", "Alle som går no"), question.cohort.empty());
    for (const Cohort& cohort : view.definitions->cohorts) {
        cohorts.add(option(cohort.id, view.in(cohort.title) + " – " + cohort.id,
                           cohort.id == question.cohort));
    }
    Html statuses = option("", view.pick("Alle", "Alle"), !question.filter.status);
    for (const StatusKind kind : kShownStatuses) {
        statuses.add(
            option(to_string(kind), view.in(status_title(kind)), question.filter.status == kind));
    }
    Html out;
    out.add(
        "<form class=\"fv-filter\" method=\"get\" action=\"/\">\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-pulje\">{}</label>"
        "<select class=\"ds-input\" id=\"f-pulje\" name=\"pulje\">{}</select></div>\n",
        view.pick("Pulje", "Pulje"), cohorts);
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-status\">{}</label>"
        "<select class=\"ds-input\" id=\"f-status\" name=\"status\">{}</select></div>\n",
        view.pick("Status", "Status"), statuses);
    out.add(checkbox("avvik", "1", view.pick("Bare avvik", "Berre avvik"),
                     question.filter.deviations_only));
    out.add(checkbox("perioder", "alle",
                     view.pick("Også ferdige perioder", "Også ferdige periodar"),
                     question.filter.all_periods));
    out.add("<button class=\"ds-button\" type=\"submit\">{}</button>\n</form>\n",
            view.pick("Vis", "Vis"));
    return out;
}

Html counts(const View& view, const Question& question, const Overview& overview) {
    Html out;
    out.add("<ul class=\"fv-counts\">");
    for (const StatusKind kind : kShownStatuses) {
        const auto found = overview.counts.find(kind);
        if (found != overview.counts.end()) {
            out.add("<li><a class=\"ds-link\" href=\"{}\">{} <strong>{}</strong></a></li>",
                    question.link(kind), view.in(status_title(kind)), found->second);
        }
    }
    out.add("</ul>\n");
    return out;
}

Html column_heads(const View& view, const Overview& overview) {
    Html out;
    out.add("<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>",
            view.pick("Kommune", "Kommune"), view.pick("Kontakt", "Kontakt"));
    for (const OverviewColumn& column : overview.columns) {
        out.add("<th scope=\"col\">{}<small>", view.in(column.title));
        if (column.due) {
            out.add("{} {}<br>", view.pick("Frist", "Frist"),
                    workflows::long_date(*column.due, view.language));
        }
        out.add("{}/{} {}</small></th>", column.settled, column.applicable,
                view.pick("levert", "levert"));
    }
    out.add("<th scope=\"col\">{}</th></tr></thead>\n", view.pick("Haster mest", "Hastar mest"));
    return out;
}

Html contact_cell(const View& view, const OverviewRow& row) {
    switch (row.contact_state) {
        case ContactState::Known:
            return html("<td>{}</td>", row.contact);
        case ContactState::Missing:
            return html("<td>{}<small>{}</small></td>",
                        tag("!", view.pick("Mangler", "Manglar"), "warning"),
                        view.pick("går til postmottak", "går til postmottak"));
        case ContactState::Refused:
            return html("<td>{}<small>{}</small></td>",
                        tag("!", view.pick("Avvist", "Avvist"), "danger"), row.contact);
    }
    return html("<td></td>");
}

Html row_head(const OverviewRow& row) {
    if (row.organisation == nullptr) {
        return html("<th scope=\"row\">{}</th>", row.id);
    }
    Html out;
    out.add("<th scope=\"row\">{}", row.organisation->name);
    if (row.organisation->language == Language::Nn) {
        out.add(" <span class=\"fv-badge\"><abbr title=\"nynorsk\">nn</abbr></span>");
    }
    if (!row.organisation->number.empty()) {
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

Html worst_cell(const View& view, const OverviewRow& row) {
    if (!row.worst) {
        return html("<td>–</td>");
    }
    const int left = *row.worst;
    const std::string_view days = left == 1 || left == -1 ? "dag" : view.pick("dager", "dagar");
    if (left < 0) {
        return html("<td>{} {} over</td>", -left, days);
    }
    return left == 0 ? html("<td>i dag</td>") : html("<td>{} {} igjen</td>", left, days);
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
    Question wide = question;
    wide.filter.deviations_only = false;
    return html("<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"{}\">{} {}</a>.</p>\n",
                view.pick("Ingen treff med dette filteret.", "Ingen treff med dette filteret."),
                wide.link(std::nullopt), view.pick("Vis alle", "Vis alle"), participants);
}

Html matrix(const View& view, const Cohort& cohort, const Overview& overview) {
    Html out;
    out.reserve(overview.rows.size() * (overview.columns.size() + 3) * 220);
    out.add(
        "<div class=\"fv-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"p-{}\">\n"
        "<table class=\"ds-table fv-matrix\" data-size=\"sm\">\n",
        cohort.id);
    out.add(column_heads(view, overview));
    out.add("<tbody>\n");
    for (const OverviewRow& row : overview.rows) {
        out.add("<tr>");
        out.add(row_head(row));
        out.add(contact_cell(view, row));
        for (const OverviewCell& cell : row.cells) {
            add_cell(out, view, cell);
        }
        out.add(worst_cell(view, row));
        out.add("</tr>\n");
    }
    out.add("</tbody>\n</table>\n</div>\n");
    return out;
}

workflows::Result<Html> section(View& view, const Cohort& cohort, const Question& question,
                                const workflows::RefusedAddresses& refused) {
    workflows::CaseFilter wanted;
    wanted.cohort = cohort.id;
    wanted.count_max = kCasesMax;
    auto loaded = view.snapshot->cases(wanted);
    if (!loaded.ok()) {
        return loaded.error();
    }
    const std::vector<Case> cases = std::move(loaded).value();
    const Overview overview =
        make_overview(cohort, cases, *view.definitions, view.now(), refused, question.filter);
    Html out;
    out.add("<section>\n<h2 class=\"ds-heading\" data-size=\"sm\" id=\"p-{}\">{} – {}</h2>\n",
            cohort.id, view.in(cohort.title), cohort.id);
    out.add("<p class=\"ds-paragraph\">{} {} · {} {}</p>\n", cohort.participants.size(),
            view.pick("deltakere", "deltakarar"), overview.columns.size(),
            view.pick("krav", "krav"));
    if (overview.columns.empty()) {
        out.add(nothing_open(view, cohort));
    } else {
        out.add(counts(view, question, overview));
        const bool all_in = std::ranges::none_of(
            overview.counts, [](const auto& count) { return !is_settled(count.first); });
        if (all_in) {
            out.add("<p class=\"ds-alert\" data-color=\"success\">{}</p>\n",
                    view.pick("Alle har levert.", "Alle har levert."));
        }
        out.add(overview.rows.empty() && question.is_narrow()
                    ? no_rows(view, question, cohort.participants.size())
                    : matrix(view, cohort, overview));
    }
    if (cases.size() == kCasesMax) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Puljen har flere saker enn siden viser.",
                          "Pulja har fleire saker enn sida viser."));
    }
    out.add("</section>\n");
    return out;
}

}  // namespace

PageResult overview_page(View& view) {
    const Question question = read_question(view);
    const auto cohorts = chosen_cohorts(view, question);
    const auto refused = refused_addresses(view.ledger, *view.definitions);
    Content out;
    out.title = {"Planoversikt", "Planoversikt"};
    out.body.add(filter_form(view, question));
    if (cohorts.empty()) {
        out.body.add("<p class=\"ds-paragraph\">{}</p>\n",
                     question.cohort.empty()
                         ? view.pick("Ingen puljer er satt opp ennå. Legg en fil i programmes/.",
                                     "Ingen puljer er sette opp enno. Legg ei fil i programmes/.")
                         : view.pick("Det er ingen pulje med det navnet. Velg en annen.",
                                     "Det er inga pulje med det namnet. Vel ei anna."));
    }
    for (const Cohort* cohort : cohorts) {
        const auto drawn = section(view, *cohort, question, refused);
        if (!drawn.ok()) {
            return drawn.error();
        }
        out.body.add(drawn.value());
    }
    return out;
}

}  // namespace fristvakt::daemon
