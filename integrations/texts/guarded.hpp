#pragma once

#include <mutex>
#include <utility>

namespace fristvakt::integrations::texts {

/// A value that threads share, reachable only while its mutex is held.
template <typename Value>
class Guarded {
 public:
    /// Calls `use` with the value; keep it short.
    template <typename Use>
    auto with(const Use& use) {
        const std::lock_guard lock(mutex_);
        return use(value_);
    }

 private:
    std::mutex mutex_;
    Value value_{};
};

}  // namespace fristvakt::integrations::texts
