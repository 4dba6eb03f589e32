#include "workflows/decision/calendar_plan.hpp"

#include <set>

#include <gtest/gtest.h>

#include "workflows/time/instant.hpp"

/// How the event of a meeting follows the meeting.
namespace fristvakt::tests {
namespace {

using namespace std::chrono_literals;
using workflows::begun;
using workflows::CalendarCall;
using workflows::CalendarChange;
using workflows::CalendarEvent;
using workflows::CalendarMeeting;
using workflows::CalendarOutcome;
using workflows::Instant;
using workflows::plan_calendar;
using workflows::settled;
using workflows::transaction_of;
using Kind = CalendarCall::Kind;
using Reason = CalendarCall::Reason;

constexpr Instant kStart{workflows::cal::sys_days{workflows::cal::year{2021} / 3 / 23} + 8h};
constexpr Instant kBefore = kStart - 240h;

CalendarMeeting meeting() {
    return {
        .uid = "fristvakt/sf-innlandet/pulje-5/nettverk/2021-var",
        .subject = "Nettverk for ressurspersoner",
        .start = kStart,
        .end = kStart + 3h,
        .place = "Teams",
        .text = "Status fra hver kommune",
        .is_online = true,
        .attendees = {{"kari@gjovik.example", "Kari", true}, {"ola@hamar.example", "Ola", false}},
        .is_cancelled = false};
}

CalendarEvent there() {
    return {.generation = 0,
            .transaction = transaction_of(meeting().uid, 0),
            .event_id = "AAMk1",
            .put = meeting()};
}

CalendarCall plan(const CalendarMeeting& wanted, const CalendarEvent& known,
                  Instant now = kBefore) {
    return plan_calendar(wanted, known, now).value();
}

TEST(CalendarPlan, ANewMeetingIsMadeOnce) {
    const CalendarCall call = plan(meeting(), {});
    EXPECT_EQ(call.kind, Kind::Create);
    EXPECT_EQ(call.reason, Reason::New);
    EXPECT_EQ(call.transaction, transaction_of(meeting().uid, 0));
    const CalendarEvent marked = begun({}, call);
    EXPECT_EQ(marked.transaction, call.transaction);
    const CalendarEvent known = settled(marked, meeting(), call,
                                        {.kind = CalendarOutcome::Kind::Done, .event_id = "AAMk1"});
    EXPECT_EQ(known, there());
    EXPECT_EQ(plan(meeting(), known).kind, Kind::None);
    EXPECT_EQ(plan(meeting(), known).reason, Reason::AsWanted);
}

TEST(CalendarPlan, ACreationOfUnknownOutcomeKeepsItsName) {
    const CalendarCall first = plan(meeting(), {});
    const CalendarEvent marked = begun({}, first);
    for (const CalendarEvent& known :
         {marked,  // A crash before anything was answered.
          settled(marked, meeting(), first, {.kind = CalendarOutcome::Kind::Unknown})}) {
        const CalendarCall again = plan(meeting(), known);
        EXPECT_EQ(again.kind, Kind::Create);
        EXPECT_EQ(again.reason, Reason::Uncertain);
        EXPECT_EQ(again.transaction, first.transaction);
    }
    // A store that was lost finds it too.
    EXPECT_EQ(plan(meeting(), {}).transaction, first.transaction);
}

TEST(CalendarPlan, WhatWasFoundIsComparedWhole) {
    const CalendarCall call = plan(meeting(), {});
    const CalendarEvent known =
        settled(begun({}, call), meeting(), call,
                {.kind = CalendarOutcome::Kind::Found, .event_id = "AAMk1"});
    const CalendarCall next = plan(meeting(), known);
    EXPECT_EQ(next.kind, Kind::Update);
    EXPECT_EQ(next.reason, Reason::Uncertain);
    EXPECT_EQ(next.event_id, "AAMk1");
    EXPECT_TRUE(next.change.subject && next.change.time && next.change.place && next.change.text &&
                next.change.online && next.change.attendees);
    EXPECT_EQ(settled(begun(known, next), meeting(), next, {.kind = CalendarOutcome::Kind::Done}),
              there());
}

struct Row {
    const char* name;
    void (*change)(CalendarMeeting&);
    CalendarChange expected;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Changes : public testing::TestWithParam<Row> {};

TEST_P(Changes, AreAllThatIsChanged) {
    CalendarMeeting wanted = meeting();
    GetParam().change(wanted);
    const CalendarCall call = plan(wanted, there());
    EXPECT_EQ(call.change, GetParam().expected);
    EXPECT_EQ(call.kind, GetParam().expected.any() ? Kind::Update : Kind::None);
    EXPECT_EQ(call.reason, GetParam().expected.any() ? Reason::Changed : Reason::AsWanted);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Changes,
    testing::Values(
        Row{"nothing", [](CalendarMeeting&) {}, {}},
        Row{"subject", [](CalendarMeeting& m) { m.subject = "Samling"; }, {.subject = true}},
        Row{"start", [](CalendarMeeting& m) { m.start -= 1h; }, {.time = true}},
        Row{"end", [](CalendarMeeting& m) { m.end += 1h; }, {.time = true}},
        Row{"place", [](CalendarMeeting& m) { m.place = "Lampeland"; }, {.place = true}},
        Row{"text", [](CalendarMeeting& m) { m.text += "\nVeien videre"; }, {.text = true}},
        Row{"added",
            [](CalendarMeeting& m) {
                m.attendees.push_back({"per@sel.example", "Per", true});
            },
            {.attendees = true}},
        Row{"removed", [](CalendarMeeting& m) { m.attendees.pop_back(); }, {.attendees = true}},
        Row{"required",
            [](CalendarMeeting& m) { m.attendees[1].is_required = true; },
            {.attendees = true}},
        Row{"name", [](CalendarMeeting& m) { m.attendees[0].name = "Kari Nordmann"; }, {}},
        Row{"order", [](CalendarMeeting& m) { std::swap(m.attendees[0], m.attendees[1]); }, {}},
        Row{"case", [](CalendarMeeting& m) { m.attendees[0].address = "Kari@Gjovik.example"; }, {}},
        Row{"offline", [](CalendarMeeting& m) { m.is_online = false; }, {}},
        Row{"two",
            [](CalendarMeeting& m) {
                m.start += 1h;
                m.attendees.pop_back();
            },
            {.time = true, .attendees = true}}),
    [](const auto& test) { return test.param.name; });

TEST(CalendarPlan, ARoomInTeamsCanComeLater) {
    CalendarEvent known = there();
    known.put->is_online = false;
    EXPECT_EQ(plan(meeting(), known).change, (CalendarChange{.online = true}));
}

TEST(CalendarPlan, MovedAndBackBeforeAnybodyAnsweredIsLookedAt) {
    CalendarMeeting moved = meeting();
    moved.start += 24h;
    moved.end += 24h;
    const CalendarCall call = plan(moved, there());
    const CalendarEvent known =
        settled(begun(there(), call), moved, call, {.kind = CalendarOutcome::Kind::Unknown});
    EXPECT_EQ(plan(meeting(), known).kind, Kind::Update);
    EXPECT_EQ(plan(meeting(), known).reason, Reason::Uncertain);
}

TEST(CalendarPlan, IsCancelledOnceAndMadeAnewUnderAnotherName) {
    CalendarMeeting cancelled = meeting();
    cancelled.is_cancelled = true;
    const CalendarCall call = plan(cancelled, there());
    EXPECT_EQ(call.kind, Kind::Cancel);
    EXPECT_EQ(call.event_id, "AAMk1");
    // Nobody answered, and the meeting is to be after all: whether it was cancelled must be seen.
    EXPECT_EQ(plan(meeting(), begun(there(), call)).kind, Kind::Update);
    for (const auto outcome : {CalendarOutcome::Kind::Done, CalendarOutcome::Kind::Gone}) {
        const CalendarEvent known =
            settled(begun(there(), call), cancelled, call, {.kind = outcome});
        EXPECT_EQ(known.generation, 1);
        EXPECT_EQ(plan(cancelled, known).reason, Reason::NeverThere);
        const CalendarCall anew = plan(meeting(), known);
        EXPECT_EQ(anew.kind, Kind::Create);
        EXPECT_EQ(anew.reason, Reason::New);
        EXPECT_NE(anew.transaction, transaction_of(meeting().uid, 0));
    }
}

TEST(CalendarPlan, CancelsWhatMayHaveBeenMade) {
    CalendarMeeting cancelled = meeting();
    cancelled.is_cancelled = true;
    EXPECT_EQ(plan(cancelled, {}).kind, Kind::None);
    const CalendarCall call = plan(cancelled, begun({}, plan(meeting(), {})));
    EXPECT_EQ(call.kind, Kind::Cancel);
    EXPECT_TRUE(call.event_id.empty());
    EXPECT_EQ(call.transaction, transaction_of(meeting().uid, 0));
}

TEST(CalendarPlan, WhatSomebodyDeletedIsMadeAnew) {
    CalendarMeeting moved = meeting();
    moved.start += 1h;
    const CalendarCall call = plan(moved, there());
    const CalendarEvent known =
        settled(begun(there(), call), moved, call, {.kind = CalendarOutcome::Kind::Gone});
    EXPECT_EQ(plan(moved, known).kind, Kind::Create);
    EXPECT_EQ(plan(moved, known).transaction, transaction_of(meeting().uid, 1));
}

TEST(CalendarPlan, LeavesWhatIsOver) {
    const Instant after = meeting().end;
    EXPECT_EQ(plan(meeting(), {}, after).reason, Reason::Over);
    EXPECT_EQ(plan(meeting(), {}, after - 1s).kind, Kind::Create);
    CalendarMeeting cancelled = meeting();
    cancelled.is_cancelled = true;
    EXPECT_EQ(plan(cancelled, there(), after).reason, Reason::Over);
    // Said afterwards to have been earlier: nobody may wait for it at the old time.
    CalendarMeeting earlier = meeting();
    earlier.start -= 48h;
    earlier.end -= 48h;
    EXPECT_EQ(plan(earlier, there(), kStart - 24h).kind, Kind::Update);
}

TEST(CalendarPlan, RefusesMoreThanACalendarTakes) {
    CalendarMeeting wanted = meeting();
    wanted.attendees.assign(workflows::kAttendeesMax, {"kari@gjovik.example", "", true});
    EXPECT_TRUE(plan_calendar(wanted, {}, kBefore).ok());
    wanted.attendees.push_back({"ola@hamar.example", "", true});
    const auto plan = plan_calendar(wanted, {}, kBefore);
    ASSERT_FALSE(plan.ok());
    EXPECT_NE(plan.error().message.find("501"), std::string::npos);
    EXPECT_EQ(plan.error().message.find("kari"), std::string::npos);
}

TEST(CalendarPlan, NamesAreOfOneMeetingAndOneEvent) {
    std::set<std::string> names;
    for (const char* const uid : {"a", "b", "a/1"}) {
        for (const int generation : {0, 1, 11}) {
            const std::string name = transaction_of(uid, generation);
            EXPECT_EQ(name.size(), 36U);
            EXPECT_EQ(name, transaction_of(uid, generation));
            names.insert(name);
        }
    }
    EXPECT_EQ(names.size(), 9U);
}

}  // namespace
}  // namespace fristvakt::tests
