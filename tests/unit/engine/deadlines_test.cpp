#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// What is sent, and what is not, as deadlines, states and recipients change.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using Lines = std::vector<std::string>;

DefinitionsPtr only_by() {
    World world;
    world.participants = "[by]";
    return world.load();
}

TEST(Engine, SendsTheLadderOfOneCase) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-03-01");
    EXPECT_EQ(
        office.sent(),
        (Lines{"2021-01-11 08:00 kari due-14d:plan/by", "2021-01-20 08:00 kari due-3wd:plan/by",
               "2021-01-26 08:00 kari due+1wd:plan/by +per",
               "2021-02-02 08:00 kari due+6wd:plan/by", "2021-02-02 08:00 per due+6wd:plan/by",
               "2021-02-09 08:00 ida due+11wd:plan/by"}));
    EXPECT_EQ(office.books().sent, 6);
    EXPECT_EQ(office.books().planned, 6);
}

TEST(Engine, HoldsWhatOpenedAfterItsDeadlineUntilItIsReleased) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-26T09:00").ok());
    office.run("2021-02-03");
    EXPECT_EQ(office.sent(), Lines{});
    EXPECT_EQ(office.books().held, 2);
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-02-03T10:00")).ok());
    office.step("2021-02-03T10:00");
    EXPECT_EQ(office.sent(), (Lines{"2021-02-03 10:00 kari due+6wd:plan/by",
                                    "2021-02-03 10:00 per due+6wd:plan/by"}));
    office.run("2021-03-01");
    EXPECT_EQ(office.sent().back(), "2021-02-09 08:00 ida due+11wd:plan/by");
    EXPECT_EQ(office.books().held, 0);
}

TEST(Engine, CatchesUpWithTheLatestForEachRecipient) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-11");
    // Nobody at home for four weeks: due-14d, due-3wd, due+1wd (copy), due+6wd (both) have come.
    ASSERT_TRUE(office.step(at("2021-02-05T11:00")).ok());
    EXPECT_EQ(office.sent(), (Lines{"2021-02-05 11:00 kari due+6wd:plan/by",
                                    "2021-02-05 11:00 per due+6wd:plan/by"}));
    EXPECT_EQ(office.books().superseded, 3);
    EXPECT_EQ(office.accounts("p/plan/by").at(1), "v1 due-3wd kari: superseded, deadline passed");
}

TEST(Engine, AStepOverTheBudgetWaitsAndFallsAtTheDeadline) {
    World world;
    world.participants = "[by]";
    world.nag_budget = 1;
    // Three in one week: Tuesday goes, Wednesday and Thursday wait; the deadline is Friday.
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: tue, at: due - 3 working days, to: [ressursperson], notice: reminder",
                     "id: wed, at: due - 2 working days, to: [ressursperson], notice: reminder",
                     "id: thu, at: due - 1 working day, to: [ressursperson], notice: reminder-soon",
                     "id: mon, at: due + 1 working day, to: [ressursperson], notice: overdue"});
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-22, title: {nb: Plan, nn: "
        "Plan}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-02-01");
    EXPECT_EQ(office.sent(),
              (Lines{"2021-01-19 08:00 kari tue:plan/by", "2021-01-25 08:00 kari mon:plan/by"}));
    EXPECT_EQ(
        office.accounts("p/plan/by"),
        (Lines{"v1 tue kari: sent, accepted by the transport",
               "v1 wed kari: superseded, later step", "v1 thu kari: superseded, deadline passed",
               "v1 mon kari: sent, accepted by the transport"}));
}

TEST(Engine, WhoeverDeliversWhileAReminderWaitsIsNotReminded) {
    World world;
    world.participants = "[by]";
    world.nag_budget = 1;
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: mon, at: due - 4 working days, to: [ressursperson], notice: reminder",
                     "id: tue, at: due + 1 working day, to: [ressursperson], notice: overdue"});
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-11, title: {nb: Plan, nn: "
        "Plan}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12T08:00:01");
    ASSERT_EQ(office.news().size(), 2U);  // Tuesday 5th and Tuesday 12th.
    ASSERT_TRUE(office
                    .raise("2021-01-12T10:00", "p/plan/by", "more_time_given", Actor::Creditor,
                           {{"until", "2021-01-20"}})
                    .ok());
    // mon (14 January) is over the week's budget and waits for the 18th; then they deliver.
    office.run("2021-01-15");
    EXPECT_EQ(office.books().waiting, 1);
    ASSERT_TRUE(office.raise("2021-01-15T10:00", "p/plan/by", "received", Actor::Creditor).ok());
    office.run("2021-02-15");
    EXPECT_EQ(office.news(), (Lines{"2021-01-12 10:00 kari !new-deadline:plan/by",
                                    "2021-01-15 10:00 kari !receipt:plan/by"}));
}

