#pragma once

#include <filesystem>

#include "integrations/yaml/layer.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

/// Writes files below `folder`, which is made if it is not there, its owner's only. Each is written
/// beside its place, through to the disk, and then renamed: whoever reads sees the old or the new.
/// Unavailable: the disk; some files may then be new.
[[nodiscard]] workflows::Status write_folder(const std::filesystem::path& folder,
                                             const integrations::ConfigurationFiles& files);

/// Brings the files of a layer from `before` to `after`. In an order that makes every moment on the
/// way a layer that can be read and says the one or the other of each entry: bases come before what
/// is made from them, and go after. Where something cannot be written the old files are put back.
/// Unavailable: the disk.
[[nodiscard]] workflows::Status replace_layer(const std::filesystem::path& folder,
                                              const integrations::Layer& before,
                                              const integrations::Layer& after);

}  // namespace fristvakt::daemon
