#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// What is asked of a server.
struct HttpCall {
    std::string method{"GET"};
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    std::chrono::milliseconds connect_timeout{std::chrono::seconds{5}};
    std::chrono::milliseconds timeout{std::chrono::seconds{30}};  ///< Of the whole call.
    bool is_url_secret{false};  ///< Then no error shows more of it than the host.
    std::string ca_file{};      ///< Whom to trust, as PEM; empty: whom the system trusts.
    std::stop_token stop{};     ///< Asked to stop, the call is broken off within a second or so.
};

struct HttpAnswer {
    int status{0};
    std::string content_type;  ///< Lower case, without parameters: "application/json".
    std::string body;
    std::chrono::seconds retry_after{0};  ///< As the server asked, as seconds or date; else 0.
};

/// `Error::code` of a call of which nothing can have arrived.
inline constexpr std::string_view kNotSent = "not-sent";

/// Asks once and waits for the whole answer, of at most 64 MiB. Never through a proxy, never after
/// a redirection to somewhere else: what is said is meant for that server alone. Without TLS only
/// to this machine (127.0.0.0/8, ::1, localhost).
///
/// InvalidInput: the URL is none, or plain http to another machine. Unavailable: nobody answered,
/// or not in time; says whether the request may have arrived. Any thread.
[[nodiscard]] workflows::Result<HttpAnswer> call_http(const HttpCall& call);

}  // namespace fristvakt::integrations
