#include <cstddef>
#include <string>
#include <string_view>

#include "integrations/texts/document.hpp"

// Classic Outlook lays mail out with Word's engine: presentation tables, inline styles and an
// explicit background for every colour, or it recolours one without the other in the dark.

namespace fristvakt::integrations::texts {

namespace {

/// Empty for a character that stands for itself.
std::string_view entity_of(char character) {
    switch (character) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

void escape_into(std::string& html, std::string_view text) {
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view entity = entity_of(text[at]);
        if (!entity.empty()) {
            html += text.substr(copied, at - copied);
            html += entity;
            copied = at + 1;
        }
    }
    html += text.substr(copied);
}

void write_runs(std::string& html, const std::vector<Run>& runs) {
    for (const Run& run : runs) {
        if (run.line_break) {
            html += "<br>\n";
            continue;
        }
        if (!run.destination.empty()) {
            html += "<a href=\"";
            escape_into(html, run.destination);
            html += "\" style=\"color:#0051a0\">";
        }
        html += run.strong ? "<strong>" : "";
        html += run.emphasis ? "<em>" : "";
        escape_into(html, run.text);
        html += run.emphasis ? "</em>" : "";
        html += run.strong ? "</strong>" : "";
        html += run.destination.empty() ? "" : "</a>";
    }
}

void write_blocks(std::string& html, const std::vector<Block>& blocks);

void write_heading(std::string& html, const Block& block) {
    if (block.number == 1) {
        html += R"(<h1 style="font-size:22px;line-height:28px;margin:0 0 16px 0">)";
        write_runs(html, block.runs);
        html += "</h1>\n";
        return;
    }
    const std::string tag = block.number == 2 ? "h2" : "h3";
    html += "<" + tag + R"( style="font-size:18px;line-height:24px;margin:24px 0 8px 0">)";
    write_runs(html, block.runs);
    html += "</" + tag + ">\n";
}

void write_item(std::string& html, const Block& item, bool tight) {
    html += tight ? R"(<li style="margin:0 0 4px 0">)" : R"(<li style="margin:0 0 12px 0">)";
    if (item.children.size() == 1 && item.children[0].kind == Block::Kind::Paragraph) {
        write_runs(html, item.children[0].runs);
    } else {
        html += "\n";
        write_blocks(html, item.children);
    }
    html += "</li>\n";
}

void write_list(std::string& html, const Block& list) {
    const bool ordered = list.kind == Block::Kind::OrderedList;
    html += ordered ? "<ol" : "<ul";
    if (ordered && list.number != 1) {
        html += " start=\"" + std::to_string(list.number) + "\"";
    }
    html += R"( style="margin:0 0 16px 0;padding:0 0 0 24px">)";
    html += "\n";
    for (const Block& item : list.children) {
        write_item(html, item, list.tight);
    }
    html += ordered ? "</ol>\n" : "</ul>\n";
}

void write_blocks(std::string& html, const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
        switch (block.kind) {
            case Block::Kind::Heading:
                write_heading(html, block);
                break;
            case Block::Kind::Paragraph:
                html += R"(<p style="margin:0 0 16px 0">)";
                write_runs(html, block.runs);
                html += "</p>\n";
                break;
            case Block::Kind::BulletList:
            case Block::Kind::OrderedList:
                write_list(html, block);
                break;
            case Block::Kind::Item:
                write_item(html, block, true);
                break;
            case Block::Kind::Quotation:
                html += R"(<blockquote style="margin:0 0 16px 0;padding:0 0 0 16px;)"
                        R"(border-left:4px solid #4b4b4b">)";
                html += "\n";
                write_blocks(html, block.children);
                html += "</blockquote>\n";
                break;
            case Block::Kind::Rule:
                html +=
                    R"(<hr style="border:0;border-top:1px solid #767676;margin:24px 0 16px 0">)";
                html += "\n";
                break;
        }
    }
}

}  // namespace

std::string to_html(const Document& document, const Envelope& envelope) {
    const std::string language(workflows::language_tag(envelope.language));
    std::string html;
    html.reserve(8192);
    html += "<!doctype html>\n<html lang=\"" + language + "\">\n<head>\n";
    html +=
        R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>)";
    escape_into(html, envelope.subject);
    html +=
        R"(</title>
</head>
<body style="margin:0;padding:0;background-color:#ffffff;color:#1e1e1e">
)";
    // Web mail keeps the body alone, so the language is said once more inside it.
    html += "<div role=\"main\" lang=\"" + language + "\">\n";
    if (!envelope.preheader.empty()) {
        html += R"(<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">)";
        escape_into(html, envelope.preheader);
        html += "</div>\n";
    }
    html +=
        R"(<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" )"
        R"(style="width:100%;max-width:600px">
<tr><td align="left" style="font-family:Arial,Helvetica,sans-serif;font-size:16px;)"
        R"(line-height:24px;color:#1e1e1e;background-color:#ffffff">
)";
    write_blocks(html, document);
    html += "</td></tr></table>\n</td></tr></table>\n</div>\n</body>\n</html>\n";
    return html;
}

}  // namespace fristvakt::integrations::texts
