// The part of YAML that a configuration is written in.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "integrations/yaml/document.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations;

struct Size {
    int lines{1};
    int columns{1};
};

void look_at_place(int line, int column, const Size& size) {
    demand(line >= 1 && line <= size.lines && column >= 1 && column <= size.columns,
           "a place lies in the text", std::to_string(line) + ":" + std::to_string(column));
}

void look_at(const YamlNode& node, const Size& size, int depth) {
    demand(depth <= 16, "at most 16 levels");
    look_at_place(node.line, node.column, size);
    demand(node.kind == YamlNode::Kind::Map || node.entries.empty(), "only maps have entries");
    demand(node.kind == YamlNode::Kind::Sequence || node.items.empty(), "only lists have items");
    std::set<std::string> keys;
    for (const YamlEntry& entry : node.entries) {
        look_at_place(entry.line, entry.column, size);
        demand(keys.insert(entry.key).second, "keys stand once", entry.key);
        look_at(entry.value, size, depth + 1);
    }
    for (const YamlNode& item : node.items) {
        look_at(item, size, depth + 1);
    }
}

}  // namespace

void try_yaml(std::string_view text) {
    Size size;
    size.lines += static_cast<int>(std::ranges::count(text, '\n') + std::ranges::count(text, '\r'));
    size.columns += static_cast<int>(text.size());
    std::vector<workflows::Diagnostic> findings;
    const auto root = parse_yaml(text, "a.yaml", findings);
    demand(root.has_value() == findings.empty(), "a document, or findings");
    for (const auto& finding : findings) {
        demand(!finding.message.empty() && !finding.hint.empty(), "a finding says what to do",
               to_string(finding));
        look_at_place(finding.where.line, finding.where.column, size);
    }
    if (root) {
        look_at(*root, size, 0);
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_yaml(fristvakt::fuzz::text_of(data, size));
    return 0;
}
