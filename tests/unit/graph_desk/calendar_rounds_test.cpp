#include "daemon/graph_desk/calendar_rounds.hpp"

#include <atomic>
#include <fstream>

#include "daemon/http/server.hpp"
#include "tests/graph/graph_fixture.hpp"
#include "tests/unit/graph_desk/desk_plan.hpp"

/// Meetings as they are invited to, moved and cancelled, and the calendar that follows them.
namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using daemon::CalendarRounds;
using daemon::GivenAnswer;
using daemon::GraphHook;
using nlohmann::json;
using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Seconds;
using workflows::Status;

class Rounds : public GraphTest {
 protected:
    Rounds() { begin(); }

    /// The daemon starts, with what is on the disk.
    void begin() {
        rounds_ = std::make_unique<CalendarRounds>(
            hook_, [this](const GivenAnswer& given) { return take(given); },
            CalendarRounds::Options{
                .file = folder_ / "calendars.json",
                .make_secret = [] { return std::string{"vet-bare-vi"}; },
                .on_failure = [this](const std::string& why) { told_.push_back(why); },
                .on_recovery = [this] { told_.emplace_back("ok"); },
                .tell_online =
                    [this](const std::string& id, const std::string& join_url) {
                        const auto raised =
                            exchange_.office().raise(now_, id, "online", workflows::Actor::Operator,
                                                     {{"join_url", join_url}});
                        online_.push_back(id);
                        return raised.ok() ? Status{workflows::Done{}} : Status{raised.error()};
                    }});
    }
    [[nodiscard]] Status take(const GivenAnswer& given) {
        if (engine_is_busy_) {
            return Error{ErrorKind::Unavailable, "not now"};
        }
        EXPECT_EQ(given.via, "graph");
        const auto raised = exchange_.office().raise(
            now_, given.case_id, "responded", workflows::Actor::Attendee,
            {{"attendee", given.attendee},
             {"answer",
              given.answer == integrations::calendar::Answer::Declined ? "declined" : "accepted"},
             {"stamped_at", workflows::iso_utc(given.stamped_at)},
             {"via", given.via}});
        return raised.ok() ? Status{workflows::Done{}} : Status{raised.error()};
    }
    void take_steps(const Lines& steps) {
        for (const std::string& step : steps) {
            exchange_.take(step);
        }
    }
    /// One look at "03-01T10:00".
    std::optional<Seconds> look(const std::string& when) {
        now_ = "2021-" + when;
        server_.set_time(at(now_));
        const auto snapshot = exchange_.office().store().snapshot();
        auto definitions = exchange_.plan().load();
        if (!public_url_.empty()) {
            definitions = changed(definitions, [&](Definitions& all) {
                all.installation.graph->notifications = true;
                all.installation.public_url = public_url_;
            });
        }
        return rounds_->step(*definitions, *snapshot, at(now_), {});
    }
    void respond(const std::string& who, const std::string& what, const std::string& utc) {
        notified_ = server_
                        .tell({{"respond",
                                {{"event", event().at("id")},
                                 {"address", who},
                                 {"response", what},
                                 {"time", "2021-" + utc + ":00Z"}}}})
                        .at("notified");
    }
    /// Of the one event, in UTC: "2021-03-23T08:00:00".
    [[nodiscard]] std::string start() {
        return event().at("start").at("dateTime").get<std::string>().substr(0, 19);
    }
    /// Of what was asked, what changes something: "POST …/events".
    [[nodiscard]] Lines changes() {
        Lines out;
        for (const std::string& what : server_.requests()) {
            if (!what.starts_with("GET") && what.find("/oauth2/") == std::string::npos) {
                out.push_back(what);
            }
        }
        return out;
    }

