#include "integrations/graph/service_calendar.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tests/graph/graph_fixture.hpp"

/// Events in the mailbox, and what becomes of them when something goes wrong half-way.
namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using integrations::calendar::Answer;
using integrations::graph::carry_out;
using integrations::graph::Failure;
using integrations::graph::SeenEvent;
using integrations::graph::ServiceCalendar;
using nlohmann::json;
using workflows::CalendarCall;
using workflows::CalendarChange;
using workflows::CalendarEvent;
using workflows::CalendarMeeting;
using workflows::CalendarOutcome;
using Reason = Failure::Reason;
using Strings = std::vector<std::string>;

constexpr CalendarChange kAll{
    .subject = true, .time = true, .place = true, .text = true, .online = true, .attendees = true};

class ServiceCalendarTest : public GraphTest {
 protected:
    [[nodiscard]] std::string make() {
        const auto made = calendar_.create(meeting(), transaction(), kNow);
        EXPECT_TRUE(made.ok()) << made.failure().error.message;
        return made.value().event.id;
    }
    /// What was patched last.
    [[nodiscard]] json last_patch() {
        json out;
        for (const json& request : server_.ask("requests")) {
            if (request.at("what").get<std::string>().starts_with("PATCH")) {
                out = json::parse(request.at("body").get<std::string>());
            }
        }
        return out;
    }
    [[nodiscard]] static Strings keys_of(const json& object) {
        Strings out;
        for (const auto& [key, value] : object.items()) {
            out.push_back(key);
        }
        return out;
    }
};

TEST_F(ServiceCalendarTest, MakesAnOnlineMeetingByTheClockOfNorway) {
    const auto made = calendar_.create(meeting(), transaction(), kNow);
    ASSERT_TRUE(made.ok()) << made.failure().error.message;
    EXPECT_FALSE(made.value().was_there);
    const SeenEvent& seen = made.value().event;
    EXPECT_EQ(seen.subject, meeting().subject);
    EXPECT_EQ(seen.start, meeting().start);
    EXPECT_EQ(seen.end, meeting().end);
    EXPECT_TRUE(seen.is_online);
    EXPECT_TRUE(seen.join_url.starts_with("https://teams.example/")) << seen.join_url;
    EXPECT_EQ(event().at("transactionId"), transaction());
    EXPECT_EQ(mails(), Strings{"invited kari@gjovik.example ola@hamar.example"});
    const auto requests = server_.ask("requests");
    const json posted = json::parse(requests.back().at("body").get<std::string>());
    EXPECT_EQ(posted.at("start").at("dateTime"), "2021-03-23T09:00:00");
    EXPECT_EQ(posted.at("start").at("timeZone"), "W. Europe Standard Time");
    EXPECT_EQ(posted.at("attendees").at(1).at("type"), "optional");
    EXPECT_EQ(posted.at("onlineMeetingProvider"), "teamsForBusiness");
}

TEST_F(ServiceCalendarTest, AMeetingThatWasMadeBeforeIsFound) {
    const std::string id = make();
    const auto again = calendar_.create(meeting(), transaction(), kNow);
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again.value().was_there);
    EXPECT_EQ(again.value().event.id, id);
    EXPECT_EQ(mails().size(), 1U);
}

/// The connection breaks once the event is there; Microsoft has forgotten the transaction.
TEST_F(ServiceCalendarTest, ACreationOfUnknownOutcomeMakesNoSecondEvent) {
    server_.set("forgets_transactions", true);
    server_.fail({{{"at", "POST .*/events$"}, {"drop", "after"}}});
    const auto first = calendar_.create(meeting(), transaction(), kNow);
    ASSERT_FALSE(first.ok());
    EXPECT_TRUE(first.failure().uncertain);
    EXPECT_EQ(first.failure().reason, Reason::Unreachable);
    expect_discreet(first.failure());
    const auto second = calendar_.create(meeting(), transaction(), kNow);
    ASSERT_TRUE(second.ok());
    EXPECT_TRUE(second.value().was_there);
    (void)event();
    EXPECT_EQ(mails().size(), 1U);
}

