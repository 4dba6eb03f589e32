#include <regex>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/web/pages_of.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;

class ScreenTest : public ::testing::Test {
 protected:
    // Reading changes nothing, so one town does for all.
    static Town& town() {
        static Town kTown;
        return kTown;
    }
    [[nodiscard]] std::string body(const std::string& path,
                                   std::vector<std::pair<std::string, std::string>> query = {}) {
        const HttpResponse response = pages_.get(path, std::move(query));
        EXPECT_EQ(response.status, 200) << path;
        return response.body;
    }
    PagesOf pages_{town()};
};

TEST_F(ScreenTest, TodayShowsWhatNeedsActionMostUrgentFirst) {
    const std::string today = body("/");
    for (const char* part :
         {"Forfalt uten svar", "Tynset kommune", "2 dager over", "Venter på oss", "Vågå kommune",
          "E-post som ikke kom fram", "mottakerens server avviste adressen", "Uten kontaktperson",
          "Går ut i dag og neste sendedag"}) {
        EXPECT_TRUE(has(today, part)) << part;
    }
    EXPECT_LT(today.find("Forfalt uten svar"), today.find("Venter på oss"));
    EXPECT_LT(today.find("Venter på oss"), today.find("E-post som ikke kom fram"));
    EXPECT_FALSE(has(today, "Ingenting krever handling"));
    EXPECT_TRUE(has(body("/", {{"lang", "nn"}}), "Forfalle utan svar"));
}

TEST(Today, SaysWhatGoesNextWhenThatIsDaysAway) {
    Town quiet{{.until = "2021-01-14T12:00", .demo_events = false}};
    const std::string page = PagesOf{quiet}.get("/").body;
    EXPECT_TRUE(has(page, "Går ut neste gang"));
    EXPECT_TRUE(has(page, "2021-01-20T08:00"));
    EXPECT_FALSE(has(page, "2021-01-26T08:00"));
}

TEST_F(ScreenTest, PlansAreDrawnInThreeWaysOfTheSameFilter) {
    for (const char* drawing : {"", "liste", "tidslinje"}) {
        const std::string page = body("/oversikt", {{"status", "claimed"}, {"visning", drawing}});
        EXPECT_TRUE(has(page, "Vågå kommune")) << drawing;
        EXPECT_FALSE(has(page, ">Tynset kommune<")) << drawing;
        // The chip that takes the filter off keeps the drawing.
        const std::string off = std::string{"href=\"/oversikt"} +
                                (*drawing == '\0' ? "" : std::string{"?visning="} + drawing) +
                                "\"><span class=\"ds-sr-only\">Fjern filteret";
        EXPECT_TRUE(has(page, off)) << drawing;
    }
    const std::string line = body("/oversikt", {{"visning", "tidslinje"}});
    EXPECT_TRUE(has(line, "<svg class=\"fv-timeline\""));
    EXPECT_TRUE(has(line, "<table class=\"ds-table fv-list\""));
}

TEST_F(ScreenTest, PlansAreFiltered) {
    struct Row {
        const char* name;
        const char* value;
        const char* in;
        const char* out;
    };
    for (const Row& row : {Row{"maal", "nn", "Skjåk kommune", "Gjøvik kommune"},
                           Row{"periode", "2021-var", "Gjøvik kommune", "Finnes ikke"},
                           Row{"uten-kontakt", "1", "Avvist", "Gjøvik kommune"},
                           Row{"avvik", "1", "Tynset kommune", "Lom kommune"}}) {
        const std::string page = body("/oversikt", {{row.name, row.value}, {"visning", "liste"}});
        EXPECT_TRUE(has(page, row.in)) << row.name;
        EXPECT_FALSE(has(page, row.out)) << row.name;
    }
    EXPECT_TRUE(has(body("/oversikt", {{"periode", "2031-var"}}), "Ingen treff"));
    EXPECT_TRUE(has(body("/oversikt", {{"periode", "x"}}), "Ingen treff"));
}

TEST_F(ScreenTest, DeadlinesStandByTime) {
    const std::string page = body("/frister");
    // Overdue since 25 January, and one that has until 12 February.
    EXPECT_LT(page.find("Tynset kommune"), page.find("Skjåk kommune"));
    EXPECT_TRUE(has(page, "<time datetime=\"2021-02-12\">12.02.2021</time><small>fredag"));
    EXPECT_TRUE(has(page, "Ingrid Haugen"));
    const std::string none = body("/frister", {{"uten-frist", "1"}, {"status", "overdue"}});
    EXPECT_TRUE(has(none, "Ingen frister passer"));
}