TEST(Engine, TheLastLookIsTakenInTheTransactionThatMarks) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    bool once = true;
    office.while_writing = [&](const workflows::MessageSnapshot& snapshot) {
        if (snapshot.kind == workflows::NoticeKind::Reminder && std::exchange(once, false)) {
            daemon::RaiseEvent received;
            received.event.case_id = "p/plan/by";
            received.event.name = "received";
            EXPECT_TRUE(office.engine().raise({received}, at("2021-01-11T08:00")).front().ok());
        }
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari !receipt:plan/by"}));
    EXPECT_EQ(office.books().superseded, 1);
}

TEST(Engine, WhatTheTransportHasIsAccountedAsItSays) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [&](const workflows::Envelope&) {
        // While the server thinks, the case moves on.
        daemon::RaiseEvent received;
        received.event.case_id = "p/plan/by";
        received.event.name = "received";
        EXPECT_TRUE(office.engine().raise({received}, at("2021-01-11T08:00")).front().ok());
        office.transport = nullptr;
        workflows::DeliveryReport report;
        report.verdict = workflows::Verdict::Delivered;
        return report;
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.books().sent, 1);
    EXPECT_EQ(office.books().superseded, 0);
}

TEST(Engine, MovingThereAndBackEndsWhereItBegan) {
    const auto run = [](bool move) {
        Office office{only_by()};
        EXPECT_TRUE(office.start("2021-01-01").ok());
        office.run("2021-01-13");
        if (move) {
            EXPECT_TRUE(office
                            .raise("2021-01-13T10:00", "p/plan/by", "more_time_given",
                                   Actor::Creditor, {{"until", "2021-02-12"}})
                            .ok());
            EXPECT_TRUE(office
                            .raise("2021-01-14T10:00", "p/plan/by", "more_time_given",
                                   Actor::Creditor, {{"until", "2021-01-25"}})
                            .ok());
            EXPECT_EQ(office.find_case("p/plan/by").due_version, 1);
        }
        office.run("2021-03-01");
        Lines reminders;
        for (const std::string& line : office.sent()) {
            if (line.find('!') == std::string::npos) {
                reminders.push_back(line);
            }
        }
        return reminders;
    };
    EXPECT_EQ(run(true), run(false));
}

TEST(Engine, TheSameInstantIsNoNewVersion) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    // Saturday 23 January moves to Monday 25 January by § 149: where it is already.
    ASSERT_TRUE(office
                    .raise("2021-01-13T10:00", "p/plan/by", "more_time_given", Actor::Creditor,
                           {{"until", "2021-01-23"}})
                    .ok());
    EXPECT_EQ(office.find_case("p/plan/by").due_version, 1);
    office.run("2021-03-01");
    EXPECT_EQ(office.books().sent, 6);
}

TEST(Engine, AStaleNewDeadlineIsNeverTold) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    for (const auto& [when, until] : std::vector<std::pair<std::string, std::string>>{
             {"2021-01-15T20:00", "2021-02-12"}, {"2021-01-16T20:00", "2021-02-19"}}) {
        ASSERT_TRUE(
            office.raise(when, "p/plan/by", "more_time_given", Actor::Creditor, {{"until", until}})
                .ok());
    }
    office.run("2021-01-20");
    (void)office.news();
    Lines told;
    for (const auto& message : office.handed_over) {
        if (message.snapshot.kind == workflows::NoticeKind::Change) {
            told.push_back(line_of(message.snapshot) + ' ' +
                           workflows::iso_date(message.snapshot.items.front().due->date));
        }
    }
    EXPECT_EQ(told, (Lines{"2021-01-18 08:00 kari !new-deadline:plan/by 2021-02-19"}));
}

TEST(Engine, AskingForMoreTimeRestsTheLadderUntilItIsAnswered) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T09:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    office.run("2021-01-21T10:00");
    EXPECT_EQ(office.find_case("p/plan/by/extension-1").state, "asked");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:plan/by"}));
    ASSERT_TRUE(office
                    .raise("2021-01-21T10:00", "p/plan/by/extension-1", "granted", Actor::Creditor,
                           {{"until", "2021-02-12"}})
                    .ok());
    EXPECT_EQ(office.find_case("p/plan/by/extension-1").state, "granted");
    EXPECT_EQ(workflows::iso_date(office.find_case("p/plan/by").due->date), "2021-02-12");
    EXPECT_EQ(office.find_case("p/plan/by").children_open_pausing, 0);
    office.run("2021-02-01");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:plan/by",
                                    "2021-01-21 10:00 kari !new-deadline:plan/by",
                                    "2021-01-29 08:00 kari due-14d:plan/by"}));
    for (const auto& entry : office.watch().entries()) {
        EXPECT_NE(entry.kind, "not_taken") << entry.event << ' ' << entry.aside.at("why");
    }
}

