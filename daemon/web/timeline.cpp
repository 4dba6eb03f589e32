#include "daemon/web/timeline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/web/words.hpp"
#include "workflows/decision/plan.hpp"
#include "workflows/time/iso_week.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Date;
using workflows::Ladder;
using workflows::LadderStep;

namespace cal = workflows::cal;

namespace {

constexpr int kLabelWidth{230};
constexpr int kPlotWidth{730};
constexpr int kWidth{kLabelWidth + kPlotWidth + 20};
constexpr int kMonthWidth{56};  ///< Of "september".
constexpr int kHeadHeight{44};
constexpr int kRowHeight{26};

/// Days to places from left to right.
struct Scale {
    Date first{};
    Date last{};
    [[nodiscard]] int at(Date day) const {
        const auto span = std::max<std::int64_t>((last - first).count(), 1);
        const auto passed = std::clamp<std::int64_t>((day - first).count(), 0, span);
        return kLabelWidth + static_cast<int>(passed * kPlotWidth / span);
    }
};

using Bar = TimelineBar;

/// At most so many letters, whole ones.
std::string shortened(const std::string& text, std::size_t letters_max) {
    std::size_t letters{0};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && ++letters > letters_max) {
            return text.substr(0, i) + "…";
        }
    }
    return text;
}

Bar bar_of(const View& view, const Case& item, const CaseStatus& status, std::string label) {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Bar bar{.label = std::move(label),
            .color = status.color,
            .opens = zone.date_of(item.opened_at),
            .due = item.due ? std::optional{item.due->date} : std::nullopt,
            .steps = {}};
    const auto context = context_of(item, *view.definitions);
    for (const auto& occurrence : occurrences_of(item, context, *view.definitions)) {
        bar.steps.push_back(zone.date_of(occurrence.at));
    }
    return bar;
}

/// A requirement by the case that has the deadline of most, and the worst colour of all.
std::vector<Bar> bars_of(const View& view, const Overview& overview) {
    std::vector<Bar> bars;
    if (overview.columns.size() == 1) {
        for (const OverviewRow& row : overview.rows) {
            const OverviewCell& cell = row.cells.front();
            if (cell.item != nullptr) {
                bars.push_back(bar_of(view, *cell.item, cell.status,
                                      organisation_name(row.id, *view.definitions)));
            }
        }
        return bars;
    }
    for (std::size_t i = 0; i < overview.columns.size(); ++i) {
        const OverviewColumn& column = overview.columns[i];
        const OverviewCell* example = nullptr;
        for (const OverviewRow& row : overview.rows) {
            const OverviewCell& cell = row.cells[i];
            const bool is_better = cell.item != nullptr && cell.item->due && column.due &&
                                   cell.item->due->date == *column.due &&
                                   !is_settled(cell.status.kind);
            if (cell.item != nullptr && (example == nullptr || is_better)) {
                example = &cell;
            }
        }
        if (example != nullptr) {
            bars.push_back(bar_of(view, *example->item, example->status,
                                  fmt::format("{} ({}/{})", view.in(column.title), column.settled,
                                              column.applicable)));
        }
    }
    return bars;
}

Scale scale_of(const View& view, const std::vector<Bar>& bars) {
    Scale scale{view.today(), view.today() + cal::days{7}};
    for (const Bar& bar : bars) {
        scale.first = std::min(scale.first, bar.opens);
        scale.last = std::max(scale.last, bar.due.value_or(bar.opens) + cal::days{21});
        for (const Date step : bar.steps) {
            scale.last = std::max(scale.last, step + cal::days{7});
        }
    }
    return scale;
}

