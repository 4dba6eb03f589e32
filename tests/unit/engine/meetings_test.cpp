#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"
#include "workflows/decision/meeting.hpp"

/// A meeting is a case like any other; its date stands in the programme, and what is brought to it
/// goes along.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using Lines = std::vector<std::string>;

const std::string kMeeting{"p/nettverk/2021-var"};
const std::string kPrework{"p/nettverk/2021-var/notat/by"};

/// "start: …, end: …" with `more` behind, as one date.
std::string date(const std::string& start, const std::string& end, const std::string& more = {}) {
    return "      - {start: " + start + ", end: " + end + ", place: Teams" + more + "}\n";
}

constexpr const char* kNote =
    ", prework: [{id: notat, due: start - 7 days, title: {nb: Notat, nn: Notat}}]";

DefinitionsPtr with_meeting(const std::string& dates, const std::string& more = {},
                            const std::map<std::string, std::string>& files = {},
                            const std::string& participants = World{}.participants) {
    World world;
    world.participants = participants;
    world.more = files;
    world.requirements +=
        "meetings:\n"
        "  - id: nettverk\n"
        "    title: {nb: Nettverk, nn: Nettverk}\n"
        "    every: semester\n"
        "    set_by: {spring: 02-01, autumn: 09-01}\n"
        "    audience: [ressursperson]\n" +
        (dates.empty() ? "" : "    dates:\n" + dates) + more;
    return world.load();
}

std::string time_of(Office& office, const std::string& id = kMeeting) {
    const auto time = workflows::meeting_time(office.find_case(id));
    return time ? workflows::time_in_words(*time, workflows::Language::Nb) + ", " + time->place
                : "none";
}

/// What went out about meetings and what is brought to them.
Lines about(const Lines& sent, const std::string& what) {
    Lines found;
    std::copy_if(sent.begin(), sent.end(), std::back_inserter(found),
                 [&](const std::string& line) { return line.find(what) != std::string::npos; });
    return found;
}

TEST(Meetings, WithoutADateRemindWhoeverHoldsThem) {
    Office office{with_meeting("")};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    office.run("2021-02-12");
    EXPECT_EQ(office.find_case(kMeeting).state, "undated");
    EXPECT_EQ(office.find_case(kMeeting).debtor, "sf");
    EXPECT_EQ(about(office.sent(), "nettverk"),
              (Lines{"2021-01-18 08:00 ida due-14d:nettverk/2021-var",
                     "2021-01-28 08:00 ida due-2wd:nettverk/2021-var",
                     "2021-02-02 08:00 ida due+1wd:nettverk/2021-var",
                     "2021-02-09 08:00 ida due+6wd:nettverk/2021-var due+11wd:plan/by "
                     "due+11wd:plan/dal due+11wd:plan/vik"}));
    EXPECT_TRUE(office.books().balance());
}

TEST(Meetings, WithADateAreDatedByTheConfiguration) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    office.run("2021-03-23");
    EXPECT_EQ(office.find_case(kMeeting).state, "uninvited");
    EXPECT_EQ(time_of(office), "tirsdag 23. mars 2021 kl. 09.00–12.00, Teams");
    // They are to be invited by Tuesday 2 March.
    EXPECT_EQ(about(office.sent(), "nettverk"),
              (Lines{"2021-02-25 08:00 ida due-3wd:nettverk/2021-var",
                     "2021-03-03 08:00 ida due-14wd:nettverk/2021-var",
                     "2021-03-10 08:00 ida due-9wd:nettverk/2021-var",
                     "2021-03-17 08:00 ida due-4wd:nettverk/2021-var",
                     "2021-03-22 08:00 ida due-1wd:nettverk/2021-var"}));
}

/// What the organiser is reminded of once nobody does anything about the meeting any more.
Lines nagged(Office& office, const std::string& until) {
    office.run(until);
    return about(about(office.sent(), "ida"), "nettverk");
}

