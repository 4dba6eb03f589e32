#include "integrations/graph/attempt.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "workflows/model/digest.hpp"

namespace fristvakt::integrations::graph {

using nlohmann::json;
using workflows::Error;
using workflows::ErrorKind;
using Reason = Failure::Reason;

namespace {

constexpr std::chrono::seconds kRetryAfterMax{3600};

/// A word that may be shown: what else a server writes may hold addresses.
std::string as_word(const std::string& text) {
    constexpr std::size_t kWordMax = 64;
    const bool is_word =
        !text.empty() && text.size() <= kWordMax && std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '.';
        });
    return is_word ? text : std::string{};
}

std::string text_in(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// What stands under "error" of Graph's answer.
struct Told {
    std::string word;
    std::string message;  ///< For comparing; never shown.
};

Told told_in(const std::string& body) {
    const json document = json::parse(body, nullptr, false);
    if (!document.is_object() || !document.contains("error")) {
        return {};
    }
    const json& error = document.at("error");
    return {.word = as_word(text_in(error, "code")), .message = text_in(error, "message")};
}

Reason reason_of_404(std::string_view word, About about) {
    static constexpr std::array<std::string_view, 6> kNoMailbox{
        "errorinvaliduser", "mailboxnotenabledforrestapi", "errornonexistentmailbox",
        "resourcenotfound", "request_resourcenotfound",    "mailboxnothostedinexchangeonline"};
    if (about == About::Subscription) {
        return Reason::NotFound;
    }
    if (word == "erroritemnotfound") {
        return about == About::Calendar ? Reason::MailboxNotFound : Reason::NotFound;
    }
    return std::ranges::find(kNoMailbox, word) != kNoMailbox.end() ? Reason::MailboxNotFound
                                                                   : Reason::Refused;
}

Reason reason_of(int status, const Told& told, About about) {
    const std::string word = workflows::lower_case(told.word);
    if (about == About::Changes &&
        (status == 410 || word == "syncstatenotfound" || word == "resyncrequired")) {
        return Reason::SyncLost;
    }
    switch (status) {
        case 401:
            return Reason::TokenRefused;
        case 403:
            return told.message.find("OData is disabled") != std::string::npos
                       ? Reason::AccessPolicy
                       : Reason::PermissionMissing;
        case 404:
            return reason_of_404(word, about);
        case 409:
        case 412:
            return Reason::Conflict;
        case 408:
        case 429:
        case 503:
        case 504:
            return Reason::Busy;
        default:
            return status >= 500 || status < 400 ? Reason::Broken : Reason::Refused;
    }
}

ErrorKind kind_of(Reason reason) {
    switch (reason) {
        case Reason::Unreachable:
        case Reason::Busy:
        case Reason::Broken:
            return ErrorKind::Unavailable;
        case Reason::SignInRefused:
        case Reason::TokenRefused:
        case Reason::PermissionMissing:
        case Reason::AccessPolicy:
            return ErrorKind::Forbidden;
        case Reason::MailboxNotFound:
        case Reason::NotFound:
            return ErrorKind::NotFound;
        case Reason::SyncLost:
        case Reason::Conflict:
            return ErrorKind::Conflict;
        case Reason::Refused:
            return ErrorKind::InvalidInput;
    }
    return ErrorKind::Unavailable;
}

std::string_view words_of(Reason reason) {
    switch (reason) {
        case Reason::Unreachable:
            return "Microsoft Graph does not answer; see that this machine may reach it";
        case Reason::Busy:
            return "Microsoft Graph is busy; tried again later";
        case Reason::Broken:
            return "Microsoft Graph failed; tried again later. If it goes on, look at `graph_url` "
                   "and at what stands between here and there";
        case Reason::SignInRefused:
            return "Microsoft does not let the application in; check `graph.tenant`, "
                   "`graph.client_id` and `graph.secret` in fristvakt.yaml";
        case Reason::TokenRefused:
            return "Microsoft Graph does not take the token that Microsoft has just given; do "
                   "`graph.login_url` and `graph.graph_url` belong together?";
        case Reason::PermissionMissing:
            return "the application may not do this in the mailbox; give it the application "
                   "permission Calendars.ReadWrite in Entra ID and consent to it, or, where RBAC "
                   "for Applications rules, a scope with this mailbox in it";
        case Reason::AccessPolicy:
            return "an access policy keeps the application out of the mailbox; add the mailbox to "
                   "the policy's group. It takes an hour or more to count";
        case Reason::MailboxNotFound:
            return "there is no such mailbox in Microsoft 365; check `graph.mailbox`, and that it "
                   "has a licence or is a shared mailbox";
        case Reason::NotFound:
            return "Microsoft Graph does not know it any more; somebody has deleted it";
        case Reason::SyncLost:
            return "Microsoft Graph no longer knows what had been read; the calendar is read anew";
        case Reason::Conflict:
            return "somebody else changed it at the same time, or it is there already; read it "
                   "and try again";
        case Reason::Refused:
            return "Microsoft Graph refuses the request; is `graph.graph_url` the right one?";
    }
    return "";
}

/// "(403 ErrorAccessDenied)" before the first "; ".
std::string with_status(std::string_view words, int status, const std::string& word) {
    std::string out{words};
    const std::string shown =
        " (" + std::to_string(status) + (word.empty() ? "" : " " + word) + ")";
    return out.insert(std::min(out.find("; "), out.size()), shown);
}

Failure failure(Reason reason, int status, std::string word, std::string_view words) {
    std::string message = with_status(words, status, word);
    return {.reason = reason,
            .error = {kind_of(reason), std::move(message)},
            .status = status,
            .word = std::move(word)};
}

}  // namespace

