#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/access/visitor.hpp"
#include "daemon/engine/engine_access.hpp"
#include "daemon/http/http_message.hpp"
#include "integrations/sqlite/access_store.hpp"

namespace fristvakt::daemon {

/// How long a sign-in link works, and a sign-in may take at an OpenID provider.
inline constexpr std::chrono::seconds kLinkTerm{15 * 60};

/// The user with that address, in whatever case; null when there is none.
[[nodiscard]] const workflows::User* find_user(const workflows::Definitions& definitions,
                                               std::string_view address);

/// A path of ours to go back to after signing in; "/" when `asked` is none, or somebody else's.
[[nodiscard]] std::string safe_return(std::string_view asked);

/// Finds out who sends a request: by the session's cookie, or by an API token under /api/. What is
/// in users.csv now counts, not what was when somebody signed in. Any thread.
class Sessions {
 public:
    struct Options {
        std::function<double()> unix_seconds;
        /// Other machines can connect. Then nobody is let in where `sign_in` is not configured.
        bool reachable{false};
    };
    /// `store` and `engine` must outlive it.
    Sessions(integrations::AccessStore& store, EngineAccess& engine, Options options)
        : store_(store), engine_(engine), options_(std::move(options)) {}

    /// Never fails: whoever cannot be known, because the store does not answer, is a stranger.
    [[nodiscard]] Visitor visitor_of(const HttpRequest& request) const;

    /// Begins a session for a user; the Set-Cookie header that carries it.
    [[nodiscard]] workflows::Result<std::string> begin(const workflows::User& user, std::string way,
                                                       const HttpRequest& request);
    /// The Set-Cookie header that takes the session's cookie away.
    [[nodiscard]] std::string forget() const;

    /// A cookie of ours, short-lived: which sign-in at a provider this browser began.
    [[nodiscard]] std::string flow_cookie(const std::string& state) const;
    [[nodiscard]] std::string flow_of(const HttpRequest& request) const;

    /// What the configuration in force says; nothing when nobody signs in.
    [[nodiscard]] std::optional<workflows::SignInSettings> settings() const;
    /// The machine's time.
    [[nodiscard]] workflows::Instant now() const;
    /// Sessions not seen since then have ended.
    [[nodiscard]] workflows::Instant idle_since() const;

 private:
    [[nodiscard]] bool is_https() const;
    [[nodiscard]] std::string cookie(std::string_view name, std::string_view value,
                                     std::chrono::seconds age) const;
    [[nodiscard]] Visitor stranger() const;
    [[nodiscard]] std::optional<Visitor> person_of(const HttpRequest& request,
                                                   const workflows::Definitions& definitions) const;
    [[nodiscard]] std::optional<Visitor> program_of(
        const HttpRequest& request, const workflows::Definitions& definitions) const;

    integrations::AccessStore& store_;
    EngineAccess& engine_;
    Options options_;
    mutable std::mutex mutex_;
    mutable std::string form_token_;  ///< Of strangers; guarded by mutex_.
};

}  // namespace fristvakt::daemon
