#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace fristvakt::daemon {

/// So many a time for each key: an address, a client. Forgets keys whose time is over, and refuses
/// new ones while it knows too many to remember more. Any thread.
class RateLimit {
 public:
    /// `count_max` within `window_seconds` of the first.
    RateLimit(int count_max, double window_seconds, std::size_t keys_max = 10'000)
        : count_max_(count_max), window_seconds_(window_seconds), keys_max_(keys_max) {}

    /// Counts one more, whether it is allowed or not.
    [[nodiscard]] bool allow(const std::string& key, double now_seconds);

 private:
    struct Window {
        double began{0};
        int count{0};
    };
    const int count_max_;
    const double window_seconds_;
    const std::size_t keys_max_;
    std::mutex mutex_;
    std::map<std::string, Window> windows_;  ///< Guarded by mutex_.
};

}  // namespace fristvakt::daemon
