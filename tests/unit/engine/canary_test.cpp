#include "workflows/decision/canary.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// The card that asks a channel in Teams each week whether anybody sees it, and the mail when
/// nobody says so.
namespace fristvakt::tests {
namespace {

using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::MessageSnapshot;
using workflows::MessageState;
using workflows::Reason;
using workflows::Verdict;
using Lines = std::vector<std::string>;

constexpr const char* kAsked = "2021-01-12 09:00 teams:alle !canary:";
constexpr const char* kAskedAgain = "2021-01-19 09:00 teams:alle !canary:";
/// On the first opening of the window after two working days.
constexpr const char* kMailed = "2021-01-15 08:00 post !channel_silent:";
constexpr const char* kMailedAgain = "2021-01-22 08:00 post !channel_silent:";

DefinitionsPtr with_canary() {
    World world;
    world.sending +=
        "\nteams: {alle: {url: {env: TEAMS_URL}, digest: off, events: [], "
        "canary: {day: tue, at: \"09:00\"}}}";
    world.requirements =
        "  - {id: plan, workflow: plan, opens: 2022-01-04, due: 2022-12-01, "
        "title: {nb: Plan, nn: Plan}}\n";
    return world.load();
}

struct Canary : testing::Test {
    explicit Canary(const DefinitionsPtr& definitions = with_canary()) : office(definitions) {
        EXPECT_TRUE(office.start("2021-01-11").ok());
    }

    [[nodiscard]] const workflows::CanaryRecord& record() {
        return office.engine().ledger().channels.at("alle").canary;
    }
    void confirm(const std::string& when) {
        office.run(at(when));
        EXPECT_TRUE(office.engine().confirm_card("alle", record().card, at(when)).ok());
    }
    [[nodiscard]] Lines handed() const {
        Lines lines;
        for (const auto& one : office.handed_over) {
            lines.push_back(line_of(one.snapshot));
        }
        return lines;
    }

