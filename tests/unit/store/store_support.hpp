#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "integrations/memory/memory_store.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "tests/temporary_folder.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::tests {

/// Seconds after 2021-01-01T00:00:00Z.
[[nodiscard]] workflows::Instant at(std::int64_t seconds);

/// "pulje-5/plan/<organisation>", awaited.
[[nodiscard]] workflows::Case sample_case(std::string_view organisation);
[[nodiscard]] workflows::Reminder sample_reminder(std::string_view case_id, std::string_view step,
                                                  std::string_view person,
                                                  std::int64_t message = 0);
[[nodiscard]] workflows::Message sample_message(std::int64_t number, std::string_view person);

/// A batch of one entry that makes the change.
[[nodiscard]] workflows::Batch batch_of(workflows::Epoch epoch, workflows::Change change,
                                        std::string_view case_id = {});
/// Fails the test unless it is committed.
void commit(workflows::Store& store, const workflows::Batch& batch);
/// The value; a failed result ends the test program with its message.
template <typename Value>
[[nodiscard]] Value value_of(workflows::Result<Value> result) {
    if (!result.ok()) {
        workflows::fail_assert(result.error().message.c_str(), __FILE__, __LINE__);
    }
    return std::move(result).value();
}

}  // namespace fristvakt::tests
