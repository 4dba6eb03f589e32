#pragma once

#include <span>

#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/projections.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::integrations {

/// Appends entries to the chain and folds them. One thread. May throw SQLite::Exception.
class LogWriter {
 public:
    /// `connection` must outlive it.
    explicit LogWriter(Connection& connection)
        : connection_(connection), projections_(connection) {}

    /// REQUIRES: within a transaction, which is to be rolled back if this throws.
    void append(std::span<const workflows::LogEntry> entries);

 private:
    void append(const workflows::LogEntry& entry, LogHead& head);

    Connection& connection_;
    Projections projections_;
};

}  // namespace fristvakt::integrations
