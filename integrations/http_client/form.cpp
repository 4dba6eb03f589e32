#include "integrations/http_client/form.hpp"

namespace fristvakt::integrations {

std::string percent_encoded(std::string_view text) {
    static constexpr std::string_view kHex{"0123456789ABCDEF"};
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') ||
                              std::string_view{"-._~"}.find(c) != std::string_view::npos;
        const auto byte = static_cast<unsigned char>(c);
        if (is_plain) {
            out += c;
        } else {
            out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
    return out;
}

std::string form_of(const FormFields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        out += (out.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    }
    return out;
}

}  // namespace fristvakt::integrations
