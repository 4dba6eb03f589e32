#include "integrations/sqlite/access_store.hpp"

#include <mutex>
#include <utility>

#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/files.hpp"

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;
using workflows::Scope;
using workflows::Status;

namespace {

constexpr int kFormat = 3;
constexpr const char* kTables = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE links(
    token_hash TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    way TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    used_at INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX links_address ON links(address);
CREATE TABLE sessions(
    token_hash TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    way TEXT NOT NULL,
    client TEXT NOT NULL,
    browser TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_address ON sessions(address);
CREATE TABLE openid_flows(
    state_hash TEXT PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    return_to TEXT NOT NULL,
    ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE api_tokens(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    allows TEXT NOT NULL,
    scope_kind INTEGER NOT NULL,
    scope TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER) STRICT;
)sql";
/// Since format 2.
constexpr const char* kFeedTable = R"sql(
CREATE TABLE feeds(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT NOT NULL UNIQUE,
    subject_kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER) STRICT;
)sql";

/// Since format 3. The number is the order of saving.
constexpr const char* kViewTable = R"sql(
CREATE TABLE views(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    UNIQUE(owner, name)) STRICT;
)sql";

#define FRISTVAKT_SESSION_COLUMNS "id, address, way, client, browser, began_at, seen_at, ends_at"
#define FRISTVAKT_API_TOKEN_COLUMNS \
    "number, name, allows, scope_kind, scope, made_by, made_at, ends_at, used_at, revoked_at"
#define FRISTVAKT_FEED_COLUMNS "number, subject_kind, subject, made_by, made_at, used_at"

StoredSession session_in(const Query& row) {
    return {.id = row.text(0),
            .address = row.text(1),
            .way = row.text(2),
            .client = row.text(3),
            .browser = row.text(4),
            .began_at = row.instant(5),
            .seen_at = row.instant(6),
            .ends_at = row.instant(7)};
}

StoredApiToken api_token_in(const Query& row) {
    return {.number = row.integer(0),
            .name = row.text(1),
            .allows = row.text(2),
            .scope = {static_cast<Scope::Kind>(row.integer(3)), row.text(4)},
            .made_by = row.text(5),
            .made_at = row.instant(6),
            .ends_at = row.instant(7),
            .used_at = row.optional_instant(8),
            .revoked_at = row.optional_instant(9)};
}

StoredFeed feed_in(const Query& row) {
    return {.number = row.integer(0),
            .of = static_cast<StoredFeed::Of>(row.integer(1)),
            .subject = row.text(2),
            .made_by = row.text(3),
            .made_at = row.instant(4),
            .used_at = row.optional_instant(5)};
}

}  // namespace

struct AccessStore::State {
    explicit State(const std::filesystem::path& path)
        : file(path), connection(path, Access::Writer) {}

    /// Runs `work` alone; what SQLite throws becomes an Error.
    template <typename Work>
    auto guarded(const char* doing, const Work& work)
        -> decltype(work(std::declval<Connection&>())) {
        const std::scoped_lock lock{mutex};
        try {
            return work(connection);
        } catch (const SQLite::Exception& exception) {
            return unavailable(exception, file, doing);
        }
    }

    std::filesystem::path file;
    std::mutex mutex;
    Connection connection;  ///< Guarded by mutex.
};

AccessStore::AccessStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
AccessStore::~AccessStore() = default;

