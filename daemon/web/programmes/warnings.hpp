#pragma once

#include "daemon/configuration/programme_desk.hpp"
#include "daemon/web/html.hpp"
#include "daemon/web/view.hpp"

namespace fristvakt::daemon {

/// What to look at twice before a change is taken into use: what the check warns of from then on,
/// and what a configuration alone cannot know. It hinders nobody. Empty: nothing.
[[nodiscard]] Html warnings(const View& view, const Edit& edit, const Proposal& proposal);

}  // namespace fristvakt::daemon
