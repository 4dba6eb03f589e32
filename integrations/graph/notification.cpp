#include "integrations/graph/notification.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace fristvakt::integrations::graph {

using nlohmann::json;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kTokenMax = 1'024;

std::string text_in(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_ours(const std::string& client_state, const std::vector<Secret>& client_states) {
    bool out = false;
    for (const Secret& secret : client_states) {
        // All are compared, whichever it is.
        const bool is_this = !secret.empty() && secret.matches(client_state);
        out = out || is_this;
    }
    return out;
}

void take_in(const json& one, Notified& out) {
    const std::string subscription = text_in(one, "subscriptionId");
    const std::string event = text_in(one, "lifecycleEvent");
    if (event.empty()) {
        out.has_changes = true;
    } else if (event == "reauthorizationRequired") {
        out.to_renew.push_back(subscription);
    } else if (event == "subscriptionRemoved") {
        out.to_replace.push_back(subscription);
        out.must_read_all = true;
    } else {  // "missed", and what may come after us.
        out.must_read_all = true;
    }
}

void once_each(std::vector<std::string>& ids) {
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

Result<std::string> handshake_answer(std::string_view token) {
    const bool is_plain = std::ranges::all_of(token, [](char c) {
        return c >= ' ' && c <= '~' &&
               std::string_view{"<>&\"'`"}.find(c) == std::string_view::npos;
    });
    if (token.empty() || token.size() > kTokenMax || !is_plain) {
        return Error{ErrorKind::InvalidInput,
                     "validationToken is none that Microsoft sends; it is not sent back"};
    }
    return std::string{token};
}

Result<Notified> read_notifications(std::string_view body,
                                    const std::vector<Secret>& client_states) {
    const json document = json::parse(body, nullptr, false);
    if (!document.is_object() || !document.contains("value") || !document.at("value").is_array()) {
        return Error{ErrorKind::InvalidInput, "this is no batch of notifications from Microsoft"};
    }
    Notified out;
    for (const json& one : document.at("value")) {
        if (is_ours(text_in(one, "clientState"), client_states)) {
            take_in(one, out);
        } else {
            ++out.refused;
        }
    }
    once_each(out.to_renew);
    once_each(out.to_replace);
    return out;
}

}  // namespace fristvakt::integrations::graph
