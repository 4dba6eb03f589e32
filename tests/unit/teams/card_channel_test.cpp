#include "integrations/teams/card_channel.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "integrations/teams/card.hpp"
#include "tests/servers/process.hpp"
#include "tests/source_dir.hpp"
#include "tests/temporary_folder.hpp"

/// The ways out for cards: what each answer of a workflow means for the message, and files instead.
namespace fristvakt::tests {
namespace {

using integrations::teams::CardChannel;
using integrations::teams::CardSpool;
using integrations::teams::check_channel;
using integrations::teams::fault_of_address;
using integrations::teams::is_on_this_machine;
using integrations::teams::PostRates;
using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::SecretReference;
using workflows::TeamsChannel;
using workflows::Verdict;
namespace fs = std::filesystem;

class CardChannelTest : public testing::Test {
 protected:
    /// A channel whose address stands in a file.
    [[nodiscard]] TeamsChannel channel_at(const std::string& url) const {
        const fs::path file = folder_ / "url";
        std::ofstream{file} << url << '\n';
        (void)::chmod(file.c_str(), 0600);
        return {.id = "alle",
                .url = {.kind = SecretReference::Kind::File, .name = file},
                .language = {},
                .programmes = {},
                .digest = {},
                .canary = {},
                .events = {},
                .where = {}};
    }
    [[nodiscard]] static Envelope envelope(std::string to = "teams:alle") {
        return {.number = 12,
                .channel = "teams",
                .message_id = {},
                .from = {},
                .to = {std::move(to)},
                .bytes = integrations::teams::to_payload({.title = "Frister"})};
    }
    [[nodiscard]] DeliveryReport send_to(const std::string& url) {
        return CardChannel{{channel_at(url)}, rates_}.send(envelope());
    }

    TemporaryFolder folder_;
    double now_{100};
    PostRates rates_{[this] { return now_; }};
};

class Workflow {
 public:
    explicit Workflow(const std::string& plan)
        : process_(
              {kPython, "-B", (source_dir() / "tests/servers/webhook_server.py").string(), plan}),
          url_("http://127.0.0.1:" + process_.read_line().value() + "/invoke?sig=hemmelig") {}
    [[nodiscard]] const std::string& url() const { return url_; }

 private:
    Process process_;
    std::string url_;
};

struct Row {
    const char* name;
    const char* plan;
    Verdict verdict;
    bool uncertain;
    int retry_after;
    const char* says;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Answers : public CardChannelTest, public testing::WithParamInterface<Row> {};

TEST_P(Answers, BecomeVerdicts) {
    Workflow workflow{GetParam().plan};
    const DeliveryReport report = send_to(workflow.url());
    EXPECT_EQ(report.verdict, GetParam().verdict);
    EXPECT_EQ(report.uncertain, GetParam().uncertain);
    EXPECT_EQ(report.retry_after, std::chrono::seconds{GetParam().retry_after});
    EXPECT_FALSE(report.recipient_refused);
    EXPECT_NE(report.reply.find(GetParam().says), std::string::npos) << report.reply;
    EXPECT_NE(report.reply.find("teams:alle"), std::string::npos) << report.reply;
    EXPECT_EQ(report.reply.find("hemmelig"), std::string::npos) << report.reply;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Answers,
    testing::Values(Row{"accepted", "[]", Verdict::Delivered, false, 0, "202"},
                    Row{"busy", R"([{"status": 429, "headers": {"Retry-After": "7"}}])",
                        Verdict::RetryLater, false, 7, "busy"},
                    Row{"off", R"([{"status": 404}])", Verdict::Refused, false, 0, "turned off"},
                    Row{"lost", R"([{"close": true}])", Verdict::RetryLater, true, 0,
                        "may have arrived"}),
    [](const auto& test) { return test.param.name; });

TEST_F(CardChannelTest, WhatNobodyTookIsNotUncertain) {
    const DeliveryReport report = send_to("http://127.0.0.1:1/hemmelig");
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_FALSE(report.uncertain);
    EXPECT_EQ(report.reply.find("may have arrived"), std::string::npos) << report.reply;
}

TEST_F(CardChannelTest, KeepsToTheRateForAllWhoPost) {
    Workflow workflow{"[]"};
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(send_to(workflow.url()).verdict, Verdict::Delivered);
    }
    const DeliveryReport fifth = send_to(workflow.url());
    EXPECT_EQ(fifth.verdict, Verdict::RetryLater);
    EXPECT_FALSE(fifth.uncertain);
    EXPECT_EQ(fifth.retry_after, std::chrono::seconds{8});
    now_ += 8;
    EXPECT_EQ(send_to(workflow.url()).verdict, Verdict::Delivered);
}

TEST_F(CardChannelTest, AnAddressThatCannotBeReadIsTriedAgainWhenItCan) {
    TeamsChannel channel = channel_at("http://127.0.0.1:1/hemmelig");
    channel.url.name = folder_ / "none";
    CardChannel cards{{channel}, rates_};
    const DeliveryReport report = cards.send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_NE(report.reply.find("teams.alle.url"), std::string::npos) << report.reply;
    EXPECT_EQ(CardChannel({channel}, rates_).send(envelope("teams:andre")).verdict,
              Verdict::Refused);
    EXPECT_FALSE(check_channel(channel).ok());
    EXPECT_FALSE(fault_of_address(channel)) << "it may be readable for the service alone";
}

TEST_F(CardChannelTest, ARetiredAddressIsSaid) {
    const auto channel = channel_at("https://innlandet.webhook.office.com/hemmelig");
    ASSERT_TRUE(fault_of_address(channel));
    EXPECT_NE(fault_of_address(channel)->message.find("retired"), std::string::npos);
    EXPECT_FALSE(is_on_this_machine(channel));
    EXPECT_FALSE(fault_of_address(channel_at("https://flow.example/hemmelig")));
    EXPECT_TRUE(is_on_this_machine(channel_at("http://127.0.0.1:8/hemmelig")));
}

TEST_F(CardChannelTest, SpooledCardsAreFiles) {
    CardSpool spool{folder_ / "spool" / "teams"};
    EXPECT_EQ(spool.send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(spool.send(envelope()).verdict, Verdict::Delivered);
    int files = 0;
    for (const auto& entry : fs::directory_iterator{folder_ / "spool" / "teams"}) {
        ++files;
        EXPECT_EQ(entry.path().filename(), "0000000012.alle.json");
        std::ifstream stream{entry.path()};
        EXPECT_EQ((std::string{std::istreambuf_iterator<char>{stream}, {}}), envelope().bytes);
    }
    EXPECT_EQ(files, 1) << "a resend replaces the first attempt";
}

}  // namespace
}  // namespace fristvakt::tests