TEST(Meetings, WhoseDateIsSetLateWantAnInvitationAllTheSame) {
    Office office{with_meeting("")};
    ASSERT_TRUE(office.start("2021-03-08T07:00").ok());
    office.run("2021-03-15T10:00");
    (void)office.news();
    ASSERT_TRUE(
        office
            .reload("2021-03-15T10:00", with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00")))
            .ok());
    office.run("2021-03-22");
    EXPECT_EQ(office.find_case(kMeeting).state, "uninvited");
    EXPECT_EQ(about(about(office.news(), "ida"), "nettverk"),
              (Lines{"2021-03-17 08:00 ida due-4wd:nettverk/2021-var"}));
}

TEST(Meetings, GoOnWhateverWasNotRegistered) {
    const Lines attendance{"2021-03-24 08:00 ida due-2wd:nettverk/2021-var",
                           "2021-03-29 08:00 ida due+1wd:nettverk/2021-var",
                           "2021-04-08 08:00 ida due+6wd:nettverk/2021-var"};
    for (const Lines& done : {Lines{}, Lines{"invited"}, Lines{"invited", "agenda_sent"}}) {
        Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
        ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
        for (const std::string& event : done) {
            ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, event, Actor::Creditor).ok());
        }
        office.run("2021-03-23T12:01");
        EXPECT_EQ(office.find_case(kMeeting).state, "over") << done.size();
        (void)office.news();
        office.run("2021-06-01");
        EXPECT_EQ(about(about(office.news(), "ida"), "nettverk"), attendance) << done.size();
        ASSERT_TRUE(office.raise("2021-06-01T10:00", kMeeting, "held", Actor::Creditor).ok());
        (void)office.news();
        office.run("2021-07-01");
        EXPECT_EQ(about(about(office.news(), "ida"), "nettverk"),
                  (Lines{"2021-06-10 08:00 ida due-3wd:nettverk/2021-var",
                         "2021-06-16 08:00 ida due+1wd:nettverk/2021-var"}))
            << "the minutes";
    }
}

TEST(Meetings, WhoseAgendaStandsInTheProgrammeHaveSentItWithTheInvitation) {
    const auto with_agenda = with_meeting(
        date("2021-03-23T09:00", "2021-03-23T12:00", ", agenda: {nb: Status, nn: Status}"));
    Office office{with_agenda};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    EXPECT_EQ(office.find_case(kMeeting).state, "ready");
    EXPECT_TRUE(nagged(office, "2021-03-23").empty());
    ASSERT_TRUE(office.raise("2021-03-23T13:00", kMeeting, "held", Actor::Creditor).ok());
}

