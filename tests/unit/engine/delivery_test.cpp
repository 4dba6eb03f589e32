#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// What becomes of a message that is refused, delayed, interrupted or held.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using workflows::DeliveryReport;
using workflows::MessageState;
using workflows::Verdict;
using Lines = std::vector<std::string>;

World one_kommune() {
    World world;
    world.participants = "[by]";
    return world;
}

DeliveryReport accepted() {
    DeliveryReport report;
    report.verdict = Verdict::Delivered;
    return report;
}

DeliveryReport refused() {
    DeliveryReport report;
    report.verdict = Verdict::Refused;
    report.recipient_refused = true;
    report.reply = "550 5.1.1 no such user";
    return report;
}

TEST(Delivery, ARefusedAddressSendsTheReminderToTheFallback) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope& envelope) {
        return envelope.to.front().starts_with("kari") ? refused() : accepted();
    };
    office.run("2021-01-27");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 post due-14d:plan/by",
                                    "2021-01-20 08:00 post due-3wd:plan/by",
                                    "2021-01-26 08:00 post due+1wd:plan/by +per"}));
    EXPECT_EQ(office.accounts("p/plan/by").front(),
              "v1 due-14d kari: failed, refused by the recipient's server");
    EXPECT_EQ(office.books().failed, 1);
    EXPECT_EQ(office.messages(MessageState::Failed).size(), 1U);
}

/// The slot of a day counts when something went in it, though another message had to leave it.
TEST(Delivery, AMessageThatLeavesItsSlotLeavesWhatHasGoneInItInTheBudget) {
    World world = one_kommune();
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-25, "
        "title: {nb: Plan, nn: Plan}}\n"
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-25, ladder: gentle, "
        "title: {nb: Rapport, nn: Rapport}}\n";
    world.more["ladders/standard.yaml"] =
        ladder_file("standard", {"id: a, at: due + 1 working day, to: [ressursperson], "
                                 "copy: [skoleeier], notice: overdue"});
    world.more["ladders/gentle.yaml"] = ladder_file(
        "gentle", {"id: b, at: due + 1 working day, to: [ressursperson], notice: overdue",
                   "id: c, at: due + 3 working days, to: [ressursperson], notice: overdue"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope& envelope) {
        DeliveryReport report = accepted();
        if (envelope.to.size() > 1 && envelope.at < at("2021-01-27")) {
            report.verdict = Verdict::RetryLater;
        }
        return report;
    };
    office.run("2021-02-02");
    EXPECT_EQ(office.sent(),
              (Lines{"2021-01-26 08:00 kari b:rapport/by", "2021-01-27 08:00 kari a:plan/by +per",
                     "2021-02-01 08:00 kari c:rapport/by"}));
}

TEST(Delivery, AfterARestartOnlyTheRefusedAreRefusedAndNotThoseCopiedWithThem) {
    World world = one_kommune();
    world.nag_budget = 1;
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-03-01, ladder: gentle, "
        "title: {nb: Rapport, nn: Rapport}}\n";
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: a, at: due + 1 working day, to: [ressursperson], notice: overdue",
                     "id: b, at: due + 2 working days, to: [ressursperson], copy: [skoleeier], "
                     "notice: overdue",
                     "id: c, at: due + 6 working days, to: [skoleeier], notice: overdue"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope& envelope) {
        return envelope.at > at("2021-01-28") && envelope.to.front().starts_with("kari")
                   ? refused()
                   : accepted();
    };
    // Kari's address is refused while a reminder to her, with a copy to Per, waits for its week.
    ASSERT_TRUE(office.raise("2021-01-28T10:00", "p/rapport/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-29");
    ASSERT_EQ(office.books().waiting, 1);
    ASSERT_TRUE(office.crash(at("2021-01-29T10:00")).ok());
    office.run("2021-02-03");
    const Lines sent = office.sent();
    EXPECT_EQ(std::count(sent.begin(), sent.end(), "2021-02-02 08:00 per c:plan/by"), 1);
}

TEST(Delivery, ARefusedAddressSendsTheReminderToTheNextHolder) {
    World world = one_kommune();
    // Ada begins on the day; Kari is refused that day.
    world.contacts += "by,Ada By,ada@by.example,ressursperson,,2021-01-20,\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope& envelope) {
        return envelope.to.front().starts_with("kari") ? refused() : accepted();
    };
    office.run("2021-01-21");
    // Ada has had hers already: nobody gets it twice.
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 post due-14d:plan/by",
                                    "2021-01-20 08:00 ada due-3wd:plan/by"}));
}

