#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "integrations/yaml/document.hpp"

namespace fristvakt::integrations {
namespace {

TEST(YamlDocument, AValueThatIsMissingAtTheEndIsMissedInTheText) {
    std::vector<workflows::Diagnostic> findings;
    const auto root = parse_yaml("a:\n 1b\t:\n", "a.yaml", findings);
    ASSERT_TRUE(root.has_value());
    const YamlEntry& inner = root->entries.at(0).value.entries.at(0);
    EXPECT_EQ(inner.key, "1b");
    EXPECT_EQ(inner.value.kind, YamlNode::Kind::Null);
    EXPECT_EQ(inner.value.line, 2);
    EXPECT_EQ(inner.value.column, 6);
}

}  // namespace
}  // namespace fristvakt::integrations
