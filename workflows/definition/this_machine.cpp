#include "workflows/definition/this_machine.hpp"

namespace fristvakt::workflows {

std::string_view host_of(std::string_view url) {
    const auto scheme = url.find("//");
    std::string_view host = scheme == std::string_view::npos ? url : url.substr(scheme + 2);
    host = host.substr(0, host.find_first_of("/?#"));
    if (host.find('@') != std::string_view::npos) {
        return {};
    }
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string_view::npos ? std::string_view{} : host.substr(0, end + 1);
    }
    return host.substr(0, host.find(':'));
}

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") &&
            host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace fristvakt::workflows