Result<std::unique_ptr<AccessStore>> AccessStore::open(const std::filesystem::path& file,
                                                       bool create) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        if (!create) {
            return Error{ErrorKind::NotFound,
                         file.string() + ": there is no such file; start the daemon there once"};
        }
        if (const Status made = create_private(file); !made.ok()) {
            return made.error();
        }
    }
    try {
        auto state = std::make_unique<State>(file);
        Connection& connection = state->connection;
        WriteTransaction transaction{connection};
        const auto format = connection.integer("PRAGMA user_version");
        if (format > kFormat) {
            return Error{ErrorKind::Conflict, file.string() + ": has format " +
                                                  std::to_string(format) +
                                                  ", which a newer fristvakt wrote; install that"};
        }
        if (format == 0) {
            connection.execute(kTables);
        }
        if (format < 2) {
            connection.execute(kFeedTable);
        }
        if (format < kFormat) {
            connection.execute(kViewTable);
            connection.execute("PRAGMA user_version=" + std::to_string(kFormat));
        }
        transaction.commit();
        return std::unique_ptr<AccessStore>{new AccessStore{std::move(state)}};
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "opening the file of sessions");
    }
}

Result<std::string> AccessStore::form_secret(const std::string& if_none) {
    return state_->guarded("reading a secret", [&](Connection& connection) -> Result<std::string> {
        connection.query("INSERT OR IGNORE INTO meta VALUES('form_secret', ?)").bind(if_none).run();
        return connection.text("SELECT value FROM meta WHERE name = 'form_secret'");
    });
}

Status AccessStore::add_link(const std::string& token_hash, const std::string& address,
                             const std::string& way, Instant now, Instant ends_at) {
    return state_->guarded("keeping a sign-in link", [&](Connection& connection) -> Status {
        WriteTransaction transaction{connection};
        connection.query("DELETE FROM links WHERE ends_at <= ?").bind(now).run();
        connection
            .query(
                "INSERT INTO links(token_hash, address, way, made_at, ends_at) "
                "VALUES(?, ?, ?, ?, ?)")
            .bind(token_hash)
            .bind(address)
            .bind(way)
            .bind(now)
            .bind(ends_at)
            .run();
        transaction.commit();
        return Done{};
    });
}

namespace {

std::optional<AccessStore::Link> link_in(Connection& connection, const std::string& token_hash,
                                         Instant now) {
    Query row = connection.query(
        "SELECT address, way FROM links WHERE token_hash = ? AND used_at IS NULL AND ends_at > ?");
    row.bind(token_hash).bind(now);
    if (!row.step()) {
        return std::nullopt;
    }
    return AccessStore::Link{row.text(0), row.text(1)};
}

}  // namespace

Result<std::optional<AccessStore::Link>> AccessStore::find_link(const std::string& token_hash,
                                                                Instant now) {
    return state_->guarded("looking for a sign-in link",
                           [&](Connection& connection) -> Result<std::optional<Link>> {
                               return link_in(connection, token_hash, now);
                           });
}

Result<std::optional<AccessStore::Link>> AccessStore::use_link(const std::string& token_hash,
                                                               Instant now) {
    return state_->guarded(
        "using a sign-in link", [&](Connection& connection) -> Result<std::optional<Link>> {
            WriteTransaction transaction{connection};
            auto link = link_in(connection, token_hash, now);
            if (link) {
                connection
                    .query("UPDATE links SET used_at = ? WHERE address = ? AND used_at IS NULL")
                    .bind(now)
                    .bind(link->address)
                    .run();
                transaction.commit();
            }
            return link;
        });
}

