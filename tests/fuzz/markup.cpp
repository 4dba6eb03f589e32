#include "tests/fuzz/markup.hpp"

#include <algorithm>
#include <array>

#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {

std::string tags_of(std::string_view html) {
    constexpr std::array<std::string_view, 5> kEntities{"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    std::string out;
    while (!html.empty()) {
        const std::string_view text = take_until(html, "<");
        demand(text.find('>') == std::string_view::npos, "no tag ends that did not begin", text);
        for (std::size_t at = text.find('&'); at != std::string_view::npos;
             at = text.find('&', at + 1)) {
            demand(std::ranges::any_of(kEntities,
                                       [&](std::string_view entity) {
                                           return text.substr(at).starts_with(entity);
                                       }),
                   "an ampersand is written as one", text);
        }
        if (html.empty()) {
            break;
        }
        demand(html.find('>') != std::string_view::npos, "a tag ends", html);
        out += '<';
        out += take_until(html, ">");
        out += '>';
    }
    return out;
}

}  // namespace fristvakt::fuzz
