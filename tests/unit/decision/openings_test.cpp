#include "workflows/decision/openings.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/world.hpp"

namespace fristvakt::tests {
namespace {

using Lines = std::vector<std::string>;

DefinitionsPtr with(const std::string& requirement,
                    const std::string& period = "{from: 2020-08-01, to: 2022-12-31}") {
    World world;
    world.period = period;
    world.requirements =
        "  - {id: krav, workflow: report, title: {nb: Krav, nn: Krav}, " + requirement + "}\n";
    return world.load();
}

Lines openings(const DefinitionsPtr& definitions, const std::string& first_start) {
    Lines lines;
    for (const auto& opening : workflows::openings_of(*definitions, day(first_start))) {
        lines.push_back((opening.period.empty() ? "-" : opening.period) + " opens " +
                        workflows::iso_date(opening.opens) + " due " +
                        workflows::iso_date(opening.due.date));
    }
    return lines;
}

struct Row {
    std::string name;
    std::string requirement;
    std::string first_start;
    Lines expected;
};

TEST(Openings, AreWhatTheConfigurationCallsFor) {
    for (const Row& row : {
             Row{"once",
                 "opens: 2021-01-04, due: 2021-01-25",
                 "2020-08-01",
                 {"- opens 2021-01-04 due 2021-01-25"}},
             Row{"once_also_when_it_lies_before_the_first_start",
                 "opens: 2021-01-04, due: 2021-01-25",
                 "2021-06-01",
                 {"- opens 2021-01-04 due 2021-01-25"}},
             // 15 February 2020 lies before the cohort began; the 2021 one is a Monday.
             Row{"yearly",
                 "every: year, due: 02-15",
                 "2020-08-01",
                 {"2021 opens 2021-01-01 due 2021-02-15", "2022 opens 2022-01-01 due 2022-02-15"}},
             Row{"yearly_first_period_opens_after_the_first_start",
                 "every: year, due: 02-15",
                 "2021-01-02",
                 {"2022 opens 2022-01-01 due 2022-02-15"}},
             Row{"yearly_on_the_day_of_the_first_start",
                 "every: year, due: 02-15",
                 "2021-01-01",
                 {"2021 opens 2021-01-01 due 2021-02-15", "2022 opens 2022-01-01 due 2022-02-15"}},
             Row{"yearly_never_before_its_cohort",
                 "every: year, due: 12-01",
                 "2020-01-01",
                 {"2020 opens 2020-08-01 due 2020-12-01", "2021 opens 2021-01-01 due 2021-12-01",
                  "2022 opens 2022-01-01 due 2022-12-01"}},
             Row{"yearly_with_its_own_opening",
                 "every: year, opens: 11-01, due: 12-01",
                 "2020-08-01",
                 {"2020 opens 2020-11-01 due 2020-12-01", "2021 opens 2021-11-01 due 2021-12-01",
                  "2022 opens 2022-11-01 due 2022-12-01"}},
             Row{"each_semester",
                 "every: semester, due: {spring: 02-01, autumn: 09-01}",
                 "2020-08-01",
                 {"2020-host opens 2020-08-01 due 2020-09-01",
                  "2021-var opens 2021-01-01 due 2021-02-01",
                  "2021-host opens 2021-08-01 due 2021-09-01",
                  "2022-var opens 2022-01-01 due 2022-02-01",
                  "2022-host opens 2022-08-01 due 2022-09-01"}},
             Row{"monthly_by_expression",
                 "every: month, due: end - 5 days",
                 "2022-10-15",
                 {"2022-11 opens 2022-11-01 due 2022-11-25",
                  "2022-12 opens 2022-12-01 due 2022-12-27"}},
         }) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(openings(with(row.requirement), row.first_start), row.expected);
    }
}

TEST(Openings, AgreeWithThePlannedCasesThatThePagesShow) {
    const auto definitions = with("every: semester, due: {spring: 02-01, autumn: 09-01}");
    std::vector<std::string> opened;
    for (const auto& opening : workflows::openings_of(*definitions, day("2021-01-01"))) {
        for (const auto& debtor : workflows::debtors_of(*opening.cohort, *opening.requirement)) {
            opened.push_back(workflows::case_id(opening, debtor));
        }
    }
    std::vector<std::string> planned;
    for (const auto& one : workflows::planned_cases(*definitions, definitions->cohorts.front(),
                                                    day("2021-01-01"), day("2022-12-31"))) {
        planned.push_back(one.id);
    }
    EXPECT_EQ(opened, planned);
    EXPECT_FALSE(opened.empty());
}

TEST(Openings, ACaseKnowsItsPartiesAndItsDeadline) {
    const auto definitions = with("every: year, due: 02-15, debtor: sf, creditor: by");
    const auto all = workflows::openings_of(*definitions, day("2021-01-01"));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(workflows::debtors_of(*all[0].cohort, *all[0].requirement), (Lines{"sf"}));
    const auto item = workflows::case_of(all[0], "sf", *definitions);
    EXPECT_EQ(item.id, "p/krav/2021/sf");
    EXPECT_EQ(item.creditor, "by");
    EXPECT_EQ(item.workflow, "report");
    ASSERT_TRUE(workflows::configured_due(item, *definitions).has_value());
    EXPECT_EQ(workflows::iso_date(workflows::configured_due(item, *definitions)->date),
              "2021-02-15");
    auto gone = item;
    gone.period = "2019";
    EXPECT_FALSE(workflows::configured_due(gone, *definitions).has_value());
}

}  // namespace
}  // namespace fristvakt::tests
