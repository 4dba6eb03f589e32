#include "integrations/texts/notice_template.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <cmark.h>

namespace fristvakt::integrations::texts {

namespace {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

constexpr int kDepthMax = 12;
constexpr std::size_t kMarkdownBytesMax = 65536;

struct Problems {
    std::vector<std::string> found;
    std::string part;  ///< "subject", "preheader"; empty in the body.

    void add(int line, const std::string& what) {
        found.push_back((part.empty() ? "line " + std::to_string(line) : part) + ": " + what);
    }
};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Node marker_of(std::string_view inside, int line, Problems& problems) {
    Node node{.kind = Node::Kind::Variable, .line = line};
    inside = trimmed(inside);
    if (!inside.empty() && (inside[0] == '#' || inside[0] == '^' || inside[0] == '/')) {
        node.kind = inside[0] == '/' ? Node::Kind::Closing : Node::Kind::Opening;
        node.inverted = inside[0] == '^';
        inside = trimmed(inside.substr(1));
    }
    node.text = std::string(inside);
    const auto index = variable_index(inside);
    if (!index) {
        problems.add(line, "there is no variable '" + node.text + "'");
    } else if (node.kind == Node::Kind::Variable && inside == "cases") {
        problems.add(line, "'cases' is a list; write {{#cases}}…{{/cases}}");
    }
    node.variable = index.value_or(0);
    return node;
}

/// Splits `text` into text, variables and the ends of sections.
void tokenize(std::string_view text, int line, Problems& problems, std::vector<Node>& into) {
    while (!text.empty()) {
        const auto open = text.find("{{");
        if (open > 0) {
            into.push_back({.kind = Node::Kind::Text,
                            .text = std::string(text.substr(0, open)),
                            .line = line});
        }
        if (open == std::string_view::npos) {
            return;
        }
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos) {
            problems.add(line, "'{{' is never closed; end it with '}}'");
            return;
        }
        into.push_back(marker_of(text.substr(open + 2, close - open - 2), line, problems));
        text.remove_prefix(close + 2);
    }
}

/// Puts what stands between the ends of a section into it.
std::vector<Node> nested(std::vector<Node> flat, Problems& problems) {
    std::vector<Node> stack;  // Open sections, outermost first; the bottom collects the result.
    stack.emplace_back();
    for (Node& node : flat) {
        if (node.kind == Node::Kind::Opening) {
            node.kind = Node::Kind::Section;
            stack.push_back(std::move(node));
        } else if (node.kind != Node::Kind::Closing) {
            stack.back().children.push_back(std::move(node));
        } else if (stack.size() == 1 || stack.back().text != node.text) {
            problems.add(node.line, "{{/" + node.text + "}} closes nothing that was opened here");
        } else {
            Node section = std::move(stack.back());
            stack.pop_back();
            stack.back().children.push_back(std::move(section));
        }
    }
    while (stack.size() > 1) {
        problems.add(stack.back().line,
                     "{{#" + stack.back().text + "}} is not closed in the same paragraph or list");
        stack.pop_back();
    }
    return std::move(stack.front().children);
}

bool is_lone_marker(const std::vector<Node>& flat) {
    return flat.size() == 1 &&
           (flat[0].kind == Node::Kind::Opening || flat[0].kind == Node::Kind::Closing);
}

/// A paragraph, heading or item that is one section and nothing else: the section goes around it.
Node hoisted(Node block) {
    if (block.children.size() != 1 || block.children[0].kind != Node::Kind::Section) {
        return block;
    }
    Node section = std::move(block.children[0]);
    block.children = std::move(section.children);
    section.children.clear();
    section.children.push_back(hoisted(std::move(block)));
    return section;
}

/// Goes from cmark's tree to ours, and says what has no place in a notice.
class Builder {
 public:
    explicit Builder(Problems& problems) : problems_(problems) {}

