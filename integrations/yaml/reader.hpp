#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integrations/yaml/document.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/definition/diagnostic.hpp"

/// Typed reading of a YamlNode: each function either returns a value or reports one finding at the
/// exact place and returns nothing. No values of the configuration are echoed where they may be
/// secret.
namespace fristvakt::integrations {

using workflows::Diagnostic;
using workflows::Places;
using workflows::SourcePosition;

/// The keys that one kind of map has. `later`: known to the format, not acted on yet; reported as a
/// warning and not read.
struct KeyTable {
    std::string_view name;  ///< As in the JSON Schemas: "requirement", "ladder.step".
    std::span<const std::string_view> keys;
    std::span<const std::string_view> required;
    std::span<const std::string_view> later{};
};

/// Findings of one file.
class Findings {
 public:
    Findings(std::string file, std::vector<Diagnostic>& out) : file_(std::move(file)), out_(out) {}

    [[nodiscard]] SourcePosition at(int line, int column) const { return {file_, line, column}; }
    [[nodiscard]] SourcePosition at(const YamlNode& node) const {
        return at(node.line, node.column);
    }
    void error(const SourcePosition& where, std::string message, std::string hint);
    void error(const YamlNode& node, std::string message, std::string hint) {
        error(at(node), std::move(message), std::move(hint));
    }
    void warn(const SourcePosition& where, std::string message, std::string hint);
    /// How many errors have been reported; a thing read while it rose is damaged.
    [[nodiscard]] int errors() const { return errors_; }
    [[nodiscard]] const std::string& file() const { return file_; }

 private:
    std::string file_;
    std::vector<Diagnostic>& out_;
    int errors_{0};
};

/// A map checked against its table: unknown and empty keys are reported with the nearest known one,
/// missing required ones at the map.
class Mapping {
 public:
    Mapping(Findings& findings, const YamlNode& node, const KeyTable& table);

    /// The value, or nullptr when the key is not there or has been reported.
    [[nodiscard]] const YamlNode* find(std::string_view key) const;
    [[nodiscard]] bool is_map() const { return is_map_; }
    /// Of all values, under `prefix` + key.
    void add_places(Places& places, const std::string& prefix = {}) const;

 private:
    Findings& findings_;
    const YamlNode& node_;
    bool is_map_{false};
};

template <typename Value>
using Choice = std::pair<std::string_view, Value>;

/// One line of text, trimmed, not empty, no control characters.
[[nodiscard]] std::optional<std::string> read_line(Findings& findings, const YamlNode& node);
/// Lower case letters, digits and hyphens (and + and _ where `more` says so): part of names of
/// cases.
[[nodiscard]] std::optional<std::string> read_id(Findings& findings, const YamlNode& node,
                                                 std::string_view more = {});
/// {nb: …, nn: …}; both.
[[nodiscard]] std::optional<workflows::Text> read_text(Findings& findings, const YamlNode& node);
/// A decimal number without leading zeros, in [min, max].
[[nodiscard]] std::optional<int> read_integer(Findings& findings, const YamlNode& node, int min,
                                              int max);
[[nodiscard]] std::optional<bool> read_bool(Findings& findings, const YamlNode& node);
[[nodiscard]] std::optional<workflows::Date> read_date(Findings& findings, const YamlNode& node);
/// MM-DD, a day of every year: 02-29 is refused.
[[nodiscard]] std::optional<workflows::cal::month_day> read_month_day(Findings& findings,
                                                                      const YamlNode& node);
/// "07:30", after local midnight.
[[nodiscard]] std::optional<workflows::Seconds> read_time_of_day(Findings& findings,
                                                                 const YamlNode& node);
[[nodiscard]] std::optional<std::string> read_address(Findings& findings, const YamlNode& node);
/// scheme://host[:port][/…] with one of `schemes` ("https://"), and without a user and password in
/// it, which would end up in logs.
[[nodiscard]] std::optional<std::string> read_url(Findings& findings, const YamlNode& node,
                                                  std::span<const std::string_view> schemes);
[[nodiscard]] std::optional<workflows::DeadlineExpression> read_expression(Findings& findings,
                                                                           const YamlNode& node);
/// {credential: NAME}, {file: PATH} or {env: NAME}. A literal is refused and never repeated.
[[nodiscard]] std::optional<workflows::SecretReference> read_secret(Findings& findings,
                                                                    const YamlNode& node);
/// The items of a list.
[[nodiscard]] std::vector<const YamlNode*> read_items(Findings& findings, const YamlNode& node);
/// The items of a list, or the one scalar that stands for a list of itself.
[[nodiscard]] std::vector<const YamlNode*> read_one_or_more(Findings& findings,
                                                            const YamlNode& node);
/// The index in `words` of what stands there; reports with the nearest.
[[nodiscard]] std::optional<std::size_t> read_word(Findings& findings, const YamlNode& node,
                                                   std::span<const std::string_view> words);

template <typename Value, std::size_t size>
[[nodiscard]] std::optional<Value> read_choice(Findings& findings, const YamlNode& node,
                                               const Choice<Value> (&choices)[size]) {
    std::vector<std::string_view> words;
    for (const auto& choice : choices) {
        words.push_back(choice.first);
    }
    const auto index = read_word(findings, node, words);
    return index ? std::optional<Value>(choices[*index].second) : std::nullopt;
}

/// "write `titel`" or, when nothing is near, all that may stand there.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> known);
/// Whether `text` may be an id, as read_id.
[[nodiscard]] bool is_id(std::string_view text, std::string_view more = {});
/// Spaces and tabs at both ends taken off.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Sets `target` when there is a value.
template <typename Target, typename Value>
void put(Target& target, std::optional<Value>&& value) {
    if (value) {
        target = std::move(*value);
    }
}

}  // namespace fristvakt::integrations
