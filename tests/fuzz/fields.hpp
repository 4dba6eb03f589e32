#pragma once

#include <string>
#include <string_view>

#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {

/// Values of one input, in order, behind lines "%%"; empty ones when there are no more. Readable in
/// a corpus, and a value may have lines.
class Fields {
 public:
    explicit Fields(std::string_view text) : text_(text) {}
    [[nodiscard]] std::string next() { return std::string{take_until(text_, "\n%%\n")}; }
    /// The first byte of the next value, below `bound`.
    [[nodiscard]] std::size_t choice(std::size_t bound) {
        const std::string value = next();
        return value.empty() ? 0 : static_cast<unsigned char>(value.front()) % bound;
    }

 private:
    std::string_view text_;
};

}  // namespace fristvakt::fuzz
