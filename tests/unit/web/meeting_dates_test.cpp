#include <algorithm>

#include "tests/unit/web/meeting_pages.hpp"
#include "workflows/decision/meeting.hpp"

/// The form that sets, moves and cancels a meeting: what it takes, warns of, refuses, and where it
/// leads.
namespace fristvakt::tests {
namespace {

using namespace daemon;
using workflows::Actor;

using MeetingDatesTest = MeetingPages;

Form on(const std::string& day, const std::string& old = {}) {
    return {{"dato", old}, {"start", day + "T10:00"}, {"end", day + "T12:00"}};
}

TEST_F(MeetingDatesTest, TheLinkNamesTheSemesterAndTheFormKeepsToIt) {
    EXPECT_TRUE(has(get("/moter").body, path_ + "?periode=2021-host"));
    const std::string form = get(path_ + "?periode=2021-host").body;
    EXPECT_TRUE(has(form, "Ny dato for høsten 2021"));
    EXPECT_TRUE(has(form, "høsten 2021: 01.08.2021–31.12.2021"));
    EXPECT_TRUE(has(get(path_ + "?periode=2021-host", "nn").body, "Ny dato for hausten 2021"));
    Form wrong = on("2020-09-23");
    wrong.emplace_back("periode", "2021-host");
    const HttpResponse refused = post(path_, wrong);
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(has(refused.body, "Datoen må ligge i høsten 2021 (01.08.2021–31.12.2021)"));
    EXPECT_TRUE(has(refused.body, "href=\"#f-start\""));
    EXPECT_TRUE(has(refused.body, "name=\"periode\" value=\"2021-host\""));
    EXPECT_TRUE(has(post(path_, wrong, "nn").body, "Datoen må liggje i hausten 2021"));
    Form right = on("2021-09-22");
    right.emplace_back("periode", "2021-host");
    EXPECT_EQ(confirm(right).status, 303);
    EXPECT_EQ(get(path_ + "?periode=2031-host").status, 404);
}

TEST_F(MeetingDatesTest, ALinkToADateThatHasMovedSaysSo) {
    const HttpResponse gone = get(path_ + "?dato=2021-03-22T09:00", "nn");
    EXPECT_EQ(gone.status, 409);
    EXPECT_TRUE(has(gone.body, "href=\"/moter\""));
}

TEST_F(MeetingDatesTest, TheHistorySaysWhenItWasBefore) {
    ASSERT_EQ(confirm(on("2021-04-20", "2021-03-23T09:00")).status, 303);
    EXPECT_TRUE(has(get("/sak/" + meeting_).body,
                    "tidspunkt: tirsdag 20. april 2021 kl. 10.00–12.00, før: tirsdag 23. mars 2021 "
                    "kl. 09.00–12.00"));
    EXPECT_TRUE(has(get("/sak/" + meeting_, "nn").body, ", før: tysdag 23. mars 2021"));
}

TEST_F(MeetingDatesTest, WhatIsBroughtIsNotDueBeforeItIsAskedFor) {
    const HttpResponse refused = post(path_, on("2021-01-05", "2021-03-23T09:00"));
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(has(refused.body,
                    "Forarbeidet «Notat om status» ville hatt frist 29.12.2020, før det kan bes om "
                    "(01.01.2021)"));
    EXPECT_TRUE(
        has(post(path_, on("2021-01-05", "2021-03-23T09:00"), "nn").body, "før ein kan be om det"));
}

TEST_F(MeetingDatesTest, AnOrdinaryDayIsTakenWithoutAWarning) {
    EXPECT_FALSE(has(post(path_, on("2021-04-20", "2021-03-23T09:00")).body, "id=\"varsler\""));
}

TEST_F(MeetingDatesTest, ThePreviewWarnsAndHindersNobody) {
    const auto seen = [&](const std::string& day, const std::string& lang = "nb") {
        const HttpResponse preview = post(path_, on(day, "2021-03-23T09:00"), lang);
        EXPECT_EQ(preview.status, 200);
        EXPECT_TRUE(has(preview.body, "Ta i bruk"));
        EXPECT_LT(preview.body.find("id=\"varsler\""), preview.body.find("Ta i bruk</button>"));
        return preview.body;
    };
    EXPECT_TRUE(has(seen("2021-05-13"),
                    "Møtet er lagt til torsdag 13. mai 2021 (Kristi himmelfartsdag). Få er på jobb "
                    "da."));
    EXPECT_TRUE(has(seen("2021-05-13", "nn"), "Få er på jobb då."));
    EXPECT_TRUE(has(seen("2021-04-17"), "lørdag 17. april 2021 (helg)"));
    EXPECT_TRUE(has(seen("2021-03-30"), "tirsdag 30. mars 2021 (påskeuke)"));
    EXPECT_TRUE(has(seen("2021-03-30", "nn"), "tysdag 30. mars 2021 (påskeveke)"));
    const std::string past = seen("2021-01-12");
    EXPECT_TRUE(has(past, "er lagt til tirsdag 12. januar 2021 kl. 10.00–12.00, som har vært."));
    EXPECT_TRUE(has(seen("2021-01-12", "nn"), "som har vore."));
    const std::string other = seen("2021-09-22");
    EXPECT_TRUE(has(other,
                    "ligger i et annet tidsrom, høsten 2021. Da mangler det et møte for "
                    "våren 2021."));
    EXPECT_TRUE(has(seen("2021-09-22", "nn"), "Då manglar det eit møte for våren 2021."));
}

TEST_F(MeetingDatesTest, ThePreviewWarnsOfTheSamePeopleAtTheSameTime) {
    Form first = on("2021-04-20");
    first.emplace_back("id", "samling");
    EXPECT_FALSE(has(post(path_, first).body, "id=\"varsler\""));
    ASSERT_EQ(confirm(first).status, 303);
    Form second{{"start", "2021-04-20T11:00"}, {"end", "2021-04-20T13:00"}, {"id", "kurs"}};
    const std::string seen = post(path_, second).body;
    EXPECT_TRUE(has(seen,
                    "holdes samtidig med «Nettverk for ressurspersoner», og begge kaller "
                    "inn "));
    EXPECT_TRUE(has(post(path_, second, "nn").body, "blir halde samtidig med"));
    ASSERT_EQ(confirm(second).status, 303);
    EXPECT_FALSE(has(post(path_, on("2021-04-21", "2021-03-23T09:00")).body, "samtidig"))
        << "what stands already is no news";
}

using HeldMeetingsTest = HeldMeetingPages;

TEST_F(HeldMeetingsTest, HaveADateThatIsHistory) {
    raise(meeting_, "held", Actor::Creditor);
    EXPECT_FALSE(has(get("/sak/" + meeting_).body, path_));
    EXPECT_FALSE(has(get("/moter").body, "?dato=2021-03-23"));
    const std::string form = get(path_ + "?dato=2021-03-23T09:00").body;
    EXPECT_TRUE(has(form, "Møtet er holdt eller avsluttet, og kan ikke flyttes eller avlyses."));
    EXPECT_FALSE(has(form, "Avlys …"));
    for (const Form& wanted :
         {on("2021-04-20", "2021-03-23T09:00"),
          Form{{"dato", "2021-03-23T09:00"}, {"gjor", "avlys"}, {"cancelled", "Nei"}}}) {
        const HttpResponse refused = post(path_, wanted, "nn");
        EXPECT_EQ(refused.status, 409);
        EXPECT_TRUE(has(refused.body, "kan ikkje flyttast eller avlysast"));
    }
    EXPECT_EQ(find(meeting_).state, "held");
}

TEST_F(MeetingDatesTest, WhoHasMovedItSeesItsCaseWithWhatWasDone) {
    const HttpResponse seen = post(path_, on("2021-04-20", "2021-03-23T09:00"));
    const Form sent = last_form(seen.body);
    const HttpResponse done = post(path_, sent);
    EXPECT_EQ(location(done), "/sak/" + meeting_ + "?gjort=moved");
    EXPECT_TRUE(
        has(get(location(done)).body, "Møtet er nå tirsdag 20. april 2021 kl. 10.00–12.00."));
    EXPECT_TRUE(has(get(location(done), "nn").body, "Møtet er no tysdag 20. april 2021"));
    EXPECT_FALSE(has(get("/sak/" + meeting_ + "?gjort=cancelled").body, "fv-flash"))
        << "the address alone proves nothing";
    const int revision = find(meeting_).revision;
    const HttpResponse again = post(path_, sent);
    EXPECT_EQ(again.status, 303) << "a second click";
    EXPECT_EQ(location(again), location(done));
    EXPECT_EQ(find(meeting_).revision, revision) << "done once";
    Form other = sent;
    std::ranges::find(other, std::string{"end"}, &Form::value_type::first)->second =
        "2021-04-20T13:00";
    const HttpResponse late = post(path_, other);
    EXPECT_EQ(late.status, 409) << "another change of what is gone";
    EXPECT_TRUE(has(late.body, "Noen andre kom først"));
    EXPECT_TRUE(has(late.body, "href=\"/moter\""));
    EXPECT_TRUE(has(post(path_, other, "nn").body, "Nokon andre kom først"));
}

TEST_F(MeetingDatesTest, TheSameChangeMayBeMadeAgainLater) {
    const Form there = on("2021-04-20", "2021-03-23T09:00");
    const Form back{{"dato", "2021-04-20T10:00"},
                    {"start", "2021-03-23T09:00"},
                    {"end", "2021-03-23T12:00"},
                    {"place", "Teams"}};
    ASSERT_EQ(confirm(there).status, 303);
    ASSERT_EQ(confirm(back).status, 303);
    const Form sent = last_form(post(path_, there).body);
    ASSERT_EQ(post(path_, sent).status, 303);
    ASSERT_EQ(confirm(back).status, 303);
    EXPECT_EQ(post(path_, sent).status, 303) << "all is as it was then";
    EXPECT_EQ(workflows::written(workflows::meeting_time(find(meeting_))->start),
              "2021-04-20T10:00");
}

TEST_F(MeetingDatesTest, WhoTookAChangeIntoUseStandsInTheHistory) {
    Form sent = last_form(post(path_, on("2021-04-20", "2021-03-23T09:00")).body);
    sent.emplace_back("hvem", "Turid <Nystuen>");
    ASSERT_EQ(post(path_, sent).status, 303);
    EXPECT_TRUE(has(get("/sak/" + meeting_).body,
                    "fristvakt, etter oppsettet flyttet møtet (Turid &lt;Nystuen&gt;)"));
    const std::string log = get("/hendelser?slag=drift").body;
    EXPECT_TRUE(has(log, "Turid &lt;Nystuen&gt;")) << log;
}

TEST_F(MeetingDatesTest, TheChangeItselfIsShownFirst) {
    const std::string seen = post(path_, on("2021-04-17", "2021-03-23T09:00")).body;
    const auto place = [&](const std::string& text) { return seen.find(text); };
    EXPECT_TRUE(has(seen,
                    "Fra <strong>tirsdag 23. mars 2021 kl. 09.00–12.00, Teams</strong><br>til "
                    "<strong>lørdag 17. april 2021 kl. 10.00–12.00"));
    EXPECT_LT(place("id=\"dato\""), place("id=\"varsler\""));
    EXPECT_LT(place("id=\"varsler\""), place("id=\"sum\""));
    EXPECT_TRUE(has(post(path_, on("2021-04-17", "2021-03-23T09:00"), "nn").body,
                    "Frå <strong>tysdag 23. mars 2021"));
    EXPECT_TRUE(
        has(post(path_, {{"dato", "2021-03-23T09:00"}, {"gjor", "avlys"}, {"cancelled", "For få"}})
                .body,
            "Avlyses: <strong>tirsdag 23. mars 2021 kl. 09.00–12.00, Teams</strong>"));
}

TEST_F(MeetingDatesTest, NothingIsTakenIntoUseWhenAllIsAsItWas) {
    const std::string seen = post(path_, {{"dato", "2021-03-23T09:00"},
                                          {"start", "2021-03-23T09:00"},
                                          {"end", "2021-03-23T12:00"},
                                          {"place", "Teams"}})
                                 .body;
    EXPECT_TRUE(has(seen, "Det er ingenting å ta i bruk."));
    EXPECT_FALSE(has(seen, "Ta i bruk</button>"));
}

TEST_F(MeetingDatesTest, WhatCannotBeTimesIsSaidInWordsAtTheField) {
    const auto refused = [&](const std::string& start, const std::string& end,
                             const std::string& lang = "nb") {
        const HttpResponse answer =
            post(path_, {{"dato", "2021-03-23T09:00"}, {"start", start}, {"end", end}}, lang);
        EXPECT_EQ(answer.status, 422);
        EXPECT_FALSE(has(answer.body, "lang=\"en\""));
        return answer.body;
    };
    EXPECT_TRUE(has(refused("2021-03-28T02:30", "2021-03-28T09:00"),
                    "Den natta stilles klokka fram, og kl. 02.30 finnes ikke."));
    EXPECT_TRUE(has(refused("2021-03-27T09:00", "2021-03-28T02:30"), "href=\"#f-end\""));
    EXPECT_TRUE(has(refused("2021-03-28T02:30", "2021-03-28T09:00", "nn"), "finst ikkje"));
    EXPECT_TRUE(has(refused("2021-04-20T09:00", "2022-04-20T12:00"),
                    "Møtet ville vart i mer enn en måned."));
    const HttpResponse wide = post(path_, {{"dato", "2021-03-23T09:00"},
                                           {"start", "2021-03-24T09:00"},
                                           {"end", "2021-03-24T12:00"},
                                           {"place", std::string(600, 'x')}});
    EXPECT_EQ(wide.status, 422);
    EXPECT_TRUE(has(wide.body, "Dette er for langt."));
    EXPECT_TRUE(has(wide.body, "href=\"#f-place\""));
}

/// What the shipped file says, that dates have a semester.
std::map<std::string, std::string> files_with_semester() {
    auto files = files_with_meeting();
    std::string& text = files.begin()->second;
    const std::string place{"        place: Teams\n"};
    text.insert(text.find(place), "        semester: 2021-var\n");
    return files;
}

class SemesterTest : public MeetingPages {
 protected:
    SemesterTest() : MeetingPages(files_with_semester()) {}
};

TEST_F(SemesterTest, ASlipInTheYearIsSaidInWords) {
    const HttpResponse refused = post(path_, on("2021-09-22", "2021-03-23T09:00"));
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(has(refused.body, "Møtet skal ligge i våren 2021."));
    EXPECT_TRUE(has(refused.body, "href=\"#f-start\""));
    EXPECT_EQ(confirm(on("2021-04-20", "2021-03-23T09:00")).status, 303);
}

/// All were called to the meeting.
class CalledMeetingTest : public MeetingPages {
 protected:
    CalledMeetingTest()
        : MeetingPages(
              files_with_meeting(), Town::Options{}.until,
              R"({"at":"2021-01-26T09:00","case":"pulje-5/nettverk/2021-var","event":"invited"})"
              "\n") {}
};

TEST_F(CalledMeetingTest, WhoIsToldStandsBeforeAllThatFollowsLater) {
    const auto called = town_.snapshot()->invitations_of(meeting_).value().size();
    const std::string seen = post(path_, on("2021-04-20", "2021-03-23T09:00")).body;
    EXPECT_TRUE(has(seen, "<summary>" + std::to_string(called) + " får beskjed om møtet"));
    EXPECT_LT(seen.find("id=\"beskjed\""), seen.find("id=\"sum\""));
    EXPECT_TRUE(has(seen, "<li>kari.lunde@gjovik.kommune.example</li>"));
}

TEST_F(MeetingDatesTest, WhatHasNoCaseYetLeadsToTheList) {
    const HttpResponse done = confirm(on("2022-09-21"));
    EXPECT_EQ(done.status, 303);
    EXPECT_TRUE(has(get(location(done)).body, "fv-flash"));
}

TEST_F(MeetingDatesTest, ACancelledMeetingSaysWhyAndTheWayBack) {
    const HttpResponse done = confirm(
        {{"dato", "2021-03-23T09:00"}, {"gjor", "avlys"}, {"cancelled", "For få påmeldte"}});
    EXPECT_EQ(location(done), "/sak/" + meeting_ + "?gjort=cancelled");
    const std::string page = get(location(done)).body;
    EXPECT_TRUE(has(page, "Møtet er avlyst."));
    EXPECT_TRUE(has(page, "Møtet er avlyst: For få påmeldte."));
    EXPECT_FALSE(has(page, "deltakeren eller kravet er tatt ut"));
    const std::string way = path_ + "?dato=2021-03-23T09";
    EXPECT_TRUE(has(page, "Hold møtet likevel"));
    EXPECT_TRUE(has(page, way));
    EXPECT_TRUE(has(get(location(done), "nn").body, "Hald møtet likevel"));
    EXPECT_TRUE(has(get("/moter").body, "Hold møtet likevel"));
    EXPECT_TRUE(has(get(path_ + "?dato=2021-03-23T09:00").body, "Hold møtet likevel</h2>"));
    const HttpResponse seen = post(path_, on("2021-03-23", "2021-03-23T09:00"));
    EXPECT_TRUE(has(seen.body, "Notat om status – Tynset kommune")) << seen.body;
    EXPECT_EQ(location(post(path_, last_form(seen.body))), "/sak/" + meeting_ + "?gjort=dated");
    EXPECT_EQ(find(meeting_).state, "dated");
}

std::map<std::string, std::string> files_with_single_meeting() {
    auto files = files_with_meeting();
    files.begin()->second +=
        "  - id: oppstart\n"
        "    title: {nb: Oppstart, nn: Oppstart}\n"
        "    audience: [ressursperson]\n"
        "    dates:\n"
        "      - start: 2021-02-16T09:00\n"
        "        end: 2021-02-16T12:00\n";
    return files;
}

class SingleMeetingTest : public MeetingPages {
 protected:
    SingleMeetingTest() : MeetingPages(files_with_single_meeting()) {}
};

TEST_F(SingleMeetingTest, ItsOnlyDateIsNotTakenAway) {
    const std::string path{"/ordninger/pulje/pulje-5/mote/oppstart"};
    EXPECT_FALSE(has(get(path + "?dato=2021-02-16T09:00").body, "Ta bort datoen"));
    EXPECT_TRUE(has(get(path_ + "?dato=2021-03-23T09:00").body, "Ta bort datoen"));
    const Form wanted{{"dato", "2021-02-16T09:00"}, {"gjor", "ta-bort"}};
    const HttpResponse refused = post(path, wanted);
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(has(refused.body, "Møtet har bare denne datoen. Flytt det, eller avlys det"));
    EXPECT_TRUE(has(post(path, wanted, "nn").body, "Møtet har berre denne datoen"));
    const HttpResponse second = post(path, on("2021-04-20"));
    EXPECT_EQ(second.status, 422);
    EXPECT_TRUE(has(second.body, "Møtet har alt en dato: tirsdag 16. februar 2021"));
}

class PlanRowTest : public MeetingPages {
 protected:
    PlanRowTest() : MeetingPages(files_with_plan()) {}
};

TEST_F(PlanRowTest, WhatCannotBeIsSaidAtItsField) {
    const auto refused = [&](const std::string& what, const std::string& when) {
        const HttpResponse answer =
            post("/ordninger/pulje/pulje-5/plan/rad/nasjonal-samling",
                 {{"what", what}, {"when", when}, {"who", "ressursgruppe"}, {"kind", "meeting"}});
        EXPECT_EQ(answer.status, 422);
        EXPECT_FALSE(has(answer.body, "lang=\"en\""));
        return answer.body;
    };
    EXPECT_TRUE(has(refused("Samling", "28.03.2021 kl. 02.30-09.00"),
                    "Når: klokka stilles fram den natta"));
    const std::string year = refused("Samling", "16.02.2021-16.02.2022");
    EXPECT_TRUE(has(year, "Når: møtet ville vart i mer enn en måned"));
    EXPECT_TRUE(has(year, "href=\"#f-when\""));
    const std::string wide = refused(std::string(201, 'x'), "16.02.2021");
    EXPECT_TRUE(has(wide, "Dette er for langt."));
    EXPECT_TRUE(has(wide, "href=\"#f-what\""));
}

TEST_F(PlanRowTest, AChangedRowIsWarnedOfToo) {
    const std::string row{"/ordninger/pulje/pulje-5/plan/rad/nasjonal-samling"};
    const auto seen = [&](const std::string& when, const std::string& lang = "nb") {
        return post(row,
                    {{"what", "Nasjonal samling"},
                     {"when", when},
                     {"who", "ressursgruppe eiere embetet"},
                     {"kind", "meeting"}},
                    lang)
            .body;
    };
    EXPECT_FALSE(has(seen("18.02.2021"), "id=\"varsler\""));
    const std::string saturday = seen("20.02.2021");
    EXPECT_TRUE(has(saturday, "lørdag 20. februar 2021 (helg)")) << saturday;
    EXPECT_FALSE(has(saturday, "id=\"kontrollen\"")) << "all of it is said in words";
    EXPECT_TRUE(has(seen("05.01.2021", "nn"), "som har vore."));
}

TEST_F(MeetingDatesTest, ItsCaseSpeaksOfAMeeting) {
    const std::string page = get("/sak/" + meeting_).body;
    EXPECT_TRUE(has(page, "<dt>Hvem holder møtet</dt>"));
    EXPECT_FALSE(has(page, "Hvem skal levere"));
    EXPECT_FALSE(has(page, "<dt>Frist</dt>"));
    EXPECT_TRUE(has(page, "<dt>Neste steg innen</dt>"));
    EXPECT_FALSE(has(page, "Flytt fristen"));
    EXPECT_TRUE(has(page, "<dt>Saksliste</dt><dd>Status &lt;alle&gt;</dd>"));
    EXPECT_TRUE(has(page, "Notat om status</a>: 0 av 16"));
    EXPECT_TRUE(has(page, "Disse blir innkalt"));
    EXPECT_TRUE(has(page, "Kari Lunde"));
    const std::string nn = get("/sak/" + meeting_, "nn").body;
    EXPECT_TRUE(has(nn, "<dt>Kven held møtet</dt>"));
    EXPECT_TRUE(has(nn, "<dt>Neste steg innan</dt>"));
    EXPECT_TRUE(has(nn, "Desse blir innkalla"));
    EXPECT_TRUE(has(get("/sak/pulje-5/plan/tynset").body, "<dt>Hvem skal levere</dt>"));
}

}  // namespace
}  // namespace fristvakt::tests
