#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "integrations/http_client/http_client.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations::graph {

/// Why a call to Microsoft Graph, or for a token to it, came to nothing.
struct Failure {
    enum class Reason {
        Unreachable,        ///< Nobody answered.
        Busy,               ///< Asked to wait, at least `retry_after` where that is not 0.
        Broken,             ///< The server failed, or answered what it should not.
        SignInRefused,      ///< Tenant, client_id or secret is wrong, or the secret has expired.
        TokenRefused,       ///< A token just given is not taken.
        PermissionMissing,  ///< The application may not do this in this mailbox.
        AccessPolicy,       ///< A policy keeps it out of this mailbox.
        MailboxNotFound,
        NotFound,  ///< The event or subscription is gone; nothing is said of the mailbox.
        SyncLost,  ///< What a link of changes stands for is no longer kept: begin anew.
        Conflict,  ///< Somebody else changed it, or there is one already.
        Refused,   ///< For another reason; asking again cannot help.
    };
    Reason reason{Reason::Broken};
    workflows::Error error;  ///< In words: never a secret, an address or what Graph wrote.
    int status{0};           ///< Of HTTP; 0: nobody answered.
    std::string word{};      ///< Graph's own: "ErrorAccessDenied"; may be empty.
    bool uncertain{false};   ///< What was to be changed may have been.
    std::chrono::seconds retry_after{0};  ///< As the server wished, at most an hour.
};

/// A value or why there is none; a Result that also says when to try again.
template <typename Value>
class [[nodiscard]] Attempt {
 public:
    // NOLINTNEXTLINE(google-explicit-constructor)
    Attempt(Value value) : content_(std::move(value)) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    Attempt(Failure failure) : content_(std::move(failure)) {}

    [[nodiscard]] bool ok() const { return std::holds_alternative<Value>(content_); }
    /// REQUIRES: ok().
    [[nodiscard]] const Value& value() const& {
        FRISTVAKT_ASSERT(ok());
        return std::get<Value>(content_);
    }
    [[nodiscard]] Value value() && {
        FRISTVAKT_ASSERT(ok());
        return std::get<Value>(std::move(content_));
    }
    /// REQUIRES: !ok().
    [[nodiscard]] const Failure& failure() const {
        FRISTVAKT_ASSERT(!ok());
        return std::get<Failure>(content_);
    }

 private:
    std::variant<Value, Failure> content_;
};

/// What a call is about: what a 404 means depends on it.
enum class About { Calendar, Event, Subscription, Changes };

/// What Graph's answer means. Pure. REQUIRES: the status is not 2xx.
///
/// A 404 means that an event is gone only where Graph says so in a word: a mailbox that is not
/// found, or a proxy's page, must never have meetings made anew.
[[nodiscard]] Failure failure_of(const HttpAnswer& answer, About about);

/// What the answer of the token endpoint means. Pure. REQUIRES: it holds no token.
[[nodiscard]] Failure sign_in_failure_of(const HttpAnswer& answer);

/// Nobody answered. `error` is call_http's. Pure.
[[nodiscard]] Failure unreachable(const workflows::Error& error);

/// An answer that was good, and is not what the documentation says.
[[nodiscard]] Failure unreadable();

}  // namespace fristvakt::integrations::graph
