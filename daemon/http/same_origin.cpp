#include "daemon/http/same_origin.hpp"

#include <algorithm>

#include "daemon/http/url.hpp"

namespace fristvakt::daemon {

SameOrigin::SameOrigin(std::string_view public_url) : public_origin_(origin_of(public_url)) {}

bool SameOrigin::knows_origin(const std::optional<std::string>& origin, int port) const {
    if (!origin) {
        return false;
    }
    if (origin == public_origin_) {
        return true;
    }
    const std::string suffix = port == 80 ? "" : ":" + std::to_string(port);
    return origin == "http://localhost" + suffix || origin == "http://127.0.0.1" + suffix ||
           origin == "http://[::1]" + suffix;
}

bool SameOrigin::knows_host(std::string_view host, int port) const {
    if (host.find_first_of("/?#") != std::string_view::npos) {
        return false;
    }
    const auto under = [&](const char* scheme) { return origin_of(scheme + std::string{host}); };
    return knows_origin(under("http://"), port) ||
           (public_origin_ && under("https://") == public_origin_);
}

std::optional<HttpResponse> SameOrigin::refuse(const HttpRequest& request) const {
    const auto hosts = std::ranges::count_if(
        request.headers, [](const auto& header) { return header.first == "host"; });
    if (hosts != 1) {
        return problem(400, "a request needs exactly one Host header");
    }
    if (!knows_host(*request.header("host"), request.local_port)) {
        return problem(421,
                       "this Host is not known here; use the address that the program listens on, "
                       "or set public_url in fristvakt.yaml to the proxy's");
    }
    if (request.method == "GET" || request.method == "OPTIONS") {
        return std::nullopt;
    }
    if (const auto origin = request.header("origin")) {
        if (!knows_origin(origin_of(*origin), request.local_port)) {
            return problem(403, "a page of another origin may change nothing here");
        }
    }
    const auto site = request.header("sec-fetch-site");
    if (site && *site != "same-origin" && *site != "none") {
        return problem(403, "a page of another origin may change nothing here");
    }
    const auto type = request.header("content-type");
    if (type && is_form_type(*type) && !request.raw_path.starts_with("/api/")) {
        // Any page may send a form anywhere; browsers say which page it was.
        if (!request.header("origin")) {
            return problem(403, "a form needs the Origin header that browsers send with it");
        }
        return std::nullopt;
    }
    const bool is_hook = request.raw_path == kGraphHookPath;
    if (!is_hook && (!type || !is_json_type(*type))) {
        return problem(415, "send the body as Content-Type: application/json");
    }
    return std::nullopt;
}

namespace {

std::string media_type(std::string_view content_type) {
    std::string type{content_type.substr(0, content_type.find(';'))};
    std::erase(type, ' ');
    std::erase(type, '\t');
    std::ranges::transform(type, type.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return type;
}

}  // namespace

bool is_json_type(std::string_view content_type) {
    return media_type(content_type) == "application/json";
}

bool is_form_type(std::string_view content_type) {
    return media_type(content_type) == "application/x-www-form-urlencoded";
}

}  // namespace fristvakt::daemon