TEST(Engine, DecliningMoreTimeLetsTheLadderGoOn) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T09:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    ASSERT_TRUE(
        office.raise("2021-01-21T10:00", "p/plan/by/extension-1", "declined", Actor::Creditor)
            .ok());
    office.run("2021-01-27");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:plan/by",
                                    "2021-01-21 10:00 kari !extension-declined:plan/by/extension-1",
                                    "2021-01-26 08:00 kari due+1wd:plan/by +per"}));
    EXPECT_EQ(office.accounts("p/plan/by").at(1), "v1 due-3wd kari: suppressed, paused");
    // The answer says which deadline stands.
    const auto& answer = office.handed_over.at(1).snapshot.items.front();
    ASSERT_TRUE(answer.due.has_value());
    EXPECT_EQ(workflows::iso_date(answer.due->date), "2021-01-25");
}

TEST(Engine, AReminderOfARequestSaysWhatIsAskedForAndWhatStandsToday) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office
                    .raise("2021-01-12T09:00", "p/plan/by", "more_time_asked", Actor::Debtor,
                           {{"until", "2021-02-12"}})
                    .ok());
    office.run("2021-02-20");
    const auto nudge =
        std::find_if(office.handed_over.begin(), office.handed_over.end(), [](const auto& message) {
            return message.snapshot.items.front().case_id == "p/plan/by/extension-1";
        });
    ASSERT_NE(nudge, office.handed_over.end());
    const auto& item = nudge->snapshot.items.front();
    ASSERT_TRUE(item.due.has_value());
    EXPECT_EQ(workflows::iso_date(item.due->date), "2021-01-25");
    EXPECT_EQ(item.fields.at("until"), "2021-02-12");
}

TEST(Engine, AnExtensionCannotBeGrantedUntilNoDate) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T09:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    for (const char* until : {"snart", "2021-02-30", "2021-01-18"}) {
        const auto granted = office.raise("2021-01-19T10:00", "p/plan/by/extension-1", "granted",
                                          Actor::Creditor, {{"until", until}});
        ASSERT_FALSE(granted.ok());
        EXPECT_EQ(granted.error().kind, workflows::ErrorKind::InvalidInput);
    }
    EXPECT_EQ(office.find_case("p/plan/by/extension-1").state, "asked");
}

TEST(Engine, AChildIsCancelledWhenItsParentMovesOn) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T09:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-20T09:00", "p/plan/by", "received", Actor::Creditor).ok());
    EXPECT_EQ(office.find_case("p/plan/by/extension-1").state, "withdrawn");
    // Registered by mistake: the ladder must not rest for a child that is gone.
    ASSERT_TRUE(office.raise("2021-01-20T10:00", "p/plan/by", "reverted", Actor::Creditor).ok());
    EXPECT_EQ(office.find_case("p/plan/by").children_open_pausing, 0);
    (void)office.news();
    office.run("2021-01-27");
    EXPECT_EQ(office.news().back(), "2021-01-26 08:00 kari due+1wd:plan/by +per");
    for (const auto& entry : office.watch().entries()) {
        EXPECT_NE(entry.kind, "not_taken") << entry.event;
    }
}

TEST(Engine, AChildClosedByMistakeRestsItsParentAgain) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T09:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T10:00", "p/plan/by/extension-1", "declined", Actor::Creditor)
            .ok());
    ASSERT_TRUE(
        office.raise("2021-01-19T10:05", "p/plan/by/extension-1", "reverted", Actor::Creditor)
            .ok());
    EXPECT_EQ(office.find_case("p/plan/by").children_open_pausing, 1);
    (void)office.news();
    office.run("2021-01-22");
    EXPECT_EQ(office.news(), Lines{});
}

TEST(Engine, ARevertedExtensionOfAHeldCaseIsHeldAgain) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-26T09:00").ok());
    ASSERT_TRUE(office
                    .raise("2021-01-26T10:00", "p/plan/by", "more_time_given", Actor::Creditor,
                           {{"until", "2021-02-12"}})
                    .ok());
    ASSERT_TRUE(office.raise("2021-01-26T10:05", "p/plan/by", "reverted", Actor::Creditor).ok());
    EXPECT_TRUE(office.find_case("p/plan/by").held);
}

