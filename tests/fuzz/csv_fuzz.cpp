// Tables of organisations and contacts.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "integrations/yaml/csv.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations;

constexpr std::array<std::string_view, 4> kKnown{"id", "name", "email", "roles"};
constexpr std::array<std::string_view, 2> kRequired{"id", "name"};
constexpr CsvColumns kColumns{kKnown, kRequired};

using Rows = std::vector<std::array<std::string, kKnown.size()>>;

Rows rows_of(const CsvTable& table) {
    Rows out;
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto& row = out.emplace_back();
        for (std::size_t column = 0; column < kKnown.size(); ++column) {
            row.at(column) = table.row(i)[column].text;
        }
    }
    return out;
}

std::string written(const Rows& rows) {
    std::string out;
    const auto put = [&](std::string_view cell, bool is_last) {
        out += '"';
        for (const char c : cell) {
            out += c == '"' ? "\"\"" : std::string{c};
        }
        out += is_last ? "\"\r\n" : "\",";
    };
    for (std::size_t column = 0; column < kKnown.size(); ++column) {
        put(kKnown.at(column), column + 1 == kKnown.size());
    }
    for (const auto& row : rows) {
        for (std::size_t column = 0; column < kKnown.size(); ++column) {
            put(row.at(column), column + 1 == kKnown.size());
        }
    }
    return out;
}

}  // namespace

void try_csv(std::string_view text) {
    std::vector<workflows::Diagnostic> diagnostics;
    Findings findings{"a.csv", diagnostics};
    const CsvTable table{text, findings, kColumns};
    const int lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
    for (const auto& diagnostic : diagnostics) {
        demand(diagnostic.where.line >= 1 && diagnostic.where.line <= lines &&
                   diagnostic.where.column >= 1,
               "a place lies in the text", to_string(diagnostic));
        demand(!diagnostic.message.empty() && !diagnostic.hint.empty(), "a finding says what to do",
               to_string(diagnostic));
    }
    demand(table.has_header() || !diagnostics.empty(), "a table without a header is told");
    demand(table.has_header() || table.size() == 0, "no rows without a header");
    if (!table.has_header()) {
        return;
    }
    const Rows rows = rows_of(table);
    const std::string again = written(rows);
    std::vector<workflows::Diagnostic> none;
    Findings no_findings{"b.csv", none};
    const CsvTable second{again, no_findings, kColumns};
    demand(none.empty() && rows_of(second) == rows, "a table that is written is read back", again);
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_csv(fristvakt::fuzz::text_of(data, size));
    return 0;
}
