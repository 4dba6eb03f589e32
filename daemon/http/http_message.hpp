#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/access/visitor.hpp"

/// What goes in and out over HTTP, as plain values; no library behind it is named here.
namespace fristvakt::daemon {

/// One request, whole. HEAD arrives as GET; the server leaves the body of the answer out.
struct HttpRequest {
    std::string method{};
    std::string raw_path{};  ///< As it came, percent-encoded, without the query{}; begins with "/".
    /// Decoded, in order of writing; valid UTF-8 without control characters.
    std::vector<std::pair<std::string, std::string>> query{};
    /// Names in lower case, in order of writing.
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    int local_port{0};             ///< That the connection came in on.
    std::string remote_address{};  ///< Of the connection; nothing that a client writes changes it.
    std::map<std::string, std::string, std::less<>> parameters{};  ///< Set by the router, decoded.
    /// Of a form (application/x-www-form-urlencoded), decoded, in order of writing. Set by the
    /// service, which has checked the form's token.
    std::vector<std::pair<std::string, std::string>> form{};
    Visitor visitor{};  ///< Who asks; set by the service. By default a stranger, who may nothing.

    /// The first header of that name (in lower case); nothing when it is absent.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    /// The first value of that name in the query{}; nothing when it is absent.
    [[nodiscard]] std::optional<std::string_view> argument(std::string_view name) const;
    /// The first value of that name in the form; "" when it is absent.
    [[nodiscard]] const std::string& field(std::string_view name) const;
    /// All values of that name in the form: of boxes that are ticked.
    [[nodiscard]] std::vector<std::string> fields(std::string_view name) const;
    /// REQUIRES: the route's pattern has that parameter.
    [[nodiscard]] const std::string& parameter(std::string_view name) const;
};

/// Content-Length, Connection and Date are the server's to write.
struct HttpResponse {
    int status{200};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
};

/// Called from several threads at once. What it throws becomes a 500 that says nothing of it.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

/// The machine's time, for whoever needs it beside the installation's clock (which a demo moves).
/// Both may be empty: nothing that needs them is then told. Called from several threads at once.
struct MachineTime {
    std::function<double()> monotonic_seconds;
    std::function<double()> unix_seconds;
};

/// A problem by RFC 9457. `detail` says what is wrong and what to do; never a secret.
[[nodiscard]] HttpResponse problem(int status, std::string_view detail,
                                   std::string_view instance = {});
/// The reason phrase of a status, "Not Found"; "Error" when it has none here.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace fristvakt::daemon
