#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/user.hpp"
#include "workflows/language.hpp"
#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::integrations {

/// Somebody who is signed in. Times are the machine's, here and below.
struct StoredSession {
    std::string id;  ///< No secret: names it on the page that ends it.
    std::string address;
    std::string way;      ///< "mail", "command" or "openid".
    std::string client;   ///< Address of the machine it began from.
    std::string browser;  ///< What the browser called itself then; cut short.
    workflows::Instant began_at{};
    workflows::Instant seen_at{};
    workflows::Instant ends_at{};  ///< In any case.
};

/// What a program shows instead of signing in.
struct StoredApiToken {
    std::int64_t number{0};
    std::string name;
    std::string allows;  ///< "read", "events" or "admin".
    workflows::Scope scope;
    std::string made_by;  ///< Address of an administrator; empty: where nobody signs in.
    workflows::Instant made_at{};
    workflows::Instant ends_at{};
    std::optional<workflows::Instant> used_at{};
    std::optional<workflows::Instant> revoked_at{};
};

/// A calendar that somebody subscribes to, by an address that is the right to see it.
struct StoredFeed {
    enum class Of { Person, Organisation, Cohort };  ///< Stored, never renumber.
    std::int64_t number{0};
    Of of{Of::Organisation};
    std::string subject{};  ///< Address, or id.
    std::string made_by{};  ///< Address; empty: where nobody signs in, or on the machine itself.
    workflows::Instant made_at{};  ///< The address that holds, not the first one.
    std::optional<workflows::Instant> used_at{};
};

/// A sign-in that went to an OpenID provider and has not come back.
struct StoredOpenIdFlow {
    std::string nonce;
    std::string verifier;  ///< Of PKCE (RFC 7636).
    std::string return_to;
    workflows::Instant ends_at{};
};

/// A filter of Planoversikt that somebody has given a name.
struct StoredView {
    std::string name;
    std::string query;  ///< "?avvik=1"
    friend bool operator==(const StoredView&, const StoredView&) = default;
};

/// Sign-in links, sessions, API tokens, calendar feeds and saved views: a file of its own beside
/// the log, `access.db`, with SHA-256 of the secrets instead of them. It is no part of a backup:
/// whoever was let out stays out. Any thread, and several processes at once. Every failure of the
/// disk is Unavailable and changes nothing.
class AccessStore {
 public:
    /// Opens the file; makes it, readable for its owner alone, where `create`. NotFound: there is
    /// none, and it is not to be made. Conflict: of a newer format.
    [[nodiscard]] static workflows::Result<std::unique_ptr<AccessStore>> open(
        const std::filesystem::path& file, bool create);
    ~AccessStore();
    AccessStore(const AccessStore&) = delete;
    AccessStore& operator=(const AccessStore&) = delete;

    /// A secret of this installation, made once: forms of those who are not signed in.
    [[nodiscard]] workflows::Result<std::string> form_secret(const std::string& if_none);

    /// A link in a mail, or from the command line (`way`).
    [[nodiscard]] workflows::Status add_link(const std::string& token_hash,
                                             const std::string& address, const std::string& way,
                                             workflows::Instant now, workflows::Instant ends_at);
    struct Link {
        std::string address;
        std::string way;
    };
    /// Nothing when it was used, has ended or never was.
    [[nodiscard]] workflows::Result<std::optional<Link>> find_link(const std::string& token_hash,
                                                                   workflows::Instant now);
    /// As `find_link`; from now on it is used, and so are all older links to that address.
    [[nodiscard]] workflows::Result<std::optional<Link>> use_link(const std::string& token_hash,
                                                                  workflows::Instant now);

    [[nodiscard]] workflows::Status add_session(const StoredSession& session,
                                                const std::string& token_hash);
    /// Whatever its times say.
    [[nodiscard]] workflows::Result<std::optional<StoredSession>> find_session(
        const std::string& token_hash);
    [[nodiscard]] workflows::Status see_session(const std::string& id, workflows::Instant now);
    /// Newest first; of everybody when `address` is empty. Ended ones are not there.
    [[nodiscard]] workflows::Result<std::vector<StoredSession>> sessions(
        const std::string& address, workflows::Instant now, workflows::Instant seen_after);
    /// False: no such session (of that address, unless it is empty).
    [[nodiscard]] workflows::Result<bool> end_session(const std::string& id,
                                                      const std::string& address);
    /// All of that address; how many there were.
    [[nodiscard]] workflows::Result<std::int64_t> end_sessions(const std::string& address);

    [[nodiscard]] workflows::Status add_flow(const std::string& state_hash,
                                             const StoredOpenIdFlow& flow, workflows::Instant now);
    /// Gives it once.
    [[nodiscard]] workflows::Result<std::optional<StoredOpenIdFlow>> take_flow(
        const std::string& state_hash, workflows::Instant now);

    /// Its number.
    [[nodiscard]] workflows::Result<std::int64_t> add_api_token(const StoredApiToken& token,
                                                                const std::string& token_hash);
    /// Whatever its times say.
    [[nodiscard]] workflows::Result<std::optional<StoredApiToken>> find_api_token(
        const std::string& token_hash);
    [[nodiscard]] workflows::Status use_api_token(std::int64_t number, workflows::Instant now);
    /// Newest first; revoked and ended ones too.
    [[nodiscard]] workflows::Result<std::vector<StoredApiToken>> api_tokens();
    /// False: no such token, or revoked already.
    [[nodiscard]] workflows::Result<bool> revoke_api_token(std::int64_t number,
                                                           workflows::Instant now);

    /// Its number.
    [[nodiscard]] workflows::Result<std::int64_t> add_feed(const StoredFeed& feed,
                                                           const std::string& token_hash);
    [[nodiscard]] workflows::Result<std::optional<StoredFeed>> find_feed(
        const std::string& token_hash);
    [[nodiscard]] workflows::Status use_feed(std::int64_t number, workflows::Instant now);
    /// Newest first.
    [[nodiscard]] workflows::Result<std::vector<StoredFeed>> feeds();
    /// Another token in the place of the old one, which is worth nothing now. False: no such feed.
    [[nodiscard]] workflows::Result<bool> renew_feed(std::int64_t number,
                                                     const std::string& token_hash,
                                                     workflows::Instant now);
    /// Forgets it. False: no such feed.
    [[nodiscard]] workflows::Result<bool> end_feed(std::int64_t number);

    /// Those of one person, by address; "" is all of us where nobody signs in. Oldest first.
    [[nodiscard]] workflows::Result<std::vector<StoredView>> views(const std::string& owner);
    /// In the place of the one of that name, if there is one; the oldest go beyond `count_max`.
    [[nodiscard]] workflows::Status save_view(const std::string& owner, const StoredView& view,
                                              std::int64_t count_max);
    /// False: no such view.
    [[nodiscard]] workflows::Result<bool> remove_view(const std::string& owner,
                                                      const std::string& name);

    /// Forgets whoever has that address, in lower case: their links, sessions, feeds and views, and
    /// that they made what others use. How many things knew it.
    [[nodiscard]] workflows::Result<std::int64_t> erase(const std::string& address);

 private:
    struct State;
    explicit AccessStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace fristvakt::integrations