TEST(Meetings, WhoseAgendaIsWrittenIntoTheProgrammeLaterAskForItNoMore) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    const auto with_agenda = with_meeting(
        date("2021-03-23T09:00", "2021-03-23T12:00", ", agenda: {nb: Status, nn: Status}"));
    ASSERT_TRUE(office.reload("2021-02-22T10:00", with_agenda).ok());
    EXPECT_EQ(office.find_case(kMeeting).state, "ready");
    // Undone, an invitation takes the agenda with it.
    Office undone{with_agenda};
    ASSERT_TRUE(undone.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(undone.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    ASSERT_TRUE(undone.raise("2021-02-19T10:05", kMeeting, "reverted", Actor::Creditor).ok());
    EXPECT_EQ(undone.find_case(kMeeting).state, "dated");
}

TEST(Meetings, WhoseAgendaChangesInTheProgrammeTellThoseWhoHaveTheOther) {
    const auto about_agenda = [](const std::string& agenda) {
        return with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", agenda));
    };
    const std::string old_one{", agenda: {nb: Status, nn: Status}"};
    const std::string new_one{", agenda: {nb: Planer, nn: Planar}"};
    for (const std::string& before : {old_one, std::string{}}) {
        Office office{about_agenda(before)};
        ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
        ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
        office.run("2021-02-22");
        const auto agendas = [&] {
            Lines lines;
            for (const auto& one : office.handed_over) {
                for (const auto& item : one.snapshot.items) {
                    if (item.notice == "agenda") {
                        lines.push_back(one.snapshot.to.address + " " + item.fields.at("agenda"));
                    }
                }
            }
            return lines;
        };
        EXPECT_EQ(agendas(), Lines{});
        ASSERT_TRUE(office.reload("2021-02-22T10:00", about_agenda(new_one)).ok());
        office.run("2021-02-23");
        const Lines told{"kari@by.example Planer", "marta@dal.example Planar"};
        EXPECT_EQ(agendas(), told);
        EXPECT_EQ(office.find_case(kMeeting).state, "ready");
        ASSERT_TRUE(
            office.reload("2021-02-23T10:00", about_agenda(new_one + ", also: [skoleeier]")).ok());
        office.run("2021-02-24");
        EXPECT_EQ(agendas(), told) << "once; whoever comes later has it in the invitation";
    }
}

/// The workflow as it was before, as far as it matters: nothing went on by itself.
constexpr const char* kVersion3 =
    "workflow: meeting\n"
    "version: 3\n"
    "title: {nb: Møte, nn: Møte}\n"
    "start: undated\n"
    "fields: {start: time?, end: time?, place: text?, attended: integer?}\n"
    "states:\n"
    "  undated:\n"
    "    title: {nb: Uten dato, nn: Utan dato}\n"
    "    waits_for: debtor\n"
    "    deadline: due\n"
    "    ladder: requirement\n"
    "    on:\n"
    "      dated: {by: creditor, to: dated, sets: {start: event.start, end: event.end?}}\n"
    "  dated:\n"
    "    title: {nb: Dato er satt, nn: Dato er sett}\n"
    "    waits_for: creditor\n"
    "    deadline: start - 15 working days\n"
    "    on:\n"
    "      invited: {by: creditor, to: invited}\n"
    "  invited:\n"
    "    title: {nb: Innkalt, nn: Innkalla}\n"
    "    waits_for: creditor\n"
    "    invites: true\n"
    "    deadline: start - 5 working days\n"
    "    on:\n"
    "      agenda_sent: {by: creditor, to: ready}\n"
    "  ready:\n"
    "    title: {nb: Saksliste sendt, nn: Saksliste send}\n"
    "    waits_for: creditor\n"
    "    invites: true\n"
    "    deadline: end + 3 working days\n"
    "    on:\n"
    "      held: {by: creditor, to: held}\n"
    "  held: {title: {nb: Holdt, nn: Halde}, final: true}\n";

TEST(Meetings, ThatRanOnTheVersionBeforeGoOnByThisOne) {
    const auto dates = date("2021-03-23T09:00", "2021-03-23T12:00");
    const auto before = with_meeting(dates, {}, {{"workflows/meeting.yaml", kVersion3}});
    for (const Lines& done : {Lines{"invited"}, Lines{"invited", "agenda_sent"}}) {
        Office office{before};
        ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
        for (const std::string& event : done) {
            ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, event, Actor::Creditor).ok());
        }
        ASSERT_TRUE(office.reload("2021-03-18T10:00", with_meeting(dates)).ok());
        office.run("2021-03-18T10:01");
        EXPECT_EQ(office.find_case(kMeeting).state, done.size() == 1 ? "without_agenda" : "ready");
        EXPECT_EQ(workflows::iso_date(office.find_case(kMeeting).state_deadline->date),
                  "2021-03-22");
        (void)office.news();
        office.run("2021-03-27");
        const Lines sent = office.news();
        EXPECT_EQ(about(sent, "kari soon:nettverk"),
                  (Lines{"2021-03-19 08:00 kari soon:nettverk/2021-var"}));
        EXPECT_EQ(about(about(sent, "ida"), "nettverk"),
                  (Lines{"2021-03-24 08:00 ida due-2wd:nettverk/2021-var"}));
    }
}

