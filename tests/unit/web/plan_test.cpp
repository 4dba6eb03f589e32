#include "daemon/configuration/programme_desk.hpp"
#include "daemon/feeds/feed_contents.hpp"
#include "daemon/web/deadline_entry.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "tests/browser/town.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/web/asked_pages.hpp"
#include "workflows/decision/meeting.hpp"

/// The activity plan of a cohort: the table, the semester's picture, the form of a row, and what
/// follows from it.
namespace fristvakt::tests {
namespace {

using namespace daemon;
using integrations::calendar::WholeDays;

integrations::ConfigurationFiles folder() {
    auto files = configuration_files({}).value();
    for (const auto& [path, text] : files_with_plan()) {
        files.files.insert_or_assign(path, text);
    }
    return files;
}

class PlanTest : public AskedPages {
 protected:
    explicit PlanTest(const std::string& until = Town::Options{}.until)
        : town_{Town::Options{.until = until, .files = files_with_plan()}} {
        serve(programmes_, pages_);
    }

    static Form row(const std::string& when) {
        return {{"what", "Nasjonal samling"},
                {"when", when},
                {"who", "ressursgruppe eiere embetet"},
                {"kind", "meeting"},
                {"place", "Gardermoen"},
                {"responsible", "Udir"}};
    }
    HttpResponse confirm(const std::string& path, const Form& form) {
        const HttpResponse seen = post(path, form);
        EXPECT_EQ(seen.status, 200) << seen.body;
        return post(path, last_form(seen.body));
    }
    workflows::Case find(const std::string& id) { return *town_.snapshot()->find_case(id).value(); }
    std::vector<std::string> in_feed(integrations::StoredFeed::Of of, const std::string& subject) {
        integrations::StoredFeed stored;
        stored.of = of;
        stored.subject = subject;
        const auto snapshot = town_.snapshot();
        std::vector<std::string> out;
        for (const auto& entry :
             feed_contents(stored, *town_.definitions(), *snapshot, town_.health().now)
                 .value()
                 .entries) {
            out.push_back(entry.uid.substr(entry.uid.find("pulje-5/")));
        }
        return out;
    }
    static bool holds(const std::vector<std::string>& all, const std::string& one) {
        return std::ranges::find(all, one) != all.end();
    }

