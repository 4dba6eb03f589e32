#include "daemon/sign_in/sessions.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "daemon/access/form_token.hpp"
#include "daemon/http/cookie.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using integrations::StoredApiToken;
using integrations::StoredSession;
using workflows::Definitions;
using workflows::Instant;
using workflows::Result;
using workflows::User;

namespace {

// Browsers take a __Host- cookie over https alone, for this host alone, whole (RFC 6265bis,
// 4.1.3.2). On plain http, which only this machine may use, it would never come back: there the
// name says what it is.
constexpr std::string_view kSecureSession{"__Host-fristvakt"};
constexpr std::string_view kPlainSession{"fristvakt-http"};
constexpr std::string_view kSecureFlow{"__Host-fristvakt-flow"};
constexpr std::string_view kPlainFlow{"fristvakt-http-flow"};
/// Writing down that a session was seen, and a token used, costs a write to the disk.
constexpr std::chrono::seconds kSeenGrain{60};
constexpr std::size_t kTokenLength = 43;

Rights rights_of_token(const std::string& allows) {
    if (allows == "admin") {
        return rights_of(workflows::Role::Administrator);
    }
    return allows == "events" ? Rights{Right::Read, Right::Act} : Rights{Right::Read};
}

}  // namespace

const User* find_user(const Definitions& definitions, std::string_view address) {
    const auto found =
        std::ranges::find(definitions.users, workflows::lower_case(address), &User::address);
    return found == definitions.users.end() ? nullptr : &*found;
}

std::string safe_return(std::string_view asked) {
    constexpr std::size_t kMax = 1000;
    const bool is_ours =
        asked.starts_with('/') && !asked.starts_with("//") && asked.size() <= kMax &&
        std::ranges::all_of(asked, [](char c) { return c > ' ' && c < 0x7F && c != '\\'; });
    return is_ours ? std::string{asked} : "/";
}

std::optional<workflows::SignInSettings> Sessions::settings() const {
    const auto definitions = engine_.definitions();
    return definitions == nullptr ? std::nullopt : definitions->installation.sign_in;
}

Instant Sessions::now() const {
    return Instant{workflows::Seconds{static_cast<std::int64_t>(options_.unix_seconds())}};
}

Instant Sessions::idle_since() const {
    const auto known = settings();
    return now() - std::chrono::minutes{known ? known->idle_minutes : 0};
}

bool Sessions::is_https() const {
    const auto definitions = engine_.definitions();
    return definitions != nullptr && definitions->installation.public_url.starts_with("https://");
}

std::string Sessions::cookie(std::string_view name, std::string_view value,
                             std::chrono::seconds age) const {
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", name, value,
                       age.count(), is_https() ? "; Secure" : "");
}

std::string Sessions::forget() const {
    return cookie(is_https() ? kSecureSession : kPlainSession, "", std::chrono::seconds{0});
}

std::string Sessions::flow_cookie(const std::string& state) const {
    return cookie(is_https() ? kSecureFlow : kPlainFlow, state,
                  state.empty() ? std::chrono::seconds{0} : kLinkTerm);
}

std::string Sessions::flow_of(const HttpRequest& request) const {
    return std::string{cookie_of(request, is_https() ? kSecureFlow : kPlainFlow)};
}

Visitor Sessions::stranger() const {
    // One for all: what keeps other pages' forms out here is that they must say their Origin. Read
    // once, since every request of a program goes by here where nobody signs in.
    const std::scoped_lock lock{mutex_};
    if (form_token_.empty()) {
        const auto secret = store_.form_secret(random_token());
        form_token_ = secret.ok() ? form_token_of(secret.value()) : std::string{};
    }
    return {.form_token = form_token_};
}

