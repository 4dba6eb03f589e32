#include "daemon/web/actions/actions.hpp"
#include "daemon/web/meetings/answer_pages.hpp"
#include "daemon/web/meetings/people.hpp"
#include "tests/browser/town.hpp"
#include "tests/unit/web/asked_pages.hpp"
#include "workflows/decision/answer_link.hpp"

/// Who is called to a meeting: on its page, on Møter, and where they answer.
namespace fristvakt::tests {
namespace {

using namespace daemon;

class InvitationsTest : public AskedPages {
 protected:
    InvitationsTest() {
        answers_.add_routes(router_);
        serve(actions_, pages_);
    }

    workflows::StoredInvitation invitation_of(const std::string& address) {
        for (const auto& one : town_.snapshot()->invitations_of(meeting_).value()) {
            if (one.person.address == address) {
                return one;
            }
        }
        ADD_FAILURE() << address << " is not called";
        return {};
    }
    std::string link_of(const std::string& address) {
        return workflows::answer_link("", town_.snapshot()->ledger().value().salt, meeting_,
                                      invitation_of(address).invitation.person);
    }
    std::string answer_of(const std::string& address) {
        return std::string{
            to_string(workflows::counting_response(invitation_of(address).invitation))};
    }

    const std::string meeting_{"pulje-5/nettverk/2021-var"};
    const std::string kari_{"kari.lunde@gjovik.kommune.example"};
    const std::string sigrid_{"sigrid.vole@lom.kommune.example"};
    Town town_{Town::Options{
        .files = files_with_meeting(),
        .events =
            R"({"at":"2021-01-26T09:00","case":"pulje-5/nettverk/2021-var","event":"invited"})"
            "\n"}};
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Actions actions_{engines_, pages_};
    AnswerPages answers_{town_, pages_};
};

TEST_F(InvitationsTest, StandOnThePageOfTheMeetingAndOnMoter) {
    const std::string page = get("/sak/" + meeting_).body;
    EXPECT_TRUE(has(page, "Deltakere"));
    EXPECT_TRUE(has(page, "Kari Lunde"));
    EXPECT_TRUE(has(page, "Ikke svart"));
    EXPECT_TRUE(has(page, "Noen har svart på annen måte"));
    EXPECT_FALSE(has(page, "Registrer hvem som var med")) << "it has not begun";
    EXPECT_TRUE(has(get("/moter").body, "har ikke svart"));
    EXPECT_TRUE(has(get("/sak/" + meeting_, "nn").body, "Ikkje svart"));
    EXPECT_FALSE(has(get("/sak/pulje-5/plan/gjovik").body, "Deltakere"));
}

TEST_F(InvitationsTest, AreAnsweredByTheLinkAndTheAnswerCanBeChanged) {
    const std::string link = link_of(kari_);
    const HttpResponse asked = get(link);
    EXPECT_EQ(asked.status, 200) << asked.body;
    EXPECT_TRUE(has(asked.body, "Kommer du?"));
    EXPECT_TRUE(has(asked.body, "tirsdag 23. mars 2021 kl. 09.00–12.00"));
    EXPECT_EQ(answer_of(kari_), "none") << "reading it changes nothing";
    const HttpResponse thanked = post(link, {{"svar", "accepted"}, {"nummer", "0"}});
    EXPECT_EQ(thanked.status, 200);
    EXPECT_TRUE(has(thanked.body, "Takk, svaret er registrert."));
    EXPECT_EQ(answer_of(kari_), "accepted");
    EXPECT_EQ(post(link, {{"svar", "declined"}, {"nummer", "0"}}).status, 200);
    EXPECT_EQ(answer_of(kari_), "declined");
    EXPECT_TRUE(has(get(link).body, "Du har svart: Kommer ikke"));
    EXPECT_EQ(answer_of(sigrid_), "none") << "theirs alone";
    EXPECT_TRUE(has(get("/moter").body, "1 kommer ikke"));
}

TEST_F(InvitationsTest, AskInTheLanguageOfWhomTheyCall) {
    EXPECT_TRUE(has(get(link_of(sigrid_)).body, "Kjem du?"));
}

TEST_F(InvitationsTest, WhatIsNoAnswerChangesNothing) {
    const std::string link = link_of(kari_);
    EXPECT_EQ(post(link, {{"svar", "kanskje"}, {"nummer", "0"}}).status, 422);
    EXPECT_EQ(post(link, {}).status, 422);
    EXPECT_EQ(post(link, {{"svar", "accepted"}, {"nummer", "7"}}).status, 422);
    EXPECT_EQ(answer_of(kari_), "none");
}

TEST_F(InvitationsTest, AnotherLinkIsNone) {
    std::string link = link_of(kari_);
    const auto last = link.find("/pulje-5") - 1;
    link[last] = link[last] == '0' ? '1' : '0';
    EXPECT_EQ(get(link).status, 404);
    EXPECT_EQ(post(link, {{"svar", "accepted"}, {"nummer", "0"}}).status, 404);
    EXPECT_EQ(get("/m/x/" + meeting_).status, 404);
    EXPECT_EQ(get("/m/x/pulje-5/nothing").status, 404);
    std::string other = link_of(kari_);
    other.replace(other.find(meeting_), meeting_.size(), "pulje-5/plan/gjovik");
    EXPECT_EQ(get(other).status, 404) << "a link is for one meeting";
    EXPECT_EQ(answer_of(kari_), "none");
}

TEST_F(InvitationsTest, AreAnsweredByTelephoneToo) {
    const std::string person = invitation_of(kari_).invitation.person;
    EXPECT_EQ(
        post("/sak/" + meeting_ + "/svar", {{"attendee", person}, {"answer", "tentative"}}).status,
        303);
    EXPECT_EQ(answer_of(kari_), "tentative");
    EXPECT_TRUE(has(get("/sak/" + meeting_).body, "Kanskje"));
    EXPECT_EQ(
        post("/sak/" + meeting_ + "/svar", {{"attendee", "p0"}, {"answer", "accepted"}}).status,
        404);
    EXPECT_EQ(post("/sak/" + meeting_ + "/svar", {{"attendee", person}, {"answer", "x"}}).status,
              409);
    EXPECT_EQ(post("/sak/" + meeting_ + "/deltakere", {{"present", person}}).status, 409)
        << "it has not begun";
}

TEST_F(InvitationsTest, WhoeverMayOnlyReadGetsNoForms) {
    visitor_ = {};
    EXPECT_EQ(
        post("/sak/" + meeting_ + "/svar", {{"attendee", "p0"}, {"answer", "accepted"}}).status,
        401);
    EXPECT_EQ(get(link_of(kari_)).status, 200) << "the link is all that an answer takes";
}

}  // namespace
}  // namespace fristvakt::tests
