#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "integrations/sqlite/connection.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// One step of the file's format, forward only. Released steps are never changed.
struct Migration {
    int version{0};      ///< `PRAGMA user_version` after it; counts up from 1 without gaps.
    std::string sql;     ///< Of the tables that are facts.
    bool refold{false};  ///< The projections are made anew, as `create_projections` has them.
};

/// All steps so far, oldest first.
[[nodiscard]] std::span<const Migration> migrations();

/// The tables that follow from the log, as this program wants them. May throw SQLite::Exception.
void create_projections(Connection& connection);
void drop_projections(Connection& connection);

/// The projections, for comparing: table, and the columns that put its rows in order.
struct ProjectionTable {
    const char* name;
    const char* order;
    int key_columns;  ///< The first so many columns name the row.
};
[[nodiscard]] std::span<const ProjectionTable> projection_tables();

/// Conflict: the file is not of the present format; says what to do.
[[nodiscard]] workflows::Status require_present_format(Connection& connection,
                                                       const std::filesystem::path& file);

/// Brings the file up to the last of `steps`, each in one transaction, after a backup to
/// `pre-migrate-vN.db` beside it when there is something to lose. Conflict: the file is of a newer
/// format or no file of ours; says what to do. Unavailable: nothing of the failed step is left.
[[nodiscard]] workflows::Status migrate(Connection& connection, const std::filesystem::path& file,
                                        std::span<const Migration> steps);

}  // namespace fristvakt::integrations