TEST(Delivery, NobodyStandsInForACaseThatRestsByNow) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [&](const workflows::Envelope&) {
        office.transport = nullptr;
        daemon::RaiseEvent paused;
        paused.event.case_id = "p/plan/by";
        paused.event.name = "paused";
        paused.event.by = Actor::Creditor;
        EXPECT_TRUE(office.engine().raise({paused}, at("2021-01-11T08:00")).front().ok());
        return refused();
    };
    office.run("2021-01-18");
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_EQ(office.accounts("p/plan/by"),
              (Lines{"v1 due-14d kari: failed, refused by the recipient's server"}));
}

TEST(Delivery, NobodyStandsInBeforeAStepThatWasMovedMeanwhile) {
    World world = one_kommune();
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: due-14d, at: due - 7 days, to: [ressursperson], notice: reminder"});
    office.transport = [&](const workflows::Envelope&) {
        office.transport = nullptr;
        EXPECT_TRUE(office.reload("2021-01-11T08:00", world.load()).ok());
        return refused();
    };
    office.run("2021-01-27");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-18 08:00 post due-14d:plan/by"}));
}

TEST(Delivery, ARefusalOfTheMessageBlamesNobody) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [&](const workflows::Envelope&) {
        office.transport = nullptr;
        auto report = refused();
        report.recipient_refused = false;
        return report;
    };
    office.run("2021-01-21");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-20 08:00 kari due-3wd:plan/by"}));
    EXPECT_EQ(office.books().failed, 1);
}

TEST(Delivery, RetryTriesAFailedOneAgainAndForgetsTheRefusal) {
    World world = one_kommune();
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: a, at: due - 14 days, to: [ressursperson], notice: reminder",
                     "id: b, at: due - 3 working days, to: [ressursperson], notice: reminder"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope&) { return refused(); };
    office.run("2021-01-11T08:00:01");
    EXPECT_EQ(office.books().failed, 2);  // Kari's, and that of the postmottak in her place.
    office.transport = nullptr;
    const auto failed = office.messages(MessageState::Failed);
    ASSERT_EQ(failed.size(), 2U);
    ASSERT_TRUE(
        office.engine().retry(failed[0].message.number, "test", at("2021-01-11T09:00")).ok());
    office.step("2021-01-11T09:00");
    EXPECT_EQ(office.news(), (Lines{"2021-01-11 09:00 kari a:plan/by"}));
    office.run("2021-01-21");
    EXPECT_EQ(office.news(), (Lines{"2021-01-20 08:00 kari b:plan/by"}));
    EXPECT_EQ(office.books().failed, 1);
    const auto sent = office.messages(MessageState::Sent);
    EXPECT_EQ(office.engine().retry(sent[0].message.number, "test", at("2021-01-21")).error().kind,
              workflows::ErrorKind::Conflict);
    EXPECT_EQ(office.engine().retry(999, "test", at("2021-01-21")).error().kind,
              workflows::ErrorKind::NotFound);
}

