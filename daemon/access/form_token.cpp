#include "daemon/access/form_token.hpp"

#include <array>

#include <sodium.h>

#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

std::string random_token() {
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // The NUL.
    return text;
}

std::string form_token_of(std::string_view secret) {
    return workflows::sha256_hex("fristvakt form " + std::string{secret});
}

bool same_token(std::string_view a, std::string_view b) {
    return !a.empty() && a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace fristvakt::daemon