TEST(Meetings, AreNotHeldBeforeTheyBegin) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    const auto early = office.raise("2021-03-23T08:59", kMeeting, "held", Actor::Creditor);
    ASSERT_FALSE(early.ok());
    EXPECT_EQ(early.error().code, "not-begun");
    const auto odd =
        office.raise("2021-03-23T09:00", kMeeting, "held", Actor::Creditor, {{"attended", "-3"}});
    ASSERT_FALSE(odd.ok());
    EXPECT_EQ(odd.error().code, "no-number:attended");
    EXPECT_TRUE(office.raise("2021-03-23T09:00", kMeeting, "held", Actor::Creditor).ok());
}

TEST(Meetings, ThatWereHeldFollowNoDateSetSince) {
    const auto before = with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", kNote));
    const std::string cancelled = std::string{", cancelled: for få"} + kNote;
    for (const auto& after : {with_meeting(date("2021-05-04T09:00", "2021-05-04T12:00", kNote)),
                              with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", cancelled)),
                              with_meeting("")}) {
        Office office{before};
        ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
        ASSERT_TRUE(office.raise("2021-03-23T13:00", kMeeting, "held", Actor::Creditor).ok());
        office.run("2021-03-25");
        (void)office.news();
        const auto meeting = office.find_case(kMeeting);
        const auto prework = office.find_case(kPrework);
        ASSERT_TRUE(office.reload("2021-03-25T10:00", after).ok());
        office.run("2021-03-25T10:01");
        EXPECT_EQ(office.find_case(kMeeting).state, "held");
        EXPECT_EQ(office.find_case(kMeeting).fields, meeting.fields);
        EXPECT_EQ(office.find_case(kPrework).state, prework.state);
        EXPECT_EQ(office.find_case(kPrework).due->date, prework.due->date);
        EXPECT_TRUE(office.news().empty());
    }
}

TEST(Meetings, ThatWereHeldWantNothingOfWhoTakesPartNoMore) {
    const auto held = date("2021-03-23T09:00", "2021-03-23T12:00", kNote);
    for (const std::string& dates : {held, std::string{}}) {
        Office office{with_meeting(held)};
        ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
        ASSERT_TRUE(office.raise("2021-03-23T13:00", kMeeting, "held", Actor::Creditor).ok());
        office.run("2021-03-25");
        ASSERT_TRUE(
            office.reload("2021-03-25T10:00", with_meeting(dates, {}, {}, "[dal, vik]")).ok());
        EXPECT_TRUE(office.find_case(kPrework).final);
        EXPECT_FALSE(office.find_case("p/nettverk/2021-var/notat/dal").final);
        EXPECT_EQ(office.find_case(kMeeting).state, "held");
        // Back again, they owe what they owed then.
        const auto due = office.find_case(kPrework).due->date;
        ASSERT_TRUE(office
                        .reload("2021-03-25T11:00",
                                with_meeting(date("2021-05-04T09:00", "2021-05-04T12:00", kNote)))
                        .ok());
        office.run("2021-03-25T11:01");
        EXPECT_FALSE(office.find_case(kPrework).final);
        EXPECT_EQ(office.find_case(kPrework).due->date, due);
    }
}

TEST(Meetings, ToWhichPeopleAreInvitedWantAnAgenda) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    office.run("2021-03-22");
    // It is to be with them on Tuesday 16 March.
    EXPECT_EQ(about(about(office.sent(), "ida"), "nettverk"),
              (Lines{"2021-03-11 08:00 ida due-3wd:nettverk/2021-var",
                     "2021-03-17 08:00 ida due-3wd:nettverk/2021-var"}));
}

