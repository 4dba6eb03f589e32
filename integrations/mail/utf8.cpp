#include "integrations/mail/utf8.hpp"

namespace fristvakt::integrations {
namespace {

struct Lead {
    std::size_t bytes;
    char32_t bits;
    char32_t smallest;  ///< A smaller code in this many bytes is not the shortest form.
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80U) {
        return {.bytes = 1, .bits = byte, .smallest = 0};
    }
    if ((byte & 0xE0U) == 0xC0U) {
        return {.bytes = 2, .bits = byte & 0x1FU, .smallest = 0x80};
    }
    if ((byte & 0xF0U) == 0xE0U) {
        return {.bytes = 3, .bits = byte & 0x0FU, .smallest = 0x800};
    }
    if ((byte & 0xF8U) == 0xF0U) {
        return {.bytes = 4, .bits = byte & 0x07U, .smallest = 0x10000};
    }
    return {.bytes = 0, .bits = 0, .smallest = 0};
}

}  // namespace

Utf8Character utf8_character(std::string_view text, std::size_t at) {
    constexpr Utf8Character kUnreadable{.code = 0xFFFD, .bytes = 1, .valid = false};
    const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
    if (lead.bytes == 0 || at + lead.bytes > text.size()) {
        return kUnreadable;
    }
    char32_t code = lead.bits;
    for (std::size_t index = 1; index < lead.bytes; ++index) {
        const auto byte = static_cast<unsigned char>(text[at + index]);
        if ((byte & 0xC0U) != 0x80U) {
            return kUnreadable;
        }
        code = (code << 6U) | (byte & 0x3FU);
    }
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < lead.smallest || code > 0x10FFFF || is_surrogate) {
        return kUnreadable;
    }
    return {.code = code, .bytes = lead.bytes, .valid = true};
}

}  // namespace fristvakt::integrations
