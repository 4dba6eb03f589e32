#include "daemon/web/actions/choosing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/action.hpp"
#include "daemon/web/actions/form.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Case;

namespace {

/// Of the query: the list in which all boxes are ticked.
constexpr std::string_view kTicked{"merk"};

/// This page with all of the list ticked, or none.
std::string page_with(const View& view, std::string_view list) {
    auto query = view.request.query;
    std::erase_if(query, [](const auto& one) { return one.first == kTicked; });
    if (!list.empty()) {
        query.emplace_back(kTicked, list);
    }
    return view.request.raw_path + encode_query(query);
}

Html tick_all_link(const View& view, std::string_view list) {
    const bool is_ticked = view.argument(kTicked) == list;
    return html(
        "<a class=\"ds-link fv-all-link\" href=\"{}#valgt-{}\">{}</a>",
        page_with(view, is_ticked ? std::string_view{} : list), list,
        is_ticked ? view.pick("Velg ingen", "Vel ingen") : view.pick("Velg alle", "Vel alle"));
}

}  // namespace

bool may_choose(const View& view) {
    return may_somewhere(view.visitor(), Right::Act);
}

Column choice_column() {
    return {"chosen", {"Valgt", "Vald"}, Column::Where::Choice};
}

Cell choice_cell(const View& view, std::string_view list, const Case& item) {
    if (!may(view.visitor(), Right::Act, item, *view.definitions)) {
        return {};
    }
    return Cell{choice_box(view, list, "sak", fmt::format("{}@{}", item.id, item.revision),
                           fmt::format("{}, {}", organisation_name(item.debtor, *view.definitions),
                                       view.in(case_title(item, *view.definitions))))};
}

Html choice_head(const View& view) {
    return html(
        "<th scope=\"col\"><input class=\"ds-input fv-all\" type=\"checkbox\" hidden "
        "aria-label=\"{}\"><span class=\"fv-hidden\">{}</span></th>",
        view.pick("Velg alle", "Vel alle"), view.pick("Valgt", "Vald"));
}

Html choice_box(const View& view, std::string_view list, std::string_view name,
                std::string_view value, std::string_view label) {
    return html(
        "<input class=\"ds-input fv-row\" type=\"checkbox\" name=\"{}\" value=\"{}\" "
        "aria-label=\"{} {}\"{}>",
        name, value, view.pick("Velg", "Vel"), label,
        view.argument(kTicked) == list ? html(" checked") : Html{});
}

Html choosing_begin(const View& view) {
    if (!may_choose(view)) {
        return {};
    }
    Html out;
    out.add("<form class=\"fv-bulk\" method=\"post\" action=\"/parti\">\n");
    out.add(form_token_field(view));
    out.add(hidden("fra", page_with(view, {})));
    return out;
}

Html choosing_end(const View& view, std::string_view list, const Html& fields) {
    if (!may_choose(view)) {
        return {};
    }
    Html actions;
    for (const Action& action : bulk_actions(view.today())) {
        actions.add("<option value=\"{}\">{}</option>", action.event, view.in(action.title));
    }
    Html out;
    out.add(
        "<div class=\"fv-bulkbar\" id=\"valgt-{}\" role=\"group\" aria-label=\"{}\">\n"
        "<p class=\"fv-chosen\" role=\"status\" data-one=\"{}\" data-many=\"{}\"></p>\n"
        "<p>{}</p>\n{}",
        list, view.pick("Gjør noe med dem som er valgt", "Gjer noko med dei som er valde"),
        view.pick("valgt", "vald"), view.pick("valgt", "valde"), tick_all_link(view, list), fields);
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"b-hva-{}\">{}</label>"
        "<select class=\"ds-input\" id=\"b-hva-{}\" name=\"event\">{}</select></div>\n",
        list, view.pick("Gjør dette med dem som er valgt", "Gjer dette med dei som er valde"), list,
        actions);
    out.add("<button class=\"ds-button\" type=\"submit\">{}</button>\n</div>\n</form>\n",
            view.pick("Se hva som skjer", "Sjå kva som skjer"));
    return out;
}

Html choosing(const View& view, std::string_view list, const Html& drawn) {
    return choosing_begin(view).add(drawn).add(choosing_end(view, list));
}

std::string way_back(std::string_view wanted) {
    const bool is_ours = wanted.starts_with('/') && !wanted.starts_with("//") &&
                         wanted.find('\\') == std::string_view::npos &&
                         std::ranges::all_of(wanted, [](char c) { return c > ' ' && c != 0x7F; });
    return is_ours ? std::string{wanted} : std::string{"/oversikt"};
}

}  // namespace fristvakt::daemon
