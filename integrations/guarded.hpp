#pragma once

#include <mutex>
#include <utility>

namespace fristvakt::integrations {

/// Data and its lock as one thing: no way to the value but under the lock. Any thread.
template <typename Value>
class Guarded {
 public:
    Guarded() = default;
    explicit Guarded(Value value) : value_(std::move(value)) {}

    /// Calls `use` with the value while the lock is held; `use` must not call back here.
    template <typename Use>
    auto with(Use&& use) {
        const std::scoped_lock lock{mutex_};
        return std::forward<Use>(use)(value_);
    }
    template <typename Use>
    auto with(Use&& use) const {
        const std::scoped_lock lock{mutex_};
        return std::forward<Use>(use)(value_);
    }

 private:
    mutable std::mutex mutex_;
    Value value_{};
};

}  // namespace fristvakt::integrations