/// The search does not see it yet; Microsoft remembers the transaction.
TEST_F(ServiceCalendarTest, WhatASearchDoesNotSeeYetIsNotMadeTwice) {
    server_.set("blind_search", true);
    server_.fail({{{"at", "POST .*/events$"}, {"drop", "after"}}});
    EXPECT_FALSE(calendar_.create(meeting(), transaction(), kNow).ok());
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    const auto second = calendar_.create(moved, transaction(), kNow);
    ASSERT_TRUE(second.ok());
    EXPECT_TRUE(second.value().was_there) << "it stands at the old time";
    (void)event();
    EXPECT_EQ(mails().size(), 1U);
}

TEST_F(ServiceCalendarTest, WhatNobodyTookIsNotUncertain) {
    auto settings = server_.settings();
    settings.graph_url = "https://127.0.0.1:1/v1.0";
    ServiceCalendar nowhere{settings, oslo()};
    const auto made = nowhere.create(meeting(), transaction(), kNow);
    ASSERT_FALSE(made.ok());
    EXPECT_FALSE(made.failure().uncertain);
    expect_discreet(made.failure());
}

TEST_F(ServiceCalendarTest, TellsOnlyThoseWhoseCallChanged) {
    const std::string id = make();
    CalendarMeeting wanted = meeting();
    wanted.attendees[1] = {"per@sel.example", "Per", true};
    const auto updated = calendar_.update(id, wanted, kAll, kNow);
    ASSERT_TRUE(updated.ok()) << updated.failure().error.message;
    EXPECT_EQ(updated.value().changed, (CalendarChange{.attendees = true}));
    EXPECT_EQ(keys_of(last_patch()), Strings{"attendees"});
    EXPECT_EQ(mails(), (Strings{"invited kari@gjovik.example ola@hamar.example",
                                "updated per@sel.example", "uninvited ola@hamar.example"}));
}

TEST_F(ServiceCalendarTest, KeepsAnswersAndOthersWhereOneIsAdded) {
    const std::string id = make();
    server_.tell({{"respond",
                   {{"event", id},
                    {"address", "kari@gjovik.example"},
                    {"response", "accepted"},
                    {"time", "2021-03-02T09:30:00Z"}}}});
    CalendarMeeting wanted = meeting();
    wanted.attendees.push_back({"per@sel.example", "Per", true});
    const auto updated = calendar_.update(id, wanted, {.attendees = true}, kNow);
    ASSERT_TRUE(updated.ok());
    EXPECT_EQ(updated.value().event.attendees.at(0).answer, Answer::Accepted);
    EXPECT_EQ(updated.value().event.attendees.size(), 3U);
}

TEST_F(ServiceCalendarTest, NothingLeftToChangeTellsNobodyAnything) {
    const std::string id = make();
    const auto updated = calendar_.update(id, meeting(), kAll, kNow);
    ASSERT_TRUE(updated.ok());
    EXPECT_FALSE(updated.value().changed.any());
    EXPECT_EQ(mails().size(), 1U);
    EXPECT_TRUE(last_patch().is_null());
}

TEST_F(ServiceCalendarTest, AMoveThatMayHaveArrivedIsNotToldTwice) {
    const std::string id = make();
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    server_.fail({{{"at", "PATCH"}, {"drop", "after"}}});
    const auto first = calendar_.update(id, moved, kAll, kNow);
    ASSERT_FALSE(first.ok());
    EXPECT_TRUE(first.failure().uncertain);
    EXPECT_TRUE(calendar_.update(id, moved, kAll, kNow).ok());
    EXPECT_EQ(mails().size(), 2U);
    EXPECT_EQ(keys_of(last_patch()), (Strings{"end", "start"}));
}

