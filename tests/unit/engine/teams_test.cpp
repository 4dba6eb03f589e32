#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// Cards to a channel in Teams: what it is told of, when, and that no card goes twice or in vain.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::MessageState;
using workflows::Reason;
using workflows::StoredMessage;
using workflows::Verdict;
using Lines = std::vector<std::string>;

constexpr const char* kQuiet = "digest: off";

World with_channel(const std::string& settings) {
    World world;
    world.sending +=
        "\nteams: {alle: {url: {env: TEAMS_URL}" + (settings.empty() ? "" : ", " + settings) + "}}";
    return world;
}

Lines cards(const Office& office) {
    Lines out;
    for (const auto& handed : office.handed_over) {
        if (handed.envelope.channel == workflows::kTeamsChannel) {
            out.push_back(line_of(handed.snapshot));
        }
    }
    return out;
}

std::vector<StoredMessage> cards_in(Office& office, MessageState state) {
    std::vector<StoredMessage> out;
    for (StoredMessage& one : office.messages(state)) {
        if (one.message.channel == workflows::kTeamsChannel) {
            out.push_back(std::move(one));
        }
    }
    return out;
}

/// `report` for cards, mail is accepted.
Office::Transport for_cards(const DeliveryReport& report) {
    return [report](const Envelope& envelope) {
        const bool is_card = envelope.channel == workflows::kTeamsChannel;
        return is_card ? report : DeliveryReport{.number = 0, .verdict = Verdict::Delivered};
    };
}

TEST(Teams, WhatHappensAboutTheSameTimeIsOneCardAndTheNextKeepsItsDistance) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/dal", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:02", "p/plan/vik", "claimed", Actor::Debtor).ok());
    office.run("2021-01-12");
    EXPECT_EQ(cards(office),
              (Lines{"2021-01-11 10:01 teams:alle !claimed:plan/by !claimed:plan/dal",
                     "2021-01-11 10:06 teams:alle !claimed:plan/vik"}));
    EXPECT_EQ(office.engine().ledger().channels.at("alle").sent_at, at("2021-01-11T10:06"));
}

TEST(Teams, WhatIsNoLongerSoIsNotSaid) {
    Office office{with_channel("digest: off, events: claimed").load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "undone", Actor::Debtor).ok());
    office.run("2021-01-12");
    EXPECT_EQ(cards(office), Lines{});
    const auto dropped = cards_in(office, MessageState::Dropped);
    ASSERT_EQ(dropped.size(), 1U);
    EXPECT_EQ(dropped.front().message.reason, Reason::CaseMovedOn);
}

TEST(Teams, AWishForMoreTimeIsTheCaseThatItOpens) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    ASSERT_TRUE(
        office.raise("2021-01-11T10:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    office.run("2021-01-12");
    EXPECT_EQ(cards(office),
              Lines{"2021-01-11 10:01 teams:alle !more_time_asked:plan/by/extension-1"});
}

TEST(Teams, OnlyWhatIsAskedForOfTheProgrammesThatAreNamed) {
    World world = with_channel("digest: off, programmes: [q]");
    world.more["programmes/q.yaml"] =
        "programme: q\ntitle: {nb: Q, nn: Q}\ncohort: q1\nperiod: {from: 2020-01-01, to: "
        "2022-12-31}\ncreditor: sf\nparticipants: [by]\nrequirements:\n  - {id: plan, workflow: "
        "plan, opens: 2021-01-04, due: 2021-01-25, title: {nb: Plan, nn: Plan}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "q1/plan/by", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(
        office.raise("2021-01-11T10:00", "q1/plan/by", "noted", Actor::Creditor, {{"text", "ring"}})
            .ok());
    office.run("2021-01-12");
    EXPECT_EQ(cards(office), Lines{"2021-01-11 10:01 teams:alle !claimed:plan/by"});
}

