#pragma once

#include <string_view>

#include "workflows/definition/definitions.hpp"

namespace fristvakt::workflows {

/// Whether `day` lies in the time of `contact`; both ends count. Pure.
[[nodiscard]] bool is_there_on(const Contact& contact, Date day);
/// Whether `contact` holds `role` on `day`; both ends of its time count. Pure.
[[nodiscard]] bool holds_role_on(const Contact& contact, std::string_view role, Date day);

}  // namespace fristvakt::workflows
