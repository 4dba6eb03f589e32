#pragma once

#include <string_view>

namespace fristvakt::workflows {

/// The host of `url` or of HOST:PORT, an IPv6 address in its brackets; empty when somebody's name
/// stands before an @, so that 127.0.0.1:x@elsewhere.example passes for nothing. Pure.
[[nodiscard]] std::string_view host_of(std::string_view url);

/// Whether `host` can only be this machine: 127.0.0.0/8 (RFC 1122 3.2.1.3) in numbers, [::1] or
/// localhost (RFC 6761 6.3). 127.0.0.1.example is somebody else's. Pure.
[[nodiscard]] bool is_this_machine(std::string_view host);

}  // namespace fristvakt::workflows
