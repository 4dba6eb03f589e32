#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "workflows/definition/definitions.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/definition/workflow.hpp"

namespace fristvakt {
namespace {

using namespace workflows;  // NOLINT(google-build-using-namespace)

Date day(int year, unsigned month, unsigned of_month) {
    return Date{cal::local_days{cal::year{year} / cal::month{month} / cal::day{of_month}}};
}

DueRule rule(std::string_view expression) {
    DueRule result;
    result.expression = parse_deadline(expression).value();
    return result;
}

class PlannedCases : public testing::Test {
 protected:
    PlannedCases() {
        definitions_.zone = TimeZone::locate("Europe/Oslo").value();
        cohort_.id = "p";
        cohort_.creditor = "sf";
        cohort_.from = day(2020, 8, 1);
        cohort_.to = day(2022, 7, 31);
        cohort_.participants = {{.organisation = "b", .responsible = "", .where = {}},
                                {.organisation = "a", .responsible = "", .where = {}}};
    }

    std::vector<std::string> ids(Requirement requirement, Date first_start, Date until) {
        requirement.id = "r";
        cohort_.requirements = {std::move(requirement)};
        std::vector<std::string> result;
        for (const auto& planned : planned_cases(definitions_, cohort_, first_start, until)) {
            result.push_back(planned.id + " " + iso_date(planned.opens) + " " +
                             iso_date(planned.due.date));
        }
        return result;
    }

    Definitions definitions_;
    Cohort cohort_;
};

using Lines = std::vector<std::string>;

TEST_F(PlannedCases, OfASingleRequirementOpenWithThePeriodUnlessItSaysOtherwise) {
    Requirement requirement;
    requirement.due = rule("2021-01-23");  // a Saturday
    EXPECT_EQ(ids(requirement, day(2021, 1, 1), day(2021, 1, 1)),
              (Lines{"p/r/a 2020-08-01 2021-01-25", "p/r/b 2020-08-01 2021-01-25"}));
    requirement.opens = rule("2021-01-04");
    EXPECT_EQ(ids(requirement, day(2022, 1, 1), day(2021, 1, 3)), Lines{});
    EXPECT_EQ(ids(requirement, day(2022, 1, 1), day(2021, 1, 4)).size(), 2U);
}

TEST_F(PlannedCases, OfEachYearBeginAfterTheFirstStart) {
    cohort_.participants.resize(1);
    Requirement requirement;
    requirement.every = Recurrence::Yearly;
    requirement.due.day = cal::February / 15;
    // 2020's falls due before the cohort begins.
    EXPECT_EQ(ids(requirement, day(2020, 1, 1), day(2029, 1, 1)),
              (Lines{"p/r/2021/b 2021-01-01 2021-02-15", "p/r/2022/b 2022-01-01 2022-02-15"}));
    EXPECT_EQ(ids(requirement, day(2021, 1, 2), day(2029, 1, 1)),
              (Lines{"p/r/2022/b 2022-01-01 2022-02-15"}));
    EXPECT_EQ(ids(requirement, day(2020, 1, 1), day(2021, 12, 31)).size(), 1U);
}

TEST_F(PlannedCases, OfEachSemesterTakeTheirOwnDays) {
    cohort_.participants.resize(1);
    Requirement requirement;
    requirement.every = Recurrence::EachSemester;
    requirement.due.spring = cal::June / 1;
    requirement.due.autumn = cal::December / 1;
    EXPECT_EQ(
        ids(requirement, day(2020, 1, 1), day(2021, 12, 31)),
        (Lines{"p/r/2020-host/b 2020-08-01 2020-12-01", "p/r/2021-var/b 2021-01-01 2021-06-01",
               "p/r/2021-host/b 2021-08-01 2021-12-01"}));
}

TEST_F(PlannedCases, OfEachMonthHangOnItsEnds) {
    cohort_.participants.resize(1);
    cohort_.to = day(2020, 10, 15);
    Requirement requirement;
    requirement.every = Recurrence::Monthly;
    requirement.due = rule("end + 10 days");
    requirement.opens = rule("start + 14 days");
    EXPECT_EQ(ids(requirement, day(2020, 1, 1), day(2029, 1, 1)),
              (Lines{"p/r/2020-08/b 2020-08-15 2020-09-10", "p/r/2020-09/b 2020-09-15 2020-10-12",
                     "p/r/2020-10/b 2020-10-15 2020-11-10"}));
}

TEST_F(PlannedCases, GoBothDirections) {
    Requirement requirement;
    requirement.due = rule("2021-03-01");
    requirement.debtors = {"sf"};
    requirement.creditor = "udir";
    requirement.id = "ranking";
    cohort_.requirements = {requirement};
    const auto cases = planned_cases(definitions_, cohort_, day(2020, 1, 1), day(2029, 1, 1));
    ASSERT_EQ(cases.size(), 1U);
    EXPECT_EQ(cases[0].id, "p/ranking/sf");
    EXPECT_EQ(cases[0].debtor, "sf");
    EXPECT_EQ(cases[0].creditor, "udir");
}

TEST(LadderSteps, KnowTheirSideOfTheDeadline) {
    const auto is_before = [](std::string_view at) {
        LadderStep step;
        step.at = parse_deadline(at).value();
        return is_before_deadline(step);
    };
    EXPECT_TRUE(is_before("due - 14 days"));
    EXPECT_TRUE(is_before("due - 1 working day"));
    EXPECT_TRUE(is_before("due"));
    EXPECT_FALSE(is_before("due + 1 day"));
    EXPECT_FALSE(is_before("due + 1 working day"));
}

TEST(Transitions, RequireWhatTheyNeedAndSet) {
    Transition transition;
    transition.needs = {"missing", "until"};
    transition.sets = {{.target = "due", .field = "until"},
                       {.target = "rank", .field = "rank"},
                       {.target = "note", .field = "note", .optional = true}};
    EXPECT_EQ(required_fields(transition), (std::vector<std::string>{"missing", "until", "rank"}));
}

TEST(MailAddress, IsOnePlainMailbox) {
    for (const char* good : {"a@b.example", "kari.nordmann+frist@gjovik.kommune.example",
                             "o'neil@x-y.test", "A_1@1a.b2.example"}) {
        EXPECT_TRUE(is_mail_address(good)) << good;
    }
    const std::string long_local(65, 'a');
    const std::string long_label(64, 'b');
    for (const std::string& bad : {std::string(""),
                                   std::string("a"),
                                   std::string("@b.example"),
                                   std::string("a@"),
                                   std::string("a@b"),
                                   std::string("a@@b.example"),
                                   std::string("a@b@c.example"),
                                   std::string("a b@c.example"),
                                   std::string("a@b.example\r\nRCPT TO:<x@y.example>"),
                                   std::string("a@b.example\n"),
                                   std::string("<a@b.example>"),
                                   std::string("a,b@c.example"),
                                   std::string(".a@b.example"),
                                   std::string("a.@b.example"),
                                   std::string("a..b@c.example"),
                                   std::string("a@b..example"),
                                   std::string("a@-b.example"),
                                   std::string("a@b-.example"),
                                   std::string("a@[127.0.0.1]"),
                                   std::string("a@127.0.0.1"),
                                   std::string("å@b.example"),
                                   std::string("a@bø.example"),
                                   std::string("a@b.example\0", 12),
                                   std::string("\"a\"@b.example"),
                                   long_local + "@b.example",
                                   "a@" + long_label + ".example"}) {
        EXPECT_FALSE(is_mail_address(bad)) << bad;
    }
}

}  // namespace
}  // namespace fristvakt
