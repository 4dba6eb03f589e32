#include "daemon/http/proxy.hpp"

#include <algorithm>

#include "daemon/http/url.hpp"
#include "workflows/definition/base_url.hpp"

namespace fristvakt::daemon {
namespace {

/// The last word of the last header of that name: what the proxy nearest to us added.
std::string last_of(const HttpRequest& request, std::string_view name) {
    std::string_view found;
    for (const auto& [known, value] : request.headers) {
        if (known == name) {
            found = value;
        }
    }
    found.remove_prefix(found.rfind(',') == std::string_view::npos ? 0 : found.rfind(',') + 1);
    found.remove_prefix(std::min(found.find_first_not_of(" \t"), found.size()));
    return std::string{found.substr(0, found.find_last_not_of(" \t") + 1)};
}

/// An IPv4 address that came in over IPv6, as the former.
std::string plain(const std::string& address) {
    constexpr std::string_view kMapped{"::ffff:"};
    return address.starts_with(kMapped) && address.find('.') != std::string::npos
               ? address.substr(kMapped.size())
               : address;
}

bool is_address(const std::string& text) {
    constexpr std::size_t kMax = 45;
    return !text.empty() && text.size() <= kMax &&
           text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
}

}  // namespace

std::optional<HttpResponse> through_proxy(HttpRequest& request,
                                          const std::vector<std::string>& trusted,
                                          const std::string& public_url) {
    const std::string peer = plain(request.remote_address);
    const bool is_local = peer.starts_with("127.") || peer == "::1" || peer.empty();
    const bool is_https = public_url.starts_with("https://");
    if (std::ranges::find(trusted, peer) == trusted.end()) {
        request.remote_address = peer;
        if (is_local) {
            return std::nullopt;
        }
        return problem(403, "come through the proxy: only it may connect here from elsewhere");
    }
    const std::string client = last_of(request, "x-forwarded-for");
    request.remote_address = is_address(client) ? plain(client) : peer;
    const std::string scheme = last_of(request, "x-forwarded-proto");
    // A program on this machine, rather than a proxy on it.
    const bool is_direct = is_local && client.empty() && scheme.empty();
    if (!is_https || scheme == "https" || is_direct) {
        return std::nullopt;
    }
    if (scheme == "http" && request.method == "GET") {
        const std::string base = workflows::base_url(public_url);
        return HttpResponse{
            .status = 308,
            .headers = {{"Location", base + request.raw_path + encode_query(request.query)}},
            .body = {}};
    }
    return problem(403, "this did not come over https; the proxy has to say X-Forwarded-Proto");
}

}  // namespace fristvakt::daemon
