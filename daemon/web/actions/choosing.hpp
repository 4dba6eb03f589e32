#pragma once

#include <string_view>

#include "daemon/web/html.hpp"
#include "daemon/web/table.hpp"
#include "daemon/web/view.hpp"
#include "workflows/model/case.hpp"

/// Cases ticked where they stand in a list, and the bar that leads to what can be done with all of
/// them at once. Complete without any script: a link asks for the page with all of a list ticked.
/// Whoever may not act gets the list alone.
namespace fristvakt::daemon {

[[nodiscard]] bool may_choose(const View& view);

/// A list with boxes begins with this column, and each row with the `choice_cell` of its case.
[[nodiscard]] Column choice_column();
/// A box for the case as it is now; empty when the visitor may not act in it.
[[nodiscard]] Cell choice_cell(const View& view, std::string_view list,
                               const workflows::Case& item);

/// The head of the column of boxes.
[[nodiscard]] Html choice_head(const View& view);
/// One box; `label` says of what.
[[nodiscard]] Html choice_box(const View& view, std::string_view list, std::string_view name,
                              std::string_view value, std::string_view label);

/// What stands before and after lists with boxes; `list` is their name on the page, `fields` what
/// the form holds besides what is to be done.
[[nodiscard]] Html choosing_begin(const View& view);
[[nodiscard]] Html choosing_end(const View& view, std::string_view list, const Html& fields = {});
/// The list between the two.
[[nodiscard]] Html choosing(const View& view, std::string_view list, const Html& drawn);

/// The page from which a form was sent, as it says itself: a path of ours, else Planoversikt.
[[nodiscard]] std::string way_back(std::string_view wanted);

}  // namespace fristvakt::daemon
