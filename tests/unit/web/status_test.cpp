#include "daemon/web/status.hpp"

#include <gtest/gtest.h>

#include "tests/browser/town.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;
using workflows::Case;

const Town& town() {
    static const Town kTown{{.until = "2021-01-04T07:00", .demo_events = false}};
    return kTown;
}

struct Row {
    std::string name;
    std::string state;
    std::string now;
    StatusKind kind;
    std::string nb;
    std::string nn;
    void (*change)(Case&) = [](Case&) {};
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Statuses : public ::testing::TestWithParam<Row> {};

TEST_P(Statuses, AreDerivedFromFactsAndTheClock) {
    const auto definitions = town().definitions();
    const workflows::TimeZone& zone = definitions->time_zone();
    Case item;
    item.id = "pulje-5/plan/gjovik";
    item.cohort = "pulje-5";
    item.requirement = "plan";
    item.debtor = "gjovik";
    item.creditor = "sf-innlandet";
    item.workflow = "plan";
    item.state = GetParam().state;
    const workflows::Date due = *workflows::parse_iso_date("2021-01-25");
    item.due = {
        .date = due, .ends_at = zone.start_of_day(due + workflows::cal::days{1}), .because = {}};
    item.entered_at = workflows::parse_instant("2021-01-22T10:00", zone).value();
    GetParam().change(item);
    const CaseStatus status =
        status_of(item, *definitions, workflows::parse_instant(GetParam().now, zone).value());
    EXPECT_EQ(status.kind, GetParam().kind) << to_string(status.kind);
    EXPECT_EQ(status.word.nb + ": " + status.detail.nb, GetParam().nb);
    EXPECT_EQ(status.word.nn + ": " + status.detail.nn, GetParam().nn);
    EXPECT_FALSE(status.sign.empty());
    EXPECT_FALSE(status.color.empty());
}

void suggest(Case& item) {
    item.workflow = "suggestions";
}

void claim(Case& item) {
    item.state_deadline = item.due;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Statuses,
    ::testing::Values(
        Row{"far_off", "awaited", "2021-01-11T08:00", StatusKind::Awaited,
            "Ikke levert: 14 dager igjen", "Ikkje levert: 14 dagar igjen"},
        Row{"eight_days", "awaited", "2021-01-17T23:59", StatusKind::Awaited,
            "Ikke levert: 8 dager igjen", "Ikkje levert: 8 dagar igjen"},
        Row{"seven_days", "awaited", "2021-01-18T00:00", StatusKind::DueSoon,
            "Frist snart: 7 dager igjen", "Frist snart: 7 dagar igjen"},
        Row{"one_day", "awaited", "2021-01-24T12:00", StatusKind::DueSoon,
            "Frist snart: 1 dag igjen", "Frist snart: 1 dag igjen"},
        Row{"today", "awaited", "2021-01-25T23:59", StatusKind::DueToday, "Frist i dag: i dag",
            "Frist i dag: i dag"},
        Row{"over", "awaited", "2021-01-26T00:00", StatusKind::Overdue, "Forfalt: 1 dag over",
            "Forfalle: 1 dag over"},
        Row{"far_over", "awaited", "2021-02-03T12:00", StatusKind::Overdue, "Forfalt: 9 dager over",
            "Forfalle: 9 dagar over"},
        Row{"asks", "awaited", "2021-02-03T12:00", StatusKind::MoreTimeAsked,
            "Ber om lengre frist: 9 dager over", "Ber om lengre frist: 9 dagar over",
            [](Case& item) { item.children_open_pausing = 1; }},
        Row{"given", "awaited", "2021-01-11T08:00", StatusKind::MoreTimeGiven,
            "Ny frist: 14 dager igjen", "Ny frist: 14 dagar igjen",
            [](Case& item) { item.granted_until = item.due->date; }},
        Row{"given_and_soon", "awaited", "2021-01-23T08:00", StatusKind::DueSoon,
            "Frist snart: 2 dager igjen", "Frist snart: 2 dagar igjen",
            [](Case& item) { item.granted_until = item.due->date; }},
        Row{"incomplete", "awaited", "2021-01-20T08:00", StatusKind::Incomplete,
            "Ufullstendig: 5 dager igjen", "Ufullstendig: 5 dagar igjen",
            [](Case& item) { item.fields["returned_on"] = "2021-01-19"; }},
        Row{"incomplete_and_over", "awaited", "2021-01-26T00:00", StatusKind::Overdue,
            "Forfalt: 1 dag over, noe mangler", "Forfalle: 1 dag over, noko manglar",
            [](Case& item) { item.fields["returned_on"] = "2021-01-19"; }},
        Row{"no_deadline", "awaited", "2021-01-20T08:00", StatusKind::Awaited,
            "Ikke levert: uten frist", "Ikkje levert: utan frist",
            [](Case& item) { item.due.reset(); }},
        Row{"paused", "awaited", "2021-01-11T08:00", StatusKind::Awaited,
            "Ikke levert: 14 dager igjen, satt på pause",
            "Ikkje levert: 14 dagar igjen, sett på pause", [](Case& item) { item.paused = true; }},
        Row{"held", "awaited", "2021-01-26T00:00", StatusKind::Overdue,
            "Forfalt: 1 dag over, holdes tilbake", "Forfalle: 1 dag over, blir halden tilbake",
            [](Case& item) { item.held = true; }},
        Row{"claimed", "claimed", "2021-01-26T08:00", StatusKind::Claimed,
            "Meldt sendt: 22. januar, venter på oss", "Meldt send: 22. januar, ventar på oss",
            claim},
        Row{"nothing_claimed", "claimed", "2021-01-26T08:00", StatusKind::NothingClaimed,
            "Ingenting å melde, ubekreftet: 22. januar, venter på oss",
            "Ingenting å melde, ikkje stadfesta: 22. januar, ventar på oss",
            [](Case& item) {
                claim(item);
                item.fields["nothing_to_report"] = "2021-01-22";
            }},
        Row{"nothing_to_report", "received", "2021-02-26T08:00", StatusKind::NothingToReport,
            "Ingenting å melde: bekreftet 22. januar", "Ingenting å melde: stadfesta 22. januar",
            [](Case& item) { item.fields["nothing_to_report"] = "2021-01-22"; }},
        Row{"exempt_after_all", "exempt", "2021-02-26T08:00", StatusKind::NotApplicable,
            "Gjelder ikke: 22. januar", "Gjeld ikkje: 22. januar",
            [](Case& item) {
                item.final = true;
                item.fields["nothing_to_report"] = "2021-01-22";
            }},
        Row{"received", "received", "2021-02-26T08:00", StatusKind::Received, "Mottatt: 22. januar",
            "Motteke: 22. januar"},
        Row{"accepted", "accepted", "2021-02-26T08:00", StatusKind::Done, "Godkjent: 22. januar",
            "Godkjend: 22. januar", [](Case& item) { item.final = true; }},
        Row{"exempt", "exempt", "2021-02-26T08:00", StatusKind::NotApplicable,
            "Gjelder ikke: 22. januar", "Gjeld ikkje: 22. januar",
            [](Case& item) { item.final = true; }},
        Row{"welcome", "suggestions_welcome", "2021-01-20T08:00", StatusKind::Voluntary,
            "Åpent for innspill: 5 dager igjen", "Ope for innspel: 5 dagar igjen", suggest},
        Row{"welcome_today", "suggestions_welcome", "2021-01-25T08:00", StatusKind::Voluntary,
            "Åpent for innspill: i dag", "Ope for innspel: i dag", suggest},
        Row{"suggested", "suggested", "2021-02-26T08:00", StatusKind::Done,
            "Innspill mottatt: 22. januar", "Innspel motteke: 22. januar",
            [](Case& item) {
                suggest(item);
                item.final = true;
            }},
        Row{"nothing_came", "nothing_came", "2021-02-26T08:00", StatusKind::NotApplicable,
            "Ingen innspill: 22. januar", "Ingen innspel: 22. januar",
            [](Case& item) {
                suggest(item);
                item.final = true;
            }},
        Row{"withdrawn", "withdrawn", "2021-02-26T08:00", StatusKind::NotApplicable,
            "Trukket: 22. januar", "Trekt: 22. januar", [](Case& item) { item.final = true; }}),
    [](const auto& test) { return test.param.name; });

TEST(StatusNames, AreReadBack) {
    for (int i = 0; i <= static_cast<int>(StatusKind::NotApplicable); ++i) {
        const auto kind = static_cast<StatusKind>(i);
        EXPECT_EQ(parse_status_kind(to_string(kind)), kind);
        EXPECT_FALSE(status_title(kind).nb.empty());
    }
    EXPECT_EQ(parse_status_kind("nothing"), std::nullopt);
}

}  // namespace
}  // namespace fristvakt::tests
