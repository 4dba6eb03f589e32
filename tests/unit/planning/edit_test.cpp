#include "daemon/configuration/edit.hpp"

#include <gtest/gtest.h>

#include "daemon/configuration/configuration_source.hpp"
#include "daemon/configuration/contact_table.hpp"
#include "tests/browser/town.hpp"
#include "workflows/decision/meeting.hpp"

/// Each edit as the layer it makes, and that layer as the configuration it gives.
namespace fristvakt::tests {
namespace {

using namespace daemon;
using integrations::contact_key;
using integrations::Layer;
using integrations::LayerKey;
using workflows::Date;
using workflows::Error;

Date day(std::string_view text) {
    return *workflows::parse_iso_date(text);
}

/// The shipped installation, and what is laid over it so far.
class EditTest : public ::testing::Test {
 protected:
    explicit EditTest(integrations::ConfigurationFiles folder = configuration_files({}).value())
        : folder_(std::move(folder)) {}
    /// The configuration after the edit; null after an error, which is kept.
    std::shared_ptr<const workflows::Definitions> edit(const Edit& what) {
        const auto applied = apply(what, {entries_, layer_});
        if (!applied.ok()) {
            error_ = applied.error();
            return nullptr;
        }
        layer_ = applied.value();
        Whole whole = load_whole(folder_, layer_);
        EXPECT_NE(whole.loaded.definitions, nullptr) << errors_of(whole.loaded);
        return whole.loaded.definitions;
    }
    std::string refused(const Edit& what) {
        const auto before = integrations::files_of(layer_).files;
        EXPECT_EQ(edit(what), nullptr);
        EXPECT_EQ(integrations::files_of(layer_).files, before) << "nothing changes";
        return error_.code;
    }

