#include "daemon/access/rate_limit.hpp"

namespace fristvakt::daemon {

bool RateLimit::allow(const std::string& key, double now_seconds) {
    const std::scoped_lock lock{mutex_};
    const auto is_over = [&](const Window& window) {
        return now_seconds - window.began >= window_seconds_ || now_seconds < window.began;
    };
    auto found = windows_.find(key);
    if (found == windows_.end()) {
        if (windows_.size() >= keys_max_) {
            std::erase_if(windows_, [&](const auto& known) { return is_over(known.second); });
        }
        if (windows_.size() >= keys_max_) {
            return false;
        }
        found = windows_.emplace(key, Window{now_seconds, 0}).first;
    } else if (is_over(found->second)) {
        found->second = {now_seconds, 0};
    }
    found->second.count += found->second.count <= count_max_ ? 1 : 0;
    return found->second.count <= count_max_;
}

}  // namespace fristvakt::daemon