TEST(Meetings, GoThroughAgendaAttendanceAndMinutes) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    ASSERT_TRUE(office.raise("2021-03-10T10:00", kMeeting, "agenda_sent", Actor::Creditor).ok());
    office.run("2021-03-26T12:00");
    EXPECT_EQ(about(about(office.sent(), "ida"), "nettverk"),
              (Lines{"2021-03-24 08:00 ida due-2wd:nettverk/2021-var"}))
        << "nobody was reminded of the agenda that had been sent";
    const auto odd = office.raise("2021-03-26T12:10", kMeeting, "held", Actor::Creditor,
                                  {{"attended", "mange"}});
    ASSERT_FALSE(odd.ok());
    EXPECT_EQ(odd.error().code, "no-number:attended");
    const auto negative =
        office.raise("2021-03-26T12:15", kMeeting, "held", Actor::Creditor, {{"attended", "-5"}});
    ASSERT_FALSE(negative.ok());
    EXPECT_EQ(negative.error().code, "no-number:attended");
    ASSERT_TRUE(
        office.raise("2021-03-26T12:20", kMeeting, "held", Actor::Creditor, {{"attended", "14"}})
            .ok());
    EXPECT_EQ(office.find_case(kMeeting).fields.at("attended"), "14");
    ASSERT_TRUE(office.raise("2021-04-05T12:00", kMeeting, "minutes_sent", Actor::Creditor).ok());
    EXPECT_TRUE(office.find_case(kMeeting).final);
    office.run("2021-06-01");
    EXPECT_EQ(about(about(office.sent(), "ida"), "nettverk").size(), 1U);
}

TEST(Meetings, ThatMoveTakeTheirPreworkAlong) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", kNote))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    office.run("2021-02-10");
    EXPECT_EQ(workflows::iso_date(office.find_case(kPrework).due->date), "2021-03-16");
    ASSERT_TRUE(office
                    .reload("2021-02-10T10:00",
                            with_meeting(date("2021-03-30T10:00", "2021-03-30T12:00", kNote)))
                    .ok());
    office.run("2021-02-12");
    EXPECT_EQ(time_of(office), "tirsdag 30. mars 2021 kl. 10.00–12.00, Teams");
    EXPECT_EQ(workflows::iso_date(office.find_case(kPrework).due->date), "2021-03-23");
    EXPECT_EQ(about(office.sent(), "kari !new-deadline:nettverk/2021-var/notat/by").size(), 1U);
    office.run("2021-03-24");
    const Lines reminded = about(office.sent(), "kari due");
    EXPECT_EQ(about(reminded, "notat"),
              (Lines{"2021-03-09 08:00 kari due-14d:nettverk/2021-var/notat/by",
                     "2021-03-18 08:00 kari due-3wd:nettverk/2021-var/notat/by"}));
    // The reminders to invite counted anew, from the new date alone.
    EXPECT_EQ(about(office.sent(), "ida due-3wd:nettverk"),
              (Lines{"2021-03-04 08:00 ida due-3wd:nettverk/2021-var"}));
}

TEST(Meetings, WhoHasBroughtTheirPreworkIsLeftInPeace) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", kNote))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-20T10:00", kPrework, "received", Actor::Creditor).ok());
    office.run("2021-04-01");
    EXPECT_TRUE(about(about(office.sent(), "kari due"), "notat").empty());
    EXPECT_FALSE(about(about(office.sent(), "marta due"), "notat").empty());
}

TEST(Meetings, ThatLoseTheirDateAreOwedAgain) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", kNote))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.reload("2021-01-11T10:00", with_meeting("")).ok());
    office.run("2021-01-19");
    EXPECT_EQ(office.find_case(kMeeting).state, "undated");
    EXPECT_EQ(time_of(office), "none");
    EXPECT_EQ(office.find_case(kPrework).state, "withdrawn");
    EXPECT_EQ(about(office.sent(), "ida due-14d:nettverk").size(), 1U);
}

