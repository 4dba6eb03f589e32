#include <gtest/gtest.h>

#include "daemon/http/health.hpp"
#include "tests/browser/town.hpp"
#include "tests/unit/web/pages_of.hpp"

/// What Drift, /watch and /metrics say of the mailbox and of the calendar.
namespace fristvakt::tests {
namespace {

using namespace daemon;

class WatchesTest : public ::testing::Test {
 protected:
    WatchesTest() {
        const auto now = town_.health().now;
        watches_.mailbox = WatchHealth{
            .good_at = now, .failing_since = {}, .error = {}, .answers = 3, .behind = 2};
        watches_.calendar = WatchHealth{.good_at = now - std::chrono::hours{3},
                                        .failing_since = now - std::chrono::hours{2},
                                        .error = "Microsoft Graph does not answer",
                                        .answers = 0,
                                        .behind = 4};
        Health::Options options{.version = "1.2.3", .time = {}, .more = {}};
        options.watches = [this] { return watches_; };
        health_.emplace(town_, requests_, std::move(options));
        health_->add_routes(router_);
    }
    std::string drift(const std::string& language = "nb") {
        return PagesOf{town_, [this] { return watches_; }}.get("/drift", {{"lang", language}}).body;
    }
    HttpResponse ask(const std::string& path) {
        HttpRequest request;
        request.method = "GET";
        request.raw_path = path;
        return router_.handle(request);
    }

    static inline Town town_{};
    Watches watches_;
    RequestMetrics requests_{std::vector<std::string>{}};
    std::optional<Health> health_;
    Router router_;
};

TEST_F(WatchesTest, StandOnDriftWithWhatIsWrong) {
    const std::string page = drift();
    EXPECT_TRUE(has(page, "Postkassen for svar"));
    EXPECT_TRUE(has(page, "3 registrert, 2 lagt til side"));
    EXPECT_TRUE(has(page, "i vansker siden"));
    EXPECT_TRUE(has(page, "Microsoft Graph does not answer"));
    EXPECT_TRUE(has(page, "Møter som ikke står der som de skal"));
    EXPECT_TRUE(has(drift("nn"), "i vanskar sidan"));
    watches_ = {};
    EXPECT_FALSE(has(drift(), "Postkassen for svar")) << "nothing is watched";
}

TEST_F(WatchesTest, TurnWatchRedWhenTheyFailForLong) {
    const HttpResponse red = ask("/watch");
    EXPECT_EQ(red.status, 503);
    EXPECT_TRUE(has(red.body, "the calendar in Microsoft 365 is not as it should be since"));
    EXPECT_TRUE(has(red.body, "Microsoft Graph does not answer"));
    EXPECT_FALSE(has(red.body, "mailbox"));
    watches_.calendar->failing_since = town_.health().now - std::chrono::minutes{59};
    EXPECT_FALSE(has(ask("/watch").body, "calendar")) << "it may pass";
    watches_.mailbox->failing_since = town_.health().now - std::chrono::hours{2};
    EXPECT_TRUE(has(ask("/watch").body, "the mailbox has not been read since"));
}

TEST_F(WatchesTest, AreMeasured) {
    const std::string all = ask("/metrics").body;
    for (const char* const line :
         {"fristvakt_mailbox_ok 1\n", "fristvakt_mailbox_last_read_timestamp_seconds ",
          "fristvakt_mailbox_answers_total 3\n", "fristvakt_mailbox_put_aside_total 2\n",
          "fristvakt_calendar_ok 0\n", "fristvakt_calendar_meetings_behind 4\n",
          "fristvakt_calendar_answers_total 0\n"}) {
        EXPECT_TRUE(has(all, line)) << line;
    }
    EXPECT_FALSE(has(all, "fristvakt_mailbox_last_read_timestamp_seconds 0"));
    watches_ = {};
    EXPECT_FALSE(has(ask("/metrics").body, "fristvakt_mailbox"));
}

}  // namespace
}  // namespace fristvakt::tests
