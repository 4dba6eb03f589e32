#include "integrations/yaml/reader.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "workflows/definition/mail_address.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Severity;
namespace cal = workflows::cal;

constexpr std::size_t kLineMax = 500;
constexpr std::size_t kTextMax = 10'000;
constexpr std::size_t kIdMax = 80;

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Reports anything but a scalar.
bool is_scalar(Findings& findings, const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Scalar) {
        return true;
    }
    const bool is_null = node.kind == YamlNode::Kind::Null;
    findings.error(
        node, is_null ? "nothing stands here" : "one value is wanted here",
        is_null ? "give a value, or leave the line out" : "write one value, no list and no map");
    return false;
}

bool has_control(std::string_view text, bool may_have_lines) {
    return std::ranges::any_of(text, [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && !(may_have_lines && byte == '\n')) || byte == 0x7F;
    });
}

std::optional<std::string> read_lines(Findings& findings, const YamlNode& node) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    if (trimmed(node.text).empty() || node.text.size() > kTextMax || has_control(node.text, true)) {
        findings.error(node, "this text is empty, too long or holds control characters",
                       fmt::format("write up to {} characters of plain text", kTextMax));
        return std::nullopt;
    }
    return node.text;
}

constexpr std::string_view kTextKeys[] = {"nb", "nn"};
constexpr KeyTable kTextTable{.name = "text", .keys = kTextKeys, .required = kTextKeys};

}  // namespace

void Findings::error(const SourcePosition& where, std::string message, std::string hint) {
    ++errors_;
    out_.push_back({.severity = Severity::Error,
                    .where = where,
                    .message = std::move(message),
                    .hint = std::move(hint)});
}

void Findings::warn(const SourcePosition& where, std::string message, std::string hint) {
    out_.push_back({.severity = Severity::Warning,
                    .where = where,
                    .message = std::move(message),
                    .hint = std::move(hint)});
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_id(std::string_view text, std::string_view more) {
    const auto is_alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= kIdMax && is_alphanumeric(text.front()) &&
           std::ranges::all_of(text, [&](char c) {
               return is_alphanumeric(c) || c == '-' || more.find(c) != std::string_view::npos;
           });
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
    if (const std::string_view nearest = workflows::nearest_word(word, known); !nearest.empty()) {
        return fmt::format("write `{}`", nearest);
    }
    if (known.empty()) {
        return "there is none to choose from";
    }
    const std::size_t shown = std::min<std::size_t>(known.size(), 12);
    return fmt::format("write one of {}{}", fmt::join(known.first(shown), ", "),
                       shown < known.size() ? ", …" : "");
}

Mapping::Mapping(Findings& findings, const YamlNode& node, const KeyTable& table)
    : findings_(findings), node_(node), is_map_(node.kind == YamlNode::Kind::Map) {
    if (!is_map_) {
        findings.error(node, fmt::format("keys and values are wanted here ({})", table.name),
                       fmt::format("write a map with {}", fmt::join(table.keys, ", ")));
        return;
    }
    for (const auto& entry : node.entries) {
        const auto where = findings.at(entry.line, entry.column);
        if (contains(table.later, entry.key)) {
            findings.warn(where, fmt::format("`{}` is known but not acted on yet", entry.key),
                          "it may stay; nothing comes of it in this version");
        } else if (!contains(table.keys, entry.key)) {
            std::vector<std::string_view> known(table.keys.begin(), table.keys.end());
            known.insert(known.end(), table.later.begin(), table.later.end());
            findings.error(where, fmt::format("unknown key `{}`", entry.key),
                           suggestion(entry.key, known));
        } else if (entry.value.kind == YamlNode::Kind::Null) {
            findings.error(where, fmt::format("`{}` has no value", entry.key),
                           "give it one, or leave the line out");
        }
    }
    for (const std::string_view key : table.required) {
        if (std::ranges::find(node.entries, key, &YamlEntry::key) != node.entries.end()) {
            continue;
        }
        // A misspelt key has been reported with this one as its suggestion: once is enough.
        const bool is_misspelt = std::ranges::any_of(node.entries, [&](const YamlEntry& entry) {
            return !contains(table.keys, entry.key) && !contains(table.later, entry.key) &&
                   workflows::nearest_word(entry.key, table.keys) == key;
        });
        if (!is_misspelt) {
            findings.error(node, fmt::format("`{}` is missing", key),
                           fmt::format("add `{}:`", key));
        }
    }
}

const YamlNode* Mapping::find(std::string_view key) const {
    const auto found = std::ranges::find(node_.entries, key, &YamlEntry::key);
    const bool is_there = found != node_.entries.end() && found->value.kind != YamlNode::Kind::Null;
    return is_there ? &found->value : nullptr;
}

void Mapping::add_places(Places& places, const std::string& prefix) const {
    for (const auto& entry : node_.entries) {
        places.emplace(prefix + entry.key, findings_.at(entry.value));
        if (entry.value.kind == YamlNode::Kind::Sequence) {
            for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
                places.emplace(fmt::format("{}{}.{}", prefix, entry.key, i),
                               findings_.at(entry.value.items[i]));
            }
        }
    }
}

