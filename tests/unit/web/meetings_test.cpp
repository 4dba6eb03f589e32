#include "daemon/feeds/feed_contents.hpp"
#include "daemon/web/meetings/people.hpp"
#include "tests/unit/web/meeting_pages.hpp"
#include "workflows/decision/meeting.hpp"

/// Møter: the list, the form that sets, moves and cancels, and the calendars that follow.
namespace fristvakt::tests {
namespace {

using namespace daemon;

class MeetingsTest : public MeetingPages {
 protected:
    integrations::calendar::Calendar feed(integrations::StoredFeed::Of of,
                                          const std::string& subject) {
        integrations::StoredFeed stored;
        stored.of = of;
        stored.subject = subject;
        const auto snapshot = town_.snapshot();
        return feed_contents(stored, *town_.definitions(), *snapshot, town_.health().now).value();
    }
    static const integrations::calendar::Entry* meeting_in(
        const integrations::calendar::Calendar& calendar) {
        for (const auto& entry : calendar.entries) {
            if (entry.uid.ends_with("pulje-5/nettverk/2021-var")) {
                return &entry;
            }
        }
        return nullptr;
    }
};

TEST_F(MeetingsTest, TheListSaysWhenWhereAndWhatHasCome) {
    const std::string page = get("/moter").body;
    EXPECT_TRUE(has(page, "våren 2021"));
    EXPECT_TRUE(has(page, "tirsdag 23. mars 2021 kl. 09.00–12.00"));
    EXPECT_TRUE(has(page, "Teams"));
    EXPECT_TRUE(has(page, "Dato er satt"));
    EXPECT_TRUE(has(page, "Notat om status</a>: 0 av 16"));
    EXPECT_TRUE(has(page, "høsten 2021"));
    EXPECT_TRUE(has(page, "Dato settes innen onsdag 1. september 2021"));
    EXPECT_TRUE(has(page, "Sett dato"));
    EXPECT_TRUE(has(page, "<svg class=\"fv-timeline\""));
    EXPECT_TRUE(has(page, "id=\"tl-moter-1\""));
    EXPECT_FALSE(has(page, "id=\"tl-moter-2\"")) << "nothing is known of that semester yet";
    EXPECT_TRUE(has(page, "<a class=\"ds-link\" href=\"/moter\" aria-current=\"page\">Møter"));
    const std::string nn = get("/moter", "nn").body;
    EXPECT_TRUE(has(nn, "tysdag 23. mars 2021 kl. 09.00–12.00"));
    EXPECT_TRUE(has(nn, "Dato blir sett innan"));
    const std::string file = get("/moter?format=csv").body;
    EXPECT_TRUE(has(file, "Notat om status: 0 av 16"));
    EXPECT_FALSE(has(file, "Endre"));
    EXPECT_TRUE(has(file, "Begynner;Slutter;Dato settes innen"));
    EXPECT_TRUE(has(file, ";2021-03-23T09:00;2021-03-23T12:00;;"));
    EXPECT_TRUE(has(file, ";;;2021-09-01;"));
}

TEST_F(MeetingsTest, ThePictureIsOfItsSemesterAlone) {
    const std::string page = get("/moter").body;
    EXPECT_TRUE(has(page, "Tidslinje 01.01.2021–31.07.2021"));
    // Day 81 of 211, and its note a week before.
    EXPECT_TRUE(
        std::regex_search(page, std::regex{"fv-s-bar [^>]*x=\"510\" y=\"47\" width=\"3\""}));
    EXPECT_TRUE(has(page, "<line class=\"fv-s-step\" x1=\"486\""));
}

TEST_F(MeetingsTest, OnANarrowScreenEachCellStandsBehindItsTitle) {
    const std::string page = get("/moter").body;
    EXPECT_TRUE(has(page, "fv-stack"));
    EXPECT_TRUE(has(page, "<td role=\"cell\" data-label=\"Status\">"));
    EXPECT_TRUE(has(get("/moter", "nn").body, "data-label=\"Neste steg innan\""));
    EXPECT_FALSE(has(get("/frister").body, "data-label"));
}

TEST_F(MeetingsTest, WhatIsClaimedIsSaidBesideWhatHasCome) {
    raise(meeting_ + "/notat/tynset", "claimed", workflows::Actor::Debtor);
    EXPECT_TRUE(has(get("/moter").body, "Notat om status</a>: 0 av 16, 1 meldt sendt"));
    EXPECT_TRUE(has(get("/moter", "nn").body, "0 av 16, 1 meldt send"));
    raise(meeting_ + "/notat/tynset", "received", workflows::Actor::Creditor);
    EXPECT_TRUE(has(get("/moter").body, "Notat om status</a>: 1 av 16<"));
}

using AfterwardsTest = HeldMeetingPages;

TEST_F(AfterwardsTest, HowManyCameStandsOnTheListAndInItsFile) {
    raise(meeting_, "held", workflows::Actor::Creditor, {{"attended", "9"}});
    EXPECT_TRUE(has(get("/moter").body, "data-label=\"Var med\">9 av 30</td>"));
    std::vector<workflows::StoredInvitation> people(3);
    for (auto& one : people) {
        one.invitation.told = {{"start", "2021-03-23T09:00"}};
    }
    EXPECT_EQ(came_in_words({}, people), "") << "nobody has said";
    people[0].invitation.attendance = workflows::Attendance::Came;
    people[1].invitation.attendance = workflows::Attendance::Absent;
    EXPECT_EQ(came_in_words({}, people), "1 av 3");
}

TEST_F(MeetingsTest, WithoutMeetingsTheMenuHasNone) {
    const auto [path, text] = *files_with_meeting().begin();
    Town plain{Town::Options{.files = {{path, text.substr(0, text.find("meetings:"))},
                                       {"programmes/kongsbergregionen.yaml", ""}}}};
    VisitorEngines engines{plain};
    Pages pages{engines, "1.2.3"};
    Router router;
    pages.add_routes(router);
    HttpRequest request;
    request.method = "GET";
    request.raw_path = "/moter";
    request.visitor = visitor_;
    const std::string page = router.handle(request).body;
    EXPECT_FALSE(has(page, "href=\"/moter\""));
    EXPECT_TRUE(has(page, "Det er ingen møter. De skrives under meetings"));
    request.visitor = {.kind = Visitor::Kind::Person,
                       .address = "kari@sf.example",
                       .name = "Kari",
                       .permissions = {{rights_of(workflows::Role::Reader), {}}}};
    const std::string read = router.handle(request).body;
    EXPECT_TRUE(has(read, "Det er ingen møter."));
    EXPECT_FALSE(has(read, "under meetings"));
}

TEST_F(MeetingsTest, AMoveIsShownThenMadeAndAllFollows) {
    const HttpResponse form = get(path_ + "?dato=2021-03-23T09:00");
    EXPECT_EQ(form.status, 200);
    EXPECT_TRUE(has(form.body, "type=\"datetime-local\" id=\"f-start\""));
    EXPECT_TRUE(has(form.body, "value=\"2021-03-23T09:00\""));
    const Form wanted{{"dato", "2021-03-23T09:00"},
                      {"start", "2021-03-30T10:00"},
                      {"end", "2021-03-30T13:00"},
                      {"place", "Lampeland"}};
    const HttpResponse seen = post(path_, wanted);
    EXPECT_TRUE(has(seen.body, "Ingenting er endret ennå"));
    EXPECT_TRUE(has(seen.body, "Ny frist")) << "everybody who owes the note is told";
    EXPECT_EQ(workflows::meeting_time(find(meeting_))->place, "Teams");
    EXPECT_EQ(confirm(wanted).status, 303);
    EXPECT_EQ(workflows::meeting_time(find(meeting_))->place, "Lampeland");
    EXPECT_EQ(workflows::iso_date(find(meeting_ + "/notat/tynset").due->date), "2021-03-23");
    EXPECT_TRUE(has(get("/sak/" + meeting_).body, "tirsdag 30. mars 2021 kl. 10.00–13.00"));
    EXPECT_TRUE(has(get("/sak/" + meeting_).body, path_));
    EXPECT_FALSE(has(get("/sak/" + meeting_).body, "Flytt møtet"));
}

TEST_F(MeetingsTest, WhatCannotBeIsSaidByTheField) {
    const auto refused = [&](Form form) {
        const HttpResponse answer = post(path_, std::move(form));
        EXPECT_EQ(answer.status, 422);
        return answer.body;
    };
    const std::string empty = refused({{"start", ""}, {"end", ""}});
    EXPECT_TRUE(has(empty, "Skriv dag og klokkeslett når møtet begynner"));
    EXPECT_TRUE(has(refused({{"start", "2021-03-30T10:00"}, {"end", "2021-03-30T09:00"}}),
                    "etter at det begynner"));
    EXPECT_TRUE(has(refused({{"dato", "2021-03-23T09:00"}, {"gjor", "avlys"}, {"cancelled", " "}}),
                    "Skriv hvorfor møtet er avlyst"));
    const std::string twice = refused({{"start", "2021-05-04T10:00"}, {"end", "2021-05-04T12:00"}});
    EXPECT_TRUE(
        has(twice, "Møtet har alt en dato i våren 2021: tirsdag 23. mars 2021 kl. 09.00–12.00"));
    EXPECT_TRUE(has(twice, "href=\"#f-start\"")) << "at its field";
    EXPECT_FALSE(has(twice, "spør dem som drifter"));
    EXPECT_TRUE(has(refused({{"start", "2031-05-04T10:00"}, {"end", "2031-05-04T12:00"}}),
                    "Datoen ligger utenfor puljens periode (01.01.2020–31.12.2022)"));
    EXPECT_TRUE(
        has(post(path_, {{"start", "2031-05-04T10:00"}, {"end", "2031-05-04T12:00"}}, "nn").body,
            "Datoen ligg utanfor perioden til pulja"));
    EXPECT_EQ(post(path_, {{"dato", "2021-03-23T09:00"}, {"gjor", "x"}}).status, 404);
    EXPECT_EQ(get("/ordninger/pulje/pulje-5/mote/x").status, 404);
    EXPECT_EQ(find(meeting_).revision, 1) << "nothing changed";
}

TEST_F(MeetingsTest, AnotherMeetingInTheSemesterHasANameOfItsOwn) {
    EXPECT_EQ(
        confirm({{"start", "2021-04-20T09:00"}, {"end", "2021-04-20T13:00"}, {"id", "samling"}})
            .status,
        303);
    EXPECT_EQ(find(meeting_ + "/samling").state, "dated");
    EXPECT_TRUE(has(get("/moter").body, "tirsdag 20. april 2021 kl. 09.00–13.00"));
    EXPECT_EQ(get("/krav/pulje-5/nettverk%2F2021-var%2Fsamling").status, 200);
    EXPECT_EQ(get("/krav/pulje-5/nettverk%2F2021-var%2Fnotat").status, 200);
}

TEST_F(MeetingsTest, ACancelledMeetingAsksForNothing) {
    const HttpResponse seen = post(
        path_, {{"dato", "2021-03-23T09:00"}, {"gjor", "avlys"}, {"cancelled", "For få påmeldte"}});
    EXPECT_TRUE(has(seen.body, "16 åpne saker trekkes")) << seen.body;
    EXPECT_EQ(post(path_, last_form(seen.body)).status, 303);
    EXPECT_EQ(find(meeting_).state, "cancelled");
    EXPECT_TRUE(has(get("/sak/" + meeting_).body, "For få påmeldte"));
    EXPECT_TRUE(has(get("/moter").body, "Avlyst"));
    const auto calendar = feed(integrations::StoredFeed::Of::Organisation, "tynset");
    ASSERT_NE(meeting_in(calendar), nullptr) << "kept, so that calendars take it away";
    EXPECT_TRUE(meeting_in(calendar)->is_cancelled);
}

TEST_F(MeetingsTest, StandsInTheCalendarsOfThoseItCalls) {
    using Of = integrations::StoredFeed::Of;
    const auto organisation = feed(Of::Organisation, "tynset");
    const auto* const entry = meeting_in(organisation);
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->summary, "Nettverk for ressurspersoner");
    EXPECT_EQ(entry->place, "Teams");
    EXPECT_EQ(entry->description, "Status <alle>");
    EXPECT_TRUE(entry->is_busy);
    ASSERT_TRUE(std::holds_alternative<integrations::calendar::TimeSpan>(entry->when));
    EXPECT_EQ(workflows::iso_utc(std::get<integrations::calendar::TimeSpan>(entry->when).start),
              "2021-03-23T08:00:00Z");
    EXPECT_NE(meeting_in(feed(Of::Cohort, "pulje-5")), nullptr);
    const auto& definitions = *town_.definitions();
    std::string called;
    std::string other;
    for (const auto& contact : definitions.contacts) {
        if (definitions.find_cohort("pulje-5")->find_participant(contact.organisation) == nullptr ||
            contact.to) {
            continue;
        }
        const bool is_called = std::ranges::any_of(contact.roles, [](const std::string& role) {
            return role == "ressursperson" || role == "skoleeier";
        });
        (is_called ? called : other) = contact.email;
    }
    ASSERT_FALSE(called.empty());
    EXPECT_NE(meeting_in(feed(Of::Person, called)), nullptr) << called;
    if (!other.empty()) {
        EXPECT_EQ(meeting_in(feed(Of::Person, other)), nullptr) << other;
    }
}

}  // namespace
}  // namespace fristvakt::tests
