#include <ostream>
#include <set>

#include <gtest/gtest.h>

#include "workflows/definition/notice_variables.hpp"

namespace fristvakt::workflows {

void PrintTo(const Placeholder& placeholder, std::ostream* out) {
    *out << placeholder.name << " at " << placeholder.line << ":" << placeholder.column;
}

namespace {

struct Row {
    std::string name;
    std::string_view text;
    std::vector<Placeholder> expected;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

class Placeholders : public testing::TestWithParam<Row> {};

TEST_P(Placeholders, AreFoundWhereTheyStand) {
    EXPECT_EQ(placeholders_in(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, Placeholders,
    testing::Values(Row{"none", "Hei { { x } }", {}}, Row{"empty", "", {}},
                    Row{"one", "Hei {{debtor}}", {{"debtor", 1, 5}}},
                    Row{"spaces", "{{ debtor }}", {{"debtor", 1, 1}}},
                    Row{"section",
                        "{{#copies}}x{{/copies}}{{^copies}}",
                        {{"copies", 1, 1}, {"copies", 1, 13}, {"copies", 1, 24}}},
                    Row{"lines", "a\n b {{count}}\n{{role}}", {{"count", 2, 4}, {"role", 3, 1}}},
                    Row{"bytes", "\xC3\xA5{{count}}", {{"count", 1, 3}}},
                    Row{"unclosed", "{{debtor\n{{count}}", {{"{{debtor", 1, 1}, {"count", 2, 1}}},
                    Row{"raw", "{{{debtor}}}", {{"{debtor", 1, 1}}},
                    Row{"nothing", "{{}}", {{"", 1, 1}}}, Row{"at_the_end", "x{{", {{"{{", 1, 2}}}),
    [](const auto& test) { return test.param.name; });

TEST(NoticeVariables, HaveOneNameEachAndAMeaning) {
    std::set<std::string_view> names;
    for (const auto& variable : notice_variables()) {
        EXPECT_TRUE(names.insert(variable.name).second) << variable.name;
        EXPECT_GT(variable.meaning.size(), 10U) << variable.name;
        EXPECT_EQ(variable.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"),
                  std::string_view::npos)
            << variable.name;
    }
}

}  // namespace
}  // namespace fristvakt::workflows
