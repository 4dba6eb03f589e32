#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/web/html.hpp"
#include "workflows/language.hpp"
#include "workflows/time/instant.hpp"

/// One list as a value: drawn on a page, or written into a file, from the same rows. Pure.
namespace fristvakt::daemon {

struct Cell {
    std::variant<std::monostate, std::string, std::int64_t, workflows::Date, workflows::Instant>
        value{};
    /// Drawn on the page instead of the value; files have the value.
    std::optional<Html> drawn{};

    Cell() = default;
    Cell(std::string text) : value(std::move(text)) {}  // NOLINT(google-explicit-constructor)
    Cell(std::string_view text)                         // NOLINT(google-explicit-constructor)
        : value(std::string{text}) {}
    Cell(const char* text) : value(std::string{text}) {}  // NOLINT(google-explicit-constructor)
    Cell(std::int64_t number) : value(number) {}          // NOLINT(google-explicit-constructor)
    Cell(int number) : value(std::int64_t{number}) {}     // NOLINT(google-explicit-constructor)
    Cell(workflows::Date day) : value(day) {}             // NOLINT(google-explicit-constructor)
    Cell(workflows::Instant instant) : value(instant) {}  // NOLINT(google-explicit-constructor)
    /// On the page alone.
    Cell(Html markup) : drawn(std::move(markup)) {}  // NOLINT(google-explicit-constructor)
    Cell(Cell of, Html markup) : value(std::move(of.value)), drawn(std::move(markup)) {}
};

struct Column {
    enum class Where {
        Everywhere,
        Page,
        File,
        Choice,  ///< On the page of those who may act: boxes to tick.
    };
    std::string_view key;  ///< In JSON; English and stable.
    workflows::Text title;
    Where where{Where::Everywhere};
};

struct Table {
    std::string name;  ///< Of the file, without its ending; also the id of the table's heading.
    workflows::Text title;
    std::vector<Column> columns;  ///< The first one on the page names its row.
    std::vector<std::vector<Cell>> rows;
    /// On a narrow screen each row stands as a list, every cell behind its column's title, so that
    /// nothing has to be scrolled to.
    bool stacks{false};
};

}  // namespace fristvakt::daemon
