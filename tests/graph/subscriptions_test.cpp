#include <set>

#include <gtest/gtest.h>

#include "daemon/http/server.hpp"
#include "integrations/graph/notification.hpp"
#include "integrations/graph/service_calendar.hpp"
#include "integrations/graph/subscription_plan.hpp"
#include "integrations/guarded.hpp"
#include "tests/graph/graph_fixture.hpp"

/// Being told of changes, and reading what changed.
namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using daemon::HttpRequest;
using daemon::HttpResponse;
using integrations::Guarded;
using integrations::Secret;
using integrations::graph::Changes;
using integrations::graph::Failure;
using integrations::graph::handshake_answer;
using integrations::graph::kSubscriptionLife;
using integrations::graph::Notified;
using integrations::graph::read_notifications;
using integrations::graph::Window;
using nlohmann::json;
using workflows::Instant;
using Reason = Failure::Reason;
using Strings = std::vector<std::string>;

constexpr const char* kClientState = "vet-bare-vi";

class SubscriptionsTest : public GraphTest {
 protected:
    /// What a daemon's handler does at /hooks/graph.
    [[nodiscard]] HttpResponse hook(const HttpRequest& request) {
        if (const auto token = request.argument("validationToken")) {
            const auto answer = handshake_answer(*token);
            return answer.ok() ? HttpResponse{.status = 200,
                                              .headers = {{"Content-Type", "text/plain"}},
                                              .body = answer.value()}
                               : HttpResponse{.status = 400};
        }
        std::vector<Secret> states;
        states.emplace_back(kClientState);
        const auto notified = read_notifications(request.body, states);
        if (!notified.ok()) {
            return {.status = 400};
        }
        notified_.with([&](auto& all) { all.push_back(notified.value()); });
        return {.status = 202};
    }
    void listen() {
        http_ = daemon::HttpServer::start({}, [this](HttpRequest& request) {
                    return hook(request);
                }).value();
        url_ = "http://127.0.0.1:" + std::to_string(http_->port()) + "/hooks/graph";
    }
    [[nodiscard]] auto subscribe(const std::string& state = kClientState,
                                 Instant expires_at = kNow + kSubscriptionLife) {
        return calendar_.subscribe(url_, Secret{state}, expires_at, kNow);
    }
    /// What came in, in order; forgets it.
    [[nodiscard]] std::vector<Notified> notified() {
        return notified_.with([](auto& all) { return std::exchange(all, {}); });
    }
    [[nodiscard]] json respond(const std::string& event_id) {
        return server_.tell({{"respond",
                              {{"event", event_id},
                               {"address", "kari@gjovik.example"},
                               {"response", "accepted"},
                               {"time", "2021-03-02T09:30:00Z"}}}});
    }
    /// An event of its own on the day after the last.
    std::string make() {
        workflows::CalendarMeeting one = meeting();
        one.start += 24h * made_;
        one.end += 24h * made_;
        const auto transaction = workflows::transaction_of(one.uid, made_++);
        return calendar_.create(one, transaction, kNow).value().event.id;
    }
    [[nodiscard]] static Window window() { return {.from = kNow, .to = kNow + 24h * 90}; }
    [[nodiscard]] Changes changes(const std::string& link) {
        const auto out = calendar_.changes(link, window(), kNow);
        EXPECT_TRUE(out.ok()) << out.failure().error.message;
        return out.value();
    }
    [[nodiscard]] static std::set<std::string> ids_of(const Changes& changes) {
        std::set<std::string> out;
        for (const auto& event : changes.events) {
            out.insert(event.id);
        }
        return out;
    }

    Guarded<std::vector<Notified>> notified_;
    std::unique_ptr<daemon::HttpServer> http_;
    std::string url_{"http://127.0.0.1:1/hooks/graph"};
    int made_{0};
};

TEST_F(SubscriptionsTest, ShakesHandsWhileTheRequestIsPending) {
    listen();
    const auto subscription = subscribe();
    ASSERT_TRUE(subscription.ok()) << subscription.failure().error.message;
    EXPECT_EQ(subscription.value().expires_at, kNow + kSubscriptionLife);
    const std::string id = make();
    EXPECT_EQ(respond(id).at("notified"), json::array({202}));
    EXPECT_EQ(notified(), std::vector<Notified>{{.has_changes = true}});
}

TEST_F(SubscriptionsTest, WithoutAnAnswerThereIsNone) {
    const auto subscription = subscribe();
    ASSERT_FALSE(subscription.ok());
    EXPECT_EQ(subscription.failure().reason, Reason::Refused);
    EXPECT_EQ(subscription.failure().word, "ValidationError");
    expect_discreet(subscription.failure());
    EXPECT_EQ(server_.ask("subscriptions").size(), 0U);
}

TEST_F(SubscriptionsTest, IsRenewedUntilItHasEnded) {
    listen();
    const std::string id = subscribe(kClientState, kNow + 1h).value().id;
    const auto renewed = calendar_.renew(id, kNow + kSubscriptionLife, kNow);
    ASSERT_TRUE(renewed.ok()) << renewed.failure().error.message;
    EXPECT_EQ(renewed.value().expires_at, kNow + kSubscriptionLife);
    EXPECT_FALSE(calendar_.renew(id, kNow + 24h * 8, kNow).ok()) << "longer than Microsoft allows";
    const Instant later = kNow + kSubscriptionLife;
    server_.set_time(later);
    const auto ended = calendar_.renew(id, later + 1h, later);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.failure().reason, Reason::NotFound);
    EXPECT_TRUE(calendar_.unsubscribe(id, later).ok());
}

