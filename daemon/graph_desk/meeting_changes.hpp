#pragma once

#include <functional>

#include "daemon/engine/engine.hpp"
#include "integrations/guarded.hpp"

namespace fristvakt::daemon {

/// Wakes whoever keeps the calendar when what people are called to has changed: at once, where the
/// change was made on a page. Any thread.
class MeetingChanges final : public EngineObserver {
 public:
    /// Called when something has changed, on the engine's thread; returns at once. Empty: nobody
    /// is. Once this returns, what was set before is not called any more.
    void on_change(std::function<void()> wake);
    void committed(const workflows::Batch& batch) override;
    /// For changes that no batch shows, as of the configuration.
    void wake() const;

 private:
    integrations::Guarded<std::function<void()>> wake_;
};

}  // namespace fristvakt::daemon
