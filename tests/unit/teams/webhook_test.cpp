#include "integrations/teams/webhook.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integrations/teams/card.hpp"
#include "integrations/teams/post_rate.hpp"
#include "tests/servers/process.hpp"
#include "tests/source_dir.hpp"

namespace fristvakt::tests {
namespace {

using integrations::Secret;
using integrations::teams::check_webhook_url;
using integrations::teams::PostRate;
using integrations::teams::to_payload;
using integrations::teams::Verdict;
using integrations::teams::verdict_of;
using integrations::teams::Webhook;

constexpr const char* kPath = "/workflows/1/triggers/manual/paths/invoke?sig=hemmelig-nokkel";

/// A workflow that answers as it is told.
class Workflow {
 public:
    explicit Workflow(const std::string& plan)
        : process_(
              {kPython, "-B",
               (std::filesystem::path{source_dir()} / "tests/servers/webhook_server.py").string(),
               plan}),
          port_(process_.read_line().value()) {}
    [[nodiscard]] Webhook webhook() const {
        return Webhook::open(Secret{"http://127.0.0.1:" + port_ + kPath}).value();
    }
    [[nodiscard]] nlohmann::json call() {
        return nlohmann::json::parse(process_.read_line().value());
    }

 private:
    Process process_;
    std::string port_;
};

std::string payload() {
    return to_payload({.title = "Frister æøå"});
}

TEST(Webhook, PostsTheCardAsItIs) {
    Workflow workflow{"[]"};
    const Verdict verdict = workflow.webhook().post(payload());
    EXPECT_EQ(verdict.kind, Verdict::Kind::Accepted);
    EXPECT_EQ(verdict.status, 202);
    const auto call = workflow.call();
    EXPECT_EQ(call.at("path"), kPath);
    EXPECT_EQ(call.at("type"), "application/json; charset=utf-8");
    EXPECT_EQ(call.at("body"), payload());
}

TEST(Webhook, WhatIsNoCardIsRefused) {
    Workflow workflow{"[]"};
    EXPECT_EQ(workflow.webhook().post("{\"type\":\"AdaptiveCard\"}").status, 400);
    EXPECT_EQ(workflow.webhook().post(std::string(40'000, ' ')).status, 413);
}

TEST(Webhook, AsksForTimeAndGetsIt) {
    Workflow workflow{R"([{"status": 429, "headers": {"Retry-After": "7"}}, {"status": 503},
                          {"status": 429, "headers": {"Retry-After": "999999"}}])"};
    const Webhook webhook = workflow.webhook();
    const Verdict first = webhook.post(payload());
    EXPECT_EQ(first.kind, Verdict::Kind::Later);
    EXPECT_EQ(first.retry_after, std::chrono::seconds{7});
    EXPECT_EQ(webhook.post(payload()).kind, Verdict::Kind::Later);
    EXPECT_EQ(webhook.post(payload()).retry_after, std::chrono::hours{1});
    EXPECT_EQ(webhook.post(payload()).kind, Verdict::Kind::Accepted);
}

TEST(Webhook, FollowsNoRedirectionAndSaysNothingOfItsAddress) {
    Workflow workflow{R"([{"close": true}, {"status": 302, "headers": {"Location": "/x"}}])"};
    const Webhook webhook = workflow.webhook();
    const Verdict lost = webhook.post(payload());
    EXPECT_EQ(lost.kind, Verdict::Kind::Later);
    EXPECT_EQ(lost.status, 0);
    EXPECT_EQ(webhook.post(payload()).kind, Verdict::Kind::Refused);
    const Verdict nobody =
        Webhook::open(Secret{std::string{"http://127.0.0.1:1"} + kPath}).value().post(payload());
    for (const Verdict& verdict : {lost, nobody}) {
        EXPECT_FALSE(verdict.why.empty());
        EXPECT_EQ(verdict.why.find("hemmelig"), std::string::npos) << verdict.why;
        EXPECT_EQ(verdict.why.find("workflows/1"), std::string::npos) << verdict.why;
    }
}

struct Row {
    int status;
    const char* body;
    Verdict::Kind kind;
    const char* says;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.status;
}
class Statuses : public testing::TestWithParam<Row> {};

TEST_P(Statuses, AreToldInWords) {
    const Verdict verdict = verdict_of(GetParam().status, GetParam().body, std::chrono::seconds{0});
    EXPECT_EQ(verdict.kind, GetParam().kind);
    EXPECT_NE(verdict.why.find(GetParam().says), std::string::npos) << verdict.why;
    EXPECT_EQ(verdict.why.empty(), verdict.kind == Verdict::Kind::Accepted);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Statuses,
    testing::Values(
        Row{200, "1", Verdict::Kind::Accepted, ""}, Row{202, "", Verdict::Kind::Accepted, ""},
        Row{200, "Microsoft Teams endpoint returned HTTP error 429", Verdict::Kind::Later, "busy"},
        Row{400, "", Verdict::Kind::Refused, "run history"},
        Row{401, "", Verdict::Kind::Refused, "Who can trigger"},
        Row{403, "", Verdict::Kind::Refused, "owner"},
        Row{404, "", Verdict::Kind::Refused, "turned off"},
        Row{408, "", Verdict::Kind::Later, "later"},
        Row{410, "", Verdict::Kind::Refused, "deleted"},
        Row{413, "", Verdict::Kind::Refused, "too big"},
        Row{418, "", Verdict::Kind::Refused, "418"}, Row{429, "", Verdict::Kind::Later, "busy"},
        Row{500, "", Verdict::Kind::Later, "later"}, Row{503, "", Verdict::Kind::Later, "later"}));

TEST(WebhookUrl, IsLookedAtBeforeItIsUsed) {
    for (const char* const good :
         {"https://e1.environment.api.powerplatform.com:443/powerautomate/x/invoke?sig=hemmelig",
          "https://flow.udir.example/hook", "http://127.0.0.1:8/x", "http://localhost/x",
          "http://[::1]:8/x"}) {
        EXPECT_TRUE(check_webhook_url(good).ok()) << good;
    }
    for (const char* const bad :
         {"", "hemmelig", "https://", "http://elsewhere.example/hemmelig",
          "http://127.0.0.1.elsewhere.example/hemmelig", "ftp://x.example/hemmelig",
          "https://x.example/a hemmelig", "https://x.example/a\nhttps://y.example/hemmelig"}) {
        const auto status = check_webhook_url(bad);
        ASSERT_FALSE(status.ok()) << bad;
        EXPECT_NE(status.error().message.find("https://"), std::string::npos);
        EXPECT_EQ(status.error().message.find("hemmelig"), std::string::npos);
    }
    for (const char* const retired :
         {"https://innlandet.webhook.office.com/webhookb2/hemmelig",
          "https://INNLANDET.WEBHOOK.OFFICE.COM:443/webhookb2/hemmelig",
          "https://outlook.office.com/webhook/hemmelig",
          "https://prod-01.norwayeast.logic.azure.com:443/workflows/hemmelig"}) {
        const auto status = check_webhook_url(retired);
        ASSERT_FALSE(status.ok()) << retired;
        EXPECT_NE(status.error().message.find("retired"), std::string::npos);
        EXPECT_EQ(status.error().message.find("hemmelig"), std::string::npos);
    }
}

TEST(PostRateTest, LetsFourGoAtOnceAndTwentyFiveInFiveMinutes) {
    PostRate rate;
    double now = 1'000;
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(rate.wait(now), 0);
        rate.made(now);
    }
    EXPECT_DOUBLE_EQ(rate.wait(now), 8);
    int calls = 4;
    const double begin = now;
    while (now < begin + 300) {
        if (rate.wait(now) == 0) {
            rate.made(now);
            ++calls;
        }
        now += 0.5;
    }
    EXPECT_EQ(calls, 25);
    EXPECT_EQ(rate.wait(begin + 301), 0);
}

}  // namespace
}  // namespace fristvakt::tests
