#pragma once

#include <functional>
#include <memory>

#include "daemon/mailbox/mailbox_rounds.hpp"
#include "daemon/runtime/clock.hpp"
#include "daemon/runtime/repeating_thread.hpp"

namespace fristvakt::daemon {

/// Looks into the mailbox again and again, on a thread of its own: nobody waits for the server.
/// Pauses are of machine time. Any thread.
class MailboxWatch {
 public:
    /// The configuration in use; never null.
    using InUse = std::function<std::shared_ptr<const workflows::Definitions>()>;

    /// `clock` must outlive it. All functions are called on its thread.
    MailboxWatch(Clock& clock, InUse in_use, MailboxRounds::OpenBox open_box,
                 MailboxRounds::Take take, MailboxRounds::Options options);
    /// Breaks off what it does; waits for no more than one `take`.
    ~MailboxWatch() = default;
    MailboxWatch(const MailboxWatch&) = delete;
    MailboxWatch& operator=(const MailboxWatch&) = delete;

    /// Looks at once: the configuration has changed. Returns at once.
    void look_now();
    [[nodiscard]] MailboxHealth health() const;

 private:
    Clock& clock_;
    InUse in_use_;
    MailboxRounds rounds_;
    RepeatingThread thread_;  ///< Last: it ends before what it uses.
};

}  // namespace fristvakt::daemon
