#include "tests/bench/limits/limits.hpp"

namespace fristvakt::bench {

Database::Database(const std::string& file) {
    if (sqlite3_open(file.c_str(), &handle_) != SQLITE_OK) {
        die(file + ": cannot be opened");
    }
    execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000");
}

void Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        die(sql + ": " + sqlite3_errmsg(handle_));
    }
}

Prepared::Prepared(Database& database, const char* sql) {
    if (sqlite3_prepare_v2(database.handle(), sql, -1, &statement_, nullptr) != SQLITE_OK) {
        die(std::string{sql} + ": " + sqlite3_errmsg(database.handle()));
    }
}

Prepared& Prepared::bind(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
}

Prepared& Prepared::bind(std::string_view value) {
    sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
    return *this;
}

Prepared& Prepared::bind_blob(std::string_view value) {
    sqlite3_bind_blob(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
    return *this;
}

bool Prepared::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        die(sqlite3_errmsg(sqlite3_db_handle(statement_)));
    }
    reset();
    return false;
}

void Prepared::reset() {
    sqlite3_reset(statement_);
    bound_ = 0;
}

std::int64_t Prepared::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Prepared::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto count = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string{} : std::string{bytes, count};
}

}  // namespace fristvakt::bench