TEST_F(ServiceCalendarTest, ANewTextKeepsTheWayIntoTeams) {
    const std::string id = make();
    const std::string before = event().at("body").at("content");
    CalendarMeeting wanted = meeting();
    wanted.text = "Ny agenda <1>\n___________________________________________\nog mer";
    for (int i = 0; i < 2; ++i) {
        const auto updated = calendar_.update(id, wanted, {.text = true}, kNow);
        ASSERT_TRUE(updated.ok());
        EXPECT_EQ(updated.value().changed.text, i == 0);
        EXPECT_FALSE(updated.value().text_left);
        const json now = event();
        EXPECT_TRUE(now.at("isOnlineMeeting"));
        const std::string content = now.at("body").at("content");
        EXPECT_NE(content.find("Ny agenda &lt;1&gt;<br>"), std::string::npos) << content;
        EXPECT_EQ(content.find("Informasjon"), std::string::npos) << content;
        const std::string way_in = before.substr(before.find("<div style="));
        EXPECT_TRUE(content.ends_with(way_in)) << content;
    }
}

TEST_F(ServiceCalendarTest, WhereTheWayInIsNotFoundTheTextStays) {
    const std::string id = make();
    server_.tell(
        {{"edit",
          {{"event", id},
           {"patch",
            {{"body",
              {{"content",
                "<p>Skrevet om: " + event().at("onlineMeeting").at("joinUrl").get<std::string>() +
                    "</p>"}}}}}}}});
    ASSERT_TRUE(event().at("isOnlineMeeting"));
    CalendarMeeting wanted = meeting();
    wanted.text = "Ny agenda";
    wanted.subject = "Samling";
    const auto updated = calendar_.update(id, wanted, kAll, kNow);
    ASSERT_TRUE(updated.ok());
    EXPECT_TRUE(updated.value().text_left);
    EXPECT_TRUE(event().at("isOnlineMeeting"));
    EXPECT_EQ(keys_of(last_patch()), Strings{"subject"});
}

TEST_F(ServiceCalendarTest, WithoutTeamsTheTextIsOurs) {
    CalendarMeeting wanted = meeting();
    wanted.is_online = false;
    wanted.place = "Lampeland";
    const auto made = calendar_.create(wanted, transaction(), kNow);
    ASSERT_TRUE(made.ok());
    EXPECT_FALSE(made.value().event.is_online);
    EXPECT_EQ(made.value().event.place, "Lampeland");
    wanted.text = "Ta med kaffe";
    ASSERT_TRUE(calendar_.update(made.value().event.id, wanted, kAll, kNow).ok());
    EXPECT_EQ(event().at("body").at("content"), "<div>Ta med kaffe</div>");
    wanted.is_online = true;
    ASSERT_TRUE(calendar_.update(made.value().event.id, wanted, kAll, kNow).ok());
    EXPECT_TRUE(event().at("isOnlineMeeting"));
}

TEST_F(ServiceCalendarTest, CancelsOnceAndIsContentWithLess) {
    const std::string id = make();
    ASSERT_TRUE(calendar_.cancel(id, "Møtet er avlyst.", kNow).ok());
    EXPECT_EQ(server_.ask("events").size(), 0U);
    EXPECT_EQ(mails().back(), "cancelled: Møtet er avlyst. kari@gjovik.example ola@hamar.example");
    EXPECT_TRUE(calendar_.cancel(id, "", kNow).ok());
    EXPECT_EQ(mails().size(), 2U);
    EXPECT_FALSE(calendar_.find(transaction(), kNow).value());
    const auto gone = calendar_.update(id, meeting(), kAll, kNow);
    ASSERT_FALSE(gone.ok());
    EXPECT_EQ(gone.failure().reason, Reason::NotFound);
    expect_discreet(gone.failure());
}

