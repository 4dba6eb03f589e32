#include "integrations/texts/channel_card.hpp"

#include <gtest/gtest.h>

#include "integrations/mail/mime.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "tests/unit/texts/notice_fixture.hpp"

/// What a card to a channel in Teams says, and what it never says.
namespace fristvakt::tests {
namespace {

using integrations::teams::Card;
using integrations::texts::channel_card;
using workflows::Language;
using workflows::MessageSnapshot;

MessageSnapshot to_channel(MessageSnapshot snapshot, workflows::NoticeKind kind) {
    snapshot.kind = kind;
    snapshot.channel = workflows::kTeamsChannel;
    snapshot.to = {"p9", "teams:alle", ""};
    return snapshot;
}

MessageSnapshot news(Language language, const std::vector<std::string>& what) {
    MessageSnapshot snapshot =
        to_channel(one_case("reminder", language), workflows::NoticeKind::News);
    const auto item = snapshot.items.front();
    snapshot.items.clear();
    for (const std::string& one : what) {
        snapshot.items.push_back(item);
        snapshot.items.back().notice = one;
        snapshot.items.back().step.clear();
    }
    return snapshot;
}

/// All that stands in it.
std::string all_of(const Card& card) {
    std::string all = card.title + '\n' + card.lead + '\n';
    for (const auto& section : card.sections) {
        all += "# " + section.heading + '\n';
        for (const auto& line : section.lines) {
            all += line.strong + line.rest + '\n';
        }
    }
    for (const auto& link : card.links) {
        all += link.title + " " + link.url + '\n';
    }
    return all;
}

TEST(ChannelCard, ADigestSaysWhoIsOutstanding) {
    for (const Language language : {Language::Nb, Language::Nn}) {
        auto snapshot = to_channel(busy_week(language), workflows::NoticeKind::Digest);
        snapshot.digest->is_daily = true;
        snapshot.digest->day = *workflows::parse_iso_date("2021-02-01");
        const Card card = channel_card(snapshot, shipped_notices());
        const bool nb = language == Language::Nb;
        EXPECT_EQ(card.title, nb ? "Frister mandag 1. februar" : "Fristar måndag 1. februar");
        EXPECT_EQ(card.lead, nb ? "22 forfalt, 1 venter på oss, 2 frister denne uka."
                                : "22 forfalne, 1 ventar på oss, 2 fristar denne veka.");
        ASSERT_EQ(card.sections.size(), 4U);
        EXPECT_FALSE(card.sections[0].is_urgent);
        EXPECT_TRUE(card.sections[1].is_urgent);
        EXPECT_EQ(card.sections[1].count, 22U);
        EXPECT_EQ(card.sections[0].lines.front().strong, "Gjøvik kommune");
        EXPECT_EQ(card.sections[0].lines.front().rest,
                  nb ? ": Kommunens plan – Meldt sendt, svar innen fredag 5. februar"
                     : ": Planen til kommunen – Meldt send, svar innan fredag 5. februar");
        EXPECT_EQ(card.links.front().url, shipped_notices().installation.public_url + "/");
    }
}

TEST(ChannelCard, ACalmWeekIsOneSentence) {
    const Card card = channel_card(
        to_channel(calm_week(Language::Nb), workflows::NoticeKind::Digest), shipped_notices());
    EXPECT_EQ(card.title, "Frister uke 4");
    EXPECT_TRUE(card.sections.empty());
    EXPECT_NE(card.lead.find("Alt er i rute"), std::string::npos);
}

TEST(ChannelCard, OneThingIsInTheTitleAndLinkedTo) {
    const auto snapshot = news(Language::Nn, {"claimed"});
    const Card card = channel_card(snapshot, shipped_notices());
    EXPECT_EQ(card.title, snapshot.items.front().debtor_name + ": Meldt send");
    EXPECT_EQ(card.links.front().url,
              shipped_notices().installation.public_url + "/sak/" + snapshot.items.front().case_id);
}

TEST(ChannelCard, SeveralStandUnderTheirHeadingsTheWorstFirst) {
    auto snapshot =
        news(Language::Nb, {"ranked", "claimed", "received", "address_refused", "claimed"});
    snapshot.items.back().fields["others"] = "7";
    const Card card = channel_card(snapshot, shipped_notices());
    EXPECT_EQ(card.title, "12 nye hendelser");
    ASSERT_EQ(card.sections.size(), 4U);
    EXPECT_EQ(card.sections[0].heading, "E-post avvist");
    EXPECT_TRUE(card.sections[0].is_urgent);
    EXPECT_EQ(card.sections[1].heading, "Meldt sendt");
    EXPECT_EQ(card.sections[1].lines.size(), 2U);
    EXPECT_EQ(card.sections[1].count, 9U);
    EXPECT_EQ(card.sections[2].heading, "Mottatt");
    EXPECT_EQ(card.sections[3].heading, "Andre hendelser");
}

TEST(ChannelCard, AMovedMeetingSaysWhenItIsAndWhenItWas) {
    for (const Language language : {Language::Nb, Language::Nn}) {
        auto snapshot = news(language, {"moved", "cancelled"});
        for (auto& item : snapshot.items) {
            item.requirement_title = {"Regional samling", "Regional samling"};
            item.fields = {{"start", "2021-04-22T09:00"},
                           {"end", "2021-04-22T13:00"},
                           {"place", "Teams"},
                           {"was_start", "2021-04-20T09:00"},
                           {"was_end", "2021-04-20T13:00"}};
        }
        const Card card = channel_card(snapshot, shipped_notices());
        ASSERT_EQ(card.sections.size(), 2U);
        const bool nb = language == Language::Nb;
        EXPECT_EQ(card.sections[0].heading, nb ? "Flyttet" : "Flytta");
        EXPECT_EQ(card.sections[0].lines.front().strong, "Regional samling");
        EXPECT_EQ(card.sections[0].lines.front().rest,
                  nb ? ": torsdag 22. april 2021 kl. 09.00–13.00, Teams (før tirsdag 20. april "
                       "2021 kl. 09.00–13.00)"
                     : ": torsdag 22. april 2021 kl. 09.00–13.00, Teams (før tysdag 20. april "
                       "2021 kl. 09.00–13.00)");
        EXPECT_EQ(card.sections[1].heading, "Avlyst");
        EXPECT_EQ(card.sections[1].lines.front().rest,
                  ": torsdag 22. april 2021 kl. 09.00–13.00, Teams");
    }
}

TEST(ChannelCard, AHoldAndTheBrakeAreSaidInWords) {
    for (const char* const what : {"on_hold", "brake"}) {
        auto snapshot = news(Language::Nb, {what});
        snapshot.items.front() = {};
        snapshot.items.front().notice = what;
        const Card card = channel_card(snapshot, shipped_notices());
        EXPECT_FALSE(card.title.empty());
        EXPECT_NE(card.links.front().url.find("/utboks?tilstand=held"), std::string::npos);
    }
}

TEST(ChannelCard, TheCanaryAsksForItsLinkToBePressed) {
    for (const Language language : {Language::Nb, Language::Nn}) {
        auto snapshot = news(language, {"canary"});
        snapshot.items.front() = {};
        snapshot.items.front().notice = "canary";
        snapshot.items.front().fields["confirm_link"] = "https://f.example/t/1-a/alle";
        const Card card = channel_card(snapshot, shipped_notices());
        EXPECT_NE(card.lead.find(language == Language::Nb ? "to virkedager" : "to vyrkedagar"),
                  std::string::npos);
        ASSERT_EQ(card.links.size(), 1U);
        EXPECT_EQ(card.links.front().url, "https://f.example/t/1-a/alle");
    }
}

TEST(ChannelCard, TheMailOfASilentChannelSaysWhichSinceWhenAndWhatToDo) {
    for (const Language language : {Language::Nb, Language::Nn}) {
        const bool nb = language == Language::Nb;
        auto snapshot = one_case("reminder", language);
        snapshot.kind = workflows::NoticeKind::News;
        snapshot.items.front() = {};
        snapshot.items.front().notice = "channel_silent";
        snapshot.items.front().fields = {{"channel", "saksbehandlere"},
                                         {"since", "2021-01-19"},
                                         {"confirmed", "2021-01-13"},
                                         {"reply", "the workflow was turned off"}};
        const integrations::NoticeRenderer renderer;
        const auto mail = renderer.render(snapshot, shipped_notices());
        ASSERT_TRUE(mail.ok());
        EXPECT_NE(mail.value().subject.find("saksbehandlere"), std::string::npos);
        for (const char* const said :
             {nb ? "tirsdag 19. januar 2021" : "tysdag 19. januar 2021",
              nb ? "forrige bekreftelse: onsdag 13. januar 2021"
                 : "førre stadfesting: onsdag 13. januar 2021",
              "the workflow was turned off", nb ? "Gjør dette" : "Gjer dette", "/drift"}) {
            std::string text = mail.value().text;
            std::ranges::replace(text, '\n', ' ');
            EXPECT_NE(text.find(said), std::string::npos) << said << "\n" << mail.value().text;
        }
        const auto bytes = renderer.to_bytes(snapshot, mail.value(), shipped_notices());
        ASSERT_TRUE(bytes.ok());
        EXPECT_NE(bytes.value().front(), '{') << "it goes as mail";
    }
}

TEST(ChannelCard, NamesNobodyAndRepeatsNoWordsOfAnybody) {
    auto snapshot = news(Language::Nb, {"claimed", "more_time_asked", "address_refused", "noted"});
    for (auto& item : snapshot.items) {
        item.fields["text"] = "fritekst";
        item.responsible_name = "Ola Hansen";
        item.responsible_email = "ola@sf.example";
        item.debtor_contact_name = "Kari Lunde";
        item.debtor_contact_phone = "11 22 33 44";
    }
    const integrations::NoticeRenderer renderer;
    const auto rendered = renderer.render(snapshot, shipped_notices());
    ASSERT_TRUE(rendered.ok());
    const auto bytes = renderer.to_bytes(snapshot, rendered.value(), shipped_notices());
    ASSERT_TRUE(bytes.ok());
    const std::string all = all_of(channel_card(snapshot, shipped_notices())) + bytes.value() +
                            rendered.value().text + rendered.value().html;
    for (const char* const secret : {"fritekst", "Hansen", "Lunde", "ola@", "11 22 33 44"}) {
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    }
    EXPECT_EQ(bytes.value().front(), '{');
}

TEST(ChannelCard, InRedirectModeItIsMailToOneAddress) {
    auto definitions = shipped_notices();
    definitions.installation.sending = workflows::SendingMode::Redirect;
    definitions.installation.redirect_to = "prove@sf-innlandet.example";
    const auto snapshot = news(Language::Nb, {"claimed"});
    EXPECT_FALSE(integrations::texts::goes_as_card(snapshot, definitions.installation));
    const integrations::NoticeRenderer renderer;
    const auto rendered = renderer.render(snapshot, definitions);
    ASSERT_TRUE(rendered.ok());
    const auto bytes = renderer.to_bytes(snapshot, rendered.value(), definitions);
    ASSERT_TRUE(bytes.ok()) << bytes.error().message;
    EXPECT_NE(bytes.value().find("To: prove@sf-innlandet.example"), std::string::npos);
    EXPECT_EQ(integrations::address_for(snapshot, definitions.installation).subject_prefix,
              "[til teams:alle] ");
}

}  // namespace
}  // namespace fristvakt::tests
