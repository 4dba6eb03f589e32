#pragma once

#include <vector>

#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Messages that have not gone, and that the database which a backup took the place of may have
/// sent (`may_have_been_sent`), by number. Empty when nothing was restored, or sending has been
/// released since. Any thread.
[[nodiscard]] workflows::Result<std::vector<workflows::StoredMessage>> maybe_sent(
    workflows::Snapshot& snapshot, const workflows::Ledger& ledger);

}  // namespace fristvakt::daemon
