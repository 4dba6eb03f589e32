#include <algorithm>
#include <regex>

#include "daemon/feeds/feed_contents.hpp"
#include "daemon/web/actions/action.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/meetings/answer_pages.hpp"
#include "daemon/web/meetings/people.hpp"
#include "integrations/embedded/embedded.hpp"
#include "tests/browser/town.hpp"
#include "tests/unit/web/asked_pages.hpp"
#include "workflows/decision/answer_link.hpp"

/// Who is called to a meeting: on its page, on Møter, and where they answer.
namespace fristvakt::tests {
namespace {

using namespace daemon;

class InvitationsTest : public AskedPages {
 protected:
    explicit InvitationsTest(const std::string& until = Town::Options{}.until)
        : town_{Town::Options{
              .until = until,
              .files = files_with_meeting(),
              .events =
                  R"({"at":"2021-01-26T09:00","case":"pulje-5/nettverk/2021-var","event":"invited"})"
                  "\n"}} {
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

    workflows::Case found() { return *town_.snapshot()->find_case(meeting_).value(); }
    int revision() { return found().revision; }
    std::string state() { return found().state; }

    const std::string meeting_{"pulje-5/nettverk/2021-var"};
    const std::string kari_{"kari.lunde@gjovik.kommune.example"};
    const std::string sigrid_{"sigrid.vole@lom.kommune.example"};
    Town town_;
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Actions actions_{engines_, pages_};
    AnswerPages answers_{town_, pages_, [] { return 0.0; }};
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

TEST_F(InvitationsTest, WhyIsToldOfAMeetingAsOfAMeeting) {
    const std::string page = get("/sak/" + meeting_).body;
    EXPECT_TRUE(has(page, "Det er vi som har det neste å gjøre med møtet."));
    EXPECT_FALSE(has(page, "Derfor får de ingen påminnelse nå."));
    EXPECT_FALSE(has(page, "mildere form"));
    EXPECT_TRUE(has(get("/sak/" + meeting_, "nn").body, "det neste å gjere med møtet"));
}

TEST_F(InvitationsTest, AreShownBeforeTheyAreTakenBackAndBeforeTheyGo) {
    const std::string path = "/sak/" + meeting_;
    const std::string page = get(path).body;
    const auto undo = page.find("class=\"fv-inline\" method=\"post\" action=\"/parti\"");
    ASSERT_NE(undo, std::string::npos) << "undoing it tells all who are called";
    EXPECT_TRUE(has(page.substr(undo), "Angre det siste som ble gjort …</button>"));
    const Form order{{"event", "reverted"},
                     {"sak", meeting_ + "@" + std::to_string(revision())},
                     {"revision", std::to_string(revision())},
                     {"fra", path}};
    const HttpResponse seen = post("/parti", order);
    EXPECT_EQ(seen.status, 200);
    EXPECT_TRUE(has(seen.body, "Ikke lenger innkalt: Nettverk for ressurspersoner"));
    EXPECT_TRUE(has(seen.body, "Til: " + kari_));
    EXPECT_TRUE(has(seen.body, "href=\"" + path + "\">Avbryt"));
    EXPECT_EQ(state(), "ready") << "nothing is done yet";
    EXPECT_EQ(post("/parti/utfor", last_form(seen.body)).status, 303);
    EXPECT_EQ(state(), "dated");
    const std::string again = get(path).body;
    EXPECT_TRUE(has(again, "type=\"submit\" formaction=\"/parti\">Send innkalling …</button>"));
    EXPECT_FALSE(has(again, "type=\"submit\">Send innkalling</button>")) << "not unseen";
    EXPECT_TRUE(has(again, "type=\"submit\">Skriv et notat</button>")) << "that tells nobody";
    EXPECT_TRUE(has(get(path, "nn").body, "Du ser kven som får kva"));
}

TEST_F(InvitationsTest, ASecondClickIsAnsweredAsTheFirst) {
    const std::string path = "/sak/" + meeting_;
    const auto shown = [&](const std::string& event) {
        return last_form(post("/parti", {{"event", event},
                                         {"sak", meeting_ + "@" + std::to_string(revision())},
                                         {"revision", std::to_string(revision())},
                                         {"fra", path}})
                             .body);
    };
    const auto where = [](const HttpResponse& response) {
        for (const auto& [name, value] : response.headers) {
            if (name == "Location") {
                return value;
            }
        }
        return std::string{};
    };
    for (const std::string event : {"reverted", "invited"}) {
        const Form order = shown(event);
        const HttpResponse first = post("/parti/utfor", order);
        ASSERT_EQ(first.status, 303) << first.body;
        const std::string state_then = state();
        const HttpResponse second = post("/parti/utfor", order);
        EXPECT_EQ(second.status, 303) << second.body;
        EXPECT_EQ(where(second), where(first)) << event;
        EXPECT_EQ(state(), state_then) << "done once";
    }
    Form other = shown("reverted");
    ASSERT_EQ(post("/parti/utfor", other).status, 303);
    std::ranges::find(other, std::string{"sak"}, &Form::value_type::first)->second =
        meeting_ + "@1";
    const HttpResponse late = post("/parti/utfor", other);
    EXPECT_EQ(late.status, 409) << "what was seen has passed";
    std::ranges::find(other, std::string{"event"}, &Form::value_type::first)->second = "nothing";
    EXPECT_EQ(post("/parti/utfor", other).status, 422);
}

TEST_F(InvitationsTest, ThatAreKeptBackAreSaidToBe) {
    RaiseEvent command;
    command.event.case_id = meeting_;
    command.event.name = "reverted";
    command.event.by = workflows::Actor::Creditor;
    ASSERT_TRUE(town_.raise(command).ok());
    EXPECT_TRUE(has(get("/sak/" + meeting_).body, "E-post på vei"));
    for (const auto& one : town_.snapshot()->invitations_of(meeting_).value()) {
        ASSERT_NE(one.invitation.message, 0);
    }
    ASSERT_TRUE(town_.hold("vi ser på det", "test").ok());
    EXPECT_TRUE(has(get("/sak/" + meeting_).body, "Holdt tilbake"));
    EXPECT_TRUE(has(get("/sak/" + meeting_, "nn").body, "Halden tilbake"));
}

TEST_F(InvitationsTest, WhereItIsHeldOnlineIsALinkOnThePage) {
    RaiseEvent command;
    command.event.case_id = meeting_;
    command.event.name = "online";
    command.event.by = workflows::Actor::Operator;
    command.event.fields = {{"join_url", "https://teams.example/j?a=1&b=2"}};
    ASSERT_TRUE(town_.raise(command).ok());
    const std::string page = get("/sak/" + meeting_).body;
    EXPECT_TRUE(has(page, "href=\"https://teams.example/j?a=1&amp;b=2\">Bli med på nett</a>"));
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

TEST_F(InvitationsTest, AreNotAnsweredWhileTheirNewTimeIsOnItsWay) {
    const std::string link = link_of(kari_);
    integrations::ConfigurationFiles folder{.name = "town", .files = {}};
    for (const auto& file : integrations::embedded_config()) {
        folder.files.emplace(file.path, file.content);
    }
    folder.files.erase("demo-events.jsonl");
    for (auto [path, text] : files_with_meeting()) {
        const std::string nine{"2021-03-23T09:00"};
        for (auto at = text.find(nine); at != std::string::npos; at = text.find(nine)) {
            text.replace(at, nine.size(), "2021-03-23T10:00");
        }
        folder.files.insert_or_assign(path, text);
    }
    const auto loaded = integrations::load_configuration(folder, {});
    ASSERT_NE(loaded.definitions, nullptr);
    ASSERT_TRUE(town_.use(loaded, std::nullopt).ok());
    EXPECT_TRUE(has(get(link).body, "Du får snart en ny innkalling på e-post."));
    EXPECT_FALSE(has(get(link).body, "Kommer du?"));
    EXPECT_TRUE(has(get(link, "nn").body, "Du får snart ei ny innkalling"));
    EXPECT_EQ(post(link, {{"svar", "accepted"}, {"nummer", "0"}}).status, 409);
    EXPECT_EQ(answer_of(kari_), "none") << "nobody is thanked for what does not count";
}

TEST_F(InvitationsTest, WhoHasDeclinedIsFreeInTheCalendarThatTheySubscribeTo) {
    const auto is_busy = [&] {
        integrations::StoredFeed feed;
        feed.of = integrations::StoredFeed::Of::Person;
        feed.subject = kari_;
        const auto snapshot = town_.snapshot();
        const auto calendar =
            feed_contents(feed, *town_.definitions(), *snapshot, town_.health().now).value();
        const auto entry = std::ranges::find_if(
            calendar.entries, [&](const auto& one) { return one.uid.ends_with(meeting_); });
        EXPECT_NE(entry, calendar.entries.end());
        return entry != calendar.entries.end() && entry->is_busy;
    };
    EXPECT_TRUE(is_busy());
    ASSERT_EQ(post(link_of(kari_), {{"svar", "declined"}, {"nummer", "0"}}).status, 200);
    EXPECT_FALSE(is_busy());
    ASSERT_EQ(post(link_of(kari_), {{"svar", "accepted"}, {"nummer", "0"}}).status, 200);
    EXPECT_TRUE(is_busy());
}

TEST_F(InvitationsTest, AreAnsweredOnAPageWithoutTheDesk) {
    ASSERT_TRUE(has(get("/moter").body, "Hovedmeny"));
    const std::string page = get(link_of(kari_)).body;
    EXPECT_FALSE(has(page, "Hovedmeny"));
    EXPECT_FALSE(has(page, "Demoklokke"));
    EXPECT_FALSE(has(page, "href=\"/frister\""));
    EXPECT_TRUE(has(page, "Nynorsk")) << "the other language";
}

TEST_F(InvitationsTest, AskInTheLanguageOfWhomTheyCall) {
    EXPECT_TRUE(has(get(link_of(sigrid_), "").body, "Kjem du?"));
    EXPECT_TRUE(has(get(link_of(sigrid_), "nb").body, "Kommer du?")) << "when they ask for it";
    EXPECT_TRUE(has(get(link_of(kari_), "nn").body, "Kjem du?"));
    EXPECT_TRUE(has(get(link_of(kari_), "nn").body, "?lang=nn"));
}

TEST_F(InvitationsTest, SayWhoIsAskedToWhat) {
    const std::string page = get(link_of(kari_)).body;
    EXPECT_TRUE(has(page, "Til Kari Lunde"));
    EXPECT_TRUE(has(page, "<p class=\"fv-text\">Status &lt;alle&gt;</p>"));
    EXPECT_TRUE(has(page, "Arrangør: Statsforvalteren i Innlandet"));
    EXPECT_TRUE(has(page, "Dette skal dere sende inn før møtet"));
    EXPECT_TRUE(has(page, "<li>Notat om status, frist tirsdag 16. mars 2021</li>"));
    EXPECT_TRUE(has(get(link_of(kari_), "nn").body, "Dette skal de sende inn før møtet"));
}

/// On the day after the meeting.
class PastInvitationsTest : public InvitationsTest {
 protected:
    PastInvitationsTest() : InvitationsTest("2021-03-24T09:00") {}
};

TEST_F(PastInvitationsTest, SayWhyNothingIsAsked) {
    RaiseEvent command;
    command.event.case_id = meeting_;
    command.event.name = "held";
    command.event.by = workflows::Actor::Creditor;
    ASSERT_TRUE(town_.raise(command).ok());
    command.event.name = "without_minutes";
    ASSERT_TRUE(town_.raise(command).ok());
    const std::string page = get(link_of(kari_)).body;
    EXPECT_TRUE(has(page, "Møtet er over. Du trenger ikke svare."));
    EXPECT_FALSE(has(page, "avlyst"));
    EXPECT_FALSE(has(page, "Kommer du?"));
    EXPECT_TRUE(has(get(link_of(kari_), "nn").body, "Du treng ikkje svare."));
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

TEST_F(InvitationsTest, WhoSendsSomebodyElseIsNoMaybe) {
    const std::string person = invitation_of(kari_).invitation.person;
    ASSERT_EQ(
        post("/sak/" + meeting_ + "/svar", {{"attendee", person}, {"answer", "delegated"}}).status,
        303);
    EXPECT_TRUE(has(get("/moter").body, "1 sender en annen"));
    EXPECT_FALSE(has(get("/moter").body, "1 kanskje"));
    EXPECT_TRUE(has(get("/moter", "nn").body, "1 sender ein annan"));
}

TEST_F(InvitationsTest, WhoeverMayOnlyReadGetsNoForms) {
    visitor_ = {};
    EXPECT_EQ(
        post("/sak/" + meeting_ + "/svar", {{"attendee", "p0"}, {"answer", "accepted"}}).status,
        401);
    EXPECT_EQ(get(link_of(kari_)).status, 200) << "the link is all that an answer takes";
}

std::map<std::string, std::string> in_calendar() {
    auto files = files_with_meeting();
    std::string text = shipped_file("fristvakt.yaml");
    const auto replace = [&](const std::string& old, const std::string& with) {
        text.replace(text.find(old), old.size(), with);
    };
    replace("\nsending: spool",
            "\nsending: live\ngraph: {tenant: sf.example, client_id: "
            "5f0c0de0-0000-4000-8000-00000000000a, secret: {credential: graph}, "
            "mailbox: moter@sf-innlandet.example}");
    replace("reply_to: post@sf-innlandet.example}",
            "reply_to: post@sf-innlandet.example, smtp: {url: \"smtp://127.0.0.1:1\", "
            "starttls: off}}");
    files.emplace("fristvakt.yaml", text);
    return files;
}

class CalendarPreviewTest : public AskedPages {
 protected:
    CalendarPreviewTest() { serve(actions_, pages_); }

    const std::string meeting_{"pulje-5/nettverk/2021-var"};
    Town town_{Town::Options{.files = in_calendar()}};
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Actions actions_{engines_, pages_};
};

TEST_F(CalendarPreviewTest, NamesWhoIsCalledFromWhereToWhatWhenAndWhere) {
    const auto item = *town_.snapshot()->find_case(meeting_).value();
    const std::string revision = std::to_string(item.revision);
    const HttpResponse shown =
        post("/parti",
             {{"event", "invited"}, {"sak", meeting_ + "@" + revision}, {"revision", revision}});
    ASSERT_EQ(shown.status, 200) << shown.body;
    for (const char* const said :
         {"Får beskjed fra kalenderen i Microsoft 365 (", "Innkalling: ",
          "Nettverk for ressurspersoner", "tirsdag 23. mars 2021 kl. 09.00–12.00, Teams",
          "<li>Kari Lunde, Gjøvik kommune</li>", "får beskjed fra kalenderen"}) {
        EXPECT_TRUE(has(shown.body, said)) << said;
    }
    EXPECT_FALSE(has(shown.body, "Ingen får melding om dette."));
    EXPECT_TRUE(town_.snapshot()->invitations_of(meeting_).value().empty()) << "nothing is done";
}

std::map<std::string, std::string> open_to_others(const std::string& open) {
    auto files = files_with_meeting();
    std::string& text = files.begin()->second;
    const std::string place{"        place: Teams\n"};
    text.insert(text.find(place), "        open: " + open + "\n");
    return files;
}

class OpenMeetingsTest : public AskedPages {
 protected:
    OpenMeetingsTest() {
        answers_.add_routes(router_);
        serve(actions_, pages_);
        visitor_ = {};  // A stranger.
    }

    const std::string path_{"/p/pulje-5/nettverk/2021-var"};
    Town town_{Town::Options{
        .files = open_to_others("{limit: 2}"),
        .events =
            R"({"at":"2021-01-26T09:00","case":"pulje-5/nettverk/2021-var","event":"invited"})"
            "\n"}};
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Actions actions_{engines_, pages_};
    AnswerPages answers_{town_, pages_, [] { return 0.0; }};
};

TEST_F(OpenMeetingsTest, AnybodySignsUpUntilItIsFull) {
    const std::string first = get(path_).body;
    EXPECT_TRUE(has(first, "Meld meg på"));
    EXPECT_TRUE(
        has(first, "Siste dag å melde seg på er mandag 22. mars 2021. 2 av 2 plasser er ledige."));
    EXPECT_TRUE(has(first, "Vi bruker adressen til å sende deg innkallingen"));
    const auto sign_up = [&](const std::string& address) {
        return post(path_, {{"navn", "Ute Gjest"}, {"adresse", address}});
    };
    EXPECT_EQ(sign_up("ikke en adresse").status, 422);
    EXPECT_EQ(post(path_, {{"adresse", "ute@annet.example"}}).status, 422);
    EXPECT_TRUE(has(sign_up("ute@annet.example").body, "Innkallingen kommer på e-post"));
    EXPECT_EQ(sign_up("ute@annet.example").status, 200);
    EXPECT_EQ(sign_up("to@annet.example").status, 200);
    const HttpResponse full = sign_up("tre@annet.example");
    EXPECT_EQ(full.status, 409);
    EXPECT_TRUE(has(full.body, "Møtet er fullt."));
    EXPECT_FALSE(has(full.body, "Meld meg på"));
    EXPECT_FALSE(has(get(path_).body, "ute@annet.example")) << "nobody reads who comes";
    visitor_ = local_visitor();
    const std::string page = get("/sak/pulje-5/nettverk/2021-var").body;
    EXPECT_TRUE(has(page, "Ute Gjest"));
    EXPECT_TRUE(std::regex_search(
        page, std::regex{"Påmeldt</[a-z]+>\\s*<td[^>]*>Ute Gjest</td>\\s*<td[^>]*></td>"}))
        << "and not as one of ours: " << page;
    EXPECT_TRUE(has(page, ": 2 kommer, ")) << "who signed up has said that they come";
    EXPECT_TRUE(has(page, "Møtet er fullt.")) << "and there is no link to follow in vain";
}

TEST_F(OpenMeetingsTest, ThePageSaysWhoHoldsItAndWhatItIsAbout) {
    const std::string page = get(path_).body;
    EXPECT_TRUE(has(page, "Arrangør: Statsforvalteren i Innlandet"));
    EXPECT_TRUE(has(page, "<p class=\"fv-text\">Status &lt;alle&gt;</p>"));
}

TEST_F(OpenMeetingsTest, WhatIsWrongIsSaidAtItsFieldAndTheRestIsKept) {
    const auto said = [&](const std::string& name, const std::string& address,
                          const std::string& lang = "nb") {
        const HttpResponse answer = post(path_, {{"navn", name}, {"adresse", address}}, lang);
        EXPECT_EQ(answer.status, 422);
        return answer.body;
    };
    const std::string letters = said("Ute Gjest", "åse@annet.example");
    EXPECT_TRUE(has(letters, "E-postadressen kan ikke ha æ, ø, å"));
    EXPECT_TRUE(has(letters, "href=\"#p-adresse\""));
    EXPECT_TRUE(has(letters, "id=\"p-adresse-feil\""));
    EXPECT_FALSE(has(letters, "id=\"p-navn-feil\"")) << "that is right";
    EXPECT_TRUE(has(letters, "value=\"Ute Gjest\""));
    EXPECT_TRUE(has(said("Ute", std::string(300, 'a')), "E-postadressen er for lang"));
    EXPECT_TRUE(has(said("Ute", "ute"), "Skriv hele e-postadressen, slik:"));
    EXPECT_TRUE(has(said("<>\";", "ute@annet.example"), "Skriv bare navnet, uten @, &lt; og &gt;"));
    EXPECT_TRUE(has(said(std::string(200, 'x'), "ute@annet.example"), "Navnet er for langt."));
    const std::string empty = said("", "", "nn");
    EXPECT_TRUE(has(empty, "Skriv namnet"));
    EXPECT_TRUE(has(empty, "Skriv e-postadressa"));
}

TEST_F(OpenMeetingsTest, OneMachineSignsUpSoManyAndNoMore) {
    int refused = 0;
    for (int count = 0; count < 12; ++count) {
        refused += post(path_, {{"navn", "x"}, {"adresse", "x@y.example"}}).status == 429 ? 1 : 0;
    }
    EXPECT_EQ(refused, 2);
}

TEST_F(OpenMeetingsTest, WhoMisspellsTheirAddressMayTryAgainAndAgain) {
    for (int count = 0; count < 60; ++count) {
        EXPECT_EQ(post(path_, {{"navn", "x"}, {"adresse", "x"}}).status, 422);
    }
    EXPECT_EQ(post(path_, {{"navn", "x"}, {"adresse", "x"}}).status, 429);
    EXPECT_EQ(post(path_, {{"navn", "x"}, {"adresse", "x@y.example"}}).status, 200);
}

struct Shut {
    const char* name;
    const char* open;
    bool is_invited;
    const char* says;
};
void PrintTo(const Shut& shut, std::ostream* out) {
    *out << shut.name;
}

class ShutMeetingsTest : public AskedPages, public testing::WithParamInterface<Shut> {
 protected:
    ShutMeetingsTest() {
        answers_.add_routes(router_);
        serve(actions_, pages_);
    }

    const std::string meeting_{"pulje-5/nettverk/2021-var"};
    Town town_{Town::Options{
        .files = open_to_others(GetParam().open),
        .events =
            GetParam().is_invited
                ? R"({"at":"2021-01-26T09:00","case":"pulje-5/nettverk/2021-var","event":"invited"})"
                  "\n"
                : ""}};
    VisitorEngines engines_{town_};
    Pages pages_{engines_, "1.2.3"};
    Actions actions_{engines_, pages_};
    AnswerPages answers_{town_, pages_, [] { return 0.0; }};
};

TEST_P(ShutMeetingsTest, SayWhyNobodyCanSignUp) {
    const std::string path = "/p/" + meeting_;
    EXPECT_TRUE(has(get(path).body, GetParam().says));
    EXPECT_FALSE(has(get(path).body, "Meld meg på"));
    const HttpResponse answer = post(path, {{"navn", "x"}, {"adresse", "x@y.example"}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_TRUE(has(answer.body, GetParam().says));
    const std::string page = get("/sak/" + meeting_).body;
    EXPECT_TRUE(has(page, GetParam().says));
    EXPECT_FALSE(has(page, path + "\">")) << "a link that leads nowhere";
}

INSTANTIATE_TEST_SUITE_P(
    All, ShutMeetingsTest,
    testing::Values(Shut{"not_yet", "true", false, "Den åpner når innkallingen er sendt."},
                    Shut{"not_any_more", "{until: 2021-01-25}", true,
                         "Påmeldingen er stengt. Siste dag var mandag 25. januar 2021."},
                    Shut{"cancelled", "true\n        cancelled: få", false, "Møtet er avlyst."}),
    [](const auto& row) { return row.param.name; });

TEST_F(InvitationsTest, NobodySaysThatItWasHeldBeforeItBegins) {
    EXPECT_FALSE(has(get("/sak/" + meeting_).body, "Møtet er holdt"));
    EXPECT_EQ(words_of_refusal("not-begun", nullptr, *town_.definitions()).nb,
              "Møtet har ikke begynt");
}

TEST_F(InvitationsTest, AMeetingThatIsNotOpenHasNoPageToSignUp) {
    EXPECT_EQ(get("/p/" + meeting_).status, 404);
    EXPECT_EQ(get("/p/pulje-5/plan/gjovik").status, 404);
    EXPECT_EQ(post("/p/" + meeting_, {{"navn", "x"}, {"adresse", "x@y.example"}}).status, 404);
}

}  // namespace
}  // namespace fristvakt::tests
