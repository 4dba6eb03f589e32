#pragma once

#include <cstdint>
#include <string>

#include "daemon/web/view.hpp"

namespace fristvakt::daemon {

/// How many have brought something, and how many are to.
struct Brought {
    std::int64_t here{0};
    std::int64_t all{0};
};
/// Of the cases of a requirement that the visitor may read.
[[nodiscard]] workflows::Result<Brought> brought(View& view, const workflows::Cohort& cohort,
                                                 const std::string& requirement);
/// "3 av 16", in both målformer.
[[nodiscard]] std::string in_words(const Brought& count);

}  // namespace fristvakt::daemon
