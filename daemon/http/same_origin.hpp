#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/http_message.hpp"

namespace fristvakt::daemon {

/// Where Microsoft tells of changes in a calendar. Its first word there is plain text.
inline constexpr std::string_view kGraphHookPath = "/hooks/graph";

/// Keeps other people's web pages out (design, promise 9). A page that a browser shows can send
/// requests to this machine; what gives it away is the Host it believes in (a name of its own that
/// was pointed here), its Origin, or a content type that needs no leave to be sent.
class SameOrigin {
 public:
    /// Known are localhost, 127.0.0.1 and [::1] with the port that the request came in on, and the
    /// host of `public_url` (a proxy in front).
    explicit SameOrigin(std::string_view public_url);

    /// The answer that refuses `request`: 400 without one Host, 421 for a Host not known, and for
    /// what is neither GET nor OPTIONS 403 when another page sent it, 415 when it is neither JSON
    /// nor, outside /api/, a form that says its Origin (whose token is then to be checked). What
    /// comes to `kGraphHookPath` may be of any type: it is believed for a secret in it alone.
    /// Nothing when it may pass. Reads too need a known Host: else a name pointed here reads along.
    [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& request) const;

 private:
    [[nodiscard]] bool knows_host(std::string_view host, int port) const;
    [[nodiscard]] bool knows_origin(const std::optional<std::string>& origin, int port) const;

    std::optional<std::string> public_origin_;  ///< "https://frist.example"
};

/// True when the media type of `content_type` is application/json, whatever its parameters.
[[nodiscard]] bool is_json_type(std::string_view content_type);
/// True for application/x-www-form-urlencoded.
[[nodiscard]] bool is_form_type(std::string_view content_type);

}  // namespace fristvakt::daemon
