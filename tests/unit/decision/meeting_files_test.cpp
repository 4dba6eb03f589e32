#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/world.hpp"

/// Meetings of a programme as an operator writes them: what they call for, and what is wrong.
namespace fristvakt::tests {
namespace {

using workflows::Severity;
using Lines = std::vector<std::string>;

constexpr const char* kHead =
    "meetings:\n"
    "  - id: nettverk\n"
    "    title: {nb: Nettverk, nn: Nettverk}\n";
constexpr const char* kEvery =
    "    every: semester\n"
    "    set_by: {spring: 02-01, autumn: 09-01}\n"
    "    audience: [ressursperson]\n";

World world_with(const std::string& meetings) {
    World world;
    world.requirements += meetings;
    return world;
}

Lines cases_of(const std::string& meetings, std::string_view first_start = "2021-01-01") {
    const auto definitions = world_with(meetings).load();
    Lines lines;
    for (const auto& planned : workflows::planned_cases(*definitions, definitions->cohorts.front(),
                                                        day(first_start), day("2022-12-31"))) {
        if (planned.requirement != "plan") {
            lines.push_back(planned.id + " " + planned.debtor + " " +
                            workflows::iso_date(planned.opens) + " " +
                            workflows::iso_date(planned.due.date));
        }
    }
    return lines;
}

TEST(MeetingFiles, CallForADateEachSemester) {
    EXPECT_EQ(cases_of(std::string{kHead} + kEvery),
              (Lines{"p/nettverk/2021-var sf 2021-01-01 2021-02-01",
                     "p/nettverk/2021-host sf 2021-08-01 2021-09-01",
                     "p/nettverk/2022-var sf 2022-01-01 2022-02-01",
                     "p/nettverk/2022-host sf 2022-08-01 2022-09-01"}));
}

TEST(MeetingFiles, CallForWhatIsBroughtAndForFurtherDates) {
    const std::string dates =
        "    dates:\n"
        "      - start: 2021-03-23T09:00\n"
        "        end: 2021-03-23T12:00\n"
        "        prework:\n"
        "          - {id: notat, title: {nb: Notat, nn: Notat}, due: start - 7 days}\n"
        "      - id: samling\n"
        "        start: 2021-04-20T09:00\n"
        "        end: 2021-04-21T13:00\n"
        "        prework:\n"
        "          - {id: film, title: {nb: Film, nn: Film}, due: end - 1 week,\n"
        "             opens: start - 1 month}\n";
    const Lines all = cases_of(kHead + std::string{kEvery} + dates, "2021-08-01");
    EXPECT_EQ(all.size(), 3U) << "nothing of the spring is left to be asked for";
    const Lines spring = cases_of(kHead + std::string{kEvery} + dates);
    const auto has = [&](const std::string& line) {
        return std::find(spring.begin(), spring.end(), line) != spring.end();
    };
    EXPECT_TRUE(has("p/nettverk/2021-var sf 2021-01-01 2021-02-01"));
    EXPECT_TRUE(has("p/nettverk/2021-var/notat/by by 2021-01-01 2021-03-16"));
    EXPECT_TRUE(has("p/nettverk/2021-var/samling sf 2021-01-01 2021-04-20"));
    EXPECT_TRUE(has("p/nettverk/2021-var/samling/film/vik vik 2021-03-20 2021-04-14"));
}

TEST(MeetingFiles, HeldOnceNeedNoPeriod) {
    EXPECT_EQ(cases_of(std::string{kHead} +
                       "    audience: [ressursperson]\n"
                       "    dates: [{start: 2021-03-23T09:00, end: 2021-03-23T12:00}]\n"),
              (Lines{"p/nettverk sf 2020-01-01 2021-03-23"}));
}

TEST(MeetingFiles, WhoseDateWasToStandBeforeTheCohortBeganAreNoMistake) {
    World world = world_with(std::string{kHead} + kEvery +
                             "    dates: [{start: 2021-03-23T09:00, end: 2021-03-23T12:00}]\n");
    world.period = "{from: 2021-03-01, to: 2021-07-31}";
    for (const auto& one : world.findings()) {
        EXPECT_EQ(one.severity, Severity::Warning) << one.message;
        EXPECT_EQ(one.message.find("nettverk"), std::string::npos) << one.message;
    }
}

TEST(MeetingFiles, HeldOnceUnderANameNeedNoOtherDate) {
    EXPECT_EQ(cases_of(std::string{kHead} +
                       "    audience: [ressursperson]\n"
                       "    dates: [{id: a, start: 2021-03-23T09:00, end: 2021-03-23T12:00}]\n"),
              (Lines{"p/nettverk/a sf 2020-01-01 2021-03-23"}));
}

TEST(MeetingFiles, LetOthersSignUpUntilADayThatFollowsTheMeeting) {
    const auto until = [](const std::string& open) {
        const auto definitions =
            world_with(std::string{kHead} +
                       "    audience: [ressursperson]\n    dates: [{start: 2021-03-23T09:00, end: "
                       "2021-03-23T12:00, open: " +
                       open + "}]\n")
                .load();
        return workflows::iso_date(
            definitions->cohorts.front().meetings.front().dates.front().open->until);
    };
    EXPECT_EQ(until("true"), "2021-03-22");
    EXPECT_EQ(until("{limit: 3}"), "2021-03-22");
    EXPECT_EQ(until("{until: start - 7 days}"), "2021-03-16");
    EXPECT_EQ(until("{until: start - 3 working days}"), "2021-03-18");
    EXPECT_EQ(until("{until: 2021-03-20}"), "2021-03-20");
    EXPECT_EQ(until("{until: 2021-05-01}"), "2021-03-23") << "the meeting was moved to before it";
}

struct Mistake {
    const char* name;
    std::string meetings;
    Severity severity;
    const char* says;
    int line;  ///< Counted from the line of `meetings:`, which is 1.
};
void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.name;
}

class MeetingMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(MeetingMistakes, AreSaidAtTheirPlace) {
    const Mistake& mistake = GetParam();
    const World world = world_with(mistake.meetings);
    const std::string programme = world.files().at("programmes/p.yaml");
    const auto before = programme.substr(0, programme.find("meetings:"));
    const int first = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    int found = 0;
    for (const auto& one : world.findings()) {
        const bool is_it =
            one.severity == mistake.severity && one.message.find(mistake.says) != std::string::npos;
        EXPECT_TRUE(is_it || one.severity == Severity::Warning) << one.message;
        if (is_it) {
            ++found;
            EXPECT_EQ(one.where.line, first + mistake.line) << one.message;
            EXPECT_TRUE(one.where.file.ends_with(".yaml")) << one.where.file;
            EXPECT_FALSE(one.hint.empty());
        }
    }
    EXPECT_EQ(found, 1) << "wanted: " << mistake.says;
}

std::string dated(const std::string& dates) {
    return std::string{kHead} + kEvery + "    dates:\n" + dates;
}

INSTANTIATE_TEST_SUITE_P(
    All, MeetingMistakes,
    testing::Values(
        Mistake{"unknown_key", std::string{kHead} + kEvery + "    hvem: [x]\n", Severity::Error,
                "unknown key `hvem`", 7},
        Mistake{"no_audience", std::string{kHead} + "    every: year\n    set_by: 02-01\n",
                Severity::Error, "neither `audience` nor `groups` says who is called", 2},
        Mistake{"open_from_nowhere",
                std::string{kHead} + "    audience: [ressursperson]\n    dates:\n      - start: "
                                     "2021-03-23T09:00\n        end: 2021-03-23T12:00\n"
                                     "        open: {until: due - 7 days}\n",
                Severity::Error, "`due` is neither `start` nor `end` of the meeting", 8},
        Mistake{"no_set_by",
                std::string{kHead} + "    every: semester\n    audience: [ressursperson]\n",
                Severity::Error, "nobody knows by when the date of `nettverk`", 2},
        Mistake{"every_month",
                std::string{kHead} + "    every: month\n    audience: [ressursperson]\n",
                Severity::Error, "`month`", 4},
        Mistake{"once_without_a_date", std::string{kHead} + "    audience: [ressursperson]\n",
                Severity::Error, "nobody knows by when", 2},
        Mistake{"id_of_a_requirement",
                "meetings:\n  - id: plan\n    title: {nb: N, nn: N}\n" + std::string{kEvery},
                Severity::Error, "the requirement `plan` stands in line", 2},
        Mistake{"no_such_day", dated("      - {start: 2021-02-30T09:00, end: 2021-03-01T12:00}\n"),
                Severity::Error, "`2021-02-30T09:00` is no day with a time", 8},
        Mistake{"day_without_a_time", dated("      - {start: 2021-03-23, end: 2021-03-23T12:00}\n"),
                Severity::Error, "is no day with a time", 8},
        Mistake{"ends_first", dated("      - {start: 2021-03-23T09:00, end: 2021-03-23T08:00}\n"),
                Severity::Error, "ends before it has begun", 8},
        Mistake{"a_year_long", dated("      - {start: 2021-03-23T09:00, end: 2022-03-23T12:00}\n"),
                Severity::Error, "longer than a month", 8},
        Mistake{"another_year", dated("      - {start: 2031-03-23T09:00, end: 2031-03-23T12:00}\n"),
                Severity::Error, "2031-03-23 lies in no period of `nettverk`", 8},
        Mistake{"two_in_one_semester",
                dated("      - {start: 2021-03-23T09:00, end: 2021-03-23T12:00}\n"
                      "      - {start: 2021-05-04T09:00, end: 2021-05-04T12:00}\n"),
                Severity::Error, "`nettverk` has two dates in 2021-var", 9},
        Mistake{"prework_twice",
                dated("      - start: 2021-03-23T09:00\n        end: 2021-03-23T12:00\n"
                      "        prework:\n"
                      "          - {id: a, title: {nb: A, nn: A}, due: start - 7 days}\n"
                      "          - {id: a, title: {nb: B, nn: B}, due: start - 8 days}\n"),
                Severity::Error, "`a` is to be brought twice", 12},
        Mistake{"prework_from_nowhere",
                dated("      - start: 2021-03-23T09:00\n        end: 2021-03-23T12:00\n"
                      "        prework:\n"
                      "          - {id: a, title: {nb: A, nn: A}, due: due - 7 days}\n"),
                Severity::Error, "`due` is neither `start` nor `end` of the meeting", 11},
        Mistake{"seconds", dated("      - {start: 2021-03-23T09:00:30, end: 2021-03-23T12:00}\n"),
                Severity::Error, "is no day with a time", 8},
        Mistake{"prework_named_like_a_date",
                dated("      - start: 2021-03-23T09:00\n        end: 2021-03-23T12:00\n"
                      "        prework:\n"
                      "          - {id: x, title: {nb: A, nn: A}, due: start - 7 days}\n"
                      "      - {id: x, start: 2021-04-20T09:00, end: 2021-04-20T12:00}\n"),
                Severity::Error, "`nettverk` has two dates in 2021-var called x", 12},
        Mistake{"prework_too_late",
                dated("      - start: 2021-03-23T09:00\n        end: 2021-03-23T12:00\n"
                      "        prework:\n"
                      "          - {id: a, title: {nb: A, nn: A}, due: start + 1 day}\n"),
                Severity::Warning, "when the meeting has begun", 11},
        Mistake{"in_another_semester",
                dated("      - {semester: 2021-var, start: 2020-03-23T09:00, end: "
                      "2020-03-23T12:00}\n"),
                Severity::Error, "2020-03-23 lies in 2020-var, not in 2021-var", 8},
        Mistake{"words_of_another_semester",
                dated("      - start: 2021-03-23T09:00\n        end: 2021-03-23T12:00\n"
                      "        agenda: {nb: Status våren 2021, nn: Status våren 2020}\n"),
                Severity::Warning, "it speaks of våren 2020, and 2021-03-23 lies in 2021-var", 10},
        Mistake{"on_a_sunday", dated("      - {start: 2021-03-21T09:00, end: 2021-03-21T12:00}\n"),
                Severity::Warning, "2021-03-21 is ", 8},
        Mistake{"in_july", dated("      - {start: 2021-07-14T09:00, end: 2021-07-14T12:00}\n"),
                Severity::Warning, "2021-07-14 lies in ", 8},
        Mistake{"nobody_has_the_role",
                std::string{kHead} +
                    "    every: semester\n    set_by: {spring: 02-01, autumn: 09-01}\n"
                    "    audience: [rektor]\n",
                Severity::Warning, "nobody who takes part is rektor", 6},
        Mistake{"same_people_at_once",
                dated("      - {start: 2021-03-23T09:00, end: 2021-03-23T12:00}\n") +
                    "  - id: samling\n    title: {nb: S, nn: S}\n    audience: [ressursperson]\n"
                    "    dates:\n"
                    "      - {start: 2021-03-23T11:00, end: 2021-03-23T14:00}\n",
                Severity::Warning, "`samling` is held while `nettverk` is", 13},
        Mistake{"unknown_ladder", std::string{kHead} + kEvery + "    ladder: meeting-dat\n",
                Severity::Error, "there is no ladder `meeting-dat`", 7}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fristvakt::tests
