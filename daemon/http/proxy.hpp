#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/http/http_message.hpp"

namespace fristvakt::daemon {

/// Makes `request` what its client sent to a proxy of ours: `remote_address` becomes the last
/// address in X-Forwarded-For, which the proxy wrote itself. Those headers are believed from the
/// addresses in `trusted` alone. Pure.
///
/// The answer instead, where `public_url` is https: whoever comes from another machine and not
/// through a proxy of ours is refused (403); what came to the proxy without TLS is sent to
/// `public_url` (GET) or refused. Nothing when the request may go on.
[[nodiscard]] std::optional<HttpResponse> through_proxy(HttpRequest& request,
                                                        const std::vector<std::string>& trusted,
                                                        const std::string& public_url);

}  // namespace fristvakt::daemon
