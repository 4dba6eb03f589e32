#include <set>

#include <gtest/gtest.h>

#include "tests/unit/web/asked_town.hpp"

/// What the pages tell of a case after what was done in it.
namespace fristvakt::tests {
namespace {

using namespace daemon;

class CaseStory : public AskedTown {
 protected:
    void done(const std::string& id, const std::string& event, Form fields = {}) {
        const HttpResponse answer = act(id, event, std::move(fields));
        EXPECT_EQ(answer.status, 303) << event << answer.body;
    }

    const std::string lom_{"pulje-5/plan/lom"};
};

TEST_F(CaseStory, WhatIsNotWholeStaysSoWhateverElseIsDone) {
    done(lom_, "incomplete", {{"missing", "Vedlegg 2"}, {"until", "2021-02-19"}});
    EXPECT_TRUE(has(get("/sak/" + lom_).body, "Ufullstendig"));
    done(lom_, "paused", {{"reason", "Vi venter på vedlegget"}});
    done(lom_, "resumed");
    EXPECT_TRUE(has(get("/sak/" + lom_).body, "Ufullstendig"));
    EXPECT_TRUE(has(get("/sak/" + lom_).body, "Sendt tilbake"));
    done(lom_, "received");
    EXPECT_FALSE(has(get("/sak/" + lom_).body, "Ufullstendig"));
}

TEST_F(CaseStory, ARequestSaysWhatIsAskedForAndWhyAndWhoGrantedIt) {
    done(tynset_, "more_time_asked",
         {{"until", "2021-02-12"}, {"reason", "Utvalget møtes 10. februar"}});
    const std::string request = tynset_ + "/extension-1";
    const std::string page = get("/sak/" + request).body;
    EXPECT_TRUE(has(page, "<dt>Ønsket frist</dt><dd>fredag 12. februar 2021</dd>")) << page;
    EXPECT_TRUE(has(page, "<dt>Begrunnelse</dt><dd>Utvalget møtes 10. februar</dd>"));
    EXPECT_TRUE(has(page, "value=\"2021-02-12\"")) << "what was asked for is offered";
    EXPECT_TRUE(has(get("/sak/" + tynset_).body, "href=\"/sak/" + request + "\""));
    EXPECT_TRUE(has(get("/frister?status=claimed").body, request));
    EXPECT_TRUE(has(get("/sak/" + tynset_).body, "ønsket frist: fredag 12. februar 2021"));

    done(request, "granted", {{"until", "2021-02-12"}, {"hvem", "Ida Berg"}});
    const std::string granted = get("/sak/" + tynset_).body;
    EXPECT_TRUE(has(granted, "ga lengre frist (Ida Berg)")) << granted;
    EXPECT_FALSE(has(granted, "frist: fredag 12. februar 2021, ny frist"));
    EXPECT_TRUE(has(get("/sak/" + request).body, "Innvilget"));
}

TEST_F(CaseStory, ADateMayBeTypedAsPeopleWriteIt) {
    done(tynset_, "more_time_given", {{"until", "5.2.2021"}});
    EXPECT_EQ(workflows::iso_date(find(tynset_).due->date), "2021-02-05");
    EXPECT_EQ(act(tynset_, "more_time_given", {{"until", "30.2.2021"}}).status, 422);
}

TEST_F(CaseStory, AMistakeIsToldUnderTheNameThatTheFormGivesTheField) {
    const HttpResponse wrong = act(tynset_, "paused", {{"until", "i morgen"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_TRUE(has(wrong.body, "«Pause til og med» må være en dato")) << wrong.body;
    done(tynset_, "paused", {{"until", "2021-02-05"}, {"reason", "Ferie"}});
    EXPECT_TRUE(has(get("/sak/" + tynset_).body, "til og med: fredag 5. februar 2021"));
}

TEST_F(CaseStory, AnAddressAloneDoesNotSayThatSomethingWasDone) {
    EXPECT_FALSE(has(get("/sak/" + tynset_ + "?gjort=received").body, "fv-flash"));
    done(tynset_, "received");
    EXPECT_TRUE(has(get("/sak/" + tynset_ + "?gjort=received").body, "fv-flash"));
    done(tynset_, "reverted");
    EXPECT_FALSE(has(get("/sak/" + tynset_ + "?gjort=received").body, "fv-flash"));
}

TEST_F(CaseStory, EachReminderLeadsToItsOwnMessage) {
    for (const char* id : {"pulje-5/plan/hamar", "pulje-5/plan/vaga", "pulje-5/plan/sel"}) {
        const std::string page = get(std::string{"/sak/"} + id).body;
        const std::string history = page.substr(page.find("id=\"historikk\""));
        const std::string whole =
            get(std::string{"/organisasjon/"} + (id + sizeof("pulje-5/plan/") - 1)).body;
        std::set<std::int64_t> messages;
        for (const auto& reminder : town_.snapshot()->reminders_of(id).value()) {
            if (reminder.account == workflows::Account::Sent) {
                messages.insert(reminder.message);
            }
        }
        EXPECT_FALSE(messages.empty()) << id;
        for (const std::int64_t message : messages) {
            const std::string link = "href=\"/utboks/" + std::to_string(message) + "\"";
            EXPECT_TRUE(has(history, link)) << id << ' ' << message;
            EXPECT_TRUE(has(whole, link)) << id << ' ' << message;
        }
    }
}

TEST_F(CaseStory, PunctualityGoesByTheDayOnWhichSomethingCame) {
    const auto counted = [&](const std::string& name) {
        const std::string file = get("/punktlighet?format=csv").body;
        const auto line = file.find('\n') + 1;
        std::vector<std::string> names;
        std::vector<std::string> values;
        const auto split = [](std::string_view text, std::vector<std::string>& into) {
            while (true) {
                const auto end = text.find(';');
                into.emplace_back(text.substr(0, end));
                if (end == std::string_view::npos) {
                    return;
                }
                text.remove_prefix(end + 1);
            }
        };
        split(std::string_view{file}.substr(0, line - 1), names);
        split(std::string_view{file}.substr(line, file.find('\n', line) - line), values);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (has(names[i], name)) {
                return std::stoi(values[i]);
            }
        }
        ADD_FAILURE() << name << file;
        return 0;
    };
    const int in_time = counted("I tide");
    const int late = counted("Etter fristen");
    done(tynset_, "claimed");
    EXPECT_EQ(counted("I tide"), in_time) << "said is not come";
    done(tynset_, "received", {{"received_on", "2021-01-25"}});
    EXPECT_EQ(counted("I tide"), in_time + 1);
    done("pulje-5/plan/elverum", "received", {{"received_on", "2021-01-26"}});
    EXPECT_EQ(counted("Etter fristen"), late + 1);
}

TEST_F(CaseStory, WhatCanBeDoneStandsWhereItIsSeenThatItMustBe) {
    done(tynset_, "claimed");
    const std::string today = get("/").body;
    EXPECT_TRUE(has(today, "href=\"/sak/pulje-5/plan/elverum/handling/sent_now\""));
    EXPECT_TRUE(has(today, "href=\"/sak/pulje-5/plan/elverum/handling/more_time_given\""));
    EXPECT_TRUE(has(today, "href=\"/sak/" + tynset_ + "/handling/received\""));
    EXPECT_TRUE(has(today, "href=\"/sak/" + tynset_ + "/handling/not_found\""));
    EXPECT_TRUE(has(today, "href=\"tel:"));
    EXPECT_EQ(get("/sak/" + tynset_ + "/handling/not_found").status, 200);
    visitor_ = {.kind = Visitor::Kind::Person,
                .address = "leser@sf-innlandet.example",
                .name = "Lars Leser",
                .permissions = {{rights_of(workflows::Role::Reader), {}}}};
    EXPECT_FALSE(has(get("/").body, "/handling/"));
}

TEST_F(CaseStory, TheReasonOfAHoldIsKept) {
    EXPECT_TRUE(town_.hold("Feil i teksten", "Ida Berg").ok());
    EXPECT_TRUE(town_.release(std::nullopt, "Ida Berg").ok());
    EXPECT_TRUE(has(get("/hendelser?slag=drift").body, "satt på vent: Feil i teksten"));
}

}  // namespace
}  // namespace fristvakt::tests
