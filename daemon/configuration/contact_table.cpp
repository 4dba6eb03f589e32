#include "daemon/configuration/contact_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

struct ColumnName {
    std::string_view written;
    std::string_view column;
};
constexpr std::array kNames{
    ColumnName{"organisation", "organisation"},
    ColumnName{"organisasjon", "organisation"},
    ColumnName{"kommune", "organisation"},
    ColumnName{"organisation_id", "organisation_id"},
    ColumnName{"organisasjons-id", "organisation_id"},
    ColumnName{"name", "name"},
    ColumnName{"navn", "name"},
    ColumnName{"namn", "name"},
    ColumnName{"email", "email"},
    ColumnName{"e-post", "email"},
    ColumnName{"epost", "email"},
    ColumnName{"roles", "roles"},
    ColumnName{"rolle", "roles"},
    ColumnName{"roller", "roles"},
    ColumnName{"language", "language"},
    ColumnName{"målform", "language"},
    ColumnName{"from", "from"},
    ColumnName{"fra", "from"},
    ColumnName{"frå", "from"},
    ColumnName{"to", "to"},
    ColumnName{"til", "to"},
    ColumnName{"phone", "phone"},
    ColumnName{"telefon", "phone"},
    ColumnName{"tlf", "phone"},
};

Error wrong(std::string code, std::string what) {
    return {ErrorKind::InvalidInput, std::move(what), std::move(code)};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank{" \t\r\n"};
    const auto first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Lower case for ASCII and for the Norwegian letters.
std::string lower(std::string_view text) {
    std::string out = workflows::lower_case(std::string{text});
    for (const auto& [from, to] : {std::pair{"Æ", "æ"}, {"Ø", "ø"}, {"Å", "å"}}) {
        for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at)) {
            out.replace(at, 2, to);
        }
    }
    return out;
}

struct Line {
    int number{0};
    std::vector<std::string> cells;
};

/// What stands most often in the first line.
char separator_of(std::string_view text) {
    const std::string_view first = text.substr(0, text.find('\n'));
    char best = ',';
    for (const char candidate : {';', '\t'}) {
        if (std::ranges::count(first, candidate) > std::ranges::count(first, best)) {
            best = candidate;
        }
    }
    return best;
}

Result<std::vector<Line>> lines_of(std::string_view text) {
    const char separator = separator_of(text);
    std::vector<Line> lines;
    Line line{.number = 1, .cells = {}};
    std::string cell;
    int number = 1;
    std::optional<int> quoted_since;
    const auto end_cell = [&] {
        line.cells.emplace_back(trimmed(cell));
        cell.clear();
    };
    const auto end_line = [&] {
        end_cell();
        if (std::ranges::any_of(line.cells, [](const auto& one) { return !one.empty(); })) {
            lines.push_back(line);
        }
        line = {.number = number + 1, .cells = {}};
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted_since) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                cell += '"';
                ++i;
            } else if (c == '"') {
                quoted_since.reset();
            } else {
                cell += c;
            }
        } else if (c == '"' && trimmed(cell).empty()) {
            cell.clear();
            quoted_since = number;
        } else if (c == separator) {
            end_cell();
        } else if (c == '\n') {
            end_line();
        } else {
            cell += c;
        }
        number += c == '\n' ? 1 : 0;
    }
    if (quoted_since) {
        return wrong(fmt::format("quote:{}", *quoted_since), "a quotation mark is never closed");
    }
    end_line();
    return lines;
}

Result<std::vector<std::string>> header_in(const Line& line) {
    std::vector<std::string> columns;
    for (const std::string& cell : line.cells) {
        const std::string written = lower(cell);
        const auto* const known = std::ranges::find(kNames, written, &ColumnName::written);
        if (known == kNames.end()) {
            // A column without a name is the end of a table that was copied with too much.
            if (written.empty()) {
                columns.emplace_back();
                continue;
            }
            return wrong("column:" + cell.substr(0, 60), "unknown column");
        }
        columns.emplace_back(known->column);
    }
    for (const std::string_view needed : {"name", "email", "roles"}) {
        if (std::ranges::find(columns, needed) == columns.end()) {
            return wrong(fmt::format("needs:{}", needed), "a column is missing");
        }
    }
    if (std::ranges::find(columns, "organisation") == columns.end() &&
        std::ranges::find(columns, "organisation_id") == columns.end()) {
        return wrong("needs:organisation", "a column is missing");
    }
    return columns;
}

