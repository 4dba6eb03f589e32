#include "integrations/yaml/layer.hpp"

#include <algorithm>
#include <functional>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrations/yaml/document.hpp"
#include "tests/unit/configuration/shipped.hpp"

namespace fristvakt::tests {
namespace {

using integrations::ConfigurationFiles;
using integrations::contact_key;
using integrations::entries_of;
using integrations::files_of;
using integrations::lay_over;
using integrations::Layer;
using integrations::Layered;
using integrations::LayerKey;
using integrations::load_configuration;
using integrations::LoadedConfiguration;
using integrations::put_entry;
using integrations::read_layer;

constexpr const char* kPulje5 = "programmes/ibs-pulje-5-innlandet.yaml";
const LayerKey kCohort{LayerKey::Kind::Cohort, "pulje-5"};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// Loads the folder with the layer, and says what was found.
LoadedConfiguration load(const ConfigurationFiles& folder, const Layer& layer) {
    Layered layered = lay_over(folder, layer);
    LoadedConfiguration loaded = load_configuration(layered.files, default_files());
    loaded.diagnostics.insert(loaded.diagnostics.end(), layered.diagnostics.begin(),
                              layered.diagnostics.end());
    return loaded;
}

/// As a page would: the cohort with another deadline.
Layer with_new_deadline(const ConfigurationFiles& folder) {
    Layer layer;
    const auto entries = entries_of(folder);
    put_entry(layer, entries, kCohort,
              replaced(entries.at(kCohort).text, "due: 2021-01-25", "due: 2021-02-08"));
    return layer;
}

TEST(Layer, ACohortOfTheSameIdTakesThePlaceOfTheFolders) {
    const auto folder = shipped_files();
    const auto loaded = load(folder, with_new_deadline(folder));
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    ASSERT_EQ(loaded.definitions->cohorts.size(), 2U);
    const auto& requirement = loaded.definitions->cohorts[0].requirements[0];
    const auto plain = load_configuration(folder, default_files());
    EXPECT_NE(loaded.definitions->hash, plain.definitions->hash);
    const auto planned = planned_cases(*loaded.definitions, loaded.definitions->cohorts[0],
                                       *workflows::parse_iso_date("2021-01-01"),
                                       *workflows::parse_iso_date("2021-12-31"));
    const auto plan = std::ranges::find(planned, "plan", &workflows::PlannedCase::requirement);
    ASSERT_NE(plan, planned.end());
    EXPECT_EQ(workflows::iso_date(plan->due.date), "2021-02-08");
    EXPECT_EQ(requirement.deliver.case_number, "2020/1234") << "all else as it was";
}

TEST(Layer, NothingLaidOverChangesNoByte) {
    const auto folder = shipped_files();
    EXPECT_EQ(lay_over(folder, {}).files.files, folder.files);
}

TEST(Layer, AnEntryThatSaysTheSameIsNone) {
    const auto folder = shipped_files();
    const auto entries = entries_of(folder);
    Layer layer = with_new_deadline(folder);
    put_entry(layer, entries, kCohort, entries.at(kCohort).text);
    EXPECT_TRUE(layer.empty());
    EXPECT_TRUE(layer.base.empty());
}

TEST(Layer, AContactIsReplacedInItsPlaceAndANewOneComesLast) {
    const auto folder = shipped_files();
    const auto entries = entries_of(folder);
    Layer layer;
    put_entry(layer, entries, contact_key("gjovik", "Kari.Lunde@gjovik.kommune.example"),
              "gjovik,Kari Lunde-Moe,kari.lunde@gjovik.kommune.example,ressursperson,,,2021-06-30,"
              "\n");
    put_entry(layer, entries, contact_key("lom", "ny@lom.kommune.example"),
              "lom,\"Ny, Person\",ny@lom.kommune.example,ressursperson,nn,,,\n");
    const auto before = load_configuration(folder, default_files()).definitions;
    const auto loaded = load(folder, layer);
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    const auto& contacts = loaded.definitions->contacts;
    ASSERT_EQ(contacts.size(), before->contacts.size() + 1);
    for (std::size_t i = 0; i < before->contacts.size(); ++i) {
        const bool is_kari = contacts[i].email == "kari.lunde@gjovik.kommune.example";
        EXPECT_EQ(contacts[i].email, before->contacts[i].email);
        EXPECT_EQ(contacts[i].name, is_kari ? "Kari Lunde-Moe" : before->contacts[i].name);
        EXPECT_EQ(contacts[i].where.line, is_kari ? 1 : before->contacts[i].where.line);
        EXPECT_EQ(contacts[i].where.file, is_kari ? "contacts.csv" : "config/contacts.csv");
    }
    EXPECT_EQ(contacts.back().name, "Ny, Person");
    EXPECT_EQ(contacts.back().language, workflows::Language::Nn);
}

TEST(Layer, FindingsNameTheFileAndLineOfTheLayer) {
    const auto folder = shipped_files();
    const ConfigurationFiles files{
        .name = "state/config",
        .files = {{"contacts.csv",
                   "organisation,name,email,roles\n"
                   "lom,A,a@lom.kommune.example,ressursperson\n"
                   "lom,B,b@lom.kommune.example,Resource Person\n"},
                  {"programmes/new.yaml", "programme: ibs\ncohort: pulje-9\ntitel: x\n"}},
        .origins = {}};
    const auto loaded = load(folder, read_layer(files));
    EXPECT_EQ(loaded.definitions, nullptr);
    const std::string said = printed(loaded);
    EXPECT_NE(said.find("state/config/contacts.csv:3:1: error: `Resource` cannot be a role"),
              std::string::npos)
        << said;
    EXPECT_NE(said.find("state/config/programmes/new.yaml:3:1: error: unknown key `titel`"),
              std::string::npos)
        << said;
    EXPECT_EQ(said.find("config/programmes/pulje-9"), std::string::npos) << said;
}

struct BrokenLayer {
    const char* name;
    const char* path;
    const char* bytes;
    const char* says;
};
void PrintTo(const BrokenLayer& row, std::ostream* out) {
    *out << row.name;
}
class BrokenLayers : public ::testing::TestWithParam<BrokenLayer> {};

TEST_P(BrokenLayers, IsSaidAndNothingIsLoaded) {
    const ConfigurationFiles files{
        .name = "layer", .files = {{GetParam().path, GetParam().bytes}}, .origins = {}};
    const Layer layer = read_layer(files);
    EXPECT_FALSE(layer.empty());
    std::string said;
    for (const auto& finding : lay_over(shipped_files(), layer).diagnostics) {
        said += to_string(finding) + "\n";
    }
    EXPECT_EQ(said, GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    Layer, BrokenLayers,
    ::testing::Values(
        BrokenLayer{"AForeignFile", "workflows/plan.yaml", "workflow: plan\n",
                    "layer/workflows/plan.yaml:1:1: error: this file is no part of what lies over "
                    "a configuration; only programmes, activity plans, organisations.csv and "
                    "contacts.csv are "
                    "changed here; move it into the configuration folder\n"},
        BrokenLayer{"ATornTable", "contacts.csv", "organisation,name,email,roles\nlom,\"A\n",
                    "layer/contacts.csv:2:5: error: this quotation mark is never closed; close "
                    "it\n"},
        BrokenLayer{"NoCohort", "programmes/x.yaml", "programme: ibs\n",
                    "layer/programmes/x.yaml:1:1: error: `cohort` is missing; say which cohort "
                    "this file is about\n"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Layer, AnEntryWhoseBaseHasChangedIsAConflict) {
    const auto folder = shipped_files();
    const Layer layer = with_new_deadline(folder);
    auto changed = folder;
    changed.files[kPulje5] = replaced(changed.files[kPulje5], "due: 2021-01-25", "due: 2021-01-29");
    const Layered layered = lay_over(changed, layer);
    ASSERT_EQ(layered.conflicts.size(), 1U);
    EXPECT_NE(layered.conflicts[0].base.find("2021-01-25"), std::string::npos);
    EXPECT_NE(layered.conflicts[0].folder.find("2021-01-29"), std::string::npos);
    EXPECT_NE(layered.conflicts[0].own.find("2021-02-08"), std::string::npos);
    ASSERT_EQ(layered.diagnostics.size(), 1U);
    EXPECT_EQ(to_string(layered.diagnostics[0]),
              "programmes/pulje-5.yaml:1:1: error: the cohort pulje-5 was changed here and in "
              "config too; choose between them on the page /ordninger/konflikter, or correct one "
              "by hand");
}

TEST(Layer, ABaseThatIsGoneOrCameFromNowhereIsAConflictToo) {
    const auto folder = shipped_files();
    auto without = folder;
    without.files.erase(kPulje5);
    EXPECT_EQ(lay_over(without, with_new_deadline(folder)).conflicts.size(), 1U);
    EXPECT_EQ(lay_over(folder, with_new_deadline(without.files.empty() ? folder : folder))
                  .conflicts.size(),
              0U);
    Layer fresh;
    put_entry(fresh, entries_of(without), kCohort,
              replaced(entries_of(folder).at(kCohort).text, "2021-01-25", "2021-02-01"));
    EXPECT_TRUE(fresh.base.empty());
    EXPECT_EQ(lay_over(folder, fresh).conflicts.size(), 1U);
}

TEST(Layer, WhatMeansTheSameIsNoConflict) {
    const auto folder = shipped_files();
    const Layer layer = with_new_deadline(folder);
    auto commented = folder;
    commented.files["programmes/renamed.yaml"] = "# a new comment\n" + commented.files[kPulje5];
    commented.files.erase(kPulje5);
    EXPECT_TRUE(lay_over(commented, layer).conflicts.empty()) << "words in comments do not count";
    auto taken_over = folder;
    taken_over.files[kPulje5] =
        replaced(taken_over.files[kPulje5], "due: 2021-01-25", "due: 2021-02-08");
    EXPECT_TRUE(lay_over(taken_over, layer).conflicts.empty()) << "both say the same now";
}

TEST(Layer, KeepsItsFilesAcrossWritingAndReading) {
    const auto folder = shipped_files();
    Layer layer = with_new_deadline(folder);
    put_entry(layer, entries_of(folder), contact_key("lom", "ny@lom.kommune.example"),
              "lom,Ny,ny@lom.kommune.example,ressursperson,nn,,,\n");
    const auto files = files_of(layer, "layer");
    const Layer again = read_layer(files);
    EXPECT_TRUE(again.diagnostics.empty());
    EXPECT_EQ(files_of(again, "layer").files, files.files);
    EXPECT_EQ(load(folder, again).definitions->hash, load(folder, layer).definitions->hash);
    EXPECT_TRUE(files.files.contains("base/programmes/pulje-5.yaml"));
    EXPECT_FALSE(files.files.contains("base/contacts.csv")) << "nobody stood there before";
}

TEST(Layer, ABaseThatACrashLeftBehindCountsForNothing) {
    auto files = files_of(with_new_deadline(shipped_files()), "layer");
    files.files.erase("programmes/pulje-5.yaml");
    const Layer layer = read_layer(files);
    EXPECT_TRUE(layer.empty());
    EXPECT_TRUE(layer.base.empty());
}

// --- An activity plan, whole ---

const LayerKey kPlan{LayerKey::Kind::Plan, "pulje-5"};
constexpr const char* kPlanFile = "activities/pulje-5.csv";

/// The shipped folder with a plan of two rows.
ConfigurationFiles with_plan() {
    auto files = shipped_files();
    files.files[kPulje5] += "groups:\n  ressurs: {title: {nb: R, nn: R}, roles: [ressursperson]}\n";
    files.files[kPlanFile] =
        "what,when,who,kind\nStorsamling,2021-05-11,ressurs,meeting\n"
        "Notat,2021-06-01,ressurs,delivery\n";
    return files;
}

std::string row(const std::string& what, const std::string& when) {
    return ",\"" + what + "\",," + when + ",ressurs,meeting,,,,\n";
}

Layer with_rows(const ConfigurationFiles& folder, const std::string& rows) {
    Layer layer;
    put_entry(layer, entries_of(folder), kPlan, header_of(kPlan.kind) + "\n" + rows);
    return layer;
}

TEST(LayerOfPlans, TakesThePlaceOfTheFolders) {
    const auto folder = with_plan();
    const auto loaded = load(folder, with_rows(folder, row("Storsamling", "2021-05-18")));
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    const auto& activities = loaded.definitions->cohorts.front().activities;
    ASSERT_EQ(activities.size(), 1U);
    EXPECT_EQ(activities.front().when, "2021-05-18");
    EXPECT_EQ(activities.front().where.file, kPlanFile) << "where it was written";
    EXPECT_EQ(loaded.definitions->cohorts.front().find_requirement("notat"), nullptr);
}

TEST(LayerOfPlans, MayBeEmptyWhereTheFolderHasRows) {
    const auto folder = with_plan();
    const Layer layer = with_rows(folder, "");
    EXPECT_FALSE(layer.empty());
    const auto loaded = load(folder, layer);
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_TRUE(loaded.definitions->cohorts.front().activities.empty());
}

TEST(LayerOfPlans, SayingTheSameInAnotherLayoutIsNone) {
    const auto folder = with_plan();
    EXPECT_TRUE(with_rows(folder,
                          ",Storsamling,,2021-05-11,ressurs,meeting,,,,\n"
                          ",Notat,,2021-06-01,ressurs,delivery,,,,\n")
                    .empty());
}

TEST(LayerOfPlans, WrittenAndReadAgainIsTheSame) {
    const auto folder = with_plan();
    const Layer layer = with_rows(folder, row("Storsamling, \"\"stor\"\"", "2021-05-18"));
    const auto files = files_of(layer, "layer");
    EXPECT_TRUE(files.files.contains(kPlanFile));
    EXPECT_EQ(files.files.at(std::string{"base/"} + kPlanFile), folder.files.at(kPlanFile));
    const Layer again = read_layer(files);
    EXPECT_EQ(files_of(again, "layer").files, files.files);
    EXPECT_EQ(load(folder, again).definitions->hash, load(folder, layer).definitions->hash);
}

TEST(LayerOfPlans, ChangedInTheFolderTooIsAConflict) {
    auto folder = with_plan();
    const Layer layer = with_rows(folder, row("Storsamling", "2021-05-18"));
    folder.files[kPlanFile] += "Kurs,2021-09-07,ressurs,course\n";
    const Layered layered = lay_over(folder, layer);
    ASSERT_EQ(layered.conflicts.size(), 1U);
    EXPECT_EQ(layered.conflicts.front().key, kPlan);
    EXPECT_NE(layered.diagnostics.front().message.find("activity plan of pulje-5"),
              std::string::npos);
}

/// Some rows of contacts and organisations changed, some new, the cohort with some participants
/// less.
Layer random_layer(const ConfigurationFiles& folder, std::mt19937& chance) {
    const auto entries = entries_of(folder);
    const auto one_of = [&](unsigned many) { return chance() % many == 0; };
    Layer layer;
    for (const auto& [key, entry] : entries) {
        if (key.kind == LayerKey::Kind::Cohort || !one_of(4)) {
            continue;
        }
        auto rows = integrations::csv_rows(key.kind, entry.text);
        rows.front()[1] = one_of(2) ? "Åse \"Tull\" Ødegård" : "A, B";
        std::string text;
        for (const auto& row : rows) {
            text += integrations::csv_row(row);
        }
        put_entry(layer, entries, key, text);
    }
    for (unsigned i = 0; i < chance() % 4; ++i) {
        const std::string address = "ny" + std::to_string(i) + "@lom.kommune.example";
        put_entry(layer, entries, contact_key("lom", address),
                  "lom,Ny," + address + ",skoleeier,,2021-01-01,,\n");
    }
    if (one_of(2)) {
        put_entry(layer, entries, kCohort, replaced(entries.at(kCohort).text, "  - sel\n", ""));
    }
    return layer;
}

TEST(Layer, TheWholeAsOneFolderIsTheSameConfiguration) {
    const auto folder = shipped_files();
    for (unsigned seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 chance{seed};
        const Layer layer = random_layer(folder, chance);
        auto whole = lay_over(folder, layer).files;
        const auto loaded = load_configuration(whole, default_files());
        ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
        whole.origins.clear();  // As read from a disk.
        const auto again = load_configuration(whole, default_files());
        ASSERT_NE(again.definitions, nullptr) << printed(again);
        EXPECT_EQ(again.definitions->hash, loaded.definitions->hash);
        EXPECT_EQ(again.archive, loaded.archive);
        EXPECT_TRUE(lay_over(whole, layer).conflicts.empty()) << "both say the same now";
    }
}

integrations::YamlNode arbitrary_node(int depth) {
    using Kind = integrations::YamlNode::Kind;
    integrations::YamlNode node;
    node.kind = depth == 0 ? *rc::gen::element(Kind::Scalar, Kind::Null)
                           : *rc::gen::element(Kind::Scalar, Kind::Sequence, Kind::Map);
    if (node.kind == Kind::Scalar) {
        node.quoted = *rc::gen::arbitrary<bool>();
        node.text = *rc::gen::container<std::string>(
            rc::gen::element('a', '0', ' ', ':', '#', '-', '?', '"', '\'', '\\', ',', '{', ']', '&',
                             '*', '!', '|', '>', '%', '@', '`', '\n', '~', '.', '/', '+'));
    }
    const int count =
        node.kind == Kind::Scalar || node.kind == Kind::Null ? 0 : *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
        if (node.kind == Kind::Sequence) {
            node.items.push_back(arbitrary_node(depth - 1));
        } else {
            node.entries.push_back(
                {.key = "key-" + std::to_string(i), .value = arbitrary_node(depth - 1)});
        }
    }
    return node;
}

RC_GTEST_PROP(YamlWriter, WhatIsWrittenReadsBackTheSame, ()) {
    integrations::YamlNode root;
    root.kind = integrations::YamlNode::Kind::Map;
    root.entries.push_back({.key = "first", .value = arbitrary_node(3)});
    root.entries.push_back({.key = "second", .value = arbitrary_node(2)});
    const std::string text = write_yaml(root);
    std::vector<workflows::Diagnostic> findings;
    const auto again = integrations::parse_yaml(text, "f", findings);
    RC_ASSERT(again.has_value());
    RC_ASSERT(write_yaml(*again) == text);
    const std::function<bool(const integrations::YamlNode&, const integrations::YamlNode&)> same =
        [&](const auto& a, const auto& b) {
            return a.kind == b.kind && a.text == b.text &&
                   std::ranges::equal(a.items, b.items, same) &&
                   std::ranges::equal(a.entries, b.entries, [&](const auto& x, const auto& y) {
                       return x.key == y.key && same(x.value, y.value);
                   });
        };
    RC_ASSERT(same(root, *again));
}

}  // namespace
}  // namespace fristvakt::tests
