#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/model/time.hpp"
#include "tests/simulation/world/chance.hpp"
#include "tests/simulation/world/run.hpp"

/// The judge and the worlds stand on these: if they slip, a green simulation says nothing.
namespace fristvakt::tests::simulation {
namespace {

TEST(Chance, GivesTheSameNumbersOnEveryMachine) {
    Chance chance{1};
    const std::vector<std::uint64_t> numbers{chance.next(), chance.next(), chance.next(),
                                             chance.next()};
    EXPECT_EQ(numbers, (std::vector<std::uint64_t>{12966619160104079557U, 9600361134598540522U,
                                                   10590380919521690900U, 7218738570589545383U}));
}

TEST(World, OfASeedIsTheSameEachTimeAndLivesTheSame) {
    World one = world_of(7);
    World two = world_of(7);
    const Outcome first = live(one);
    const Outcome second = live(two);
    EXPECT_EQ(first.broken, second.broken);
    EXPECT_EQ(first.events, second.events);
    EXPECT_EQ(first.messages, second.messages);
    EXPECT_EQ(first.faults, second.faults);
}

TEST(World, IsAsBigAsItIsSaidToBe) {
    Outcome all;
    constexpr int kWorlds = 20;
    for (int seed = 1; seed <= kWorlds; ++seed) {
        World world = world_of(static_cast<std::uint64_t>(seed));
        const Outcome one = live(world);
        EXPECT_TRUE(one.broken.empty()) << "seed " << seed << ": " << one.broken.front();
        all.organisations += one.organisations;
        all.events += one.events;
        all.messages += one.messages;
        all.faults += one.faults;
    }
    EXPECT_GE(all.organisations, 10 * kWorlds);
    EXPECT_GE(all.events, 200 * kWorlds);
    EXPECT_GE(all.messages, 50 * kWorlds);
    EXPECT_GE(all.faults, 5 * kWorlds);
}

struct Known {
    std::string day;
    bool free;
};

void PrintTo(const Known& row, std::ostream* out) {
    *out << row.day;
}

class ModelDay : public testing::TestWithParam<Known> {};

TEST_P(ModelDay, IsFreeOrNot) {
    EXPECT_EQ(model::is_free(*model::parse_date(GetParam().day)), GetParam().free);
}

INSTANTIATE_TEST_SUITE_P(Days, ModelDay,
                         testing::Values(Known{"2021-04-01", true}, Known{"2021-04-05", true},
                                         Known{"2021-04-06", false}, Known{"2021-05-13", true},
                                         Known{"2021-05-17", true}, Known{"2021-05-24", true},
                                         Known{"2024-02-29", false}, Known{"2027-12-27", false}));

TEST(ModelTime, FollowsTheClockInOslo) {
    const auto at = [](const std::string& day, int hour) {
        return model::time_text(model::instant(*model::parse_date(day), hour * model::kHour));
    };
    EXPECT_EQ(at("2021-03-28", 2), "2021-03-28 03:00:00");
    EXPECT_EQ(model::instant(*model::parse_date("2021-10-31"), 3 * model::kHour) -
                  model::instant(*model::parse_date("2021-10-31"), 2 * model::kHour),
              2 * model::kHour);
    EXPECT_EQ(model::instant(*model::parse_date("2021-07-01")), 1625090400);
}

}  // namespace
}  // namespace fristvakt::tests::simulation