World with_channel_and_meeting(const std::string& start) {
    World world = with_channel(kQuiet);
    world.requirements +=
        "meetings:\n  - id: nettverk\n    title: {nb: Nettverk, nn: Nettverk}\n    every: "
        "semester\n    set_by: {spring: 02-01, autumn: 09-01}\n    audience: [ressursperson]\n    "
        "dates: [{start: " +
        start + ", end: 2021-03-25T12:00, place: Teams}]\n";
    return world;
}

TEST(Teams, AMeetingThatIsMovedIsToldWithTheTimeItHad) {
    Office office{with_channel_and_meeting("2021-03-25T08:00").load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.run("2021-01-12");
    ASSERT_EQ(cards(office), Lines{}) << "a date in the programme is no change";
    ASSERT_TRUE(
        office.reload("2021-01-12T10:00", with_channel_and_meeting("2021-03-25T09:00").load())
            .ok());
    office.step("2021-01-12T10:00:20");
    ASSERT_TRUE(
        office.reload("2021-01-12T10:00:30", with_channel_and_meeting("2021-03-25T10:00").load())
            .ok());
    office.run("2021-01-13");
    ASSERT_EQ(cards(office), Lines{"2021-01-12 10:01 teams:alle !moved:nettverk/2021-var"});
    for (const auto& handed : office.handed_over) {
        if (handed.envelope.channel == workflows::kTeamsChannel) {
            const auto& fields = handed.snapshot.items.front().fields;
            EXPECT_EQ(fields.at("was_start"), "2021-03-25T08:00");
            EXPECT_EQ(fields.at("start"), "2021-03-25T10:00");
        }
    }
}

TEST(Teams, AMeetingThatIsMovedAndMovedBackIsNotTold) {
    Office office{with_channel_and_meeting("2021-03-25T08:00").load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.run("2021-01-12");
    ASSERT_TRUE(
        office.reload("2021-01-12T10:00", with_channel_and_meeting("2021-03-25T09:00").load())
            .ok());
    ASSERT_TRUE(
        office.reload("2021-01-12T10:00", with_channel_and_meeting("2021-03-25T08:00").load())
            .ok());
    office.run("2021-01-13");
    EXPECT_EQ(cards(office), Lines{});
}

TEST(Teams, AHoldIsToldAtOnceAndHeldIsAllElse) {
    Office office{with_channel("digest: {day: daily, at: \"08:30\"}").load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.run("2021-01-11T10:00");
    ASSERT_TRUE(office.engine().hold("we look", "test", at("2021-01-11T10:00")).ok());
    office.step("2021-01-11T10:00");
    ASSERT_TRUE(office.raise("2021-01-11T10:05", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-14T09:00");
    // On Monday morning there was nothing to say.
    EXPECT_EQ(cards(office), Lines{"2021-01-11 10:00 teams:alle !on_hold:"});
    EXPECT_EQ(cards_in(office, MessageState::Held).size(), 4U) << "the claim and three digests";
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-14T09:00")).ok());
    office.step("2021-01-14T09:00");
    // Of the digests only the newest says what is so.
    EXPECT_EQ(cards(office), (Lines{"2021-01-11 10:00 teams:alle !on_hold:",
                                    "2021-01-14 09:00 teams:alle !claimed:plan/by",
                                    "2021-01-14 09:00 teams:alle digest"}));
    EXPECT_EQ(cards_in(office, MessageState::Held).size(), 0U);
}

TEST(Teams, AHoldThatEndedBeforeItsCardWentIsNotTold) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    ASSERT_TRUE(office.engine().hold("we look", "test", at("2021-01-11T10:00")).ok());
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-11T10:00")).ok());
    office.run("2021-01-12");
    EXPECT_EQ(cards(office), Lines{});
}

TEST(Teams, ACardThatMayHaveArrivedIsHeldAndNeverGoesTwiceByItself) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.after_hand_over = [](const workflows::MessageSnapshot& snapshot) {
        return snapshot.channel == workflows::kTeamsChannel;  // Crash.
    };
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-12");
    office.after_hand_over = {};
    ASSERT_TRUE(office.crash(at("2021-01-12")).ok());
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-12T09:00")).ok());
    office.run("2021-01-13");
    EXPECT_EQ(cards(office).size(), 1U);
    const auto held = cards_in(office, MessageState::Held);
    ASSERT_EQ(held.size(), 1U);
    EXPECT_EQ(held.front().message.reason, Reason::Uncertain);
    EXPECT_TRUE(office.engine().ledger().channels.at("alle").failed_at);
    // A person who has looked in the channel may let it go.
    ASSERT_TRUE(
        office.engine().release(held.front().message.number, "test", at("2021-01-13T09:00")).ok());
    office.step("2021-01-13T09:00");
    EXPECT_EQ(cards(office).size(), 2U);
    EXPECT_FALSE(office.engine().ledger().channels.at("alle").failed_at);
}

TEST(Teams, AnAnswerThatDidNotComeHoldsTheCard) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.transport = for_cards(
        {.number = 0, .verdict = Verdict::RetryLater, .reply = "no answer", .uncertain = true});
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-13");
    EXPECT_EQ(cards(office).size(), 1U);
    EXPECT_EQ(cards_in(office, MessageState::Held).size(), 1U);
    EXPECT_EQ(office.engine().ledger().channels.at("alle").reply, "no answer");
}

TEST(Teams, ABusyChannelIsGivenTheTimeItAsksForAndLosesNothing) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.transport = for_cards({.number = 0,
                                  .verdict = Verdict::RetryLater,
                                  .reply = "busy",
                                  .retry_after = std::chrono::minutes{30}});
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-11T10:20");
    EXPECT_EQ(cards(office).size(), 1U);
    office.transport = {};
    office.run("2021-01-11T12:00");
    ASSERT_EQ(cards(office).size(), 2U);
    EXPECT_EQ(cards(office).back(), "2021-01-11 10:31 teams:alle !claimed:plan/by");
    EXPECT_EQ(cards_in(office, MessageState::Sent).size(), 1U);
}

TEST(Teams, ARefusalStandsWithItsChannelUntilACardIsTaken) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.transport = for_cards(
        {.number = 0, .verdict = Verdict::Refused, .reply = "the workflow was turned off"});
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    office.run("2021-01-12");
    const auto failed = cards_in(office, MessageState::Failed);
    ASSERT_EQ(failed.size(), 1U);
    EXPECT_EQ(cards(office).size(), 1U);
    const auto& records = office.engine().ledger().channels;
    EXPECT_EQ(records.at("alle").failed_at, at("2021-01-11T10:01"));
    EXPECT_EQ(records.at("alle").reply, "the workflow was turned off");
    office.transport = {};
    ASSERT_TRUE(
        office.engine().retry(failed.front().message.number, "test", at("2021-01-12T09:00")).ok());
    office.step("2021-01-12T09:00");
    EXPECT_EQ(cards(office).size(), 2U);
    EXPECT_FALSE(records.at("alle").failed_at);
    EXPECT_EQ(records.at("alle").reply, "");
}

