#include "daemon/access/rights.hpp"

#include <gtest/gtest.h>

#include "tests/worlds/world.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;
using workflows::Role;
using workflows::Scope;

/// Two regions with a kommune each, and a programme of its own for one of them.
const workflows::Definitions& land() {
    static const DefinitionsPtr kLand = [] {
        World world;
        world.organisations =
            "udir,Udir,udir,,,neutral,post@udir.example\n"
            "sf,Nord,embete,,udir,neutral,post@sf.example\n"
            "sor,Sør,embete,,udir,neutral,post@sor.example\n"
            "by,By kommune,kommune,,sf,nb,post@by.example\n"
            "skole,By skole,skole,,by,nb,post@skole.example\n"
            "dal,Dal kommune,kommune,,sor,nn,post@dal.example\n"
            "vik,Vik kommune,kommune,,sf,nb,post@vik.example\n";
        world.participants = "[by, dal, skole]";
        world.more["programmes/other.yaml"] =
            "programme: other\ntitle: {nb: Annet, nn: Anna}\ncohort: other-1\n"
            "period: {from: 2020-01-01, to: 2022-12-31}\ncreditor: sf\nparticipants: [by]\n"
            "requirements:\n  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-25, "
            "title: {nb: Plan, nn: Plan}}\n";
        return world.load();
    }();
    return *kLand;
}

Visitor with(Role role, Scope scope) {
    return {.kind = Visitor::Kind::Person, .permissions = {{rights_of(role), std::move(scope)}}};
}

constexpr Scope::Kind kRegion = Scope::Kind::Region;
constexpr Scope::Kind kProgramme = Scope::Kind::Programme;
std::string first_programme() {
    return land().cohorts.front().programme == "other" ? land().cohorts.back().programme
                                                       : land().cohorts.front().programme;
}

/// What somebody may in the case of `debtor` in the first programme: one letter for each right.
struct Row {
    std::string name;
    Visitor visitor;
    std::string debtor;
    std::string in_case;      ///< "ra": read and act.
    std::string with_debtor;  ///< The organisation itself.
    std::string in_cohort;    ///< The cohort as a whole.
    std::string in_installation;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

constexpr std::pair<Right, char> kLetters[] = {{Right::Read, 'r'},
                                               {Right::Act, 'a'},
                                               {Right::Plan, 'p'},
                                               {Right::Operate, 'o'},
                                               {Right::Administer, 'd'}};

template <typename May>
std::string letters(const May& allowed) {
    std::string out;
    for (const auto& [right, letter] : kLetters) {
        if (allowed(right)) {
            out += letter;
        }
    }
    return out;
}

class Rights_ : public ::testing::TestWithParam<Row> {};

TEST_P(Rights_, AreAsTheTableSays) {
    const Row& row = GetParam();
    const workflows::Cohort& cohort = land().cohorts.front().programme == "other"
                                          ? land().cohorts.back()
                                          : land().cohorts.front();
    workflows::Case item;
    item.cohort = cohort.id;
    item.debtor = row.debtor;
    const auto* organisation = land().find_organisation(row.debtor);
    ASSERT_NE(organisation, nullptr);
    EXPECT_EQ(letters([&](Right right) { return may(row.visitor, right, item, land()); }),
              row.in_case);
    EXPECT_EQ(letters([&](Right right) { return may(row.visitor, right, *organisation, land()); }),
              row.with_debtor);
    EXPECT_EQ(letters([&](Right right) { return may(row.visitor, right, cohort, land()); }),
              row.in_cohort);
    EXPECT_EQ(letters([&](Right right) { return may(row.visitor, right); }), row.in_installation);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Rights_,
    ::testing::Values(
        Row{"Stranger", {}, "by", "", "", "", ""},
        Row{"Local", local_visitor(), "by", "rapod", "rapod", "rapod", "rapod"},
        Row{"ReaderOfAll", with(Role::Reader, {}), "by", "r", "r", "r", "r"},
        Row{"OfficerOfAll", with(Role::CaseOfficer, {}), "by", "rapo", "rapo", "rapo", "rapo"},
        Row{"AdministratorOfAll", with(Role::Administrator, {}), "by", "rapod", "rapod", "rapod",
            "rapod"},
        Row{"ReaderInRegion", with(Role::Reader, {kRegion, "sf"}), "by", "r", "r", "r", ""},
        Row{"ReaderOfOtherRegion", with(Role::Reader, {kRegion, "sor"}), "by", "", "", "r", ""},
        Row{"OfficerInRegion", with(Role::CaseOfficer, {kRegion, "sf"}), "by", "rap", "rap", "r",
            ""},
        Row{"OfficerInRegionFarBelow", with(Role::CaseOfficer, {kRegion, "sf"}), "skole", "rap",
            "rap", "r", ""},
        Row{"OfficerOfOtherRegion", with(Role::CaseOfficer, {kRegion, "sor"}), "by", "", "", "r",
            ""},
        Row{"OfficerOfTop", with(Role::CaseOfficer, {kRegion, "udir"}), "dal", "rap", "rap", "r",
            ""},
        Row{"OfficerBelowOnly", with(Role::CaseOfficer, {kRegion, "skole"}), "by", "", "", "r", ""},
        Row{"OfficerOutside", with(Role::CaseOfficer, {kRegion, "vik"}), "by", "", "", "", ""},
        Row{"AdministratorOfRegion", with(Role::Administrator, {kRegion, "sf"}), "by", "rap", "rap",
            "r", ""},
        Row{"OfficerOfProgramme", with(Role::CaseOfficer, {kProgramme, first_programme()}), "dal",
            "rap", "r", "rap", ""},
        Row{"OfficerOfProgrammeNoParticipant",
            with(Role::CaseOfficer, {kProgramme, first_programme()}), "vik", "rap", "", "rap", ""},
        Row{"OfficerOfOtherProgramme", with(Role::CaseOfficer, {kProgramme, "other"}), "by", "",
            "r", "", ""},
        Row{"TwoRoles",
            {.kind = Visitor::Kind::Person,
             .permissions = {{rights_of(Role::Reader), {}},
                             {rights_of(Role::CaseOfficer), {kRegion, "sf"}}}},
            "by",
            "rap",
            "rap",
            "r",
            "r"},
        Row{"TwoRolesElsewhere",
            {.kind = Visitor::Kind::Person,
             .permissions = {{rights_of(Role::Reader), {}},
                             {rights_of(Role::CaseOfficer), {kRegion, "sf"}}}},
            "dal",
            "r",
            "r",
            "r",
            "r"}),
    [](const auto& row) { return row.param.name; });

TEST(RightsSomewhere, ShowsAButtonToWhoeverMayUseItInOnePlace) {
    const Visitor officer = with(Role::CaseOfficer, {kRegion, "sf"});
    EXPECT_TRUE(may_somewhere(officer, Right::Act));
    EXPECT_FALSE(may_somewhere(officer, Right::Operate));
    EXPECT_FALSE(may_somewhere(with(Role::Reader, {}), Right::Act));
    EXPECT_FALSE(may_somewhere(Visitor{}, Right::Read));
}

}  // namespace
}  // namespace fristvakt::tests