std::string organisation_of(const std::string& written, const Definitions& definitions) {
    if (definitions.find_organisation(written) != nullptr) {
        return written;
    }
    for (const auto& [id, organisation] : definitions.organisations) {
        if (lower(organisation.name) == lower(written) ||
            (!written.empty() && organisation.number == written)) {
            return id;
        }
    }
    return {};
}

/// DD.MM.YYYY as YYYY-MM-DD; everything else as it is.
std::string iso_day(const std::string& written) {
    const auto first = written.find('.');
    const auto second = written.find('.', first + 1);
    if (first == std::string::npos || second == std::string::npos || first > 2 ||
        second - first > 3) {
        return written;
    }
    const auto two = [](const std::string& text) { return text.size() == 1 ? "0" + text : text; };
    return written.substr(second + 1) + "-" + two(written.substr(first + 1, second - first - 1)) +
           "-" + two(written.substr(0, first));
}

/// A spreadsheet's guard against formulas, as our own lists have it.
std::string without_guard(std::string text) {
    constexpr std::string_view kGuarded{"=+-@"};
    if (text.size() > 1 && text[0] == '\'' && kGuarded.find(text[1]) != std::string_view::npos) {
        text.erase(0, 1);
    }
    return text;
}

std::string language_of(const std::string& written) {
    const std::string word = lower(written);
    return word == "bokmål" ? "nb" : word == "nynorsk" ? "nn" : word;
}

std::string roles_of(std::string written) {
    std::ranges::replace(written, ',', ' ');
    std::ranges::replace(written, ';', ' ');
    return written;
}

Result<ContactCells> cells_of(const Line& line, const std::vector<std::string>& columns,
                              const Definitions& definitions) {
    ContactCells cells;
    std::string organisation_id;
    for (std::size_t i = 0; i < std::min(columns.size(), line.cells.size()); ++i) {
        const std::string value = without_guard(line.cells[i]);
        const std::string& column = columns[i];
        if (column == "organisation_id") {
            organisation_id = value;
        } else if (!column.empty()) {
            cells[column] = column == "from" || column == "to" ? iso_day(value)
                            : column == "language"             ? language_of(value)
                            : column == "roles"                ? roles_of(value)
                                                               : value;
        }
    }
    std::string& organisation = cells["organisation"];
    organisation =
        organisation_of(organisation_id.empty() ? organisation : organisation_id, definitions);
    if (organisation.empty()) {
        return wrong(fmt::format("row:{}:organisation", line.number), "no such organisation");
    }
    return cells;
}

}  // namespace

Result<std::vector<ContactCells>> read_contact_table(std::string_view text,
                                                     const Definitions& definitions) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    while (!text.empty() && (text.front() == '\n' || text.front() == '\r')) {
        text.remove_prefix(1);
    }
    const auto lines = lines_of(text);
    if (!lines.ok()) {
        return lines.error();
    }
    if (lines.value().size() < 2) {
        return wrong("empty", "the table has no rows");
    }
    const auto columns = header_in(lines.value().front());
    if (!columns.ok()) {
        return columns.error();
    }
    std::vector<ContactCells> rows;
    for (std::size_t i = 1; i < lines.value().size(); ++i) {
        const Line& line = lines.value()[i];
        auto cells = cells_of(line, columns.value(), definitions);
        if (!cells.ok()) {
            return cells.error();
        }
        rows.push_back(std::move(cells).value());
        if (const auto problem = problem_in_contact(rows.back())) {
            return wrong(fmt::format("row:{}:{}", line.number, *problem), "this cannot be read");
        }
    }
    return rows;
}

}  // namespace fristvakt::daemon
