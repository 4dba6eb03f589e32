#pragma once

#include <string_view>

#include "daemon/http/http_message.hpp"

namespace fristvakt::daemon {

/// The value of the first cookie of that name, as it was sent; "" when there is none. Points into
/// `request`.
[[nodiscard]] std::string_view cookie_of(const HttpRequest& request, std::string_view name);

}  // namespace fristvakt::daemon