    std::vector<Node> blocks(cmark_node* parent, int depth) {
        std::vector<Node> flat;
        if (depth > kDepthMax) {
            problems_.add(cmark_node_get_start_line(parent), "too deeply nested");
            return flat;
        }
        for (cmark_node* child = cmark_node_first_child(parent); child != nullptr;
             child = cmark_node_next(child)) {
            block(child, depth, flat);
        }
        return nested(std::move(flat), problems_);
    }

 private:
    void block(cmark_node* source, int depth, std::vector<Node>& into) {
        Node node{.line = cmark_node_get_start_line(source)};
        switch (static_cast<int>(cmark_node_get_type(source))) {
            case CMARK_NODE_PARAGRAPH:
            case CMARK_NODE_HEADING:
                leaf(source, std::move(node), into);
                return;
            case CMARK_NODE_LIST:
                node.kind = cmark_node_get_list_type(source) == CMARK_ORDERED_LIST
                                ? Node::Kind::OrderedList
                                : Node::Kind::BulletList;
                node.number = std::max(1, cmark_node_get_list_start(source));
                node.tight = cmark_node_get_list_tight(source) != 0;
                break;
            case CMARK_NODE_ITEM:
                node.kind = Node::Kind::Item;
                break;
            case CMARK_NODE_BLOCK_QUOTE:
                node.kind = Node::Kind::Quotation;
                break;
            case CMARK_NODE_THEMATIC_BREAK:
                node.kind = Node::Kind::Rule;
                into.push_back(std::move(node));
                return;
            default:
                refuse(source);
                return;
        }
        node.children = blocks(source, depth + 1);
        into.push_back(node.kind == Node::Kind::Item ? hoisted(std::move(node)) : std::move(node));
    }

    void leaf(cmark_node* source, Node node, std::vector<Node>& into) {
        line_ = node.line;
        std::vector<Node> flat;
        inlines(source, 0, flat);
        if (cmark_node_get_type(source) == CMARK_NODE_PARAGRAPH && is_lone_marker(flat)) {
            into.push_back(std::move(flat[0]));
            return;
        }
        node.kind = Node::Kind::Paragraph;
        if (cmark_node_get_type(source) == CMARK_NODE_HEADING) {
            node.kind = Node::Kind::Heading;
            node.number = cmark_node_get_heading_level(source);
            if (node.number > 3) {
                problems_.add(line_, "headings have one to three '#'");
            }
        }
        node.children = nested(std::move(flat), problems_);
        into.push_back(hoisted(std::move(node)));
    }

    void inlines(cmark_node* parent, int depth, std::vector<Node>& into) {
        if (depth > kDepthMax) {
            problems_.add(line_, "too deeply nested");
            return;
        }
        for (cmark_node* child = cmark_node_first_child(parent); child != nullptr;
             child = cmark_node_next(child)) {
            span(child, depth, into);
        }
    }

    void span(cmark_node* source, int depth, std::vector<Node>& into) {
        Node node{.line = line_};
        switch (static_cast<int>(cmark_node_get_type(source))) {
            case CMARK_NODE_TEXT:
                tokenize(literal_of(source), line_, problems_, into);
                return;
            case CMARK_NODE_SOFTBREAK:
                node.text = " ";
                into.push_back(std::move(node));
                return;
            case CMARK_NODE_LINEBREAK:
                node.kind = Node::Kind::LineBreak;
                into.push_back(std::move(node));
                return;
            case CMARK_NODE_STRONG:
                node.kind = Node::Kind::Strong;
                break;
            case CMARK_NODE_EMPH:
                node.kind = Node::Kind::Emphasis;
                break;
            case CMARK_NODE_LINK:
                node.kind = Node::Kind::Link;
                node.text = destination_of(source);
                break;
            default:
                refuse(source);
                return;
        }
        std::vector<Node> flat;
        inlines(source, depth + 1, flat);
        node.children = nested(std::move(flat), problems_);
        into.push_back(std::move(node));
    }

    static std::string_view literal_of(cmark_node* source) {
        const char* literal = cmark_node_get_literal(source);
        return literal == nullptr ? std::string_view{} : std::string_view{literal};
    }

