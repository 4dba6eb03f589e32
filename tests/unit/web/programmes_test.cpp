#include "daemon/web/programmes/programmes.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "daemon/configuration/durable_folder.hpp"
#include "daemon/http/url.hpp"
#include "tests/browser/town.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/web/asked_pages.hpp"

/// Programmes, participants, deadlines and contacts by forms: shown first, done after, and written
/// where the next start finds them.
namespace fristvakt::tests {
namespace {

namespace fs = std::filesystem;
using namespace daemon;

class ProgrammesTest : public AskedPages {
 protected:
    ProgrammesTest() { serve(programmes_, pages_); }

    /// Sends a form, looks at what it would bring, and says yes.
    HttpResponse confirm(const std::string& path, const Form& form) {
        const HttpResponse seen = post(path, form);
        EXPECT_EQ(seen.status, 200) << seen.body;
        return post(path, last_form(seen.body));
    }
    workflows::Case find(const std::string& id) { return *town_.snapshot()->find_case(id).value(); }
    std::string due() {
        const auto& cohort = *town_.definitions()->find_cohort("pulje-5");
        return due_text(cohort.requirements.at(0).due).due;
    }
    /// What a start would load now.
    std::shared_ptr<const workflows::Definitions> reread() {
        return load_verified({}, state_).value().definitions;
    }
    std::int64_t sequence() { return town_.snapshot()->head().value().sequence; }