/// Months above, weeks below; fewer of them when there is no room.
Html ruler(const View& view, const Scale& scale, int bottom) {
    Html out;
    const auto weeks = (scale.last - scale.first).count() / 7 + 1;
    const auto every = std::max<std::int64_t>(1, weeks / 24 + 1);
    std::int64_t index{0};
    for (Date monday = scale.first - (cal::weekday{scale.first} - cal::Monday) + cal::days{7};
         monday <= scale.last; monday += cal::days{7}) {
        if (index++ % every == 0) {
            const int x = scale.at(monday);
            out.add(
                "<line class=\"fv-s-week\" x1=\"{}\" x2=\"{}\" y1=\"30\" y2=\"{}\"/>"
                "<text class=\"fv-s-small\" x=\"{}\" y=\"40\">{}</text>\n",
                x, x, bottom, x + 2, workflows::iso_week(monday));
        }
    }
    const cal::year_month_day first{scale.first};
    int free_from{0};
    for (auto month = first.year() / first.month(); cal::local_days{month / 1} <= scale.last;
         month += cal::months{1}) {
        const Date begins{cal::local_days{month / 1}};
        const int x = scale.at(std::max(begins, scale.first));
        const Date next{cal::local_days{(month + cal::months{1}) / 1}};
        const bool is_cut_short = begins < scale.first && scale.at(next) - x < kMonthWidth;
        if (is_cut_short || x < free_from) {
            continue;  // Its name would stand on another's.
        }
        free_from = x + kMonthWidth;
        const std::string name = workflows::short_date(begins, view.language);
        out.add("<text class=\"fv-s-small\" x=\"{}\" y=\"18\">{}</text>\n", x + 2,
                name.substr(name.find(' ') + 1));
    }
    return out;
}

Html soft_days(const View& view, const Scale& scale, int bottom) {
    Html out;
    std::optional<Date> began;
    for (Date day = scale.first; day <= scale.last + cal::days{1}; day += cal::days{1}) {
        const bool is_soft =
            day <= scale.last && soft_period_on(day, view.definitions->calendar) != nullptr;
        if (is_soft && !began) {
            began = day;
        } else if (!is_soft && began) {
            out.add("<rect class=\"fv-s-soft\" x=\"{}\" y=\"30\" width=\"{}\" height=\"{}\"/>\n",
                    scale.at(*began), std::max(scale.at(day) - scale.at(*began), 1), bottom - 30);
            began.reset();
        }
    }
    return out;
}

Html drawn(const Bar& bar, const Scale& scale, int y) {
    Html out;
    out.add("<text class=\"fv-s-label\" x=\"0\" y=\"{}\">{}</text>\n", y + 15,
            shortened(bar.label, 32));
    const int left = scale.at(bar.opens);
    const int right = scale.at(bar.due.value_or(scale.last));
    out.add(
        "<rect class=\"fv-s-bar fv-s-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"14\" "
        "rx=\"3\"/>\n",
        bar.color, left, y + 3, std::max(right - left, 3));
    for (const Date step : bar.steps) {
        out.add("<line class=\"fv-s-step\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n",
                scale.at(step), scale.at(step), y, y + 20);
    }
    return out;
}

int days_around(const View& view, const LadderStep& step, Date due) {
    const workflows::Anchors anchors{{"due", due}};
    const auto day = evaluate_day(step.at, anchors, view.definitions->time_zone());
    return day.ok() ? static_cast<int>((day.value() - due).count()) : 0;
}

Table ladder_table(const View& view, const Ladder& ladder, Date due) {
    Table table{
        .name = "trinn",
        .title = {"Trinnene i påminnelsesplanen", "Trinna i påminningsplanen"},
        .columns = {{"step", {"Trinn", "Trinn"}},
                    {"notice", {"Melding", "Melding"}},
                    {"to", {"Til", "Til"}},
                    {"copy", {"Kopi", "Kopi"}},
                    {"example", {"Dag, om fristen var denne", "Dag, om fristen var denne"}}},
        .rows = {}};
    const auto roles = [&](const std::vector<workflows::RoleReference>& list) {
        std::string out;
        for (const workflows::RoleReference& role : list) {
            const bool is_ours = role.party == workflows::Party::Creditor;
            out += (out.empty() ? "" : ", ") +
                   view.in(words_of_role((is_ours ? "creditor." : "") + role.role));
        }
        return out;
    };
    for (const LadderStep& step : ladder.steps) {
        const Date day = due + cal::days{days_around(view, step, due)};
        table.rows.push_back({view.in(words_of_step(step.id, &ladder)),
                              view.in(words_of_notice(step.notice)), roles(step.to),
                              roles(step.copy), workflows::long_date(day, view.language)});
    }
    return table;
}

}  // namespace

Html timeline(const View& view, const workflows::Cohort& cohort, const Overview& overview) {
    return timeline(view, cohort.id, bars_of(view, overview), {"påminnelser", "påminningar"});
}

