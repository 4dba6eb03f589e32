#include "integrations/oidc/id_token.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include <nlohmann/json.hpp>
#include <sodium.h>
extern "C" {
#include <cjose/cjose.h>
}

namespace fristvakt::integrations {

using nlohmann::json;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

constexpr std::int64_t kSkewSeconds = 60;
constexpr std::size_t kTokenBytesMax = 32UL * 1024;

struct Free {
    void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
    void operator()(cjose_jws_t* signature) const { cjose_jws_release(signature); }
};
template <typename Thing>
using Owned = std::unique_ptr<Thing, Free>;

Error wrong(std::string what) {
    return {ErrorKind::InvalidInput, "the provider's ID token " + std::move(what)};
}

/// Which kind of key an algorithm takes. What is not here is not accepted, "none" and HS256 least.
struct Algorithm {
    std::string_view name;
    std::string_view key_type;
    std::string_view curve;
};
constexpr std::array kAlgorithms{Algorithm{"RS256", "RSA", ""}, Algorithm{"PS256", "RSA", ""},
                                 Algorithm{"ES256", "EC", "P-256"}};

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<json> decoded_object(std::string_view base64) {
    std::string bytes(base64.size(), '\0');
    std::size_t length{0};
    const char* end{nullptr};
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                          base64.data(), base64.size(), nullptr, &length, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        end != base64.data() + base64.size()) {
        return std::nullopt;
    }
    bytes.resize(length);
    json object = json::parse(bytes, nullptr, false);
    return object.is_object() ? std::optional{std::move(object)} : std::nullopt;
}

bool verifies(std::string_view token, const json& key) {
    const std::string text = key.dump();
    cjose_err ignored{};
    const Owned<cjose_jwk_t> jwk{cjose_jwk_import(text.data(), text.size(), &ignored)};
    const Owned<cjose_jws_t> jws{cjose_jws_import(token.data(), token.size(), &ignored)};
    return jwk != nullptr && jws != nullptr && cjose_jws_verify(jws.get(), jwk.get(), &ignored);
}

/// Of the keys that may have signed it, one has.
Status check_signature(std::string_view token, const json& header, std::string_view key_set) {
    const std::string name = text_in(header, "alg");
    const auto algorithm = std::ranges::find(kAlgorithms, name, &Algorithm::name);
    if (algorithm == kAlgorithms.end()) {
        return wrong("is signed in a way that is not accepted; RS256, PS256 and ES256 are");
    }
    if (header.contains("crit")) {
        return wrong("demands an extension that is not known here");
    }
    const json set = json::parse(key_set, nullptr, false);
    if (!set.is_object() || !set.contains("keys") || !set["keys"].is_array()) {
        return Error{ErrorKind::InvalidInput, "the provider's keys are no JWK Set"};
    }
    const std::string id = text_in(header, "kid");
    bool has_candidate{false};
    for (const json& key : set["keys"]) {
        if (!key.is_object() || text_in(key, "kty") != algorithm->key_type ||
            (!algorithm->curve.empty() && text_in(key, "crv") != algorithm->curve) ||
            (!id.empty() && text_in(key, "kid") != id) || text_in(key, "use") == "enc") {
            continue;
        }
        const std::string only = text_in(key, "alg");
        if (!only.empty() && only != name) {
            continue;
        }
        has_candidate = true;
        if (verifies(token, key)) {
            return workflows::Done{};
        }
    }
    if (!has_candidate) {
        return Error{ErrorKind::NotFound,
                     "the provider has no key by which its ID token is signed"};
    }
    return wrong("has a signature that does not fit");
}

bool is_for(const json& claims, const std::string& client_id) {
    const auto audience = claims.find("aud");
    if (audience == claims.end()) {
        return false;
    }
    const bool is_list = audience->is_array();
    const bool named = is_list ? std::ranges::find(*audience, json(client_id)) != audience->end()
                               : *audience == client_id;
    const bool has_party = claims.contains("azp");
    if (!named || (is_list && audience->size() > 1 && !has_party)) {
        return false;
    }
    return !has_party || claims["azp"] == client_id;
}

std::optional<std::int64_t> seconds_in(const json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end() || !found->is_number()) {
        return std::nullopt;
    }
    const double value = found->get<double>();
    constexpr double kMax = 1e12;
    return value >= 0 && value < kMax ? std::optional{static_cast<std::int64_t>(value)}
                                      : std::nullopt;
}

Status check_times(const json& claims, workflows::Instant now) {
    const std::int64_t at = now.time_since_epoch().count();
    const auto ends = seconds_in(claims, "exp");
    const auto issued = seconds_in(claims, "iat");
    if (!ends || !issued) {
        return wrong("does not say when it was issued and when it ends");
    }
    if (*ends + kSkewSeconds <= at) {
        return wrong("has ended; does this machine's clock go right?");
    }
    const auto begins = seconds_in(claims, "nbf").value_or(*issued);
    if (*issued > at + kSkewSeconds || begins > at + kSkewSeconds) {
        return wrong("is not in force yet; does this machine's clock go right?");
    }
    return workflows::Done{};
}

Status check_claims(const json& claims, const IdTokenExpected& expected) {
    if (text_in(claims, "iss") != expected.issuer) {
        return wrong("is of another issuer than the configuration names");
    }
    if (!is_for(claims, expected.client_id)) {
        return wrong("is meant for another client");
    }
    if (text_in(claims, "sub").empty()) {
        return wrong("does not say whom it is about");
    }
    if (expected.nonce.empty() || text_in(claims, "nonce") != expected.nonce) {
        return wrong("answers another sign-in");
    }
    if (!expected.acr.empty() &&
        std::ranges::find(expected.acr, text_in(claims, "acr")) == expected.acr.end()) {
        return wrong("tells a weaker sign-in than `acr` demands");
    }
    const json ways = claims.value("amr", json::array());
    for (const std::string& way : expected.amr) {
        if (!ways.is_array() || std::ranges::find(ways, json(way)) == ways.end()) {
            return wrong("tells of a sign-in without what `amr` demands");
        }
    }
    return check_times(claims, expected.now);
}

}  // namespace

Result<IdTokenClaims> check_id_token(std::string_view token, std::string_view key_set,
                                     const IdTokenExpected& expected) {
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (token.size() > kTokenBytesMax || second == std::string_view::npos ||
        token.find('.', second + 1) != std::string_view::npos) {
        return wrong("is none");
    }
    const auto header = decoded_object(token.substr(0, first));
    const auto claims = decoded_object(token.substr(first + 1, second - first - 1));
    if (!header || !claims) {
        return wrong("cannot be read");
    }
    if (const Status good = check_signature(token, *header, key_set); !good.ok()) {
        return good.error();
    }
    if (const Status good = check_claims(*claims, expected); !good.ok()) {
        return good.error();
    }
    IdTokenClaims out;
    for (const auto& [name, value] : claims->items()) {
        if (value.is_string()) {
            out.emplace(name, value.get<std::string>());
        } else if (value.is_boolean()) {
            out.emplace(name, value.get<bool>() ? "true" : "false");
        }
    }
    return out;
}

}  // namespace fristvakt::integrations