    const TemporaryFolder folder_;
    const fs::path& state_{folder_.path()};
    const std::string cohort_{"/ordninger/pulje/pulje-5"};
    Town town_;
    ProgrammeDesk desk_{
        {.config = {},
         .state = state_,
         .use = [this](const auto& loaded, const auto& who) { return town_.use(loaded, who); }},
        town_,
        configuration_files({}).value(),
        {}};
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Programmes programmes_{engines_, pages_, desk_};
};

TEST_F(ProgrammesTest, ReadingChangesNothing) {
    const auto before = sequence();
    for (const char* const path :
         {"/ordninger", "/ordninger/pulje/pulje-5", "/ordninger/pulje/pulje-5/ny",
          "/ordninger/pulje/pulje-5/frist/plan", "/kontakter", "/kontakter/person",
          "/kontakter/person?nokkel=gjovik/kari.lunde@gjovik.kommune.example&rad=0",
          "/kontakter/import", "/ordninger/konflikter", "/kontakter?format=csv"}) {
        for (const char* const lang : {"nb", "nn"}) {
            EXPECT_EQ(get(path, lang).status, 200) << path;
        }
    }
    for (const char* const path :
         {"/ordninger/pulje/pulje-9", "/ordninger/pulje/pulje-9/ny",
          "/ordninger/pulje/pulje-5/frist/x", "/kontakter/person?nokkel=gjovik/x@x.example&rad=0",
          "/kontakter/person?nokkel=gjovik/kari.lunde@gjovik.kommune.example&rad=7"}) {
        EXPECT_EQ(get(path).status, 404) << path;
    }
    EXPECT_EQ(sequence(), before);
    EXPECT_FALSE(fs::exists(state_ / "config"));
}

TEST_F(ProgrammesTest, ADeadlineIsShownMovedThenMoved) {
    const std::string path = cohort_ + "/frist/plan";
    const auto before = sequence();
    const HttpResponse seen = post(path, {{"due", "2021-02-15"}});
    EXPECT_EQ(seen.status, 200);
    EXPECT_TRUE(has(seen.body, "Ingenting er endret ennå"));
    EXPECT_TRUE(has(seen.body, "Kommer til"));
    EXPECT_TRUE(has(seen.body, "Tynset kommune"));
    EXPECT_FALSE(has(seen.body, "Gjøvik kommune")) << "whoever has delivered is told nothing";
    EXPECT_EQ(due(), "2021-01-25");
    EXPECT_EQ(sequence(), before);
    EXPECT_FALSE(fs::exists(state_ / "config"));
    const HttpResponse done = post(path, last_form(seen.body));
    EXPECT_EQ(done.status, 303) << done.body;
    EXPECT_EQ(header(done, "Location"), cohort_ + "?gjort=1");
    EXPECT_TRUE(has(get(header(done, "Location")).body, "Endringen er tatt i bruk"));
    EXPECT_EQ(due(), "2021-02-15");
    EXPECT_EQ(workflows::iso_date(find("pulje-5/plan/tynset").due->date), "2021-02-15");
    EXPECT_EQ(reread()->hash, town_.definitions()->hash) << "the next start finds the same";
}

TEST_F(ProgrammesTest, WhoDidItStandsInTheLog) {
    Form form{{"due", "2021-02-15"}};
    const HttpResponse seen = post(cohort_ + "/frist/plan", form);
    form = last_form(seen.body);
    form.emplace_back("hvem", "Ida Berg");
    EXPECT_EQ(post(cohort_ + "/frist/plan", form).status, 303);
    workflows::LogFilter filter;
    filter.kinds = {"configuration_used"};
    const auto log = town_.snapshot()->log(filter).value();
    ASSERT_FALSE(log.entries.empty());
    EXPECT_EQ(log.entries.front().entry.aside.at("who"), "Ida Berg");
}

TEST_F(ProgrammesTest, AnEndedParticipantsOpenCasesAreWithdrawn) {
    ASSERT_FALSE(find("pulje-5/plan/tynset").final);
    const HttpResponse seen = post(cohort_ + "/deltaker/avslutt", {{"organisasjon", "tynset"}});
    EXPECT_TRUE(has(seen.body, "1 åpen sak trekkes")) << seen.body;
    EXPECT_TRUE(has(seen.body, "/sak/pulje-5/plan/tynset"));
    EXPECT_TRUE(has(seen.body, "Faller bort"));
    EXPECT_FALSE(find("pulje-5/plan/tynset").final);
    EXPECT_EQ(post(cohort_ + "/deltaker/avslutt", last_form(seen.body)).status, 303);
    EXPECT_EQ(find("pulje-5/plan/tynset").state, "withdrawn");
    EXPECT_EQ(town_.definitions()->find_cohort("pulje-5")->find_participant("tynset"), nullptr);
    EXPECT_EQ(reread()->find_cohort("pulje-5")->find_participant("tynset"), nullptr);
    const std::string page = get("/sak/pulje-5/plan/tynset").body;
    EXPECT_TRUE(has(page, "Settes det inn igjen, åpnes saken av seg selv."));
    EXPECT_FALSE(has(page, ">Angre"));
    const HttpResponse back = post(cohort_ + "/deltaker/ny", {{"organisasjon", "tynset"}});
    EXPECT_TRUE(has(back.body, "1 sak åpnes igjen")) << back.body;
    EXPECT_TRUE(has(back.body, "/sak/pulje-5/plan/tynset"));
    EXPECT_EQ(post(cohort_ + "/deltaker/ny", last_form(back.body)).status, 303);
    EXPECT_FALSE(find("pulje-5/plan/tynset").final);
}

TEST_F(ProgrammesTest, ANewParticipantGetsACaseAtOnce) {
    EXPECT_EQ(confirm(cohort_ + "/deltaker/ny", {{"organisasjon", "udir"}}).status, 303);
    EXPECT_EQ(find("pulje-5/plan/udir").debtor, "udir");
    EXPECT_EQ(post(cohort_ + "/deltaker/ny", {{"organisasjon", "udir"}}).status, 409);
    EXPECT_EQ(post(cohort_ + "/deltaker/ny", {{"organisasjon", "atlantis"}}).status, 404);
}

TEST_F(ProgrammesTest, ANewCohortIsMadeFromTheOld) {
    const std::string form = get(cohort_ + "/ny").body;
    EXPECT_TRUE(has(form, "value=\"pulje-6\""));
    EXPECT_TRUE(has(form, "value=\"2022-01-25\""));
    EXPECT_TRUE(has(form, "Forrige gang: 2020/1234"));
    EXPECT_TRUE(has(get(cohort_ + "/ny?fra=2024-01-01").body, "value=\"2025-01-27\""))
        << "25 January 2025 is a Saturday";
    Form filled{{"id", "pulje-6"},
                {"from", "2021-01-01"},
                {"to", "2023-12-31"},
                {"krav", "plan"},
                {"opens:plan", "2022-01-04"},
                {"due:plan", "2022-01-25"},
                {"saksnummer:plan", "2021/7"},
                {"deltaker", "gjovik"},
                {"deltaker", "tynset"}};
    const HttpResponse seen = post(cohort_ + "/ny", filled);
    EXPECT_EQ(seen.status, 200) << seen.body;
    EXPECT_TRUE(has(seen.body, "Kommer til"));
    EXPECT_EQ(post(cohort_ + "/ny", last_form(seen.body)).status, 303);
    const auto* const cohort = town_.definitions()->find_cohort("pulje-6");
    ASSERT_NE(cohort, nullptr);
    EXPECT_EQ(cohort->participants.size(), 2U);
    EXPECT_EQ(cohort->requirements.at(0).deliver.case_number, "2021/7");
    EXPECT_TRUE(has(get("/ordninger").body, "pulje-6"));
    EXPECT_TRUE(has(get("/ordninger").body, "endret her"));
}

struct BadForm {
    const char* name;
    const char* path;
    Form form;
    int status;
    const char* says;
};

TEST_F(ProgrammesTest, ARefusedEditKeepsWhatWasTyped) {
    const Form taken{{"id", "pulje-5"}, {"from", "2021-02-03"},     {"to", "2023-12-31"},
                     {"krav", "plan"},  {"due:plan", "2022-01-27"}, {"deltaker", "gjovik"}};
    const std::string body = post("/ordninger/pulje/pulje-5/ny", taken).body;
    EXPECT_TRUE(has(body, "finnes allerede"));
    EXPECT_TRUE(has(body, "value=\"2021-02-03\""));
    EXPECT_TRUE(has(body, "value=\"2022-01-27\""));
    Form unfit = taken;
    unfit.front().second = "pulje-6";
    unfit.back().second = "atlantis";
    const std::string checked = post("/ordninger/pulje/pulje-5/ny", unfit).body;
    EXPECT_TRUE(has(checked, "value=\"2022-01-27\""));
    EXPECT_TRUE(has(checked, "<details class=\"ds-details\" id=\"kontrollen\">"));
}

TEST_F(ProgrammesTest, AFormWithMistakesComesBackAndChangesNothing) {
    const Form copy{{"id", "pulje-6"}, {"from", "2021-01-01"},     {"to", "2023-12-31"},
                    {"krav", "plan"},  {"due:plan", "2022-01-25"}, {"deltaker", "gjovik"}};
    const auto with = [&](const std::string& name, const std::string& value) {
        Form form = copy;
        for (auto& field : form) {
            field.second = field.first == name ? value : field.second;
        }
        return form;
    };
    const auto before = sequence();
    for (const BadForm& row : {
             BadForm{"no day",
                     "/ordninger/pulje/pulje-5/frist/plan",
                     {{"due", "31. mai"}},
                     422,
                     "Skriv en frist"},
             BadForm{"an hour of no day",
                     "/ordninger/pulje/pulje-5/frist/plan",
                     {{"due", "<script>"}},
                     422,
                     "&lt;script&gt;"},
             BadForm{"no id", "/ordninger/pulje/pulje-5/ny", with("id", "Å 6"), 422, "Pulje-id"},
             BadForm{"taken", "/ordninger/pulje/pulje-5/ny", with("id", "pulje-5"), 409,
                     "finnes allerede"},
             BadForm{"no period", "/ordninger/pulje/pulje-5/ny", with("to", "x"), 422, "Siste dag"},
             BadForm{"nobody", "/ordninger/pulje/pulje-5/ny", with("deltaker", "atlantis"), 422,
                     "Det kontrollen fant, på engelsk"},
             BadForm{"last requirement",
                     "/ordninger/pulje/pulje-5/krav/ta-ut",
                     {{"krav", "plan"}},
                     409,
                     "Den siste kan ikke tas ut"},
             BadForm{"no requirement",
                     "/ordninger/pulje/pulje-5/krav/ta-ut",
                     {{"krav", "x"}},
                     404,
                     "finnes ikke"},
             BadForm{"no participant",
                     "/ordninger/pulje/pulje-5/deltaker/avslutt",
                     {{"organisasjon", "udir"}},
                     404,
                     "finnes ikke"},
             BadForm{
                 "no address",
                 "/kontakter/person",
                 {{"organisation", "lom"}, {"name", "A"}, {"email", "a at b"}, {"roles", "rektor"}},
                 422,
                 "Skriv én e-postadresse"},
             BadForm{"no table", "/kontakter/import", {{"tabell", " \n"}}, 422, "Tabellen er tom"},
             BadForm{"a bad row",
                     "/kontakter/import",
                     {{"tabell", "Organisasjon;Navn;E-post;Roller\nlom;A;x;rektor"}},
                     422,
                     "Linje 2: «E-post» kan ikke leses"},
             BadForm{"no conflict",
                     "/ordninger/konflikter",
                     {{"slag", "pulje"}, {"id", "pulje-5"}, {"velg", "her"}},
                     404,
                     "finnes ikke"},
         }) {
        const HttpResponse answer = post(row.path, row.form);
        EXPECT_EQ(answer.status, row.status) << row.name << answer.body;
        EXPECT_TRUE(has(answer.body, row.says)) << row.name << answer.body;
        Form at_once = row.form;
        at_once.emplace_back("vist", "1");
        EXPECT_EQ(post(row.path, at_once).status, row.status) << row.name;
    }
    EXPECT_EQ(sequence(), before);
    EXPECT_FALSE(fs::exists(state_ / "config"));
}

TEST_F(ProgrammesTest, TheSecondOfTwoOfficersIsTold) {
    const std::string path = cohort_ + "/frist/plan";
    const HttpResponse first = post(path, {{"due", "2021-02-15"}});
    const HttpResponse second = post(path, {{"due", "2021-03-01"}});
    EXPECT_EQ(post(path, last_form(first.body)).status, 303);
    const HttpResponse late = post(path, last_form(second.body));
    EXPECT_EQ(late.status, 409);
    EXPECT_TRUE(has(late.body, "Noen andre kom først"));
    EXPECT_EQ(due(), "2021-02-15");
    // Whoever had only the form open is told before they see anything.
    Form old = last_form(get(path).body);
    (void)confirm(path, {{"due", "2021-02-22"}});
    old.emplace_back("due", "2021-03-01");
    EXPECT_EQ(post(path, old).status, 409);
    // Somebody else's contacts are no obstacle.
    Form open = last_form(get(path).body);
    open.emplace_back("due", "2021-03-08");
    EXPECT_EQ(confirm("/kontakter/person", {{"organisation", "lom"},
                                            {"name", "Ny"},
                                            {"email", "ny@lom.kommune.example"},
                                            {"roles", "ressursperson"}})
                  .status,
              303);
    EXPECT_EQ(post(path, open).status, 200);
}

TEST_F(ProgrammesTest, ContactsAreChangedTakenInAndTakenOut) {
    EXPECT_EQ(confirm("/kontakter/person", {{"nokkel", "gjovik/kari.lunde@gjovik.kommune.example"},
                                            {"rad", "0"},
                                            {"organisation", "gjovik"},
                                            {"name", "Kari Lunde"},
                                            {"email", "kari.lunde@gjovik.kommune.example"},
                                            {"roles", "ressursperson"},
                                            {"to", "2021-01-26"}})
                  .status,
              303);
    EXPECT_FALSE(has(get("/kontakter").body, "kari.lunde@"));
    EXPECT_TRUE(has(get("/kontakter?avsluttede=1").body, "kari.lunde@"));
    const std::string table = get("/kontakter?format=csv").body;
    EXPECT_TRUE(has(table, "kari.lunde@gjovik.kommune.example"));
    const HttpResponse again = post("/kontakter/import", {{"tabell", table}});
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_TRUE(has(again.body, "0 nye · 0 endres")) << "what goes out comes in as the same";
    const HttpResponse seen =
        post("/kontakter/import",
             {{"tabell",
               "Organisasjon\tNavn\tE-post\tRoller\nLom kommune\tNy\tny@lom.kommune.example\t"
               "ressursperson\n"}});
    EXPECT_TRUE(has(seen.body, "1 nye · 0 endres")) << seen.body;
    EXPECT_EQ(post("/kontakter/import", last_form(seen.body)).status, 303);
    EXPECT_EQ(town_.definitions()->contacts.back().email, "ny@lom.kommune.example");
}

TEST_F(ProgrammesTest, RightsHoldForEachProgrammeAndRegion) {
    const auto visitor = [&](workflows::Role role, workflows::Scope scope) {
        visitor_ = {.kind = Visitor::Kind::Person,
                    .address = "ida@sf.example",
                    .name = "Ida Berg",
                    .permissions = {{rights_of(role), std::move(scope)}}};
    };
    using workflows::Role;
    using workflows::Scope;
    const std::string move = cohort_ + "/frist/plan";
    const Form due_form{{"due", "2021-02-15"}};
    const Form lom{{"organisation", "lom"},
                   {"name", "Ny"},
                   {"email", "ny@lom.kommune.example"},
                   {"roles", "ressursperson"}};
    visitor(Role::Reader, {});
    EXPECT_EQ(get(cohort_).status, 200);
    EXPECT_FALSE(has(get(cohort_).body, "Flytt fristen"));
    EXPECT_EQ(get(move).status, 403);
    EXPECT_EQ(post(move, due_form).status, 403);
    EXPECT_EQ(post("/kontakter/person", lom).status, 403);
    visitor(Role::CaseOfficer, {Scope::Kind::Programme, "ibs"});
    EXPECT_EQ(post(move, due_form).status, 200);
    EXPECT_EQ(post("/kontakter/person", lom).status, 403);
    EXPECT_EQ(get("/ordninger/konflikter").status, 403);
    visitor(Role::CaseOfficer, {Scope::Kind::Programme, "other"});
    EXPECT_EQ(get(cohort_).status, 404);
    EXPECT_EQ(post(move, due_form).status, 404);
    visitor(Role::CaseOfficer, {Scope::Kind::Region, "lom"});
    EXPECT_EQ(post(move, due_form).status, 403) << "a region shares the programme with others";
    EXPECT_EQ(post("/kontakter/person", lom).status, 200);
    Form elsewhere = lom;
    elsewhere[0].second = "sf-innlandet";
    EXPECT_EQ(post("/kontakter/person", elsewhere).status, 403);
    elsewhere[0].second = "hamar";
    EXPECT_EQ(post("/kontakter/person", elsewhere).status, 422) << "they do not see it at all";
    EXPECT_EQ(due(), "2021-01-25");
    visitor(Role::Administrator, {});
    EXPECT_EQ(confirm(move, due_form).status, 303);
    workflows::LogFilter filter;
    filter.kinds = {"configuration_used"};
    EXPECT_EQ(town_.snapshot()->log(filter).value().entries.front().entry.aside.at("who"),
              "Ida Berg <ida@sf.example>");
}

TEST_F(ProgrammesTest, WhatCannotBeTakenIntoUseLeavesTheOldFiles) {
    (void)confirm(cohort_ + "/frist/plan", {{"due", "2021-02-15"}});
    const HttpResponse seen = post(cohort_ + "/frist/plan", {{"due", "2021-03-01"}});
    town_.set_unavailable(true);
    const HttpResponse late = post(cohort_ + "/frist/plan", last_form(seen.body));
    EXPECT_EQ(late.status, 503);
    EXPECT_TRUE(has(late.body, "Endringen er lagret, men er ikke tatt i bruk"));
    EXPECT_EQ(due(), "2021-02-15");
    town_.set_unavailable(false);
    EXPECT_TRUE(desk_.reload().ok());
    EXPECT_EQ(due(), "2021-03-01") << "the next reading takes it up";
}

TEST_F(ProgrammesTest, FilesThatWereChangedByHandAreNotWrittenOver) {
    (void)confirm(cohort_ + "/frist/plan", {{"due", "2021-02-15"}});
    const HttpResponse seen = post(cohort_ + "/frist/plan", {{"due", "2021-03-01"}});
    const fs::path file = state_ / "config" / "programmes" / "pulje-5.yaml";
    std::ofstream{file, std::ios::app} << "responsible: even.nygard@sf-innlandet.example\n";
    const HttpResponse late = post(cohort_ + "/frist/plan", last_form(seen.body));
    EXPECT_EQ(late.status, 409);
    EXPECT_TRUE(has(late.body, "rettet for hånd"));
    EXPECT_TRUE(desk_.reload().ok());
    EXPECT_EQ(town_.definitions()->find_cohort("pulje-5")->responsible,
              "even.nygard@sf-innlandet.example");
}

/// The folder of the installation as files, so that an operator may change it.
class ConflictTest : public ProgrammesTest {
 protected:
    ConflictTest() {
        const auto written = write_folder(config_, configuration_files({}).value());
        EXPECT_TRUE(written.ok());
        desk_over_files_ = std::make_unique<ProgrammeDesk>(
            ProgrammeDesk::Options{
                .config = config_,
                .state = state_,
                .use = [this](const auto& loaded,
                              const auto& who) { return town_.use(loaded, who); }},
            town_, configuration_files(config_).value(), integrations::Layer{});
        over_files_ = std::make_unique<Programmes>(engines_, pages_, *desk_over_files_);
        router_ = {};
        serve(*over_files_, pages_);
    }
    void operator_writes(const std::string& from, const std::string& to) {
        const fs::path file = config_ / "programmes" / "ibs-pulje-5-innlandet.yaml";
        std::ifstream in{file};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos);
        std::ofstream{file} << text.replace(at, from.size(), to);
    }

