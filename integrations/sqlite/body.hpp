#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "workflows/ports.hpp"

namespace fristvakt::integrations {

/// A message's rendering and its bytes as one compressed value: they repeat each other.
[[nodiscard]] std::string pack_body(const workflows::Batch::Body& body);
/// Empty when `content` is not what `pack_body` gave. The number is left 0.
[[nodiscard]] std::optional<workflows::Batch::Body> unpack_body(std::string_view content);

}  // namespace fristvakt::integrations
