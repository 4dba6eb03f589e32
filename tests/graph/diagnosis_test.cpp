#include "integrations/graph/diagnosis.hpp"

#include <gtest/gtest.h>

#include "tests/graph/graph_fixture.hpp"

/// What is said to somebody who sets a mailbox up.
namespace fristvakt::tests {
namespace {

using integrations::graph::diagnose;
using integrations::graph::Finding;
using Kind = Finding::Kind;
using About = Finding::About;

struct Row {
    const char* name;
    void (*spoil)(workflows::GraphCalendar&, GraphServer&);
    About about;
    const char* says;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Diagnosis : public GraphTest, public testing::WithParamInterface<Row> {};

TEST_P(Diagnosis, NamesTheOneThingThatIsWrong) {
    auto settings = server_.settings();
    GetParam().spoil(settings, server_);
    int problems = 0;
    for (const Finding& finding : diagnose(settings, "https://frist.sf.example", kNow)) {
        if (finding.kind == Kind::Good) {
            EXPECT_NE(finding.about, GetParam().about) << finding.text;
            continue;
        }
        ++problems;
        EXPECT_EQ(finding.about, GetParam().about);
        EXPECT_NE(finding.text.find(GetParam().says), std::string::npos) << finding.text;
        for (const char* const word : {"hemmelig", "moter@", "OData", "AADSTS"}) {
            EXPECT_EQ(finding.text.find(word), std::string::npos) << finding.text;
        }
    }
    EXPECT_EQ(problems, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Diagnosis,
    testing::Values(
        Row{"secret", [](auto&, auto& server) { server.write_secret("feil"); }, About::SignIn,
            "secret is wrong"},
        Row{"tenant", [](auto& settings, auto&) { settings.tenant = "annen.example"; },
            About::SignIn, "graph.tenant"},
        Row{"permission", [](auto&, auto& server) { server.set("roles", {"User.Read.All"}); },
            About::Mailbox, "Calendars.ReadWrite"},
        Row{"reading_alone", [](auto&, auto& server) { server.set("roles", {"Calendars.Read"}); },
            About::Writing, "Calendars.ReadWrite"},
        Row{"policy", [](auto&, auto& server) { server.set("policy", "denied"); }, About::Mailbox,
            "access policy"},
        Row{"mailbox", [](auto& settings, auto&) { settings.mailbox = "x@sf-innlandet.example"; },
            About::Mailbox, "graph.mailbox"},
        Row{"online", [](auto&, auto& server) { server.set("providers", nlohmann::json::array()); },
            About::OnlineMeetings, "Teams"},
        Row{"unreachable",
            [](auto& settings, auto&) { settings.graph_url = "https://127.0.0.1:1/v1.0"; },
            About::Mailbox, "127.0.0.1"}),
    [](const auto& test) { return test.param.name; });

class DiagnosisTest : public GraphTest {};

TEST_F(DiagnosisTest, IsContentAndChangesNothing) {
    (void)calendar_.create(meeting(), transaction(), kNow);
    const auto before = server_.ask("events");
    const auto findings = diagnose(server_.settings(), "", kNow);
    EXPECT_EQ(findings.size(), 4U);
    for (const Finding& finding : findings) {
        EXPECT_EQ(finding.kind, Kind::Good) << finding.text;
    }
    EXPECT_EQ(server_.ask("events"), before);
    EXPECT_EQ(mails().size(), 1U);
}

TEST_F(DiagnosisTest, WarnsOfAnAddressThatMicrosoftCannotCall) {
    auto settings = server_.settings();
    settings.notifications = true;
    const auto bad = diagnose(settings, "http://127.0.0.1:8080", kNow);
    EXPECT_EQ(bad.front().kind, Kind::Warning);
    EXPECT_EQ(bad.front().about, About::Address);
    EXPECT_EQ(diagnose(settings, "https://frist.sf.example", kNow).front().kind, Kind::Good);
}

}  // namespace
}  // namespace fristvakt::tests
