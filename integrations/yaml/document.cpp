#include "integrations/yaml/document.hpp"

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace fristvakt::integrations {
namespace {

using workflows::Diagnostic;
using workflows::Severity;

constexpr std::size_t kDepthMax = 16;
constexpr std::size_t kFindingsMax = 50;
/// Stands as a comment behind the text: a quote that is never closed swallows it, which the parser
/// itself takes for a value.
constexpr std::string_view kEndMark = "# end of the file, written by the reader";

/// YAML 1.2 lets a plain word in brackets hold a question mark (`{rank: integer?}`); the parser
/// ends the word there. This stands in for it while it parses: the text itself has no such byte.
constexpr char kQuestionMark = '\x01';

std::string with_hidden_question_marks(std::string_view text) {
    std::string hidden(text);
    for (std::size_t i = 1; i < hidden.size(); ++i) {
        constexpr std::string_view kBeforeWord = " \t\r\n,[{";
        if (hidden[i] == '?' && kBeforeWord.find(hidden[i - 1]) == std::string_view::npos) {
            hidden[i] = kQuestionMark;
        }
    }
    return hidden;
}

/// Length of the well-formed UTF-8 sequence at the front (RFC 3629), 0 when there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    std::size_t length = 0;
    unsigned char lowest = 0x80;   // of the second byte: no overlong forms,
    unsigned char highest = 0xBF;  // no surrogates, nothing above U+10FFFF
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        lowest = first == 0xE0 ? 0xA0 : 0x80;
        highest = first == 0xED ? 0x9F : 0xBF;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        lowest = first == 0xF0 ? 0x90 : 0x80;
        highest = first == 0xF4 ? 0x8F : 0xBF;
    }
    if (length == 0 || text.size() < length || byte(1) < lowest || byte(1) > highest) {
        return 0;
    }
    for (std::size_t i = 2; i < length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF) {
            return 0;
        }
    }
    return length;
}

/// Collects the parser's events into a tree. Once something is refused the rest of that part is
/// still walked, so that all findings of a file come together.
class TreeBuilder final : public YAML::EventHandler {
 public:
    TreeBuilder(std::string_view text, std::string file, std::vector<Diagnostic>& findings)
        : end_(end_of(text)), file_(std::move(file)), findings_(findings) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) {
            report(mark, "a second document begins", "keep one document in a file; remove the ---");
        }
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        put(node_at(YamlNode::Kind::Null, mark));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        report(mark, "an alias (*name) stands here", "write the value out; aliases are not read");
        put(node_at(YamlNode::Kind::Null, mark));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        YamlNode node = node_at(YamlNode::Kind::Scalar, mark);
        node.text = value;
        std::ranges::replace(node.text, kQuestionMark, '?');
        node.quoted = tag == "!";
        if (node.quoted && value.find(kEndMark) != std::string::npos) {
            report(mark, "this quotation mark is never closed", "close it on the same line");
        }
        put(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        begin({YamlNode::Kind::Sequence, style == YAML::EmitterStyle::Flow}, mark, tag, anchor);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        begin({YamlNode::Kind::Map, style == YAML::EmitterStyle::Flow}, mark, tag, anchor);
    }
    void OnMapEnd() override { end(); }

    /// What the parser itself threw. A bracket that is never closed is told where it opens.
    void report(const YAML::Exception& exception) {
        if (has_refused_) {
            return;  // a consequence of what has been said already
        }
        if (exception.msg.starts_with("end of ")) {
            for (auto frame = stack_.rbegin(); frame != stack_.rend(); ++frame) {
                if (frame->in_brackets) {
                    YAML::Mark mark;
                    mark.line = frame->node.line - 1;
                    mark.column = frame->node.column - 1;
                    report(mark, "this bracket is never closed", "close it");
                    return;
                }
            }
        }
        if (exception.msg.find("referenced anchor") != std::string::npos) {
            OnAlias(exception.mark, YAML::NullAnchor);
            return;
        }
        if (exception.msg == "illegal flow end") {
            report(exception.mark, "this bracket closes none that is open here",
                   "close each [ with ] and each { with }");
            return;
        }
        report(exception.mark, "not readable as YAML: " + exception.msg,
               "check indentation, brackets, quotes and the space after each colon");
    }

    [[nodiscard]] bool has_refused() const { return has_refused_; }
    [[nodiscard]] bool is_empty() const { return documents_ == 0; }
    [[nodiscard]] YamlNode take_root() { return std::move(root_); }

    void report(const YAML::Mark& mark, std::string message, std::string hint) {
        has_refused_ = true;
        if (++reported_ <= kFindingsMax) {
            const Place place = place_of(mark);
            findings_.push_back(
                {.severity = Severity::Error,
                 .where = {.file = file_, .line = place.line, .column = place.column},
                 .message = std::move(message),
                 .hint = std::move(hint)});
        }
    }

 private:
    struct Frame {
        YamlNode node;
        std::unordered_set<std::string> keys;
        YamlEntry pending;
        bool has_key{false};
        bool in_brackets{false};
    };

    struct Place {
        int line{1};
        int column{1};
    };
    /// Behind the last character of the last line that says something.
    static Place end_of(std::string_view text) {
        text = text.substr(0, text.find_last_not_of("\r\n") + 1);
        const auto newline = text.rfind('\n');
        const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
        return {static_cast<int>(std::ranges::count(text, '\n')) + 1,
                static_cast<int>(text.size() - begin) + 1};
    }
    /// What the parser misses at the end it finds missing behind our mark, where no reader can go.
    [[nodiscard]] Place place_of(const YAML::Mark& mark) const {
        if (mark.line < 0 || mark.column < 0) {
            return {};
        }
        return mark.line < end_.line ? Place{mark.line + 1, mark.column + 1} : end_;
    }

    [[nodiscard]] YamlNode node_at(YamlNode::Kind kind, const YAML::Mark& mark) const {
        const Place place = place_of(mark);
        YamlNode node;
        node.kind = kind;
        node.line = place.line;
        node.column = place.column;
        return node;
    }

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) {
            report(mark, "an anchor (&name) stands here",
                   "remove it and write the value out where it is needed; anchors are not read");
        }
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") {
            report(mark, "a tag (!…) stands here", "remove it; the key alone says what is meant");
        }
    }

    struct Begin {
        YamlNode::Kind kind;
        bool in_brackets;
    };
    void begin(Begin what, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (stack_.size() + too_deep_ == kDepthMax) {
            report(mark, fmt::format("more than {} levels of nesting", kDepthMax),
                   "no part of a configuration goes that deep; check the brackets and indentation");
        }
        if (stack_.size() + too_deep_ >= kDepthMax) {
            ++too_deep_;
            return;
        }
        Frame& frame = stack_.emplace_back();
        frame.node = node_at(what.kind, mark);
        frame.in_brackets = what.in_brackets;
    }

    void end() {
        if (too_deep_ > 0) {
            --too_deep_;
            return;
        }
        YamlNode node = std::move(stack_.back().node);
        stack_.pop_back();
        put(std::move(node));
    }

    void put(YamlNode&& node) {
        if (too_deep_ > 0) {
            return;
        }
        if (stack_.empty()) {
            if (documents_ == 1) {
                root_ = std::move(node);
            }
            return;
        }
        Frame& frame = stack_.back();
        if (frame.node.kind == YamlNode::Kind::Sequence) {
            frame.node.items.push_back(std::move(node));
        } else if (frame.has_key) {
            frame.pending.value = std::move(node);
            frame.node.entries.push_back(std::move(frame.pending));
            frame.pending = {};
            frame.has_key = false;
        } else {
            put_key(frame, node);
        }
    }

    void put_key(Frame& frame, const YamlNode& node) {
        frame.has_key = true;
        frame.pending.key = node.text;
        frame.pending.line = node.line;
        frame.pending.column = node.column;
        YAML::Mark mark;
        mark.line = node.line - 1;
        mark.column = node.column - 1;
        if (node.kind != YamlNode::Kind::Scalar) {
            report(mark, "a key is no plain word",
                   "write `key: value`; quote text that has { or [");
        } else if (!frame.keys.insert(node.text).second) {
            report(mark, fmt::format("the key `{}` stands twice", node.text),
                   "keep one of them; both would never count");
        }
    }

    Place end_;
    std::string file_;
    std::vector<Diagnostic>& findings_;
    std::vector<Frame> stack_;
    YamlNode root_;
    std::size_t too_deep_{0};
    std::size_t reported_{0};
    int documents_{0};
    bool has_refused_{false};
};

