#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/configuration/shipped.hpp"
#include "workflows/definition/usage.hpp"

// Whatever stands in the files, reading them ends, and ends with definitions or with an error.

namespace fristvakt {
namespace {

/// SplitMix64: the same numbers everywhere, so that a seed can be played again.
class Random {
 public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t bound) {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return static_cast<std::size_t>((z ^ (z >> 31U)) % bound);
    }

 private:
    std::uint64_t state_;
};

void mutate(std::string& text, Random& random) {
    static const std::vector<std::string> kScraps{"\n",
                                                  "  ",
                                                  "\t",
                                                  ":",
                                                  "- ",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  "\"",
                                                  "'",
                                                  "|\n",
                                                  "#",
                                                  "&a ",
                                                  "*a",
                                                  "!!t ",
                                                  "---\n",
                                                  "\xC3",
                                                  "\r\n",
                                                  "null",
                                                  "{{x}}",
                                                  "due",
                                                  "event.",
                                                  "99999999",
                                                  "-1",
                                                  ",",
                                                  "? ",
                                                  "%",
                                                  "2021-02-30",
                                                  "0",
                                                  std::string(40, '['),
                                                  "due + 9999 years",
                                                  "\xEF\xBB\xBF",
                                                  "=",
                                                  std::string(1, '\0')};
    const std::size_t at = random.below(text.size() + 1);
    const std::size_t length = std::min(random.below(12), text.size() - at);
    switch (random.below(5)) {
        case 0:
            text.erase(at, length);
            break;
        case 1:
            text.insert(at, kScraps[random.below(kScraps.size())]);
            break;
        case 2:
            text.replace(at, length, kScraps[random.below(kScraps.size())]);
            break;
        case 3:
            text.insert(at, text.substr(random.below(text.size() + 1), 40));
            break;
        default:
            if (at < text.size()) {
                text[at] = static_cast<char>(random.below(256));
            }
    }
}

std::shared_ptr<const workflows::Definitions> shipped_definitions() {
    return integrations::load_configuration(tests::shipped_files(), tests::default_files())
        .definitions;
}

constexpr std::uint64_t kRoundsEach = 250;

/// Split, so that the parts may run beside one another.
class AnyFiles : public testing::TestWithParam<int> {};

TEST_P(AnyFiles, AreReadToAnEnd) {
    const char* chosen = std::getenv("MUTATION_SEED");  // NOLINT(concurrency-mt-unsafe)
    const std::uint64_t first = chosen == nullptr
                                    ? static_cast<std::uint64_t>(GetParam()) * kRoundsEach
                                    : std::strtoull(chosen, nullptr, 10);
    const std::uint64_t rounds = chosen == nullptr ? kRoundsEach : 1;
    const auto shipped = tests::shipped_files();
    // What pulje 5 leads to, to be fast; the rest is more of the same.
    auto base = shipped;
    const auto usage = workflows::usage_of(*shipped_definitions());
    std::erase_if(base.files, [&](const auto& file) {
        const auto stem = std::filesystem::path(file.first).stem().string();
        return (file.first.starts_with("workflows/") && !usage.workflows.contains(stem)) ||
               (file.first.starts_with("ladders/") && !usage.ladders.contains(stem)) ||
               file.first.ends_with("-softened.md") ||
               file.first.find("collective") != std::string::npos;
    });
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : base.files) {
        paths.push_back(path);
    }
    integrations::ConfigurationFiles no_defaults{.name = "defaults", .files = {}};
    ASSERT_NE(integrations::load_configuration(base, no_defaults).definitions, nullptr);
    for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
        Random random(seed);
        auto files = base;
        for (std::size_t i = random.below(3) + 1; i > 0; --i) {
            mutate(files.files[paths[random.below(paths.size())]], random);
        }
        SCOPED_TRACE("MUTATION_SEED=" + std::to_string(seed));
        const auto loaded = integrations::load_configuration(files, no_defaults);
        const bool has_error = std::ranges::any_of(loaded.diagnostics, [](const auto& diagnostic) {
            return diagnostic.severity == workflows::Severity::Error;
        });
        ASSERT_EQ(loaded.definitions == nullptr, has_error);
        for (const auto& diagnostic : loaded.diagnostics) {
            ASSERT_FALSE(diagnostic.hint.empty()) << to_string(diagnostic);
            ASSERT_GE(diagnostic.where.line, 1) << to_string(diagnostic);
            ASSERT_GE(diagnostic.where.column, 1) << to_string(diagnostic);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Parts, AnyFiles, testing::Range(0, 8));

}  // namespace
}  // namespace fristvakt
