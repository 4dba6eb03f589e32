#include "daemon/graph_desk/meeting_changes.hpp"

#include <algorithm>
#include <utility>

namespace fristvakt::daemon {

namespace {

/// What people are called to stands in their invitations. An answer changes one too, but nothing
/// of what is to stand in the calendar.
bool changes_meetings(const workflows::LogEntry& entry) {
    return entry.event != "responded" && !entry.change.invitations.empty();
}

}  // namespace

void MeetingChanges::on_change(std::function<void()> wake) {
    wake_.with([&](auto& known) { known = std::move(wake); });
}

void MeetingChanges::committed(const workflows::Batch& batch) {
    if (std::ranges::any_of(batch.entries, changes_meetings)) {
        wake();
    }
}

void MeetingChanges::wake() const {
    wake_.with([](const auto& known) {
        if (known) {
            known();
        }
    });
}

}  // namespace fristvakt::daemon
