#include "integrations/embedded/embedded_file.hpp"

#include <algorithm>

namespace fristvakt::integrations {

const EmbeddedFile* find_embedded(std::span<const EmbeddedFile> files, std::string_view path) {
    const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
    return found == files.end() ? nullptr : &*found;
}

}  // namespace fristvakt::integrations