    /// A value in a destination could lead anywhere, so it is fixed; and only what a mail program
    /// opens without running it.
    std::string destination_of(cmark_node* source) {
        const char* url = cmark_node_get_url(source);
        std::string destination = url == nullptr ? "" : url;
        const std::string_view view(destination);
        if (view.find("{{") != std::string_view::npos ||
            view.find("%7B%7B") != std::string_view::npos) {
            problems_.add(line_, "a link cannot hold a variable; write it beside the link");
        } else if (!view.starts_with("https://") && !view.starts_with("http://") &&
                   !view.starts_with("mailto:")) {
            problems_.add(line_, "a link begins with https://, http:// or mailto:");
        }
        return destination;
    }

    void refuse(cmark_node* source) {
        const int line = std::max(cmark_node_get_start_line(source), 1);
        const cmark_node_type type = cmark_node_get_type(source);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
            problems_.add(line, "HTML is not allowed in a notice; write Markdown");
        } else if (type == CMARK_NODE_CODE_BLOCK) {
            problems_.add(line, "code has no place in a notice; indent by fewer than four spaces");
        } else {
            problems_.add(line, std::string("'") + cmark_node_get_type_string(source) +
                                    "' has no place in a notice");
        }
    }

    Problems& problems_;
    int line_{1};
};

struct FreeNode {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};

std::vector<Node> line_of(std::string_view text, std::string part, Problems& problems) {
    problems.part = std::move(part);
    if (text.find_first_of("\r\n") != std::string_view::npos) {
        problems.add(1, "is one line");
    }
    std::vector<Node> flat;
    tokenize(text, 1, problems, flat);
    auto line = nested(std::move(flat), problems);
    problems.part.clear();
    return line;
}

std::vector<Node> body_of(std::string_view markdown, Problems& problems) {
    if (markdown.size() > kMarkdownBytesMax) {
        problems.add(1, "longer than 64 KiB");
        return {};
    }
    const std::unique_ptr<cmark_node, FreeNode> root(
        cmark_parse_document(markdown.data(), markdown.size(), CMARK_OPT_VALIDATE_UTF8));
    if (root == nullptr) {
        problems.add(1, "cannot be read as Markdown");
        return {};
    }
    // cmark splits text at every character that might have been markup, '_' in a name too.
    cmark_consolidate_text_nodes(root.get());
    return Builder(problems).blocks(root.get(), 0);
}

bool names_cases(const std::vector<Node>& nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [](const Node& node) {
        return (node.kind == Node::Kind::Section && node.text == "cases" && !node.inverted) ||
               names_cases(node.children);
    });
}

std::pair<NoticeTemplate, Problems> compiled(const workflows::Notice::Twin& twin) {
    Problems problems;
    NoticeTemplate result;
    result.subject = line_of(twin.subject, "subject", problems);
    result.preheader = line_of(twin.preheader, "preheader", problems);
    result.body = body_of(twin.markdown, problems);
    result.is_list = names_cases(result.body);
    if (twin.subject.empty()) {
        problems.found.emplace_back("subject: is empty");
    }
    // Whoever listens to a mail finds their way by its headings.
    const auto is_title = [](const Node& node) {
        return node.kind == Node::Kind::Heading && node.number == 1;
    };
    if (result.body.empty() || !is_title(result.body.front())) {
        problems.add(1, "begin with a heading: '# …'");
    } else if (std::count_if(result.body.begin(), result.body.end(), is_title) > 1) {
        problems.add(1, "only the first heading has a single '#'");
    }
    return {std::move(result), std::move(problems)};
}

}  // namespace

Result<NoticeTemplate> compile(const workflows::Notice::Twin& twin) {
    auto [result, problems] = compiled(twin);
    if (!problems.found.empty()) {
        return Error{ErrorKind::InvalidInput, problems.found.front()};
    }
    return std::move(result);
}

std::vector<std::string> problems_in(const workflows::Notice::Twin& twin) {
    return compiled(twin).second.found;
}

}  // namespace fristvakt::integrations::texts
