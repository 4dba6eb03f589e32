#include "integrations/graph/meeting_body.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "workflows/model/digest.hpp"

namespace fristvakt::integrations::graph {
namespace {

constexpr std::string_view kRule{"________________________________"};
constexpr std::size_t kNone = std::string_view::npos;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEntities{{{"&lt;", "<"},
                                                                                  {"&gt;", ">"},
                                                                                  {"&quot;", "\""},
                                                                                  {"&#39;", "'"},
                                                                                  {"&nbsp;", " "},
                                                                                  {"&amp;", "&"}}};

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20;
}

/// Before the first tag, or behind the one that begins with `name`.
std::size_t behind_tag(std::string_view html, std::string_view name) {
    const std::string lower = workflows::lower_case(html);
    const std::size_t at = lower.find(name);
    const std::size_t end = at == kNone ? kNone : lower.find('>', at);
    return end == kNone ? 0 : end + 1;
}

/// Where the elements begin that open right before `at`, with nothing but blanks between.
std::size_t outermost_opening(std::string_view html, std::size_t at) {
    std::size_t begin = at;
    while (true) {
        std::size_t end = begin;
        while (end > 0 && is_blank(html[end - 1])) {
            --end;
        }
        const std::size_t open = end > 0 && html[end - 1] == '>' ? html.rfind('<', end - 1) : kNone;
        if (open == kNone) {
            return begin;
        }
        const std::string tag = workflows::lower_case(html.substr(open, end - open));
        if (!tag.starts_with("<div") && !tag.starts_with("<span") && !tag.starts_with("<p")) {
            return begin;
        }
        begin = open;
    }
}

/// Where the part about Teams begins.
std::size_t teams_part(std::string_view html, std::string_view join_url) {
    // In a body the rest of the address is escaped in one way or another.
    const std::string_view needle = join_url.substr(0, join_url.find_first_of("?&"));
    const std::size_t link = needle.empty() ? kNone : html.find(needle);
    if (link == kNone) {
        return kNone;
    }
    std::size_t rule = html.rfind(kRule, link);
    if (rule == kNone) {
        return kNone;
    }
    while (rule > 0 && html[rule - 1] == '_') {
        --rule;
    }
    return outermost_opening(html, rule);
}

}  // namespace

std::string to_html(std::string_view text) {
    std::string out{"<div>"};
    for (const char c : text) {
        const auto* const entity =
            std::ranges::find_if(kEntities, [c](const auto& one) { return one.second[0] == c; });
        if (c == '\n') {
            out += "<br>\n";
        } else if (c != ' ' && entity != kEntities.end()) {
            out += entity->first;
        } else if (is_blank(c)) {
            out += ' ';
        } else if (!is_control(c)) {
            out += c;
        }
    }
    return out += "</div>";
}

std::optional<std::string> with_text(std::string_view html, std::string_view join_url,
                                     std::string_view text) {
    const std::size_t part = teams_part(html, join_url);
    if (part == kNone) {
        return std::nullopt;
    }
    const std::size_t head = std::min(behind_tag(html.substr(0, part), "<body"), part);
    return std::string{html.substr(0, head)} + to_html(text) + std::string{html.substr(part)};
}

std::string own_text(std::string_view html, std::string_view join_url) {
    const std::string_view own = html.substr(0, teams_part(html, join_url));
    std::string text;
    bool is_in_tag = false;
    for (std::size_t at = behind_tag(own, "<body"); at < own.size(); ++at) {
        if (own[at] == '<') {
            is_in_tag = true;
            text += ' ';
        } else if (own[at] == '>') {
            is_in_tag = false;
        } else if (!is_in_tag) {
            const std::string_view rest = own.substr(at);
            const auto* const entity = std::ranges::find_if(
                kEntities, [&](const auto& one) { return rest.starts_with(one.first); });
            text += entity == kEntities.end() ? own.substr(at, 1) : entity->second;
            at += entity == kEntities.end() ? 0 : entity->first.size() - 1;
        }
    }
    return in_one_line(text);
}

std::string in_one_line(std::string_view text) {
    constexpr std::string_view kNoBreak{"\xC2\xA0"};
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_no_break = text.substr(at).starts_with(kNoBreak);
        if (is_no_break || is_blank(text[at])) {
            out += out.empty() || out.back() == ' ' ? "" : " ";
            at += is_no_break ? 1 : 0;
        } else if (!is_control(text[at])) {
            out += text[at];
        }
    }
    if (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

}  // namespace fristvakt::integrations::graph