TEST(Engine, WhatWaitsWhenACaseIsHeldAgainIsHeldWithIt) {
    Office office{only_by()};
    ASSERT_TRUE(office.start("2021-01-26T09:00").ok());
    ASSERT_TRUE(office.raise("2021-01-26T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office
                    .raise("2021-01-27T10:00", "p/plan/by", "deadline_moved", Actor::Creditor,
                           {{"until", "2021-02-12"}})
                    .ok());
    office.run("2021-01-28");
    office.transport = [](const workflows::Envelope&) {
        workflows::DeliveryReport later;
        later.verdict = workflows::Verdict::RetryLater;
        return later;
    };
    std::string tried = "2021-01-28T08:00";
    for (int day = 28; office.books().waiting == 0 && day <= 31; ++day) {
        tried = "2021-01-" + std::to_string(day) + "T08:00";
        office.step(tried);
    }
    ASSERT_EQ(office.books().waiting, 1) << "the creditor's reminder to answer";
    office.transport = nullptr;
    (void)office.news();
    ASSERT_TRUE(office.raise(tried + ":10", "p/plan/by", "reverted", Actor::Creditor).ok());
    EXPECT_TRUE(office.find_case("p/plan/by").held);
    EXPECT_EQ(office.books().waiting, 0);
    office.run("2021-02-01");
    EXPECT_EQ(office.news(), (std::vector<std::string>{}));
}

TEST(Engine, OneMessageForAllThatFallsIntoOneSlot) {
    World world;
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-25, title: {nb: "
        "Rapport, nn: Rapport}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-03-01");
    const auto sent = office.sent();
    EXPECT_EQ(sent.at(0), "2021-01-11 08:00 kari due-14d:plan/by due-14d:rapport/by");
    EXPECT_EQ(sent.at(1), "2021-01-11 08:00 marta due-14d:plan/dal due-14d:rapport/dal");
    EXPECT_EQ(sent.at(2), "2021-01-11 08:00 post due-14d:plan/vik due-14d:rapport/vik");
    EXPECT_EQ(sent.back(),
              "2021-02-09 08:00 ida due+11wd:plan/by due+11wd:plan/dal "
              "due+11wd:plan/vik due+11wd:rapport/by due+11wd:rapport/dal "
              "due+11wd:rapport/vik");
}

TEST(Engine, ACopyGoesOnceASlot) {
    World world;
    world.participants = "[by]";
    world.contacts += "by,Ada By,ada@by.example,ressursperson,,,\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-27");
    EXPECT_EQ(office.sent().at(4), "2021-01-26 08:00 ada due+1wd:plan/by +per");
    EXPECT_EQ(office.sent().at(5), "2021-01-26 08:00 kari due+1wd:plan/by");
}

TEST(Engine, ACopyGoesOnceASlotAlsoWhenACrashLiesBetween) {
    World world;
    world.participants = "[by]";
    world.contacts += "by,Ada By,ada@by.example,ressursperson,,,\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-26");
    (void)office.news();
    bool once = true;
    office.while_writing = [&](const workflows::MessageSnapshot& snapshot) {
        if (snapshot.to.address.starts_with("kari") && std::exchange(once, false)) {
            EXPECT_TRUE(office.crash(at("2021-01-26T08:00")).ok());
        }
    };
    office.run("2021-01-27");
    EXPECT_EQ(office.news(), (Lines{"2021-01-26 08:00 ada due+1wd:plan/by +per",
                                    "2021-01-26 08:00 kari due+1wd:plan/by"}));
}

TEST(Steps, OfTheMomentInWhichTheLadderGoesOnAreNotLost) {
    World world;
    world.participants = "[by]";
    world.window = R"({days: all, hours: "00:00-24:00"})";
    world.more["ladders/standard.yaml"] =
        ladder_file("standard", {"id: a, at: due - 14 days, to: [ressursperson], notice: reminder",
                                 "id: b, at: due + 10 days, to: [ressursperson], notice: overdue"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    const std::string id = "p/plan/by";
    const std::string child = id + "/extension-1";
    ASSERT_TRUE(office.raise("2021-01-12T10:00", id, "more_time_asked", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-13T10:00", child, "declined", Actor::Creditor).ok());
    ASSERT_TRUE(office.raise("2021-01-27T10:00", id, "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-28T10:00", child, "reverted", Actor::Creditor).ok());
    // At midnight nobody has answered the claim: the wish for more time falls, the ladder goes on.
    office.run("2021-02-05");
    EXPECT_EQ(office.sent().back(), "2021-02-04 00:00 kari ~b:plan/by");
}

}  // namespace
}  // namespace fristvakt::tests
