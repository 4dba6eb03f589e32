#pragma once

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "integrations/graph/service_calendar.hpp"
#include "tests/graph/graph_server.hpp"
#include "workflows/decision/calendar_plan.hpp"

namespace fristvakt::tests {

/// A calendar at the stand-in, some weeks before a meeting.
class GraphTest : public testing::Test {
 protected:
    using CalendarMeeting = workflows::CalendarMeeting;
    using Instant = workflows::Instant;

    static constexpr Instant kNow{workflows::cal::sys_days{workflows::cal::year{2021} / 3 / 1} +
                                  std::chrono::hours{8}};

    /// 23 March 09–12 in Norway.
    [[nodiscard]] static CalendarMeeting meeting() {
        const Instant start{workflows::cal::sys_days{workflows::cal::year{2021} / 3 / 23} +
                            std::chrono::hours{8}};
        return {.uid = "fristvakt/sf-innlandet/pulje-5/nettverk/2021-var",
                .subject = "Nettverk for ressurspersoner <æøå>",
                .start = start,
                .end = start + std::chrono::hours{3},
                .place = "",
                .text = "Informasjon\nStatus & veien videre",
                .is_online = true,
                .attendees = {{"kari@gjovik.example", "Kari Nordmann", true},
                              {"ola@hamar.example", "", false}},
                .is_cancelled = false};
    }
    [[nodiscard]] static std::string transaction() {
        return workflows::transaction_of(meeting().uid, 0);
    }
    [[nodiscard]] static workflows::TimeZone oslo() {
        return workflows::TimeZone::locate("Europe/Oslo").value();
    }
    /// The one event in the mailbox.
    [[nodiscard]] nlohmann::json event() {
        const auto events = server_.ask("events");
        EXPECT_EQ(events.size(), 1U) << events.dump();
        return events.at(0);
    }
    /// Who was told what since the test began: "invited kari@gjovik.example ola@hamar.example".
    [[nodiscard]] std::vector<std::string> mails() {
        std::vector<std::string> out;
        for (const auto& mail : server_.ask("mails")) {
            std::string text = mail.at("kind").get<std::string>();
            for (const auto& to : mail.at("to")) {
                text += " " + to.get<std::string>();
            }
            out.push_back(text);
        }
        return out;
    }
    /// Nothing of what is secret or about people stands in what people are told.
    static void expect_discreet(const integrations::graph::Failure& failure) {
        const std::string& text = failure.error.message;
        EXPECT_GT(text.size(), 20U);
        EXPECT_NE(text.find("; "), std::string::npos) << "says nothing of what to do: " << text;
        for (const char* const word :
             {"hemmelig", "Bearer", "kari", "Kari", "ola@", "moter", "AAMk", "filter", "AADSTS"}) {
            EXPECT_EQ(text.find(word), std::string::npos) << text;
        }
    }

    GraphServer server_;
    integrations::graph::ServiceCalendar calendar_{server_.settings(), oslo()};
};

}  // namespace fristvakt::tests
