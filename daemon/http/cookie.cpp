#include "daemon/http/cookie.hpp"

#include <algorithm>

namespace fristvakt::daemon {

std::string_view cookie_of(const HttpRequest& request, std::string_view name) {
    std::string_view all = request.header("cookie").value_or("");
    while (!all.empty()) {
        std::string_view one = all.substr(0, all.find(';'));
        all.remove_prefix(std::min(all.size(), one.size() + 1));
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
            return one.substr(name.size() + 1);
        }
    }
    return {};
}

}  // namespace fristvakt::daemon
