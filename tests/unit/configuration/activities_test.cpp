#include "workflows/definition/activities.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/configuration/shipped.hpp"
#include "workflows/definition/groups.hpp"
#include "workflows/definition/meetings.hpp"

// Groups of a programme, and its activity plan as a table: what the rows call for, and of whom.

namespace fristvakt {
namespace {

using integrations::ConfigurationFiles;
using integrations::load_configuration;
using integrations::LoadedConfiguration;
using workflows::Cohort;
using workflows::Definitions;
using workflows::Meeting;
using workflows::Requirement;
using Lines = std::vector<std::string>;

constexpr const char* kProgramme = R"(programme: ibs
title: {nb: Inkluderende miljø, nn: Inkluderande miljø}
cohort: enhetene
period: {from: 2018-01-01, to: 2020-06-30}
creditor: vestby
participants: [asen-skole, bjerke-skole, solhoi-barnehage]
requirements: []
groups:
  styringsgruppe:
    title: {nb: Styringsgruppen, nn: Styringsgruppa}
    roles: [skolesjef, barnehagesjef]
    organisations: [vestby]
  prosjektledere:
    title: {nb: Prosjektledere, nn: Prosjektleiarar}
    roles: [prosjektleder]
  referansegruppe:
    title: {nb: Barnehage og skole, nn: Barnehage og skule}
    people: [pl@asen.example, pl@solhoi.example]
  skolene:
    title: {nb: Alle på skolene, nn: Alle på skulane}
    organisations: [asen-skole, bjerke-skole]
)";

constexpr const char* kPlan =
    "what,when,who,kind,place,lecturer,responsible\n"
    "Nasjonal samling,16.-17.01.2018,styringsgruppe prosjektledere,meeting,Gardermoen,,Udir\n"
    "Kurs: Læringsmiljø,\"10., 17. og 24. april 2018 kl. 09.00–12.00\","
    "Styringsgruppen og prosjektledere,course,Rådhuset,Ada Moe,leder@vestby.example\n"
    "Lokal plan,14.08.2018,prosjektledere,delivery,,,\n"
    "Evaluering,2018-11-01/2018-11-15,skolene,delivery,,,\n"
    "Verksted,6. november 2019 kl. 12.00-15.30,barnehage og skole,meeting,Åsen,,\n";

ConfigurationFiles folder(const std::string& plan = kPlan,
                          const std::string& programme = kProgramme) {
    return {.name = "v",
            .files = {
                {"fristvakt.yaml",
                 "name: {nb: Vestby kommune, nn: Vestby kommune}\norganisation: vestby\n"
                 "mail: {from: fristvakt@vestby.example}\n"},
                {"organisations.csv",
                 "id,name,kind,number,parent,language,email\n"
                 "vestby,Vestby kommune,kommune,3019,,nb,post@vestby.example\n"
                 "asen-skole,Åsen skole,skole,,vestby,nb,post@asen.example\n"
                 "bjerke-skole,Bjerke skole,skole,,vestby,nb,post@bjerke.example\n"
                 "solhoi-barnehage,Solhøi barnehage,barnehage,,vestby,nn,post@solhoi.example\n"},
                {"contacts.csv",
                 "organisation,name,email,roles,from,to\n"
                 "vestby,Liv Dal,leder@vestby.example,skolesjef saksbehandler,,\n"
                 "vestby,Geir Ås,geir@vestby.example,barnehagesjef saksbehandler,,2018-03-31\n"
                 "vestby,Eva Lund,eva@vestby.example,barnehagesjef,2018-04-01,\n"
                 "asen-skole,Per Li,pl@asen.example,prosjektleder ressursperson,,\n"
                 "asen-skole,Ola Li,ola@asen.example,larer,,\n"
                 "bjerke-skole,Ann Vik,ann@bjerke.example,ressursperson,,\n"
                 "solhoi-barnehage,Siv Moe,pl@solhoi.example,prosjektleder ressursperson,,\n"},
                {"programmes/enhetene.yaml", programme},
                {"activities/enhetene.csv", plan},
            }};
}

LoadedConfiguration load(const ConfigurationFiles& files) {
    return load_configuration(files, tests::default_files());
}

Lines addresses(const Definitions& definitions, const std::string& meeting, std::size_t date = 0) {
    const Cohort& cohort = definitions.cohorts.front();
    const Meeting& known = *cohort.find_meeting(meeting);
    Lines out;
    for (const auto* contact :
         workflows::called_to(cohort, known, known.dates.at(date), definitions)) {
        out.push_back(contact->email);
    }
    return out;
}

Lines cases_of(const Definitions& definitions) {
    Lines out;
    for (const auto& planned :
         workflows::planned_cases(definitions, definitions.cohorts.front(),
                                  workflows::parse_iso_date("2018-01-01").value(),
                                  workflows::parse_iso_date("2029-01-01").value())) {
        out.push_back(planned.id + " " + workflows::iso_date(planned.due.date));
    }
    std::ranges::sort(out);
    return out;
}

TEST(ActivityPlan, RowsAreMeetingsAndDeliveriesOfTheirGroups) {
    const auto loaded = load(folder());
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    const Definitions& definitions = *loaded.definitions;
    EXPECT_EQ(
        cases_of(definitions),
        (Lines{"enhetene/evaluering/asen-skole 2018-11-15",
               "enhetene/evaluering/bjerke-skole 2018-11-15",
               "enhetene/kurs-laeringsmiljo 2018-04-10", "enhetene/kurs-laeringsmiljo/2 2018-04-17",
               "enhetene/kurs-laeringsmiljo/3 2018-04-24",
               "enhetene/lokal-plan/asen-skole 2018-08-14",
               "enhetene/lokal-plan/solhoi-barnehage 2018-08-14",
               "enhetene/nasjonal-samling 2018-01-16", "enhetene/verksted 2019-11-06"}));
    EXPECT_EQ(addresses(definitions, "nasjonal-samling"),
              (Lines{"pl@asen.example", "pl@solhoi.example", "leder@vestby.example",
                     "geir@vestby.example"}));
    // Who holds the role on the day.
    EXPECT_EQ(addresses(definitions, "kurs-laeringsmiljo", 2),
              (Lines{"pl@asen.example", "pl@solhoi.example", "leder@vestby.example",
                     "eva@vestby.example"}));
    EXPECT_EQ(addresses(definitions, "verksted"), (Lines{"pl@asen.example", "pl@solhoi.example"}));
}

TEST(ActivityPlan, SuggestionsAreAskedForAndNotOwed) {
    const auto loaded = load(folder("what,when,who,kind\nTema,14.08.2018,skolene,suggestions\n"));
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    EXPECT_EQ(cases_of(*loaded.definitions), (Lines{"enhetene/tema/asen-skole 2018-08-14",
                                                    "enhetene/tema/bjerke-skole 2018-08-14"}));
    EXPECT_EQ(loaded.definitions->cohorts.front().requirements.front().workflow, "suggestions");
}

TEST(ActivityPlan, DaysWithoutTimesLastWholeDays) {
    const auto loaded = load(folder());
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    const Cohort& cohort = loaded.definitions->cohorts.front();
    const auto& gathering = cohort.find_meeting("nasjonal-samling")->dates.front();
    EXPECT_EQ(gathering.start, workflows::parse_local_time("2018-01-16T00:00"));
    EXPECT_EQ(gathering.end, workflows::parse_local_time("2018-01-18T00:00"));
    EXPECT_TRUE(workflows::is_whole_days(gathering.start, gathering.end));
    EXPECT_EQ(gathering.place, "Gardermoen");
    const auto& course = cohort.find_meeting("kurs-laeringsmiljo")->dates.at(1);
    EXPECT_EQ(course.start, workflows::parse_local_time("2018-04-17T09:00"));
    EXPECT_FALSE(workflows::is_whole_days(course.start, course.end));
    EXPECT_EQ(course.lecturer, "Ada Moe");
}

TEST(ActivityPlan, IsKeptAsItWasTyped) {
    const auto loaded = load(folder());
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    const Cohort& cohort = loaded.definitions->cohorts.front();
    ASSERT_EQ(cohort.activities.size(), 5U);
    const auto& row = cohort.activities.at(1);
    EXPECT_EQ(row.when, "10., 17. og 24. april 2018 kl. 09.00–12.00");
    EXPECT_EQ(row.who, "Styringsgruppen og prosjektledere");
    EXPECT_EQ(cohort.activities.front().responsible, "Udir");
    EXPECT_EQ(cohort.find_meeting("nasjonal-samling")->responsible, "");
    EXPECT_EQ(cohort.find_meeting("kurs-laeringsmiljo")->responsible, "leder@vestby.example");
    const Requirement& delivery = *cohort.find_requirement("lokal-plan");
    EXPECT_EQ(delivery.workflow, "delivery");
    EXPECT_EQ(delivery.ladder, "standard");
    EXPECT_EQ(delivery.deliver.to, "post@vestby.example");
    EXPECT_EQ(delivery.activity, "lokal-plan");
    EXPECT_EQ(delivery.where.line, 4);
}

TEST(ActivityPlan, IsReadAsANorwegianSpreadsheetSavesIt) {
    const auto english = load(
        folder("what,when,who,kind,place,responsible\n"
               "Samling,14.08.2018; 20.08.2018,\"skolene, styringsgruppe\",meeting,\"Oslo, Ås\",\n"
               "Plan,14.09.2018,skolene,delivery,,leder@vestby.example\n"
               "Tema,14.10.2018,skolene,suggestions,,\n"));
    ASSERT_TRUE(english.definitions) << tests::printed(english);
    for (const char separator : {';', '\t'}) {
        std::string plan =
            "\xEF\xBB\xBFHva|Når|Hvem|Type|Sted|Ansvarlig\r\n"
            "Samling|\"14.08.2018; 20.08.2018\"|skolene, styringsgruppe|Møte|Oslo, Ås|\r\n"
            "Plan|14.09.2018|skolene|levering||leder@vestby.example\r\n"
            "Tema|14.10.2018|skolene|innspill||\r\n"
            "|||||\r\n|||||\r\n| |||";  // The emptied rows that it keeps at the end.
        std::ranges::replace(plan, '|', separator);
        const auto loaded = load(folder(plan));
        ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
        EXPECT_EQ(cases_of(*loaded.definitions), cases_of(*english.definitions));
        const Cohort& cohort = loaded.definitions->cohorts.front();
        EXPECT_EQ(cohort.find_meeting("samling")->dates.front().place, "Oslo, Ås");
        EXPECT_EQ(addresses(*loaded.definitions, "samling"),
                  addresses(*english.definitions, "samling"));
    }
}

TEST(ActivityPlan, MovedInTheTableItIsTheSameCase) {
    std::string plan = kPlan;
    plan.replace(plan.find("16.-17.01.2018"), 14, "23.-24.01.2018");
    const auto loaded = load(folder(plan));
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    const Lines cases = cases_of(*loaded.definitions);
    EXPECT_EQ(std::ranges::count(cases, "enhetene/nasjonal-samling 2018-01-23"), 1);
}

TEST(ActivityPlan, StandsInTheArchiveOfTheConfiguration) {
    const auto loaded = load(folder());
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    const auto files = integrations::files_from_archive(loaded.archive, "stored");
    ASSERT_TRUE(files.ok());
    const auto again = load_configuration(files.value(), {});
    ASSERT_TRUE(again.definitions) << tests::printed(again);
    EXPECT_EQ(cases_of(*again.definitions), cases_of(*loaded.definitions));
    EXPECT_EQ(again.definitions->hash, loaded.definitions->hash);
}

TEST(ActivityPlan, ADeliveryOfAllWhoTakePartIsEachParticipants) {
    const auto loaded =
        load(folder("what,when,who,kind\nPlan,14.08.2018,prosjektledere skolene,delivery\n"));
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    EXPECT_TRUE(loaded.definitions->cohorts.front().find_requirement("plan")->debtors.empty());
}

TEST(ActivityPlan, ACancelledRowIsSaidToBe) {
    const auto loaded =
        load(folder("what,when,who,kind,cancelled\n"
                    "Samling,14.08.2018,skolene,meeting,Foreleseren er syk\n"));
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    EXPECT_EQ(loaded.definitions->cohorts.front().find_meeting("samling")->dates.front().cancelled,
              "Foreleseren er syk");
}

TEST(ActivityPlan, AMeetingInTheFileMayCallGroupsToo) {
    const auto loaded = load(folder(kPlan, std::string{kProgramme} + R"(meetings:
  - id: oppstart
    title: {nb: Oppstart, nn: Oppstart}
    groups: [skolene, styringsgruppe]
    dates:
      - {start: 2018-02-06T09:00, end: 2018-02-06T12:00}
)"));
    ASSERT_TRUE(loaded.definitions) << tests::printed(loaded);
    EXPECT_EQ(addresses(*loaded.definitions, "oppstart"),
              (Lines{"pl@asen.example", "ola@asen.example", "ann@bjerke.example",
                     "leder@vestby.example", "geir@vestby.example"}));
    const Cohort& cohort = loaded.definitions->cohorts.front();
    const Meeting& meeting = *cohort.find_meeting("oppstart");
    EXPECT_TRUE(workflows::concerns(cohort, meeting, "bjerke-skole", *loaded.definitions));
    EXPECT_TRUE(workflows::concerns(cohort, meeting, "vestby", *loaded.definitions));
    EXPECT_FALSE(workflows::concerns(cohort, meeting, "solhoi-barnehage", *loaded.definitions));
}

TEST(ActivityPlan, WarnsOfTheFewWhomADeliveryIsNotAskedOf) {
    const auto loaded = load(folder());
    EXPECT_NE(tests::printed(loaded).find(
                  "v/activities/enhetene.csv:4:23: warning: `lokal-plan` is not asked of "
                  "bjerke-skole: nobody there is in these groups; add contacts there"),
              std::string::npos)
        << tests::printed(loaded);
    EXPECT_EQ(tests::printed(loaded).find("`evaluering` is not asked of"), std::string::npos)
        << "that group names its organisations";
}

TEST(ActivityPlan, IdsComeFromTheTitle) {
    EXPECT_EQ(workflows::id_from("Nasjonal samling"), "nasjonal-samling");
    EXPECT_EQ(workflows::id_from("  Kurs: LÆRINGSMILJØ på Ås! "), "kurs-laeringsmiljo-pa-as");
    EXPECT_EQ(workflows::id_from("– ?"), "");
    EXPECT_EQ(workflows::id_from("Idé 2"), "ide-2");
}

struct Wrong {
    const char* name;
    const char* plan;
    const char* finding;  ///< All of them, the file's name left out.
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
    *out << wrong.name;
}

class WrongPlans : public testing::TestWithParam<Wrong> {};

TEST_P(WrongPlans, AreFoundAtTheirPlaceAndAlone) {
    const auto loaded = load(folder(GetParam().plan));
    EXPECT_FALSE(loaded.definitions);
    std::string errors;
    for (const auto& finding : loaded.diagnostics) {
        if (finding.severity == workflows::Severity::Error) {
            errors += to_string(finding) + "\n";
        }
    }
    EXPECT_EQ(errors, std::string{"v/activities/enhetene.csv:"} + GetParam().finding + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WrongPlans,
    testing::Values(
        Wrong{"NoSuchDay", "what,when,who,kind\nPlan,30.02.2018,skolene,delivery\n",
              "2:6: error: 30.02.2018 does not exist; choose another day"},
        Wrong{"NoYear", "what,when,who,kind\nÅpning,14. august,skolene,meeting\n",
              "2:8: error: the year of 14.8. is missing; write such as 14.08.2018, "
              "16.-17.01.2018, 6. november 2019 or 2018-08-14 09:00-12:00"},
        Wrong{"NoDay", "what,when,who,kind\nPlan,,skolene,delivery\n",
              "2:6: error: `when` is empty; fill it in"},
        Wrong{"EndMissing", "what,when,who,kind\nMøte,14.08.2018 kl. 9,skolene,meeting\n",
              "2:6: error: it says when this begins and not when it ends; write both, such as "
              "14.08.2018 kl. 09.00-12.00, or the day alone"},
        Wrong{"TooLong", "what,when,who,kind\nMøte,01.08.2018-14.09.2018,skolene,meeting\n",
              "2:6: error: the meeting is longer than a month; check the year and the month"},
        Wrong{"TwoDeadlines", "what,when,who,kind\nPlan,14.08.2018; 20.08.2018,skolene,delivery\n",
              "2:6: error: a delivery has one deadline; write a row for each"},
        Wrong{"CancelledDelivery",
              "what,when,who,kind,cancelled\nPlan,14.08.2018,skolene,delivery,Nei\n",
              "2:34: error: a delivery is not cancelled; take the row out"},
        Wrong{"TwoDaysForSuggestions",
              "what,when,who,kind\nTema,14.08.2018; 20.08.2018,skolene,suggestions\n",
              "2:6: error: a delivery has one deadline; write a row for each"},
        Wrong{"NoSuchKind", "what,when,who,kind\nPlan,14.08.2018,skolene,delivry\n",
              "2:25: error: there is no kind `delivry`; write `delivery`"},
        Wrong{"NoSuchGroup", "what,when,who,kind\nPlan,14.08.2018,skolane,delivery\n",
              "2:17: error: there is no group `skolane`; write `skolene`"},
        Wrong{"NobodyOwes", "what,when,who,kind\nPlan,14.08.2018,styringsgruppe,delivery\n",
              "2:17: error: no organisation but the creditor is in these groups; name a group of "
              "those who deliver, or add contacts with its roles"},
        Wrong{"SameName",
              "what,when,who,kind\nMøte,14.08.2018,skolene,meeting\n"
              "Møte,14.09.2018,skolene,meeting\n",
              "3:1: error: the row `mote` stands in line 2 already; give one of them another "
              "`id`, such as mote-2, and leave it there: cases are named by it"},
        Wrong{"NoId", "what,when,who,kind\n!,14.09.2018,skolene,meeting\n",
              "2:1: error: no id can be made of this; give the row one in the column `id`"},
        Wrong{"OutsideThePeriod", "what,when,who,kind\nMøte,14.08.2028,skolene,meeting\n",
              "2:6: error: 2028-08-14 lies in no period of `mote`; check the year; the cohort "
              "lasts from 2018-01-01 to 2020-06-30"},
        Wrong{"NoCaseOfficer",
              "what,when,who,kind,responsible\n"
              "Plan,14.08.2018,skolene,delivery,x@vestby.example\n",
              "2:34: error: no saksbehandler at vestby has this address; write the address of "
              "one in contacts.csv, or add them there"},
        Wrong{"NoColumn", "what,when,who\nPlan,14.08.2018,skolene\n",
              "1:1: error: the column `kind` is missing; add it"},
        Wrong{
            "TooFewCellsBetweenSemicolons", "hva;når;hvem;type\nPlan;14.08.2018;skolene\n",
            "2:17: error: this row has 3 cells and the first row 4; leave empty cells empty, with "
            "their semicolons"},
        Wrong{"MisspeltColumn", "whta,when,who,kind\nPlan,14.08.2018,skolene,delivery\n",
              "1:1: error: unknown column `whta`; write `what`"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(ActivityPlan, WithAMisspeltGroupDoesNotSayThatNothingNamesTheGroup) {
    const auto loaded = load(folder("what,when,who,kind\nPlan,14.08.2018,skolane,delivery\n"));
    EXPECT_EQ(tests::printed(loaded).find("nothing names the group"), std::string::npos)
        << tests::printed(loaded);
}

TEST(ActivityPlan, HasNoHourThatTheClocksSkip) {
    const auto loaded =
        load(folder("what,when,who,kind\nMøte,31.03.2019 kl. 02.30-09.00,skolene,meeting\n"));
    EXPECT_NE(tests::printed(loaded).find(
                  "v/activities/enhetene.csv:2:6: error: there is no 02:30 on 2019-03-31"),
              std::string::npos)
        << tests::printed(loaded);
}

TEST(ActivityPlan, OfNoCohortIsAnError) {
    auto files = folder();
    files.files["activities/enhetane.csv"] = files.files["activities/enhetene.csv"];
    files.files.erase("activities/enhetene.csv");
    const auto loaded = load(files);
    EXPECT_NE(tests::printed(loaded).find("v/activities/enhetane.csv:1:1: error: there is no "
                                          "cohort `enhetane`; name the file by a cohort: write "
                                          "`enhetene`"),
              std::string::npos)
        << tests::printed(loaded);
}

TEST(ActivityPlan, HasTheIdsOfItsCohortToItself) {
    const auto loaded = load(folder(kPlan, std::string{kProgramme} + R"(meetings:
  - id: verksted
    title: {nb: Verksted, nn: Verkstad}
    groups: [skolene]
    dates: [{start: 2018-02-06T09:00, end: 2018-02-06T12:00}]
)"));
    EXPECT_NE(tests::printed(loaded).find(
                  "v/activities/enhetene.csv:6:1: error: `verksted` is the id of something in the "
                  "programme's file; give this row an `id` of its own"),
              std::string::npos)
        << tests::printed(loaded);
}

struct WrongGroup {
    const char* name;
    const char* from;
    const char* to;
    const char* finding;
};
void PrintTo(const WrongGroup& wrong, std::ostream* out) {
    *out << wrong.name;
}

class WrongGroups : public testing::TestWithParam<WrongGroup> {};

TEST_P(WrongGroups, AreFoundAtTheirPlace) {
    std::string programme = kProgramme;
    const std::string from = GetParam().from;
    programme.replace(programme.find(from), from.size(), GetParam().to);
    const auto loaded = load(folder(kPlan, programme));
    EXPECT_NE(tests::printed(loaded).find(GetParam().finding), std::string::npos)
        << tests::printed(loaded);
}

INSTANTIATE_TEST_SUITE_P(
    Groups, WrongGroups,
    testing::Values(
        WrongGroup{"UnknownKey", "    roles: [prosjektleder]", "    rolles: [prosjektleder]",
                   "error: unknown key `rolles`; write `roles`"},
        WrongGroup{"NoTitle", "    title: {nb: Prosjektledere, nn: Prosjektleiarar}\n", "",
                   "error: `title` is missing"},
        WrongGroup{"OneMalform", "{nb: Prosjektledere, nn: Prosjektleiarar}",
                   "{nb: Prosjektledere}", "error: `nn` is missing"},
        WrongGroup{"NobodyNamed", "    roles: [prosjektleder]\n", "",
                   "error: `prosjektledere` names nobody; write `roles`, `organisations` or "
                   "`people`"},
        WrongGroup{"Id", "  skolene:", "  Skolene:",
                   "error: `Skolene` cannot be the id of a group; write a-z, 0-9 and hyphens"},
        WrongGroup{"Organisation", "organisations: [asen-skole, b", "organisations: [asen-skule, b",
                   "error: there is no organisation `asen-skule`; write `asen-skole`"},
        WrongGroup{"Person", "[pl@asen.example,", "[pl@aasen.example,",
                   "error: no contact has this address; write `pl@asen.example`"},
        WrongGroup{"NoAddress", "[pl@asen.example,", "[Per,", "error: "},
        WrongGroup{"Role", "roles: [prosjektleder]", "roles: [prosjektleder, prosjektledar]",
                   "warning: nobody in the group `prosjektledere` is prosjektledar; check the "
                   "role's name"},
        WrongGroup{"Unused", "groups:\n",
                   "groups:\n  andre: {title: {nb: Andre, nn: Andre}, roles: [larer]}\n",
                   "v/programmes/enhetene.yaml:9:3: warning: nothing names the group `andre`; name "
                   "it in `groups` of a meeting or in a row of the activity plan, or leave it "
                   "out"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Groups, AMeetingThatCallsAnUnknownOneIsAnError) {
    const auto loaded = load(folder(kPlan, std::string{kProgramme} + R"(meetings:
  - id: oppstart
    title: {nb: Oppstart, nn: Oppstart}
    groups: [skulene]
    dates: [{start: 2018-02-06T09:00, end: 2018-02-06T12:00}]
)"));
    EXPECT_NE(tests::printed(loaded).find("error: there is no group `skulene`; write `skolene`"),
              std::string::npos)
        << tests::printed(loaded);
}

TEST(Groups, AMeetingThatCallsNobodyIsAnError) {
    const auto loaded = load(folder(kPlan, std::string{kProgramme} + R"(meetings:
  - id: oppstart
    title: {nb: Oppstart, nn: Oppstart}
    dates: [{start: 2018-02-06T09:00, end: 2018-02-06T12:00}]
)"));
    EXPECT_NE(
        tests::printed(loaded).find("error: neither `audience` nor `groups` says who is called; "
                                    "write `audience: [ROLE]` or `groups: [GROUP]`"),
        std::string::npos)
        << tests::printed(loaded);
}

}  // namespace
}  // namespace fristvakt
