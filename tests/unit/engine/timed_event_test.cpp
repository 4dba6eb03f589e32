#include "daemon/simulation/timed_event.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/worlds/world.hpp"

namespace fristvakt::tests {
namespace {

std::string nested(std::size_t levels) {
    return R"({"at":"2021-01-22T10:00","case":"p/plan/by","event":"noted","text":)" +
           std::string(levels, '[') + std::string(levels, ']') + "}\n";
}

TEST(TimedEvents, ThatAreNestedDeepAreRefused) {
    const auto definitions = World{}.load();
    EXPECT_TRUE(daemon::read_timed_events(nested(31), "e", *definitions).ok());
    for (const std::size_t levels : {std::size_t{32}, std::size_t{300'000}}) {
        const auto read = daemon::read_timed_events(nested(levels), "e", *definitions);
        ASSERT_FALSE(read.ok());
        EXPECT_EQ(read.error().message,
                  "e:1: error: more than 32 levels deep; an event is one object of plain values");
    }
}

}  // namespace
}  // namespace fristvakt::tests