TEST(Delivery, RetryForgetsTheRefusalThoughTheStoreGoesAwayBehindIt) {
    integrations::MemoryStore memory;
    int calls_left = -1;
    FailingStore store{memory, [&] { return calls_left >= 0 && calls_left-- == 0; }};
    Office office{one_kommune().load(), &store};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope&) { return refused(); };
    office.run("2021-01-11T08:00:01");
    office.transport = nullptr;
    const auto failed = office.messages(MessageState::Failed);
    ASSERT_FALSE(failed.empty());
    calls_left = 2;  // The message is read and written.
    ASSERT_TRUE(
        office.engine().retry(failed[0].message.number, "test", at("2021-01-11T09:00")).ok());
    calls_left = -1;
    office.step("2021-01-11T09:00");
    EXPECT_EQ(office.news(), (Lines{"2021-01-11 09:00 kari due-14d:plan/by"}));
}

TEST(Delivery, RetryWaitsForAStepThatTheLadderHasMovedMeanwhile) {
    const auto ladder = [](const std::string& at) {
        World world = one_kommune();
        world.more["ladders/standard.yaml"] = ladder_file(
            "standard", {"id: a, at: " + at + ", to: [ressursperson], notice: reminder"});
        return world.load();
    };
    Office office{ladder("due - 14 days")};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope&) {
        auto report = refused();
        report.recipient_refused = false;
        return report;
    };
    office.run("2021-01-12");
    office.transport = nullptr;
    ASSERT_TRUE(office.reload("2021-01-12T10:00", ladder("due - 3 working days")).ok());
    const auto failed = office.messages(MessageState::Failed);
    ASSERT_EQ(failed.size(), 1U);
    ASSERT_TRUE(
        office.engine().retry(failed[0].message.number, "test", at("2021-01-13T09:00")).ok());
    office.run("2021-01-20");
    EXPECT_EQ(office.news(), Lines{});
    office.run("2021-01-21");
    EXPECT_EQ(office.news(), (Lines{"2021-01-20 08:00 kari a:plan/by"}));
    EXPECT_EQ(office.books().failed, 0);
}

TEST(Delivery, WaitsAndLooksAgainBeforeEachAttempt) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    int attempts = 0;
    office.transport = [&](const workflows::Envelope&) {
        ++attempts;
        DeliveryReport report;
        report.verdict = Verdict::RetryLater;
        return report;
    };
    office.run("2021-01-11T09:00");
    EXPECT_GE(attempts, 4);
    ASSERT_TRUE(office.raise("2021-01-11T09:00", "p/plan/by", "received", Actor::Creditor).ok());
    office.transport = nullptr;
    office.run("2021-02-15");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 09:00 kari !receipt:plan/by"}));
    EXPECT_EQ(office.books().superseded, 1);
    std::set<std::string> ids;
    for (const auto& one : office.handed_over) {
        if (one.snapshot.kind == workflows::NoticeKind::Reminder) {
            ids.insert(one.envelope.message_id);
        }
    }
    EXPECT_EQ(ids.size(), 1U);
}

TEST(Delivery, ASlotThatIsMissedIsTakenOnAnotherDayAndThatDayHasNoOther) {
    World world = one_kommune();
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-27, ladder: gentle, "
        "title: {nb: Rapport, nn: Rapport}}\n";
    world.more["ladders/gentle.yaml"] = ladder_file(
        "gentle", {"id: noon, at: due - 11 working days, to: [ressursperson], notice: reminder, "
                   "time: \"12:00\""});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    // All of Monday the server is away; Tuesday at noon another reminder falls due.
    office.transport = [](const workflows::Envelope& envelope) {
        if (envelope.at < at("2021-01-12T08:00")) {
            DeliveryReport report;
            report.verdict = Verdict::RetryLater;
            return report;
        }
        return accepted();
    };
    office.run("2021-01-15");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-12 08:00 kari due-14d:plan/by",
                                    "2021-01-13 08:00 kari noon:rapport/by"}));
}

TEST(Delivery, AServerThatIsBackInTheEveningHasToWaitForTheMorning) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope& envelope) {
        if (envelope.at < at("2021-01-11T17:00")) {
            DeliveryReport report;
            report.verdict = Verdict::RetryLater;
            return report;
        }
        return accepted();
    };
    office.run("2021-01-15");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-12 08:00 kari due-14d:plan/by"}));
}

