#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "workflows/ports.hpp"

/// Looking into a database from outside, also while a daemon writes to it: no lock is taken, and
/// nothing in the database changes. Every function opens the file for itself.
namespace fristvakt::integrations {

/// A view of the file as it is at this moment. NotFound: no such file. Conflict: not of the present
/// format, or not ours. Unavailable: else.
[[nodiscard]] workflows::Result<std::unique_ptr<workflows::Snapshot>> open_for_reading(
    const std::filesystem::path& file);

/// One case as it stood at an earlier time.
struct CaseAsOf {
    std::optional<workflows::Case> item;  ///< Empty: there was none yet.
    std::vector<workflows::Reminder> reminders;
    workflows::Ledger ledger;
};

/// Folds the log from its start up to the first entry later than `at`: what was known and done by
/// then. Takes as long as the log is. Failures as `open_for_reading`.
[[nodiscard]] workflows::Result<CaseAsOf> case_as_of(const std::filesystem::path& file,
                                                     std::string_view case_id,
                                                     workflows::Instant at);

}  // namespace fristvakt::integrations
