#pragma once

#include <cstddef>
#include <semaphore>
#include <stop_token>
#include <string>
#include <string_view>

#include "integrations/graph/access_tokens.hpp"
#include "integrations/graph/attempt.hpp"
#include "integrations/http_client/http_client.hpp"
#include "workflows/definition/graph_calendar.hpp"

namespace fristvakt::integrations::graph {

/// What is asked of Microsoft Graph.
struct GraphCall {
    std::string method{"GET"};
    /// Behind `graph_url`: "/subscriptions"; or a whole link that Graph gave, used to the letter.
    std::string path;
    std::string body{};  ///< JSON; may be empty.
    About about{About::Calendar};
};

/// Calls to Microsoft Graph about one mailbox. At most four at a time, which is what Microsoft
/// allows an application in a mailbox; further ones wait their turn. A token that is not taken is
/// renewed once, and the call made once more: what got a 401 was not done. Times are asked for in
/// UTC. Any thread; blocks while Graph answers, half a minute a call at most.
class Connection {
 public:
    /// Asked to `stop`, a call is broken off, as if nobody had answered.
    explicit Connection(workflows::GraphCalendar settings, std::stop_token stop = {});

    /// A good answer (2xx). Fails as `failure_of` says; a link that leads elsewhere than to
    /// `graph_url` is Refused, and nobody is shown the token.
    [[nodiscard]] Attempt<HttpAnswer> call(const GraphCall& call, workflows::Instant now);

    [[nodiscard]] const workflows::GraphCalendar& settings() const { return settings_; }
    /// "/users/ADDRESS", percent-encoded.
    [[nodiscard]] std::string mailbox_path() const;

 private:
    [[nodiscard]] Attempt<HttpAnswer> call_once(const GraphCall& call, const AccessToken& token);

    static constexpr std::ptrdiff_t kAtATimeMax = 4;
    workflows::GraphCalendar settings_;
    std::stop_token stop_;
    AccessTokens tokens_;
    std::counting_semaphore<kAtATimeMax> turns_{kAtATimeMax};
};

}  // namespace fristvakt::integrations::graph
