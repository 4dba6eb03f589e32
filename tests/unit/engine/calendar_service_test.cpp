#include "tests/unit/engine/exchange.hpp"
#include "workflows/decision/invitations.hpp"

/// Where meetings live in the calendar of a service mailbox, nobody is invited by mail: what is to
/// stand there is noted at once.
namespace fristvakt::tests {
namespace {

using workflows::uses_calendar_service;

Plan in_calendar(const std::string& mode = "live") {
    return {.sending = "sending: " + mode +
                       "\nallowlist: [sf.example]\n"
                       "graph: {tenant: sf.example, client_id: "
                       "5f0c0de0-0000-4000-8000-00000000000a, secret: {credential: graph}, "
                       "mailbox: moter@sf.example}"};
}

/// "kari 0 2021-03-23T09:00 Teams", or without time and place for who is not called; by address.
Lines noted(Exchange& exchange) {
    Lines lines;
    for (const auto& [invitation, person] :
         exchange.office().store().snapshot()->invitations_of(kMeeting).value()) {
        EXPECT_EQ(invitation.message, 0);
        EXPECT_TRUE(invitation.refused.empty());
        std::string line = person.address.substr(0, person.address.find('@')) + " " +
                           std::to_string(invitation.sequence);
        const auto time = workflows::meeting_time(invitation.told);
        lines.push_back(time ? line + " " + workflows::written(time->start) + " " + time->place
                             : line);
    }
    std::ranges::sort(lines);
    return lines;
}

TEST(CalendarService, IsUsedWhereItIsConfiguredAndSendingIsLive) {
    EXPECT_TRUE(uses_calendar_service(in_calendar().load()->installation));
    EXPECT_FALSE(uses_calendar_service(in_calendar("spool").load()->installation));
    EXPECT_FALSE(uses_calendar_service(in_calendar("allowlist").load()->installation));
    EXPECT_FALSE(uses_calendar_service(Plan{.sending = "sending: live"}.load()->installation));
}

struct Row {
    const char* name;
    Lines steps;
    Lines noted;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class ByCalendar : public testing::TestWithParam<Row> {};

TEST_P(ByCalendar, NobodyIsWrittenToAndAllIsNotedAtOnce) {
    const Row& row = GetParam();
    Exchange exchange{in_calendar()};
    for (const std::string& step : row.steps) {
        exchange.take(step);
    }
    EXPECT_EQ(noted(exchange), row.noted);
    EXPECT_EQ(exchange.told("04-20"), Lines{});
    EXPECT_TRUE(exchange.office().books().balance());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ByCalendar,
    testing::Values(
        Row{"NotInvited", {"03-01T10:00 move 03-24T09:00"}, {}},
        Row{"Invited",
            {"03-01T17:00 invite"},
            {"kari 0 2021-03-23T09:00 Teams", "marta 0 2021-03-23T09:00 Teams"}},
        Row{"Moved",
            {"03-01T10:00 invite", "03-05T10:00 move 03-30T09:00", "03-05T10:00 place Hamar"},
            {"kari 2 2021-03-30T09:00 Hamar", "marta 2 2021-03-30T09:00 Hamar"}},
        Row{"MovedToWhereItIs",
            {"03-01T10:00 invite", "03-05T10:00 move 03-23T10:00", "03-06T10:00 agenda"},
            {"kari 1 2021-03-23T10:00 Teams", "marta 1 2021-03-23T10:00 Teams"}},
        Row{"OneMoreAndOneLess",
            {"03-01T10:00 invite", "03-05T10:00 remove kari", "03-05T10:00 add nora vik"},
            {"kari 1", "marta 0 2021-03-23T09:00 Teams", "nora 0 2021-03-23T09:00 Teams"}},
        Row{"Cancelled", {"03-01T10:00 invite", "03-05T10:00 cancel"}, {"kari 1", "marta 1"}},
        Row{"Undated", {"03-01T10:00 invite", "03-05T10:00 take-away"}, {"kari 1", "marta 1"}},
        Row{"WhileOnHold",
            {"03-01T09:00 hold", "03-01T10:00 invite"},
            {"kari 0 2021-03-23T09:00 Teams", "marta 0 2021-03-23T09:00 Teams"}},
        Row{"NobodyWhoWasNotInvitedWhenItIsOver", {"03-22T10:00 place Hamar"}, {}}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST(CalendarService, AnswersCountAsAlways) {
    Exchange exchange{in_calendar()};
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say kari accepted");
    EXPECT_EQ(exchange.answers(), "kari accepted");
    exchange.take("03-05T10:00 move 03-30T09:00");
    EXPECT_EQ(exchange.answers(), "") << "of another time";
}

/// Whom an action would tell, without a message of ours: "kari@by.example by -> 2021-03-23T09:00".
Lines foretold(Exchange& exchange, const std::string& when, const std::string& event) {
    Lines lines;
    daemon::RaiseEvent command;
    command.event.case_id = kMeeting;
    command.event.name = event;
    command.event.by = workflows::Actor::Creditor;
    const auto seen = exchange.office().engine().preview({command}, at("2021-" + when));
    EXPECT_TRUE(seen.ok());
    EXPECT_TRUE(seen.value().messages.empty());
    const auto start = [](const workflows::Whereabouts& known) {
        const auto time = workflows::meeting_time(known);
        return time ? workflows::written(time->start) : std::string{};
    };
    for (const auto& one : seen.value().told) {
        EXPECT_EQ(one.case_id, kMeeting);
        lines.push_back(one.person.address + " " + one.organisation + " " + start(one.was) + "->" +
                        start(one.now));
    }
    std::ranges::sort(lines);
    return lines;
}

TEST(CalendarService, APreviewNamesWhomTheCalendarWouldTell) {
    Exchange exchange{in_calendar()};
    exchange.office().run("2021-03-01T10:00");
    EXPECT_EQ(foretold(exchange, "03-01T10:00", "invited"),
              (Lines{"kari@by.example by ->2021-03-23T09:00",
                     "marta@dal.example dal ->2021-03-23T09:00"}));
    EXPECT_EQ(noted(exchange), Lines{}) << "a look changes nothing";
}

TEST(CalendarService, WhereMailInvitesAPreviewShowsMessagesAlone) {
    Exchange exchange;
    exchange.office().run("2021-03-01T10:00");
    daemon::RaiseEvent command;
    command.event.case_id = kMeeting;
    command.event.name = "invited";
    command.event.by = workflows::Actor::Creditor;
    const auto seen = exchange.office().engine().preview({command}, at("2021-03-01T10:00"));
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(seen.value().messages.size(), 2U);
    EXPECT_TRUE(seen.value().told.empty());
}

/// What has not gone by mail when the calendar comes into use does not go: the calendar tells them.
TEST(CalendarService, ComesIntoUseWhileMailIsUnderWay) {
    Exchange exchange;
    exchange.take("03-01T17:00 invite");
    exchange.use(in_calendar().sending, "03-01T18:00");
    exchange.take("03-05T10:00 move 03-30T09:00");
    EXPECT_EQ(exchange.told("04-20"), Lines{});
    EXPECT_EQ(noted(exchange),
              (Lines{"kari 1 2021-03-30T09:00 Teams", "marta 1 2021-03-30T09:00 Teams"}));
}

}  // namespace
}  // namespace fristvakt::tests
