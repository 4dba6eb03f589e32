#include <gtest/gtest.h>

#include "tests/unit/web/pages_of.hpp"

/// What looks back: the log by who, whom and when; how punctual rounds of a requirement were.
namespace fristvakt::tests {
namespace {

using namespace daemon;
using Query = std::vector<std::pair<std::string, std::string>>;

Town& town() {
    static Town kTown{
        {.files = {{"programmes/ibs-pulje-4.yaml",
                    "programme: ibs\ntitle: {nb: Inkluderende miljø, nn: Inkluderande miljø}\n"
                    "cohort: pulje-4\nperiod: {from: 2020-01-01, to: 2022-12-31}\n"
                    "creditor: sf-innlandet\nparticipants: [lom, sel]\nrequirements:\n"
                    "  - {id: plan, title: {nb: Planen, nn: Planen}, workflow: plan, "
                    "opens: 2021-01-04, due: 2021-01-18, ladder: standard}\n"}},
         .events = R"({"at":"2021-01-12T10:00","case":"pulje-4/plan/lom","event":"received",)"
                   R"("by":"creditor"})"
                   "\n"}};
    return kTown;
}

struct Asked {
    std::string name;
    Query query;
    std::string there;
    std::string not_there;
};
void PrintTo(const Asked& row, std::ostream* out) {
    *out << row.name;
}
class LogFilters : public ::testing::TestWithParam<Asked> {};

TEST_P(LogFilters, LeaveWhatIsAskedFor) {
    const PagesOf pages{town()};
    Query query = GetParam().query;
    query.emplace_back("format", "csv");
    const std::string file = pages.get("/hendelser", query).body;
    if (!GetParam().there.empty()) {
        EXPECT_TRUE(has(file, GetParam().there)) << file.substr(0, 2000);
    }
    EXPECT_FALSE(has(file, GetParam().not_there));
    EXPECT_EQ(pages.get("/hendelser", GetParam().query).status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LogFilters,
    ::testing::Values(
        Asked{"them", {{"hvem", "dem"}}, "meldte at det er sendt", "registrerte som mottatt"},
        Asked{"us", {{"hvem", "oss"}}, "registrerte som mottatt", "meldte at det er sendt"},
        Asked{"itself", {{"hvem", "fristvakt"}}, "åpnet saken", "registrerte som mottatt"},
        Asked{"whom", {{"organisasjon", "lom"}}, "pulje-5/plan/lom", "pulje-5/plan/tynset"},
        Asked{"whom_and_cohort",
              {{"organisasjon", "lom"}, {"pulje", "pulje-4"}},
              "pulje-4/plan/lom",
              "pulje-5/plan/lom"},
        Asked{"nobody", {{"organisasjon", "udir"}}, "", "pulje-5/"},
        Asked{"from", {{"fra", "2021-01-20"}}, "2021-01-2", "2021-01-1"},
        Asked{"until", {{"til", "2021-01-12"}}, "2021-01-12", "2021-01-2"},
        Asked{"a_name_that_nobody_has", {{"navn", "Åse Ukjent"}}, "", "pulje-5/"},
        Asked{"no_day", {{"fra", "i går"}}, "pulje-5/plan/lom", "<script>"}),
    [](const auto& test) { return test.param.name; });

TEST(Log, ShowsWhatAStateBecame) {
    const PagesOf pages{town()};
    const std::string body = pages.get("/hendelser", {{"hvem", "dem"}}).body;
    EXPECT_TRUE(has(body, "Før → etter"));
    EXPECT_TRUE(has(body, "Ikke levert → Meldt sendt"));
    EXPECT_TRUE(has(body, ">Parti</th>"));
    EXPECT_TRUE(has(pages.get("/hendelser", {{"lang", "nn"}}).body, "Kven"));
}

TEST(Punctuality, ShowsHowTheLastRoundsWent) {
    const PagesOf pages{town()};
    const std::string body = pages.get("/punktlighet").body;
    EXPECT_TRUE(has(body, "id=\"utvikling\""));
    EXPECT_TRUE(has(body, "18.01.2021 50 %")) << "one of two in time";
    EXPECT_TRUE(has(body, "prosentpoeng"));
    const std::string one = pages.get("/punktlighet", {{"pulje", "pulje-4"}}).body;
    EXPECT_FALSE(has(one, "id=\"utvikling\"")) << "one round is no trend";
    EXPECT_TRUE(has(one, "Fjern filteret"));
    const std::string nn = pages.get("/punktlighet", {{"maal", "nn"}, {"format", "csv"}}).body;
    const std::string all = pages.get("/punktlighet", {{"format", "csv"}}).body;
    EXPECT_NE(nn, all);
    EXPECT_TRUE(has(pages.get("/punktlighet", {{"krav", "finst-ikkje"}}).body,
                    "Ingenting passer med filteret"));
}

TEST(Names, SortAsNorwegianAmongWhatIsDueAtOnce) {
    const PagesOf pages{town()};
    const std::string list = pages.get("/frister", {{"pulje", "pulje-5"}}).body;
    const auto place = [&](const std::string& name) {
        return list.find(">" + name + " kommune</a>");
    };
    EXPECT_LT(place("Tynset"), place("Østre Toten"));
}

TEST(Dates, ThatWereSimplyGivenAreNotDerived) {
    const PagesOf pages{town()};
    EXPECT_FALSE(has(pages.get("/sak/pulje-5/plan/tynset").body, "<li>man 2021-01-25</li>"));
    EXPECT_FALSE(has(pages.get("/krav/pulje-5/plan").body, "<li>man 2021-01-25</li>"));
    EXPECT_TRUE(has(pages.get("/sak/pulje-5/plan/tynset").body, "mandag 25. januar 2021"));
}

}  // namespace
}  // namespace fristvakt::tests
