#include "daemon/graph_desk/graph_hook.hpp"

#include <gtest/gtest.h>

/// What Microsoft and strangers say at /hooks/graph.
namespace fristvakt::tests {
namespace {

using daemon::GraphHook;
using daemon::HttpRequest;
using daemon::HttpResponse;
using daemon::Router;
using integrations::graph::Notified;

constexpr const char* kSecret = "vet-bare-vi";

class Hook : public testing::Test {
 protected:
    Hook() {
        hook_.add_routes(router_);
        hook_.on_news([this] { ++woken_; });
    }
    [[nodiscard]] HttpResponse post(const std::string& body,
                                    std::vector<std::pair<std::string, std::string>> query = {}) {
        HttpRequest request;
        request.method = "POST";
        request.raw_path = "/hooks/graph";
        request.query = std::move(query);
        request.body = body;
        return router_.handle(request);
    }
    [[nodiscard]] static std::string told(const std::string& client_state,
                                          const std::string& more = R"("changeType":"updated")") {
        return R"({"value":[{"subscriptionId":"s","clientState":")" + client_state + "\"," + more +
               "}]}";
    }

    GraphHook hook_;
    Router router_;
    int woken_{0};
};

TEST_F(Hook, ShakesHandsWhereASubscriptionIsWanted) {
    EXPECT_EQ(post("", {{"validationToken", "Hei 1+2"}}).status, 404) << "not yet";
    hook_.open(kSecret);
    const auto answer = post("", {{"validationToken", "Hei 1+2"}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "Hei 1+2");
    EXPECT_NE(std::ranges::find(answer.headers,
                                std::pair<std::string, std::string>{"Content-Type", "text/plain"}),
              answer.headers.end());
    EXPECT_EQ(woken_, 0);
}

TEST_F(Hook, SendsNoMarkupBack) {
    hook_.open(kSecret);
    const auto answer = post("", {{"validationToken", "<script>alert(1)</script>"}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body.find("<script"), std::string::npos);
}

TEST_F(Hook, WritesDownWhatItIsToldAndWakes) {
    hook_.open(kSecret);
    EXPECT_EQ(post(told(kSecret)).status, 202);
    EXPECT_EQ(post(told(kSecret, R"("lifecycleEvent":"subscriptionRemoved")")).status, 202);
    EXPECT_EQ(woken_, 2);
    EXPECT_EQ(hook_.take(),
              (Notified{.has_changes = true, .must_read_all = true, .to_replace = {"s"}}));
    EXPECT_EQ(hook_.take(), Notified{});
}

TEST_F(Hook, BelievesNoStranger) {
    hook_.open(kSecret);
    EXPECT_EQ(post(told("vet-alle")).status, 202) << "and learns nothing";
    EXPECT_EQ(post(told("")).status, 202);
    EXPECT_EQ(post("{}").status, 400);
    EXPECT_EQ(post("<html>").status, 400);
    EXPECT_EQ(woken_, 0);
    EXPECT_EQ(hook_.take(), Notified{});
}

TEST_F(Hook, ForgetsWhenItIsClosed) {
    hook_.open(kSecret);
    EXPECT_EQ(post(told(kSecret)).status, 202);
    hook_.close();
    EXPECT_EQ(hook_.take(), Notified{});
    EXPECT_EQ(post(told(kSecret)).status, 404);
    hook_.open(kSecret);
    EXPECT_EQ(post(told(kSecret)).status, 202);
}

TEST_F(Hook, TakesNothingButPosts) {
    hook_.open(kSecret);
    HttpRequest request;
    request.method = "GET";
    request.raw_path = "/hooks/graph";
    router_.set_refusal(
        [](const HttpRequest&, int status) { return HttpResponse{.status = status}; });
    EXPECT_EQ(router_.handle(request).status, 405);
}

/// However much is told, what is kept of it has an end.
TEST_F(Hook, KeepsALimitedNumberOfSubscriptions) {
    hook_.open(kSecret);
    for (int count = 0; count < 100; ++count) {
        EXPECT_EQ(post(told(kSecret, R"("lifecycleEvent":"reauthorizationRequired")")).status, 202);
    }
    EXPECT_LE(hook_.take().to_renew.size(), 8U);
}

}  // namespace
}  // namespace fristvakt::tests
