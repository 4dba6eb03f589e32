#pragma once

#include <span>
#include <string_view>

namespace fristvakt::integrations {

/// A file that the program carries inside itself. Both views last as long as the process.
struct EmbeddedFile {
    std::string_view path;     ///< Relative, with forward slashes: "messages/nb/reminder.md".
    std::string_view content;  ///< The bytes as they stood when the program was built.
};

/// Returns the file at exactly `path`, or nullptr.
[[nodiscard]] const EmbeddedFile* find_embedded(std::span<const EmbeddedFile> files,
                                                std::string_view path);

}  // namespace fristvakt::integrations