    const fs::path config_{state_ / "installation"};
    std::unique_ptr<ProgrammeDesk> desk_over_files_;
    std::unique_ptr<Programmes> over_files_;
};

TEST_F(ConflictTest, IsShownSideBySideAndGoesOnAsItWasUntilItIsSettled) {
    (void)confirm(cohort_ + "/frist/plan", {{"due", "2021-02-15"}});
    operator_writes("due: 2021-01-25", "due: 2021-02-01");
    const auto reloaded = desk_over_files_->reload();
    ASSERT_FALSE(reloaded.ok());
    EXPECT_TRUE(has(reloaded.error().message,
                    "config/programmes/pulje-5.yaml:1:1: error: the cohort pulje-5 was changed "
                    "here and in"))
        << reloaded.error().message;
    EXPECT_EQ(due(), "2021-02-15") << "what is in use goes on";
    EXPECT_TRUE(has(get("/ordninger").body, "/ordninger/konflikter"));
    const std::string shown = get("/ordninger/konflikter").body;
    EXPECT_TRUE(has(shown, "<mark>    due: 2021-02-01</mark>")) << shown;
    EXPECT_TRUE(has(shown, "<mark>    due: 2021-02-15</mark>"));
    EXPECT_TRUE(has(shown, "Slik det var"));
    const HttpResponse blocked = post(cohort_ + "/frist/plan", {{"due", "2021-03-01"}});
    EXPECT_EQ(blocked.status, 409);
    EXPECT_TRUE(has(blocked.body, "Velg først hva som skal gjelde"));
    EXPECT_EQ(
        confirm("/ordninger/konflikter", {{"slag", "pulje"}, {"id", "pulje-5"}, {"velg", "mappe"}})
            .status,
        303);
    EXPECT_EQ(due(), "2021-02-01");
    EXPECT_TRUE(has(get("/ordninger/konflikter").body, "Ingen konflikter"));
    EXPECT_TRUE(desk_over_files_->reload().ok());
    EXPECT_EQ(due(), "2021-02-01");
}

TEST_F(ConflictTest, WhatWasChangedHereCanBeKept) {
    (void)confirm(cohort_ + "/frist/plan", {{"due", "2021-02-15"}});
    operator_writes("due: 2021-01-25", "due: 2021-02-01");
    ASSERT_FALSE(desk_over_files_->reload().ok());
    EXPECT_EQ(
        confirm("/ordninger/konflikter", {{"slag", "pulje"}, {"id", "pulje-5"}, {"velg", "her"}})
            .status,
        303);
    EXPECT_EQ(due(), "2021-02-15");
    EXPECT_TRUE(desk_over_files_->reload().ok()) << "it is over";
    EXPECT_EQ(due(), "2021-02-15");
}

TEST_F(ConflictTest, AFolderThatChangedOnceMoreIsShownFirst) {
    (void)confirm(cohort_ + "/frist/plan", {{"due", "2021-02-15"}});
    operator_writes("due: 2021-01-25", "due: 2021-02-01");
    ASSERT_FALSE(desk_over_files_->reload().ok());
    const HttpResponse seen =
        post("/ordninger/konflikter", {{"slag", "pulje"}, {"id", "pulje-5"}, {"velg", "her"}});
    operator_writes("due: 2021-02-01", "due: 2021-02-08");
    ASSERT_FALSE(desk_over_files_->reload().ok());
    const HttpResponse late = post("/ordninger/konflikter", last_form(seen.body));
    EXPECT_EQ(late.status, 409);
    EXPECT_TRUE(has(late.body, "Noen andre kom først")) << late.body;
    EXPECT_TRUE(has(get("/ordninger/konflikter").body, "<mark>    due: 2021-02-08</mark>"));
}

TEST_F(ConflictTest, TheFolderMayChangeElsewhere) {
    (void)confirm(cohort_ + "/frist/plan", {{"due", "2021-02-15"}});
    std::ofstream{config_ / "contacts.csv", std::ios::app}
        << "lom,Ny,ny@lom.kommune.example,ressursperson,,,,\n";
    EXPECT_TRUE(desk_over_files_->reload().ok());
    EXPECT_EQ(due(), "2021-02-15");
    EXPECT_EQ(town_.definitions()->contacts.back().email, "ny@lom.kommune.example");
}

}  // namespace
}  // namespace fristvakt::tests