/// YAML forbids tabs as indentation; the parser's own words for it mislead.
bool has_tab_indentation(std::string_view text, TreeBuilder& builder) {
    int line = 0;
    for (std::size_t start = 0; start < text.size(); ++line) {
        std::size_t i = start;
        while (i < text.size() && text[i] == ' ') {
            ++i;
        }
        if (i < text.size() && text[i] == '\t') {
            YAML::Mark mark;
            mark.line = line;
            mark.column = static_cast<int>(i - start);
            builder.report(mark, "a tab stands in the indentation", "indent with spaces");
            return true;
        }
        const auto newline = text.find('\n', start);
        start = newline == std::string_view::npos ? text.size() : newline + 1;
    }
    return false;
}

}  // namespace

std::optional<std::string_view> checked_text(std::string_view bytes, const std::string& file,
                                             std::vector<Diagnostic>& findings) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.remove_prefix(3);
    }
    int line = 1;
    std::size_t line_start = 0;
    const auto refuse = [&](std::size_t i, const char* message, const char* hint) {
        findings.push_back(
            {.severity = Severity::Error,
             .where = {.file = file, .line = line, .column = static_cast<int>(i - line_start) + 1},
             .message = message,
             .hint = hint});
        return std::nullopt;
    };
    for (std::size_t i = 0; i < bytes.size();) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        const std::size_t length = utf8_length(bytes.substr(i));
        if (length == 0) {
            return refuse(i, "this is not UTF-8", "save the file as UTF-8");
        }
        if (byte == '\n') {
            ++line;
            line_start = i + 1;
        } else if (byte == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) {
            return refuse(i, "a carriage return without a line feed",
                          "save the file with line ends LF or CRLF");
        } else if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F) {
            return refuse(i, "a control character stands here", "remove it");
        }
        i += length;
    }
    return bytes;
}

std::optional<YamlNode> parse_yaml(std::string_view bytes, const std::string& file,
                                   std::vector<Diagnostic>& findings) {
    const auto text = checked_text(bytes, file, findings);
    if (!text) {
        return std::nullopt;
    }
    TreeBuilder builder(*text, file, findings);
    if (has_tab_indentation(*text, builder)) {
        return std::nullopt;
    }
    try {
        std::istringstream stream{
            fmt::format("{}\n{}\n", with_hidden_question_marks(*text), kEndMark)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder) && !builder.has_refused()) {
        }
    } catch (const YAML::Exception& exception) {
        builder.report(exception);
    } catch (const std::exception& exception) {
        builder.report(YAML::Mark(), std::string("not readable as YAML: ") + exception.what(),
                       "check the file from its beginning");
    }
    if (builder.has_refused()) {
        return std::nullopt;
    }
    if (builder.is_empty()) {
        builder.report(YAML::Mark(), "the file is empty", "fill it in, or remove it");
        return std::nullopt;
    }
    return builder.take_root();
}

}  // namespace fristvakt::integrations
