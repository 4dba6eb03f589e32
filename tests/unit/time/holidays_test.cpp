#include "workflows/time/holidays.hpp"

#include <gtest/gtest.h>

namespace fristvakt::workflows {
namespace {

TEST(Holidays, EasterOfThisDecade) {
    EXPECT_EQ(iso_date(easter_sunday(2026)), "2026-04-05");
    EXPECT_EQ(iso_date(easter_sunday(2027)), "2027-03-28");
}

}  // namespace
}  // namespace fristvakt::workflows
