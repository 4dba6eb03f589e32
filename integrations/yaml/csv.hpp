#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/yaml/reader.hpp"

namespace fristvakt::integrations {

struct CsvCell {
    std::string text;  ///< Quotes taken off, spaces at both ends too.
    int line{1};
    int column{1};  ///< In bytes, of the first character of the cell.
};

/// What else a column may be called, in small letters.
struct CsvOtherName {
    std::string_view written;
    std::string_view column;
};

/// The columns that a table may have, and those it must have.
struct CsvColumns {
    std::span<const std::string_view> known;
    std::span<const std::string_view> required;
    std::span<const CsvOtherName> also{};
};

/// One row by the names of the columns.
class CsvRow {
 public:
    CsvRow(const std::vector<int>& index_of_column, std::span<const CsvCell> cells)
        : index_of_column_(index_of_column), cells_(cells) {}

    /// The cell of `columns.known[column]`; an empty one at the row when there is no such column.
    [[nodiscard]] const CsvCell& operator[](std::size_t column) const;
    [[nodiscard]] const CsvCell& first() const { return cells_.front(); }

 private:
    const std::vector<int>& index_of_column_;
    std::span<const CsvCell> cells_;
};

/// A table as RFC 4180 has it, line ends CRLF or LF, lines without any text left out; or with
/// semicolons or tabs for commas, as spreadsheets write it where a comma stands in numbers, when
/// the first row has no comma. The first row names the columns, in any order. Rows that cannot be
/// read are reported and left out.
class CsvTable {
 public:
    CsvTable(std::string_view text, Findings& findings, const CsvColumns& columns);

    /// False when the header could not be read; there are no rows then.
    [[nodiscard]] bool has_header() const { return has_header_; }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] CsvRow row(std::size_t i) const { return {index_of_column_, rows_[i]}; }

 private:
    void read_header(const std::vector<CsvCell>& cells, Findings& findings,
                     const CsvColumns& columns);

    std::vector<int> index_of_column_;
    std::vector<std::vector<CsvCell>> rows_;
    bool has_header_{false};
};

}  // namespace fristvakt::integrations
