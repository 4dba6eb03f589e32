#include "daemon/http/http_message.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "workflows/assert.hpp"

namespace fristvakt::daemon {
namespace {

std::optional<std::string_view> find_first(
    const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view name) {
    const auto found = std::ranges::find(
        pairs, name, [](const auto& pair) -> std::string_view { return pair.first; });
    if (found == pairs.end()) {
        return std::nullopt;
    }
    return found->second;
}

}  // namespace

std::optional<std::string_view> HttpRequest::header(std::string_view name) const {
    return find_first(headers, name);
}

std::optional<std::string_view> HttpRequest::argument(std::string_view name) const {
    return find_first(query, name);
}

const std::string& HttpRequest::field(std::string_view name) const {
    static const std::string kNone;
    const auto found = std::ranges::find(
        form, name, [](const auto& pair) -> std::string_view { return pair.first; });
    return found == form.end() ? kNone : found->second;
}

std::vector<std::string> HttpRequest::fields(std::string_view name) const {
    std::vector<std::string> out;
    for (const auto& [known, value] : form) {
        if (known == name) {
            out.push_back(value);
        }
    }
    return out;
}

const std::string& HttpRequest::parameter(std::string_view name) const {
    const auto found = parameters.find(name);
    FRISTVAKT_ASSERT(found != parameters.end());
    return found->second;
}

std::string_view reason_phrase(int status) {
    using Phrase = std::pair<int, std::string_view>;
    static constexpr std::array kPhrases{
        Phrase{200, "OK"},
        Phrase{204, "No Content"},
        Phrase{303, "See Other"},
        Phrase{304, "Not Modified"},
        Phrase{308, "Permanent Redirect"},
        Phrase{400, "Bad Request"},
        Phrase{401, "Unauthorized"},
        Phrase{403, "Forbidden"},
        Phrase{404, "Not Found"},
        Phrase{405, "Method Not Allowed"},
        Phrase{409, "Conflict"},
        Phrase{413, "Content Too Large"},
        Phrase{415, "Unsupported Media Type"},
        Phrase{417, "Expectation Failed"},
        Phrase{421, "Misdirected Request"},
        Phrase{422, "Unprocessable Content"},
        Phrase{429, "Too Many Requests"},
        Phrase{431, "Request Header Fields Too Large"},
        Phrase{500, "Internal Server Error"},
        Phrase{501, "Not Implemented"},
        Phrase{503, "Service Unavailable"},
        Phrase{505, "HTTP Version Not Supported"},
    };
    const auto* const found = std::ranges::find(kPhrases, status, &Phrase::first);
    return found == kPhrases.end() ? "Error" : found->second;
}

HttpResponse problem(int status, std::string_view detail, std::string_view instance) {
    nlohmann::ordered_json body{{"type", "about:blank"},
                                {"title", reason_phrase(status)},
                                {"status", status},
                                {"detail", detail}};
    if (!instance.empty()) {
        body["instance"] = instance;
    }
    // What a client sent may be quoted in the detail; broken UTF-8 must not throw here.
    return {.status = status,
            .headers = {{"Content-Type", "application/problem+json"},
                        {"Cache-Control", "no-store"},
                        {"X-Content-Type-Options", "nosniff"}},
            .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

}  // namespace fristvakt::daemon