TEST(Delivery, AnAnswerGoesInTheEveningToo) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12");
    (void)office.news();
    ASSERT_TRUE(office.raise("2021-01-13T20:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-15");
    EXPECT_EQ(office.news(), (Lines{"2021-01-13 20:00 kari !claim-noted:plan/by"}));
}

TEST(Delivery, AnUncertainMessageGoesAgainByteForByte) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    bool once = true;
    office.after_hand_over = [&](const workflows::MessageSnapshot&) {
        return std::exchange(once, false);
    };
    office.run("2021-01-12");
    ASSERT_EQ(office.handed_over.size(), 2U);
    EXPECT_EQ(office.handed_over[0].envelope.bytes, office.handed_over[1].envelope.bytes);
    EXPECT_EQ(office.handed_over[1].snapshot.stored_bytes, office.handed_over[0].envelope.bytes)
        << "as stored, and not written once more";
    EXPECT_EQ(office.handed_over[0].envelope.message_id, office.handed_over[1].envelope.message_id);
    EXPECT_EQ(office.books().sent, 1);
    EXPECT_EQ(office.books().planned, 1);
}

TEST(Delivery, AnUncertainMessageOfWhichSomethingFellAwayIsWrittenAnew) {
    World world = one_kommune();
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-25, title: {nb: "
        "Rapport, nn: Rapport}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    bool once = true;
    office.after_hand_over = [&](const workflows::MessageSnapshot& snapshot) {
        if (!std::exchange(once, false)) {
            return false;
        }
        // The plan is registered while nobody knows whether the message arrived; then the crash.
        daemon::RaiseEvent received;
        received.event.case_id = "p/plan/by";
        received.event.name = "received";
        EXPECT_TRUE(office.engine().raise({received}, snapshot.at).front().ok());
        return true;
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:plan/by due-14d:rapport/by",
                                    "2021-01-11 08:00 kari due-14d:rapport/by",
                                    "2021-01-11 08:00 kari !receipt:plan/by"}));
    EXPECT_EQ(office.handed_over[0].envelope.message_id, office.handed_over[1].envelope.message_id);
    EXPECT_NE(office.handed_over[0].envelope.bytes, office.handed_over[1].envelope.bytes);
    EXPECT_EQ(office.books().sent, 1);
    EXPECT_EQ(office.books().superseded, 1);
}

TEST(Delivery, AnUncertainMessageIsHeldWhenItsNoticeSaysSo) {
    const auto definitions = changed(one_kommune().load(), [](workflows::Definitions& all) {
        all.notices.at("reminder").resend_when_uncertain = false;
    });
    Office office{definitions};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    bool once = true;
    office.after_hand_over = [&](const workflows::MessageSnapshot&) {
        return std::exchange(once, false);
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.handed_over.size(), 1U);
    EXPECT_EQ(office.books().held, 1);
    // A release of everything leaves it alone: it may have arrived.
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-12T09:00")).ok());
    office.step("2021-01-12T09:00");
    EXPECT_EQ(office.handed_over.size(), 1U);
    const auto held = office.messages(MessageState::Held);
    ASSERT_EQ(held.size(), 1U);
    ASSERT_TRUE(
        office.engine().release(held[0].message.number, "test", at("2021-01-12T10:00")).ok());
    office.step("2021-01-12T10:00");
    ASSERT_EQ(office.handed_over.size(), 2U);
    EXPECT_EQ(office.handed_over[0].envelope.bytes, office.handed_over[1].envelope.bytes);
    EXPECT_EQ(office.books().sent, 1);
}

TEST(Delivery, AnAnswerLostAfterHandingOverIsUncertainToo) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.lose_next_answer();
    office.run("2021-01-12");
    ASSERT_EQ(office.handed_over.size(), 2U);
    EXPECT_EQ(office.handed_over[0].envelope.bytes, office.handed_over[1].envelope.bytes);
}

