#include "daemon/web/saved_views.hpp"

#include <algorithm>
#include <array>

#include "daemon/http/cookie.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"

namespace fristvakt::daemon {

namespace {

constexpr std::size_t kNameBytesMax{60};
constexpr std::size_t kCookieBytesMax{3000};
/// What a view consists of; anything else is not kept.
constexpr std::array<std::string_view, 13> kKept{
    "pulje",     "ordning", "krav",  "periode",      "region",   "status", "visning",
    "ansvarlig", "maal",    "avvik", "uten-kontakt", "perioder", "grupper"};

/// Whole letters, at most so many bytes.
std::string cut(std::string text, std::size_t bytes_max) {
    std::size_t end = std::min(text.size(), bytes_max);
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

std::string encode(const SavedViews& views) {
    std::string out;
    for (const auto& [name, query] : views) {
        out += (out.empty() ? "" : "!") + percent_encode(name) + "|" + percent_encode(query);
    }
    return out;
}

HttpResponse back(const std::string& query, const SavedViews& views) {
    return {.status = 303,
            .headers = {{"Location", "/oversikt" + query},
                        {"Set-Cookie", "views=" + encode(views) +
                                           "; Path=/oversikt; Max-Age=31536000; SameSite=Lax; "
                                           "HttpOnly"},
                        {"Cache-Control", "no-store"}},
            .body = {}};
}

}  // namespace

SavedViews read_saved_views(const HttpRequest& request) {
    SavedViews out;
    std::string_view all = cookie_of(request, "views");
    while (!all.empty()) {
        const std::string_view one = all.substr(0, all.find('!'));
        all.remove_prefix(std::min(all.size(), one.size() + 1));
        const std::size_t bar = one.find('|');
        if (bar == std::string_view::npos) {
            continue;
        }
        const auto name = percent_decode(one.substr(0, bar));
        const auto query = percent_decode(one.substr(bar + 1));
        if (name && query && !name->empty()) {
            out.emplace_back(*name, cleaned(*query));
        }
    }
    return out;
}

Html saved_views_form(const View& view) {
    Html out;
    const std::string now = cleaned(encode_query(view.request.query));
    out.add(
        "<details class=\"ds-details\" id=\"lagre-visning\"><summary>{}</summary>\n"
        "<form class=\"fv-filter\" id=\"lagre\" method=\"post\" action=\"/oversikt/visninger\">{}"
        "<input type=\"hidden\" name=\"sporring\" value=\"{}\">"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-navn\">{}</label>"
        "<input class=\"ds-input\" id=\"f-navn\" name=\"navn\" required maxlength=\"40\"></div>"
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>"
        "</form>\n",
        view.pick("Lagre visning", "Lagre vising"), form_token_field(view), now,
        view.pick("Navn på visningen", "Namn på visinga"), view.pick("Lagre", "Lagre"));
    for (const auto& saved : read_saved_views(view.request)) {
        out.add(
            "<form class=\"fv-filter\" method=\"post\" action=\"/oversikt/visninger\">{}"
            "<input type=\"hidden\" name=\"fjern\" value=\"{}\"><button class=\"ds-button\" "
            "data-variant=\"tertiary\" type=\"submit\">{} «{}»</button></form>\n",
            form_token_field(view), saved.first, view.pick("Fjern visningen", "Fjern visinga"),
            saved.first);
    }
    out.add("</details>\n");
    return out;
}

HttpResponse save_view(const HttpRequest& request) {
    SavedViews views = read_saved_views(request);
    const auto forget = [&](const std::string& name) {
        std::erase_if(views, [&](const auto& one) { return one.first == name; });
    };
    forget(request.field("fjern"));
    const std::string name = cut(request.field("navn"), kNameBytesMax);
    const std::string query = cleaned(request.field("sporring"));
    if (!name.empty()) {
        forget(name);
        views.emplace_back(name, query);
    }
    while (encode(views).size() > kCookieBytesMax) {
        views.erase(views.begin());
    }
    return back(query, views);
}

}  // namespace fristvakt::daemon
