#include "integrations/sqlite/connection.hpp"

#include <sqlite3.h>

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;

namespace {

int flags_of(Access access) {
    return (access == Access::Writer ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                     : SQLite::OPEN_READONLY) |
           SQLITE_OPEN_NOMUTEX;
}

std::string advice(int code) {
    switch (code) {
        case SQLITE_FULL:
            return "the disk is full: free some space";
        case SQLITE_READONLY:
            return "the file or its folder is read-only: give the program's user the right to "
                   "write there";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program holds the lock: end it, then try again";
        case SQLITE_CORRUPT:
            return "the file is damaged: stop, keep a copy, and restore a backup";
        case SQLITE_NOTADB:
            return "the file is not a database of fristvakt: check the path, or restore a backup";
        case SQLITE_CANTOPEN:
            return "the file cannot be opened: check that the folder exists and may be used";
        case SQLITE_IOERR:
            return "the disk failed: look into the system's log";
        case SQLITE_CONSTRAINT:
            return "a row contradicts what is stored: run fristvakt db verify";
        case SQLITE_NOMEM:
            return "out of memory";
        default:
            return "run fristvakt db verify";
    }
}

}  // namespace

Query& Query::bind(std::int64_t value) {
    statement_.bind(++bound_, value);
    return *this;
}

Query& Query::bind(Instant value) {
    return bind(static_cast<std::int64_t>(value.time_since_epoch().count()));
}

Query& Query::bind(const std::optional<Instant>& value) {
    if (value) {
        return bind(*value);
    }
    statement_.bind(++bound_);
    return *this;
}

Query& Query::bind(const std::string& value) {
    statement_.bindNoCopy(++bound_, value);
    return *this;
}

Query& Query::bind_copy(std::string_view value) {
    statement_.bind(++bound_, std::string(value));
    return *this;
}

Query& Query::bind_or_null(const std::string& value) {
    if (!value.empty()) {
        return bind(value);
    }
    statement_.bind(++bound_);
    return *this;
}

Query& Query::bind_blob(std::string_view value) {
    statement_.bindNoCopy(++bound_, static_cast<const void*>(value.data()),
                          static_cast<int>(value.size()));
    return *this;
}

void Query::run() {
    while (statement_.executeStep()) {
    }
}

std::int64_t Query::integer(int column) const {
    return statement_.getColumn(column).getInt64();
}

Instant Query::instant(int column) const {
    return Instant(std::chrono::seconds(integer(column)));
}

std::optional<Instant> Query::optional_instant(int column) const {
    const SQLite::Column value = statement_.getColumn(column);
    if (value.isNull()) {
        return std::nullopt;
    }
    return Instant(std::chrono::seconds(value.getInt64()));
}

bool Query::is_null(int column) const {
    return statement_.getColumn(column).isNull();
}

std::string_view Query::bytes(int column) const {
    const SQLite::Column value = statement_.getColumn(column);
    const void* data = value.getBlob();
    if (data == nullptr) {
        return {};
    }
    return {static_cast<const char*>(data), static_cast<std::size_t>(value.getBytes())};
}

Connection::Connection(const std::filesystem::path& file, Access access,
                       std::chrono::milliseconds busy_timeout)
    : database_(file, flags_of(access), static_cast<int>(busy_timeout.count())) {
    if (access == Access::Writer) {
        // Through exec(): these give a row.
        database_.exec("PRAGMA journal_mode=WAL");
        database_.exec("PRAGMA synchronous=FULL");
        database_.exec("PRAGMA wal_autocheckpoint=4000");
        database_.exec("PRAGMA cache_size=-16000");
    } else {
        database_.exec("PRAGMA query_only=ON");
        database_.exec("PRAGMA cache_size=-4000");
    }
    database_.exec("PRAGMA foreign_keys=OFF");
}

Connection::Connection()
    : database_("", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLITE_OPEN_NOMUTEX) {
    database_.exec("PRAGMA journal_mode=OFF");
    database_.exec("PRAGMA synchronous=OFF");
    database_.exec("PRAGMA cache_size=-64000");
}

Query Connection::query(const char* sql) {
    std::unique_ptr<SQLite::Statement>& statement = statements_[sql];
    if (statement == nullptr) {
        statement = std::make_unique<SQLite::Statement>(database_, sql);
    }
    return Query(*statement);
}

std::int64_t Connection::integer(const char* sql) {
    SQLite::Statement statement(database_, sql);
    return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

std::string Connection::text(const char* sql) {
    SQLite::Statement statement(database_, sql);
    return statement.executeStep() ? statement.getColumn(0).getString() : "";
}

WriteTransaction::WriteTransaction(Connection& connection) : connection_(connection) {
    connection_.query("BEGIN IMMEDIATE").run();
}

WriteTransaction::~WriteTransaction() {
    if (open_) {
        // Nothing more can be done here if this fails: SQLite has then rolled back by itself.
        static_cast<void>(connection_.database().tryExec("ROLLBACK"));
    }
}

void WriteTransaction::commit() {
    connection_.query("COMMIT").run();
    open_ = false;
}

ReadTransaction::ReadTransaction(Connection& connection) : connection_(connection) {
    connection_.query("BEGIN").run();
}

ReadTransaction::~ReadTransaction() {
    static_cast<void>(connection_.database().tryExec("ROLLBACK"));
}

Error unavailable(const SQLite::Exception& exception, const std::filesystem::path& file,
                  std::string_view doing) {
    return {ErrorKind::Unavailable, file.string() + ": " + std::string(doing) + ": " +
                                        exception.what() + "; " +
                                        advice(exception.getErrorCode() & 0xFF)};
}

void throw_corrupt(const std::string& what) {
    throw SQLite::Exception(what, SQLITE_CORRUPT);
}

}  // namespace fristvakt::integrations
