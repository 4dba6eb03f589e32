#pragma once

#include <cstdint>
#include <string>

#include "daemon/web/view.hpp"

namespace fristvakt::daemon {

/// How many have brought something, and how many are to.
struct Brought {
    std::int64_t here{0};
    std::int64_t claimed{0};  ///< They say that it is sent; nobody here has seen it.
    std::int64_t all{0};
};
/// Of the cases of a requirement that the visitor may read.
[[nodiscard]] workflows::Result<Brought> brought(View& view, const workflows::Cohort& cohort,
                                                 const std::string& requirement);
/// "3 av 16", "3 av 16, 1 meldt sendt".
[[nodiscard]] std::string in_words(const Brought& count, workflows::Language language);

}  // namespace fristvakt::daemon
