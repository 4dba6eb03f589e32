#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integrations/graph/attempt.hpp"
#include "integrations/graph/event.hpp"
#include "integrations/graph/meeting_body.hpp"

/// What Graph answers, and what we write to it, without a server.
namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using integrations::HttpAnswer;
using integrations::graph::About;
using integrations::graph::Failure;
using integrations::graph::failure_of;
using integrations::graph::new_event;
using integrations::graph::own_text;
using integrations::graph::read_event;
using integrations::graph::sign_in_failure_of;
using integrations::graph::with_text;
using nlohmann::json;
using workflows::CalendarMeeting;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::TimeZone;
using Reason = Failure::Reason;

HttpAnswer answer(int status, const std::string& code = "", const std::string& message = "") {
    const json error = {{"error", {{"code", code}, {"message", message}}}};
    return {.status = status,
            .content_type = "application/json",
            .body = code.empty() ? "<html>hemmelig</html>" : error.dump(),
            .retry_after = 7s};
}

/// Every status has a meaning, says what to do, and shows nothing that was sent.
TEST(Answers, OfEveryStatusAreTold) {
    for (int status = 100; status < 600; ++status) {
        if (status >= 200 && status < 300) {
            continue;
        }
        for (const About about :
             {About::Calendar, About::Event, About::Subscription, About::Changes}) {
            const Failure failure =
                failure_of(answer(status, "E", "kari@gjovik.example hemmelig"), about);
            EXPECT_EQ(failure.error.message.find("hemmelig"), std::string::npos);
            EXPECT_EQ(failure.error.message.find("kari"), std::string::npos);
            EXPECT_NE(failure.error.message.find("(" + std::to_string(status) + " E); "),
                      std::string::npos)
                << failure.error.message;
            const bool is_retried = failure.error.kind == ErrorKind::Unavailable;
            EXPECT_EQ(is_retried, status < 400 || status == 408 || status == 429 || status >= 500)
                << status;
            EXPECT_EQ(failure.uncertain, status == 408 || status >= 500) << status;
            EXPECT_EQ(failure.reason == Reason::Busy,
                      status == 408 || status == 429 || status == 503 || status == 504);
            EXPECT_EQ(failure.retry_after, 7s);
        }
        const Failure sign_in = sign_in_failure_of(answer(status));
        EXPECT_EQ(sign_in.error.message.find("hemmelig"), std::string::npos);
        EXPECT_FALSE(sign_in.uncertain);
    }
}

TEST(Answers, AWordIsShownOnlyWhereItIsOne) {
    for (const char* const word : {"<b>", "kari@gjovik.example", "to ord", "a\nb", "æ"}) {
        EXPECT_EQ(failure_of(answer(400, word), About::Event).word, "") << word;
    }
    EXPECT_EQ(failure_of(answer(400, std::string(65, 'x')), About::Event).word, "");
    EXPECT_EQ(failure_of(answer(400, "ErrorInvalidRequest"), About::Event).word,
              "ErrorInvalidRequest");
}