TEST_F(SubscriptionsTest, IsEndedOnce) {
    listen();
    const std::string id = subscribe().value().id;
    EXPECT_TRUE(calendar_.unsubscribe(id, kNow).ok());
    EXPECT_EQ(server_.ask("subscriptions").size(), 0U);
    EXPECT_TRUE(calendar_.unsubscribe(id, kNow).ok());
}

TEST_F(SubscriptionsTest, WhatBefallsItIsTold) {
    listen();
    const std::string id = subscribe().value().id;
    for (const auto& [what, expected] :
         {std::pair{"reauthorizationRequired", Notified{.to_renew = {id}}},
          std::pair{"missed", Notified{.must_read_all = true}},
          std::pair{"subscriptionRemoved", Notified{.must_read_all = true, .to_replace = {id}}}}) {
        EXPECT_EQ(server_.tell({{"lifecycle", what}}).at("notified"), json::array({202}));
        EXPECT_EQ(notified(), std::vector<Notified>{expected}) << what;
    }
    EXPECT_EQ(calendar_.renew(id, kNow + 1h, kNow).failure().reason, Reason::NotFound);
}

TEST_F(SubscriptionsTest, NothingIsBelievedWithoutOurSecret) {
    listen();
    ASSERT_TRUE(subscribe("vet-bare-vX").ok());
    EXPECT_EQ(respond(make()).at("notified"), json::array({202})) << "answered all the same";
    EXPECT_EQ(notified(), std::vector<Notified>{{.refused = 1}});
}

TEST_F(SubscriptionsTest, ReadsAllAndThenWhatChanged) {
    Strings ids{make(), make(), make(), make(), make()};
    const Changes all = changes("");
    EXPECT_TRUE(all.is_whole);
    EXPECT_EQ(ids_of(all), std::set(ids.begin(), ids.end())) << "over several pages";
    EXPECT_EQ(all.events.at(0).attendees.size(), 2U);
    const Changes none = changes(all.link);
    EXPECT_FALSE(none.is_whole);
    EXPECT_TRUE(none.events.empty());
    static_cast<void>(respond(ids[1]));
    server_.tell({{"delete", ids[3]}});
    ids.push_back(make());
    const Changes some = changes(none.link);
    EXPECT_FALSE(some.is_whole);
    EXPECT_EQ(ids_of(some), (std::set{ids[1], ids[5]}));
    EXPECT_EQ(some.removed, Strings{ids[3]});
    EXPECT_EQ(changes(none.link).removed, some.removed) << "a link is good until the next is kept";
    EXPECT_EQ(calendar_.read(ids[3], kNow).failure().reason, Reason::NotFound);
}

TEST_F(SubscriptionsTest, WhatWasMovedOutOfTheWindowIsRemovedAndThere) {
    const std::string id = make();
    const Changes all = changes("");
    server_.tell({{"edit",
                   {{"event", id},
                    {"patch",
                     {{"start", {{"dateTime", "2022-03-23T09:00:00"}, {"timeZone", "UTC"}}},
                      {"end", {{"dateTime", "2022-03-23T12:00:00"}, {"timeZone", "UTC"}}}}}}}});
    EXPECT_EQ(changes(all.link).removed, Strings{id});
    EXPECT_TRUE(calendar_.read(id, kNow).ok());
}

TEST_F(SubscriptionsTest, ALostLinkReadsTheWholeAnew) {
    const std::string id = make();
    const Changes all = changes("");
    server_.tell({{"forget_sync", true}});
    const Changes again = changes(all.link);
    EXPECT_TRUE(again.is_whole);
    EXPECT_EQ(ids_of(again), std::set{id});
    EXPECT_FALSE(changes(again.link).is_whole);
}

TEST_F(SubscriptionsTest, WhatIsRefusedInTheMiddleLosesNothing) {
    for (int i = 0; i < 5; ++i) {
        make();
    }
    server_.fail(json::array(
        {{{"at", "/delta"}, {"skip", 1}, {"status", 429}, {"headers", {{"Retry-After", "9"}}}}}));
    const auto refused = calendar_.changes("", window(), kNow);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.failure().retry_after, 9s);
    EXPECT_EQ(changes("").events.size(), 5U);
}

/// A link is followed to the letter, and with it goes the token: not to somebody else.
TEST_F(SubscriptionsTest, NoLinkLeadsElsewhere) {
    for (const char* const link :
         {"https://elsewhere.example/v1.0/users/x/calendarView/delta?$deltatoken=1",
          "https://127.0.0.1:1/v1.0/x", "http://127.0.0.1/x", "x"}) {
        const auto answer = calendar_.changes(link, window(), kNow);
        ASSERT_FALSE(answer.ok()) << link;
        EXPECT_EQ(answer.failure().reason, Reason::Refused);
        expect_discreet(answer.failure());
    }
    EXPECT_TRUE(server_.requests().empty());
}

}  // namespace
}  // namespace fristvakt::tests
