#include "integrations/sqlite/sha256.hpp"

#include <sodium.h>

#include "workflows/assert.hpp"

namespace fristvakt::integrations {

namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(const unsigned char* bytes, std::size_t count) {
    std::string text(count * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes, count);
    text.pop_back();
    return text;
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
    Sha256 hash{};
    crypto_hash_sha256(hash.data(), bytes_of(bytes), bytes.size());
    return hash;
}

Sha256 sha256(std::string_view first, std::string_view second) {
    Sha256 hash{};
    crypto_hash_sha256_state state{};
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, bytes_of(first), first.size());
    crypto_hash_sha256_update(&state, bytes_of(second), second.size());
    crypto_hash_sha256_final(&state, hash.data());
    return hash;
}

std::string to_hex(const Sha256& hash) {
    return hex(hash.data(), hash.size());
}

std::string_view as_bytes(const Sha256& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::string random_nonce() {
    static const int kInitialised = sodium_init();
    FRISTVAKT_ASSERT(kInitialised >= 0);
    std::array<unsigned char, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return hex(bytes.data(), bytes.size());
}

}  // namespace fristvakt::integrations