TEST_F(ServiceCalendarTest, ReadsWhatPeopleAnswered) {
    const std::string id = make();
    for (const auto& [address, response] : {std::pair{"kari@gjovik.example", "tentativelyAccepted"},
                                            std::pair{"ola@hamar.example", "declined"}}) {
        server_.tell({{"respond",
                       {{"event", id},
                        {"address", address},
                        {"response", response},
                        {"time", "2021-03-02T09:30:00.1234567Z"}}}});
    }
    const auto seen = calendar_.read(id, kNow);
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(seen.value().attendees.at(0).address, "kari@gjovik.example");
    EXPECT_EQ(seen.value().attendees.at(0).answer, Answer::Tentative);
    EXPECT_EQ(seen.value().attendees.at(0).answered_at, kNow + 25h + 30min);
    EXPECT_EQ(seen.value().attendees.at(1).answer, Answer::Declined);
    EXPECT_FALSE(seen.value().attendees.at(1).is_required);
}

TEST_F(ServiceCalendarTest, NobodyHasAnsweredAtFirst) {
    const auto seen = calendar_.read(make(), kNow);
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(seen.value().attendees.at(0).answer, Answer::NeedsAction);
    EXPECT_FALSE(seen.value().attendees.at(0).answered_at);
}

/// Plans, stores and calls as a daemon would, forgetting after each call what was not stored.
class FollowTest : public ServiceCalendarTest {
 protected:
    /// Until there is nothing to do; at most so many calls.
    void follow(const CalendarMeeting& wanted, int calls = 10) {
        for (int i = 0; i < calls; ++i) {
            const CalendarCall call = workflows::plan_calendar(wanted, known_, kNow).value();
            if (call.kind == CalendarCall::Kind::None) {
                return;
            }
            known_ = begun(known_, call);
            const auto carried = carry_out(calendar_, call, wanted, "Avlyst", kNow);
            if (carried.failure) {
                expect_discreet(*carried.failure);
            }
            if (!crashes_) {
                known_ = settled(known_, wanted, call, carried.outcome);
            }
        }
    }
    CalendarEvent known_;
    bool crashes_{false};  ///< Before what came of a call is stored.
};

TEST_F(FollowTest, AMeetingFromItsDateToItsEnd) {
    CalendarMeeting wanted = meeting();
    follow(wanted);
    wanted.start += 24h;
    wanted.end += 24h;
    wanted.attendees.pop_back();
    follow(wanted);
    follow(wanted);
    wanted.is_cancelled = true;
    follow(wanted);
    EXPECT_EQ(server_.ask("events").size(), 0U);
    wanted.is_cancelled = false;
    follow(wanted);
    (void)event();
    EXPECT_EQ(mails(),
              (Strings{"invited kari@gjovik.example ola@hamar.example",
                       "updated kari@gjovik.example", "uninvited ola@hamar.example",
                       "cancelled: Avlyst kari@gjovik.example", "invited kari@gjovik.example"}));
}

TEST_F(FollowTest, CrashesMakeNoSecondEventAndTellNobodyTwice) {
    server_.set("forgets_transactions", true);
    crashes_ = true;
    follow(meeting(), 3);
    crashes_ = false;
    follow(meeting());
    (void)event();
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    crashes_ = true;
    follow(moved, 3);
    crashes_ = false;
    follow(moved);
    EXPECT_EQ(calendar_.read(known_.event_id, kNow).value().start, moved.start);
    EXPECT_EQ(mails(), (Strings{"invited kari@gjovik.example ola@hamar.example",
                                "updated kari@gjovik.example ola@hamar.example"}));
    moved.is_cancelled = true;
    crashes_ = true;
    follow(moved, 3);
    crashes_ = false;
    follow(moved);
    EXPECT_EQ(mails().size(), 3U);
    EXPECT_EQ(server_.ask("events").size(), 0U);
}

