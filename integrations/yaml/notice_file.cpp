#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::NoticeKind;

constexpr std::array<std::string_view, 4> kKeys{"kind", "subject", "preheader", "when_uncertain"};
constexpr std::size_t kValueMax = 300;

/// Lines with their number and where they begin.
class Lines {
 public:
    explicit Lines(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return is_at_end_; }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    /// The next line without its end.
    std::string_view next() {
        const auto newline = rest_.find('\n');
        std::string_view line = rest_.substr(0, newline);
        is_at_end_ = newline == std::string_view::npos;
        rest_.remove_prefix(is_at_end_ ? rest_.size() : newline + 1);
        ++number_;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        return line;
    }

 private:
    std::string_view rest_;
    int number_{0};
    bool is_at_end_{false};
};

/// One `key: value` line of the front matter; the value as it stands, one pair of double quotes
/// around it taken off.
struct Value {
    std::string text;
    SourcePosition where;
};

void take(Findings& findings, std::string_view key, const Value& value, NoticeFile& notice) {
    if (key == "subject") {
        notice.twin.subject = value.text;
        notice.twin.subject_where = value.where;
    } else if (key == "preheader") {
        notice.twin.preheader = value.text;
        notice.twin.preheader_where = value.where;
    } else if (key == "kind") {
        static constexpr std::array kKinds{NoticeKind::Reminder, NoticeKind::Answer,
                                           NoticeKind::Change, NoticeKind::Invitation};
        static constexpr std::array<std::string_view, 4> kWords{"reminder", "answer", "change",
                                                                "invitation"};
        const auto word = std::ranges::find(kWords, value.text);
        notice.kind_where = value.where;
        if (word == kWords.end()) {
            findings.error(value.where, fmt::format("`{}` is no kind of notice", value.text),
                           suggestion(value.text, kWords));
        } else {
            notice.kind = kKinds.at(static_cast<std::size_t>(word - kWords.begin()));
        }
    } else {
        static constexpr std::array<std::string_view, 2> kWords{"resend", "hold"};
        notice.uncertain_where = value.where;
        notice.resend_when_uncertain = value.text == "resend";
        if (std::ranges::find(kWords, value.text) == kWords.end()) {
            findings.error(value.where, fmt::format("`{}` cannot stand here", value.text),
                           suggestion(value.text, kWords));
        }
    }
}

void read_front_matter_line(Findings& findings, int number, std::string_view line,
                            std::vector<std::string_view>& seen, NoticeFile& notice) {
    const auto colon = line.find(':');
    const std::string_view key = trimmed(line.substr(0, colon));
    const auto where = findings.at(number, 1);
    if (colon == std::string_view::npos) {
        findings.error(where, "this line is no `key: value`", "write such as `subject: …`");
        return;
    }
    const auto known = std::ranges::find(kKeys, key);
    if (known == kKeys.end()) {
        findings.error(where, fmt::format("unknown key `{}`", key), suggestion(key, kKeys));
        seen.push_back(workflows::nearest_word(key, kKeys));  // it is not missing, only misspelt
        return;
    }
    if (std::ranges::find(seen, key) != seen.end()) {
        findings.error(where, fmt::format("the key `{}` stands twice", key), "keep one of them");
        return;
    }
    seen.push_back(*known);
    std::string_view text = trimmed(line.substr(colon + 1));
    const auto start =
        text.empty() ? line.size() : static_cast<std::size_t>(text.data() - line.data());
    Value value{.text = {}, .where = findings.at(number, static_cast<int>(start) + 1)};
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
        ++value.where.column;
    }
    if (text.empty() || text.size() > kValueMax) {
        findings.error(value.where, fmt::format("`{}` is empty or too long", key),
                       fmt::format("write up to {} characters", kValueMax));
        return;
    }
    value.text = std::string(text);
    take(findings, key, value, notice);
}

}  // namespace

std::optional<NoticeFile> read_notice(std::string_view text, Findings& findings) {
    NoticeFile notice;
    Lines lines(text);
    if (trimmed(lines.next()) != "---") {
        findings.error(findings.at(1, 1), "the front matter is missing",
                       "begin with a line `---`, then kind, subject and preheader, then `---`");
        return std::nullopt;
    }
    std::vector<std::string_view> seen;
    bool is_closed = false;
    while (!lines.at_end() && !is_closed) {
        const std::string_view line = lines.next();
        is_closed = trimmed(line) == "---";
        if (!is_closed && !trimmed(line).empty()) {
            read_front_matter_line(findings, lines.number(), line, seen, notice);
        }
    }
    if (!is_closed) {
        findings.error(findings.at(1, 1), "the front matter is never closed",
                       "end it with a line `---`");
        return std::nullopt;
    }
    for (const std::string_view required : {kKeys[0], kKeys[1], kKeys[2]}) {
        if (std::ranges::find(seen, required) == seen.end()) {
            findings.error(findings.at(1, 1), fmt::format("`{}` is missing", required),
                           fmt::format("add `{}: …` to the front matter", required));
        }
    }
    notice.twin.where = findings.at(lines.number() + 1, 1);
    notice.twin.markdown = std::string(lines.rest());
    std::erase(notice.twin.markdown, '\r');
    if (trimmed(notice.twin.markdown).empty()) {
        findings.error(notice.twin.where, "the notice says nothing",
                       "write its text below the front matter");
    }
    return findings.errors() == 0 ? std::optional(std::move(notice)) : std::nullopt;
}

}  // namespace fristvakt::integrations
