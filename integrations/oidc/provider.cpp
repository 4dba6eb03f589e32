#include "integrations/oidc/provider.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "integrations/http_client/form.hpp"
#include "integrations/http_client/http_client.hpp"
#include "integrations/secrets/secret.hpp"
#include "workflows/definition/base_url.hpp"

namespace fristvakt::integrations {

using nlohmann::json;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;

namespace {

constexpr std::chrono::seconds kMetadataAge{3600};
/// Between two questions for keys that are not known: a forged token must not make us ask all day.
constexpr std::chrono::seconds kKeysPause{10};
constexpr std::chrono::seconds kCallMax{10};

std::string base64(std::string_view bytes, int variant) {
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), variant);
    out.pop_back();  // The NUL.
    return out;
}

/// RFC 7636, 4.2.
std::string challenge_of(const std::string& verifier) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(verifier.data()),
                       verifier.size());
    return base64({reinterpret_cast<const char*>(hash.data()), hash.size()},
                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// An answer that is one JSON object, whatever its status.
Result<json> object_in(const Result<HttpAnswer>& answer, const std::string& url) {
    if (!answer.ok()) {
        return Error{ErrorKind::Unavailable, answer.error().message};
    }
    json object = json::parse(answer.value().body, nullptr, false);
    if (!object.is_object()) {
        return Error{ErrorKind::Unavailable, url + ": answers with HTTP status " +
                                                 std::to_string(answer.value().status) +
                                                 " and no JSON object"};
    }
    return object;
}

Result<json> get_object(const std::string& url) {
    const auto answer =
        call_http({.url = url, .headers = {{"Accept", "application/json"}}, .timeout = kCallMax});
    if (answer.ok() && answer.value().status != 200) {
        return Error{ErrorKind::Unavailable, url + ": answers with HTTP status " +
                                                 std::to_string(answer.value().status) +
                                                 "; check `sign_in.openid.issuer`"};
    }
    return object_in(answer, url);
}

struct Metadata {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    bool secret_in_body{false};  ///< Else by HTTP basic authentication.
    Instant asked_at{};
};

Result<Metadata> read_metadata(const json& document, const std::string& issuer, Instant now) {
    const auto bad = [&](const std::string& why) {
        return Error{ErrorKind::Unavailable, issuer + ": " + why};
    };
    if (text_in(document, "issuer") != issuer) {
        return bad(
            "calls itself by another name; write `sign_in.openid.issuer` to the letter as "
            "its /.well-known/openid-configuration has it");
    }
    Metadata out{.authorization_endpoint = text_in(document, "authorization_endpoint"),
                 .token_endpoint = text_in(document, "token_endpoint"),
                 .jwks_uri = text_in(document, "jwks_uri"),
                 .asked_at = now};
    if (out.token_endpoint.empty() || out.jwks_uri.empty()) {
        return bad("names no token endpoint or no keys");
    }
    // The others are asked by us, over https or on this machine; this one by the browser.
    const bool is_local = issuer.starts_with("http://");
    if (!out.authorization_endpoint.starts_with(is_local ? "http://" : "https://") ||
        out.authorization_endpoint.find_first_of(" \r\n\"<>") != std::string::npos) {
        return bad("names no place on https to sign in at");
    }
    const auto methods = document.value("token_endpoint_auth_methods_supported", json::array());
    const auto has = [&](const char* method) {
        return methods.is_array() && std::ranges::find(methods, json(method)) != methods.end();
    };
    out.secret_in_body = has("client_secret_post") && !has("client_secret_basic");
    return out;
}

}  // namespace

struct OpenIdProvider::State {
    workflows::SignInSettings::OpenId settings;
    std::mutex mutex;
    // Guarded by mutex.
    std::optional<Metadata> metadata;
    std::string keys;
    std::optional<Instant> keys_renewed_at;

    [[nodiscard]] Result<Metadata> known(Instant now);
    /// The keys that are known; asks when there are none, or when `again` and not just asked.
    [[nodiscard]] Result<std::string> known_keys(Instant now, bool again);
    [[nodiscard]] Result<std::string> id_token(const std::string& code, const OpenIdSignIn& sign_in,
                                               const Metadata& provider) const;
};

Result<Metadata> OpenIdProvider::State::known(Instant now) {
    {
        const std::scoped_lock lock{mutex};
        if (metadata && now - metadata->asked_at < kMetadataAge && now >= metadata->asked_at) {
            return *metadata;
        }
    }
    const std::string base = workflows::base_url(settings.issuer);
    const auto document = get_object(base + "/.well-known/openid-configuration");
    if (!document.ok()) {
        return document.error();
    }
    auto read = read_metadata(document.value(), settings.issuer, now);
    if (read.ok()) {
        const std::scoped_lock lock{mutex};
        metadata = read.value();
    }
    return read;
}

