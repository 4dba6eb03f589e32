#include "integrations/mail/fingerprint.hpp"

#include <cstdint>

namespace fristvakt::integrations {

std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (unsigned shift = 64; shift > 0; shift -= 4) {
        out += kDigits[(hash >> (shift - 4)) & 0x0FU];
    }
    return out;
}

}  // namespace fristvakt::integrations
