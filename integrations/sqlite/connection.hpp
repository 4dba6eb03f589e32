#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

/// SQLite with its traps closed. Everything here may throw SQLite::Exception; the public functions
/// of this folder catch it and turn it into an Error (`unavailable`).
namespace fristvakt::integrations {

/// One use of a kept statement: binds from left to right, and lets go of rows and bindings when it
/// leaves its scope. A statement that is not reset holds a snapshot, and the WAL grows without
/// bound.
class Query {
 public:
    explicit Query(SQLite::Statement& statement) : statement_(statement) {}
    ~Query() {
        statement_.tryReset();
        // SQLiteCpp throws here only for a failure that cannot happen: clearing always succeeds.
        statement_.clearBindings();
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::int64_t value);
    Query& bind(workflows::Instant value);
    Query& bind(const std::optional<workflows::Instant>& value);
    /// Not copied: must live as long as this.
    Query& bind(const std::string& value);
    Query& bind(std::string&& value) = delete;
    Query& bind_copy(std::string_view value);
    /// NULL when empty.
    Query& bind_or_null(const std::string& value);
    /// Not copied.
    Query& bind_blob(std::string_view value);

    /// To the next row; false: no more.
    bool step() { return statement_.executeStep(); }
    /// A statement that gives no rows.
    void run();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] workflows::Instant instant(int column) const;
    [[nodiscard]] std::optional<workflows::Instant> optional_instant(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    /// Text or blob; valid until the next step. Empty for NULL.
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

 private:
    SQLite::Statement& statement_;
    int bound_{0};
};

/// How a connection is used; decides about locks and caches.
enum class Access { Writer, Reader };

/// A connection with the statements it has prepared. One thread at a time.
class Connection {
 public:
    /// A writer creates what does not exist.
    Connection(const std::filesystem::path& file, Access access,
               std::chrono::milliseconds busy_timeout = std::chrono::seconds(5));
    /// A database of its own that is gone with the object; spills to disk when large.
    Connection();

    /// A statement, prepared at its first use. REQUIRES: `sql` is a string literal.
    [[nodiscard]] Query query(const char* sql);
    /// Statements without rows or parameters.
    void execute(const std::string& sql) { database_.exec(sql); }
    [[nodiscard]] std::int64_t integer(const char* sql);
    [[nodiscard]] std::string text(const char* sql);
    /// Drops the prepared statements, as a change of the tables demands.
    void forget_statements() { statements_.clear(); }
    [[nodiscard]] SQLite::Database& database() { return database_; }

 private:
    SQLite::Database database_;
    std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

/// A transaction that takes the write lock at once: one that reads first and then writes fails at
/// once, without waiting, when somebody else has written in between. Rolls back unless committed.
class WriteTransaction {
 public:
    explicit WriteTransaction(Connection& connection);
    ~WriteTransaction();
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    void commit();

 private:
    Connection& connection_;
    bool open_{true};
};

/// One view for several statements.
class ReadTransaction {
 public:
    explicit ReadTransaction(Connection& connection);
    ~ReadTransaction();
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
    Connection& connection_;
};

/// What failed, in which file, and what to do.
[[nodiscard]] workflows::Error unavailable(const SQLite::Exception& exception,
                                           const std::filesystem::path& file,
                                           std::string_view doing);
/// A row that cannot be what was written.
[[noreturn]] void throw_corrupt(const std::string& what);

}  // namespace fristvakt::integrations
