#include "integrations/teams/post_rate.hpp"

#include <algorithm>

namespace fristvakt::integrations::teams {

namespace {

constexpr std::size_t kBurst = 4;
constexpr double kBurstSeconds = 8;
constexpr std::size_t kLongMax = 25;
constexpr double kLongSeconds = 300;

}  // namespace

double PostRate::wait(double seconds) {
    while (!calls_.empty() && calls_.front() + kLongSeconds <= seconds) {
        calls_.pop_front();
    }
    double out = 0;
    const auto after = [&](std::size_t count, double window) {
        if (calls_.size() >= count) {
            out = std::max(out, calls_[calls_.size() - count] + window - seconds);
        }
    };
    after(kBurst, kBurstSeconds);
    after(kLongMax, kLongSeconds);
    return out;
}

void PostRate::made(double seconds) {
    calls_.push_back(seconds);
}

}  // namespace fristvakt::integrations::teams
