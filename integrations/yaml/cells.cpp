#include "integrations/yaml/cells.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "workflows/definition/mail_address.hpp"

namespace fristvakt::integrations {

using workflows::Date;
using workflows::Language;

namespace {

constexpr std::size_t kCellMax = 200;

}  // namespace

std::string Cells::text(const CsvCell& cell, std::string_view column, bool may_be_empty) {
    const bool has_control = std::ranges::any_of(
        cell.text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (has_control || cell.text.size() > kCellMax) {
        error(cell, fmt::format("`{}` is too long or more than one line", column),
              fmt::format("write up to {} characters on one line", kCellMax));
    } else if (cell.text.empty() && !may_be_empty) {
        error(cell, fmt::format("`{}` is empty", column), "fill it in");
    }
    return cell.text;
}

std::string Cells::id(const CsvCell& cell) {
    if (!is_id(cell.text)) {
        error(cell, fmt::format("`{}` cannot be an id", cell.text.substr(0, 80)),
              "write a-z, 0-9 and hyphens, such as nord-odal");
    }
    return cell.text;
}

std::string Cells::address(const CsvCell& cell, bool may_be_empty) {
    const bool is_left_out = may_be_empty && cell.text.empty();
    if (!is_left_out && !workflows::is_mail_address(cell.text)) {
        error(cell, "this is no e-mail address",
              "write one plain address, such as post@kommune.example");
    }
    return cell.text;
}

std::optional<Date> Cells::date(const CsvCell& cell) {
    if (cell.text.empty()) {
        return std::nullopt;
    }
    auto date = workflows::read_iso_date(cell.text);
    if (!date.ok()) {
        error(cell, date.error().message, "write a day that exists, as YYYY-MM-DD");
        return std::nullopt;
    }
    return date.value();
}

std::optional<Language> Cells::language(const CsvCell& cell, std::string_view word_for_none) {
    if (cell.text == "nb") {
        return Language::Nb;
    }
    if (cell.text == "nn") {
        return Language::Nn;
    }
    if (cell.text != word_for_none) {
        error(cell, fmt::format("`{}` is no målform", cell.text.substr(0, 80)),
              word_for_none.empty() ? "write nb or nn, or leave it empty"
                                    : "write nb, nn or neutral");
    }
    return std::nullopt;
}

}  // namespace fristvakt::integrations