Status AccessStore::add_session(const StoredSession& session, const std::string& token_hash) {
    return state_->guarded("beginning a session", [&](Connection& connection) -> Status {
        WriteTransaction transaction{connection};
        connection.query("DELETE FROM sessions WHERE ends_at <= ?").bind(session.began_at).run();
        connection
            .query("INSERT INTO sessions(token_hash, " FRISTVAKT_SESSION_COLUMNS
                   ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(token_hash)
            .bind(session.id)
            .bind(session.address)
            .bind(session.way)
            .bind(session.client)
            .bind(session.browser)
            .bind(session.began_at)
            .bind(session.seen_at)
            .bind(session.ends_at)
            .run();
        transaction.commit();
        return Done{};
    });
}

Result<std::optional<StoredSession>> AccessStore::find_session(const std::string& token_hash) {
    return state_->guarded("looking for a session",
                           [&](Connection& connection) -> Result<std::optional<StoredSession>> {
                               Query row = connection.query("SELECT " FRISTVAKT_SESSION_COLUMNS
                                                            " FROM sessions WHERE token_hash = ?");
                               row.bind(token_hash);
                               return row.step() ? std::optional{session_in(row)} : std::nullopt;
                           });
}

Status AccessStore::see_session(const std::string& id, Instant now) {
    return state_->guarded("keeping a session", [&](Connection& connection) -> Status {
        connection.query("UPDATE sessions SET seen_at = ? WHERE id = ?").bind(now).bind(id).run();
        return Done{};
    });
}

Result<std::vector<StoredSession>> AccessStore::sessions(const std::string& address, Instant now,
                                                         Instant seen_after) {
    return state_->guarded(
        "listing sessions", [&](Connection& connection) -> Result<std::vector<StoredSession>> {
            Query row = connection.query(
                "SELECT " FRISTVAKT_SESSION_COLUMNS
                " FROM sessions WHERE (?1 = '' OR address = ?1) AND ends_at > ?2 AND seen_at > ?3 "
                "ORDER BY began_at DESC, id");
            row.bind(address).bind(now).bind(seen_after);
            std::vector<StoredSession> out;
            while (row.step()) {
                out.push_back(session_in(row));
            }
            return out;
        });
}

Result<bool> AccessStore::end_session(const std::string& id, const std::string& address) {
    return state_->guarded("ending a session", [&](Connection& connection) -> Result<bool> {
        connection.query("DELETE FROM sessions WHERE id = ?1 AND (?2 = '' OR address = ?2)")
            .bind(id)
            .bind(address)
            .run();
        return connection.integer("SELECT changes()") > 0;
    });
}

Result<std::int64_t> AccessStore::end_sessions(const std::string& address) {
    return state_->guarded("ending sessions", [&](Connection& connection) -> Result<std::int64_t> {
        connection.query("DELETE FROM sessions WHERE address = ?").bind(address).run();
        return connection.integer("SELECT changes()");
    });
}

Status AccessStore::add_flow(const std::string& state_hash, const StoredOpenIdFlow& flow,
                             Instant now) {
    return state_->guarded("keeping a sign-in", [&](Connection& connection) -> Status {
        WriteTransaction transaction{connection};
        connection.query("DELETE FROM openid_flows WHERE ends_at <= ?").bind(now).run();
        connection.query("INSERT INTO openid_flows VALUES(?, ?, ?, ?, ?)")
            .bind(state_hash)
            .bind(flow.nonce)
            .bind(flow.verifier)
            .bind(flow.return_to)
            .bind(flow.ends_at)
            .run();
        transaction.commit();
        return Done{};
    });
}

Result<std::optional<StoredOpenIdFlow>> AccessStore::take_flow(const std::string& state_hash,
                                                               Instant now) {
    return state_->guarded(
        "taking up a sign-in",
        [&](Connection& connection) -> Result<std::optional<StoredOpenIdFlow>> {
            WriteTransaction transaction{connection};
            std::optional<StoredOpenIdFlow> flow;
            {
                Query row = connection.query(
                    "SELECT nonce, verifier, return_to, ends_at FROM openid_flows "
                    "WHERE state_hash = ? AND ends_at > ?");
                row.bind(state_hash).bind(now);
                if (row.step()) {
                    flow = {row.text(0), row.text(1), row.text(2), row.instant(3)};
                }
            }
            connection.query("DELETE FROM openid_flows WHERE state_hash = ?")
                .bind(state_hash)
                .run();
            transaction.commit();
            return flow;
        });
}

Result<std::int64_t> AccessStore::add_api_token(const StoredApiToken& token,
                                                const std::string& token_hash) {
    return state_->guarded("keeping an API token",
                           [&](Connection& connection) -> Result<std::int64_t> {
                               connection
                                   .query(
                                       "INSERT INTO api_tokens(token_hash, name, allows, "
                                       "scope_kind, scope, made_by, made_at, ends_at) "
                                       "VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
                                   .bind(token_hash)
                                   .bind(token.name)
                                   .bind(token.allows)
                                   .bind(static_cast<std::int64_t>(token.scope.kind))
                                   .bind(token.scope.id)
                                   .bind(token.made_by)
                                   .bind(token.made_at)
                                   .bind(token.ends_at)
                                   .run();
                               return connection.integer("SELECT last_insert_rowid()");
                           });
}

Result<std::optional<StoredApiToken>> AccessStore::find_api_token(const std::string& token_hash) {
    return state_->guarded("looking for an API token",
                           [&](Connection& connection) -> Result<std::optional<StoredApiToken>> {
                               Query row =
                                   connection.query("SELECT " FRISTVAKT_API_TOKEN_COLUMNS
                                                    " FROM api_tokens WHERE token_hash = ?");
                               row.bind(token_hash);
                               return row.step() ? std::optional{api_token_in(row)} : std::nullopt;
                           });
}

Status AccessStore::use_api_token(std::int64_t number, Instant now) {
    return state_->guarded("noting the use of an API token", [&](Connection& connection) -> Status {
        connection.query("UPDATE api_tokens SET used_at = ? WHERE number = ?")
            .bind(now)
            .bind(number)
            .run();
        return Done{};
    });
}

Result<std::vector<StoredApiToken>> AccessStore::api_tokens() {
    return state_->guarded(
        "listing API tokens", [&](Connection& connection) -> Result<std::vector<StoredApiToken>> {
            Query row = connection.query("SELECT " FRISTVAKT_API_TOKEN_COLUMNS
                                         " FROM api_tokens ORDER BY number DESC");
            std::vector<StoredApiToken> out;
            while (row.step()) {
                out.push_back(api_token_in(row));
            }
            return out;
        });
}

Result<bool> AccessStore::revoke_api_token(std::int64_t number, Instant now) {
    return state_->guarded("revoking an API token", [&](Connection& connection) -> Result<bool> {
        connection
            .query("UPDATE api_tokens SET revoked_at = ? WHERE number = ? AND revoked_at IS NULL")
            .bind(now)
            .bind(number)
            .run();
        return connection.integer("SELECT changes()") > 0;
    });
}

Result<std::int64_t> AccessStore::add_feed(const StoredFeed& feed, const std::string& token_hash) {
    return state_->guarded("keeping a feed", [&](Connection& connection) -> Result<std::int64_t> {
        connection
            .query(
                "INSERT INTO feeds(token_hash, subject_kind, subject, made_by, made_at) "
                "VALUES(?, ?, ?, ?, ?)")
            .bind(token_hash)
            .bind(static_cast<std::int64_t>(feed.of))
            .bind(feed.subject)
            .bind(feed.made_by)
            .bind(feed.made_at)
            .run();
        return connection.integer("SELECT last_insert_rowid()");
    });
}

Result<std::optional<StoredFeed>> AccessStore::find_feed(const std::string& token_hash) {
    return state_->guarded("looking for a feed",
                           [&](Connection& connection) -> Result<std::optional<StoredFeed>> {
                               Query row = connection.query("SELECT " FRISTVAKT_FEED_COLUMNS
                                                            " FROM feeds WHERE token_hash = ?");
                               row.bind(token_hash);
                               return row.step() ? std::optional{feed_in(row)} : std::nullopt;
                           });
}

Status AccessStore::use_feed(std::int64_t number, Instant now) {
    return state_->guarded("noting the use of a feed", [&](Connection& connection) -> Status {
        connection.query("UPDATE feeds SET used_at = ? WHERE number = ?")
            .bind(now)
            .bind(number)
            .run();
        return Done{};
    });
}

Result<std::vector<StoredFeed>> AccessStore::feeds() {
    return state_->guarded("listing feeds",
                           [&](Connection& connection) -> Result<std::vector<StoredFeed>> {
                               Query row = connection.query("SELECT " FRISTVAKT_FEED_COLUMNS
                                                            " FROM feeds ORDER BY number DESC");
                               std::vector<StoredFeed> out;
                               while (row.step()) {
                                   out.push_back(feed_in(row));
                               }
                               return out;
                           });
}

Result<bool> AccessStore::renew_feed(std::int64_t number, const std::string& token_hash,
                                     Instant now) {
    return state_->guarded("renewing a feed", [&](Connection& connection) -> Result<bool> {
        connection
            .query("UPDATE feeds SET token_hash = ?, made_at = ?, used_at = NULL WHERE number = ?")
            .bind(token_hash)
            .bind(now)
            .bind(number)
            .run();
        return connection.integer("SELECT changes()") > 0;
    });
}

Result<bool> AccessStore::end_feed(std::int64_t number) {
    return state_->guarded("ending a feed", [&](Connection& connection) -> Result<bool> {
        connection.query("DELETE FROM feeds WHERE number = ?").bind(number).run();
        return connection.integer("SELECT changes()") > 0;
    });
}

Result<std::vector<StoredView>> AccessStore::views(const std::string& owner) {
    return state_->guarded(
        "listing saved views", [&](Connection& connection) -> Result<std::vector<StoredView>> {
            Query row =
                connection.query("SELECT name, query FROM views WHERE owner = ? ORDER BY number");
            row.bind(owner);
            std::vector<StoredView> out;
            while (row.step()) {
                out.push_back({.name = row.text(0), .query = row.text(1)});
            }
            return out;
        });
}

Status AccessStore::save_view(const std::string& owner, const StoredView& view,
                              std::int64_t count_max) {
    return state_->guarded("saving a view", [&](Connection& connection) -> Status {
        WriteTransaction transaction{connection};
        connection
            .query(
                "INSERT INTO views(owner, name, query) VALUES(?, ?, ?) "
                "ON CONFLICT(owner, name) DO UPDATE SET query = excluded.query")
            .bind(owner)
            .bind(view.name)
            .bind(view.query)
            .run();
        connection
            .query(
                "DELETE FROM views WHERE owner = ?1 AND number NOT IN "
                "(SELECT number FROM views WHERE owner = ?1 ORDER BY number DESC LIMIT ?2)")
            .bind(owner)
            .bind(count_max)
            .run();
        transaction.commit();
        return Done{};
    });
}

Result<bool> AccessStore::remove_view(const std::string& owner, const std::string& name) {
    return state_->guarded("removing a view", [&](Connection& connection) -> Result<bool> {
        connection.query("DELETE FROM views WHERE owner = ? AND name = ?")
            .bind(owner)
            .bind(name)
            .run();
        return connection.integer("SELECT changes()") > 0;
    });
}

Result<std::int64_t> AccessStore::erase(const std::string& address) {
    return state_->guarded("erasing a person", [&](Connection& connection) -> Result<std::int64_t> {
        std::int64_t changed = 0;
        WriteTransaction transaction{connection};
        for (const char* const statement :
             {"DELETE FROM links WHERE address = ?", "DELETE FROM sessions WHERE address = ?",
              "DELETE FROM feeds WHERE subject_kind = 0 AND subject = ?",
              "DELETE FROM views WHERE owner = ?",
              "UPDATE feeds SET made_by = '' WHERE made_by = ?",
              "UPDATE api_tokens SET made_by = '' WHERE made_by = ?"}) {
            connection.query(statement).bind(address).run();
            changed += connection.integer("SELECT changes()");
        }
        transaction.commit();
        // What was deleted, now or before, is not left in pages that are free.
        connection.execute("VACUUM");
        static_cast<void>(connection.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
        return changed;
    });
}

}  // namespace fristvakt::integrations
