#include "workflows/time/worth_telling.hpp"

#include <algorithm>

namespace fristvakt::workflows {

std::vector<std::string> worth_telling(const Derivation& because, Language language) {
    const std::vector<std::string>& lines = because.in(language);
    const bool is_reckoned = std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find(" = ") != std::string::npos || line.find("→") != std::string::npos ||
               line.find(": ") != std::string::npos;
    });
    return is_reckoned || lines.size() > 1 ? lines : std::vector<std::string>{};
}

}  // namespace fristvakt::workflows
