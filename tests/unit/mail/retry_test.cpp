#include "workflows/decision/retry.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fristvakt::workflows {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Row {
    int attempt;
    double random01;
    std::optional<Seconds> delay;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.attempt << '/' << row.random01;
}

class RetryDelay : public testing::TestWithParam<Row> {};

TEST_P(RetryDelay, Table) {
    EXPECT_EQ(retry_delay(GetParam().attempt, GetParam().random01), GetParam().delay);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RetryDelay,
    testing::Values(Row{1, 0.5, minutes{1}}, Row{2, 0.5, minutes{2}}, Row{3, 0.5, minutes{4}},
                    Row{4, 0.5, minutes{8}}, Row{5, 0.5, minutes{16}}, Row{6, 0.5, minutes{32}},
                    Row{7, 0.5, minutes{64}}, Row{8, 0.5, minutes{128}}, Row{9, 0.5, hours{4}},
                    Row{10, 0.5, hours{4}}, Row{37, 0.5, hours{4}}, Row{38, 0.5, std::nullopt},
                    Row{std::numeric_limits<int>::max(), 0.5, std::nullopt},
                    Row{1, 0.0, Seconds{48}}, Row{1, 1.0, Seconds{72}}, Row{9, 0.0, minutes{192}},
                    Row{9, 1.0, minutes{288}}, Row{1, -7.0, Seconds{48}}, Row{1, 7.0, Seconds{72}},
                    Row{1, std::numeric_limits<double>::quiet_NaN(), Seconds{48}}),
    [](const auto& test) { return "row_" + std::to_string(test.index); });

TEST(Retry, GoesOnForFiveDays) {
    Seconds all{0};
    for (int attempt = 1; attempt <= kRetryAttemptsMax; ++attempt) {
        all += *retry_delay(attempt, 0.5);
    }
    EXPECT_GE(all, hours{5 * 24});
    EXPECT_LT(all, hours{5 * 24} + hours{4});
}

RC_GTEST_PROP(Retry, StaysWithinAFifthOfTheDoubledMinute, ()) {
    const int attempt = *rc::gen::inRange(1, kRetryAttemptsMax + 1);
    const double random01 = *rc::gen::inRange(0, 1001) / 1000.0;
    const double middle = std::min(60.0 * static_cast<double>(1LL << (attempt - 1)), 4 * 3600.0);
    const auto delay = retry_delay(attempt, random01);
    RC_ASSERT(delay.has_value());
    RC_ASSERT(static_cast<double>(delay->count()) >= 0.8 * middle - 1);
    RC_ASSERT(static_cast<double>(delay->count()) <= 1.2 * middle + 1);
}

RC_GTEST_PROP(Retry, NeverComesSoonerWithMoreAttemptsOrMoreChance, ()) {
    const int attempt = *rc::gen::inRange(1, kRetryAttemptsMax);
    const double less = *rc::gen::inRange(0, 1000) / 1000.0;
    const double more = less + 0.001;
    RC_ASSERT(*retry_delay(attempt + 1, less) >= *retry_delay(attempt, less));
    RC_ASSERT(*retry_delay(attempt, more) >= *retry_delay(attempt, less));
}

}  // namespace
}  // namespace fristvakt::workflows
