#include "tests/unit/engine/exchange.hpp"

/// Exchanges between who calls a meeting and who is called to it (iTIP, RFC 5546): each row is what
/// happens, what goes out of it to whom, and what the answers come to.
namespace fristvakt::tests {
namespace {

using workflows::Actor;

struct Row {
    const char* name;
    Lines steps;
    Lines told;
    const char* answers{""};
    const char* until{"04-20"};
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

class Itip : public testing::TestWithParam<Row> {};

TEST_P(Itip, EveryoneIsToldOnceWhatIsSo) {
    const Row& row = GetParam();
    Exchange exchange;
    for (const std::string& step : row.steps) {
        exchange.take(step);
    }
    EXPECT_EQ(exchange.told(row.until), row.told);
    EXPECT_EQ(exchange.answers(), row.answers);
    EXPECT_TRUE(exchange.office().books().balance());
}

const Lines kBoth{"03-01 10:00 kari REQUEST 0 03-23T09:00 Teams",
                  "03-01 10:00 marta REQUEST 0 03-23T09:00 Teams"};

Lines both_and(const Lines& more) {
    Lines all = kBoth;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

const Row kRows[] = {
    // Who is told what.
    {"NobodyBeforeTheyAreInvited", {"03-01T10:00 move 03-24T09:00"}, {}},
    {"Invited", {"03-01T10:00 invite"}, kBoth},
    {"InvitedInTheEvening",
     {"03-01T17:00 invite"},
     {"03-02 08:00 kari REQUEST 0 03-23T09:00 Teams",
      "03-02 08:00 marta REQUEST 0 03-23T09:00 Teams"}},
    {"InvitedWithTheAgenda", {"03-01T10:00 agenda"}, kBoth},
    {"AgendaAfterwardsSaysNothingAnew", {"03-01T10:00 invite", "03-10T10:00 agenda"}, kBoth},
    {"MovedBeforeAnybodyHeard",
     {"03-01T17:00 invite", "03-01T18:00 move 03-30T09:00"},
     {"03-02 08:00 kari REQUEST 0 03-30T09:00 Teams",
      "03-02 08:00 marta REQUEST 0 03-30T09:00 Teams"}},
    {"Moved",
     {"03-01T10:00 invite", "03-05T10:00 move 03-30T09:00"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"})},
    {"MovedTwiceBeforeAnybodyAnswered",
     {"03-01T10:00 invite", "03-05T10:00 move 03-30T09:00", "03-08T10:00 move 03-31T09:00"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams",
               "03-08 10:00 kari REQUEST 2 03-31T09:00 Teams",
               "03-08 10:00 marta REQUEST 2 03-31T09:00 Teams"})},
    {"MovedTwiceInOneEveningIsToldOnce",
     {"03-01T10:00 invite", "03-05T17:00 move 03-30T09:00", "03-05T18:00 move 03-31T09:00"},
     both_and({"03-08 08:00 kari REQUEST 1 03-31T09:00 Teams",
               "03-08 08:00 marta REQUEST 1 03-31T09:00 Teams"})},
    {"MovedThereAndBackInOneEveningIsNotTold",
     {"03-01T10:00 invite", "03-05T17:00 move 03-23T10:00", "03-05T18:00 move 03-23T09:00",
      "03-06T10:00 take-away", "03-07T10:00 uncancel"},
     both_and({"03-08 08:00 kari CANCEL 1 03-23T09:00", "03-08 08:00 marta CANCEL 1 03-23T09:00"})},
    {"AnotherPlaceIsNews",
     {"03-01T10:00 invite", "03-05T10:00 place Lampeland"},
     both_and({"03-05 10:00 kari REQUEST 1 03-23T09:00 Lampeland",
               "03-05 10:00 marta REQUEST 1 03-23T09:00 Lampeland"})},
    {"Cancelled",
     {"03-01T10:00 invite", "03-05T10:00 cancel"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00", "03-05 10:00 marta CANCEL 1 03-23T09:00"})},
    {"CancelledBeforeAnybodyHeard", {"03-01T17:00 invite", "03-01T18:00 cancel"}, {}},
    {"CancelledAndNotAfterAllInOneEvening",
     {"03-01T10:00 invite", "03-05T17:00 cancel", "03-05T18:00 uncancel"},
     kBoth},
    {"CancelledAndHeldAfterAll",
     {"03-01T10:00 invite", "03-05T10:00 cancel", "03-08T10:00 uncancel"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00", "03-05 10:00 marta CANCEL 1 03-23T09:00",
               "03-08 10:00 kari REQUEST 2 03-23T09:00 Teams",
               "03-08 10:00 marta REQUEST 2 03-23T09:00 Teams"})},
    {"DateTakenAwayAndAnotherSet",
     {"03-01T10:00 invite", "03-05T10:00 take-away", "03-08T10:00 move 03-30T09:00",
      "03-09T10:00 invite"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00", "03-05 10:00 marta CANCEL 1 03-23T09:00",
               "03-09 10:00 kari REQUEST 2 03-30T09:00 Teams",
               "03-09 10:00 marta REQUEST 2 03-30T09:00 Teams"})},
    {"NobodyWhenItIsOver", {"03-22T10:00 place Hamar"}, {}},
    // People who come and go.
    {"OneMoreIsInvitedAlone",
     {"03-01T10:00 invite", "03-05T10:00 add nora vik"},
     both_and({"03-05 10:00 nora REQUEST 0 03-23T09:00 Teams"})},
    {"OneMoreAfterTheAgenda",
     {"03-01T10:00 invite", "03-05T10:00 agenda", "03-08T10:00 add nora vik"},
     both_and({"03-08 10:00 nora REQUEST 0 03-23T09:00 Teams"})},
    {"OneLessIsUninvitedAlone",
     {"03-01T10:00 invite", "03-05T10:00 remove kari"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00 without them"})},
    {"RemovedAndAddedAgain",
     {"03-01T10:00 invite", "03-05T10:00 remove kari", "03-08T10:00 add kari by"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00 without them",
               "03-08 10:00 kari REQUEST 2 03-23T09:00 Teams"})},
    {"RemovedAndAddedInOneEvening",
     {"03-01T10:00 invite", "03-05T17:00 remove kari", "03-05T18:00 add kari by"},
     kBoth},
    {"RemovedBeforeTheyHeard",
     {"03-01T17:00 invite", "03-01T18:00 remove kari"},
     {"03-02 08:00 marta REQUEST 0 03-23T09:00 Teams"}},
    {"RemovedPeopleHearNoMore",
     {"03-01T10:00 invite", "03-05T10:00 remove kari", "03-08T10:00 move 03-30T09:00",
      "03-09T10:00 cancel"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00 without them",
               "03-08 10:00 marta REQUEST 1 03-30T09:00 Teams",
               "03-09 10:00 marta CANCEL 2 03-30T09:00"})},
    {"AnotherAddressIsAnotherPerson",
     {"03-01T10:00 invite", "03-05T10:00 remove kari", "03-05T10:00 add karine by"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00 without them",
               "03-05 10:00 karine REQUEST 0 03-23T09:00 Teams"})},
    {"RemovedWhenItIsOver", {"03-01T10:00 invite", "03-24T10:00 remove kari"}, kBoth},
    {"MovedWhenItIsOver", {"03-01T10:00 invite", "03-24T10:00 place Hamar"}, kBoth},
    // Answers.
    {"Accepted", {"03-01T10:00 invite", "03-02T10:00 say kari accepted 0"}, kBoth, "kari accepted"},
    {"Tentative",
     {"03-01T10:00 invite", "03-02T10:00 say kari tentative 0"},
     kBoth,
     "kari tentative"},
    {"AnsweredByASubstitute",
     {"03-01T10:00 invite", "03-02T10:00 say kari delegated 0"},
     kBoth,
     "kari delegated"},
    {"WithoutASequence",
     {"03-01T10:00 invite", "03-02T10:00 say marta declined"},
     kBoth,
     "marta declined"},
    {"ChangedTheirMind",
     {"03-01T10:00 invite", "03-02T10:00 say kari accepted 0 03-02T09:00:00Z",
      "03-02T11:00 say kari declined 0 03-02T10:00:00Z"},
     kBoth,
     "kari declined"},
    {"TheOlderAnswerCameLater",
     {"03-01T10:00 invite", "03-02T11:00 say kari declined 0 03-02T10:00:00Z",
      "03-02T12:00 say kari accepted 0 03-02T09:00:00Z -> old-answer"},
     kBoth,
     "kari declined"},
    {"SaidTwice",
     {"03-01T10:00 invite", "03-02T11:00 say kari declined 0 03-02T10:00:00Z",
      "03-02T12:00 say kari declined 0 03-02T10:00:00Z"},
     kBoth,
     "kari declined"},
    {"AnAnswerToTheOldTimeSaysNothingOfTheNew",
     {"03-01T10:00 invite", "03-02T10:00 say kari accepted 0", "03-05T10:00 move 03-30T09:00"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"})},
    {"AnsweredToAnOldSequence",
     {"03-01T10:00 invite", "03-05T10:00 move 03-30T09:00",
      "03-05T11:00 say kari accepted 0 -> old-answer"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"})},
    {"AnsweredAgainAfterTheMove",
     {"03-01T10:00 invite", "03-02T10:00 say kari accepted 0", "03-05T10:00 move 03-30T09:00",
      "03-06T10:00 say kari declined 1"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"}),
     "kari declined"},
    {"CancelledAfterDeclining",
     {"03-01T10:00 invite", "03-02T10:00 say kari declined 0", "03-05T10:00 cancel"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00", "03-05 10:00 marta CANCEL 1 03-23T09:00"})},
    {"MovedAfterDeclining",
     {"03-01T10:00 invite", "03-02T10:00 say kari declined 0", "03-05T10:00 move 03-30T09:00"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"})},
    {"NotCalled",
     {"03-01T10:00 invite", "03-02T10:00 say ola@by.example accepted 0 -> not-invited"},
     kBoth},
    {"ToASequenceThatNeverWas",
     {"03-01T10:00 invite", "03-02T10:00 say kari accepted 7 -> no-answer"},
     kBoth},
    {"NoAnswerAtAll", {"03-01T10:00 invite", "03-02T10:00 say kari perhaps 0 -> no-answer"}, kBoth},
    {"AnsweredWhenItWasOver",
     {"03-01T10:00 invite", "03-23T13:00 say kari accepted 0 -> closed"},
     kBoth},
    {"AnsweredWhenItWasCancelled",
     {"03-01T10:00 invite", "03-05T10:00 cancel", "03-06T10:00 say kari accepted 1 -> closed"},
     both_and({"03-05 10:00 kari CANCEL 1 03-23T09:00", "03-05 10:00 marta CANCEL 1 03-23T09:00"})},
    // What goes wrong on the way.
    {"NobodyKnowsWhetherItArrived",
     {"03-01T10:00 lose", "03-01T10:00 invite"},
     {"03-01 10:00 kari REQUEST 0 03-23T09:00 Teams",
      "03-01 10:00 marta REQUEST 0 03-23T09:00 Teams",
      "03-01 10:01 kari REQUEST 0 03-23T09:00 Teams"}},
    {"RefusedForNow",
     {"03-01T10:00 delay", "03-01T10:00 invite"},
     {"03-01 10:00 kari REQUEST 0 03-23T09:00 Teams",
      "03-01 10:00 marta REQUEST 0 03-23T09:00 Teams",
      "03-01 10:01 kari REQUEST 0 03-23T09:00 Teams"}},
    {"RefusedForGoodIsNotTriedAgain", {"03-01T10:00 refuse", "03-01T10:00 invite"}, kBoth},
    {"RefusedForGoodIsTriedWhenItChanges",
     {"03-01T10:00 refuse", "03-01T10:00 invite", "03-05T10:00 move 03-30T09:00"},
     both_and({"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
               "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"})},
    {"CrashedBeforeItWent",
     {"03-01T10:00 crash-before", "03-01T10:00 invite"},
     {"03-01 10:00 kari REQUEST 0 03-23T09:00 Teams",
      "03-01 10:00 marta REQUEST 0 03-23T09:00 Teams"}},
    {"CrashedAfterItWent",
     {"03-01T10:00 crash-after", "03-01T10:00 invite"},
     {"03-01 10:00 kari REQUEST 0 03-23T09:00 Teams",
      "03-01 10:00 kari REQUEST 0 03-23T09:00 Teams",
      "03-01 10:00 marta REQUEST 0 03-23T09:00 Teams"}},
    {"HeldAndMovedMeanwhileIsToldOnce",
     {"03-01T09:00 hold", "03-01T10:00 invite", "03-02T10:00 move 03-30T09:00",
      "03-03T10:00 release"},
     {"03-03 10:00 kari REQUEST 0 03-30T09:00 Teams",
      "03-03 10:00 marta REQUEST 0 03-30T09:00 Teams"}},
};

INSTANTIATE_TEST_SUITE_P(Rows, Itip, testing::ValuesIn(kRows),
                         [](const auto& tested) { return tested.param.name; });

/// "kari answer", "marta soon": the reminders of those who are called.
Lines reminded(Office& office, const std::string& until) {
    office.run("2021-" + until);
    Lines lines;
    for (const std::string& line : office.sent()) {
        if (line.find("answer:") != std::string::npos || line.find("soon:") != std::string::npos) {
            lines.push_back(line.substr(5, line.find(':', 17) - 5));
        }
    }
    return lines;
}

TEST(Invitations, WhoHasNotAnsweredIsAskedOnceAndWhoDeclinedLeftInPeace) {
    Exchange exchange;
    exchange.take("03-01T10:00 add nora vik");
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say kari accepted 0");
    exchange.take("03-02T10:00 say marta declined 0");
    EXPECT_EQ(reminded(exchange.office(), "03-16"), (Lines{"03-12 08:00 nora answer"}));
    exchange.take("03-16T10:00 agenda");
    EXPECT_EQ(reminded(exchange.office(), "04-01"),
              (Lines{"03-12 08:00 nora answer", "03-19 08:00 kari soon", "03-19 08:00 nora soon"}));
}

TEST(Invitations, WhoHasNotAnsweredIsAskedOnceWhateverBecomesOfTheAgenda) {
    const Lines asked{"03-12 08:00 kari answer", "03-12 08:00 marta answer",
                      "03-19 08:00 kari soon", "03-19 08:00 marta soon"};
    for (const char* agenda :
         {"03-02T10:00 agenda", "03-12T07:00 agenda", "03-12T08:00 agenda", "03-12T10:00 agenda",
          "03-18T10:00 agenda", "03-19T10:00 agenda", ""}) {
        Exchange exchange;
        exchange.take("03-01T10:00 invite");
        if (*agenda != '\0') {
            exchange.take(agenda);
        }
        EXPECT_EQ(reminded(exchange.office(), "04-01"), asked) << agenda;
    }
}

/// "kari minutes: Vi ble enige.".
Lines shared(Office& office, const std::string& until) {
    office.run("2021-" + until);
    Lines lines;
    for (const auto& one : office.handed_over) {
        for (const auto& item : one.snapshot.items) {
            if (item.notice == "minutes" || item.notice == "agenda") {
                const auto text = item.fields.find(item.notice);
                lines.push_back(
                    clock(one.snapshot.at).substr(5, 11) + " " +
                    one.snapshot.to.address.substr(0, one.snapshot.to.address.find('@')) + " " +
                    item.notice + ": " + (text == item.fields.end() ? "" : text->second));
            }
        }
    }
    return lines;
}

std::string raised(Exchange& exchange, const std::string& when, const std::string& event,
                   const std::map<std::string, std::string>& fields = {}) {
    const auto answer =
        exchange.office().raise("2021-" + when, kMeeting, event, Actor::Creditor, fields);
    return answer.ok() ? "" : answer.error().code;
}

TEST(Invitations, TheAgendaGoesToWhoeverHasNotDeclined) {
    Exchange exchange;
    exchange.take("03-01T10:00 open 5");
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say marta declined 0");
    ASSERT_TRUE(exchange.office()
                    .raise("2021-03-02T11:00", kMeeting, "signed_up", Actor::Attendee,
                           {{"name", "Ute"}, {"address", "ute@annet.example"}})
                    .ok());
    exchange.office().run("2021-03-03");
    EXPECT_EQ(raised(exchange, "03-10T10:00", "agenda_sent", {{"agenda", "Status"}}), "");
    EXPECT_EQ(shared(exchange.office(), "03-12"),
              (Lines{"03-10 10:00 kari agenda: Status", "03-10 10:00 ute agenda: Status"}));
    EXPECT_TRUE(exchange.office().books().balance());
}

/// "03-08 kari" of the invitations that say that they are called again.
Lines called_again(Exchange& exchange, const std::string& until) {
    exchange.office().run("2021-" + until);
    Lines lines;
    for (const auto& one : exchange.office().handed_over) {
        if (one.snapshot.items.front().fields.contains("called_again")) {
            lines.push_back(words_of(one.snapshot).substr(0, 16));
        }
    }
    return lines;
}

TEST(Invitations, WhoIsCalledAgainIsToldSo) {
    struct {
        Lines steps;
        Lines again;
    } const rows[] = {
        {{"03-01T10:00 invite", "03-05T10:00 cancel", "03-08T10:00 uncancel"},
         {"03-08 10:00 kari", "03-08 10:00 mart"}},
        {{"03-01T10:00 invite", "03-05T10:00 take-away", "03-08T10:00 move 03-30T09:00",
          "03-09T10:00 invite"},
         {"03-09 10:00 kari", "03-09 10:00 mart"}},
        {{"03-01T10:00 invite", "03-05T10:00 remove kari", "03-08T10:00 add kari by"},
         {"03-08 10:00 kari"}},
        {{"03-01T10:00 invite", "03-05T10:00 move 03-30T09:00", "03-08T10:00 add nora vik"}, {}},
        // Nobody heard of what was refused.
        {{"03-01T10:00 refuse", "03-01T10:00 invite", "03-05T10:00 move 03-30T09:00"}, {}},
    };
    for (const auto& row : rows) {
        Exchange exchange;
        for (const std::string& step : row.steps) {
            exchange.take(step);
        }
        EXPECT_EQ(called_again(exchange, "04-20"), row.again) << row.steps.back();
    }
}

TEST(Invitations, TheMinutesKnowWhoSaidThatTheyDoNotCome) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say marta declined 0");
    EXPECT_EQ(raised(exchange, "03-23T13:00", "held"), "");
    EXPECT_EQ(raised(exchange, "03-24T10:00", "minutes_sent", {{"minutes", "Vi ble enige."}}), "");
    exchange.office().run("2021-03-25");
    Lines declined;
    for (const auto& one : exchange.office().handed_over) {
        const auto& item = one.snapshot.items.front();
        if (item.notice == "minutes" && item.fields.contains("declined")) {
            declined.push_back(one.snapshot.to.address);
        }
    }
    EXPECT_EQ(declined, (Lines{"marta@dal.example"}));
}

TEST(Invitations, TheMinutesGoToEverybodyWhoWasCalled) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say marta declined 0");
    EXPECT_EQ(raised(exchange, "03-23T13:00", "held"), "");
    EXPECT_EQ(raised(exchange, "03-24T17:00", "minutes_sent", {{"minutes", "Vi ble enige."}}), "");
    EXPECT_TRUE(exchange.office().find_case(kMeeting).final);
    EXPECT_EQ(shared(exchange.office(), "04-20"),
              (Lines{"03-25 08:00 kari minutes: Vi ble enige.",
                     "03-25 08:00 marta minutes: Vi ble enige."}));
}

TEST(Invitations, WhoIsCalledLaterReadsTheAgendaThatWasSent) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(raised(exchange, "03-10T10:00", "agenda_sent", {{"agenda", "1. Velkommen"}}), "");
    exchange.take("03-11T10:00 add nora vik");
    (void)exchange.told("03-12");
    const auto& handed = exchange.office().handed_over;
    const auto nora = std::ranges::find_if(
        handed, [](const auto& one) { return one.envelope.to.front().starts_with("nora@"); });
    ASSERT_NE(nora, handed.end());
    EXPECT_EQ(nora->snapshot.items.front().fields.at("agenda"), "1. Velkommen");
    EXPECT_EQ(nora->snapshot.meeting->agenda, "1. Velkommen") << "in their calendar too";
    EXPECT_EQ(shared(exchange.office(), "03-12"), (Lines{"03-10 10:00 kari agenda: 1. Velkommen",
                                                         "03-10 10:00 marta agenda: 1. Velkommen"}))
        << "and is not written to twice";
}

TEST(Invitations, AnAgendaCanBeSentAgainUntilTheMeetingBegins) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(raised(exchange, "03-10T10:00", "agenda_sent", {{"agenda", "Gammel"}}), "");
    EXPECT_EQ(raised(exchange, "03-15T10:00", "agenda_sent", {{"agenda", "Ny"}}), "");
    EXPECT_EQ(shared(exchange.office(), "03-20"),
              (Lines{"03-10 10:00 kari agenda: Gammel", "03-10 10:00 marta agenda: Gammel",
                     "03-15 10:00 kari agenda: Ny", "03-15 10:00 marta agenda: Ny"}));
}

TEST(Invitations, WhatWasWrittenAnewGoesAndWhatItReplacesDoesNot) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(raised(exchange, "03-23T13:00", "held"), "");
    EXPECT_EQ(raised(exchange, "03-24T17:00", "minutes_sent", {{"minutes", "Feil fil"}}), "");
    EXPECT_EQ(raised(exchange, "03-24T17:05", "reverted"), "");
    EXPECT_EQ(raised(exchange, "03-24T17:06", "minutes_sent", {{"minutes", "Rett fil"}}), "");
    EXPECT_EQ(shared(exchange.office(), "04-20"),
              (Lines{"03-25 08:00 kari minutes: Rett fil", "03-25 08:00 marta minutes: Rett fil"}));
}

TEST(Invitations, NothingIsSentOfWhatWasSentElsewhereOrUndone) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(raised(exchange, "03-10T10:00", "agenda_sent"), "");
    EXPECT_EQ(raised(exchange, "03-23T13:00", "held"), "");
    EXPECT_EQ(raised(exchange, "03-24T17:00", "minutes_sent", {{"minutes", "Feil fil"}}), "");
    EXPECT_EQ(raised(exchange, "03-24T17:05", "reverted"), "");
    EXPECT_EQ(raised(exchange, "03-25T10:00", "minutes_sent"), "");
    EXPECT_EQ(shared(exchange.office(), "04-20"), Lines{});
}

TEST(Invitations, ADeclineStopsWhatWaitsAlready) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    exchange.take("03-16T10:00 agenda");
    exchange.take("03-18T17:00 hold");
    exchange.take("03-19T09:00 say kari declined 0");
    exchange.take("03-19T10:00 release");
    EXPECT_EQ(
        reminded(exchange.office(), "04-01"),
        (Lines{"03-12 08:00 kari answer", "03-12 08:00 marta answer", "03-19 10:00 marta soon"}));
}

TEST(Invitations, NobodyIsAskedInsteadOfWhoCannotBeReached) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    exchange.take("03-11T17:00 add nora vik");  // Hears of it when the others are asked.
    exchange.office().transport = [](const workflows::Envelope& envelope) {
        workflows::DeliveryReport report;
        report.recipient_refused = envelope.to.front().starts_with("kari@");
        report.verdict =
            report.recipient_refused ? workflows::Verdict::Refused : workflows::Verdict::Delivered;
        return report;
    };
    EXPECT_EQ(reminded(exchange.office(), "03-16"), (Lines{"03-12 08:00 marta answer"}));
    EXPECT_EQ(exchange.told("03-16"), both_and({"03-12 08:00 nora REQUEST 0 03-23T09:00 Teams"}));
}

TEST(Invitations, WhoCameIsRegistered) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    Office& office = exchange.office();
    const auto person = [&](const std::string& address) {
        return office.engine().persons().of(address);
    };
    const auto early = office.raise("2021-03-20T10:00", kMeeting, "attended", Actor::Creditor,
                                    {{"present", person("kari@by.example")}});
    ASSERT_FALSE(early.ok());
    EXPECT_EQ(early.error().code, "not-begun");
    const auto odd = office.raise("2021-03-23T13:00", kMeeting, "attended", Actor::Creditor,
                                  {{"present", "nobody@by.example"}});
    ASSERT_FALSE(odd.ok());
    EXPECT_EQ(odd.error().code, "not-invited");
    ASSERT_TRUE(office
                    .raise("2021-03-23T13:00", kMeeting, "attended", Actor::Creditor,
                           {{"present", person("kari@by.example")}})
                    .ok());
    EXPECT_EQ(office.find_case(kMeeting).fields.at("attended"), "1");
    for (const auto& stored : office.store().snapshot()->invitations_of(kMeeting).value()) {
        EXPECT_EQ(stored.invitation.attendance, stored.person.address == "kari@by.example"
                                                    ? workflows::Attendance::Came
                                                    : workflows::Attendance::Absent);
    }
}

TEST(Invitations, WhoIsCalledAnswersAndDoesNothingElse) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    const auto moved = exchange.office().raise("2021-03-02T10:00", kMeeting, "cancelled",
                                               Actor::Attendee, {{"reason", "Nei"}});
    ASSERT_FALSE(moved.ok());
    EXPECT_EQ(moved.error().code, "not-yours");
}

TEST(Invitations, WhereItIsHeldOnlineStandsInTheReminder) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    auto& office = exchange.office();
    const auto tell = [&](const std::string& url) {
        const auto raised = office.raise("2021-03-02T10:00", kMeeting, "online", Actor::Operator,
                                         {{"join_url", url}});
        return raised.ok() ? std::string{} : raised.error().code;
    };
    EXPECT_EQ(tell("javascript:alert(1)"), "missing:join_url");
    EXPECT_EQ(tell("https://teams.example/a b"), "missing:join_url");
    EXPECT_EQ(tell("https://teams.example/j"), "");
    ASSERT_TRUE(office.raise("2021-03-10T10:00", kMeeting, "agenda_sent", Actor::Creditor).ok());
    office.run("2021-03-22");
    bool is_said{false};
    for (const auto& one : office.handed_over) {
        for (const auto& item : one.snapshot.items) {
            if (item.notice == "meeting-soon") {
                EXPECT_EQ(item.fields.at("join_url"), "https://teams.example/j");
                is_said = true;
            }
        }
    }
    EXPECT_TRUE(is_said);
}

std::string sign_up(Exchange& exchange, const std::string& when, const std::string& address) {
    const auto answer =
        exchange.office().raise("2021-" + when, kMeeting, "signed_up", Actor::Attendee,
                                {{"name", "Utenfra"}, {"address", address}});
    return answer.ok() ? "" : answer.error().code;
}

TEST(OpenMeetings, TakeWhoeverSignsUpAsLongAsThereIsRoom) {
    Exchange exchange;
    EXPECT_EQ(sign_up(exchange, "03-01T09:00", "ute@annet.example"), "not-open");
    exchange.take("03-01T09:00 open 1");
    EXPECT_EQ(sign_up(exchange, "03-01T09:30", "ute@annet.example"), "not-open") << "not invited";
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(sign_up(exchange, "03-02T10:00", "ute@annet.example"), "");
    EXPECT_EQ(sign_up(exchange, "03-02T12:00", "to@annet.example"), "full");
    EXPECT_EQ(sign_up(exchange, "03-02T12:00", "ingen adresse"), "no-address");
    EXPECT_EQ(sign_up(exchange, "03-02T12:00", "kari@by.example"), "full") << "as for anybody";
    exchange.take("03-05T10:00 move 03-30T09:00");
    // They get the invitation, and what becomes of it, and nothing else.
    EXPECT_EQ(exchange.told("04-20"), both_and({"03-02 10:00 ute REQUEST 0 03-23T09:00 Teams",
                                                "03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
                                                "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams",
                                                "03-05 10:00 ute REQUEST 1 03-30T09:00 Teams"}));
    EXPECT_EQ(reminded(exchange.office(), "04-20"),
              (Lines{"03-19 08:00 kari answer", "03-19 08:00 marta answer", "03-26 08:00 kari soon",
                     "03-26 08:00 marta soon"}));
}

TEST(OpenMeetings, WhoDeclinesMakesRoom) {
    Exchange exchange;
    exchange.take("03-01T09:00 open 1");
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(sign_up(exchange, "03-02T10:00", "ute@annet.example"), "");
    exchange.take("03-02T11:00 say ute@annet.example declined 0");
    EXPECT_EQ(sign_up(exchange, "03-02T12:00", "to@annet.example"), "");
}

TEST(OpenMeetings, ThatAreOpenNoMoreUninviteWhoSignedUp) {
    Exchange exchange;
    exchange.take("03-01T09:00 open 5");
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(sign_up(exchange, "03-02T10:00", "ute@annet.example"), "");
    exchange.take("03-03T10:00 close");
    EXPECT_EQ(exchange.told("04-20"),
              both_and({"03-02 10:00 ute REQUEST 0 03-23T09:00 Teams",
                        "03-03 10:00 ute CANCEL 1 03-23T09:00 without them"}));
}

TEST(OpenMeetings, CloseTheDayBefore) {
    Exchange exchange;
    exchange.take("03-01T09:00 open 5");
    exchange.take("03-01T10:00 invite");
    EXPECT_EQ(sign_up(exchange, "03-22T23:00", "ute@annet.example"), "");
    EXPECT_EQ(sign_up(exchange, "03-23T00:00", "to@annet.example"), "sign-up-over");
}

TEST(OpenMeetings, AStrangerChangesNothingOfWhomWeKnow) {
    Exchange exchange;
    exchange.take("03-01T09:00 open 9");
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say kari declined 0");
    EXPECT_EQ(sign_up(exchange, "03-02T11:00", "kari@by.example"), "");
    EXPECT_EQ(exchange.answers(), "kari declined");
    exchange.take("03-02T12:00 remove kari");
    exchange.office().run("2021-03-03");
    EXPECT_EQ(sign_up(exchange, "03-03T10:00", "kari@by.example"), "") << "called before, not now";
    for (const auto& stored :
         exchange.office().store().snapshot()->invitations_of(kMeeting).value()) {
        EXPECT_NE(stored.person.name, "Utenfra") << stored.person.address;
    }
    EXPECT_EQ(exchange.told("04-20").back(), "03-03 10:00 kari REQUEST 2 03-23T09:00 Teams");
}

TEST(OpenMeetings, TakeNoNameThatIsAnAddress) {
    Exchange exchange;
    exchange.take("03-01T09:00 open 9");
    exchange.take("03-01T10:00 invite");
    for (const char* name :
         {"", "se http://annet.example", "www.annet.example", "a@b.example", "To\nlinjer", "<b>"}) {
        const auto answer =
            exchange.office().raise("2021-03-02T10:00", kMeeting, "signed_up", Actor::Attendee,
                                    {{"name", name}, {"address", "ute@annet.example"}});
        ASSERT_FALSE(answer.ok()) << name;
        EXPECT_EQ(answer.error().code, "no-name");
    }
}

TEST(Invitations, WhatWentBeforeARestoreIsKnownToTheirCalendar) {
    Exchange exchange;
    exchange.take("03-01T09:00 hold");
    exchange.take("03-01T10:00 invite");
    Office& office = exchange.office();
    office.step("2021-03-01T10:00");
    ASSERT_EQ(office.messages(workflows::MessageState::Held).size(), 2U);
    for (const auto& held : office.messages(workflows::MessageState::Held)) {
        EXPECT_TRUE(
            office.engine().sent_before(held.message.number, "", at("2021-03-01T11:00")).ok());
    }
    exchange.take("03-01T12:00 release");
    exchange.take("03-05T10:00 move 03-30T09:00");
    EXPECT_EQ(exchange.told("04-20"), (Lines{"03-05 10:00 kari REQUEST 1 03-30T09:00 Teams",
                                             "03-05 10:00 marta REQUEST 1 03-30T09:00 Teams"}));
}

TEST(Invitations, WhatMayHaveArrivedIsTakenBack) {
    Exchange exchange;
    exchange.take("03-01T10:00 lose");
    exchange.take("03-01T10:00 invite");
    exchange.office().step("2021-03-01T10:00");
    exchange.take("03-01T10:00 cancel");
    EXPECT_EQ(exchange.told("04-20"), both_and({"03-01 10:00 marta CANCEL 1 03-23T09:00",
                                                "03-01 10:01 kari CANCEL 1 03-23T09:00"}));
}

TEST(Invitations, BytesSayWhatIsNotedOfThem) {
    Exchange exchange;
    exchange.take("03-01T10:00 lose");
    exchange.take("03-01T10:00 invite");
    exchange.office().step("2021-03-01T10:00");
    exchange.take("03-01T10:00 hold");
    exchange.office().run("2021-03-02");
    exchange.take("03-02T10:00 move 03-30T09:00");
    exchange.office().run("2021-03-03");
    exchange.take("03-03T10:00 release");
    const auto lines = exchange.told("04-20");
    EXPECT_EQ(std::ranges::count(lines, "03-03 10:00 kari REQUEST 1 03-30T09:00 Teams"), 1);
    const auto& last = exchange.office().handed_over.back();
    EXPECT_EQ(last.snapshot.stored_bytes, std::nullopt) << "not the bytes of the time before";
}

TEST(Invitations, WhatMayHaveArrivedIsNotSentAgainWhenItIsOver) {
    Exchange exchange;
    exchange.take("03-01T10:00 lose");
    exchange.take("03-01T10:00 invite");
    exchange.office().step("2021-03-01T10:00");
    exchange.take("03-01T10:00 hold");
    exchange.take("03-24T10:00 release");
    EXPECT_EQ(exchange.told("04-20"), kBoth);
}

TEST(Invitations, WhoseServerTakesMailAgainHearsWhatTheyMissed) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    Office& office = exchange.office();
    office.run("2021-03-12T07:00");  // On the 12th whoever has not answered is asked.
    office.transport = [](const workflows::Envelope& envelope) {
        workflows::DeliveryReport report;
        report.recipient_refused = envelope.to.front().starts_with("kari@");
        report.verdict =
            report.recipient_refused ? workflows::Verdict::Refused : workflows::Verdict::Delivered;
        return report;
    };
    office.run("2021-03-12T12:00");
    office.transport = nullptr;
    exchange.take("03-15T10:00 move 03-30T09:00");
    const Lines before = exchange.told("03-16T10:00");
    EXPECT_EQ(before, both_and({"03-15 10:00 marta REQUEST 1 03-30T09:00 Teams"}));
    for (const auto& failed : office.messages(workflows::MessageState::Failed)) {
        EXPECT_TRUE(office.engine().retry(failed.message.number, "", at("2021-03-16T10:00")).ok());
    }
    office.step("2021-03-16T10:00");
    EXPECT_EQ(exchange.told("03-17").back(), "03-16 10:00 kari REQUEST 1 03-30T09:00 Teams");
}

TEST(Meetings, WhatWasOwedBeforeACancellationIsOwedAgainWhenItIsTakenBack) {
    Exchange exchange{Plan{.has_date = false}};
    exchange.take("02-01T08:00 hold");
    exchange.take("02-02T12:00 cancel");  // Its date should have been set the day before.
    exchange.take("02-03T10:00 move 03-24T09:00");
    EXPECT_EQ(exchange.office().find_case(kMeeting).state, "cancelled");
    exchange.take("02-04T10:00 take-away");
    exchange.take("02-04T10:00 release");
    exchange.office().run("2021-02-08T12:00");
    Lines steps;
    for (const auto& one : exchange.office().handed_over) {
        steps.push_back(one.snapshot.items.front().step);
    }
    EXPECT_EQ(steps, (Lines{"due+1wd"}));
}

TEST(Invitations, AnOldMessageTriedAgainIsNoOldNews) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 refuse");
    exchange.take("03-02T10:00 move 03-30T09:00");
    exchange.take("03-03T10:00 move 03-31T09:00");
    exchange.take("03-04T10:00 refuse");
    exchange.take("03-04T10:00 move 03-30T09:00");
    Office& office = exchange.office();
    office.run("2021-03-05T10:00");
    const auto failed = office.messages(workflows::MessageState::Failed);
    ASSERT_EQ(failed.size(), 2U);
    const auto first = std::min(failed[0].message.number, failed[1].message.number);
    EXPECT_TRUE(office.engine().retry(first, "", at("2021-03-05T10:00")).ok());
    office.step("2021-03-05T10:00");
    EXPECT_EQ(exchange.told("03-08").back(), "03-05 10:00 kari REQUEST 4 03-30T09:00 Teams");
}

TEST(Invitations, AClockAheadOfOursShutsNobodyOut) {
    Exchange exchange;
    exchange.take("03-01T10:00 invite");
    exchange.take("03-02T10:00 say kari accepted 0 12-31T00:00:00Z");
    exchange.take("03-02T11:00 say kari declined 0 03-02T10:30:00Z");
    EXPECT_EQ(exchange.answers(), "kari declined");
}

}  // namespace
}  // namespace fristvakt::tests
