#include "daemon/access/rate_limit.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using daemon::RateLimit;

TEST(RateLimits, CountEachKeyByItself) {
    RateLimit limit{2, 60};
    EXPECT_TRUE(limit.allow("a", 0));
    EXPECT_TRUE(limit.allow("a", 59));
    EXPECT_FALSE(limit.allow("a", 59.9));
    EXPECT_TRUE(limit.allow("b", 59.9));
    EXPECT_TRUE(limit.allow("a", 60)) << "the window is over";
    EXPECT_TRUE(limit.allow("a", 61));
    EXPECT_FALSE(limit.allow("a", 62));
}

TEST(RateLimits, RememberOnlySoMany) {
    RateLimit limit{5, 60, 3};
    for (const char* key : {"a", "b", "c"}) {
        EXPECT_TRUE(limit.allow(key, 0));
    }
    EXPECT_FALSE(limit.allow("d", 1)) << "known ones are not forgotten to make room";
    EXPECT_TRUE(limit.allow("a", 1));
    EXPECT_TRUE(limit.allow("d", 60));
}

}  // namespace
}  // namespace fristvakt::tests
