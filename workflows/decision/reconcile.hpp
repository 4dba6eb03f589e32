#pragma once

#include <vector>

#include "workflows/model/message.hpp"
#include "workflows/model/reminder.hpp"

namespace fristvakt::workflows {

/// Whether a message that has not gone may have been sent already, by the database that a backup
/// took the place of at `restored_at`: whatever was due before that may have gone out in the time
/// that the backup knows nothing of. `carried` are its reminders. Rather yes than no. Pure.
[[nodiscard]] bool may_have_been_sent(const Message& message, const std::vector<Reminder>& carried,
                                      Instant restored_at);

}  // namespace fristvakt::workflows
