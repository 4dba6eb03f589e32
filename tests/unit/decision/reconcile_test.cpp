#include "workflows/decision/reconcile.hpp"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

/// After a restore on day 10, of a backup of day 8: what may the lost database have sent?
namespace fristvakt::tests {
namespace {

using workflows::Instant;
using workflows::Message;
using workflows::MessageState;
using workflows::Reminder;

Instant on(int day) {
    return Instant{std::chrono::hours{24 * day}};
}
constexpr int kRestored = 10;

struct Row {
    std::string name;
    MessageState state{MessageState::Held};
    int made{0};
    int slot{0};
    int step{0};  ///< Of the one reminder; 0: it tells of a change instead.
    int attempts{0};
    bool catch_up{false};
    bool expected{false};
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

class Reconcile : public testing::TestWithParam<Row> {};

TEST_P(Reconcile, MayHaveBeenSent) {
    const Row& row = GetParam();
    Message message;
    message.state = row.state;
    message.made_at = on(row.made);
    message.slot_at = on(row.slot);
    message.attempts = row.attempts;
    message.catch_up = row.catch_up;
    std::vector<Reminder> carried;
    if (row.step > 0) {
        Reminder reminder;
        reminder.step_at = on(row.step);
        carried.push_back(reminder);
    } else {
        Message::Told told;
        told.case_id = "p/plan/by";
        told.notice = "new-deadline";
        message.told = {told};
    }
    EXPECT_EQ(workflows::may_have_been_sent(message, carried, on(kRestored)), row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Reconcile,
    testing::Values(
        Row{.name = "InTheBackupAndDue", .made = 7, .slot = 9, .step = 7, .expected = true},
        Row{.name = "DueAtThatInstant", .made = 7, .slot = 10, .step = 7, .expected = true},
        Row{.name = "InTheBackupAndDueLater", .made = 7, .slot = 11, .step = 7},
        Row{.name = "TriedBefore",
            .made = 7,
            .slot = 11,
            .step = 7,
            .attempts = 1,
            .expected = true},
        Row{.name = "Uncertain",
            .state = MessageState::Uncertain,
            .made = 7,
            .slot = 8,
            .step = 7,
            .attempts = 1,
            .expected = true},
        Row{.name = "WaitingForLater",
            .state = MessageState::Waiting,
            .made = 10,
            .slot = 12,
            .step = 9,
            .expected = true},
        Row{.name = "StepInTheGap", .made = 10, .slot = 10, .step = 9, .expected = true},
        Row{.name = "StepSince", .made = 12, .slot = 12, .step = 12},
        Row{.name = "AnswerInTheBackup", .made = 7, .slot = 7, .expected = true},
        Row{.name = "AnswerSince", .made = 11, .slot = 11},
        Row{.name = "ChangeByTheConfigurationAtTheStart",
            .made = 10,
            .slot = 10,
            .catch_up = true,
            .expected = true},
        Row{.name = "Sent", .state = MessageState::Sent, .made = 7, .slot = 8, .step = 7},
        Row{.name = "Failed", .state = MessageState::Failed, .made = 7, .slot = 8, .step = 7},
        Row{.name = "Dropped", .state = MessageState::Dropped, .made = 7, .slot = 8, .step = 7}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fristvakt::tests
