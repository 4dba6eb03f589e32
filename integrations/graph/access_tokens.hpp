#pragma once

#include <stop_token>
#include <string>

#include "integrations/graph/attempt.hpp"
#include "integrations/guarded.hpp"
#include "integrations/secrets/secret.hpp"
#include "workflows/definition/graph_calendar.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::integrations::graph {

/// A token, and which of those that were given it is.
struct AccessToken {
    Secret value;
    int number{0};  ///< From 1.
};

/// The tokens by which an application signs in to Microsoft Graph (client credentials, RFC 6749
/// section 4.4). One is kept until shortly before it expires; all that need one at once share one
/// request. Any thread; blocks while Microsoft answers, ten seconds at most.
class AccessTokens {
 public:
    explicit AccessTokens(workflows::GraphCalendar settings, std::stop_token stop = {})
        : settings_(std::move(settings)), stop_(std::move(stop)) {}

    /// One that is good at `now`, and no older than the one after `refused`: the number of a token
    /// that was not taken, 0: none was. Fails as `sign_in_failure_of` says, or with SignInRefused
    /// where the secret cannot be read.
    [[nodiscard]] Attempt<AccessToken> get(workflows::Instant now, int refused = 0);

 private:
    struct Held {
        Secret value;
        int number{0};  ///< 0: none yet.
        workflows::Instant expires_at{};
        workflows::Instant asked_at{};
    };
    [[nodiscard]] Attempt<Held> ask(workflows::Instant now) const;

    workflows::GraphCalendar settings_;
    std::stop_token stop_;
    Guarded<Held> held_;
};

}  // namespace fristvakt::integrations::graph
