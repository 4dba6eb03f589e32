#include "integrations/graph/access_tokens.hpp"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "tests/graph/graph_fixture.hpp"

/// Signing in as an application.
namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using integrations::graph::AccessTokens;
using integrations::graph::Failure;
using nlohmann::json;
using Reason = Failure::Reason;

class AccessTokensTest : public GraphTest {
 protected:
    [[nodiscard]] int asked() { return server_.ask("tokens").get<int>(); }
    [[nodiscard]] int number_at(Instant now, int refused = 0) {
        const auto token = tokens_.get(now, refused);
        EXPECT_TRUE(token.ok()) << token.failure().error.message;
        return token.value().number;
    }
    AccessTokens tokens_{server_.settings()};
};

TEST_F(AccessTokensTest, OneIsKeptUntilShortlyBeforeItsEnd) {
    EXPECT_EQ(number_at(kNow), 1);
    EXPECT_EQ(number_at(kNow + 50min), 1);
    EXPECT_EQ(asked(), 1);
    EXPECT_EQ(number_at(kNow + 55min), 2);
    EXPECT_EQ(number_at(kNow + 56min), 2);
    EXPECT_EQ(asked(), 2);
}

TEST_F(AccessTokensTest, AnOldOneServesWhileMicrosoftGivesNoOther) {
    EXPECT_EQ(number_at(kNow), 1);
    server_.fail(json::array({{{"at", "/oauth2/"}, {"status", 503}, {"times", 100}}}));
    const Instant late = kNow + 56min;
    EXPECT_EQ(number_at(late), 1);
    EXPECT_EQ(number_at(late + 29s), 1);
    EXPECT_EQ(server_.requests().size(), 2U) << "not asked again at once";
    EXPECT_EQ(number_at(late + 30s), 1);
    EXPECT_EQ(server_.requests().size(), 3U);
    const auto ended = tokens_.get(kNow + 60min);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.failure().reason, Reason::Busy);
    expect_discreet(ended.failure());
}

TEST_F(AccessTokensTest, ARefusedOneIsRenewedOnceForAll) {
    EXPECT_EQ(number_at(kNow), 1);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] { EXPECT_EQ(number_at(kNow, 1), 2); });
    }
    threads.clear();
    EXPECT_EQ(asked(), 2);
}

TEST_F(AccessTokensTest, ACallWithARefusedTokenIsMadeOnceMore) {
    ASSERT_TRUE(calendar_.find(transaction(), kNow).ok());
    server_.tell({{"forget_requests", true}});
    server_.fail(json::array(
        {{{"at", "POST .*/events$"}, {"status", 401}, {"code", "InvalidAuthenticationToken"}}}));
    ASSERT_TRUE(calendar_.create(meeting(), transaction(), kNow).ok());
    EXPECT_EQ(server_.requests().size(), 4U) << "looked, refused, signed in, made";
    (void)event();
    server_.tell({{"forget_requests", true}});
    server_.fail(json::array({{{"at", "GET"}, {"status", 401}, {"times", 100}}}));
    const auto refused = calendar_.find(transaction(), kNow);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.failure().reason, Reason::TokenRefused);
    EXPECT_EQ(server_.requests().size(), 3U) << "no third time";
    expect_discreet(refused.failure());
}

/// The other side's clock says that it has run out: ours may be behind.
TEST_F(AccessTokensTest, ATokenThatHasRunOutThereIsRenewed) {
    ASSERT_TRUE(calendar_.find(transaction(), kNow).ok());
    server_.set_time(kNow + 2h);
    EXPECT_TRUE(calendar_.find(transaction(), kNow).ok());
    EXPECT_EQ(asked(), 2);
}

TEST_F(AccessTokensTest, AnotherSecretCountsAtOnce) {
    server_.set("secret", "hemmelig+/&= ny");
    const auto refused = tokens_.get(kNow);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.failure().reason, Reason::SignInRefused);
    EXPECT_NE(refused.failure().error.message.find("its value, not its id"), std::string::npos);
    expect_discreet(refused.failure());
    server_.write_secret("hemmelig+/&= ny");
    EXPECT_EQ(number_at(kNow), 1);
}

struct Row {
    const char* name;
    void (*spoil)(workflows::GraphCalendar&, GraphServer&);
    Reason reason;
    const char* says;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class SignInFailures : public GraphTest, public testing::WithParamInterface<Row> {};

TEST_P(SignInFailures, AreToldInWords) {
    auto settings = server_.settings();
    GetParam().spoil(settings, server_);
    const auto token = AccessTokens{settings}.get(kNow);
    ASSERT_FALSE(token.ok());
    EXPECT_EQ(token.failure().reason, GetParam().reason);
    EXPECT_FALSE(token.failure().uncertain);
    EXPECT_NE(token.failure().error.message.find(GetParam().says), std::string::npos)
        << token.failure().error.message;
    expect_discreet(token.failure());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SignInFailures,
    testing::Values(
        Row{"tenant", [](auto& settings, auto&) { settings.tenant = "annen.example"; },
            Reason::SignInRefused, "graph.tenant"},
        Row{"client", [](auto& settings, auto&) { settings.client_id = "x"; },
            Reason::SignInRefused, "graph.client_id"},
        Row{"expired", [](auto&, auto& server) { server.set("secret_expired", true); },
            Reason::SignInRefused, "expired"},
        Row{"no_secret", [](auto& settings, auto&) { settings.secret.name += "-borte"; },
            Reason::SignInRefused, "cannot be read"},
        Row{"nobody", [](auto& settings, auto&) { settings.login_url = "https://127.0.0.1:1"; },
            Reason::Unreachable, "127.0.0.1"},
        Row{"not_trusted", [](auto& settings, auto&) { settings.ca_file.clear(); },
            Reason::Unreachable, "127.0.0.1"},
        Row{"plain_http",
            [](auto& settings, auto&) { settings.login_url = "http://elsewhere.example"; },
            Reason::Unreachable, "https"},
        Row{"busy",
            [](auto&, auto& server) {
                server.fail(nlohmann::json::array({{{"at", "/oauth2/"}, {"status", 429}}}));
            },
            Reason::Busy, "later"},
        Row{"another_page",
            [](auto&, auto& server) {
                server.fail(nlohmann::json::array({{{"at", "/oauth2/"}, {"status", 302}}}));
            },
            Reason::Broken, "302"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fristvakt::tests