Html timeline(const View& view, std::string_view id, const std::vector<TimelineBar>& bars,
              const workflows::Text& ticks, const std::optional<TimelineDays>& days) {
    const Scale scale = days ? Scale{days->first, days->last} : scale_of(view, bars);
    const int bottom = kHeadHeight + static_cast<int>(bars.size()) * kRowHeight;
    Html out;
    out.add(
        "<div class=\"fv-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{}\">\n"
        "<svg class=\"fv-timeline\" viewBox=\"0 0 {} {}\" role=\"img\" "
        "aria-labelledby=\"tl-{}\">\n<title id=\"tl-{}\">{} {}–{}. {}</title>\n",
        view.pick("Tidslinje", "Tidslinje"), kWidth, bottom + 8, id, id,
        view.pick("Tidslinje", "Tidslinje"), numeric_date(scale.first), numeric_date(scale.last),
        view.pick("Det samme står i listen under.", "Det same står i lista under."));
    out.add(soft_days(view, scale, bottom));
    out.add(ruler(view, scale, bottom));
    int y{kHeadHeight};
    for (const Bar& bar : bars) {
        out.add(drawn(bar, scale, y));
        y += kRowHeight;
    }
    const bool shows_today = scale.first <= view.today() && view.today() <= scale.last;
    if (shows_today) {
        const int today = scale.at(view.today());
        out.add("<line class=\"fv-s-today\" x1=\"{}\" x2=\"{}\" y1=\"22\" y2=\"{}\"/>\n", today,
                today, bottom);
    }
    out.add("</svg>\n</div>\n<p class=\"fv-legend\">{} {}. {}</p>\n",
            shows_today ? view.pick("Strek: i dag. Hakk:", "Strek: i dag. Hakk:")
                        : view.pick("Hakk:", "Hakk:"),
            view.in(ticks),
            view.pick("Tall øverst: ukenummer. Grått: dager uten utsending.",
                      "Tal øvst: vekenummer. Grått: dagar utan utsending."));
    return out;
}

Html ladder_line(const View& view, const Ladder& ladder, Date due) {
    std::vector<int> places;
    for (const LadderStep& step : ladder.steps) {
        places.push_back(days_around(view, step, due));
    }
    if (places.empty()) {
        return html("<p class=\"ds-paragraph\">{}</p>\n",
                    view.pick("Planen har ingen trinn.", "Planen har ingen trinn."));
    }
    const auto [least, most] = std::ranges::minmax(places);
    const int first = std::min(least, 0) - 1;
    const int span = std::max(std::max(most, 0) + 1 - first, 2);
    const auto x = [&](int day) { return 20 + (day - first) * 660 / span; };
    Html out;
    out.add(
        "<div class=\"fv-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{}\">\n"
        "<svg class=\"fv-ladder\" viewBox=\"0 0 700 84\" role=\"img\" aria-labelledby=\"stige\">\n"
        "<title id=\"stige\">{} {}</title>\n"
        "<line class=\"fv-s-line\" x1=\"10\" x2=\"690\" y1=\"44\" y2=\"44\"/>\n",
        view.pick("Påminnelsesplan som linje", "Påminningsplan som linje"),
        view.pick("Påminnelsesplanen som en linje rundt fristen.",
                  "Påminningsplanen som ei linje rundt fristen."),
        view.pick("Det samme står i tabellen under.", "Det same står i tabellen under."));
    out.add(
        "<line class=\"fv-s-today\" x1=\"{}\" x2=\"{}\" y1=\"14\" y2=\"66\"/>"
        "<text class=\"fv-s-small\" x=\"{}\" y=\"12\">{}</text>\n",
        x(0), x(0), x(0) + 3, view.pick("frist", "frist"));
    bool is_high{false};
    for (const int place : places) {
        is_high = !is_high;
        out.add(
            "<circle class=\"fv-s-dot fv-s-{}\" cx=\"{}\" cy=\"44\" r=\"7\"/>"
            "<text class=\"fv-s-small\" x=\"{}\" y=\"{}\">{}{}</text>\n",
            place <= 0 ? "info" : "warning", x(place), x(place) - 8, is_high ? 32 : 66,
            place > 0   ? "+"
            : place < 0 ? "−"
                        : "",
            place < 0 ? -place : place);
    }
    out.add("</svg>\n</div>\n<p class=\"fv-legend\">{}</p>\n",
            view.pick("Tallene er dager før (−) og etter (+) fristen.",
                      "Tala er dagar før (−) og etter (+) fristen."));
    out.add(draw(view, ladder_table(view, ladder, due)));
    return out;
}

}  // namespace fristvakt::daemon
