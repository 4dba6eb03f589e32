#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace fristvakt::daemon {

/// Characters of a UTF-8 text; about what it takes on a terminal.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// Columns that line up. The last one is as long as it likes.
class TextTable {
 public:
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// `indent` blanks before each line.
    void print(std::ostream& out, std::size_t indent = 0) const;

 private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace fristvakt::daemon
