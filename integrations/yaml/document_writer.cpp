#include <algorithm>

#include "integrations/yaml/document.hpp"

namespace fristvakt::integrations {
namespace {

constexpr std::size_t kFlowMax = 92;

/// What needs no quotation marks, anywhere: a word or words that no reader takes for markup.
bool is_plain(std::string_view text) {
    static constexpr std::string_view kOther{" _./@+-"};
    const auto is_word = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9');
    };
    static constexpr std::string_view kNulls[] = {"null", "Null", "NULL"};
    return !text.empty() && is_word(text.front()) && text.back() != ' ' &&
           std::ranges::find(kNulls, text) == std::end(kNulls) &&
           std::ranges::all_of(text, [&](char c) {
               return is_word(c) || kOther.find(c) != std::string_view::npos;
           });
}

std::string in_quotes(std::string_view text) {
    std::string out{'"'};
    for (const char c : text) {
        switch (c) {
            case '"':
            case '\\':
                out += '\\';
                out += c;
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += c;
        }
    }
    return out + '"';
}

std::string scalar(const YamlNode& node) {
    return node.quoted || !is_plain(node.text) ? in_quotes(node.text) : node.text;
}

bool is_leaf(const YamlNode& node) {
    return node.kind == YamlNode::Kind::Scalar || node.kind == YamlNode::Kind::Null;
}

/// `{nb: Plan, nn: Plan}`, and what is empty; "" when it does not fit on a line.
std::string in_brackets(const YamlNode& node) {
    std::string out;
    if (node.kind == YamlNode::Kind::Sequence) {
        return node.items.empty() ? "[]" : "";
    }
    for (const YamlEntry& entry : node.entries) {
        if (entry.value.kind != YamlNode::Kind::Scalar) {
            return "";
        }
        out += (out.empty() ? "" : ", ") +
               (is_plain(entry.key) ? entry.key : in_quotes(entry.key)) + ": " +
               scalar(entry.value);
    }
    return out.size() > kFlowMax ? "" : "{" + out + "}";
}

class Writer {
 public:
    [[nodiscard]] std::string take() { return std::move(out_); }

    /// The entries of a map or the items of a list, each on lines of its own.
    void write_block(const YamlNode& node, std::size_t indent) {
        for (const YamlEntry& entry : node.entries) {
            start_line(indent);
            out_ += (is_plain(entry.key) ? entry.key : in_quotes(entry.key)) + ":";
            write_value(entry.value, indent + 2);
        }
        for (const YamlNode& item : node.items) {
            start_line(indent);
            out_ += '-';
            write_item(item, indent + 2);
        }
    }

 private:
    void start_line(std::size_t indent) {
        if (!at_item_) {
            out_.append(indent, ' ');
        }
        at_item_ = false;
    }
    void write_value(const YamlNode& node, std::size_t indent) {
        if (is_leaf(node)) {
            out_ += node.kind == YamlNode::Kind::Null ? "\n" : " " + scalar(node) + "\n";
        } else if (const std::string flow = in_brackets(node); !flow.empty()) {
            out_ += " " + flow + "\n";
        } else {
            out_ += '\n';
            write_block(node, indent);
        }
    }
    /// A map begins on the line of its hyphen.
    void write_item(const YamlNode& node, std::size_t indent) {
        if (is_leaf(node) || (node.entries.empty() && node.items.empty())) {
            write_value(node, indent);
            return;
        }
        out_ += ' ';
        at_item_ = true;
        write_block(node, indent);
    }

    std::string out_;
    bool at_item_{false};  ///< Behind a hyphen: the line has begun.
};

}  // namespace

std::string write_yaml(const YamlNode& root) {
    if (is_leaf(root)) {
        return root.kind == YamlNode::Kind::Null ? "" : scalar(root) + "\n";
    }
    if (root.entries.empty() && root.items.empty()) {
        return in_brackets(root) + "\n";
    }
    Writer writer;
    writer.write_block(root, 0);
    return writer.take();
}

}  // namespace fristvakt::integrations
