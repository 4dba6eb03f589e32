/// Checks of the whole project what the compiler cannot. Each rule is first shown something that
/// breaks it, so that a rule which has gone blind is noticed.

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/source_dir.hpp"
#include "tests/tidy/rules.hpp"

namespace fristvakt::tests {
namespace {

using Rule = Findings (*)(const std::vector<TextFile>&);

struct NamedRule {
    std::string name;
    Rule rule;
};

void PrintTo(const NamedRule& row, std::ostream* out) {
    *out << row.name;
}

class Project : public testing::TestWithParam<NamedRule> {
 protected:
    static const std::vector<TextFile>& files() {
        static const std::vector<TextFile> kFiles = read_project(source_dir());
        return kFiles;
    }
};

TEST_P(Project, Keeps) {
    EXPECT_GT(files().size(), 20U) << "the project was not found";
    for (const std::string& finding : GetParam().rule(files())) {
        ADD_FAILURE() << finding;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Tidy, Project,
    testing::Values(NamedRule{"IncludesPointInwards", includes_pointing_outwards},
                    NamedRule{"WorkflowsArePure", impure_includes_in_workflows},
                    NamedRule{"HeadersAreLight", heavy_headers_seen_abroad},
                    NamedRule{"NoBannedWord", banned_words},
                    NamedRule{"LinesFitOnAScreen", lines_too_long},
                    NamedRule{"NoPathOfOneMachine", machine_paths},
                    NamedRule{"NoDownloadAddressInTheLock", download_addresses},
                    NamedRule{"AddressesAreInvented", real_addresses},
                    NamedRule{"NoticesHaveBothLanguages", notices_without_twin},
                    NamedRule{"AlertsNameMetricsThatAre", alerts_on_unknown_metrics},
                    NamedRule{"FaultsToPlantFit", faults_that_fit_nowhere}),
    [](const auto& test) { return test.param.name; });

struct Planted {
    std::string name;
    Rule rule;
    std::string path;
    std::string line;
    std::size_t findings;
};

void PrintTo(const Planted& row, std::ostream* out) {
    *out << row.path << ": " << row.line;
}

class PlantedFault : public testing::TestWithParam<Planted> {};

TEST_P(PlantedFault, IsFoundOrLeftInPeace) {
    const Planted& row = GetParam();
    EXPECT_EQ(row.rule({{row.path, {"", row.line}}}).size(), row.findings);
}

std::vector<Planted> planted_includes() {
    const Rule arrows = includes_pointing_outwards;
    const Rule pure = impure_includes_in_workflows;
    return {
        {"CoreOut", arrows, "workflows/a.cpp", R"(#include "integrations/mail/b.hpp")", 1},
        {"CoreFarOut", arrows, "workflows/a.hpp", R"(#include "daemon/app/b.hpp")", 1},
        {"CoreIn", arrows, "workflows/a.hpp", R"(#include "workflows/time/b.hpp")", 0},
        {"AdapterOut", arrows, "integrations/mail/a.cpp", R"(#include "daemon/app/b.hpp")", 1},
        {"AdapterIn", arrows, "integrations/mail/a.cpp", R"(#include "workflows/model/b.hpp")", 0},
        {"DaemonTest", arrows, "daemon/app/a.cpp", R"(#include "tests/model/b.hpp")", 1},
        {"DaemonIn", arrows, "daemon/app/a.cpp", R"(#include "integrations/mail/b.hpp")", 0},
        {"ModelLeans", arrows, "tests/model/a.cpp", R"(#include "workflows/time/b.hpp")", 1},
        {"ModelLeansOnTests", arrows, "tests/model/a.cpp", R"(#include "tests/worlds/b.hpp")", 1},
        {"ModelStands", arrows, "tests/model/a.cpp", R"(#include "tests/model/b.hpp")", 0},
        {"Library", arrows, "workflows/a.cpp", R"(#include <nlohmann/json/b.hpp>)", 0},
        {"CoreFile", pure, "workflows/a.cpp", "#include <filesystem>", 1},
        {"CoreThread", pure, "workflows/a.cpp", "#include <thread>", 1},
        {"CoreSocket", pure, "workflows/a.cpp", "#include <sys/socket.h>", 1},
        {"CoreLog", pure, "workflows/a.cpp", "#include <spdlog/spdlog.h>", 1},
        {"CoreVector", pure, "workflows/a.cpp", "#include <vector>", 0},
        {"DaemonThread", pure, "daemon/app/a.cpp", "#include <thread>", 0},
    };
}

std::vector<Planted> planted_words() {
    const Rule ban = banned_words;
    return {
        {"Clock", ban, "daemon/engine/a.cpp", "auto now = std::chrono::system_clock::now();", 1},
        {"ClockAtHome", ban, "daemon/runtime/clock.cpp", "return steady_clock::now();", 0},
        {"ClockOfC", ban, "workflows/a.cpp", "const auto now = time(nullptr);", 1},
        {"TestMeasures", ban, "tests/unit/a.cpp", "auto begin = steady_clock::now();", 0},
        {"TestReadsDate", ban, "tests/unit/a.cpp", "auto now = system_clock::now();", 1},
        {"SharedFolder", ban, "tests/unit/a.cpp", "fs::path{testing::TempDir()} / name", 1},
        {"SharedFolderByName", ban, "tests/unit/a.cpp", R"(fs::path{"/tmp/x"})", 1},
        {"Sleep", ban, "tests/unit/a.cpp", "std::this_thread::sleep_for(1s);", 1},
        {"SleepOfC", ban, "integrations/mail/a.cpp", "usleep(5);", 1},
        {"Output", ban, "daemon/engine/a.cpp", "std::cout << 1;", 1},
        {"OutputOfC", ban, "daemon/engine/a.cpp", "printf(text);", 1},
        {"OutputAtHome", ban, "daemon/command_line/a.cpp", "std::cout << 1;", 0},
        {"Formatting", ban, "daemon/engine/a.cpp", "std::snprintf(a, b, c);", 0},
        {"Chance", ban, "daemon/engine/a.cpp", "return rand();", 1},
        {"Operand", ban, "daemon/engine/a.cpp", "return operand();", 0},
        {"LocalTime", ban, "daemon/engine/a.cpp", "std::localtime(&t);", 1},
        {"FileInCore", ban, "workflows/a.cpp", "FILE* file = fopen(name, mode);", 1},
        {"FileOutside", ban, "integrations/yaml/a.cpp", "FILE* file = fopen(name, mode);", 0},
        {"Assert", ban, "workflows/a.cpp", "assert(true);", 1},
        {"OurAssert", ban, "workflows/a.cpp", "FRISTVAKT_ASSERT(true); static_assert(1);", 0},
        {"Unfinished", ban, "workflows/a.cpp", "// TODO", 1},
        {"Neighbour", ban, "workflows/a.cpp", R"(#include "../b.hpp")", 1},
        {"StyleInPage", ban, "daemon/web/a.cpp", R"(<p style="color: red">)", 1},
        {"StyleInMail", ban, "integrations/texts/a.cpp", R"(<p style="color: red">)", 0},
        {"EvalInPage", ban, "daemon/web/a.cpp", R"(<a hx-on:click="x">)", 1},
    };
}

std::vector<Planted> planted_texts() {
    const std::string wide(101, 'x');
    std::string letters;
    for (int count = 0; count < 100; ++count) {
        letters += "å";
    }
    return {
        {"Wide", lines_too_long, "daemon/app/a.cpp", wide, 1},
        {"WideLetters", lines_too_long, "daemon/app/a.cpp", letters, 0},
        {"WideProse", lines_too_long, "README.md", wide, 0},
        {"HomeFolder", machine_paths, "script/run", "cd /home/kari/fristvakt", 1},
        {"SystemFolder", machine_paths, "script/run", "cd /usr/share/fristvakt", 0},
        {"OwnFolder", machine_paths, "script/run", "cd build/home/x", 0},
        {"Resolved", download_addresses, "web/package-lock.json", R"("resolved": "x")", 1},
        {"Integrity", download_addresses, "web/package-lock.json", R"("integrity": "x")", 0},
        {"RealAddress", real_addresses, "config/contacts.csv", "gjovik,Kari,kari@gjovik.no", 1},
        {"InventedAddress", real_addresses, "config/contacts.csv", "a,b,kari@gjovik.example", 0},
        {"Unit", real_addresses, "README.md", "systemctl start getty@tty1.service", 0},
        {"AloneInBokmaal", notices_without_twin, "config/messages/nb/receipt.md", "", 1},
        {"AloneInNynorsk", notices_without_twin, "config/messages/nn/receipt.md", "", 1},
        {"NoNotice", notices_without_twin, "README.md", "", 0},
        {"UnknownMetric", alerts_on_unknown_metrics, "systemd/prometheus-rules.yml",
         "expr: fristvakt_no_such == 0", 1},
    };
}

const auto kName = [](const auto& test) { return test.param.name; };

INSTANTIATE_TEST_SUITE_P(Includes, PlantedFault, testing::ValuesIn(planted_includes()), kName);
INSTANTIATE_TEST_SUITE_P(Words, PlantedFault, testing::ValuesIn(planted_words()), kName);
INSTANTIATE_TEST_SUITE_P(Texts, PlantedFault, testing::ValuesIn(planted_texts()), kName);

TEST(HeavyHeader, MayBeIncludedInItsOwnFolderOnly) {
    const TextFile heavy{"integrations/yaml/node.hpp", {"#include <yaml-cpp/yaml.h>"}};
    const std::string include = R"(#include "integrations/yaml/node.hpp")";
    EXPECT_TRUE(heavy_headers_seen_abroad({heavy, {"integrations/yaml/a.cpp", {include}}}).empty());
    EXPECT_EQ(heavy_headers_seen_abroad({heavy, {"daemon/app/a.cpp", {include}}}).size(), 1U);
}

TEST(Twins, BelongTogether) {
    EXPECT_TRUE(notices_without_twin(
                    {{"config/messages/nb/receipt.md", {}}, {"config/messages/nn/receipt.md", {}}})
                    .empty());
}

TEST(Alerts, MayNameWhatTheDaemonExports) {
    const std::string name = "fristvakt_outbox_messages";
    EXPECT_TRUE(alerts_on_unknown_metrics({{"daemon/http/metrics.cpp", {'"' + name + '"'}},
                                           {"systemd/prometheus-rules.yml", {"expr: " + name}}})
                    .empty());
}

TEST(Faults, FitWhereTheirTextStandsOnce) {
    const TextFile table{"tests/mutants/faults.txt",
                         {"Words.", "", "== a", "file: workflows/a.cpp", "-- before", "  one",
                          "  two", "-- after", "-- end", "", "== b", "file: workflows/b.cpp",
                          "-- before", "x", "-- after", "y", "-- end"}};
    EXPECT_TRUE(faults_that_fit_nowhere({table,
                                         {"workflows/a.cpp", {"zero", "  one", "  two"}},
                                         {"workflows/b.cpp", {"w", "x"}}})
                    .empty());
    EXPECT_EQ(
        faults_that_fit_nowhere(
            {table, {"workflows/a.cpp", {"  one", "", "  two"}}, {"workflows/b.cpp", {"x", "x"}}})
            .size(),
        2U);
}

}  // namespace
}  // namespace fristvakt::tests
