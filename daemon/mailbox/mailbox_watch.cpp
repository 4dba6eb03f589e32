#include "daemon/mailbox/mailbox_watch.hpp"

#include <utility>

namespace fristvakt::daemon {

MailboxWatch::MailboxWatch(Clock& clock, InUse in_use, MailboxRounds::OpenBox open_box,
                           MailboxRounds::Take take, MailboxRounds::Options options)
    : clock_(clock),
      in_use_(std::move(in_use)),
      rounds_(std::move(open_box), std::move(take), std::move(options)) {
    thread_.start([this](const std::stop_token& stop) {
        return rounds_.step(*in_use_(), clock_.now(), stop);
    });
}

void MailboxWatch::look_now() {
    thread_.step_now();
}

MailboxHealth MailboxWatch::health() const {
    return rounds_.health();
}

}  // namespace fristvakt::daemon