    Office office;
};

TEST_F(Canary, WhenNobodyConfirmsThereIsOneMailForEachCardAndNotOneADay) {
    office.run("2021-01-25");
    EXPECT_EQ(handed(), (Lines{kAsked, kMailed, kAskedAgain, kMailedAgain}));
    const MessageSnapshot& mail = office.handed_over.back().snapshot;
    ASSERT_EQ(mail.items.size(), 1U);
    EXPECT_EQ(mail.items.front().fields.at("channel"), "alle");
    EXPECT_EQ(mail.items.front().fields.at("since"), "2021-01-12") << "since the first of them";
    EXPECT_TRUE(office.books().balance());
}

TEST_F(Canary, WhenSomebodyConfirmsThereIsNoMail) {
    confirm("2021-01-14T15:00");
    office.run("2021-01-19");
    EXPECT_EQ(handed(), Lines{kAsked});
    // Again does no harm, and is no second entry in the log.
    const auto size = office.store().snapshot()->head().value().sequence;
    EXPECT_TRUE(office.engine().confirm_card("alle", record().card, at("2021-01-19")).ok());
    EXPECT_EQ(office.store().snapshot()->head().value().sequence, size);
    office.run("2021-01-25");
    EXPECT_EQ(handed(), (Lines{kAsked, kAskedAgain, kMailedAgain})) << "each card asks anew";
    EXPECT_EQ(office.handed_over.back().snapshot.items.front().fields.at("since"), "2021-01-19");
    EXPECT_EQ(office.handed_over.back().snapshot.items.front().fields.at("confirmed"),
              "2021-01-14");
}

TEST_F(Canary, WhoConfirmsJustBeforeTheMailGoesStopsIt) {
    confirm("2021-01-15T07:59");  // It has been made at midnight, and waits for the window.
    office.run("2021-01-16");
    EXPECT_EQ(handed(), Lines{kAsked});
    const auto dropped = office.messages(MessageState::Dropped);
    ASSERT_EQ(dropped.size(), 1U);
    EXPECT_EQ(dropped.front().message.reason, Reason::CaseMovedOn);
}

TEST_F(Canary, AnOldCardConfirmsNothing) {
    office.run("2021-01-13");
    const auto old = record().card;
    office.run("2021-01-20");
    const auto refused = office.engine().confirm_card("alle", old, at("2021-01-20"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, "old-card");
    EXPECT_TRUE(record().silent_since);
    EXPECT_EQ(office.engine().confirm_card("andre", old, at("2021-01-20")).error().kind,
              workflows::ErrorKind::NotFound);
}

TEST_F(Canary, CrashesAndRestartsNeitherRepeatNorForgetTheMail) {
    for (const char* const when :
         {"2021-01-12T08:59", "2021-01-12T09:00", "2021-01-14T23:59", "2021-01-15",
          "2021-01-15T07:59", "2021-01-15T08:00", "2021-01-16"}) {
        office.step(when);
        ASSERT_TRUE(office.crash(at(when)).ok());
    }
    office.run("2021-01-19");
    EXPECT_EQ(handed(), (Lines{kAsked, kMailed}));
}

TEST_F(Canary, ADaemonThatWasDownMailsWhenItIsUpAgain) {
    office.run("2021-01-13");
    ASSERT_TRUE(office.crash(at("2021-01-18T10:00")).ok());
    office.step("2021-01-18T10:00");
    EXPECT_EQ(handed(), (Lines{kAsked, "2021-01-18 10:00 post !channel_silent:"}));
}

TEST_F(Canary, ACardThatWasRefusedIsUnseenTooAndTheMailSaysWhy) {
    office.transport = [](const Envelope& envelope) {
        const bool is_card = envelope.channel == workflows::kTeamsChannel;
        return is_card ? DeliveryReport{.number = 0,
                                        .verdict = Verdict::Refused,
                                        .reply = "the workflow was turned off"}
                       : DeliveryReport{.number = 0, .verdict = Verdict::Delivered};
    };
    office.run("2021-01-16");
    EXPECT_EQ(handed(), (Lines{kAsked, kMailed}));
    EXPECT_EQ(office.handed_over.back().snapshot.items.front().fields.at("reply"),
              "the workflow was turned off");
}

TEST_F(Canary, WhatIsHeldIsNotMissed) {
    ASSERT_TRUE(office.engine().hold("we look", "test", at("2021-01-11")).ok());
    office.run("2021-01-18T10:00");
    EXPECT_EQ(handed(), Lines{}) << "a hold holds the card, and nobody is to be blamed";
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-18T10:00")).ok());
    office.step("2021-01-18T10:00");
    EXPECT_EQ(handed(), Lines{"2021-01-18 10:00 teams:alle !canary:"});
}

TEST_F(Canary, AMailThatWasHeldGoesWhileItIsStillSo) {
    office.run("2021-01-13");
    ASSERT_TRUE(office.engine().hold("we look", "test", at("2021-01-13")).ok());
    office.run("2021-01-18T10:00");
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-18T10:00")).ok());
    office.step("2021-01-18T10:00");
    EXPECT_EQ(handed(), (Lines{kAsked, "2021-01-18 10:00 post !channel_silent:"}));
    EXPECT_EQ(office.messages(MessageState::Held).size(), 0U);
}

TEST_F(Canary, OfCardsThatWereHeldOnlyTheLastGoes) {
    ASSERT_TRUE(office.engine().hold("we look", "test", at("2021-01-11")).ok());
    office.run("2021-01-20T10:00");
    ASSERT_TRUE(office.engine().release({}, "test", at("2021-01-20T10:00")).ok());
    office.step("2021-01-20T10:00");
    EXPECT_EQ(handed(), Lines{"2021-01-20 10:00 teams:alle !canary:"});
}

TEST_F(Canary, FreeDaysAreNoWorkingDays) {
    office.run("2021-03-30T12:00");  // Tuesday before Easter; Thursday to Monday are free.
    confirm("2021-03-30T13:00");
    office.handed_over.clear();
    office.run("2021-04-10");
    EXPECT_EQ(handed(), (Lines{"2021-04-06 09:00 teams:alle !canary:",
                               "2021-04-09 08:00 post !channel_silent:"}));
    workflows::CanaryRecord easter{.card = 1, .posted_at = at("2021-03-31T09:00")};
    easter.silent_since = easter.posted_at;
    EXPECT_EQ(workflows::unseen_at(easter, oslo()), at("2021-04-08"));
}

TEST_F(Canary, AdministratorsOfAllAreTold) {
    office.run("2021-01-14T12:00");
    const auto definitions = changed(with_canary(), [](workflows::Definitions& all) {
        using workflows::Role;
        using workflows::Scope;
        all.organisations.at("sf").language = workflows::Language::Nn;
        const auto user = [](std::string address, Role role, Scope scope) {
            return workflows::User{.address = std::move(address),
                                   .name = "En Bruker",
                                   .subject = {},
                                   .grants = {{role, std::move(scope), {}}},
                                   .where = {}};
        };
        all.users = {user("drift@sf.example", Role::Administrator, {}),
                     user("leser@sf.example", Role::Reader, {}),
                     user("en@sf.example", Role::Administrator, {Scope::Kind::Region, "by"})};
    });
    ASSERT_TRUE(office.reload("2021-01-14T12:00", definitions).ok());
    office.run("2021-01-16");
    EXPECT_EQ(handed(), (Lines{kAsked, "2021-01-15 08:00 drift !channel_silent:"}));
    EXPECT_EQ(office.handed_over.back().snapshot.language, workflows::Language::Nn);
    EXPECT_EQ(office.handed_over.back().snapshot.to.name, "En Bruker");
}

TEST_F(Canary, AnAddressThatTakesNoMailIsPassedOver) {
    const auto definitions = with_canary();
    using Found = std::vector<std::string>;
    const auto keepers = [&](const workflows::RefusedAddresses& refused) {
        Found addresses;
        for (const auto& one : workflows::channel_keepers(*definitions, refused)) {
            addresses.push_back(one.address);
        }
        return addresses;
    };
    EXPECT_EQ(keepers({}), Found{"post@sf.example"});
    EXPECT_EQ(keepers({"post@sf.example"}), Found{});
}

TEST_F(Canary, AChannelThatIsNoLongerAskedIsNotComplainedOf) {
    office.run("2021-01-15T07:00");
    const auto definitions = changed(with_canary(), [](workflows::Definitions& all) {
        all.installation.teams.front().canary.reset();
    });
    ASSERT_TRUE(office.reload("2021-01-15T07:00", definitions).ok());
    office.run("2021-01-25");
    EXPECT_EQ(handed(), Lines{kAsked});
}

TEST(CanaryLink, IsForOneCardOfOneChannel) {
    const std::string link = workflows::canary_link("https://f.example/", "salt", "alle", 17);
    constexpr std::string_view kStart{"https://f.example/t/"};
    ASSERT_EQ(link.substr(0, kStart.size()), kStart);
    ASSERT_TRUE(link.ends_with("/alle"));
    const std::string token =
        link.substr(kStart.size(), link.size() - kStart.size() - std::string{"/alle"}.size());
    EXPECT_EQ(workflows::card_of_canary_link(token, "salt", "alle"), 17);
    EXPECT_EQ(workflows::card_of_canary_link(token, "salt", "andre"), std::nullopt);
    EXPECT_EQ(workflows::card_of_canary_link(token, "pepper", "alle"), std::nullopt);
    EXPECT_EQ(workflows::card_of_canary_link("18" + token.substr(2), "salt", "alle"), std::nullopt);
    for (const char* const broken : {"", "-", "17", "17-", "x-00"}) {
        EXPECT_EQ(workflows::card_of_canary_link(broken, "salt", "alle"), std::nullopt) << broken;
    }
}

}  // namespace
}  // namespace fristvakt::tests
