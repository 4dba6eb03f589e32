#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "integrations/yaml/csv.hpp"
#include "integrations/yaml/reader.hpp"

namespace fristvakt::integrations {

/// Typed reading of the cells of a table: what cannot be read is reported at its cell.
class Cells {
 public:
    explicit Cells(Findings& findings) : findings_(findings) {}

    [[nodiscard]] SourcePosition at(const CsvCell& cell) const {
        return findings_.at(cell.line, cell.column);
    }
    void error(const CsvCell& cell, std::string message, std::string hint) {
        findings_.error(at(cell), std::move(message), std::move(hint));
    }

    /// One line of at most 200 bytes. `column`: its name.
    std::string text(const CsvCell& cell, std::string_view column, bool may_be_empty);
    std::string id(const CsvCell& cell);
    std::string address(const CsvCell& cell, bool may_be_empty);
    /// Nothing for an empty cell.
    std::optional<workflows::Date> date(const CsvCell& cell);
    /// Nothing means no language of its own: `word_for_none`, or an empty cell where that is "".
    std::optional<workflows::Language> language(const CsvCell& cell,
                                                std::string_view word_for_none);

 private:
    Findings& findings_;
};

}  // namespace fristvakt::integrations