std::optional<std::string> read_line(Findings& findings, const YamlNode& node) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    const std::string_view text = trimmed(node.text);
    if (text.empty() || text.size() > kLineMax || has_control(text, false)) {
        findings.error(node, "this is empty, too long or more than one line",
                       fmt::format("write one line of up to {} characters", kLineMax));
        return std::nullopt;
    }
    return std::string(text);
}

std::optional<std::string> read_id(Findings& findings, const YamlNode& node,
                                   std::string_view more) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    if (!is_id(node.text, more)) {
        findings.error(node, fmt::format("`{}` cannot be an id", node.text.substr(0, kIdMax)),
                       fmt::format("write a-z, 0-9 and hyphens{}{}, beginning with a letter or a "
                                   "digit, at most {} characters",
                                   more.empty() ? "" : " and ", more, kIdMax));
        return std::nullopt;
    }
    return node.text;
}

std::optional<workflows::Seconds> read_time_of_day(Findings& findings, const YamlNode& node) {
    const auto time = node.kind == YamlNode::Kind::Scalar
                          ? workflows::parse_time_of_day(trimmed(node.text))
                          : std::nullopt;
    if (!time) {
        findings.error(node, fmt::format("`{}` is no time of day", node.text),
                       "write such as \"07:30\"");
    }
    return time;
}

std::optional<workflows::Text> read_text(Findings& findings, const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Scalar) {
        findings.error(node, "this text stands in one målform only",
                       "write {nb: …, nn: …}: every text stands in both");
        return std::nullopt;
    }
    const Mapping map(findings, node, kTextTable);
    const YamlNode* nb = map.find("nb");
    const YamlNode* nn = map.find("nn");
    if (nb == nullptr || nn == nullptr) {
        return std::nullopt;
    }
    auto nb_text = read_lines(findings, *nb);
    auto nn_text = read_lines(findings, *nn);
    if (!nb_text || !nn_text) {
        return std::nullopt;
    }
    return workflows::Text{.nb = std::move(*nb_text), .nn = std::move(*nn_text)};
}

std::optional<int> read_integer(Findings& findings, const YamlNode& node, int min, int max) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    int value = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [parsed, problem] = std::from_chars(node.text.data(), end, value);
    const bool has_leading_zero = node.text.size() > 1 && node.text.front() == '0';
    if (problem != std::errc() || parsed != end || has_leading_zero || value < min || value > max) {
        findings.error(node, fmt::format("`{}` is no whole number that fits here", node.text),
                       fmt::format("write a number from {} to {}", min, max));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> read_bool(Findings& findings, const YamlNode& node) {
    static constexpr Choice<bool> kChoices[] = {{"true", true}, {"false", false}};
    return read_choice(findings, node, kChoices);
}

std::optional<workflows::Date> read_date(Findings& findings, const YamlNode& node) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    auto date = workflows::read_iso_date(node.text);
    if (!date.ok()) {
        findings.error(node, date.error().message, "write a day that exists, as YYYY-MM-DD");
        return std::nullopt;
    }
    return date.value();
}

std::optional<cal::month_day> read_month_day(Findings& findings, const YamlNode& node) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    const std::string& text = node.text;
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || text[2] != '-' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
        findings.error(node, fmt::format("`{}` is no day of the year", text), "write MM-DD");
        return std::nullopt;
    }
    const auto number = [&](std::size_t i) {
        return static_cast<unsigned>((text[i] - '0') * 10 + (text[i + 1] - '0'));
    };
    const cal::month_day day{cal::month{number(0)}, cal::day{number(3)}};
    if (!day.ok() || day == cal::February / 29) {
        findings.error(node, fmt::format("{} is no day of every year", text),
                       "write a day that exists each year, as MM-DD");
        return std::nullopt;
    }
    return day;
}

