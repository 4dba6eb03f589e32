#include "tests/unit/store/store_support.hpp"

#include <gtest/gtest.h>

#include "workflows/assert.hpp"

namespace fristvakt::tests {

using namespace workflows;  // NOLINT(google-build-using-namespace)

Instant at(std::int64_t seconds) {
    constexpr std::int64_t kNewYear2021 = 1609459200;
    return Instant(Seconds(kNewYear2021 + seconds));
}

Case sample_case(std::string_view organisation) {
    Case value;
    value.id = "pulje-5/plan/" + std::string(organisation);
    value.cohort = "pulje-5";
    value.requirement = "plan";
    value.debtor = organisation;
    value.creditor = "sf-innlandet";
    value.workflow = "plan";
    value.state = "awaited";
    value.opened_at = at(100);
    value.entered_at = at(100);
    value.due = Deadline{.date = Date(cal::days(18652)),
                         .ends_at = at(25 * 86400),
                         .because = {.nb = {"man 2021-01-25"}, .nn = {"mån 2021-01-25"}}};
    value.due_versions = {value.due->ends_at};
    value.due_version = 1;
    return value;
}

Reminder sample_reminder(std::string_view case_id, std::string_view step, std::string_view person,
                         std::int64_t message) {
    Reminder value;
    value.case_id = case_id;
    value.version = "v1";
    value.step = step;
    value.person = person;
    value.notice = "reminder";
    value.role = "ressursperson";
    value.organisation = "gjovik";
    value.step_at = at(200);
    value.claimed_at = at(200);
    value.message = message;
    return value;
}

Message sample_message(std::int64_t number, std::string_view person) {
    Message value;
    value.number = number;
    value.person = person;
    value.organisation = "gjovik";
    value.slot_at = at(1000);
    value.next_at = at(1000);
    value.made_at = at(200);
    return value;
}

Batch batch_of(Epoch epoch, Change change, std::string_view case_id) {
    Batch batch;
    batch.epoch = epoch;
    LogEntry entry;
    entry.at = at(300);
    entry.kind = "planned";
    entry.case_id = case_id;
    entry.change = std::move(change);
    batch.entries.push_back(std::move(entry));
    return batch;
}

void commit(Store& store, const Batch& batch) {
    const auto outcome = store.commit(batch);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    ASSERT_EQ(outcome.value(), CommitOutcome::Ok);
}

}  // namespace fristvakt::tests
