#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "integrations/texts/notice_renderer.hpp"
#include "tests/source_dir.hpp"
#include "tests/unit/texts/notice_fixture.hpp"

// The mail as people read it. FRISTVAKT_UPDATE_GOLDEN=1 writes the files anew; read the difference
// before it is committed.

namespace fristvakt::tests {
namespace {

using workflows::Language;

struct Row {
    Language language;
    Sample sample;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << workflows::language_tag(row.language) << "/" << row.sample.name;
}

std::vector<Row> rows() {
    std::vector<Row> all;
    for (const Language language : {Language::Nb, Language::Nn}) {
        for (auto& sample : samples(language)) {
            all.push_back({language, std::move(sample)});
        }
        all.push_back({language, {"digest-busy", busy_week(language)}});
        all.push_back({language, {"digest-calm", calm_week(language)}});
    }
    return all;
}

std::filesystem::path folder() {
    return source_dir() / "tests/golden/notices";
}

bool updating() {
    const char* value = std::getenv("FRISTVAKT_UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe)
    return value != nullptr && std::string_view(value) == "1";
}

void expect_golden(const std::filesystem::path& path, const std::string& actual) {
    if (updating()) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << actual;
        return;
    }
    std::ifstream stream(path, std::ios::binary);
    ASSERT_TRUE(stream) << path << " is missing; FRISTVAKT_UPDATE_GOLDEN=1 writes it";
    std::ostringstream expected;
    expected << stream.rdbuf();
    EXPECT_EQ(actual, expected.str()) << path;
}

class GoldenNotice : public testing::TestWithParam<Row> {};

TEST_P(GoldenNotice, ReadsAsApproved) {
    const auto& [language, sample] = GetParam();
    const integrations::NoticeRenderer renderer;
    const auto rendered = renderer.render(sample.snapshot, shipped_notices());
    ASSERT_TRUE(rendered.ok()) << rendered.error().message;
    const auto file = folder() / workflows::language_tag(language) / sample.name;
    expect_golden(file.string() + ".txt",
                  "Subject: " + rendered.value().subject + "\n\n" + rendered.value().text);
    expect_golden(file.string() + ".html", rendered.value().html);
}

std::string row_name(const testing::TestParamInfo<Row>& test) {
    std::string name = std::string(workflows::language_tag(test.param.language)) + "_";
    for (const char character : test.param.sample.name) {
        name += character == '-' ? '_' : character;
    }
    return name;
}
INSTANTIATE_TEST_SUITE_P(All, GoldenNotice, testing::ValuesIn(rows()), row_name);

TEST(GoldenNotices, HaveNoFileThatNothingWrites) {
    std::set<std::filesystem::path> expected;
    for (const Row& row : rows()) {
        const auto file = folder() / workflows::language_tag(row.language) / row.sample.name;
        expected.insert(file.string() + ".txt");
        expected.insert(file.string() + ".html");
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
        if (entry.is_regular_file()) {
            EXPECT_TRUE(expected.contains(entry.path())) << entry.path();
        }
    }
}

}  // namespace
}  // namespace fristvakt::tests