TEST(Teams, ADigestComesOnEachSendingDayWithSomethingToSay) {
    Office office{with_channel("events: [], digest: {day: daily, at: \"08:30\"}").load()};
    ASSERT_TRUE(office.start("2021-01-19").ok());
    office.run("2021-01-26");
    // In the week of the deadline each working day; nothing on Saturday and Sunday.
    EXPECT_EQ(cards(office).back(), "2021-01-25 08:30 teams:alle digest");
    for (const std::string& line : cards(office)) {
        EXPECT_NE(line.substr(0, 10), "2021-01-23");
        EXPECT_NE(line.substr(0, 10), "2021-01-24");
    }
    const auto& digest = *office.handed_over.back().snapshot.digest;
    EXPECT_TRUE(digest.is_daily);
    EXPECT_EQ(digest.day, day("2021-01-25"));
    EXPECT_EQ(digest.due_count, 3U) << "of all, whoever is responsible";
}

TEST(Teams, AnAddressThatTakesNoMailIsTold) {
    Office office{with_channel("digest: off, events: [address_refused]").load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.transport = [](const Envelope& envelope) {
        const bool is_kari = envelope.to.front() == "kari@by.example";
        return DeliveryReport{.number = 0,
                              .verdict = is_kari ? Verdict::Refused : Verdict::Delivered,
                              .recipient_refused = is_kari};
    };
    office.run("2021-01-12");
    EXPECT_EQ(cards(office), Lines{"2021-01-11 08:01 teams:alle !address_refused:plan/by"});
}

TEST(Teams, TheBrakeIsToldOnce) {
    World world = with_channel("digest: off, events: [on_hold]");
    world.brake = 1;
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-05").ok());
    office.run("2021-01-06");
    ASSERT_TRUE(office.step(at("2021-01-12T09:00")).ok());  // After a gap.
    office.run("2021-01-13");
    EXPECT_EQ(office.messages(MessageState::Held).size(), 3U);
    ASSERT_EQ(cards(office).size(), 1U);
    EXPECT_EQ(office.handed_over.back().snapshot.items.front().notice, "brake");
}

TEST(Teams, AChannelThatIsGoneGetsNothing) {
    const DefinitionsPtr before = with_channel(kQuiet).load();
    Office office{before};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    ASSERT_TRUE(office
                    .reload("2021-01-11T10:00",
                            changed(before, [](auto& all) { all.installation.teams.clear(); }))
                    .ok());
    office.run("2021-01-12");
    EXPECT_EQ(cards(office), Lines{});
    ASSERT_EQ(cards_in(office, MessageState::Dropped).size(), 1U);
    EXPECT_EQ(cards_in(office, MessageState::Dropped).front().message.reason,
              Reason::RecipientChanged);
}

TEST(Teams, TheAllowlistNamesChannelsToo) {
    for (const bool is_named : {false, true}) {
        const auto definitions = changed(with_channel(kQuiet).load(), [&](auto& all) {
            all.installation.sending = workflows::SendingMode::Allowlist;
            all.installation.allowlist = {is_named ? "teams:alle" : "by.example"};
        });
        Office office{definitions};
        ASSERT_TRUE(office.start("2021-01-11").ok());
        ASSERT_TRUE(office.raise("2021-01-11T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
        office.run("2021-01-12");
        EXPECT_EQ(cards(office).size(), is_named ? 1U : 0U);
    }
}

TEST(Teams, WhatAnEventWouldBringNamesThoseOutsideAlone) {
    Office office{with_channel(kQuiet).load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    office.run("2021-01-11T10:00");
    daemon::RaiseEvent claimed;
    claimed.event.case_id = "p/plan/by";
    claimed.event.name = "claimed";
    claimed.event.by = Actor::Debtor;
    const auto preview = office.engine().preview({claimed}, at("2021-01-11T10:00"));
    ASSERT_TRUE(preview.ok());
    for (const auto& message : preview.value().messages) {
        EXPECT_NE(message.message.channel, workflows::kTeamsChannel);
    }
}

TEST(Teams, TheSameOfOneCaseIsSaidOnce) {
    World world = with_channel("digest: off, events: [noted]");
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-11").ok());
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(office
                        .raise("2021-01-11T10:00", "p/plan/by", "noted", Actor::Creditor,
                               {{"text", "ring"}})
                        .ok());
    }
    office.run("2021-01-12");
    EXPECT_EQ(cards(office), Lines{"2021-01-11 10:01 teams:alle !noted:plan/by"});
}

}  // namespace
}  // namespace fristvakt::tests
