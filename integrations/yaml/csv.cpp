#include "integrations/yaml/csv.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "workflows/model/digest.hpp"

namespace fristvakt::integrations {
namespace {

/// What stands between the cells, by the first line that is not empty.
char separator_of(std::string_view text) {
    const std::size_t start = std::min(text.find_first_not_of("\r\n"), text.size());
    const std::string_view line = text.substr(start, text.find('\n', start) - start);
    for (const char separator : {',', ';', '\t'}) {
        if (line.find(separator) != std::string_view::npos) {
            return separator;
        }
    }
    return ',';
}

const char* in_words(char separator) {
    return separator == ';' ? "semicolon" : separator == '\t' ? "tab" : "comma";
}

/// A line with nothing on it, or the rows of separators alone that a spreadsheet leaves at the end.
bool is_blank(const std::vector<CsvCell>& cells) {
    return std::ranges::all_of(cells, [](const CsvCell& cell) { return cell.text.empty(); });
}

/// Walks the bytes and keeps count of lines and columns.
class Scanner {
 public:
    Scanner(std::string_view text, char between, Findings& findings)
        : text_(text), between_(between), findings_(findings) {}

    [[nodiscard]] bool at_end() const { return i_ == text_.size(); }

    /// The next row; false when it could not be read, and after a finding.
    bool read_row(std::vector<CsvCell>& cells) {
        cells.clear();
        bool is_good = true;
        while (true) {
            CsvCell& cell = cells.emplace_back();
            cell.line = line_;
            cell.column = column();
            is_good = (peek() == '"' ? read_quoted(cell) : read_plain(cell)) && is_good;
            if (at_end()) {
                return is_good;
            }
            const char separator = text_[i_];
            advance();
            if (separator == '\n') {
                return is_good;
            }
        }
    }

 private:
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[i_]; }
    [[nodiscard]] int column() const { return static_cast<int>(i_ - line_start_) + 1; }
    void advance() {
        if (text_[i_++] == '\n') {
            ++line_;
            line_start_ = i_;
        }
    }
    [[nodiscard]] bool at_separator() const {
        return at_end() || text_[i_] == between_ || text_[i_] == '\n';
    }

    bool read_plain(CsvCell& cell) {
        const std::size_t start = i_;
        bool is_good = true;
        while (!at_separator()) {
            if (text_[i_] == '"' && is_good) {
                findings_.error(findings_.at(line_, column()),
                                "a quotation mark stands inside a cell",
                                "put the whole cell in quotation marks and double those within");
                is_good = false;
            }
            advance();
        }
        cell.text = trimmed(text_.substr(start, i_ - start));
        return is_good;
    }

    bool read_quoted(CsvCell& cell) {
        advance();
        while (true) {
            if (at_end()) {
                findings_.error(findings_.at(cell.line, cell.column),
                                "this quotation mark is never closed", "close it");
                return false;
            }
            const char c = text_[i_];
            advance();
            if (c != '"') {
                cell.text += c;
            } else if (peek() == '"') {
                cell.text += '"';
                advance();
            } else {
                break;
            }
        }
        cell.text = trimmed(cell.text);
        bool is_good = true;
        while (!at_separator()) {
            if (is_good && peek() != ' ' && peek() != '\r') {
                findings_.error(findings_.at(line_, column()),
                                "something stands behind the closing quotation mark",
                                "double quotation marks that belong to the text");
                is_good = false;
            }
            advance();
        }
        return is_good;
    }

    std::string_view text_;
    char between_;
    Findings& findings_;
    std::size_t i_{0};
    std::size_t line_start_{0};
    int line_{1};
};

}  // namespace

const CsvCell& CsvRow::operator[](std::size_t column) const {
    static const CsvCell kNone;
    const int index = index_of_column_[column];
    return index < 0 ? kNone : cells_[static_cast<std::size_t>(index)];
}

CsvTable::CsvTable(std::string_view text, Findings& findings, const CsvColumns& columns) {
    const char between = separator_of(text);
    Scanner scanner(text, between, findings);
    std::vector<CsvCell> cells;
    std::size_t width = 0;
    while (!scanner.at_end()) {
        const bool is_good = scanner.read_row(cells);
        if (is_good && is_blank(cells)) {
            continue;
        }
        if (width == 0) {
            if (is_good) {
                read_header(cells, findings, columns);
            }
            if (!has_header_) {
                return;
            }
            width = cells.size();
        } else if (is_good && cells.size() != width) {
            const bool has_more = cells.size() > width;
            const CsvCell& cell = has_more ? cells[width] : cells.back();
            findings.error(
                findings.at(cell.line, cell.column),
                fmt::format("this row has {} cells and the first row {}", cells.size(), width),
                has_more
                    ? fmt::format("put a cell that holds a {} in quotation marks",
                                  in_words(between))
                    : fmt::format("leave empty cells empty, with their {}s", in_words(between)));
        } else if (is_good) {
            rows_.push_back(cells);
        }
    }
    if (width == 0) {
        findings.error(findings.at(1, 1), "the table is empty",
                       "name the columns in the first row");
    }
}

void CsvTable::read_header(const std::vector<CsvCell>& cells, Findings& findings,
                           const CsvColumns& columns) {
    const int errors_before = findings.errors();
    index_of_column_.assign(columns.known.size(), -1);
    std::vector<std::string_view> unknown;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto other = std::ranges::find(columns.also, workflows::lower_case(cells[i].text),
                                             &CsvOtherName::written);
        const auto known = std::ranges::find(columns.known, other == columns.also.end()
                                                                ? std::string_view(cells[i].text)
                                                                : other->column);
        const auto where = findings.at(cells[i].line, cells[i].column);
        if (known == columns.known.end()) {
            unknown.push_back(cells[i].text);
            findings.error(where, fmt::format("unknown column `{}`", cells[i].text.substr(0, 80)),
                           suggestion(cells[i].text, columns.known));
            continue;
        }
        int& index = index_of_column_[static_cast<std::size_t>(known - columns.known.begin())];
        if (index >= 0) {
            findings.error(where, fmt::format("the column `{}` stands twice", *known),
                           "keep one of them");
        }
        index = static_cast<int>(i);
    }
    for (const std::string_view required : columns.required) {
        const auto known = std::ranges::find(columns.known, required);
        const bool is_misspelt = std::ranges::any_of(unknown, [&](std::string_view word) {
            return suggestion(word, columns.known) == fmt::format("write `{}`", required);
        });
        if (index_of_column_[static_cast<std::size_t>(known - columns.known.begin())] < 0 &&
            !is_misspelt) {
            findings.error(findings.at(cells.front().line, 1),
                           fmt::format("the column `{}` is missing", required), "add it");
        }
    }
    has_header_ = findings.errors() == errors_before;
}

}  // namespace fristvakt::integrations
