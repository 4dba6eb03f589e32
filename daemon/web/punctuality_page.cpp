#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/question.hpp"
#include "daemon/web/words.hpp"

/// Punktlighet: for talking with kommuner, not for ranking them; requirements in the order of the
/// file, never the worst first.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Date;
using workflows::Instant;
using workflows::Result;

namespace {

constexpr std::size_t kCasesMax{20'000};
constexpr std::size_t kEventsMax{100'000};

struct Tally {
    workflows::Text title;
    std::string requirement;
    std::string cohort;
    std::string programme;
    Date due{};  ///< The last of its deadlines: places it among others of the same requirement.
    int in_time{0};
    int late{0};
    int missing{0};  ///< The deadline has passed, and nothing has come.
    int open{0};     ///< The deadline lies ahead.
    int exempt{0};
    std::int64_t reminders{0};
    std::vector<int> days;  ///< From deadline to delivery: before is negative.
    [[nodiscard]] int judged() const { return in_time + late + missing; }
};

bool waits_for_debtor(const Case& item, const std::string& state,
                      const workflows::Definitions& definitions) {
    const auto* const workflow = definitions.find_workflow(item.workflow);
    const auto* const known = workflow == nullptr ? nullptr : workflow->find_state(state);
    return known != nullptr && known->waits_for == workflows::Party::Debtor;
}

/// The day that was registered as the one on which it came.
std::optional<Date> received_on(const Case& item) {
    const auto found = item.fields.find("received_on");
    return found == item.fields.end() ? std::nullopt : workflows::parse_iso_date(found->second);
}

/// When each case last left the debtor's hands.
Result<std::map<std::string, Instant>> deliveries(View& view, const Cohort& cohort,
                                                  const std::vector<Case>& cases) {
    workflows::LogFilter filter;
    filter.cohort = cohort.id;
    filter.kinds = {"event"};
    filter.count_max = kEventsMax;
    const auto found = view.snapshot->log(filter);
    if (!found.ok()) {
        return found.error();
    }
    std::map<std::string_view, const Case*> by_id;
    for (const Case& item : cases) {
        by_id.emplace(item.id, &item);
    }
    std::map<std::string, Instant> out;
    for (const workflows::HistoryEntry& one : found.value().entries) {
        const auto item = by_id.find(one.entry.case_id);
        const workflows::LogEntry& entry = one.entry;
        if (item == by_id.end() || entry.from.empty() || entry.from == entry.to) {
            continue;
        }
        const bool leaves = waits_for_debtor(*item->second, entry.from, *view.definitions) &&
                            !waits_for_debtor(*item->second, entry.to, *view.definitions);
        if (leaves) {
            out.emplace(entry.case_id, entry.at);  // Newest first: the first one counts.
        }
    }
    return out;
}

void count(Tally& tally, const Case& item, const CaseStatus& status,
           const std::map<std::string, Instant>& delivered, const View& view) {
    if (status.kind == StatusKind::NotApplicable) {
        ++tally.exempt;
        return;
    }
    if (status.kind == StatusKind::Voluntary) {
        ++tally.open;
        return;
    }
    // What they say they have sent has not come: it counts when it is registered.
    if (status.kind == StatusKind::Claimed || status.kind == StatusKind::NothingClaimed ||
        waits_for_debtor(item, item.state, *view.definitions)) {
        const bool has_passed = item.due && item.due->ends_at <= view.now();
        ++(has_passed ? tally.missing : tally.open);
        return;
    }
    const auto known = delivered.find(item.id);
    const Instant at = known == delivered.end() ? item.entered_at : known->second;
    const auto came_on = received_on(item);
    const Date day = came_on.value_or(view.definitions->time_zone().date_of(at));
    const bool in_time =
        !item.due || (came_on ? *came_on <= item.due->date : at < item.due->ends_at);
    ++(in_time ? tally.in_time : tally.late);
    if (item.due) {
        tally.days.push_back(static_cast<int>((day - item.due->date).count()));
    }
}

std::string median_text(const View& view, std::vector<int> days) {
    if (days.empty()) {
        return "–";
    }
    std::ranges::sort(days);
    const int middle = days[days.size() / 2];
    if (middle == 0) {
        return std::string{view.pick("på fristen", "på fristen")};
    }
    return fmt::format("{} {} {}", middle < 0 ? -middle : middle,
                       middle == 1 || middle == -1 ? "dag" : view.pick("dager", "dagar"),
                       middle < 0 ? view.pick("før", "før") : view.pick("etter", "etter"));
}

/// The share as a bar; the figures beside it say the same.
Html bar(const View& view, const Tally& tally) {
    const int all = tally.judged();
    if (all == 0) {
        return html("–");
    }
    const auto width = [&](int part) { return part * 120 / all; };
    const int first = width(tally.in_time);
    const int second = width(tally.late);
    return html(
               "<svg class=\"fv-share\" viewBox=\"0 0 120 14\" role=\"img\" aria-label=\"{} %\">"
               "<rect class=\"fv-s-success\" x=\"0\" y=\"0\" width=\"{}\" height=\"14\"/>"
               "<rect class=\"fv-s-warning\" x=\"{}\" y=\"0\" width=\"{}\" height=\"14\"/>"
               "<rect class=\"fv-s-danger\" x=\"{}\" y=\"0\" width=\"{}\" height=\"14\"/></svg> {} "
               "%",
               tally.in_time * 100 / all, first, first, second, first + second,
               120 - first - second, tally.in_time * 100 / all)
        .add("<small>{}</small>", view.pick("i tide", "i tide"));
}

Result<std::vector<Tally>> tallies(View& view, const Cohort& cohort, const Question& question) {
    workflows::CaseFilter filter;
    filter.cohort = cohort.id;
    filter.count_max = kCasesMax;
    const auto cases = view.snapshot->cases(filter);
    if (!cases.ok()) {
        return cases.error();
    }
    const auto delivered = deliveries(view, cohort, cases.value());
    const auto sent = view.snapshot->sent_counts(cohort.id);
    if (!delivered.ok() || !sent.ok()) {
        return delivered.ok() ? sent.error() : delivered.error();
    }
    std::map<std::pair<std::ptrdiff_t, std::string>, Tally> by_period;
    for (const Case& item : cases.value()) {
        const auto* const requirement = cohort.find_requirement(item.requirement);
        const bool is_meeting = requirement != nullptr &&
                                requirement->origin == workflows::Requirement::Origin::Meeting;
        if (!item.parent.empty() || is_meeting || !question.takes(item)) {
            continue;  // Our own meetings are no deliveries.
        }
        const auto order =
            std::ranges::find(cohort.requirements, item.requirement, &workflows::Requirement::id) -
            cohort.requirements.begin();
        Tally& tally = by_period[{order, item.period}];
        if (tally.requirement.empty()) {
            tally.requirement = item.requirement;
            tally.cohort = cohort.id;
            tally.programme = cohort.programme;
            tally.title = case_title(item, *view.definitions);
        }
        tally.due = item.due ? std::max(tally.due, item.due->date) : tally.due;
        count(tally, item, status_of(item, *view.definitions, view.now()), delivered.value(), view);
        const auto reminders = sent.value().find(item.id);
        tally.reminders += reminders == sent.value().end() ? 0 : reminders->second;
    }
    std::vector<Tally> out;
    out.reserve(by_period.size());
    for (auto& [key, tally] : by_period) {
        out.push_back(std::move(tally));
    }
    return out;
}

constexpr std::size_t kTrendMax{6};

/// The last rounds of one requirement, whatever cohort or period they were in: a bar for each, and
/// the same in words.
Html trend_bars(const View& view, const std::vector<const Tally*>& rounds) {
    constexpr int kHeight{30};
    constexpr int kStep{22};
    Html bars;
    Html words;
    int at{0};
    for (const Tally* const one : rounds) {
        const int share = one->in_time * 100 / one->judged();
        const int height = std::max(1, share * kHeight / 100);
        bars.add("<rect class=\"fv-s-success\" x=\"{}\" y=\"{}\" width=\"16\" height=\"{}\"/>", at,
                 kHeight - height, height);
        words.add("{}{} {} %", words.empty() ? "" : ", ", numeric_date(one->due), share);
        at += kStep;
    }
    return html(
        "<svg class=\"fv-trend\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\">{}</svg>"
        "<small>{}: {}</small>",
        kStep * static_cast<int>(kTrendMax), kHeight, bars,
        view.pick("i tide, etter frist", "i tide, etter frist"), words);
}

/// One row for each requirement that has been due more than once; by programme, in the order of
/// their first round.
Table trend(const View& view, const std::vector<Tally>& all) {
    Table table{.name = "utvikling",
                .title = {"Utvikling", "Utvikling"},
                .columns = {{"requirement", {"Krav", "Krav"}},
                            {"programme", {"Ordning", "Ordning"}},
                            {"rounds", {"Runder", "Rundar"}},
                            {"change", {"Siste mot forrige", "Siste mot førre"}},
                            {"bars", {"De siste seks", "Dei siste seks"}, Column::Where::Page}},
                .rows = {}};
    std::vector<std::pair<std::string, std::vector<const Tally*>>> groups;
    for (const Tally& one : all) {
        if (one.judged() == 0) {
            continue;
        }
        const std::string key = one.programme + "/" + one.requirement;
        auto known = std::ranges::find(groups, key, [](const auto& group) { return group.first; });
        if (known == groups.end()) {
            known = groups.insert(groups.end(), {key, {}});
        }
        known->second.push_back(&one);
    }
    for (auto& [key, rounds] : groups) {
        if (rounds.size() < 2) {
            continue;
        }
        std::ranges::stable_sort(rounds, {}, [](const Tally* one) { return one->due; });
        const auto count = static_cast<std::int64_t>(rounds.size());
        if (rounds.size() > kTrendMax) {
            rounds.erase(rounds.begin(), rounds.end() - std::ptrdiff_t{kTrendMax});
        }
        const auto share = [](const Tally* one) { return one->in_time * 100 / one->judged(); };
        const int change = share(rounds.back()) - share(rounds[rounds.size() - 2]);
        const auto* const cohort = view.definitions->find_cohort(rounds.back()->cohort);
        const auto* const requirement =
            cohort == nullptr ? nullptr : cohort->find_requirement(rounds.back()->requirement);
        table.rows.push_back(
            {requirement == nullptr ? rounds.back()->requirement : view.in(requirement->title),
             cohort == nullptr ? rounds.back()->programme : view.in(cohort->title), count,
             fmt::format("{}{} {}",
                         change > 0   ? "+"
                         : change < 0 ? "−"
                                      : "±",
                         change < 0 ? -change : change, view.pick("prosentpoeng", "prosentpoeng")),
             Cell{trend_bars(view, rounds)}});
    }
    return table;
}

Table empty_table() {
    using Where = Column::Where;
    return {.name = "punktlighet",
            .title = {"Punktlighet", "Punktlegheit"},
            .columns = {{"requirement", {"Krav", "Krav"}},
                        {"cohort", {"Pulje", "Pulje"}},
                        {"in_time", {"I tide", "I tide"}},
                        {"late", {"Etter fristen", "Etter fristen"}},
                        {"missing", {"Ikke levert", "Ikkje levert"}},
                        {"open", {"Frist ikke ute", "Frist ikkje ute"}},
                        {"exempt", {"Gjelder ikke", "Gjeld ikkje"}},
                        {"median", {"Vanligvis levert", "Vanlegvis levert"}},
                        {"reminders", {"Påminnelser i alt", "Påminningar i alt"}},
                        {"share", {"Andel", "Del"}, Where::Page}},
            .rows = {}};
}

}  // namespace

PageResult punctuality_page(View& view) {
    Content out;
    out.title = {"Punktlighet", "Punktlegheit"};
    out.table = empty_table();
    const Question question{view};
    std::vector<Tally> all;
    for (const Cohort& cohort : view.definitions->cohorts) {
        auto found = tallies(view, cohort, question);
        if (!found.ok()) {
            return found.error();
        }
        std::vector<Tally> of_cohort = std::move(found).value();
        for (Tally& tally : of_cohort) {
            out.table->rows.push_back(
                {Cell{view.in(tally.title),
                      html("<a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a>",
                           percent_encode(cohort.id), percent_encode(tally.requirement),
                           view.in(tally.title))},
                 cohort.id, tally.in_time, tally.late, tally.missing, tally.open, tally.exempt,
                 median_text(view, tally.days), tally.reminders, Cell{bar(view, tally)}});
            all.push_back(std::move(tally));
        }
    }
    out.body.add(question.form_of_past());
    out.body.add(question.chips());
    if (out.table->rows.empty() && !(question.is_narrow() || !question.cohort.empty())) {
        out.body.add(
            "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"/oversikt\">{}</a></p>\n",
            view.pick("Ingen krav har åpnet ennå, så det er ingenting å måle.",
                      "Ingen krav har opna enno, så det er ingenting å måle."),
            view.pick("Se planoversikten", "Sjå planoversikta"));
        return out;
    }
    if (out.table->rows.empty()) {
        out.body.add(
            "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"/punktlighet\">{}</a></p>\n",
            view.pick("Ingenting passer med filteret.", "Ingenting passar med filteret."),
            view.pick("Vis alt", "Vis alt"));
        return out;
    }
    out.body.add("<p class=\"ds-paragraph\">{}</p>\n",
                 view.pick("Til samtale, ikke rangering. «I tide» er mottatt innen den fristen som "
                           "gjaldt, også en utsatt frist. Det som er meldt sendt, teller når det "
                           "er registrert.",
                           "Til samtale, ikkje rangering. «I tide» er motteke innan den fristen "
                           "som galdt, også ein utsett frist. Det som er meldt send, tel når det "
                           "er registrert."));
    out.body.add(draw(view, *out.table));
    if (const Table rounds = trend(view, all); !rounds.rows.empty()) {
        out.body.add(section(view, rounds));
    }
    return out;
}

}  // namespace fristvakt::daemon
