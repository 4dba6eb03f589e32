#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integrations/yaml/configuration.hpp"
#include "tests/source_dir.hpp"

// The JSON Schemas help editors only as long as they say what the reader does.

namespace fristvakt {
namespace {

using nlohmann::json;
using Words = std::set<std::string>;

std::vector<std::pair<std::string, json>> schemas() {
    std::vector<std::pair<std::string, json>> found;
    const auto folder = tests::source_dir() / "config" / "schema";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream stream(entry.path());
        found.emplace_back(entry.path().filename().string(), json::parse(stream));
    }
    return found;
}

Words keys_of(const json& object) {
    Words words;
    for (const auto& [key, value] : object.items()) {
        words.insert(key);
    }
    return words;
}

TEST(Schemas, KnowEveryKeyOfTheReaderAndNoOther) {
    const auto all = schemas();
    ASSERT_EQ(all.size(), 5U);
    for (const auto& known : integrations::known_keys()) {
        Words expected(known.keys.begin(), known.keys.end());
        expected.insert(known.later.begin(), known.later.end());
        int definitions = 0;
        for (const auto& [file, schema] : all) {
            const auto& all_definitions = schema.at("$defs");
            if (!all_definitions.contains(known.name)) {
                continue;
            }
            ++definitions;
            const auto& definition = all_definitions.at(known.name);
            EXPECT_EQ(keys_of(definition.at("properties")), expected) << file << " " << known.name;
            const auto required = definition.value("required", std::vector<std::string>{});
            EXPECT_EQ(Words(required.begin(), required.end()),
                      Words(known.required.begin(), known.required.end()))
                << file << " " << known.name;
            EXPECT_EQ(definition.at("additionalProperties"), false) << file << " " << known.name;
            for (const auto& later : known.later) {
                EXPECT_TRUE(definition.at("properties").at(later).value("deprecated", false))
                    << file << " " << later << " is not acted on yet";
            }
        }
        EXPECT_GT(definitions, 0) << known.name << " stands in no schema";
    }
}

TEST(Schemas, DefineNothingThatTheReaderDoesNotKnow) {
    const Words shapes{"text", "secret", "when"};  // read by functions of their own
    Words known = shapes;
    for (const auto& table : integrations::known_keys()) {
        known.insert(table.name);
    }
    for (const auto& [file, schema] : schemas()) {
        for (const auto& name : keys_of(schema.at("$defs"))) {
            EXPECT_TRUE(known.contains(name)) << file << " " << name;
        }
    }
}

}  // namespace
}  // namespace fristvakt
