#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "daemon/access/rate_limit.hpp"
#include "daemon/http/router.hpp"
#include "daemon/sign_in/sessions.hpp"
#include "daemon/sign_in/sign_in_mail.hpp"
#include "daemon/web/pages.hpp"

namespace fristvakt::integrations {
class OpenIdProvider;
}

namespace fristvakt::daemon {

/// What the log is told of signing in; no address, no name, no secret.
struct SignInReport {
    enum class Kind {
        SignedIn,      ///< `detail`: by mail, command or openid.
        Refused,       ///< Somebody known to the provider, but not to users.csv; too many attempts.
        ProviderLost,  ///< `detail`: what is wrong with it.
        TokenMade,     ///< `detail`: its number.
        TokenRevoked,  ///< `detail`: its number.
    };
    Kind kind{Kind::SignedIn};
    std::string detail;
};

/// Signing in and out, one's sessions, and the tokens of programs. The link of a mail opens a page,
/// and a person presses a button; only the way back from an OpenID provider signs in by GET, as the
/// protocol has it, in the browser that set out alone. Any thread.
class SignInPages {
 public:
    struct Options {
        /// Sends a link; false: not now.
        std::function<bool(DirectMail)> send;
        std::function<void(const SignInReport&)> report;
        std::function<double()> monotonic_seconds;
    };
    /// All but `options` must outlive it.
    SignInPages(Sessions& sessions, integrations::AccessStore& store, EngineAccess& engine,
                Options options);
    ~SignInPages();
    SignInPages(const SignInPages&) = delete;
    SignInPages& operator=(const SignInPages&) = delete;

    /// `pages` draws the frame, and must outlive the routes.
    void add_routes(Router& router, const Pages& pages);

 private:
    using Handler = HttpResponse (SignInPages::*)(const HttpRequest&) const;
    void add(Router& router, const char* method, const char* pattern, const char* name, Needs needs,
             Handler handler);

    [[nodiscard]] HttpResponse ask_page(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse send_link(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse link_page(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse use_link(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse to_provider(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse from_provider(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse sign_out(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse sessions_page(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse end_session(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse end_all(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse tokens_page(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse make_token(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse revoke_token(const HttpRequest& request) const;

    [[nodiscard]] HttpResponse draw_tokens(const HttpRequest& request, const std::string& secret,
                                           const std::string& problem) const;
    [[nodiscard]] HttpResponse failed(const HttpRequest& request, int status,
                                      const workflows::Text& title,
                                      const workflows::Text& lead) const;
    [[nodiscard]] HttpResponse signed_in(const HttpRequest& request, const workflows::User& user,
                                         const std::string& way, std::string_view return_to) const;
    void mail_link(const HttpRequest& request, const std::string& address,
                   workflows::Language language) const;
    [[nodiscard]] bool too_often(const HttpRequest& request) const;
    [[nodiscard]] std::shared_ptr<integrations::OpenIdProvider> provider() const;
    void report(SignInReport::Kind kind, std::string detail) const;

    Sessions& sessions_;
    integrations::AccessStore& store_;
    EngineAccess& engine_;
    Options options_;
    const Pages* pages_{nullptr};
    mutable RateLimit by_client_;
    mutable RateLimit by_address_;
    mutable RateLimit all_mail_;
    mutable std::mutex mutex_;
    // Guarded by mutex_; made anew with the configuration.
    mutable std::shared_ptr<integrations::OpenIdProvider> provider_;
    mutable std::string provider_of_;  ///< The configuration's hash.
};

}  // namespace fristvakt::daemon
