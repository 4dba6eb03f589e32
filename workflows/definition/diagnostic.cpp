#include "workflows/definition/diagnostic.hpp"

#include <fmt/format.h>

namespace fristvakt::workflows {

std::string to_string(const Diagnostic& diagnostic) {
    const auto& [file, line, column] = diagnostic.where;
    const std::string position =
        line == 0 ? file : fmt::format("{}:{}:{}", file, line, column == 0 ? 1 : column);
    return fmt::format("{}: {}: {}; {}", position,
                       diagnostic.severity == Severity::Error ? "error" : "warning",
                       diagnostic.message, diagnostic.hint);
}

}  // namespace fristvakt::workflows
