#pragma once

#include <memory>
#include <string>

#include "integrations/oidc/id_token.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// One sign-in on its way through a provider.
struct OpenIdSignIn {
    std::string redirect_uri;
    std::string state;
    std::string nonce;
    std::string verifier;  ///< Of PKCE, 43 to 128 characters (RFC 7636).
};

/// A provider of OpenID Connect, asked for an authorization code with PKCE (S256). What it says of
/// itself (`/.well-known/openid-configuration`) is kept for an hour, its keys until a token is
/// signed by one that they lack. Any thread; blocks while the provider answers, some seconds at
/// most.
class OpenIdProvider {
 public:
    explicit OpenIdProvider(workflows::SignInSettings::OpenId settings);
    ~OpenIdProvider();
    OpenIdProvider(const OpenIdProvider&) = delete;
    OpenIdProvider& operator=(const OpenIdProvider&) = delete;

    [[nodiscard]] const workflows::SignInSettings::OpenId& settings() const;

    /// Where to send the browser. Unavailable: the provider does not answer, or not as one; says
    /// what it answered.
    [[nodiscard]] workflows::Result<std::string> authorization_url(const OpenIdSignIn& sign_in,
                                                                   workflows::Instant now);
    /// Redeems the code that the browser came back with, and checks the ID token.
    /// InvalidInput: the code or the token is no good. Unavailable: as above.
    [[nodiscard]] workflows::Result<IdTokenClaims> redeem(const std::string& code,
                                                          const OpenIdSignIn& sign_in,
                                                          workflows::Instant now);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace fristvakt::integrations
