#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/configuration/edit.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// Reads contacts as people have them: what `contacts.csv` looks like, what the page's own list
/// gives, or cells copied from a spreadsheet. Separators are semicolons, tabs or commas; columns
/// have their English or Norwegian names; organisations are named by id, number or name; days are
/// YYYY-MM-DD or DD.MM.YYYY. What is left out of a row stays empty. Pure.
///
/// InvalidInput, with a code: "empty"; "column:NAME" unknown; "needs:NAME" missing;
/// "row:LINE:FIELD" a cell that cannot be read; "quote:LINE" one that never ends.
[[nodiscard]] workflows::Result<std::vector<ContactCells>> read_contact_table(
    std::string_view text, const workflows::Definitions& definitions);

}  // namespace fristvakt::daemon
