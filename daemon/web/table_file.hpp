#pragma once

#include <string>
#include <vector>

#include "daemon/web/table.hpp"
#include "workflows/result.hpp"

/// A table as a file to take along. Pure, but for the workbook, which is put together in memory.
namespace fristvakt::daemon {

/// Opens right in a Norwegian Excel: UTF-8 with a byte order mark, semicolons, CRLF (RFC 4180
/// otherwise); days as 2021-01-25. A text that a spreadsheet would take for a formula has an
/// apostrophe in front.
[[nodiscard]] std::string to_csv(const Table& table, workflows::Language language,
                                 const workflows::TimeZone& zone);
/// The same as an Office Open XML workbook: days are days, numbers are numbers, texts never
/// formulas. Unavailable: it could not be put together.
[[nodiscard]] workflows::Result<std::string> to_xlsx(const Table& table,
                                                     workflows::Language language,
                                                     const workflows::TimeZone& zone);
/// {"name": …, "rows": [{KEY: VALUE, …}]}; keys and their meaning are kept from version to version.
[[nodiscard]] std::string to_json(const Table& table, const workflows::TimeZone& zone);

}  // namespace fristvakt::daemon