Failure failure_of(const HttpAnswer& answer, About about) {
    const Told told = told_in(answer.body);
    const Reason reason = reason_of(answer.status, told, about);
    Failure out = failure(reason, answer.status, told.word, words_of(reason));
    out.uncertain = answer.status >= 500 || answer.status == 408;
    out.retry_after = std::clamp(answer.retry_after, std::chrono::seconds{0}, kRetryAfterMax);
    return out;
}

Failure sign_in_failure_of(const HttpAnswer& answer) {
    constexpr int kUnknownClient = 700016;
    constexpr int kWrongSecret = 7000215;
    constexpr int kExpiredSecret = 7000222;
    constexpr int kUnknownTenant = 90002;
    const int status = answer.status;
    if (status == 408 || status == 429 || status >= 500 || status < 400) {
        const Reason reason = status < 400 || status == 500 ? Reason::Broken : Reason::Busy;
        Failure out = failure(reason, status, "",
                              "Microsoft's sign-in gives no token for now; tried again later");
        out.retry_after = std::clamp(answer.retry_after, std::chrono::seconds{0}, kRetryAfterMax);
        return out;
    }
    const json document = json::parse(answer.body, nullptr, false);
    const std::string word = as_word(text_in(document, "error"));
    const json codes =
        document.is_object() ? document.value("error_codes", json::array()) : json::array();
    const auto has = [&](int code) { return std::ranges::find(codes, json(code)) != codes.end(); };
    std::string_view words = words_of(Reason::SignInRefused);
    if (has(kUnknownTenant)) {
        words = "Microsoft knows no such directory; check `graph.tenant` in fristvakt.yaml";
    } else if (has(kUnknownClient)) {
        words =
            "the directory knows no such application; check `graph.client_id` and "
            "`graph.tenant` in fristvakt.yaml";
    } else if (has(kExpiredSecret)) {
        words =
            "the application's secret has expired; make a new one in Entra ID and write its "
            "value where `graph.secret` points";
    } else if (has(kWrongSecret)) {
        words =
            "the application's secret is wrong; write its value, not its id, where "
            "`graph.secret` points";
    }
    return failure(Reason::SignInRefused, status, word, words);
}

Failure unreachable(const Error& error) {
    return {
        .reason = Reason::Unreachable,
        .error = {ErrorKind::Unavailable,
                  error.message + "; see that this machine may reach it over https", error.code},
        .uncertain = error.code != kNotSent};
}

Failure unreadable() {
    Failure out{.reason = Reason::Broken,
                .error = {ErrorKind::Unavailable,
                          "Microsoft Graph answered what it should not; is `graph.graph_url` the "
                          "right one?"}};
    out.uncertain = true;
    return out;
}

}  // namespace fristvakt::integrations::graph
