#pragma once

#include <string>

namespace fristvakt::workflows {

/// `url` without the slashes at its end, so that a path can follow. Pure.
[[nodiscard]] inline std::string base_url(std::string url) {
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

}  // namespace fristvakt::workflows
