#include "daemon/graph_desk/meeting_changes.hpp"

#include <gtest/gtest.h>

/// What of all that is written wakes whoever keeps the calendar.
namespace fristvakt::tests {
namespace {

workflows::Batch batch_of(const std::string& event, bool has_invitation) {
    workflows::Batch batch;
    auto& entry = batch.entries.emplace_back();
    entry.event = event;
    if (has_invitation) {
        entry.change.invitations.emplace_back();
    }
    return batch;
}

TEST(MeetingChanges, WakeForWhatPeopleAreCalledToAndForNothingElse) {
    daemon::MeetingChanges changes;
    changes.committed(batch_of("", true));  // Nobody listens yet.
    int woken = 0;
    changes.on_change([&] { ++woken; });
    changes.committed(batch_of("", true));
    EXPECT_EQ(woken, 1);
    changes.committed(batch_of("responded", true));
    changes.committed(batch_of("received", false));
    changes.committed({});
    EXPECT_EQ(woken, 1) << "answers and other cases leave the calendar as it is";
    changes.wake();
    EXPECT_EQ(woken, 2);
    changes.on_change({});
    changes.committed(batch_of("", true));
    changes.wake();
    EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace fristvakt::tests
