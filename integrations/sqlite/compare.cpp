#include "integrations/sqlite/compare.hpp"

#include <cstdint>
#include <optional>
#include <variant>

#include "integrations/sqlite/schema.hpp"

namespace fristvakt::integrations {

namespace {

using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using Cells = std::vector<Cell>;

Cell cell_in(const SQLite::Column& column) {
    if (column.isNull()) {
        return {};
    }
    if (column.isInteger()) {
        return column.getInt64();
    }
    return column.getString();
}

std::string shown(const Cells& key) {
    std::string text;
    for (const Cell& cell : key) {
        text += text.empty() ? "" : " ";
        if (const auto* number = std::get_if<std::int64_t>(&cell)) {
            text += std::to_string(*number);
        } else if (const auto* bytes = std::get_if<std::string>(&cell)) {
            text += *bytes;
        }
    }
    return text;
}

/// The rows of one table in the order of their key.
class Rows {
 public:
    Rows(Connection& connection, const ProjectionTable& table)
        : statement_(connection.database(), std::string("SELECT ") + table.order + ", * FROM " +
                                                table.name + " ORDER BY " + table.order),
          key_columns_(table.key_columns) {
        next();
    }

    void next() {
        key_.reset();
        if (!statement_.executeStep()) {
            return;
        }
        key_.emplace();
        values_.clear();
        for (int column = 0; column < statement_.getColumnCount(); ++column) {
            (column < key_columns_ ? *key_ : values_)
                .push_back(cell_in(statement_.getColumn(column)));
        }
    }
    [[nodiscard]] const std::optional<Cells>& key() const { return key_; }
    [[nodiscard]] const Cells& values() const { return values_; }

 private:
    SQLite::Statement statement_;
    int key_columns_;
    std::optional<Cells> key_;
    Cells values_;
};

void compare(Connection& actual, Connection& expected, const ProjectionTable& table,
             std::size_t count_max, std::vector<std::string>& found) {
    Rows have(actual, table);
    Rows want(expected, table);
    while ((have.key() || want.key()) && found.size() < count_max) {
        const std::string name = std::string("row of ") + table.name + " ";
        if (!want.key() || (have.key() && *have.key() < *want.key())) {
            found.push_back(name + shown(*have.key()) + ": the log knows nothing of it");
            have.next();
        } else if (!have.key() || *want.key() < *have.key()) {
            found.push_back(name + shown(*want.key()) + ": is missing");
            want.next();
        } else {
            if (have.values() != want.values()) {
                found.push_back(name + shown(*want.key()) + ": is not what the log says");
            }
            have.next();
            want.next();
        }
    }
}

}  // namespace

std::vector<std::string> projection_differences(Connection& actual, Connection& expected,
                                                std::size_t count_max) {
    std::vector<std::string> found;
    for (const ProjectionTable& table : projection_tables()) {
        compare(actual, expected, table, count_max, found);
    }
    return found;
}

}  // namespace fristvakt::integrations