Result<std::string> OpenIdProvider::State::known_keys(Instant now, bool again) {
    {
        const std::scoped_lock lock{mutex};
        const bool renewed_just_now =
            keys_renewed_at && now >= *keys_renewed_at && now - *keys_renewed_at < kKeysPause;
        if (!keys.empty() && (!again || renewed_just_now)) {
            return keys;
        }
        if (again) {
            keys_renewed_at = now;
        }
    }
    const auto provider = known(now);
    if (!provider.ok()) {
        return provider.error();
    }
    const auto set = get_object(provider.value().jwks_uri);
    if (!set.ok()) {
        return set.error();
    }
    const std::scoped_lock lock{mutex};
    keys = set.value().dump();
    return keys;
}

Result<std::string> OpenIdProvider::State::id_token(const std::string& code,
                                                    const OpenIdSignIn& sign_in,
                                                    const Metadata& provider) const {
    FormFields form{{"grant_type", "authorization_code"},
                    {"code", code},
                    {"redirect_uri", sign_in.redirect_uri},
                    {"code_verifier", sign_in.verifier}};
    HttpCall call{.method = "POST",
                  .url = provider.token_endpoint,
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                              {"Accept", "application/json"}},
                  .timeout = kCallMax};
    if (settings.client_secret.kind == workflows::SecretReference::Kind::None) {
        form.emplace_back("client_id", settings.client_id);
    } else {
        const auto secret = read_secret(settings.client_secret);
        if (!secret.ok()) {
            return Error{ErrorKind::Unavailable, secret.error().message};
        }
        const std::string value{secret.value().reveal()};
        if (provider.secret_in_body) {
            form.emplace_back("client_id", settings.client_id);
            form.emplace_back("client_secret", value);
        } else {  // RFC 6749, 2.3.1
            call.headers.emplace_back("Authorization",
                                      "Basic " + base64(percent_encoded(settings.client_id) + ":" +
                                                            percent_encoded(value),
                                                        sodium_base64_VARIANT_ORIGINAL));
        }
    }
    call.body = form_of(form);
    const auto answer = object_in(call_http(call), provider.token_endpoint);
    if (!answer.ok()) {
        return answer.error();
    }
    if (const std::string token = text_in(answer.value(), "id_token"); !token.empty()) {
        return token;
    }
    std::string why = text_in(answer.value(), "error");
    const bool is_word = !why.empty() && why.size() < 64 && std::ranges::all_of(why, [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_';
    });
    const bool is_ours = why == "invalid_client" || why == "unauthorized_client";
    return Error{is_ours ? ErrorKind::Unavailable : ErrorKind::InvalidInput,
                 "the provider gives no ID token" + (is_word ? " (" + why + ")" : std::string{}) +
                     (is_ours ? "; check client_id, client_secret and the redirect address "
                                "registered there"
                              : "; sign in once more")};
}

OpenIdProvider::OpenIdProvider(workflows::SignInSettings::OpenId settings)
    : state_(std::make_unique<State>()) {
    state_->settings = std::move(settings);
}
OpenIdProvider::~OpenIdProvider() = default;

const workflows::SignInSettings::OpenId& OpenIdProvider::settings() const {
    return state_->settings;
}

Result<std::string> OpenIdProvider::authorization_url(const OpenIdSignIn& sign_in, Instant now) {
    const auto provider = state_->known(now);
    if (!provider.ok()) {
        return provider.error();
    }
    const auto& settings = state_->settings;
    FormFields query{{"response_type", "code"},
                     {"client_id", settings.client_id},
                     {"redirect_uri", sign_in.redirect_uri},
                     {"scope", joined(settings.scopes)},
                     {"state", sign_in.state},
                     {"nonce", sign_in.nonce},
                     {"code_challenge", challenge_of(sign_in.verifier)},
                     {"code_challenge_method", "S256"}};
    if (!settings.acr.empty()) {
        query.emplace_back("acr_values", joined(settings.acr));
    }
    const std::string& at = provider.value().authorization_endpoint;
    return at + (at.find('?') == std::string::npos ? "?" : "&") + form_of(query);
}

Result<IdTokenClaims> OpenIdProvider::redeem(const std::string& code, const OpenIdSignIn& sign_in,
                                             Instant now) {
    const auto provider = state_->known(now);
    if (!provider.ok()) {
        return provider.error();
    }
    const auto token = state_->id_token(code, sign_in, provider.value());
    if (!token.ok()) {
        return token.error();
    }
    const IdTokenExpected expected{.issuer = state_->settings.issuer,
                                   .client_id = state_->settings.client_id,
                                   .nonce = sign_in.nonce,
                                   .now = now,
                                   .acr = state_->settings.acr,
                                   .amr = state_->settings.amr};
    for (const bool again : {false, true}) {
        const auto keys = state_->known_keys(now, again);
        if (!keys.ok()) {
            return keys.error();
        }
        auto claims = check_id_token(token.value(), keys.value(), expected);
        if (claims.ok() || claims.error().kind != ErrorKind::NotFound) {
            return claims;
        }
    }
    return Error{ErrorKind::InvalidInput,
                 "the provider has no key by which its ID token is signed"};
}

}  // namespace fristvakt::integrations
