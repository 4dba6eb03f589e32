#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"

/// A table on a page.
namespace fristvakt::daemon {

namespace {

bool is_on_page(const View& view, const Column& column) {
    return column.where == Column::Where::Choice ? may_choose(view)
                                                 : column.where != Column::Where::File;
}

Html cell_text(const View& view, const Cell& cell) {
    if (cell.drawn) {
        return *cell.drawn;
    }
    if (const auto* text = std::get_if<std::string>(&cell.value)) {
        return html("{}", *text);
    }
    if (const auto* number = std::get_if<std::int64_t>(&cell.value)) {
        return html("{}", *number);
    }
    if (const auto* day = std::get_if<workflows::Date>(&cell.value)) {
        return html("<time datetime=\"{}\">{}</time>", workflows::iso_date(*day),
                    numeric_date(*day));
    }
    if (const auto* at = std::get_if<workflows::Instant>(&cell.value)) {
        const workflows::TimeZone& zone = view.definitions->time_zone();
        return html("<time datetime=\"{}\">{}</time>", workflows::iso_instant(*at, zone),
                    short_time(*at, zone));
    }
    return {};
}

/// A table that is laid out as something else is one for screen readers only when it says so.
Html role(const Table& table, std::string_view name) {
    return table.stacks ? html(" role=\"{}\"", name) : Html{};
}

}  // namespace

Html draw(const View& view, const Table& table) {
    Html out;
    out.reserve(table.rows.size() * table.columns.size() * 120 + 512);
    out.add(
        "<div class=\"fv-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{}\">\n"
        "<table class=\"ds-table fv-list{}\" data-size=\"sm\"{}><thead{}><tr{}>",
        view.in(table.title), table.stacks ? " fv-stack" : "", role(table, "table"),
        role(table, "rowgroup"), role(table, "row"));
    for (const Column& column : table.columns) {
        if (!is_on_page(view, column)) {
            continue;
        }
        if (column.where == Column::Where::Choice) {
            out.add(choice_head(view));
        } else {
            out.add("<th scope=\"col\"{}>{}</th>", role(table, "columnheader"),
                    view.in(column.title));
        }
    }
    out.add("</tr></thead>\n<tbody{}>\n", role(table, "rowgroup"));
    for (const std::vector<Cell>& cells : table.rows) {
        out.add("<tr{}>", role(table, "row"));
        bool is_first = true;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!is_on_page(view, table.columns[i])) {
                continue;
            }
            const Html text = cell_text(view, cells[i]);
            const bool is_box = table.columns[i].where == Column::Where::Choice;
            if (is_first && !is_box) {
                out.add("<th scope=\"row\"{}>{}</th>", role(table, "rowheader"), text);
            } else if (table.stacks) {
                out.add("<td role=\"cell\" data-label=\"{}\">{}</td>",
                        view.in(table.columns[i].title), text);
            } else {
                out.add("<td>{}</td>", text);
            }
            is_first = is_first && is_box;
        }
        out.add("</tr>\n");
    }
    out.add("</tbody></table>\n</div>\n");
    return out;
}

Html section(const View& view, const Table& table, std::string_view lead) {
    Html out;
    out.add(
        "<section aria-labelledby=\"{}\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
        "id=\"{}\">{}</h2>\n",
        table.name, table.name, view.in(table.title));
    if (!lead.empty()) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n", lead);
    }
    out.add(draw(view, table));
    out.add("</section>\n");
    return out;
}

}  // namespace fristvakt::daemon
