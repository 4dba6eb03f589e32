#include "workflows/definition/reachable.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "workflows/definition/this_machine.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

/// 172.16.0.0/12.
bool is_in_172(std::string_view host) {
    constexpr std::string_view kStart{"172."};
    const std::string second{host.starts_with(kStart) ? host.substr(kStart.size()) : ""};
    const std::size_t digits = std::min(second.find('.'), second.size());
    return digits == 2 && second >= "16." && second < "32.";
}

bool is_private(std::string_view host) {
    static constexpr std::array<std::string_view, 7> kStarts{"10.", "192.168.", "169.254.", "0.",
                                                             "[fc", "[fd",      "[fe80"};
    static constexpr std::array<std::string_view, 3> kEnds{".local", ".internal", ".lan"};
    const bool is_numeric =
        host.find_first_not_of("0123456789.") == std::string_view::npos || host.starts_with('[');
    return (is_numeric &&
            (is_in_172(host) ||
             std::ranges::any_of(kStarts, [&](auto start) { return host.starts_with(start); }))) ||
           std::ranges::any_of(kEnds, [&](auto end) { return host.ends_with(end); });
}

}  // namespace

std::string_view why_out_of_reach(std::string_view url) {
    const std::string host = lower_case(host_of(url));
    const bool is_name = host.find('.') != std::string::npos || host.starts_with('[');
    if (host.empty()) {
        return "it names no machine";
    }
    if (is_this_machine(host)) {
        return "it is an address of this machine alone";
    }
    if (!is_name || is_private(host)) {
        return "it is an address within a private network";
    }
    return url.starts_with("https://") ? "" : "it does not begin with https://";
}

bool may_be_reached_from_outside(std::string_view url) {
    return why_out_of_reach(url).empty();
}

}  // namespace fristvakt::workflows
