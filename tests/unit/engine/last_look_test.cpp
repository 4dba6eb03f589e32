#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"

/// What is asked once more before a message goes, whatever happened since it was made.
namespace fristvakt::tests {
namespace {

using workflows::Verdict;
using Lines = std::vector<std::string>;

void receive(Office& office, const std::string& case_id) {
    daemon::RaiseEvent received;
    received.event.case_id = case_id;
    received.event.name = "received";
    EXPECT_TRUE(office.engine().raise({received}, at("2021-01-11T08:00")).front().ok());
}

TEST(LastLook, SeesWhatHappenedWhileTheTransportHadTheMessage) {
    World world;
    world.participants = "[by]";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.transport = [&](const workflows::Envelope&) {
        receive(office, "p/plan/by");
        office.transport = nullptr;
        workflows::DeliveryReport later;
        later.verdict = Verdict::RetryLater;
        return later;
    };
    office.run("2021-01-12");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari !receipt:plan/by"}));
    EXPECT_EQ(office.books().superseded, 1);
    EXPECT_EQ(office.books().sent, 0);
}

TEST(LastLook, TakesOutOfAMessageWhatFellAwayWhileItWasWritten) {
    World world;
    world.participants = "[by]";
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-25, title: {nb: "
        "Rapport, nn: Rapport}}\n";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.while_writing = [&](const workflows::MessageSnapshot&) {
        receive(office, "p/plan/by");
        office.while_writing = nullptr;
    };
    office.run("2021-01-12");
    Lines sent = office.sent();
    std::sort(sent.begin(), sent.end());
    EXPECT_EQ(sent, (Lines{"2021-01-11 08:00 kari !receipt:plan/by",
                           "2021-01-11 08:00 kari due-14d:rapport/by"}));
}

TEST(LastLook, LeavesWhatMayHaveArrivedAsItWasWhateverHasBecomeOfTheCase) {
    World world;
    world.participants = "[by]";
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12");
    office.lose_next_answer();
    bool went_on = false;
    office.while_writing = [&](const workflows::MessageSnapshot& snapshot) {
        if (snapshot.stored_bytes && !std::exchange(went_on, true)) {
            daemon::RaiseEvent command;
            command.event.case_id = "p/plan/by";
            command.event.name = "incomplete";
            command.event.fields = {{"missing", "Vedlegg"}, {"until", "2021-02-12"}};
            EXPECT_TRUE(office.engine().raise({command}, at("2021-01-12T12:00")).front().ok());
        }
    };
    ASSERT_TRUE(
        office.raise("2021-01-12T10:00", "p/plan/by", "received", workflows::Actor::Creditor).ok());
    office.run("2021-01-12T13:00");
    ASSERT_TRUE(went_on);
    std::vector<std::string> receipts;
    for (const auto& one : office.handed_over) {
        if (one.snapshot.items.front().notice == "receipt") {
            receipts.push_back(one.envelope.bytes);
        }
    }
    ASSERT_EQ(receipts.size(), 2U);
    EXPECT_EQ(receipts[0], receipts[1]);
}

}  // namespace
}  // namespace fristvakt::tests
