#include "daemon/web/maybe_sent.hpp"

#include <algorithm>
#include <utility>

#include "workflows/decision/reconcile.hpp"

namespace fristvakt::daemon {

using workflows::MessageState;
using workflows::Result;
using workflows::StoredMessage;

Result<std::vector<StoredMessage>> maybe_sent(workflows::Snapshot& snapshot,
                                              const workflows::Ledger& ledger) {
    std::vector<StoredMessage> found;
    if (!ledger.restored_at) {
        return found;
    }
    for (const MessageState state : {MessageState::Waiting, MessageState::Sending,
                                     MessageState::Held, MessageState::Uncertain}) {
        workflows::MessageFilter filter;
        filter.state = state;
        while (true) {
            auto page = snapshot.messages(filter);
            if (!page.ok()) {
                return page.error();
            }
            if (page.value().empty()) {
                break;
            }
            filter.before_number = page.value().back().message.number;
            for (StoredMessage& stored : std::move(page).value()) {
                if (workflows::may_have_been_sent(stored.message, stored.reminders,
                                                  *ledger.restored_at)) {
                    found.push_back(std::move(stored));
                }
            }
        }
    }
    std::sort(found.begin(), found.end(), [](const StoredMessage& a, const StoredMessage& b) {
        return a.message.number < b.message.number;
    });
    return found;
}

}  // namespace fristvakt::daemon
