#include "integrations/graph/access_tokens.hpp"

#include <nlohmann/json.hpp>

#include "integrations/http_client/form.hpp"
#include "workflows/definition/base_url.hpp"

namespace fristvakt::integrations::graph {

using nlohmann::json;
using workflows::Instant;

namespace {

constexpr std::chrono::seconds kCallMax{10};
/// Before its end a token is renewed: no call takes longer than that.
constexpr std::chrono::seconds kMargin{300};
/// While an old token is still good, between two questions for a new one.
constexpr std::chrono::seconds kPause{30};

}  // namespace

Attempt<AccessTokens::Held> AccessTokens::ask(Instant now) const {
    const auto secret = read_secret(settings_.secret);
    if (!secret.ok()) {
        return Failure{
            .reason = Failure::Reason::SignInRefused,
            .error = {workflows::ErrorKind::Forbidden, "graph.secret: " + secret.error().message}};
    }
    const auto answer =
        call_http({.method = "POST",
                   .url = workflows::base_url(settings_.login_url) + "/" +
                          percent_encoded(settings_.tenant) + "/oauth2/v2.0/token",
                   .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                               {"Accept", "application/json"}},
                   .body = form_of({{"client_id", settings_.client_id},
                                    {"scope", "https://graph.microsoft.com/.default"},
                                    {"client_secret", std::string{secret.value().reveal()}},
                                    {"grant_type", "client_credentials"}}),
                   .timeout = kCallMax,
                   .is_url_secret = true,
                   .ca_file = settings_.ca_file,
                   .stop = stop_});
    if (!answer.ok()) {
        Failure out = unreachable(answer.error());
        out.uncertain = false;  // A token that nobody got changes nothing.
        return out;
    }
    const json document = json::parse(answer.value().body, nullptr, false);
    const bool is_good =
        answer.value().status == 200 && document.is_object() && document.contains("access_token") &&
        document.at("access_token").is_string() && document.contains("expires_in") &&
        document.at("expires_in").is_number_integer();
    if (!is_good) {
        return sign_in_failure_of(answer.value());
    }
    constexpr std::int64_t kLifeMax = 86'400;
    const auto life =
        std::clamp<std::int64_t>(document.at("expires_in").get<std::int64_t>(), 0, kLifeMax);
    return Held{.value = Secret{document.at("access_token").get<std::string>()},
                .expires_at = now + std::chrono::seconds{life},
                .asked_at = now};
}

Attempt<AccessToken> AccessTokens::get(Instant now, int refused) {
    return held_.with([&](Held& held) -> Attempt<AccessToken> {
        const bool is_there = held.number > refused && now < held.expires_at;
        const bool is_fresh = now + kMargin < held.expires_at;
        const bool asked_just_now = held.asked_at <= now && now < held.asked_at + kPause;
        if (!is_there || (!is_fresh && !asked_just_now)) {
            held.asked_at = now;
            auto asked = ask(now);
            if (asked.ok()) {
                const int number = held.number + 1;
                held = std::move(asked).value();
                held.number = number;
            } else if (!is_there) {
                return asked.failure();
            }
        }
        return AccessToken{.value = Secret{std::string{held.value.reveal()}},
                           .number = held.number};
    });
}

}  // namespace fristvakt::integrations::graph