    const TemporaryFolder state_;
    const std::string plan_{"/ordninger/pulje/pulje-5/plan"};
    const std::string gathering_{"pulje-5/nasjonal-samling"};
    Town town_;
    ProgrammeDesk desk_{
        {.config = {},
         .state = state_.path(),
         .use = [this](const auto& loaded, const auto& who) { return town_.use(loaded, who); }},
        town_,
        folder(),
        {}};
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Programmes programmes_{engines_, pages_, desk_};
};

/// Behind the gathering, ahead of the course.
class HeldPlanTest : public PlanTest {
 protected:
    HeldPlanTest() : PlanTest("2021-02-18T12:00") {}
};

TEST_F(HeldPlanTest, ARowSaysWhatOfItHasBeen) {
    const std::string row = plan_ + "/rad/nasjonal-samling";
    EXPECT_FALSE(has(get(row).body, "Holdt eller avsluttet"));
    RaiseEvent command;
    command.event.case_id = gathering_;
    command.event.name = "held";
    command.event.by = workflows::Actor::Creditor;
    ASSERT_TRUE(town_.raise(command).ok());
    EXPECT_TRUE(has(get(row).body, "Holdt eller avsluttet: 16.02.2021."));
    EXPECT_TRUE(has(get(row, "nn").body, "Halde eller avslutta: 16.02.2021."));
    EXPECT_FALSE(has(get(plan_ + "/rad/kurs-i-laeringsmiljo").body, "Holdt eller avsluttet"));
}

TEST_F(PlanTest, IsTheTableThatWasTypedWithWhatHasBecomeOfEachRow) {
    const std::string page = get(plan_).body;
    EXPECT_TRUE(has(page, "Aktivitetsplan – "));
    EXPECT_TRUE(has(page, "16.-17.02.2021")) << "as it was typed";
    EXPECT_TRUE(has(page, "10., 17. og 24. mars 2021 kl. 09.00–12.00"));
    EXPECT_TRUE(has(page, "Gardermoen"));
    EXPECT_TRUE(has(page, "Ada &lt;Moe&gt;"));
    EXPECT_TRUE(has(page, "Ingrid Haugen")) << "who has that address";
    EXPECT_TRUE(has(page, "/sak/pulje-5/nasjonal-samling"));
    EXPECT_TRUE(has(page, "/sak/pulje-5/kurs-i-laeringsmiljo/3"));
    EXPECT_TRUE(has(page, "24.03.2021 "));
    EXPECT_TRUE(has(page, "/krav/pulje-5/evaluering"));
    EXPECT_TRUE(has(page, "0 av 15 har levert"));
    EXPECT_TRUE(has(page, "id=\"tl-2021-var\"")) << "the semester's picture";
    EXPECT_FALSE(has(page, "id=\"tl-2021-host\""));
    EXPECT_TRUE(has(page, "Skoleeierne"));
    EXPECT_TRUE(has(page, plan_ + "/rad/nasjonal-samling"));
    const std::string nn = get(plan_, "nn").body;
    EXPECT_TRUE(has(nn, "Skuleeigarane"));
    EXPECT_TRUE(has(nn, "våren 2021"));
    const std::string file = get(plan_ + "?format=csv").body;
    EXPECT_TRUE(has(file, "2021-02-16/2021-02-17"));
    EXPECT_FALSE(has(file, "Endre"));
    EXPECT_TRUE(has(get("/ordninger/pulje/pulje-5").body, "href=\"" + plan_ + "\""));
    EXPECT_EQ(get("/ordninger/pulje/pulje-9/plan").status, 404);
}

TEST_F(PlanTest, DaysWithoutTimesAreShownAndFedAsDays) {
    const std::string page = get("/sak/" + gathering_).body;
    EXPECT_TRUE(has(page, "tirsdag 16. februar 2021 til onsdag 17. februar 2021"));
    EXPECT_FALSE(has(page, "februar 2021 kl. 00.00"));
    EXPECT_FALSE(has(page, "2021-02-16T00:00")) << "in its history neither";
    EXPECT_TRUE(has(get("/moter").body, "tirsdag 16. februar 2021 til onsdag 17. februar 2021"));
    const std::string file = get("/moter?format=ics").body;
    EXPECT_TRUE(has(file, "DTSTART;VALUE=DATE:20210216\r\nDTEND;VALUE=DATE:20210218\r\n"));
    EXPECT_TRUE(has(file, "DTSTART;TZID=Europe/Oslo:20210323T090000\r\n")) << "at its time";
    const auto entry =
        deadline_entry(find(gathering_), *town_.definitions(), workflows::Language::Nb).value();
    EXPECT_EQ(std::get<WholeDays>(entry.when),
              (WholeDays{*workflows::parse_iso_date("2021-02-16"),
                         *workflows::parse_iso_date("2021-02-17")}));
    EXPECT_TRUE(entry.is_busy);
    const auto course = deadline_entry(find("pulje-5/kurs-i-laeringsmiljo/2"), *town_.definitions(),
                                       workflows::Language::Nn)
                            .value();
    EXPECT_FALSE(std::holds_alternative<WholeDays>(course.when));
    EXPECT_EQ(course.description, "Forelesar: Ada <Moe>");
}

TEST_F(PlanTest, WhoeverIsInAGroupHasItInTheirCalendar) {
    using Of = integrations::StoredFeed::Of;
    const std::string course{"pulje-5/kurs-i-laeringsmiljo"};
    const auto ours = in_feed(Of::Organisation, "sf-innlandet");
    EXPECT_TRUE(holds(ours, gathering_)) << "the creditor's own people are called";
    const auto kommune = in_feed(Of::Organisation, "gjovik");
    EXPECT_TRUE(holds(kommune, gathering_));
    EXPECT_TRUE(holds(kommune, course + "/2"));
    const auto person = in_feed(Of::Person, "kari.lunde@gjovik.kommune.example");
    EXPECT_TRUE(holds(person, gathering_));
    EXPECT_TRUE(holds(person, "pulje-5/evaluering/gjovik"));
}

TEST_F(PlanTest, ARowIsShownThenMovedAndAllFollows) {
    const std::string path = plan_ + "/rad/nasjonal-samling";
    const std::string form = get(path).body;
    EXPECT_TRUE(has(form, "value=\"16.-17.02.2021\""));
    EXPECT_TRUE(has(form, "Ressurspersonene (ressursgruppe)"));
    const HttpResponse seen = post(path, row("23.–24. februar 2021"));
    EXPECT_EQ(seen.status, 200) << seen.body;
    EXPECT_TRUE(has(seen.body, "Ingenting er endret ennå"));
    EXPECT_EQ(workflows::written(workflows::meeting_time(find(gathering_))->start),
              "2021-02-16T00:00");
    const HttpResponse done = confirm(path, row("23.–24. februar 2021"));
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(workflows::written(workflows::meeting_time(find(gathering_))->end),
              "2021-02-25T00:00");
    const std::string page = get(plan_ + "?gjort=1").body;
    EXPECT_TRUE(has(page, "Endringen er tatt i bruk."));
    EXPECT_TRUE(has(page, "23.–24. februar 2021"));
    EXPECT_TRUE(has(get("/ordninger").body, "endret her"));
}

TEST_F(PlanTest, ANewDeliveryIsOwedByItsGroup) {
    const Form form{{"what", "Lokal plan"},
                    {"when", "1. mars 2021"},
                    {"who", "Skoleeierne"},
                    {"kind", "delivery"}};
    EXPECT_EQ(get(plan_ + "/ny").status, 200);
    EXPECT_EQ(confirm(plan_ + "/ny", form).status, 303);
    const std::string page = get(plan_).body;
    EXPECT_TRUE(has(page, "/krav/pulje-5/lokal-plan"));
    EXPECT_LT(page.find("Lokal plan"), page.rfind("Kurs i læringsmiljø"));
    const auto* const requirement =
        town_.definitions()->find_cohort("pulje-5")->find_requirement("lokal-plan");
    ASSERT_NE(requirement, nullptr);
    EXPECT_EQ(
        workflows::iso_date(
            find("pulje-5/lokal-plan/" +
                 workflows::debtors_of(*town_.definitions()->find_cohort("pulje-5"), *requirement)
                     .front())
                .due->date),
        "2021-03-01");
}

TEST_F(PlanTest, SuggestionsAreCountedAndNotMissed) {
    const Form form{{"what", "Temaer til høsten"},
                    {"when", "1. mars 2021"},
                    {"who", "Skoleeierne"},
                    {"kind", "suggestions"}};
    EXPECT_EQ(confirm(plan_ + "/ny", form).status, 303);
    EXPECT_TRUE(has(get(plan_).body, "0 har gitt innspill"));
    EXPECT_TRUE(has(get("/krav/pulje-5/temaer-til-hosten").body, "Åpent for innspill"));
    const std::string missing = get("/frister?format=csv&krav=temaer-til-hosten").body;
    EXPECT_FALSE(has(missing, "temaer-til-hosten/")) << missing;
}

TEST_F(PlanTest, ARowThatIsTakenOutTakesItsCasesAlong) {
    const std::string path = plan_ + "/rad/evaluering";
    const HttpResponse seen = post(path, {{"gjor", "ta-ut"}});
    EXPECT_TRUE(has(seen.body, "15 åpne saker trekkes")) << seen.body;
    EXPECT_EQ(post(path, last_form(seen.body)).status, 303);
    EXPECT_EQ(find("pulje-5/evaluering/gjovik").state, "withdrawn");
    EXPECT_FALSE(has(get(plan_).body, "Evaluering"));
    EXPECT_EQ(get(path).status, 404);
}

TEST_F(PlanTest, ACancelledRowSaysWhy) {
    auto form = row("16.-17.02.2021");
    form.emplace_back("cancelled", "Foreleseren er syk");
    EXPECT_EQ(confirm(plan_ + "/rad/nasjonal-samling", form).status, 303);
    EXPECT_EQ(find(gathering_).state, "cancelled");
    const std::string page = get(plan_).body;
    EXPECT_TRUE(has(page, "Avlyst: Foreleseren er syk"));
}

TEST_F(PlanTest, WhatCannotBeIsSaidByTheField) {
    const std::string path = plan_ + "/rad/nasjonal-samling";
    const auto refused = [&](Form form) {
        const HttpResponse answer = post(path, std::move(form));
        EXPECT_EQ(answer.status, 422);
        return answer.body;
    };
    const std::string no_year = refused(row("16.-17. februar"));
    EXPECT_TRUE(has(no_year, "Når: skriv året også"));
    EXPECT_TRUE(has(no_year, "href=\"#f-when\""));
    EXPECT_TRUE(has(no_year, "value=\"16.-17. februar\"")) << "what was typed is not lost";
    EXPECT_TRUE(has(refused(row("onsdag 16. februar 2021")), "ukedagen passer ikke"));
    EXPECT_TRUE(has(refused(row("16.02.2021 kl. 9")), "skriv også når møtet slutter"));
    EXPECT_TRUE(has(refused(row("til våren")), "Når: skriv slik: 14.08.2018"));
    auto nobody = row("16.02.2021");
    nobody[2].second = "styret";
    EXPECT_TRUE(has(refused(nobody), "en eller flere av gruppene"));
    auto delivery = row("16.02.2021");
    delivery[3].second = "delivery";
    delivery.emplace_back("cancelled", "Nei");
    EXPECT_TRUE(has(refused(delivery), "En levering avlyses ikke"));
}

TEST_F(PlanTest, OtherFormsLeadHere) {
    EXPECT_TRUE(has(get("/sak/" + gathering_).body, plan_ + "/rad/nasjonal-samling"));
    EXPECT_TRUE(has(get("/moter").body, plan_ + "/rad/kurs-i-laeringsmiljo"));
    const HttpResponse moved = get("/ordninger/pulje/pulje-5/mote/nasjonal-samling");
    EXPECT_EQ(moved.status, 303);
    const std::string cohort = get("/ordninger/pulje/pulje-5").body;
    EXPECT_TRUE(has(cohort, plan_ + "/rad/evaluering"));
    EXPECT_FALSE(has(cohort, "/frist/evaluering"));
}

}  // namespace
}  // namespace fristvakt::tests
