#include "integrations/teams/webhook.hpp"

#include <array>
#include <utility>

#include "integrations/http_client/http_client.hpp"
#include "workflows/definition/this_machine.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::integrations::teams {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

constexpr std::chrono::seconds kRetryAfterMax{3600};

/// Hosts that answer no more, with their ends.
constexpr std::array<std::string_view, 3> kRetired{".webhook.office.com", ".logic.azure.com",
                                                   "outlook.office.com"};

std::string why_refused(int status) {
    switch (status) {
        case 400:
            return "the workflow does not take the message; look at its run history, and make it "
                   "anew from the template \"Send webhook alerts to a channel\"";
        case 401:
            return "the workflow asks for a sign-in, or the end of its address is missing; set "
                   "\"Who can trigger the flow\" to Anyone, and copy the new address whole";
        case 403:
            return "the workflow's owner may not post in the channel, or a rule of the "
                   "organisation forbids it; ask whoever runs Teams";
        case 404:
        case 410:
            return "the workflow was turned off or deleted, or its address was changed; turn it "
                   "on, or make another and write its address into the secret";
        case 413:
            return "the message is too big for the channel";
        default:
            return "the server answered " + std::to_string(status) +
                   ", which a workflow does not; is the address the one that Teams showed?";
    }
}

}  // namespace

Status check_webhook_url(std::string_view url) {
    const std::string host = workflows::lower_case(workflows::host_of(url));
    for (const std::string_view retired : kRetired) {
        if (host.ends_with(retired)) {
            return Error{ErrorKind::InvalidInput,
                         "the address of the Teams channel is of a kind that Microsoft has "
                         "retired; make a workflow in Teams from the template \"Send webhook "
                         "alerts to a channel\", and use the address that it shows"};
        }
    }
    const bool is_good =
        url.starts_with("https://") || (url.starts_with("http://") && is_here(url));
    if (!is_good || host.empty() || url.find_first_of(" \t\r\n\"") != std::string_view::npos) {
        return Error{ErrorKind::InvalidInput,
                     "the address of the Teams channel is none; it begins with https:// and stands "
                     "on one line, as the workflow in Teams shows it"};
    }
    return Done{};
}

bool is_here(std::string_view url) {
    return workflows::is_this_machine(workflows::host_of(url));
}

Result<Webhook> Webhook::open(Secret url) {
    const Status good = check_webhook_url(url.reveal());
    if (!good.ok()) {
        return good.error();
    }
    return Webhook{std::move(url)};
}

Verdict verdict_of(int status, std::string_view body, std::chrono::seconds retry_after) {
    retry_after = std::clamp(retry_after, std::chrono::seconds{0}, kRetryAfterMax);
    const bool is_good = status >= 200 && status < 300;
    // A channel behind an old connector says with 200 that it was throttled.
    if (is_good && body.find("returned HTTP error") == std::string_view::npos) {
        return {.kind = Verdict::Kind::Accepted, .status = status, .why = {}};
    }
    if (is_good || status == 408 || status == 429 || status >= 500) {
        return {.kind = Verdict::Kind::Later,
                .status = status,
                .retry_after = retry_after,
                .why = "the workflow is busy (" + std::to_string(status) + "); tried again later"};
    }
    return {.kind = Verdict::Kind::Refused, .status = status, .why = why_refused(status)};
}

Verdict Webhook::post(const std::string& payload) const {
    const auto answer = call_http({.method = "POST",
                                   .url = std::string{url_.reveal()},
                                   .headers = {{"Content-Type", "application/json; charset=utf-8"}},
                                   .body = payload,
                                   .timeout = std::chrono::seconds{15},
                                   .is_url_secret = true});
    if (!answer.ok()) {
        const Error& error = answer.error();
        return {.kind = Verdict::Kind::Later,
                .uncertain = error.code != kNotSent,
                .why = error.message};
    }
    return verdict_of(answer.value().status, answer.value().body, answer.value().retry_after);
}

}  // namespace fristvakt::integrations::teams