struct Row {
    const char* name;
    int status;
    const char* code;
    const char* message;
    About about;
    Reason reason;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Reasons : public testing::TestWithParam<Row> {};

TEST_P(Reasons, AreTakenFromStatusAndWord) {
    const Row& row = GetParam();
    EXPECT_EQ(failure_of(answer(row.status, row.code, row.message), row.about).reason, row.reason);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Reasons,
    testing::Values(
        Row{"event_gone", 404, "ErrorItemNotFound", "", About::Event, Reason::NotFound},
        Row{"mailbox", 404, "ErrorInvalidUser", "", About::Event, Reason::MailboxNotFound},
        Row{"no_licence", 404, "MailboxNotEnabledForRESTAPI", "", About::Event,
            Reason::MailboxNotFound},
        Row{"not_discovered", 404, "ResourceNotFound", "", About::Calendar,
            Reason::MailboxNotFound},
        Row{"proxy", 404, "", "", About::Event, Reason::Refused},
        Row{"no_calendar", 404, "ErrorItemNotFound", "", About::Calendar, Reason::MailboxNotFound},
        Row{"subscription", 404, "ResourceNotFound", "", About::Subscription, Reason::NotFound},
        Row{"policy", 403, "ErrorAccessDenied", "Access to OData is disabled.", About::Event,
            Reason::AccessPolicy},
        Row{"permission", 403, "ErrorAccessDenied", "Access is denied.", About::Event,
            Reason::PermissionMissing},
        Row{"sync_gone", 410, "", "", About::Changes, Reason::SyncLost},
        Row{"sync_word", 400, "syncStateNotFound", "", About::Changes, Reason::SyncLost},
        Row{"sync_word_elsewhere", 400, "syncStateNotFound", "", About::Event, Reason::Refused},
        Row{"conflict", 409, "x", "", About::Subscription, Reason::Conflict},
        Row{"token", 401, "x", "", About::Event, Reason::TokenRefused}),
    [](const auto& test) { return test.param.name; });

TimeZone zone(const char* name) {
    return TimeZone::locate(name).value();
}

Instant utc(int month, int day, std::chrono::minutes time) {
    using namespace workflows::cal;
    return Instant{sys_days{year{2021} / month / day} + time};
}

struct Clock {
    const char* name;
    const char* zone;
    Instant start;
    const char* written;
    const char* zone_written;
};
void PrintTo(const Clock& row, std::ostream* out) {
    *out << row.name;
}
class Clocks : public testing::TestWithParam<Clock> {};

TEST_P(Clocks, AreThoseOfNorwayWhereTheyAreClear) {
    const Clock& row = GetParam();
    const CalendarMeeting meeting{.uid = "u",
                                  .subject = "s",
                                  .start = row.start,
                                  .end = row.start + 3h,
                                  .place = "",
                                  .text = "",
                                  .attendees = {}};
    const json start = new_event(meeting, "t", zone(row.zone)).at("start");
    EXPECT_EQ(start.at("dateTime"), row.written);
    EXPECT_EQ(start.at("timeZone"), row.zone_written);
}

constexpr const char* kNorway = "W. Europe Standard Time";
INSTANTIATE_TEST_SUITE_P(
    Rows, Clocks,
    testing::Values(
        Clock{"winter", "Europe/Oslo", utc(1, 25, 8h), "2021-01-25T09:00:00", kNorway},
        Clock{"summer", "Europe/Oslo", utc(6, 25, 8h), "2021-06-25T10:00:00", kNorway},
        Clock{"svalbard", "Arctic/Longyearbyen", utc(6, 25, 8h), "2021-06-25T10:00:00", kNorway},
        Clock{"london", "Europe/London", utc(6, 25, 8h), "2021-06-25T08:00:00", "UTC"},
        Clock{"before_the_gap", "Europe/Oslo", utc(3, 28, 30min), "2021-03-28T01:30:00", kNorway},
        Clock{"after_the_gap", "Europe/Oslo", utc(3, 28, 1h), "2021-03-28T03:00:00", kNorway},
        Clock{"before_the_hour_twice", "Europe/Oslo", utc(10, 30, 23h + 30min),
              "2021-10-31T01:30:00", kNorway},
        Clock{"the_hour_first", "Europe/Oslo", utc(10, 31, 30min), "2021-10-31T00:30:00", "UTC"},
        Clock{"the_hour_again", "Europe/Oslo", utc(10, 31, 90min), "2021-10-31T01:30:00", "UTC"},
        Clock{"after_the_hour_twice", "Europe/Oslo", utc(10, 31, 2h), "2021-10-31T03:00:00",
              kNorway}),
    [](const auto& test) { return test.param.name; });

TEST(EventReading, PassesOverWhatItDoesNotKnow) {
    EXPECT_FALSE(read_event(json::parse("[]")));
    EXPECT_FALSE(read_event(json::parse(R"({"subject": "x"})")));
    const auto bare = read_event(json::parse(
        R"({"id": "a", "subject": null, "start": {"dateTime": 7}, "attendees": [{}, 7],
            "onlineMeeting": null, "location": [], "isCancelled": "true"})"));
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->id, "a");
    EXPECT_FALSE(bare->start);
    EXPECT_FALSE(bare->is_cancelled);
    EXPECT_EQ(bare->attendees.size(), 2U);
    const auto elsewhere = read_event(json::parse(
        R"({"id": "a", "start": {"dateTime": "2021-03-23T09:00:00.0000000",
            "timeZone": "W. Europe Standard Time"}})"));
    EXPECT_FALSE(elsewhere->start) << "we ask for UTC";
}

constexpr const char* kJoin = "https://teams.example/l/meetup-join/19%3ax%40t/0?context=%7b&y=1";
const std::string kRule(80, '_');
const std::string kPart = "<div style=\"x\">\r\n<span>" + kRule +
                          "</span></div><a href=\"https://teams.example/l/meetup-join/"
                          "19%3ax%40t/0?context=%7b&amp;y=1\">Bli med</a>" +
                          kRule + "</body></html>";

TEST(MeetingBody, ReplacesWhatStandsAboveThePartAboutTeams) {
    const std::string head = "<HTML><head><style>p{}</style></head>\r\n<BODY lang=\"nb\">";
    const std::string html = head + "<p>Gammel</p>" + kPart;
    EXPECT_EQ(with_text(html, kJoin, "Ny <b>\n&"),
              head + "<div>Ny &lt;b&gt;<br>\n&amp;</div>" + kPart);
    EXPECT_EQ(own_text(html, kJoin), "Gammel");
    // Nothing above it, and a frame of its own around all.
    EXPECT_EQ(with_text(head + kPart, kJoin, "Ny"), head + "<div>Ny</div>" + kPart);
    EXPECT_EQ(with_text("<p>" + kRule + "</p><p>x</p>" + kPart, kJoin, ""), "<div></div>" + kPart);
}

TEST(MeetingBody, IsLeftAloneWhereThePartCannotBeTold) {
    for (const std::string& html :
         {std::string{}, std::string{"<p>Hei</p>"}, "<p>" + kRule + "</p>",
          std::string{"<a href=\""} + kJoin + "\">Bli med</a>" + kRule}) {
        EXPECT_FALSE(with_text(html, kJoin, "Ny")) << html;
    }
    EXPECT_FALSE(with_text(kPart, "", "Ny"));
}

TEST(MeetingBody, IsComparedAsText) {
    const std::string text = "Informasjon  &\r\n\tstatus <1>\xC2\xA0\"æøå\"\x01 ";
    EXPECT_EQ(integrations::graph::in_one_line(text), "Informasjon & status <1> \"æøå\"");
    EXPECT_EQ(own_text(integrations::graph::to_html(text), ""),
              integrations::graph::in_one_line(text));
    EXPECT_EQ(own_text("<html><body>\r\n<div>a&nbsp;b &#39;c&#39; &amp;lt;</div></body>", ""),
              "a b 'c' &lt;");
}

}  // namespace
}  // namespace fristvakt::tests
