#include <regex>

#include <gtest/gtest.h>

#include "daemon/http/router.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/status.hpp"
#include "tests/unit/web/asked_town.hpp"

/// The forms of the pages over a router: what they show, do, refuse and undo.
namespace fristvakt::tests {
namespace {

using namespace daemon;

class ActionTest : public AskedTown {
 protected:
    /// As a browser does after a POST.
    HttpResponse follow(const HttpResponse& response) {
        EXPECT_EQ(response.status, 303) << response.body;
        return get(header(response, "Location"));
    }
};

TEST_F(ActionTest, TheCasePageOffersWhatTheStateAllows) {
    const std::string awaited = get("/sak/" + tynset_).body;
    for (const char* title :
         {"Registrer mottatt", "Meldt sendt på vegne av dem", "Gi lengre frist", "Gjelder ikke",
          "Ingenting å melde", "Sett påminnelsene på pause", "Send påminnelse nå",
          "Stopp en påminnelse", "Skriv et notat", "Trekk saken"}) {
        EXPECT_TRUE(has(awaited, std::string{"<summary>"} + title)) << title;
    }
    EXPECT_FALSE(has(awaited, "<summary>Godkjenn"));
    const std::string received = get("/sak/pulje-5/plan/lom").body;
    EXPECT_TRUE(has(received, "<summary>Noe mangler"));
    EXPECT_TRUE(has(received, "<summary>Godkjenn"));
    EXPECT_FALSE(has(received, "<summary>Send påminnelse nå"));
    const std::string nn = get("/sak/" + tynset_, "nn").body;
    EXPECT_TRUE(has(nn, "<summary>Registrer motteke"));
    EXPECT_FALSE(has(nn, "Registrer mottatt"));
}

struct Doing {
    std::string event;
    Form fields;
    std::string state;
    bool undone;
};

TEST_F(ActionTest, TheLogCallsNothingToReportByItsName) {
    EXPECT_EQ(act(tynset_, "nothing_to_report").status, 303);
    EXPECT_TRUE(has(get("/hendelser").body, "Ikke levert → Ingenting å melde"));
}

TEST_F(ActionTest, AFormIsTakenAsABrowserSendsIt) {
    const std::string page = get("/sak/" + tynset_).body;
    const std::string about{"name=\"event\" value=\"received\""};
    const auto at = page.find(about);
    ASSERT_NE(at, std::string::npos);
    const auto begin = page.rfind("<form class=\"fv-action\"", at);
    Form form = last_form(page.substr(begin, page.find("</form>", at) - begin));
    form.emplace_back("received_on", "2021-01-26");
    EXPECT_EQ(post("/sak/" + tynset_ + "/handling", form).status, 303);
    EXPECT_EQ(find(tynset_).state, "received");
}

TEST_F(ActionTest, EachIsDoneShownAndUndone) {
    for (const Doing& row : {
             Doing{"received",
                   {{"received_on", "2021-01-26"}, {"document_number", "21/7-3"}},
                   "received",
                   true},
             Doing{"claimed", {}, "claimed", true},
             Doing{"more_time_given", {{"until", "2021-02-12"}}, "awaited", true},
             Doing{"exempted", {{"reason", "for liten"}}, "exempt", true},
             Doing{"nothing_to_report", {}, "claimed", true},
             Doing{"paused", {{"until", "2021-02-05"}, {"reason", "ferie"}}, "awaited", true},
             Doing{
                 "reminder_stopped", {{"step", "due+6wd"}, {"reason", "ringte"}}, "awaited", true},
             Doing{"withdrawn", {{"reason", "feil"}}, "withdrawn", true},
             Doing{"noted", {{"text", "Ringte.\nDe svarte."}}, "awaited", false},
             Doing{"sent_now", {{"notice", ""}}, "awaited", false},
         }) {
        SCOPED_TRACE(row.event);
        const HttpResponse done = act(tynset_, row.event, row.fields);
        const std::string shown = follow(done).body;
        EXPECT_EQ(find(tynset_).state, row.state);
        EXPECT_TRUE(has(shown, "Gjort: "));
        EXPECT_EQ(has(shown, ">Angre</button>"), row.undone);
        if (row.undone) {
            const std::string after = follow(act(tynset_, "reverted")).body;
            EXPECT_EQ(find(tynset_).state, "awaited");
            EXPECT_FALSE(find(tynset_).paused);
            EXPECT_TRUE(has(after, "Gjort: "));
        }
    }
}

TEST_F(ActionTest, NothingToReportIsToldApartFromSentAndFromReceived) {
    const auto status = [&] { return status_of(find(tynset_), *town_.definitions(), {}).kind; };
    const auto said = [&] { return find(tynset_).fields.contains("nothing_to_report"); };
    const std::string shown = follow(act(tynset_, "nothing_to_report")).body;
    EXPECT_EQ(status(), StatusKind::NothingClaimed);
    EXPECT_TRUE(has(shown, "Ingenting å melde, ubekreftet"));
    EXPECT_TRUE(has(shown, "Saken er nå «Ingenting å melde»"));
    EXPECT_TRUE(has(shown, "<summary>Bekreft «ingenting å melde»"));
    EXPECT_FALSE(has(shown, "Meldt sendt"));
    EXPECT_TRUE(has(get("/sak/" + tynset_, "nn").body, "Ingenting å melde, ikkje stadfesta"));
    EXPECT_TRUE(has(get("/frister?status=nothing-claimed").body, "/sak/" + tynset_));
    EXPECT_TRUE(has(get("/frister?status=claimed").body, "/sak/" + tynset_)) << "waits for us";
    (void)follow(act(tynset_, "received"));
    EXPECT_EQ(status(), StatusKind::NothingToReport);
    EXPECT_TRUE(has(get("/oversikt").body, "Ingenting å melde</a><small>bekreftet "));
    (void)follow(act(tynset_, "reverted"));
    EXPECT_EQ(status(), StatusKind::NothingClaimed);
    // It shall be sent after all: nothing is left of what was said.
    (void)follow(act(tynset_, "not_found"));
    EXPECT_FALSE(said());
    (void)follow(act(tynset_, "claimed"));
    EXPECT_EQ(status(), StatusKind::Claimed);
    (void)follow(act(tynset_, "received"));
    EXPECT_EQ(status(), StatusKind::Received);
}

TEST_F(ActionTest, WhoeverSaysNothingToReportGetsThatAnswer) {
    const std::string seen =
        post("/parti", {{"event", "nothing_to_report"}, {"sak", tynset_ + "@0"}, {"vist", "1"}})
            .body;
    EXPECT_TRUE(has(seen, "Ikke levert → Ingenting å melde"));
    EXPECT_TRUE(has(seen, "status «Ingenting å melde»"));
    EXPECT_FALSE(has(seen, "Meldt sendt"));
    const HttpResponse done = post(
        "/parti/utfor", {{"event", "nothing_to_report"}, {"sak", tynset_ + "@0"}, {"vist", "1"}});
    EXPECT_TRUE(has(follow(done).body, "1 sak gjort"));
    // Confirmed for several at once, or taken back.
    const std::string confirmed =
        post("/parti", {{"event", "received"}, {"sak", tynset_ + "@1"}, {"vist", "1"}}).body;
    EXPECT_TRUE(has(confirmed, "1 sak endres"));
    EXPECT_TRUE(has(confirmed, "har registrert at Tynset kommune"));
    EXPECT_FALSE(has(confirmed, "har registrert «"));
    (void)follow(post("/parti/1/angre", {}));
    EXPECT_FALSE(find(tynset_).fields.contains("nothing_to_report"));
}

TEST_F(ActionTest, AReceiptIsSparedWhereTheOfficerSaysSo) {
    const Form all{{"event", "received"}, {"sak", tynset_ + "@0"}, {"vist", "1"}};
    EXPECT_TRUE(has(post("/parti", all).body, "Mottatt: Kommunens plan"));
    Form spared = all;
    spared.emplace_back("receipt", "no");
    EXPECT_FALSE(has(post("/parti", spared).body, "Mottatt: Kommunens plan"));
    const std::string page = get("/sak/" + tynset_).body;
    EXPECT_TRUE(has(page, "Ikke send kvittering"));
    EXPECT_TRUE(has(get("/sak/" + tynset_, "nn").body, "Ikkje send kvittering"));
    const std::string shown = follow(act(tynset_, "received", {{"receipt", "no"}})).body;
    EXPECT_EQ(find(tynset_).state, "received");
    EXPECT_TRUE(has(shown, "kvittering: ingen")) << "the history says why nobody was told";
    // Whoever shall still deliver is told so, whatever the form holds.
    (void)follow(act(tynset_, "reverted"));
    (void)follow(act(tynset_, "claimed"));
    EXPECT_EQ(act(tynset_, "not_found", {{"receipt", "no"}}).status, 422);
    EXPECT_EQ(find(tynset_).state, "claimed");
}

TEST_F(ActionTest, BulkAsksWhatIsMissing) {
    const Form chosen{{"event", "incomplete"}, {"sak", "pulje-5/plan/lom@1"},
                      {"sak", tynset_ + "@0"}, {"missing", "Vedlegg 2"},
                      {"until", "2021-02-12"}, {"vist", "1"}};
    const std::string seen = post("/parti", chosen).body;
    EXPECT_TRUE(has(seen, "1 sak endres · 1 hoppes over")) << seen.substr(0, 3000);
    EXPECT_TRUE(has(seen, "Vedlegg 2"));
}

TEST_F(ActionTest, AFormWithMistakesComesBackWithWhatWasWritten) {
    const HttpResponse missing = act(tynset_, "exempted", {{"reason", "  "}});
    EXPECT_EQ(missing.status, 422);
    EXPECT_TRUE(has(missing.body, "ds-error-summary"));
    EXPECT_TRUE(has(missing.body, "href=\"#f-exempted-reason\""));
    EXPECT_TRUE(has(missing.body, "aria-invalid=\"true\""));
    const HttpResponse past =
        act(tynset_, "more_time_given", {{"until", "2021-01-01"}, {"reason", "<b>Fordi</b>"}});
    EXPECT_EQ(past.status, 422);
    EXPECT_TRUE(has(past.body, "må være i dag eller senere"));
    EXPECT_TRUE(has(past.body, "&lt;b&gt;Fordi&lt;/b&gt;"));
    EXPECT_EQ(find(tynset_).revision, 0);
}

TEST_F(ActionTest, TheSecondOfTwoOfficersIsToldAndNothingIsOverwritten) {
    const std::string seen = revision(tynset_);
    (void)follow(act(tynset_, "more_time_given", {{"until", "2021-02-12"}, {"hvem", "Ida Berg"}}));
    const HttpResponse second =
        post("/sak/" + tynset_ + "/handling",
             {{"event", "exempted"}, {"revision", seen}, {"reason", "liten"}});
    EXPECT_EQ(second.status, 409);
    EXPECT_TRUE(has(second.body, "Noen andre kom først"));
    EXPECT_TRUE(has(second.body, "ga lengre frist"));
    EXPECT_TRUE(has(second.body, "Ida Berg"));
    EXPECT_TRUE(has(second.body, "liten"));
    EXPECT_EQ(find(tynset_).state, "awaited");
}

TEST_F(ActionTest, ADoubleClickCountsOnce) {
    const Form form{{"event", "received"}, {"revision", "0"}};
    EXPECT_EQ(post("/sak/" + tynset_ + "/handling", form).status, 303);
    EXPECT_EQ(post("/sak/" + tynset_ + "/handling", form).status, 303);
    EXPECT_EQ(find(tynset_).revision, 1);
}

TEST_F(ActionTest, WhoeverMayOnlyReadSeesNoFormsAndChangesNothing) {
    visitor_ = {.kind = Visitor::Kind::Person,
                .address = "kari@sf.example",
                .name = "Kari",
                .permissions = {{rights_of(workflows::Role::Reader), {}}}};
    EXPECT_FALSE(has(get("/sak/" + tynset_).body, "/handling"));
    EXPECT_FALSE(has(get("/oversikt").body, "action=\"/parti\""));
    EXPECT_FALSE(has(get("/utboks").body, "/handling"));
    EXPECT_EQ(act(tynset_, "received").status, 403);
    EXPECT_EQ(post("/utboks/handling", {{"event", "hold"}, {"reason", "x"}}).status, 403);
    EXPECT_EQ(find(tynset_).revision, 0);
}

TEST_F(ActionTest, WhoIsSignedInIsNotAskedForANameAndStandsInTheLog) {
    visitor_ = {.kind = Visitor::Kind::Person,
                .address = "ida@sf.example",
                .name = "Ida Berg",
                .permissions = {{rights_of(workflows::Role::CaseOfficer), {}}}};
    EXPECT_FALSE(has(get("/sak/" + tynset_).body, "name=\"hvem\""));
    const std::string shown = follow(act(tynset_, "received", {{"hvem", "somebody else"}})).body;
    EXPECT_TRUE(has(shown, "Ida Berg"));
    EXPECT_FALSE(has(shown, "somebody else"));
}

TEST_F(ActionTest, BulkIsForeseenDoneShownAndUndone) {
    const Form chosen{{"pulje", "pulje-5"}, {"kol", "plan"},      {"krav", "plan"},
                      {"rad", "tynset:0"},  {"rad", "gjovik:99"}, {"rad", "finst-ikkje:0"},
                      {"event", "received"}};
    const auto head = town_.snapshot()->head().value().sequence;
    const HttpResponse seen = post("/parti", chosen);
    EXPECT_EQ(seen.status, 200);
    EXPECT_TRUE(has(seen.body, "1 sak endres · 2 hoppes over · 1 melding går ut"));
    EXPECT_TRUE(has(seen.body, "Noen andre har gjort noe i saken"));
    EXPECT_TRUE(has(seen.body, "Saken finnes ikke"));
    EXPECT_TRUE(has(seen.body, "Mottatt: "));
    EXPECT_EQ(town_.snapshot()->head().value().sequence, head) << "nothing is written";
    Form confirmed{{"event", "received"},
                   {"sak", tynset_ + "@0"},
                   {"sak", "pulje-5/plan/gjovik@99"},
                   {"received_on", "2021-01-26"},
                   {"vist", "1"}};
    const HttpResponse done = post("/parti/utfor", confirmed);
    EXPECT_EQ(header(done, "Location"), "/parti/1");
    const std::string result = follow(done).body;
    EXPECT_TRUE(has(result, "1 sak gjort · 1 hoppet over"));
    EXPECT_EQ(find(tynset_).state, "received");
    EXPECT_EQ(header(post("/parti/utfor", confirmed), "Location"), "/parti/1") << "counts once";
    const std::string undone = follow(post("/parti/1/angre", {})).body;
    EXPECT_TRUE(has(undone, "1 sak gjort"));
    EXPECT_EQ(find(tynset_).state, "awaited");
    EXPECT_EQ(get("/parti/77").status, 404);
}

TEST_F(ActionTest, BulkAsksForWhatItNeedsFirst) {
    const Form chosen{{"event", "more_time_given"}, {"sak", tynset_ + "@0"}};
    const HttpResponse asked = post("/parti", chosen);
    EXPECT_EQ(asked.status, 200);
    EXPECT_FALSE(has(asked.body, "/parti/utfor"));
    EXPECT_TRUE(has(asked.body, ">Avbryt. Ingenting er gjort")) << "the way back";
    Form again = chosen;
    again.emplace_back("vist", "1");
    EXPECT_EQ(post("/parti", again).status, 422);
    again.emplace_back("until", "2021-02-12");
    const HttpResponse seen = post("/parti", again);
    EXPECT_TRUE(has(seen.body, "/parti/utfor"));
    EXPECT_TRUE(has(seen.body, "12. februar"));
    EXPECT_EQ(post("/parti", {{"event", "received"}}).status, 422);
    EXPECT_EQ(post("/parti", {{"sak", tynset_ + "@0"}, {"event", "finst_ikkje"}}).status, 422);
}

/// Where cases stand in a list, and what the list is called there.
struct ChosenFrom {
    std::string page;
    std::string list;
};

TEST_F(ActionTest, CasesAreChosenWhereverTheyStandInAList) {
    for (const ChosenFrom& row : {
             ChosenFrom{"/", "forfalt"},
             ChosenFrom{"/", "venter"},
             ChosenFrom{"/oversikt?visning=liste", "liste-pulje-5"},
             ChosenFrom{"/oversikt?visning=tidslinje", "liste-pulje-5"},
             ChosenFrom{"/frister", "frister"},
             ChosenFrom{"/frister?grupper=uke", "frister"},
             ChosenFrom{"/organisasjon/tynset", "innsendinger"},
             ChosenFrom{"/krav/pulje-5/plan", "gjelder"},
         }) {
        SCOPED_TRACE(row.page + " " + row.list);
        const std::string body = get(row.page).body;
        EXPECT_TRUE(has(body, "action=\"/parti\""));
        EXPECT_TRUE(has(body, "type=\"checkbox\" name=\"sak\" value=\"pulje-5/plan/"));
        EXPECT_TRUE(has(body, "id=\"valgt-" + row.list + "\""));
        EXPECT_FALSE(has(body, " checked>"));
        // Without any script all of a list are ticked by a link, which changes nothing.
        const std::string link = row.page + (has(row.page, "?") ? "&" : "?") + "merk=" + row.list;
        EXPECT_TRUE(has(get(link).body, "\" checked>"));
        const std::string file = row.page + (has(row.page, "?") ? "&" : "?") + "format=csv";
        EXPECT_FALSE(has(get(file).body, "checkbox"));
    }
    const std::string matrix = get("/oversikt?merk=pulje-5").body;
    EXPECT_TRUE(has(matrix, "name=\"rad\" value=\"tynset:0\""));
    EXPECT_TRUE(has(matrix, "\" checked>"));
}

TEST_F(ActionTest, WhoeverMayNotActHasNoBoxes) {
    visitor_ = {.kind = Visitor::Kind::Person,
                .address = "kari@sf.example",
                .name = "Kari",
                .permissions = {{rights_of(workflows::Role::Reader), {}}}};
    for (const char* page : {"/", "/oversikt", "/oversikt?visning=liste", "/frister",
                             "/organisasjon/tynset", "/krav/pulje-5/plan"}) {
        const std::string body = get(page).body;
        EXPECT_FALSE(has(body, "type=\"checkbox\" name=\"sak\"")) << page;
        EXPECT_FALSE(has(body, "name=\"rad\"")) << page;
        EXPECT_FALSE(has(body, "action=\"/parti\"")) << page;
        EXPECT_FALSE(has(body, ">Valgt<")) << page;
    }
}

TEST_F(ActionTest, WhatWasChosenInAListLeadsBackThere) {
    const Form chosen{
        {"event", "noted"}, {"sak", tynset_ + "@0"}, {"sak", "pulje-5/plan/gjovik@99"},
        {"text", "Ringte"}, {"vist", "1"},           {"fra", "/frister?status=overdue"}};
    const std::string seen = post("/parti", chosen).body;
    EXPECT_TRUE(has(seen, "1 sak endres · 1 hoppes over"));
    EXPECT_TRUE(has(seen, "href=\"/frister?status=overdue\""));
    const HttpResponse done = post("/parti/utfor", chosen);
    EXPECT_EQ(header(done, "Location"), "/parti/1?fra=%2Ffrister%3Fstatus%3Doverdue");
    EXPECT_TRUE(has(follow(done).body, "href=\"/frister?status=overdue\""));
    EXPECT_TRUE(
        has(post("/parti", {{"event", "noted"}, {"fra", "/frister"}}).body, "href=\"/frister\""));
    for (const char* elsewhere : {"//x.example/", "https://x.example", "javascript:alert(1)",
                                  "/\\x.example", "/a\nb", ""}) {
        Form strange = chosen;
        strange.back().second = elsewhere;
        EXPECT_TRUE(has(post("/parti", strange).body, "href=\"/oversikt\">Avbryt")) << elsewhere;
    }
}

TEST_F(ActionTest, TheLogLeadsToTheBatch) {
    (void)post("/parti/utfor", {{"event", "noted"},
                                {"sak", tynset_ + "@0"},
                                {"text", "Ringte"},
                                {"hvem", "Ida Berg"},
                                {"vist", "1"}});
    EXPECT_TRUE(
        has(get("/hendelser?navn=ida").body, "<a class=\"ds-link\" href=\"/parti/1\">1</a>"));
    EXPECT_FALSE(has(get("/hendelser?navn=ola").body, "/parti/1"));
}

TEST_F(ActionTest, ARowOfTheOutboxCanBeStoppedPostponedAndSentNow) {
    const std::string planned = get("/utboks?tilstand=planlagt").body;
    EXPECT_TRUE(has(planned, "name=\"event\" value=\"sent_now\""));
    EXPECT_TRUE(has(planned, "/handling/reminder_stopped\""));
    EXPECT_TRUE(has(
        post("/parti",
             {{"event", "sent_now"}, {"sak", tynset_ + "@0"}, {"fra", "/utboks?tilstand=planlagt"}})
            .body,
        "href=\"/utboks?tilstand=planlagt\">Avbryt"));
    (void)follow(act(tynset_, "sent_now", {{"notice", ""}}));
    const std::string waiting = get("/utboks?tilstand=waiting").body;
    std::smatch found;
    ASSERT_TRUE(
        std::regex_search(waiting, found, std::regex{"href=\"(/utboks/\\d+)/handling/stop\""}))
        << waiting;
    const std::string message = found[1];
    EXPECT_TRUE(has(waiting, message + "/handling/postpone\""));
    EXPECT_TRUE(has(get(message + "/handling/stop").body, "name=\"reason\""));
    EXPECT_TRUE(has(get(message + "/handling/postpone", "nn").body, "Utset meldinga"));
    EXPECT_EQ(get(message + "/handling/finst-ikkje").status, 303);
    EXPECT_EQ(get("/utboks/99999/handling/stop").status, 404);
    EXPECT_EQ(get("/utboks/x/handling/stop").status, 404);
    EXPECT_EQ(get("/utboks/2/handling/stop").status, 303) << "it has gone";
    visitor_ = {.kind = Visitor::Kind::Person,
                .address = "kari@sf.example",
                .name = "Kari",
                .permissions = {{rights_of(workflows::Role::Reader), {}}}};
    EXPECT_EQ(get(message + "/handling/stop").status, 403);
    EXPECT_FALSE(has(get("/utboks?tilstand=waiting").body, "/handling"));
    EXPECT_FALSE(has(get("/utboks?tilstand=planlagt").body, "/handling"));
}

TEST_F(ActionTest, SendingIsHeldAndReleased) {
    EXPECT_EQ(post("/utboks/handling", {{"event", "hold"}, {"reason", ""}}).status, 422);
    const std::string held =
        follow(post("/utboks/handling", {{"event", "hold"}, {"reason", "vi ser over"}})).body;
    EXPECT_TRUE(has(held, "All utsending er satt på vent."));
    EXPECT_TRUE(has(held, ">Angre</button>"));
    EXPECT_TRUE(has(get("/").body, "Utsending er satt på vent: vi ser over"));
    (void)follow(post("/utboks/handling", {{"event", "release"}}));
    EXPECT_FALSE(town_.snapshot()->ledger().value().sending_on_hold);
}

TEST_F(ActionTest, AMessageThatHasGoneIsNotStopped) {
    const HttpResponse late = post("/utboks/2/handling", {{"event", "stop"}, {"reason", "x"}});
    EXPECT_EQ(late.status, 409);
    EXPECT_TRUE(has(late.body, "venter ikke lenger"));
    EXPECT_EQ(post("/utboks/99999/handling", {{"event", "stop"}}).status, 404);
}

TEST_F(ActionTest, ReadingAFormsAddressAgainLeadsBack) {
    EXPECT_EQ(header(get("/sak/" + tynset_ + "/handling"), "Location"), "/sak/" + tynset_);
    EXPECT_EQ(header(get("/parti"), "Location"), "/oversikt");
    EXPECT_EQ(get("/sak/" + tynset_ + "/handling/received").status, 200);
    EXPECT_EQ(get("/sak/" + tynset_ + "/handling/accepted").status, 303);
    EXPECT_EQ(find(tynset_).revision, 0) << "reading changes nothing";
}

}  // namespace
}  // namespace fristvakt::tests
