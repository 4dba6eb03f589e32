#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"
#include "workflows/decision/explain.hpp"

/// What is asked for and not owed: themes for the next gathering.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using Lines = std::vector<std::string>;

DefinitionsPtr themes() {
    World world;
    world.requirements =
        "  - {id: themes, workflow: suggestions, opens: 2021-01-04, due: 2021-01-25, "
        "title: {nb: Temaer for høsten, nn: Tema for hausten}}\n";
    return world.load();
}

const std::string kBy{"p/themes/by"};

TEST(Suggestions, AreAskedForOnceAndNobodyIsChased) {
    Office office{themes()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-06-01");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:themes/by",
                                    "2021-01-11 08:00 marta due-14d:themes/dal",
                                    "2021-01-11 08:00 post due-14d:themes/vik"}));
    const auto item = office.find_case(kBy);
    EXPECT_EQ(item.state, "nothing_came");
    EXPECT_TRUE(item.final);
}

TEST(Suggestions, ThatComeAreKeptAndThankedFor) {
    Office office{themes()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    const auto raised = office.raise("2021-01-13T10:00", kBy, "received", Actor::Creditor,
                                     {{"suggestion", "Skolevegring"}});
    ASSERT_TRUE(raised.ok()) << raised.error().message;
    office.step("2021-01-13T10:00");
    EXPECT_EQ(office.sent().back(), "2021-01-13 10:00 kari !receipt:themes/by");
    const auto item = office.find_case(kBy);
    EXPECT_EQ(item.state, "suggested");
    EXPECT_EQ(item.fields.at("suggestion"), "Skolevegring");
}

TEST(Suggestions, CannotBeChasedByHand) {
    Office office{themes()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    const auto raised = office.raise("2021-01-13T10:00", kBy, "sent_now", Actor::Creditor);
    ASSERT_FALSE(raised.ok());
    EXPECT_EQ(raised.error().code, "voluntary");
}

TEST(Suggestions, ExplainThatNobodyIsWaitedFor) {
    const auto definitions = themes();
    Office office{definitions};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-12");
    const auto explained =
        workflows::explain(office.find_case(kBy), {}, *definitions, at("2021-01-12"), {});
    EXPECT_EQ(explained.quiet, workflows::Quiet::WaitsForNobody);
    EXPECT_EQ(explained.waits_for, std::nullopt);
}

}  // namespace
}  // namespace fristvakt::tests
