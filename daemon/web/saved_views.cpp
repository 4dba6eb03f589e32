#include "daemon/web/saved_views.hpp"

#include <algorithm>
#include <array>

#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"

namespace fristvakt::daemon {

using workflows::Result;

namespace {

constexpr std::size_t kNameBytesMax{60};
constexpr std::int64_t kViewsMax{40};
/// What a view consists of; anything else is not kept.
constexpr std::array<std::string_view, 13> kKept{
    "pulje",     "ordning", "krav",  "periode",      "region",   "status", "visning",
    "ansvarlig", "maal",    "avvik", "uten-kontakt", "perioder", "grupper"};

/// Without blanks around it; whole letters, at most so many bytes.
std::string name_in(std::string text) {
    text.erase(0, std::min(text.size(), text.find_first_not_of(' ')));
    text.erase(text.find_last_not_of(' ') + 1);
    std::size_t end = std::min(text.size(), kNameBytesMax);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    text.resize(end);
    return text;
}

/// The query in the order of `kKept`, without what is none of a view.
std::string cleaned(std::string_view query) {
    const auto parsed = parse_query(query.substr(query.starts_with('?') ? 1 : 0));
    std::vector<std::pair<std::string, std::string>> kept;
    for (const auto& argument :
         parsed.value_or(std::vector<std::pair<std::string, std::string>>{})) {
        if (std::ranges::find(kKept, argument.first) != kKept.end()) {
            kept.push_back(argument);
        }
    }
    return encode_query(kept);
}

/// Whose views they are: nobody's name where nobody signs in.
const std::string& owner_of(const HttpRequest& request) {
    return request.visitor.address;
}

Html chip(const View& view, const integrations::StoredView& saved, const std::string& now) {
    return html(
        "<li class=\"fv-saved\"><a class=\"ds-link\" href=\"/oversikt{}\"{}>{}</a>"
        "<form class=\"fv-inline\" method=\"post\" action=\"/oversikt/visninger\">{}"
        "<input type=\"hidden\" name=\"fjern\" value=\"{}\">"
        "<input type=\"hidden\" name=\"sporring\" value=\"{}\">"
        "<button class=\"ds-button\" data-variant=\"tertiary\" data-size=\"sm\" type=\"submit\" "
        "aria-label=\"{} «{}»\"><span aria-hidden=\"true\">×</span></button></form></li>\n",
        saved.query, saved.query == now ? html(" aria-current=\"page\"") : Html{}, saved.name,
        form_token_field(view), saved.name, now, view.pick("Fjern visningen", "Fjern visinga"),
        saved.name);
}

}  // namespace

Result<Html> saved_views(const View& view, integrations::AccessStore& store) {
    const auto known = store.views(owner_of(view.request));
    if (!known.ok()) {
        return known.error();
    }
    const std::string now = cleaned(encode_query(view.request.query));
    Html out;
    if (!known.value().empty()) {
        out.add("<nav class=\"fv-views\" id=\"mine-visninger\" aria-label=\"{}\"><ul>\n",
                view.pick("Lagrede visninger", "Lagra visingar"));
        for (const integrations::StoredView& saved : known.value()) {
            out.add(chip(view, {.name = saved.name, .query = cleaned(saved.query)}, now));
        }
        out.add("</ul></nav>\n");
    }
    out.add(
        "<details class=\"ds-details\" id=\"lagre-visning\"><summary>{}</summary>\n"
        "<form class=\"fv-filter\" id=\"lagre\" method=\"post\" action=\"/oversikt/visninger\">{}"
        "<input type=\"hidden\" name=\"sporring\" value=\"{}\">"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-navn\">{}</label>"
        "<input class=\"ds-input\" id=\"f-navn\" name=\"navn\" required maxlength=\"40\"></div>"
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>"
        "<p class=\"ds-paragraph\">{}</p></form>\n</details>\n",
        view.pick("Lagre visning", "Lagre vising"), form_token_field(view), now,
        view.pick("Navn på visningen", "Namn på visinga"), view.pick("Lagre", "Lagre"),
        view.pick(
            "Filteret og tegnemåten slik siden er nå. Lenken til en visning kan sendes til andre.",
            "Filteret og teiknemåten slik sida er no. Lenkja til ei vising kan sendast til "
            "andre."));
    return out;
}

Result<HttpResponse> save_view(const HttpRequest& request, integrations::AccessStore& store) {
    const std::string query = cleaned(request.field("sporring"));
    if (const std::string& name = request.field("fjern"); !name.empty()) {
        if (const auto removed = store.remove_view(owner_of(request), name); !removed.ok()) {
            return removed.error();
        }
    }
    if (const std::string name = name_in(request.field("navn")); !name.empty()) {
        const auto saved =
            store.save_view(owner_of(request), {.name = name, .query = query}, kViewsMax);
        if (!saved.ok()) {
            return saved.error();
        }
    }
    return HttpResponse{
        .status = 303,
        .headers = {{"Location", "/oversikt" + query}, {"Cache-Control", "no-store"}},
        .body = {}};
}

}  // namespace fristvakt::daemon
