#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "integrations/texts/notice_template.hpp"
#include "workflows/definition/notice_variables.hpp"

namespace fristvakt::integrations::texts {

namespace {

/// The values in force: a case's own before those of the message around it.
struct Scope {
    const Values& values;
    const Scope* outer;

    [[nodiscard]] const std::string& at(std::size_t index) const {
        const std::string& own = values.at(index);
        return own.empty() && outer != nullptr && !belongs_to_case(index) ? outer->at(index) : own;
    }

    [[nodiscard]] const std::vector<Values>& cases() const {
        return outer == nullptr ? values.cases() : outer->cases();
    }

 private:
    /// From `case_id` on, the variables are a case's; one it lacks is not taken from the message.
    static bool belongs_to_case(std::size_t index) {
        static const std::size_t kFirst = *variable_index("case_id");
        return index >= kFirst;
    }
};

/// Calls `write(scope)` once for each time that the section's content stands.
template <typename Write>
void for_section(const Node& section, const Scope& scope, const Write& write) {
    const bool is_list = section.text == "cases" && scope.outer == nullptr;
    if (is_list && !section.inverted) {
        for (const Values& one : scope.cases()) {
            write(Scope{one, &scope});
        }
        return;
    }
    const bool has_value = is_list ? !scope.cases().empty() : !scope.at(section.variable).empty();
    if (has_value != section.inverted) {
        write(scope);
    }
}

/// Never what came from outside: that could lead anywhere.
bool leads_somewhere(std::size_t variable, std::string_view value) {
    const bool is_address = value.starts_with("https://") || value.starts_with("http://");
    return workflows::notice_variables()[variable].may_be_link && is_address &&
           std::ranges::all_of(value, [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

/// The value of a variable. One of several lines stands on lines of its own, whatever is around it.
void fill_value(std::size_t variable, std::string_view value, const Run& style,
                std::vector<Run>& into) {
    const bool has_lines = value.find('\n') != std::string_view::npos;
    if (has_lines) {
        into.push_back({.line_break = true});
    }
    for (bool at_end = false; !at_end;) {
        const std::size_t end = value.find('\n');
        at_end = end == std::string_view::npos;
        Run run = style;
        run.text = value.substr(0, end);
        if (run.destination.empty() && leads_somewhere(variable, run.text)) {
            run.destination = run.text;
        }
        into.push_back(std::move(run));
        if (has_lines) {
            into.push_back({.line_break = true});
        }
        value.remove_prefix(at_end ? value.size() : end + 1);
    }
}

void fill_runs(const std::vector<Node>& nodes, const Scope& scope, const Run& style,
               std::vector<Run>& into) {
    const auto add = [&](const std::string& text) {
        Run run = style;
        run.text = text;
        into.push_back(std::move(run));
    };
    for (const Node& node : nodes) {
        Run inner = style;
        switch (node.kind) {
            case Node::Kind::Text:
                add(node.text);
                break;
            case Node::Kind::Variable:
                fill_value(node.variable, scope.at(node.variable), style, into);
                break;
            case Node::Kind::LineBreak:
                into.push_back({.line_break = true});
                break;
            case Node::Kind::Section:
                for_section(node, scope, [&](const Scope& inside) {
                    fill_runs(node.children, inside, style, into);
                });
                break;
            case Node::Kind::Strong:
                inner.strong = true;
                fill_runs(node.children, scope, inner, into);
                break;
            case Node::Kind::Emphasis:
                inner.emphasis = true;
                fill_runs(node.children, scope, inner, into);
                break;
            case Node::Kind::Link:
                inner.destination = node.text;
                fill_runs(node.children, scope, inner, into);
                break;
            case Node::Kind::Heading:
            case Node::Kind::Paragraph:
            case Node::Kind::BulletList:
            case Node::Kind::OrderedList:
            case Node::Kind::Item:
            case Node::Kind::Quotation:
            case Node::Kind::Rule:
            case Node::Kind::Opening:
            case Node::Kind::Closing:
                break;
        }
    }
}

bool same_style(const Run& left, const Run& right) {
    return !left.line_break && !right.line_break && left.strong == right.strong &&
           left.emphasis == right.emphasis && left.destination == right.destination;
}

void trim_end(std::vector<Run>& runs) {
    while (!runs.empty() && !runs.back().line_break) {
        std::string& text = runs.back().text;
        text.erase(text.find_last_not_of(' ') + 1);
        if (!text.empty()) {
            return;
        }
        runs.pop_back();
    }
}

/// Appends `text` with one space where it has several. `at_space`: nothing or a space stands before
/// it; says afterwards whether one stands at its end.
void append_single_spaced(std::string_view text, bool& at_space, std::string& into) {
    into.reserve(into.size() + text.size());
    for (const char character : text) {
        const bool is_space = character == ' ' || character == '\t';
        if (!is_space || !at_space) {
            into += is_space ? ' ' : character;
        }
        at_space = is_space;
    }
}

/// Sections that fell away leave spaces and line breaks behind: one space between words, none at
/// the ends of a line, no empty line, neighbours of one style joined.
std::vector<Run> tidied(const std::vector<Run>& runs) {
    std::vector<Run> tidy;
    tidy.reserve(runs.size());
    bool at_start = true;  // Of a line, or behind a space.
    for (const Run& run : runs) {
        if (run.line_break) {
            trim_end(tidy);
            if (!tidy.empty() && !tidy.back().line_break) {
                tidy.push_back(run);
            }
            at_start = true;
            continue;
        }
        Run kept = run;
        kept.text.clear();
        append_single_spaced(run.text, at_start, kept.text);
        if (kept.text.empty()) {
            continue;
        }
        if (!tidy.empty() && same_style(tidy.back(), kept)) {
            tidy.back().text += kept.text;
        } else {
            tidy.push_back(std::move(kept));
        }
    }
    trim_end(tidy);
    while (!tidy.empty() && tidy.back().line_break) {
        tidy.pop_back();
        trim_end(tidy);
    }
    return tidy;
}

std::vector<Run> runs_of(const Node& node, const Scope& scope) {
    std::vector<Run> runs;
    fill_runs(node.children, scope, {}, runs);
    return tidied(runs);
}

void fill_blocks(const std::vector<Node>& nodes, const Scope& scope, std::vector<Block>& into);

Block container_of(Block::Kind kind, const Node& node, const Scope& scope) {
    Block block{.kind = kind, .number = node.number, .tight = node.tight};
    fill_blocks(node.children, scope, block.children);
    return block;
}

void fill_blocks(const std::vector<Node>& nodes, const Scope& scope, std::vector<Block>& into) {
    const auto add = [&](Block block) {
        if (!block.runs.empty() || !block.children.empty() || block.kind == Block::Kind::Rule) {
            into.push_back(std::move(block));
        }
    };
    for (const Node& node : nodes) {
        switch (node.kind) {
            case Node::Kind::Section:
                for_section(node, scope,
                            [&](const Scope& inside) { fill_blocks(node.children, inside, into); });
                break;
            case Node::Kind::Heading:
                add({.kind = Block::Kind::Heading,
                     .number = node.number,
                     .runs = runs_of(node, scope)});
                break;
            case Node::Kind::Paragraph:
                add({.kind = Block::Kind::Paragraph, .runs = runs_of(node, scope)});
                break;
            case Node::Kind::BulletList:
                add(container_of(Block::Kind::BulletList, node, scope));
                break;
            case Node::Kind::OrderedList:
                add(container_of(Block::Kind::OrderedList, node, scope));
                break;
            case Node::Kind::Item:
                add(container_of(Block::Kind::Item, node, scope));
                break;
            case Node::Kind::Quotation:
                add(container_of(Block::Kind::Quotation, node, scope));
                break;
            case Node::Kind::Rule:
                add({.kind = Block::Kind::Rule});
                break;
            case Node::Kind::Text:
            case Node::Kind::LineBreak:
            case Node::Kind::Strong:
            case Node::Kind::Emphasis:
            case Node::Kind::Link:
            case Node::Kind::Variable:
            case Node::Kind::Opening:
            case Node::Kind::Closing:
                break;
        }
    }
}

}  // namespace

Document fill(const std::vector<Node>& body, const Values& values) {
    Document document;
    fill_blocks(body, Scope{values, nullptr}, document);
    return document;
}

std::string fill_line(const std::vector<Node>& line, const Values& values) {
    std::vector<Run> runs;
    fill_runs(line, Scope{values, nullptr}, {}, runs);
    std::string text;
    for (const Run& run : tidied(runs)) {
        text += run.line_break ? " " : run.text;
    }
    return text;
}

}  // namespace fristvakt::integrations::texts
