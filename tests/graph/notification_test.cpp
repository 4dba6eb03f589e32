#include "integrations/graph/notification.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integrations/graph/subscription_plan.hpp"

namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using integrations::Secret;
using integrations::graph::handshake_answer;
using integrations::graph::KnownSubscription;
using integrations::graph::kRenewBefore;
using integrations::graph::kSubscriptionLife;
using integrations::graph::kSubscriptionPause;
using integrations::graph::Notified;
using integrations::graph::plan_subscription;
using integrations::graph::read_notifications;
using integrations::graph::SubscriptionStep;
using nlohmann::json;
using workflows::Instant;

std::vector<Secret> states() {
    std::vector<Secret> out;
    out.emplace_back("den-gamle");
    out.emplace_back("den-nye");
    out.emplace_back("");
    return out;
}

json notification(const std::string& state, const std::string& lifecycle = "") {
    json out = {{"subscriptionId", "s1"}, {"clientState", state}, {"tenantId", "t"}};
    if (lifecycle.empty()) {
        out["changeType"] = "updated";
        out["resourceData"] = {{"id", "AAMk1"}};
    } else {
        out["lifecycleEvent"] = lifecycle;
    }
    return out;
}

TEST(Handshake, IsAnsweredWithTheTokenAlone) {
    const std::string token = "Validation: Testing client application reachability for 1-2+%/=";
    EXPECT_EQ(handshake_answer(token).value(), token);
    EXPECT_TRUE(handshake_answer(std::string(1'024, 'x')).ok());
    for (const std::string bad :
         {"", "<script>", "a\nb", "\xC3\xA6", "a&b", "'", "\"", "`", "a>b"}) {
        const auto answer = handshake_answer(bad);
        ASSERT_FALSE(answer.ok()) << bad;
        EXPECT_TRUE(bad.empty() || answer.error().message.find("script") == std::string::npos);
    }
    EXPECT_FALSE(handshake_answer(std::string(1'025, 'x')).ok());
}

TEST(Notifications, ComeInBatchesOfSeveralSubscriptions) {
    const json batch = {
        {"value",
         {notification("den-nye"), notification("den-gamle"), notification("fremmed"),
          notification(""), notification("den-nye", "reauthorizationRequired"),
          notification("den-nye", "reauthorizationRequired"), 7}}};
    EXPECT_EQ(read_notifications(batch.dump(), states()).value(),
              (Notified{.has_changes = true, .to_renew = {"s1"}, .refused = 3}));
}

TEST(Notifications, WhatIsNotKnownYetIsReadAllTheSame) {
    const json batch = {{"value", json::array({notification("den-nye", "somethingNew")})}};
    EXPECT_EQ(read_notifications(batch.dump(), states()).value(),
              (Notified{.must_read_all = true}));
}

TEST(Notifications, OfStrangersDoNothing) {
    for (const char* const what :
         {"", "missed", "subscriptionRemoved", "reauthorizationRequired"}) {
        const json batch = {{"value", json::array({notification("den-ny", what)})}};
        EXPECT_EQ(read_notifications(batch.dump(), states()).value(), (Notified{.refused = 1}));
    }
}

TEST(Notifications, WhatIsNoneIsRefusedWithoutAWord) {
    for (const char* const bad :
         {"", "hemmelig", "[]", "{}", R"({"value":{}})", R"({"value":7})", R"({"value":[)"}) {
        const auto read = read_notifications(bad, states());
        ASSERT_FALSE(read.ok()) << bad;
        EXPECT_EQ(read.error().message.find("hemmelig"), std::string::npos);
    }
    EXPECT_EQ(read_notifications(R"({"value":[]})", states()).value(), Notified{});
    EXPECT_EQ(read_notifications(R"({"value":[{"clientState":7},{"clientState":"den-nye",
              "lifecycleEvent":7}]})",
                                 states())
                  .value(),
              (Notified{.has_changes = true, .refused = 1}));
}

constexpr Instant kNow{workflows::cal::sys_days{workflows::cal::year{2021} / 3 / 1}};

TEST(SubscriptionPlan, MakesRenewsAndMakesAnew) {
    using Kind = SubscriptionStep::Kind;
    const auto first = plan_subscription({}, kNow);
    EXPECT_EQ(first.kind, Kind::Create);
    EXPECT_EQ(first.expires_at, kNow + kSubscriptionLife);
    KnownSubscription known{.id = "s1", .expires_at = first.expires_at};
    const auto idle = plan_subscription(known, kNow);
    EXPECT_EQ(idle.kind, Kind::None);
    EXPECT_EQ(idle.next_at, known.expires_at - kRenewBefore);
    EXPECT_EQ(plan_subscription(known, idle.next_at - 1s).kind, Kind::None);
    EXPECT_EQ(plan_subscription(known, idle.next_at).kind, Kind::Renew);
    EXPECT_EQ(plan_subscription(known, known.expires_at - 1s).kind, Kind::Renew);
    EXPECT_EQ(plan_subscription(known, known.expires_at).kind, Kind::Create);
    known.must_renew = true;
    EXPECT_EQ(plan_subscription(known, kNow).kind, Kind::Renew);
    known.id.clear();
    EXPECT_EQ(plan_subscription(known, kNow).kind, Kind::Create);
    EXPECT_LT(kSubscriptionLife, 10'080min);
}

TEST(SubscriptionPlan, WaitsAfterATryInVain) {
    using Kind = SubscriptionStep::Kind;
    const KnownSubscription known{.must_renew = true, .tried_at = kNow};
    EXPECT_EQ(plan_subscription(known, kNow).kind, Kind::None);
    EXPECT_EQ(plan_subscription(known, kNow).next_at, kNow + kSubscriptionPause);
    EXPECT_EQ(plan_subscription(known, kNow + kSubscriptionPause).kind, Kind::Create);
    EXPECT_EQ(plan_subscription(known, kNow - 24h).kind, Kind::Create) << "the clock went back";
}

}  // namespace
}  // namespace fristvakt::tests