TEST(Meetings, ThatAreCancelledAskNobodyAnyMoreUntilTheyAreHeldAfterAll) {
    const std::string cancelled = std::string{", cancelled: for få"} + kNote;
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", kNote))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    const auto without = with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00", cancelled));
    ASSERT_TRUE(office.reload("2021-02-10T10:00", without).ok());
    EXPECT_EQ(office.find_case(kMeeting).state, "cancelled");
    EXPECT_EQ(office.find_case(kPrework).state, "withdrawn");
    office.run("2021-02-20");
    // Nothing happens when the same is taken into use again.
    const int revision = office.find_case(kMeeting).revision;
    ASSERT_TRUE(
        office.reload("2021-02-20T10:00", changed(without, [](workflows::Definitions&) {})).ok());
    EXPECT_EQ(office.find_case(kMeeting).revision, revision);
    ASSERT_TRUE(office
                    .reload("2021-02-21T10:00",
                            with_meeting(date("2021-03-30T09:00", "2021-03-30T12:00", kNote)))
                    .ok());
    EXPECT_EQ(office.find_case(kMeeting).state, "dated");
    EXPECT_EQ(time_of(office), "tirsdag 30. mars 2021 kl. 09.00–12.00, Teams");
    EXPECT_FALSE(office.find_case(kPrework).final);
}

TEST(Meetings, AreWhereTheProgrammeHasThemAfterAnUndoing) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-03-23T10:00", kMeeting, "held", Actor::Creditor).ok());
    ASSERT_TRUE(
        office
            .reload("2021-03-23T11:00", with_meeting(date("2021-05-04T09:00", "2021-05-04T12:00")))
            .ok());
    EXPECT_EQ(office.find_case(kMeeting).state, "held");
    ASSERT_TRUE(office.raise("2021-03-23T11:30", kMeeting, "reverted", Actor::Creditor).ok());
    EXPECT_EQ(office.find_case(kMeeting).state, "dated");
    EXPECT_EQ(time_of(office), "tirsdag 4. mai 2021 kl. 09.00–12.00, Teams");
}

TEST(Meetings, HaveTheirDateInTheProgrammeAndNowhereElse) {
    Office office{with_meeting(date("2021-03-23T09:00", "2021-03-23T12:00"))};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    for (const char* event : {"moved", "undated", "cancelled"}) {
        const auto refused = office.raise("2021-01-05T10:00", kMeeting, event, Actor::Creditor,
                                          {{"start", "2021-03-24T09:00"}, {"reason", "x"}});
        ASSERT_FALSE(refused.ok()) << event;
        EXPECT_EQ(refused.error().code, "configured");
        EXPECT_NE(refused.error().message.find("`nettverk`"), std::string::npos);
    }
    EXPECT_EQ(time_of(office), "tirsdag 23. mars 2021 kl. 09.00–12.00, Teams");
}

TEST(Meetings, OfARunningSemesterCountAndThoseHeldBeforeTheStartDoNot) {
    const auto twice =
        date("2021-02-23T09:00", "2021-02-23T12:00", kNote) +
        date("2021-04-20T09:00", "2021-04-20T12:00", std::string{", id: samling"} + kNote);
    Office office{with_meeting(twice)};
    ASSERT_TRUE(office.start("2021-03-10T07:00").ok());
    office.run("2021-03-10T07:01");
    EXPECT_EQ(office.find_case(kMeeting).state, "over") << "its semester is not over";
    EXPECT_FALSE(office.store().snapshot()->find_case(kPrework).value())
        << "nobody is asked for what was to be brought to a meeting that is over";
    EXPECT_EQ(office.find_case(kMeeting + "/samling").state, "dated");
    EXPECT_FALSE(office.find_case(kMeeting + "/samling/notat/by").final);
    office.run("2021-04-06T12:00");
    EXPECT_EQ(about(about(office.sent(), "kari due-14d"), "samling").size(), 1U);
    office.run("2021-04-10");
    EXPECT_EQ(about(about(office.sent(), "kari due"), "samling/notat").size(), 2U);
}