    Exchange exchange_{desk_plan(server_.settings())};
    TemporaryFolder folder_;
    GraphHook hook_;
    std::unique_ptr<CalendarRounds> rounds_;
    std::string now_;
    std::string public_url_;
    Lines told_;    ///< Failures, and "ok" for each recovery.
    Lines online_;  ///< Cases that were told where they are held.
    json notified_;
    bool engine_is_busy_{false};
};

TEST_F(Rounds, TellTheCaseOnceWhereItIsHeldOnline) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    (void)look("03-01T10:02");
    EXPECT_EQ(online_, Lines{kMeeting});
    EXPECT_EQ(exchange_.office().find_case(kMeeting).fields.at("join_url"),
              event().at("onlineMeeting").at("joinUrl").get<std::string>());
    // Moved, it is held there still; called anew, it is another.
    take_steps({"03-02T10:00 move 03-24T09:00"});
    (void)look("03-02T10:01");
    EXPECT_EQ(online_.size(), 1U);
    EXPECT_TRUE(exchange_.office().find_case(kMeeting).fields.contains("join_url"));
    take_steps({"03-03T10:00 take-away"});
    EXPECT_FALSE(exchange_.office().find_case(kMeeting).fields.contains("join_url"));
}

const std::string kBothInvited{"invited kari@by.example marta@dal.example"};

TEST_F(Rounds, InviteAllInOneEvent) {
    take_steps({"03-01T10:00 invite"});
    EXPECT_EQ(look("03-01T10:01"), 1min);
    EXPECT_EQ(mails(), Lines{kBothInvited});
    EXPECT_EQ(event().at("subject"), "Nettverk");
    EXPECT_EQ(start(), "2021-03-23T08:00:00");
    EXPECT_EQ(event().at("attendees").at(0).at("type"), "required");
    EXPECT_EQ(rounds_->health().calls, 1);
    server_.tell({{"forget_requests", true}});
    EXPECT_EQ(look("03-01T10:02"), 1min);
    EXPECT_EQ(changes(), Lines{});
    begin();
    EXPECT_EQ(look("03-01T10:03"), 1min);
    EXPECT_EQ(changes(), Lines{});
    EXPECT_EQ(told_, Lines{});
}

TEST_F(Rounds, DoNothingBeforeSomebodyIsInvited) {
    EXPECT_EQ(look("03-01T10:01"), 1min);
    EXPECT_EQ(server_.requests(), Lines{});
}

TEST_F(Rounds, TellOfAMoveOnceHoweverOftenItMoved) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    take_steps({"03-05T10:00 move 03-29T09:00", "03-05T10:00 move 03-30T09:00",
                "03-05T10:01 place Hamar"});
    (void)look("03-05T10:02");
    (void)look("03-05T10:03");
    EXPECT_EQ(mails(), (Lines{kBothInvited, "updated kari@by.example marta@dal.example"}));
    EXPECT_EQ(start(), "2021-03-30T07:00:00");
    EXPECT_EQ(event().at("location").at("displayName"), "Hamar");
}

TEST_F(Rounds, TellThoseWhoComeAndGoAlone) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    take_steps({"03-05T10:00 add nora vik", "03-05T10:01 remove kari"});
    (void)look("03-05T10:02");
    EXPECT_EQ(mails(),
              (Lines{kBothInvited, "updated nora@vik.example", "uninvited kari@by.example"}));
}

TEST_F(Rounds, CancelAndCallAnew) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    take_steps({"03-05T10:00 cancel"});
    (void)look("03-05T10:01");
    (void)look("03-05T10:02");
    const std::string cancelled{"cancelled: Sykdom kari@by.example marta@dal.example"};
    EXPECT_EQ(mails(), (Lines{kBothInvited, cancelled}));
    take_steps({"03-08T10:00 uncancel"});
    (void)look("03-08T10:01");
    EXPECT_EQ(mails(), (Lines{kBothInvited, cancelled, kBothInvited}));
    EXPECT_EQ(event().at("subject"), "Nettverk");
}

