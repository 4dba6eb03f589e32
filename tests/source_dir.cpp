#include "tests/source_dir.hpp"

namespace fristvakt::tests {

std::filesystem::path source_dir() {
    return FRISTVAKT_SOURCE_DIR;
}

}  // namespace fristvakt::tests
