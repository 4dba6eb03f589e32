#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/diagnostic.hpp"

/// The part of YAML 1.2 that a configuration is written in, with positions: one document, maps with
/// plain keys, lists and scalars as text. What a scalar means (a number, a date, `no`) is decided
/// by who reads it, so that no language code becomes "false" and no 0123 becomes 83.
namespace fristvakt::integrations {

struct YamlEntry;

struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };
    Kind kind{Kind::Null};
    std::string text;  ///< Of a scalar.
    bool quoted{false};
    int line{1};                     ///< From 1.
    int column{1};                   ///< From 1, in bytes.
    std::vector<YamlEntry> entries;  ///< Of a map, in the order of the file.
    std::vector<YamlNode> items;     ///< Of a sequence.
};

struct YamlEntry {
    std::string key;
    int line{1};
    int column{1};
    YamlNode value;
};

/// The one document in `text`, or nothing after findings that say why. Never throws. Refused: what
/// is not UTF-8, control characters, tabs as indentation, duplicate keys, anchors, aliases, tags,
/// several documents, more than 16 levels.
[[nodiscard]] std::optional<YamlNode> parse_yaml(std::string_view text, const std::string& file,
                                                 std::vector<workflows::Diagnostic>& findings);

/// The same document in one layout, without comments: equal texts for equal trees, whatever their
/// files look like. Read again it gives the same tree, positions apart. Pure.
[[nodiscard]] std::string write_yaml(const YamlNode& root);

/// Takes a byte order mark off and checks the bytes: UTF-8, no control characters but tab and line
/// ends. Nothing after a finding.
[[nodiscard]] std::optional<std::string_view> checked_text(
    std::string_view bytes, const std::string& file, std::vector<workflows::Diagnostic>& findings);

}  // namespace fristvakt::integrations
