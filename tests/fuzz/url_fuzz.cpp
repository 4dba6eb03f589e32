// Paths, queries and hosts that clients name.

#include <algorithm>
#include <string>

#include "daemon/http/router.hpp"
#include "daemon/http/same_origin.hpp"
#include "daemon/http/url.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace daemon;

bool has_control(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

void try_encoding(std::string_view text) {
    const bool may_stand = is_valid_utf8(text) && !has_control(text);
    for (const std::string& encoded : {percent_encode(text), encode_path(text)}) {
        demand(encoded.find_first_of("<>\"'&?#= ") == std::string::npos, "nothing stands bare",
               encoded);
        const auto decoded = percent_decode(encoded);
        demand(decoded.has_value() == may_stand && (!decoded || *decoded == text),
               "what is encoded is decoded to the same", encoded);
    }
    if (const auto decoded = percent_decode(text)) {
        demand(is_valid_utf8(*decoded) && !has_control(*decoded), "decoded text is clean", text);
    }
}

void try_query(std::string_view text) {
    auto query = parse_query(text);
    if (!query) {
        return;
    }
    for (const auto& [name, value] : *query) {
        demand(is_valid_utf8(name + value) && !has_control(name + value), "arguments are clean",
               text);
    }
    std::erase_if(*query, [](const auto& pair) { return pair.second.empty(); });
    const std::string written = encode_query(*query);
    const auto again = parse_query(std::string_view{written}.substr(written.empty() ? 0 : 1));
    demand(again == query, "a query that is written is read back", written);
}

void try_origin(std::string_view text) {
    if (const auto origin = origin_of(text)) {
        demand(origin_of(*origin) == origin, "an origin is its own", *origin);
        demand(origin->find_first_of("@?#", 8) == std::string::npos, "an origin has no path",
               *origin);
    }
}

/// Whoever is let through has named one of the four hosts that are known, and writes from our own
/// pages.
void try_gate(std::string_view text, const char* method) {
    static const SameOrigin kRule{"https://frist.example"};
    HttpRequest request{.method = method, .raw_path = "/api/v1/cases", .local_port = 8080};
    const std::string host{take_until(text, "\n")};
    const std::string origin{take_until(text, "\n")};
    const std::string type{take_until(text, "\n")};
    request.headers = {{"host", host}, {"origin", origin}, {"content-type", type}};
    if (kRule.refuse(request)) {
        return;
    }
    static const std::vector<std::string> kHosts{"localhost:8080", "127.0.0.1:8080", "[::1]:8080",
                                                 "frist.example", "frist.example:443"};
    static const std::vector<std::string> kOrigins{"http://localhost:8080", "http://127.0.0.1:8080",
                                                   "http://[::1]:8080", "https://frist.example"};
    demand(std::ranges::find(kHosts, lower(host)) != kHosts.end(), "the host is known", host);
    if (std::string_view{method} == "POST") {
        demand(std::ranges::any_of(kOrigins,
                                   [&](const auto& own) { return lower(origin).starts_with(own); }),
               "the origin is ours", origin);
        demand(lower(type).find("application") != std::string::npos &&
                   lower(type).find("json") != std::string::npos,
               "the body is JSON", type);
    }
}

void try_router(std::string_view text) {
    static const Router kRouter = [] {
        Router router;
        const auto handler = [](const HttpRequest& request) {
            for (const auto& [name, value] : request.parameters) {
                demand(is_valid_utf8(value) && !has_control(value), "parameters are clean", value);
                demand(!value.empty(), "parameters say something", name);
            }
            return HttpResponse{};
        };
        router.add({"GET", "/", "root", Needs::nothing(), handler});
        router.add({"GET", "/sak/{id*}", "case", Needs::nothing(), handler});
        router.add({"POST", "/api/v1/cases/{id*}/events", "event", Needs::nothing(), handler});
        router.add({"GET", "/outbox/{number}/html", "html", Needs::nothing(), handler});
        return router;
    }();
    HttpRequest request{.method = "GET", .raw_path = std::string{text}};
    const int status = kRouter.handle(request).status;
    demand(status == 200 || status == 400 || status == 404 || status == 405,
           "a path is found or not", text);
}

}  // namespace

void try_url(std::string_view text) {
    try_encoding(text);
    try_query(text);
    try_origin(text);
    try_gate(text, "GET");
    try_gate(text, "POST");
    // The server hands over only what it could decode.
    if (text.starts_with('/') && text.find('?') == std::string_view::npos && percent_decode(text)) {
        try_router(text);
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_url(fristvakt::fuzz::text_of(data, size));
    return 0;
}