std::optional<std::string> read_url(Findings& findings, const YamlNode& node,
                                    std::span<const std::string_view> schemes) {
    auto text = read_line(findings, node);
    if (!text) {
        return std::nullopt;
    }
    const bool has_scheme = std::ranges::any_of(schemes, [&](std::string_view scheme) {
        return text->starts_with(scheme) && text->size() > scheme.size() &&
               (*text)[scheme.size()] != ':' && (*text)[scheme.size()] != '/';
    });
    if (text->find('@') != std::string::npos) {
        findings.error(node, "this address holds a user or a password",
                       "leave them out; `user` and `password` are keys of their own");
        return std::nullopt;
    }
    if (!has_scheme || text->find(' ') != std::string::npos) {
        findings.error(node, fmt::format("`{}` is no address that fits here", *text),
                       fmt::format("write {}HOST:PORT", schemes.front()));
        return std::nullopt;
    }
    return text;
}

std::optional<std::string> read_address(Findings& findings, const YamlNode& node) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    if (!workflows::is_mail_address(node.text)) {
        findings.error(node, "this is no e-mail address",
                       "write one plain address, such as post@kommune.example");
        return std::nullopt;
    }
    return node.text;
}

std::optional<workflows::DeadlineExpression> read_expression(Findings& findings,
                                                             const YamlNode& node) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    auto expression = workflows::parse_deadline(node.text);
    if (!expression.ok()) {
        // "column 7: …" counts within the expression; the finding stands at the place in the file.
        SourcePosition where = findings.at(node);
        std::string message = expression.error().message;
        constexpr std::string_view kColumn = "column ";
        int column = 0;
        if (message.starts_with(kColumn)) {
            const auto colon = message.find(": ");
            std::from_chars(message.data() + kColumn.size(), message.data() + message.size(),
                            column);
            message = colon == std::string::npos ? message : message.substr(colon + 2);
            where.column += std::max(0, column - 1) + (node.quoted ? 1 : 0);
        }
        findings.error(where, std::move(message),
                       "write a day that exists, or such as `due - 3 working days`");
        return std::nullopt;
    }
    return std::move(expression).value();
}

std::optional<workflows::SecretReference> read_secret(Findings& findings, const YamlNode& node) {
    using Kind = workflows::SecretReference::Kind;
    static constexpr std::pair<std::string_view, Kind> kKinds[] = {
        {"credential", Kind::Credential}, {"file", Kind::File}, {"env", Kind::Environment}};
    constexpr const char* kHint =
        "write {credential: NAME} (systemd), {file: PATH} or {env: NAME}; the secret itself stands "
        "elsewhere";
    if (node.kind != YamlNode::Kind::Map) {
        findings.error(node, "a secret stands here in clear text", kHint);
        return std::nullopt;
    }
    if (node.entries.size() == 1) {
        const auto& entry = node.entries.front();
        for (const auto& [word, kind] : kKinds) {
            if (entry.key != word || entry.value.kind != YamlNode::Kind::Scalar) {
                continue;
            }
            const std::string_view name = trimmed(entry.value.text);
            const bool is_path = kind == Kind::File;
            if (name.empty() || name.size() > kLineMax || has_control(name, false) ||
                (is_path && name.front() != '/') ||
                (!is_path && name.find('/') != std::string_view::npos)) {
                break;
            }
            return workflows::SecretReference{.kind = kind, .name = std::string(name)};
        }
    }
    findings.error(node, "this is no reference to a secret", kHint);
    return std::nullopt;
}

std::vector<const YamlNode*> read_items(Findings& findings, const YamlNode& node) {
    std::vector<const YamlNode*> items;
    if (node.kind != YamlNode::Kind::Sequence) {
        findings.error(node, "a list is wanted here",
                       "write [one, two] or a line `- one` for each");
        return items;
    }
    items.reserve(node.items.size());
    for (const auto& item : node.items) {
        items.push_back(&item);
    }
    return items;
}

std::vector<const YamlNode*> read_one_or_more(Findings& findings, const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Scalar) {
        return {&node};
    }
    return read_items(findings, node);
}

std::optional<std::size_t> read_word(Findings& findings, const YamlNode& node,
                                     std::span<const std::string_view> words) {
    if (!is_scalar(findings, node)) {
        return std::nullopt;
    }
    const auto found = std::ranges::find(words, std::string_view(node.text));
    if (found == words.end()) {
        findings.error(node, fmt::format("`{}` cannot stand here", node.text.substr(0, kIdMax)),
                       suggestion(node.text, words));
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - words.begin());
}

}  // namespace fristvakt::integrations
