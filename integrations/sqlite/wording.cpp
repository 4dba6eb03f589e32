#include "integrations/sqlite/wording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fristvakt::integrations {

namespace {

// Stored: never change one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kWords{{
    {"man", "mån"},
    {"tir", "tys"},
    {"lør", "lau"},
    {"mandag", "måndag"},
    {"tirsdag", "tysdag"},
    {"lørdag", "laurdag"},
    {"dager", "dagar"},
    {"uke", "veke"},
    {"uker", "veker"},
    {"måned", "månad"},
    {"måneder", "månader"},
    {"arbeidsdager", "arbeidsdagar"},
    {"timer", "timar"},
    {"hoppet", "hoppa"},
    {"helligdager", "heilagdagar"},
    {"måneden", "månaden"},
}};

std::string_view word_in_nynorsk(std::string_view word) {
    const auto found = std::ranges::find(kWords, word, [](const auto& pair) { return pair.first; });
    return found == kWords.end() ? word : found->second;
}

}  // namespace

std::string in_nynorsk(std::string_view bokmal) {
    std::string line;
    line.reserve(bokmal.size() + 8);
    while (true) {
        const std::size_t end = std::min(bokmal.find_first_of(" ,:"), bokmal.size());
        line += word_in_nynorsk(bokmal.substr(0, end));
        if (end == bokmal.size()) {
            return line;
        }
        line += bokmal[end];
        bokmal.remove_prefix(end + 1);
    }
}

}  // namespace fristvakt::integrations