    const integrations::ConfigurationFiles folder_;
    const integrations::LayerEntries entries_{integrations::entries_of(folder_)};
    Layer layer_;
    Error error_;
};

TEST_F(EditTest, ADeadlineIsMovedAndAllElseStays) {
    const auto after = edit(DeadlineMoved{"pulje-5", "plan", {"2021-02-08", "", ""}});
    const auto& requirement = after->find_cohort("pulje-5")->requirements.at(0);
    EXPECT_EQ(due_text(requirement.due).due, "2021-02-08");
    EXPECT_EQ(requirement.deliver.case_number, "2020/1234");
    EXPECT_EQ(requirement.instructions.nb, "Bruk malen i brevet.");
    EXPECT_EQ(after->find_cohort("pulje-5")->participants.size(), 16U);
    EXPECT_EQ(after->contacts.size(), load_whole(folder_).loaded.definitions->contacts.size());
}

TEST_F(EditTest, MovedBackNothingLiesOverAnyMore) {
    (void)edit(DeadlineMoved{"pulje-5", "plan", {"2021-02-08", "", ""}});
    EXPECT_FALSE(layer_.empty());
    (void)edit(DeadlineMoved{"pulje-5", "plan", {"2021-01-25", "", ""}});
    EXPECT_TRUE(layer_.empty());
}

TEST_F(EditTest, ParticipantsComeAndGo) {
    const auto without = edit(ParticipantEnded{"pulje-5", "sel"});
    EXPECT_EQ(without->find_cohort("pulje-5")->find_participant("sel"), nullptr);
    EXPECT_EQ(without->find_cohort("pulje-5")->participants.size(), 15U);
    const auto again = edit(ParticipantAdded{"pulje-5", "sel"});
    EXPECT_NE(again->find_cohort("pulje-5")->find_participant("sel"), nullptr);
}

struct RefusedEdit {
    const char* name;
    Edit edit;
    const char* code;
};

CohortCopy copy_of(std::string id) {
    CohortCopy copy;
    copy.from_cohort = "pulje-5";
    copy.id = std::move(id);
    copy.from = day("2023-01-01");
    copy.to = day("2025-12-31");
    copy.participants = {"gjovik", "hamar"};
    copy.requirements["plan"] = {
        .included = true, .opens = "2024-01-04", .due = "2024-01-25", .case_number = "2023/99"};
    return copy;
}

ContactCells person(std::string email) {
    return {{"organisation", "lom"},
            {"name", "Ny Person"},
            {"email", std::move(email)},
            {"roles", "ressursperson"}};
}

TEST_F(EditTest, WhatCannotBeIsRefusedByItsField) {
    auto backwards = copy_of("pulje-6");
    backwards.to = day("2022-01-01");
    auto nobody = copy_of("pulje-6");
    nobody.participants.clear();
    auto nothing = copy_of("pulje-6");
    nothing.requirements.clear();
    auto no_day = copy_of("pulje-6");
    no_day.requirements["plan"].due = "2024-02-30";
    auto no_role = person("a@lom.kommune.example");
    no_role["roles"] = "Rektor & lærer";
    auto ended_first = person("a@lom.kommune.example");
    ended_first["from"] = "2021-05-01";
    ended_first["to"] = "2021-04-01";
    for (const RefusedEdit& row : {
             RefusedEdit{"no cohort", ParticipantAdded{"pulje-9", "sel"}, "no-cohort"},
             RefusedEdit{"twice", ParticipantAdded{"pulje-5", "sel"}, "exists"},
             RefusedEdit{"nobody there", ParticipantEnded{"pulje-5", "udir"}, "no-participant"},
             RefusedEdit{"last requirement", RequirementTakenOut{"pulje-5", "plan"}, "last"},
             RefusedEdit{"no requirement", DeadlineMoved{"pulje-5", "x", {"2021-02-08", "", ""}},
                         "no-requirement"},
             RefusedEdit{"no day", DeadlineMoved{"pulje-5", "plan", {"2021-02-30", "", ""}},
                         "field:due"},
             RefusedEdit{"nothing", DeadlineMoved{"pulje-5", "plan", {"", "", ""}}, "field:due"},
             RefusedEdit{"half a year", DeadlineMoved{"pulje-5", "plan", {"", "02-01", "-"}},
                         "field:autumn"},
             RefusedEdit{"same id", copy_of("pulje-5"), "exists"},
             RefusedEdit{"no id", copy_of("Pulje 6"), "field:id"},
             RefusedEdit{"backwards", backwards, "field:to"},
             RefusedEdit{"nobody", nobody, "field:participants"},
             RefusedEdit{"nothing required", nothing, "field:requirements"},
             RefusedEdit{"no deadline", no_day, "field:due:plan"},
             RefusedEdit{"address", ContactChanged{std::nullopt, 0, person("ingen"), {}},
                         "field:email"},
             RefusedEdit{"role", ContactChanged{std::nullopt, 0, no_role, {}}, "field:roles"},
             RefusedEdit{"ended first", ContactChanged{std::nullopt, 0, ended_first, {}},
                         "field:to"},
             RefusedEdit{
                 "no such person",
                 ContactChanged{contact_key("lom", "x@x.example"), 0, person("x@x.example"), {}},
                 "no-contact"},
             RefusedEdit{"empty table", ContactsImported{{}}, "field:table"},
             RefusedEdit{"no conflict", ConflictSettled{{LayerKey::Kind::Cohort, "pulje-5"}, true},
                         "no-conflict"},
         }) {
        EXPECT_EQ(refused(row.edit), row.code) << row.name;
    }
}

TEST_F(EditTest, ALastParticipantStays) {
    auto copy = copy_of("pulje-6");
    copy.participants = {"sel"};
    (void)edit(copy);
    EXPECT_EQ(refused(ParticipantEnded{"pulje-6", "sel"}), "last");
}

TEST_F(EditTest, ANewCohortIsTheOldOneWithItsOwnDates) {
    const auto after = edit(copy_of("pulje-6"));
    const auto* const cohort = after->find_cohort("pulje-6");
    ASSERT_NE(cohort, nullptr);
    ASSERT_NE(after->find_cohort("pulje-5"), nullptr);
    EXPECT_EQ(cohort->programme, "ibs");
    EXPECT_EQ(cohort->creditor, "sf-innlandet");
    EXPECT_EQ(cohort->from, day("2023-01-01"));
    ASSERT_EQ(cohort->participants.size(), 2U);
    const auto& plan = cohort->requirements.at(0);
    EXPECT_EQ(due_text(plan.due).due, "2024-01-25");
    EXPECT_EQ(due_text(*plan.opens).due, "2024-01-04");
    EXPECT_EQ(plan.deliver.case_number, "2023/99") << "last time's would mislead";
    EXPECT_EQ(plan.deliver.to, "post@sf-innlandet.example");
    EXPECT_EQ(plan.responsible, "ingrid.haugen@sf-innlandet.example");
    EXPECT_FALSE(layer_.base.contains({LayerKey::Kind::Cohort, "pulje-6"}));
}

TEST_F(EditTest, DatesGoAlongByYearsOntoWorkingDays) {
    const auto plain = load_whole(folder_).loaded.definitions;
    const auto& cohort = *plain->find_cohort("pulje-5");
    const auto next = suggest_copy(cohort, day("2021-01-01"));
    EXPECT_EQ(next.to, day("2023-12-31")) << "three whole years, as before";
    EXPECT_EQ(next.requirements.at("plan").due, "2022-01-25");
    EXPECT_EQ(next.requirements.at("plan").opens, "2022-01-04");
    // 25 January 2025 is a Saturday, 4 January 2025 too.
    const auto later = suggest_copy(cohort, day("2024-01-01"));
    EXPECT_EQ(later.requirements.at("plan").due, "2025-01-27");
    EXPECT_EQ(later.requirements.at("plan").opens, "2025-01-06");
    EXPECT_EQ(later.requirements.at("plan").case_number, "");
    EXPECT_EQ(later.participants.size(), 16U);
}

TEST_F(EditTest, ContactsAreAddedChangedAndEnded) {
    const LayerKey kari = contact_key("gjovik", "kari.lunde@gjovik.kommune.example");
    auto cells = person("ny@lom.kommune.example");
    auto after = edit(ContactChanged{std::nullopt, 0, cells, {}});
    EXPECT_EQ(after->contacts.back().email, "ny@lom.kommune.example");
    ContactCells changed{{"organisation", "gjovik"},
                         {"name", "Kari Lunde"},
                         {"email", "kari.lunde@gjovik.kommune.example"},
                         {"roles", "ressursperson"},
                         {"to", "2021-06-30"}};
    after = edit(ContactChanged{kari, 0, changed, day("2021-01-27")});
    const auto* const found = after->contacts_of("gjovik").front();
    EXPECT_EQ(found->to, day("2021-06-30"));
    // Another address is another person to the folder: the old one's time is over.
    changed["email"] = "k.lunde@gjovik.kommune.example";
    after = edit(ContactChanged{kari, 0, changed, day("2021-01-27")});
    std::map<std::string, std::optional<Date>> ends;
    for (const auto* const contact : after->contacts_of("gjovik")) {
        ends[contact->email] = contact->to;
    }
    EXPECT_EQ(ends.at("kari.lunde@gjovik.kommune.example"), day("2021-01-26"));
    EXPECT_EQ(ends.at("k.lunde@gjovik.kommune.example"), day("2021-06-30"));
}

TEST_F(EditTest, AnImportTakesThePlaceOfThoseItNamesAndLeavesOthers) {
    const auto before = load_whole(folder_).loaded.definitions;
    const auto rows = read_contact_table(
        "\xEF\xBB\xBFOrganisasjons-id;Navn;Organisasjon;E-post;Roller;Målform;Fra;Til;Telefon\r\n"
        "gjovik;Kari Lunde-Moe;Gjøvik kommune;Kari.Lunde@gjovik.kommune.example;ressursperson;;;"
        "30.6.2021;'+47 00 00 00 11\r\n"
        ";\"Ny; Person\";lom kommune;ny@lom.kommune.example;ressursperson, "
        "skoleeier;Nynorsk;;;\r\n",
        *before);
    ASSERT_TRUE(rows.ok()) << rows.error().code;
    const auto after = edit(ContactsImported{rows.value()});
    EXPECT_EQ(after->contacts.size(), before->contacts.size() + 1);
    const auto* const kari = after->contacts_of("gjovik").front();
    EXPECT_EQ(kari->name, "Kari Lunde-Moe");
    EXPECT_EQ(kari->phone, "+47 00 00 00 11");
    EXPECT_EQ(kari->to, day("2021-06-30"));
    EXPECT_EQ(after->contacts.back().name, "Ny; Person");
    EXPECT_EQ(after->contacts.back().roles.size(), 2U);
    EXPECT_EQ(after->contacts.back().language, workflows::Language::Nn);
}

struct BadTable {
    const char* name;
    const char* text;
    const char* code;
};
void PrintTo(const BadTable& row, std::ostream* out) {
    *out << row.name;
}
class BadTables : public ::testing::TestWithParam<BadTable> {};

TEST_P(BadTables, IsToldByItsPlace) {
    static const auto kPlain = load_whole(configuration_files({}).value()).loaded.definitions;
    const auto rows = read_contact_table(GetParam().text, *kPlain);
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    ContactTable, BadTables,
    ::testing::Values(
        BadTable{"Empty", "", "empty"},
        BadTable{"OnlyAHeader", "Organisasjon;Navn;E-post;Roller\n", "empty"},
        BadTable{"UnknownColumn", "Organisasjon\tNavn\tSkostørrelse\nlom\tA\t42\n",
                 "column:Skostørrelse"},
        BadTable{"NoAddress", "Organisasjon,Navn,Roller\nlom,A,rektor\n", "needs:email"},
        BadTable{"NoOrganisation", "Navn,E-post,Roller\nA,a@a.example,rektor\n",
                 "needs:organisation"},
        BadTable{"Nowhere", "Organisasjon;Navn;E-post;Roller\nAtlantis;A;a@a.example;rektor\n",
                 "row:2:organisation"},
        BadTable{"NoSuchAddress", "Organisasjon;Navn;E-post;Roller\n\nlom;A;a at b;rektor\n",
                 "row:3:email"},
        BadTable{"NoSuchDay",
                 "Organisasjon;Navn;E-post;Roller;Til\nlom;A;a@a.example;rektor;31.2.21\n",
                 "row:2:to"},
        BadTable{"ShortRow", "Organisasjon;Navn;E-post;Roller\nlom;A\n", "row:2:email"},
        BadTable{"OpenQuote", "Organisasjon;Navn;E-post;Roller\nlom;\"A;a@a.example;rektor\n",
                 "quote:2"}),
    [](const auto& test) { return std::string{test.param.name}; });

/// The shipped installation with a meeting each semester.
class MeetingEditTest : public EditTest {
 protected:
    MeetingEditTest() : EditTest(with_meeting()) {}
    static integrations::ConfigurationFiles with_meeting() {
        auto folder = configuration_files({}).value();
        auto& file = folder.files.at("programmes/ibs-pulje-5-innlandet.yaml");
        file.erase(file.find("meetings:"));
        file +=
            "meetings:\n"
            "  - id: nettverk\n"
            "    title: {nb: Nettverk, nn: Nettverk}\n"
            "    every: semester\n"
            "    set_by: {spring: 02-01, autumn: 09-01}\n"
            "    audience: [ressursperson]\n"
            "  - id: kurs\n"
            "    title: {nb: Kurs, nn: Kurs}\n"
            "    audience: [ressursperson]\n"
            "    dates: [{start: 2021-05-04T09:00, end: 2021-05-04T12:00}]\n";
        return folder;
    }
    static MeetingDated set(const std::string& old_start, const std::string& start,
                            const std::string& end, const std::string& meeting = "nettverk") {
        MeetingDated dated;
        dated.cohort = "pulje-5";
        dated.meeting = meeting;
        dated.old_start = old_start;
        dated.start = start;
        dated.end = end;
        return dated;
    }
    static std::vector<std::string> dates_of(
        const std::shared_ptr<const workflows::Definitions>& definitions) {
        std::vector<std::string> out;
        for (const auto& date :
             definitions->find_cohort("pulje-5")->find_meeting("nettverk")->dates) {
            const auto fields =
                workflows::fields_of({.start = date.start, .end = date.end, .place = date.place});
            out.push_back(date.id + fields.at("start") + "/" + fields.at("end") + " " + date.place +
                          date.cancelled);
        }
        return out;
    }
    using Lines = std::vector<std::string>;
};

TEST_F(MeetingEditTest, ADateIsSetMovedCancelledAndTakenAway) {
    auto first = set("", "2021-03-23T09:00", "2021-03-23T12:00");
    first.place = "Teams";
    EXPECT_EQ(dates_of(edit(first)), (Lines{"2021-03-23T09:00/2021-03-23T12:00 Teams"}));
    auto second = set("", "2021-04-20T09:00", "2021-04-20T13:00");
    second.id = "samling";
    EXPECT_EQ(dates_of(edit(second)).size(), 2U);
    EXPECT_EQ(
        dates_of(edit(set("2021-03-23T09:00", "2021-03-24T09:00", "2021-03-24T12:00"))),
        (Lines{"2021-03-24T09:00/2021-03-24T12:00 ", "samling2021-04-20T09:00/2021-04-20T13:00 "}))
        << "an empty place is none";
    auto cancelled = set("2021-03-24T09:00", "2021-03-24T09:00", "2021-03-24T12:00");
    cancelled.cancelled = "sykdom";
    EXPECT_EQ(dates_of(edit(cancelled)).front(), "2021-03-24T09:00/2021-03-24T12:00 sykdom");
    (void)edit(set("2021-03-24T09:00", "", ""));
    EXPECT_TRUE(dates_of(edit(set("2021-04-20T09:00", "", ""))).empty());
    EXPECT_TRUE(layer_.empty()) << "as it was";
}

TEST_F(MeetingEditTest, WhatCannotBeADateIsRefusedByItsField) {
    for (const RefusedEdit& row : {
             RefusedEdit{"no meeting", set("", "2021-03-23T09:00", "2021-03-23T12:00", "x"),
                         "no-meeting"},
             RefusedEdit{"no date", set("2021-03-23T09:00", "2021-03-24T09:00", "2021-03-24T12:00"),
                         "no-date"},
             RefusedEdit{"nothing", set("", "", ""), "no-date"},
             RefusedEdit{"no time", set("", "2021-03-23", "2021-03-23T12:00"), "field:start"},
             RefusedEdit{"no day", set("", "2021-02-30T09:00", "2021-03-23T12:00"), "field:start"},
             RefusedEdit{"no end", set("", "2021-03-23T09:00", ""), "field:end"},
             RefusedEdit{"backwards", set("", "2021-03-23T09:00", "2021-03-23T08:00"), "field:end"},
         }) {
        EXPECT_EQ(refused(row.edit), row.code) << row.name;
    }
}

TEST_F(MeetingEditTest, ACopyOwesItsMeetingsAnew) {
    const auto after = edit(copy_of("pulje-6"));
    const auto& cohort = *after->find_cohort("pulje-6");
    ASSERT_EQ(cohort.meetings.size(), 1U) << "what was held once is not held again";
    EXPECT_EQ(cohort.meetings.front().id, "nettverk");
    EXPECT_TRUE(cohort.meetings.front().dates.empty());
    const CohortCopy suggested = suggest_copy(*after->find_cohort("pulje-5"), day("2023-01-01"));
    EXPECT_EQ(suggested.requirements.size(), 1U) << "meetings come by themselves";
}

TEST_F(EditTest, AConflictIsSettledEitherWay) {
    (void)edit(DeadlineMoved{"pulje-5", "plan", {"2021-02-08", "", ""}});
    auto folder = folder_;
    auto& file = folder.files.at("programmes/ibs-pulje-5-innlandet.yaml");
    file.replace(file.find("2021-01-25"), 10, "2021-01-29");
    ASSERT_EQ(load_whole(folder, layer_).conflicts.size(), 1U);
    const auto entries = integrations::entries_of(folder);
    for (const bool own : {true, false}) {
        const ConflictSettled settled{{LayerKey::Kind::Cohort, "pulje-5"}, own};
        const auto layer = apply(settled, {entries, layer_});
        ASSERT_TRUE(layer.ok());
        const Whole whole = load_whole(folder, layer.value());
        ASSERT_NE(whole.loaded.definitions, nullptr) << errors_of(whole.loaded);
        const auto& plan = whole.loaded.definitions->find_cohort("pulje-5")->requirements.at(0);
        EXPECT_EQ(due_text(plan.due).due, own ? "2021-02-08" : "2021-01-29");
        EXPECT_EQ(layer.value().empty(), !own);
    }
}

// --- An activity plan ---

integrations::ConfigurationFiles folder_with_plan() {
    auto files = configuration_files({}).value();
    for (const auto& [path, text] : files_with_plan()) {
        files.files.insert_or_assign(path, text);
    }
    return files;
}

class EditPlan : public EditTest {
 protected:
    EditPlan() : EditTest(folder_with_plan()) {}
    static ActivityCells row(std::string what, std::string when, std::string kind = "meeting") {
        return {{"what", std::move(what)},
                {"when", std::move(when)},
                {"who", "ressursgruppe"},
                {"kind", std::move(kind)}};
    }
    static std::vector<std::string> ids_in(const workflows::Definitions& definitions) {
        std::vector<std::string> ids;
        for (const auto& activity : definitions.find_cohort("pulje-5")->activities) {
            ids.push_back(activity.id);
        }
        return ids;
    }
};
using Ids = std::vector<std::string>;

TEST_F(EditPlan, ARowIsMovedAndIsTheSameMeeting) {
    const auto after = edit(
        ActivityChanged{"pulje-5", "nasjonal-samling", row("Nasjonal samling", "23.-24.02.2021")});
    const auto* const meeting = after->find_cohort("pulje-5")->find_meeting("nasjonal-samling");
    ASSERT_NE(meeting, nullptr);
    EXPECT_EQ(workflows::written(meeting->dates.front().end), "2021-02-25T00:00");
    EXPECT_EQ(meeting->dates.front().place, "Gardermoen") << "what is not named stays";
}

TEST_F(EditPlan, RenamedItIsTheSameMeeting) {
    const auto after =
        edit(ActivityChanged{"pulje-5", "nasjonal-samling", row("Storsamling", "16.-17.02.2021")});
    const auto* const meeting = after->find_cohort("pulje-5")->find_meeting("nasjonal-samling");
    ASSERT_NE(meeting, nullptr);
    EXPECT_EQ(meeting->title.nb, "Storsamling");
}

TEST_F(EditPlan, ANewRowGoesWhereItsFirstDayBelongs) {
    const auto after =
        edit(ActivityChanged{"pulje-5", "", row("Verksted", "2. mars 2021 kl. 9-12")});
    EXPECT_EQ(ids_in(*after),
              (Ids{"nasjonal-samling", "verksted", "kurs-i-laeringsmiljo", "evaluering"}));
}

TEST_F(EditPlan, ANewRowOfAKnownNameGetsAnIdOfItsOwn) {
    const auto after = edit(ActivityChanged{"pulje-5", "", row("Nasjonal samling", "5.10.2021")});
    EXPECT_EQ(ids_in(*after).back(), "nasjonal-samling-2");
}

TEST_F(EditPlan, ARowIsTakenOutAndTheLastOneToo) {
    EXPECT_EQ(ids_in(*edit(ActivityTakenOut{"pulje-5", "nasjonal-samling"})),
              (Ids{"kurs-i-laeringsmiljo", "evaluering"}));
    (void)edit(ActivityTakenOut{"pulje-5", "kurs-i-laeringsmiljo"});
    EXPECT_TRUE(ids_in(*edit(ActivityTakenOut{"pulje-5", "evaluering"})).empty());
    EXPECT_FALSE(layer_.empty()) << "the folder still has them";
}

TEST_F(EditPlan, TakenBackNothingLiesOverAnyMore) {
    auto cells = row("Nasjonal samling", "16.-17.02.2021");
    cells["who"] = "ressursgruppe eiere embetet";
    auto other = cells;
    other["when"] = "17.02.2021";
    (void)edit(ActivityChanged{"pulje-5", "nasjonal-samling", other});
    EXPECT_FALSE(layer_.empty());
    (void)edit(ActivityChanged{"pulje-5", "nasjonal-samling", cells});
    EXPECT_TRUE(layer_.empty());
}

TEST_F(EditPlan, ACohortWithoutAPlanGetsOne) {
    auto copy = suggest_copy(*load_whole(folder_).loaded.definitions->find_cohort("pulje-5"),
                             day("2023-01-01"));
    EXPECT_FALSE(copy.requirements.contains("evaluering")) << "that stands in the old plan";
    copy.id = "pulje-6";
    (void)edit(copy);
    const auto after = edit(ActivityChanged{"pulje-6", "", row("Oppstart", "6.2.2023")});
    EXPECT_NE(after->find_cohort("pulje-6")->find_meeting("oppstart"), nullptr);
}

TEST_F(EditPlan, WhatCannotBeIsRefusedByItsField) {
    auto nobody = row("Møte", "5.10.2021");
    nobody["who"].clear();
    auto cancelled = row("Plan", "5.10.2021", "delivery");
    cancelled["cancelled"] = "Nei";
    for (const RefusedEdit& one : {
             RefusedEdit{"no cohort", ActivityChanged{"pulje-9", "", row("Møte", "5.10.2021")},
                         "no-cohort"},
             RefusedEdit{"no row", ActivityChanged{"pulje-5", "x", row("Møte", "5.10.2021")},
                         "no-activity"},
             RefusedEdit{"no row to take", ActivityTakenOut{"pulje-5", "x"}, "no-activity"},
             RefusedEdit{"no plan to take from", ActivityTakenOut{"pulje-9", "x"}, "no-activity"},
             RefusedEdit{"no name", ActivityChanged{"pulje-5", "", row("", "5.10.2021")},
                         "field:what"},
             RefusedEdit{"no year", ActivityChanged{"pulje-5", "", row("Møte", "5. oktober")},
                         "field:when/no-year"},
             RefusedEdit{"no day", ActivityChanged{"pulje-5", "", row("Møte", "31.9.2021")},
                         "field:when/no-such-day"},
             RefusedEdit{"no end", ActivityChanged{"pulje-5", "", row("Møte", "5.10.2021 kl. 9")},
                         "field:when/no-end"},
             RefusedEdit{
                 "two deadlines",
                 ActivityChanged{"pulje-5", "", row("Plan", "5.10.2021, 9.10.2021", "delivery")},
                 "field:when/one-deadline"},
             RefusedEdit{"kind", ActivityChanged{"pulje-5", "", row("Møte", "5.10.2021", "fest")},
                         "field:kind"},
             RefusedEdit{"nobody", ActivityChanged{"pulje-5", "", nobody}, "field:who"},
             RefusedEdit{"cancelled", ActivityChanged{"pulje-5", "", cancelled},
                         "field:cancelled/delivery"},
         }) {
        EXPECT_EQ(refused(one.edit), one.code) << one.name;
    }
}

}  // namespace
}  // namespace fristvakt::tests
