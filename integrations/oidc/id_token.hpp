#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::integrations {

/// What an ID token must say to be believed.
struct IdTokenExpected {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    workflows::Instant now{};
    std::vector<std::string> acr{};  ///< One of these; empty: whatever it is.
    std::vector<std::string> amr{};  ///< All of these; empty: whatever they are.
};

/// Claims that are text, by name; `email_verified` as "true" or "false".
using IdTokenClaims = std::map<std::string, std::string, std::less<>>;

/// Checks an ID token (OpenID Connect Core 1.0, 3.1.3.7) against the provider's keys (a JWK Set,
/// RFC 7517): signed with RS256, PS256 or ES256 by a key of the right kind, of that issuer, for
/// this client (`aud`, and `azp` where there is one or several audiences), in force within a minute
/// of `now`, with that nonce. Pure.
///
/// NotFound: signed by a key that the set has not (they change; ask for the set again).
/// InvalidInput: anything else; says what, never what stood in the token.
[[nodiscard]] workflows::Result<IdTokenClaims> check_id_token(std::string_view token,
                                                              std::string_view key_set,
                                                              const IdTokenExpected& expected);

}  // namespace fristvakt::integrations
