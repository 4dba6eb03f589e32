#pragma once
#include <filesystem>

namespace fristvakt::tests {

/// Where the tree that is tested lies, for the tests that read it.
[[nodiscard]] std::filesystem::path source_dir();

}  // namespace fristvakt::tests