TEST_F(Rounds, CancelWhatHasNoDateAnyMore) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    take_steps({"03-05T10:00 take-away"});
    (void)look("03-05T10:01");
    EXPECT_EQ(server_.ask("events").size(), 0U);
}

TEST_F(Rounds, CancelWhatHasNoCaseAnyMore) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    Exchange other{exchange_.plan()};
    const auto snapshot = other.office().store().snapshot();
    (void)rounds_->step(*other.plan().load(), *snapshot, at("2021-03-01T10:02"), {});
    EXPECT_EQ(server_.ask("events").size(), 0U);
}

TEST_F(Rounds, LeaveAloneWhatIsOver) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    take_steps({"03-24T10:00 place Hamar", "03-24T10:00 remove kari"});
    (void)look("03-24T10:01");
    EXPECT_EQ(mails(), Lines{kBothInvited});
    std::ostringstream kept;
    kept << std::ifstream{folder_ / "calendars.json"}.rdbuf();
    EXPECT_EQ(kept.str().find("kari@"), std::string::npos) << "who came is nobody's business now";
}

TEST_F(Rounds, DoNothingWhileSendingIsOnHold) {
    take_steps({"03-01T09:00 hold", "03-01T10:00 invite"});
    EXPECT_EQ(look("03-01T10:01"), 1min);
    EXPECT_EQ(server_.requests(), Lines{});
    take_steps({"03-02T10:00 release"});
    (void)look("03-02T10:01");
    EXPECT_EQ(mails(), Lines{kBothInvited});
}

TEST_F(Rounds, ReachNoCalendarUnlessSendingIsLive) {
    take_steps({"03-01T10:00 invite"});
    exchange_.use("sending: spool", "03-01T10:01");
    EXPECT_FALSE(look("03-01T10:02"));
    EXPECT_FALSE(rounds_->health().is_configured);
    EXPECT_EQ(server_.requests(), Lines{});
}

/// A crash is an answer that nobody heard, and a daemon that knows what is on the disk alone.
TEST_F(Rounds, MakeNoSecondEventAfterACrash) {
    take_steps({"03-01T10:00 invite"});
    server_.set("forgets_transactions", true);
    server_.fail({{{"at", "POST .*/events$"}, {"drop", "after"}}});
    EXPECT_EQ(look("03-01T10:01"), 1min);
    ASSERT_EQ(told_.size(), 1U);
    begin();
    (void)look("03-01T10:02");
    (void)event();
    EXPECT_EQ(mails(), Lines{kBothInvited});
    take_steps({"03-05T10:00 move 03-30T09:00"});
    server_.fail({{{"at", "PATCH .*"}, {"drop", "after"}}});
    (void)look("03-05T10:01");
    begin();
    (void)look("03-05T10:02");
    EXPECT_EQ(mails().size(), 2U);
    take_steps({"03-06T10:00 cancel"});
    server_.fail({{{"at", "POST .*/cancel$"}, {"drop", "after"}}});
    (void)look("03-06T10:01");
    begin();
    (void)look("03-06T10:02");
    (void)look("03-06T10:03");
    EXPECT_EQ(mails().size(), 3U);
}

TEST_F(Rounds, DoNothingWhenTheFileCannotBeRead) {
    take_steps({"03-01T10:00 invite"});
    std::ofstream{folder_ / "calendars.json"} << "[";
    (void)look("03-01T10:01");
    EXPECT_EQ(server_.requests(), Lines{});
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_NE(told_[0].find("calendars.json"), std::string::npos);
    std::filesystem::remove(folder_ / "calendars.json");
    (void)look("03-01T10:02");
    EXPECT_EQ(told_.back(), "ok");
    EXPECT_EQ(mails(), Lines{kBothInvited});
}

