#include "integrations/teams/card.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace fristvakt::integrations::teams {

using nlohmann::ordered_json;

namespace {

ordered_json run(const std::string& text) {
    return {{"type", "TextRun"}, {"text", text}};
}

/// Runs of text are shown as they are; a TextBlock would read Markdown into names.
ordered_json block(ordered_json runs, bool after_a_gap = false) {
    ordered_json out{{"type", "RichTextBlock"}, {"inlines", std::move(runs)}};
    if (after_a_gap) {
        out["spacing"] = "Medium";
    }
    return out;
}

ordered_json heading(const Card::Section& section, std::size_t count) {
    ordered_json text = run(section.heading + " (" + std::to_string(count) + ")");
    text["weight"] = "Bolder";
    if (section.is_urgent) {
        text["color"] = "Attention";
    }
    return block(ordered_json::array({std::move(text)}), true);
}

ordered_json line(const Card::Line& one) {
    ordered_json strong = run("• " + one.strong);
    strong["weight"] = "Bolder";
    return block(ordered_json::array({std::move(strong), run(one.rest)}));
}

ordered_json body_of(const Card& card, const std::vector<std::size_t>& shown) {
    ordered_json title = run(card.title);
    title["size"] = "Large";
    title["weight"] = "Bolder";
    ordered_json body = ordered_json::array({block(ordered_json::array({std::move(title)}))});
    if (!card.lead.empty()) {
        body.push_back(block(ordered_json::array({run(card.lead)})));
    }
    for (std::size_t i = 0; i < card.sections.size(); ++i) {
        const Card::Section& section = card.sections[i];
        const std::size_t count = std::max(section.count, section.lines.size());
        body.push_back(heading(section, count));
        for (std::size_t at = 0; at < shown[i]; ++at) {
            body.push_back(line(section.lines[at]));
        }
        if (count > shown[i] && count > 0) {
            ordered_json rest = run("… og " + std::to_string(count - shown[i]) + " til");
            rest["isSubtle"] = true;
            body.push_back(block(ordered_json::array({std::move(rest)})));
        }
    }
    return body;
}

std::string payload_of(const Card& card, const std::vector<std::size_t>& shown) {
    ordered_json content{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                         {"type", "AdaptiveCard"},
                         {"version", "1.2"},
                         {"fallbackText", card.title},
                         {"body", body_of(card, shown)}};
    for (const Card::Link& link : card.links) {
        if (link.url.starts_with("https://") || link.url.starts_with("http://")) {
            content["actions"].push_back(
                {{"type", "Action.OpenUrl"}, {"title", link.title}, {"url", link.url}});
        }
    }
    content["msteams"] = {{"width", "Full"}};
    ordered_json attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                            {"contentUrl", nullptr},
                            {"content", std::move(content)}};
    return ordered_json{{"type", "message"},
                        {"attachments", ordered_json::array({std::move(attachment)})}}
        .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string to_payload(const Card& card, std::size_t bytes_max) {
    std::vector<std::size_t> shown;
    for (const Card::Section& section : card.sections) {
        constexpr std::size_t kLineBytesMin = 100;
        shown.push_back(std::min(section.lines.size(), bytes_max / kLineBytesMin));
    }
    std::string payload = payload_of(card, shown);
    while (payload.size() > bytes_max) {
        const auto longest = std::ranges::max_element(shown);
        if (longest == shown.end() || *longest == 0) {
            break;  // Nothing is left to leave out; the server has the last word.
        }
        // Half of what is too much at once, so that a long list costs few rounds.
        const std::size_t over = (payload.size() - bytes_max) / 400;
        *longest -= std::clamp<std::size_t>(over, 1, *longest);
        payload = payload_of(card, shown);
    }
    return payload;
}

}  // namespace fristvakt::integrations::teams