Visitor Sessions::visitor_of(const HttpRequest& request) const {
    const auto definitions = engine_.definitions();
    if (definitions == nullptr) {
        return {};
    }
    if (!definitions->installation.sign_in) {
        if (options_.reachable) {
            return stranger();
        }
        Visitor local = local_visitor();
        local.form_token = stranger().form_token;
        return local;
    }
    // Whoever shows a token means it: a wrong one is not made good by a cookie.
    auto known = request.header("authorization") ? program_of(request, *definitions)
                                                 : person_of(request, *definitions);
    return known ? *std::move(known) : stranger();
}

std::optional<Visitor> Sessions::person_of(const HttpRequest& request,
                                           const Definitions& definitions) const {
    const std::string token{cookie_of(request, is_https() ? kSecureSession : kPlainSession)};
    if (token.size() != kTokenLength) {
        return std::nullopt;
    }
    const auto found = store_.find_session(workflows::sha256_hex(token));
    if (!found.ok() || !found.value()) {
        return std::nullopt;
    }
    const StoredSession& session = *found.value();
    const User* const user = find_user(definitions, session.address);
    const Instant at = now();
    if (user == nullptr || session.ends_at <= at || session.seen_at <= idle_since()) {
        return std::nullopt;
    }
    // A page that looks for news by itself is nobody at the desk.
    if (at - session.seen_at >= kSeenGrain && !request.header("fristvakt-refresh")) {
        // Not written down, it ends a minute earlier; the request goes on.
        static_cast<void>(store_.see_session(session.id, at));
    }
    Visitor visitor{.kind = Visitor::Kind::Person,
                    .address = user->address,
                    .name = user->name,
                    .session = session.id,
                    .form_token = form_token_of(token)};
    for (const User::Grant& grant : user->grants) {
        visitor.permissions.push_back({rights_of(grant.role), grant.scope});
    }
    return visitor;
}

std::optional<Visitor> Sessions::program_of(const HttpRequest& request,
                                            const Definitions& definitions) const {
    constexpr std::string_view kScheme{"bearer "};
    const std::string_view given = request.header("authorization").value_or("");
    if (!request.raw_path.starts_with("/api/") || given.size() <= kScheme.size() ||
        workflows::lower_case(given.substr(0, kScheme.size())) != kScheme) {
        return std::nullopt;
    }
    const auto found = store_.find_api_token(workflows::sha256_hex(given.substr(kScheme.size())));
    const Instant at = now();
    if (!found.ok() || !found.value() || found.value()->revoked_at ||
        found.value()->ends_at <= at) {
        return std::nullopt;
    }
    const StoredApiToken& token = *found.value();
    // Whoever made it and is no user any more left nothing open behind them.
    if (!token.made_by.empty() && find_user(definitions, token.made_by) == nullptr) {
        return std::nullopt;
    }
    if (!token.used_at || at - *token.used_at >= kSeenGrain) {
        static_cast<void>(store_.use_api_token(token.number, at));
    }
    return Visitor{.kind = Visitor::Kind::Program,
                   .name = fmt::format("API token {} ({})", token.number, token.name),
                   .permissions = {{rights_of_token(token.allows), token.scope}}};
}

Result<std::string> Sessions::begin(const User& user, std::string way, const HttpRequest& request) {
    constexpr std::size_t kBrowserMax = 200;
    const auto known = settings();
    const std::string token = random_token();
    const Instant at = now();
    const std::chrono::hours term{known ? known->session_hours : 1};
    const StoredSession session{
        .id = workflows::sha256_hex("session " + token).substr(0, 16),
        .address = user.address,
        .way = std::move(way),
        .client = request.remote_address,
        .browser = std::string{request.header("user-agent").value_or("").substr(0, kBrowserMax)},
        .began_at = at,
        .seen_at = at,
        .ends_at = at + term};
    const auto kept = store_.add_session(session, workflows::sha256_hex(token));
    if (!kept.ok()) {
        return kept.error();
    }
    return cookie(is_https() ? kSecureSession : kPlainSession, token, term);
}

}  // namespace fristvakt::daemon