/// No call is made that could not be remembered.
TEST_F(Rounds, DoNothingWhenTheFileCannotBeWritten) {
    take_steps({"03-01T10:00 invite"});
    std::filesystem::create_directory(folder_ / "calendars.json.new");
    (void)look("03-01T10:01");
    EXPECT_EQ(server_.requests(), Lines{});
    EXPECT_EQ(told_.size(), 1U);
    std::filesystem::remove(folder_ / "calendars.json.new");
    (void)look("03-01T10:03");
    EXPECT_EQ(mails(), Lines{kBothInvited});
}

TEST_F(Rounds, WaitAsLongAsTheyAreAskedTo) {
    take_steps({"03-01T10:00 invite"});
    server_.fail(
        {{{"at", "POST .*/events$"}, {"status", 429}, {"headers", {{"Retry-After", "180"}}}}});
    EXPECT_EQ(look("03-01T10:01"), 3min);
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].find('@'), std::string::npos) << told_[0];
    EXPECT_EQ(rounds_->health().error, told_[0]);
    EXPECT_EQ(rounds_->health().behind, 1) << "the meeting is not there";
    EXPECT_EQ(rounds_->health().failing_since, at("2021-03-01T10:01"));
    server_.tell({{"forget_requests", true}});
    EXPECT_EQ(look("03-01T10:03"), 1min) << "woken meanwhile";
    EXPECT_EQ(server_.requests(), Lines{});
    EXPECT_EQ(look("03-01T10:04"), 1min);
    EXPECT_EQ(mails(), Lines{kBothInvited});
    EXPECT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_.back(), "ok");
    EXPECT_EQ(rounds_->health().behind, 0);
    EXPECT_FALSE(rounds_->health().failing_since);
}

TEST_F(Rounds, WaitLongerAndLongerWithoutAnAnswer) {
    take_steps({"03-01T10:00 invite"});
    server_.fail({{{"at", "GET .*/events"}, {"drop", "before"}, {"times", 3}}});
    EXPECT_EQ(look("03-01T10:01"), 1min);
    EXPECT_EQ(look("03-01T10:02"), 2min);
    EXPECT_EQ(look("03-01T10:04"), 4min);
    EXPECT_EQ(rounds_->health().failures, 3);
    EXPECT_EQ(look("03-01T10:08"), 1min);
    EXPECT_EQ(told_.size(), 2U);
}

/// What befalls one meeting is told, and holds up nothing else.
TEST_F(Rounds, AMeetingThatIsRefusedWaitsAlone) {
    take_steps({"03-01T10:00 invite"});
    server_.fail({{{"at", "POST .*/events$"}, {"status", 400}, {"code", "ErrorInvalid"}}});
    EXPECT_EQ(look("03-01T10:01"), 1min);
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_TRUE(told_[0].starts_with(kMeeting + ": ")) << told_[0];
    server_.tell({{"forget_requests", true}});
    (void)look("03-01T10:01");
    EXPECT_EQ(changes(), Lines{});
    (void)look("03-01T10:02");
    EXPECT_EQ(mails(), Lines{kBothInvited});
    EXPECT_EQ(told_.back(), "ok");
}

TEST_F(Rounds, WhatSomebodyDeletedIsMadeAnew) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    const auto id = event().at("id");
    server_.tell({{"delete", id}});
    (void)look("03-01T10:02");
    (void)look("03-01T10:03");
    EXPECT_NE(event().at("id"), id);
    (void)look("03-01T10:04");
    EXPECT_EQ(mails(), (Lines{kBothInvited, kBothInvited}));
}

TEST_F(Rounds, BringAnswers) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    respond("kari@by.example", "accepted", "03-02T09:00");
    (void)look("03-02T10:05");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
    respond("kari@by.example", "declined", "03-02T09:30");
    (void)look("03-02T10:31");
    EXPECT_EQ(exchange_.answers(), "kari declined");
}

TEST_F(Rounds, BringAnswersOnceTheEngineTakesThem) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    respond("kari@by.example", "accepted", "03-02T09:00");
    engine_is_busy_ = true;
    EXPECT_EQ(look("03-02T10:05"), 1min);
    engine_is_busy_ = false;
    (void)look("03-02T10:06");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
}