TEST(Meetings, OfAWorkflowOfItsOwnAreDatedByHand) {
    World world;
    world.requirements =
        "  - {id: mote, workflow: meeting, opens: 2021-01-04, due: 2021-02-01, "
        "title: {nb: Møte, nn: Møte}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    const std::string id{"p/mote/by"};
    const auto wrong =
        office.raise("2021-01-05T10:00", id, "dated", Actor::Debtor, {{"start", "i morgen"}});
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().code, "no-time:start");
    ASSERT_TRUE(office
                    .raise("2021-01-05T11:00", id, "dated", Actor::Debtor,
                           {{"start", "2021-02-23T09:00"}, {"end", "2021-02-23T10:00"}})
                    .ok());
    EXPECT_EQ(workflows::iso_date(office.find_case(id).state_deadline->date), "2021-02-02");
}

const std::string kMarch{date("2021-03-23T09:00", "2021-03-23T12:00", kNote)};
const std::string kWeekLater{date("2021-03-30T09:00", "2021-03-30T12:00", kNote)};

TEST(Prework, OfWhoeverIsInvitedIsSaidInTheInvitation) {
    Office office{with_meeting(kMarch)};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    office.run("2021-03-01T10:00");
    (void)office.news();
    ASSERT_TRUE(office.reload("2021-03-01T10:00", with_meeting(kWeekLater)).ok());
    office.run("2021-03-02T12:00");
    // Nobody at Vik is invited: their post box is told of the new day alone.
    EXPECT_EQ(office.news(),
              (Lines{"2021-03-01 10:00 kari !invitation-moved:nettverk/2021-var",
                     "2021-03-01 10:00 marta !invitation-moved:nettverk/2021-var",
                     "2021-03-01 10:00 post !new-deadline:nettverk/2021-var/notat/vik"}));
    const auto& fields = (office.handed_over.end() - 3)->snapshot.items.front().fields;
    EXPECT_EQ(fields.at("prework"), "Notat, innen tirsdag 23. mars 2021");
    EXPECT_TRUE(office.books().balance());
}

TEST(Prework, OfWhoeverIsNotInvitedYetIsToldByItself) {
    Office office{with_meeting(kMarch)};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    office.run("2021-02-19T10:00");
    (void)office.news();
    ASSERT_TRUE(office.reload("2021-02-19T10:00", with_meeting(kWeekLater)).ok());
    office.run("2021-02-19T12:00");
    EXPECT_EQ(about(office.news(), "!new-deadline").size(), 3U);
}

TEST(Prework, ThatMovesAloneIsToldByItself) {
    Office office{with_meeting(kMarch)};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
    office.run("2021-03-01T10:00");
    (void)office.news();
    const std::string nearer =
        date("2021-03-23T09:00", "2021-03-23T12:00",
             ", prework: [{id: notat, due: start - 4 days, title: {nb: Notat, nn: Notat}}]");
    ASSERT_TRUE(office.reload("2021-03-01T10:00", with_meeting(nearer)).ok());
    office.run("2021-03-01T12:00");
    EXPECT_EQ(about(office.news(), "!new-deadline").size(), 3U);
}

TEST(Prework, WithMoreTimeMovesWithItsMeetingButNoNearer) {
    Office office{with_meeting(kMarch)};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    ASSERT_TRUE(office
                    .raise("2021-03-01T10:00", kPrework, "more_time_given", Actor::Creditor,
                           {{"until", "2021-03-18"}})
                    .ok());
    const auto due = [&] { return workflows::iso_date(office.find_case(kPrework).due->date); };
    ASSERT_TRUE(office.reload("2021-03-02T10:00", with_meeting(kWeekLater)).ok());
    EXPECT_EQ(due(), "2021-03-23");
    ASSERT_TRUE(office.reload("2021-03-02T11:00", with_meeting(kWeekLater)).ok());
    EXPECT_EQ(due(), "2021-03-23") << "the same configuration once more";
    ASSERT_TRUE(office.reload("2021-03-03T10:00", with_meeting(kMarch)).ok());
    EXPECT_EQ(due(), "2021-03-18") << "what was granted counts again";
    ASSERT_TRUE(office
                    .raise("2021-03-04T10:00", kPrework, "more_time_given", Actor::Creditor,
                           {{"until", "2021-03-26"}})
                    .ok());
    ASSERT_TRUE(office.reload("2021-03-05T10:00", with_meeting(kWeekLater)).ok());
    EXPECT_EQ(due(), "2021-03-26") << "granted for longer";
}

