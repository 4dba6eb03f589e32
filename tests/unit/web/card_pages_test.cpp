#include "daemon/web/card_pages.hpp"

#include "daemon/web/actions/actions.hpp"
#include "tests/browser/town.hpp"
#include "tests/unit/web/asked_pages.hpp"
#include "workflows/decision/canary.hpp"

/// The link on the weekly card to a channel in Teams, and what Drift says of it.
namespace fristvakt::tests {
namespace {

using namespace daemon;

std::map<std::string, std::string> with_channel(const std::string& canary) {
    constexpr const char* kFile{"fristvakt.yaml"};
    return {{kFile, shipped_file(kFile) + "\nteams: {alle: {url: {env: X}, language: nn, canary: " +
                        canary + "}}\n"}};
}

class CardPagesTest : public AskedPages {
 protected:
    /// Friday's card is unseen by now, Monday's can still be confirmed.
    explicit CardPagesTest(const std::string& canary = R"({day: mon, at: "09:00"})")
        : town_{Town::Options{.files = with_channel(canary)}} {
        cards_.add_routes(router_);
        serve(actions_, pages_);
    }

    workflows::CanaryRecord record() {
        return town_.snapshot()->ledger().value().channels.at("alle").canary;
    }
    std::string link(std::int64_t card) {
        return workflows::canary_link("", town_.snapshot()->ledger().value().salt, "alle", card);
    }

    Town town_;
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Actions actions_{engines_, pages_};
    CardPages cards_{town_, pages_};
};

TEST_F(CardPagesTest, AskInTheLanguageOfTheChannelAndTakeNoSignIn) {
    visitor_ = {};
    const HttpResponse asked = get(link(record().card));
    EXPECT_EQ(asked.status, 200);
    EXPECT_TRUE(has(asked.body, "Stadfest at kortet står i kanalen."));
    EXPECT_TRUE(record().silent_since) << "reading it changes nothing";
    const HttpResponse thanked = post(link(record().card), {});
    EXPECT_EQ(thanked.status, 200);
    EXPECT_TRUE(has(thanked.body, "Då veit vi at korta kjem fram"));
    EXPECT_FALSE(record().silent_since);
    EXPECT_TRUE(has(get(link(record().card)).body, "Då veit vi at korta kjem fram"));
}

TEST_F(CardPagesTest, AnOlderCardAndAnotherLinkConfirmNothing) {
    const HttpResponse old = post(link(1), {});
    EXPECT_EQ(old.status, 409);
    EXPECT_TRUE(has(old.body, "Det er kome eit nyare kort"));
    std::string other = link(record().card);
    other.replace(other.find('-') + 1, 1, other[other.find('-') + 1] == '0' ? "1" : "0");
    EXPECT_EQ(get(other).status, 404);
    EXPECT_EQ(post(other, {}).status, 404);
    EXPECT_EQ(post(link(record().card) + "x", {}).status, 404) << "another channel";
    EXPECT_TRUE(record().silent_since);
}

TEST_F(CardPagesTest, DriftSaysWhetherTheCardsAreSeen) {
    EXPECT_TRUE(has(get("/drift").body, "venter på at noen bekrefter kortet fra"));
    EXPECT_TRUE(has(get("/drift").body, "mandag 4. januar 2021"));
    EXPECT_EQ(post(link(record().card), {}).status, 200);
    EXPECT_TRUE(has(get("/drift").body, "sett i kanalen"));
    EXPECT_TRUE(has(get("/hendelser").body, "Noen ser kortene i Teams-kanalen alle"));
}

class SilentChannelTest : public CardPagesTest {
 protected:
    SilentChannelTest() : CardPagesTest{R"({day: fri, at: "09:00"})"} {}
};

TEST_F(SilentChannelTest, DriftSaysSinceWhen) {
    EXPECT_TRUE(has(get("/drift").body, "ingen har bekreftet et kort siden"));
    // The first Friday was New Year's Day.
    EXPECT_TRUE(has(get("/drift").body, "mandag 4. januar 2021"));
    EXPECT_TRUE(has(get("/drift", "nn").body, "ingen har stadfesta eit kort sidan"));
}

}  // namespace
}  // namespace fristvakt::tests