TEST_F(ScreenTest, DeadlinesStandInGroups) {
    struct Row {
        const char* grouping;
        const char* heading;
    };
    for (const Row& row : {Row{"krav", ">Kommunens plan <span class=\"fv-count\">12<"},
                           Row{"region", ">Statsforvalteren i Innlandet <span"},
                           Row{"ansvarlig", ">Ingrid Haugen <"},
                           Row{"uke", ">Uke 4 (25.01.2021–31.01.2021) <span"}}) {
        const std::string page = body("/frister", {{"grupper", row.grouping}});
        EXPECT_TRUE(has(page, row.heading)) << page;
        EXPECT_TRUE(has(page, std::string{"grupper="} + row.grouping + "\" aria-current"))
            << row.grouping;
    }
    const std::string weeks = body("/frister", {{"grupper", "uke"}, {"lang", "nn"}});
    EXPECT_LT(weeks.find(">Veke 4 ("), weeks.find(">Veke 6 ("));
    EXPECT_FALSE(has(body("/frister"), "id=\"gruppe-0\""));
    EXPECT_FALSE(has(body("/frister", {{"grupper", "x"}}), "id=\"gruppe-0\""));
    EXPECT_EQ(pages_.get("/frister", {{"grupper", "uke"}, {"format", "json"}}).body,
              pages_.get("/frister", {{"format", "json"}}).body);
}

TEST_F(ScreenTest, WhoeverIsResponsibleFindsTheirOwnCases) {
    Visitor officer{.kind = Visitor::Kind::Person,
                    .address = "ingrid.haugen@sf-innlandet.example",
                    .name = "Ingrid Haugen",
                    .permissions = {{rights_of(workflows::Role::CaseOfficer), {}}}};
    const auto page = [&](const std::string& path,
                          std::vector<std::pair<std::string, std::string>> query = {}) {
        return pages_.get(path, std::move(query), {}, officer).body;
    };
    const std::regex mine{"href=\"/oversikt.ansvarlig=(p[0-9a-f]{20})\">Mine saker<"};
    const std::string all = page("/oversikt");
    std::smatch link;
    ASSERT_TRUE(std::regex_search(all, link, mine)) << all;
    EXPECT_TRUE(has(page("/oversikt", {{"ansvarlig", link[1].str()}}), "Tynset kommune"));
    EXPECT_TRUE(has(page("/frister"), "ansvarlig=" + link[1].str() + "\">Bare mine saker<"));
    officer.address = "even.nygard@sf-innlandet.example";
    const std::string his = page("/oversikt");
    ASSERT_TRUE(std::regex_search(his, link, mine));
    EXPECT_TRUE(has(page("/oversikt", {{"ansvarlig", link[1].str()}}), "Ingen treff"));
    officer.address = "noen@sf-innlandet.example";
    EXPECT_FALSE(has(page("/oversikt"), "Mine saker"));
    EXPECT_FALSE(has(body("/oversikt"), "Mine saker")) << "nobody signs in";
}

TEST_F(ScreenTest, EveryListIsAFile) {
    for (const char* path : {"/oversikt", "/frister", "/utboks", "/hendelser", "/punktlighet",
                             "/moter", "/organisasjon/gjovik", "/krav/pulje-5/plan", "/drift"}) {
        const HttpResponse csv = pages_.get(path, {{"format", "csv"}});
        EXPECT_EQ(csv.status, 200) << path;
        EXPECT_TRUE(csv.body.starts_with("\xEF\xBB\xBF")) << path;
        EXPECT_TRUE(has(header(csv, "Content-Disposition"), "-2021-01-27.csv")) << path;
        const HttpResponse json = pages_.get(path, {{"format", "json"}});
        EXPECT_TRUE(nlohmann::json::parse(json.body).at("rows").is_array()) << path;
        EXPECT_TRUE(pages_.get(path, {{"format", "xlsx"}}).body.starts_with("PK")) << path;
        EXPECT_EQ(pages_.get(path, {{"format", "exe"}}).status, 404) << path;
    }
    const HttpResponse calendar = pages_.get("/frister", {{"format", "ics"}});
    EXPECT_EQ(header(calendar, "Content-Type"), "text/calendar; charset=utf-8");
    EXPECT_TRUE(has(calendar.body, "DTSTART;VALUE=DATE:20210212\r\n"));
    // The same filter, and nothing that pages leave out.
    const HttpResponse few = pages_.get("/oversikt", {{"format", "json"}, {"status", "claimed"}});
    EXPECT_EQ(nlohmann::json::parse(few.body).at("rows").size(), 1U);
    EXPECT_EQ(pages_.get("/", {{"format", "csv"}}).status, 404);
}