/// "kari waits", "marta lapsed", "nora nothing": what the cancellations say of the pre-work.
Lines said_of_prework(Office& office) {
    Lines said;
    for (const auto& one : office.handed_over) {
        const auto& item = one.snapshot.items.front();
        if (item.notice == "invitation-cancelled") {
            const std::string what = !item.fields.contains("prework_lapsed") ? " nothing"
                                     : item.fields.contains("postponed")     ? " waits"
                                                                             : " lapsed";
            said.push_back(one.snapshot.to.address.substr(0, one.snapshot.to.address.find('@')) +
                           what);
        }
    }
    return said;
}

TEST(Prework, OfAMeetingThatIsCancelledIsSaidToLapseToWhoeverStillOwedIt) {
    const auto cancelled = with_meeting(
        date("2021-03-23T09:00", "2021-03-23T12:00", std::string{", cancelled: for få"} + kNote));
    const auto without_prework = date("2021-03-23T09:00", "2021-03-23T12:00");
    const auto another =
        date("2021-04-20T09:00", "2021-04-20T12:00", std::string{", id: samling"} + kNote);
    struct {
        DefinitionsPtr before;
        DefinitionsPtr after;
        Lines said;
    } const rows[] = {
        {with_meeting(kMarch), cancelled, {"kari nothing", "marta lapsed"}},
        {with_meeting(kMarch), with_meeting(""), {"kari nothing", "marta waits"}},
        {with_meeting(without_prework + another),
         with_meeting(""),
         {"kari nothing", "marta nothing"}},
    };
    for (const auto& [before, after, said] : rows) {
        Office office{before};
        ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
        ASSERT_TRUE(office.raise("2021-02-19T10:00", kMeeting, "invited", Actor::Creditor).ok());
        // Kari has brought hers; where there is none to bring, nothing is to be said.
        (void)office.raise("2021-02-20T10:00", kPrework, "received", Actor::Creditor);
        ASSERT_TRUE(office.reload("2021-03-01T10:00", after).ok());
        office.run("2021-03-02");
        EXPECT_EQ(said_of_prework(office), said);
    }
}

TEST(Prework, IsRemindedOfWithTheMeetingThatItIsBroughtTo) {
    Office office{with_meeting(kMarch)};
    ASSERT_TRUE(office.start("2021-01-04T07:00").ok());
    office.run("2021-03-10");
    const auto meetings_of = [&](const std::string& notice) {
        Lines found;
        for (const auto& one : office.handed_over) {
            for (const auto& item : one.snapshot.items) {
                const auto meeting = item.fields.find("for_meeting");
                if (item.notice == notice && one.snapshot.to.address == "kari@by.example") {
                    found.push_back(
                        item.case_id + ": " +
                        (meeting == item.fields.end() ? std::string{"none"} : meeting->second));
                }
            }
        }
        return found;
    };
    EXPECT_EQ(about(meetings_of("reminder"), "notat"),
              (Lines{kPrework + ": Nettverk, tirsdag 23. mars 2021 kl. 09.00–12.00"}));
    EXPECT_EQ(about(meetings_of("reminder"), "p/plan/by"), (Lines{"p/plan/by: none"}));
    ASSERT_TRUE(office.reload("2021-03-10T10:00", with_meeting(kWeekLater)).ok());
    office.run("2021-03-11");
    EXPECT_EQ(meetings_of("new-deadline"),
              (Lines{kPrework + ": Nettverk, tirsdag 30. mars 2021 kl. 09.00–12.00"}));
}

}  // namespace
}  // namespace fristvakt::tests
