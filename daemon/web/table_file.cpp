#include "daemon/web/table_file.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "workflows/overloaded.hpp"

namespace fristvakt::daemon {

using workflows::Date;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Language;
using workflows::Result;
using workflows::TimeZone;

namespace {

bool is_in_file(const Column& column) {
    return column.where == Column::Where::Everywhere || column.where == Column::Where::File;
}

/// "2021-01-25 08:00", of the installation's clock: what spreadsheets take for a time.
std::string local_text(Instant at, const TimeZone& zone) {
    std::string text = workflows::iso_instant(at, zone).substr(0, 16);
    text[10] = ' ';
    return text;
}

/// What a spreadsheet reads as the beginning of a formula, or drops before one.
bool looks_like_formula(std::string_view text) {
    constexpr std::string_view kFirst{"=+-@\t\r\n"};
    return !text.empty() && kFirst.find(text.front()) != std::string_view::npos;
}

std::string csv_text(std::string text) {
    if (looks_like_formula(text)) {
        text.insert(text.begin(), '\'');
    }
    if (text.find_first_of(";\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted{"\""};
    for (const char letter : text) {
        quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    }
    return quoted + '"';
}

std::string csv_cell(const Cell& cell, const TimeZone& zone) {
    return std::visit(
        workflows::Overloaded{[](std::monostate) { return std::string{}; },
                              [](const std::string& text) { return csv_text(text); },
                              [](std::int64_t number) { return std::to_string(number); },
                              [](Date day) { return workflows::iso_date(day); },
                              [&](Instant at) { return local_text(at, zone); }},
        cell.value);
}

/// A file without a place on any disk, that still has a name: the library writes to names only.
class MemoryFile {
 public:
    MemoryFile() : descriptor_(::memfd_create("workbook", MFD_CLOEXEC)) {}
    ~MemoryFile() {
        if (descriptor_ >= 0) {
            (void)::close(descriptor_);
        }
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] bool ok() const { return descriptor_ >= 0; }
    [[nodiscard]] std::string name() const { return fmt::format("/proc/self/fd/{}", descriptor_); }
    [[nodiscard]] std::string content() const {
        std::string out;
        std::array<char, 65536> buffer{};
        for (;;) {
            const auto got =
                ::pread(descriptor_, buffer.data(), buffer.size(), static_cast<off_t>(out.size()));
            if (got <= 0) {
                return out;
            }
            out.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

 private:
    int descriptor_;
};

struct Formats {
    lxw_format* head;
    lxw_format* day;
    lxw_format* time;
};

lxw_datetime datetime_of(workflows::LocalTime local) {
    const auto day = workflows::cal::floor<workflows::cal::days>(local);
    const workflows::cal::year_month_day ymd{day};
    const workflows::cal::hh_mm_ss<workflows::Seconds> time{local - day};
    return {.year = int{ymd.year()},
            .month = static_cast<int>(unsigned{ymd.month()}),
            .day = static_cast<int>(unsigned{ymd.day()}),
            .hour = static_cast<int>(time.hours().count()),
            .min = static_cast<int>(time.minutes().count()),
            .sec = static_cast<double>(time.seconds().count())};
}

void write_cell(lxw_worksheet* sheet, std::uint32_t row, std::uint16_t column, const Cell& cell,
                const Formats& formats, const TimeZone& zone) {
    std::visit(workflows::Overloaded{
                   [](std::monostate) {},
                   [&](const std::string& text) {
                       (void)worksheet_write_string(sheet, row, column, text.c_str(), nullptr);
                   },
                   [&](std::int64_t number) {
                       (void)worksheet_write_number(sheet, row, column, static_cast<double>(number),
                                                    nullptr);
                   },
                   [&](Date day) {
                       lxw_datetime when = datetime_of(workflows::LocalTime{day});
                       (void)worksheet_write_datetime(sheet, row, column, &when, formats.day);
                   },
                   [&](Instant at) {
                       lxw_datetime when = datetime_of(zone.to_local(at));
                       (void)worksheet_write_datetime(sheet, row, column, &when, formats.time);
                   }},
               cell.value);
}

void write_sheet(lxw_workbook* book, const Table& table, Language language, const TimeZone& zone) {
    // A sheet's name has at most 31 letters.
    lxw_worksheet* const sheet = workbook_add_worksheet(book, table.name.substr(0, 31).c_str());
    const Formats formats{workbook_add_format(book), workbook_add_format(book),
                          workbook_add_format(book)};
    format_set_bold(formats.head);
    format_set_num_format(formats.day, "dd.mm.yyyy");
    format_set_num_format(formats.time, "dd.mm.yyyy hh:mm");
    std::uint16_t at{0};
    for (const Column& column : table.columns) {
        if (is_in_file(column)) {
            constexpr double kWidth{22};
            (void)worksheet_set_column(sheet, at, at, kWidth, nullptr);
            (void)worksheet_write_string(sheet, 0, at++, column.title.in(language).c_str(),
                                         formats.head);
        }
    }
    worksheet_freeze_panes(sheet, 1, 0);
    std::uint32_t row{1};
    for (const std::vector<Cell>& cells : table.rows) {
        at = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (is_in_file(table.columns[i])) {
                write_cell(sheet, row, at++, cells[i], formats, zone);
            }
        }
        ++row;
    }
    if (at > 0) {
        (void)worksheet_autofilter(sheet, 0, 0, row - 1, static_cast<std::uint16_t>(at - 1));
    }
}

}  // namespace

std::string to_csv(const Table& table, Language language, const TimeZone& zone) {
    std::string out{"\xEF\xBB\xBF"};
    const auto end_line = [&] {
        if (out.ends_with(';')) {
            out.pop_back();
        }
        out += "\r\n";
    };
    for (const Column& column : table.columns) {
        if (is_in_file(column)) {
            out += csv_text(column.title.in(language)) + ';';
        }
    }
    end_line();
    for (const std::vector<Cell>& cells : table.rows) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (is_in_file(table.columns[i])) {
                out += csv_cell(cells[i], zone) + ';';
            }
        }
        end_line();
    }
    return out;
}

Result<std::string> to_xlsx(const Table& table, Language language, const TimeZone& zone) {
    const Error failed{ErrorKind::Unavailable, "the workbook could not be written"};
    const MemoryFile file;
    lxw_workbook* const book = file.ok() ? workbook_new(file.name().c_str()) : nullptr;
    if (book == nullptr) {
        return failed;
    }
    write_sheet(book, table, language, zone);
    if (workbook_close(book) != LXW_NO_ERROR) {
        return failed;
    }
    return file.content();
}

std::string to_json(const Table& table, const TimeZone& zone) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const std::vector<Cell>& cells : table.rows) {
        nlohmann::ordered_json row = nlohmann::ordered_json::object();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!is_in_file(table.columns[i])) {
                continue;
            }
            auto& value = row[std::string{table.columns[i].key}];
            std::visit(workflows::Overloaded{
                           [&](std::monostate) { value = nullptr; },
                           [&](const std::string& text) { value = text; },
                           [&](std::int64_t number) { value = number; },
                           [&](Date day) { value = workflows::iso_date(day); },
                           [&](Instant at) { value = workflows::iso_instant(at, zone); }},
                       cells[i].value);
        }
        rows.push_back(std::move(row));
    }
    const nlohmann::ordered_json out{{"name", table.name}, {"rows", std::move(rows)}};
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace fristvakt::daemon