TEST_F(ScreenTest, AnOrganisationHasItsWholeStory) {
    const std::string page = body("/organisasjon/skjak");
    for (const char* part : {"nynorsk", "3433", "Kommunens plan", "Kontaktpersoner",
                             "ga lengre frist", "id=\"historikk\""}) {
        EXPECT_TRUE(has(page, part)) << part;
    }
    const std::string messages = body("/organisasjon/skjak", {{"historikk", "meldinger"}});
    EXPECT_FALSE(has(messages, "ga lengre frist"));
    EXPECT_TRUE(has(messages, "14 dager før fristen"));
    EXPECT_EQ(pages_.get("/organisasjon/finnes-ikke").status, 404);
}

TEST_F(ScreenTest, ARequirementShowsItsLadderAndItsNotices) {
    const std::string page = body("/krav/pulje-5/plan", {{"varsel", "overdue"}, {"til", "skjak"}});
    for (const char* part :
         {"<svg class=\"fv-ladder\"", "3 arbeidsdager før fristen", "2020/1234", "Hvem det gjelder",
          "Fristen er ute: Planen til kommunen", "sandbox"}) {
        EXPECT_TRUE(has(page, part)) << part;
    }
    const HttpResponse notice = pages_.get(
        "/krav/pulje-5/plan/varsel", {{"varsel", "overdue"}, {"til", "skjak"}, {"form", "nb"}});
    EXPECT_EQ(notice.status, 200);
    EXPECT_TRUE(has(notice.body, "Fristen er ute"));
    EXPECT_TRUE(has(header(notice, "Content-Security-Policy"), "sandbox"));
    EXPECT_EQ(pages_.get("/krav/pulje-5/finnes-ikke").status, 404);
    EXPECT_EQ(pages_.get("/krav/finnes-ikke/plan/varsel").status, 404);
}

TEST_F(ScreenTest, TheOutboxHasWhatIsPlannedToo) {
    const std::string planned = body("/utboks", {{"tilstand", "planlagt"}});
    EXPECT_TRUE(has(planned, "Tynset kommune"));
    EXPECT_TRUE(has(planned, "02.02.2021 kl. 08.00"));
    EXPECT_TRUE(has(body("/utboks", {{"tilstand", "failed"}}), "Lars Eide"));
}

TEST_F(ScreenTest, TheLogIsFilteredAndPaged) {
    const std::string all = body("/hendelser");
    EXPECT_TRUE(has(all, "ga lengre frist"));
    EXPECT_TRUE(has(all, "Skjåk kommune"));
    const std::string operation = body("/hendelser", {{"slag", "drift"}});
    EXPECT_TRUE(has(operation, "Oppsettet ble tatt i bruk"));
    EXPECT_FALSE(has(operation, "ga lengre frist"));
    const std::string early = body("/hendelser", {{"slag", "hendelser"}, {"til", "2021-01-15"}});
    EXPECT_TRUE(has(early, "Lillehammer kommune"));
    EXPECT_FALSE(has(early, "ga lengre frist"));
    const auto file = nlohmann::json::parse(
        pages_.get("/hendelser", {{"format", "json"}, {"slag", "hendelser"}}).body);
    EXPECT_TRUE(has(file.at("rows").dump(), "<b>planen</b>"));
}

TEST_F(ScreenTest, PunctualityCountsWhatCameInTime) {
    const auto file = nlohmann::json::parse(pages_.get("/punktlighet", {{"format", "json"}}).body);
    ASSERT_EQ(file.at("rows").size(), 1U);
    const auto& row = file.at("rows").front();
    // Two were received in time, one claimed on the last day and one a day late; one is exempt.
    EXPECT_EQ(row.at("exempt"), 1);
    EXPECT_GE(row.at("in_time").get<int>(), 3);
    EXPECT_GT(row.at("missing").get<int>(), 5);
    EXPECT_GT(row.at("reminders").get<int>(), 20);
}

TEST_F(ScreenTest, OperationSaysWhatItWorksFromAndThatTheBooksBalance) {
    const std::string page = body("/drift");
    EXPECT_TRUE(has(page, town().definitions()->hash.substr(0, 12)));
    EXPECT_TRUE(has(page, "regnskapet går opp"));
    EXPECT_TRUE(has(page, "1.2.3"));
}

TEST_F(ScreenTest, SearchFindsNamesAndNumbers) {
    for (const char* asked : {"gjøvik", "GJØVIK", "3407"}) {
        EXPECT_TRUE(has(body("/sok", {{"q", asked}}), "/organisasjon/gjovik")) << asked;
    }
    EXPECT_TRUE(has(body("/sok", {{"q", "2020/1234"}}), "/krav/pulje-5/plan"));
    EXPECT_TRUE(has(body("/sok", {{"q", "pulje-5/plan/sel"}}), "/sak/pulje-5/plan/sel"));
    EXPECT_TRUE(has(body("/sok", {{"q", "<script>"}}), "Ingen treff"));
    EXPECT_TRUE(has(body("/sok"), "Skriv minst to tegn"));
}

