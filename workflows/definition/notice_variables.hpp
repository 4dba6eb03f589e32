#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a notice may name between double braces, and where it does so.
namespace fristvakt::workflows {

/// One variable that notices may use: `{{name}}` writes it, `{{#name}}…{{/name}}` keeps what stands
/// between only when it has a value, `{{^name}}…{{/name}}` only when it has none.
struct NoticeVariable {
    std::string_view name;
    std::string_view meaning;  ///< In English, for the manual and for errors.
    /// What we or our own people wrote: where it is an address on the web, mail links to it.
    bool may_be_link{false};
};

/// All of them, grouped as in the manual; `cases` is the only list. In a message about several
/// cases, what belongs to one case stands inside `{{#cases}}…{{/cases}}`; outside it the value is
/// the one that all cases share, or none.
[[nodiscard]] std::span<const NoticeVariable> notice_variables();

/// One pair of double braces in a text.
struct Placeholder {
    std::string name;  ///< Without `#`, `^` or `/`, trimmed; as written when it is no known name.
    int line{1};       ///< Of the opening braces; from 1.
    int column{1};     ///< In bytes; from 1.
    friend bool operator==(const Placeholder&, const Placeholder&) = default;
};

/// Every `{{…}}` of `text` in order. Braces that are never closed give the rest of their line as
/// the name, which no variable has, so that a check for unknown names finds them. Pure.
[[nodiscard]] std::vector<Placeholder> placeholders_in(std::string_view text);

}  // namespace fristvakt::workflows