TEST_F(FollowTest, MovedWhileNobodyKnowsWhetherItWasMade) {
    server_.set("forgets_transactions", true);
    server_.fail({{{"at", "POST .*/events$"}, {"drop", "after"}}});
    follow(meeting(), 1);
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    follow(moved);
    (void)event();
    EXPECT_EQ(calendar_.read(known_.event_id, kNow).value().start, moved.start);
    EXPECT_EQ(mails().size(), 2U);
}

TEST_F(FollowTest, CancelledWhileNobodyKnowsWhetherItWasMade) {
    server_.fail({{{"at", "POST .*/events$"}, {"drop", "after"}}});
    follow(meeting(), 1);
    (void)event();
    CalendarMeeting cancelled = meeting();
    cancelled.is_cancelled = true;
    follow(cancelled);
    EXPECT_EQ(server_.ask("events").size(), 0U);
    EXPECT_EQ(mails().size(), 2U);
}

TEST_F(FollowTest, WhatSomebodyDeletedIsMadeAnewWhenItIsMoved) {
    follow(meeting());
    server_.tell({{"delete", known_.event_id}});
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    follow(moved);
    EXPECT_EQ(known_.generation, 1);
    EXPECT_EQ(calendar_.read(known_.event_id, kNow).value().start, moved.start);
}

/// A mailbox that is away for a while must not look like events that were deleted.
TEST_F(FollowTest, AMailboxThatIsAwayMakesNothingAnew) {
    follow(meeting());
    const CalendarEvent before = known_;
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    const json rules = {{{"at", "/events"}, {"status", 404}, {"code", "ErrorInvalidUser"}},
                        {{"at", "/events"}, {"status", 404}},
                        {{"at", "/events"}, {"status", 403}, {"code", "ErrorAccessDenied"}},
                        {{"at", "/events"}, {"status", 503}}};
    for (const json& rule : rules) {
        server_.fail(json::array({rule}));
        follow(moved, 1);
        EXPECT_EQ(known_.generation, 0);
        EXPECT_EQ(known_.event_id, before.event_id);
    }
    follow(moved);
    (void)event();
    EXPECT_EQ(mails().size(), 2U);
}

TEST_F(ServiceCalendarTest, IsToldToWaitAndSaysSo) {
    server_.fail(
        {{{"at", "GET .*/events"},
          {"status", 429},
          {"code", "ApplicationThrottled"},
          {"headers", {{"Retry-After", "17"}}}},
         {{"at", "GET .*/events"}, {"status", 503}, {"headers", {{"Retry-After", "999999"}}}},
         {{"at", "GET .*/events"}, {"status", 504}}});
    for (const auto expected : {17s, 3600s, 0s}) {
        const auto made = calendar_.create(meeting(), transaction(), kNow);
        ASSERT_FALSE(made.ok());
        EXPECT_EQ(made.failure().reason, Reason::Busy);
        EXPECT_EQ(made.failure().retry_after, expected);
        EXPECT_FALSE(made.failure().uncertain) << "nothing was asked for but a look";
        expect_discreet(made.failure());
    }
    EXPECT_EQ(server_.requests().size(), 4U) << "one token, and no call was made again by itself";
}

/// More than four at once are told off by Microsoft, so the others wait here.
TEST_F(ServiceCalendarTest, AsksForAtMostFourThingsAtATime) {
    constexpr int kThreads = 12;
    const std::string id = make();
    server_.tell({{"hold", true}});
    std::atomic<int> good{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] { good += calendar_.read(id, kNow).ok() ? 1 : 0; });
    }
    for (int i = 0; i < kThreads - 4; ++i) {
        server_.tell({{"await_held", 4}, {"release", 1}});
    }
    server_.tell({{"await_held", 4}, {"release", -1}});
    threads.clear();
    EXPECT_EQ(good, kThreads);
    EXPECT_EQ(server_.ask("most_at_once"), 4);
}

}  // namespace
}  // namespace fristvakt::tests