TEST_F(ScreenTest, AnUnchangedPageCostsNothing) {
    const HttpResponse first = pages_.get("/oversikt");
    const std::string state = header(first, "ETag");
    ASSERT_FALSE(state.empty());
    const HttpResponse again = pages_.get("/oversikt", {}, {{"if-none-match", state}});
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(pages_.get("/oversikt", {{"lang", "nn"}}, {{"if-none-match", state}}).status, 200);
    EXPECT_EQ(pages_.get("/oversikt", {}, {{"if-none-match", "\"x\""}}).status, 200);
    EXPECT_TRUE(has(first.body, "<meta name=\"fristvakt-state\""));
}

/// What stands in the last column of a kommune's row.
std::string last_contact(const PagesOf& pages, const std::string& organisation,
                         const Visitor& visitor = local_visitor()) {
    const std::string body = pages.get("/oversikt", {}, {}, visitor).body;
    const auto row = body.find("id=\"r-pulje-5-" + organisation + "\"");
    const auto end = body.find("</tr>", row);
    const auto cell = body.rfind("<td>", end);
    return row == std::string::npos ? "no such row" : body.substr(cell + 4, end - cell - 9);
}

TEST(LastContact, IsTheLastMessageAnswerOrNote) {
    Town town;
    const PagesOf pages{town};
    const auto cell = [](const std::string& day, const std::string& kind) {
        return "<time datetime=\"2021-01-" + day + "\">" + day + ".01.2021</time><small>" + kind +
               "</small>";
    };
    EXPECT_EQ(last_contact(pages, "tynset"), cell("26", "sendt"));
    EXPECT_EQ(last_contact(pages, "vaga"), cell("25", "svar"));
    EXPECT_EQ(last_contact(pages, "sel"), cell("26", "notat"));
    // What happens later is found without reading everything anew, and of all that is shown.
    EXPECT_TRUE(has(pages.get("/oversikt", {{"status", "claimed"}}).body, "svar"));
    daemon::RaiseEvent noted;
    noted.event.case_id = "pulje-5/plan/tynset";
    noted.event.name = "noted";
    noted.event.fields = {{"text", "Ringte"}};
    ASSERT_TRUE(town.raise(noted).ok());
    EXPECT_EQ(last_contact(pages, "tynset"), cell("27", "notat"));
    EXPECT_EQ(last_contact(pages, "vaga"), cell("25", "svar"));
    // Whoever sees a part sees the same there.
    const Visitor part{.kind = Visitor::Kind::Person,
                       .address = "eva@tynset.kommune.example",
                       .permissions = {{rights_of(workflows::Role::Reader),
                                        {workflows::Scope::Kind::Region, "tynset"}}}};
    EXPECT_EQ(last_contact(pages, "tynset", part), cell("27", "notat"));
    EXPECT_EQ(last_contact(pages, "vaga", part), "no such row");
}

TEST(LastContact, IsNotAMessageToOurselves) {
    Town town{{.until = "2021-02-10T12:00", .demo_events = false, .refused = ""}};
    const PagesOf pages{town};
    const std::string cell = last_contact(pages, "hamar");
    EXPECT_TRUE(has(cell, "datetime=\"2021-02-02\"")) << cell;
    EXPECT_TRUE(
        has(pages.get("/oversikt", {{"format", "json"}}).body, "\"last_contact\": \"2021-02-02\""));
}

TEST(ChangedTown, HasAnotherState) {
    Town town;
    const PagesOf pages{town};
    const std::string before = header(pages.get("/oversikt"), "ETag");
    ASSERT_TRUE(town.hold("Prøve", "").ok());
    EXPECT_EQ(pages.get("/oversikt", {}, {{"if-none-match", before}}).status, 200);
}

TEST(QuietTown, SaysWhatHappensNext) {
    Town town{{.from = "2021-01-02T12:00",
               .until = "2021-01-02T12:00",
               .demo_events = false,
               .refused = ""}};
    const PagesOf pages{town};
    // Nobody at one participant is there to be written to; that is all there is to do.
    for (const auto& [path, part] : std::vector<std::pair<std::string, std::string>>{
             {"/frister", "Ingen frister venter. Nye kommer når et krav åpner."},
             {"/punktlighet", "Ingen krav har åpnet ennå"},
             {"/organisasjon/gjovik", "Ingen kontakt ennå med"},
             {"/krav/pulje-5/plan", "Kravet åpner mandag 4. januar 2021 for 16"},
             {"/utboks", "Ingen meldinger ennå"}}) {
        EXPECT_TRUE(has(pages.get(path).body, part)) << path;
    }
}

}  // namespace
}  // namespace fristvakt::tests
