#pragma once

#include <span>

#include "integrations/embedded/embedded_file.hpp"

namespace fristvakt::integrations {

/// Everything below config/: the shipped installation and the defaults, in the order of the paths,
/// which are relative to config/ ("fristvakt.yaml", "workflows/plan.yaml"). Any thread may call it.
[[nodiscard]] std::span<const EmbeddedFile> embedded_config();

/// What the pages load, in the order of the paths: "designsystemet.css" and
/// "designsystemet-theme.css" (Designsystemet), its licence as "licences/designsystemet.txt", and
/// the files of daemon/web/assets/ by their path there ("fristvakt.css"). Any thread may call it.
[[nodiscard]] std::span<const EmbeddedFile> embedded_assets();

}  // namespace fristvakt::integrations