TEST(Delivery, ACrashBeforeHandingOverLosesNothing) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    bool once = true;
    office.before_hand_over = [&](const workflows::MessageSnapshot&) {
        return std::exchange(once, false);
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:plan/by"}));
}

TEST(Delivery, AMessageThatCannotBeWrittenFails) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.while_writing = [&](const workflows::MessageSnapshot& snapshot) {
        office.while_writing = nullptr;
        EXPECT_TRUE(
            office.engine().not_written(snapshot.number, "no such notice", snapshot.at).ok());
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_EQ(office.accounts("p/plan/by"), (Lines{"v1 due-14d kari: failed, bad address"}));
}

TEST(Delivery, OutsideTheAllowlistIsSuppressed) {
    World world;
    world.sending = "sending: allowlist\nallowlist: [dal.example, per@by.example]";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-02-03");
    EXPECT_EQ(
        office.sent(),
        (Lines{"2021-01-11 08:00 marta due-14d:plan/dal", "2021-01-20 08:00 marta due-3wd:plan/dal",
               "2021-01-26 08:00 marta due+1wd:plan/dal +rolv",
               "2021-02-02 08:00 per due+6wd:plan/by", "2021-02-02 08:00 marta due+6wd:plan/dal",
               "2021-02-02 08:00 rolv due+6wd:plan/dal"}));
    EXPECT_EQ(office.accounts("p/plan/by").front(),
              "v1 due-14d kari: suppressed, not on the allowlist");
}

TEST(Delivery, ACopyThatWasRefusedIsNoted) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [](const workflows::Envelope& envelope) {
        auto report = accepted();
        if (envelope.to.size() > 1) {
            report.copies_refused = {1};
        }
        return report;
    };
    office.run("2021-01-27");
    int noted = 0;
    for (const auto& entry : office.watch().entries()) {
        if (entry.kind == "copy_refused") {
            ++noted;
            EXPECT_EQ(entry.case_id, "p/plan/by");
            EXPECT_EQ(entry.aside.at("address"), "per@by.example");
        }
    }
    EXPECT_EQ(noted, 1);
    EXPECT_EQ(office.books().sent, 3);
}

TEST(Delivery, RecipientsAreWhoHoldsTheRoleOnTheDayOfTheSlot) {
    World world = one_kommune();
    world.nag_budget = 1;
    world.contacts =
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n"
        "by,Kari By,kari@by.example,ressursperson,,,2021-01-15\n"
        "by,Ada By,ada@by.example,ressursperson,,2021-01-16,\n"
        "by,Per By,per@by.example,skoleeier,,,\n";
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard",
        {"id: mon, at: due - 10 working days, to: [ressursperson], notice: reminder",
         "id: wed, at: due - 8 working days, to: [ressursperson], copy: [skoleeier], notice: "
         "reminder"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-20");
    // Wednesday's waits for the next week, when Kari has left.
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari mon:plan/by",
                                    "2021-01-18 08:00 ada wed:plan/by +per"}));
    EXPECT_EQ(office.accounts("p/plan/by"), (Lines{"v1 mon kari: sent, accepted by the transport",
                                                   "v1 wed ada: sent, accepted by the transport",
                                                   "v1 wed kari: superseded, recipient changed"}));
}

TEST(Delivery, CopiesAreWhoHoldsTheRoleOnTheDayOfTheSlot) {
    World world = one_kommune();
    world.nag_budget = 1;
    world.contacts =
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n"
        "by,Kari By,kari@by.example,ressursperson,,,\n"
        "by,Per By,per@by.example,skoleeier,,,2021-01-15\n"
        "by,Nils By,nils@by.example,skoleeier,,2021-01-16,\n";
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard",
        {"id: mon, at: due - 10 working days, to: [ressursperson], notice: reminder",
         "id: wed, at: due - 8 working days, to: [ressursperson], copy: [skoleeier], notice: "
         "reminder"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-20");
    EXPECT_EQ(office.sent().back(), "2021-01-18 08:00 kari wed:plan/by +nils");
}

}  // namespace
}  // namespace fristvakt::tests
