#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fristvakt::fuzz {

/// Ends the program, so that the fuzzer keeps the input, unless `holds`.
inline void demand(bool holds, std::string_view claim, std::string_view shown = {}) {
    if (!holds) {
        (void)std::fprintf(stderr, "not so: %.*s\n%.*s\n", static_cast<int>(claim.size()),
                           claim.data(), static_cast<int>(shown.size()), shown.data());
        std::abort();
    }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes, as libFuzzer hands them
    return {reinterpret_cast<const char*>(data), size};
}

/// Takes off and returns what stands before the next `mark`, and the mark; all when there is none.
inline std::string_view take_until(std::string_view& text, std::string_view mark) {
    const std::string_view part = text.substr(0, text.find(mark));
    text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + mark.size());
    return part;
}

}  // namespace fristvakt::fuzz
