#include "integrations/embedded/embedded.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/source_dir.hpp"

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(Embedded, EveryFileOfTheConfigurationIsCarriedByteForByte) {
    const fs::path root = tests::source_dir() / "config";
    std::set<std::string> seen;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const std::string name = fs::relative(entry.path(), root).generic_string();
        if (!entry.is_regular_file() || name.ends_with('~') || name.starts_with('.') ||
            name.find("/.") != std::string::npos) {
            continue;
        }
        seen.insert(name);
        const EmbeddedFile* file = find_embedded(embedded_config(), name);
        ASSERT_NE(file, nullptr) << name;
        EXPECT_EQ(file->content, content_of(entry.path())) << name;
    }
    EXPECT_EQ(embedded_config().size(), seen.size());
}

TEST(Embedded, PathsStandInOrderAndOnce) {
    for (const auto files : {embedded_config(), embedded_assets()}) {
        EXPECT_TRUE(std::ranges::is_sorted(files, std::ranges::less_equal{}, &EmbeddedFile::path));
    }
}

TEST(Embedded, PageAssetsAndTheirLicencesAreThere) {
    for (const char* name : {"designsystemet.css", "designsystemet-theme.css", "fristvakt.js",
                             "licences/designsystemet.txt"}) {
        const EmbeddedFile* file = find_embedded(embedded_assets(), name);
        ASSERT_NE(file, nullptr) << name;
        EXPECT_GT(file->content.size(), 100U) << name;
    }
}

TEST(Embedded, AnUnknownPathIsNobody) {
    EXPECT_EQ(find_embedded(embedded_config(), "no-such-file"), nullptr);
    EXPECT_EQ(find_embedded(embedded_assets(), ""), nullptr);
}

}  // namespace
}  // namespace fristvakt::integrations
