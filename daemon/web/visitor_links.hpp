#pragma once

#include "daemon/web/view.hpp"

namespace fristvakt::daemon {

/// Who is signed in, their sessions, and the way out; nothing where nobody signs in.
[[nodiscard]] Html visitor_links(const View& view);

}  // namespace fristvakt::daemon