TEST_F(Rounds, AnAnswerToTheOldTimeSaysNothingOfTheNew) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    respond("kari@by.example", "accepted", "03-05T08:59");
    take_steps({"03-05T10:00 move 03-30T09:00"});
    respond("marta@dal.example", "accepted", "03-05T09:00");
    (void)look("03-05T10:02");
    (void)look("03-05T10:03");
    EXPECT_EQ(exchange_.answers(), "");
    respond("kari@by.example", "accepted", "03-05T12:00");
    (void)look("03-05T13:01");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
}

/// The calendar never saw the move, and asks nobody again: what was answered counts on.
TEST_F(Rounds, AnswersCountWhenItWasMovedThereAndBackMeanwhile) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    respond("kari@by.example", "accepted", "03-02T09:00");
    (void)look("03-02T10:05");
    take_steps({"03-05T10:00 place Hamar", "03-05T10:01 place Teams"});
    EXPECT_EQ(exchange_.answers(), "");
    (void)look("03-05T10:03");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
    EXPECT_EQ(mails(), Lines{kBothInvited});
}

TEST_F(Rounds, ReadAllWhenTheLinkIsLost) {
    take_steps({"03-01T10:00 invite"});
    (void)look("03-01T10:01");
    server_.tell({{"forget_sync", true}});
    respond("kari@by.example", "accepted", "03-02T09:00");
    (void)look("03-02T10:05");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
}

class Told : public Rounds {
 protected:
    Told() {
        hook_.add_routes(router_);
        http_ = daemon::HttpServer::start({}, [this](daemon::HttpRequest& request) {
                    return router_.handle(request);
                }).value();
        public_url_ = "http://127.0.0.1:" + std::to_string(http_->port());
        hook_.on_news([this] { ++woken_; });
        take_steps({"03-01T10:00 invite"});
    }
    ~Told() override { hook_.on_news({}); }

    daemon::Router router_;
    std::unique_ptr<daemon::HttpServer> http_;
    std::atomic<int> woken_{0};
};

TEST_F(Told, SubscribeAndAreWoken) {
    (void)look("03-01T10:01");
    EXPECT_EQ(told_, Lines{});
    ASSERT_EQ(server_.ask("subscriptions").size(), 1U);
    respond("kari@by.example", "accepted", "03-02T09:00");
    EXPECT_EQ(notified_, json::array({202}));
    EXPECT_EQ(woken_, 1);
    begin();
    (void)look("03-02T10:05");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
    EXPECT_EQ(server_.ask("subscriptions").size(), 1U) << "known after a restart";
}

TEST_F(Told, TheSubscriptionIsRenewedAndReplaced) {
    (void)look("03-01T10:01");
    (void)look("03-05T10:01");
    const auto subscriptions = server_.ask("subscriptions");
    ASSERT_EQ(subscriptions.size(), 1U);
    EXPECT_GT(subscriptions[0].at("expirationDateTime").get<std::string>(), "2021-03-11");
    EXPECT_EQ(server_.tell({{"lifecycle", "subscriptionRemoved"}}).at("notified"),
              json::array({202}));
    (void)look("03-05T10:02");
    EXPECT_EQ(server_.ask("subscriptions").size(), 1U);
    EXPECT_EQ(told_, Lines{});
}

TEST_F(Told, WithoutASubscriptionAnswersComeAllTheSame) {
    public_url_ = "http://127.0.0.1:1";
    (void)look("03-01T10:01");
    EXPECT_EQ(told_.size(), 1U);
    EXPECT_EQ(mails(), Lines{kBothInvited});
    respond("kari@by.example", "accepted", "03-02T09:00");
    (void)look("03-02T10:05");
    EXPECT_EQ(exchange_.answers(), "kari accepted");
}

}  // namespace
}  // namespace fristvakt::tests
