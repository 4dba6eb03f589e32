#pragma once

#include <string>
#include <string_view>

namespace fristvakt::workflows {

/// The two written standards of Norwegian (målformer) that every text exists in.
enum class Language { Nb, Nn };

/// One text in both målformer.
struct Text {
    std::string nb;
    std::string nn;

    [[nodiscard]] const std::string& in(Language language) const {
        return language == Language::Nb ? nb : nn;
    }
    friend bool operator==(const Text&, const Text&) = default;
};

/// "nb" or "nn": the BCP 47 tag.
[[nodiscard]] constexpr std::string_view language_tag(Language language) {
    return language == Language::Nb ? "nb" : "nn";
}

}  // namespace fristvakt::workflows
