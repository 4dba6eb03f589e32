#include "daemon/http/router.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"

namespace fristvakt::daemon {
namespace {

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> out;
    path.remove_prefix(std::min<std::size_t>(path.size(), 1));
    while (true) {
        const std::string_view segment = path.substr(0, path.find('/'));
        out.emplace_back(segment);
        if (segment.size() == path.size()) {
            return out;
        }
        path.remove_prefix(segment.size() + 1);
    }
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}
bool takes_many(std::string_view segment) {
    return segment.ends_with("*}");
}

using Parameters = std::map<std::string, std::string, std::less<>>;

/// Matches decoded `given` with `pattern`, whose one `{name*}` takes what the others leave.
std::optional<Parameters> match(const std::vector<std::string>& pattern,
                                const std::vector<std::string>& given) {
    const bool many = std::ranges::any_of(pattern, takes_many);
    if (many ? given.size() < pattern.size() : given.size() != pattern.size()) {
        return std::nullopt;
    }
    Parameters out;
    std::size_t at{0};
    for (const std::string& segment : pattern) {
        if (!is_parameter(segment)) {
            if (given[at++] != segment) {
                return std::nullopt;
            }
            continue;
        }
        std::size_t count = takes_many(segment) ? given.size() - pattern.size() + 1 : 1;
        std::string value;
        for (; count > 0; --count) {
            if (given[at].empty()) {
                return std::nullopt;
            }
            value += (value.empty() ? "" : "/") + given[at++];
        }
        const std::size_t marks = takes_many(segment) ? 3 : 2;
        out.emplace(segment.substr(1, segment.size() - marks), std::move(value));
    }
    return out;
}

}  // namespace

bool Needs::allow(const Visitor& visitor) const {
    switch (kind_) {
        case Kind::Nothing:
            return true;
        case Kind::SignIn:
            return visitor.is_known();
        case Kind::OneRight:
            return may_somewhere(visitor, right_);
    }
    return false;
}

std::string_view Needs::word() const {
    if (kind_ != Kind::OneRight) {
        return kind_ == Kind::Nothing ? "nothing" : "sign_in";
    }
    switch (right_) {
        case Right::Read:
            return "read";
        case Right::Act:
            return "act";
        case Right::Plan:
            return "plan";
        case Right::Operate:
            return "operate";
        case Right::Administer:
            return "administer";
    }
    return "administer";
}

void Router::add(Route route) {
    auto found = std::ranges::find(paths_, route.pattern, &Path::pattern);
    if (found == paths_.end()) {
        paths_.push_back({route.pattern, split_path(route.pattern), {}});
        found = std::prev(paths_.end());
    }
    found->routes.push_back(std::move(route));
}

std::vector<std::string> Router::names() const {
    std::vector<std::string> out;
    for (const Path& path : paths_) {
        for (const Route& route : path.routes) {
            out.push_back(route.name);
        }
    }
    return out;
}

std::vector<const Route*> Router::routes() const {
    std::vector<const Route*> out;
    for (const Path& path : paths_) {
        for (const Route& route : path.routes) {
            out.push_back(&route);
        }
    }
    return out;
}

HttpResponse Router::handle(HttpRequest& request) const {
    const double began = seconds_ ? seconds_() : 0;
    std::string_view name{"none"};
    HttpResponse response = answer(request, name);
    if (observer_) {
        observer_(name, response.status, seconds_ ? seconds_() - began : 0);
    }
    return response;
}

HttpResponse Router::answer(HttpRequest& request, std::string_view& name) const {
    const auto refuse = [&](int status) {
        return refusal_
                   ? refusal_(request, status)
                   : problem(status, "nothing is here for that path and method", request.raw_path);
    };
    std::vector<std::string> given;
    for (const std::string& segment : split_path(request.raw_path)) {
        std::optional<std::string> decoded = percent_decode(segment);
        if (!decoded) {
            return problem(400, "the path is not percent-encoded UTF-8");
        }
        given.push_back(std::move(*decoded));
    }
    for (const Path& path : paths_) {
        std::optional<Parameters> parameters = match(path.segments, given);
        if (!parameters) {
            continue;
        }
        const auto route = std::ranges::find(path.routes, request.method, &Route::method);
        if (route != path.routes.end()) {
            name = route->name;
            if (!route->needs.allow(request.visitor)) {
                return refuse(request.visitor.is_known() ? 403 : 401);
            }
            request.parameters = std::move(*parameters);
            return route->handler(request);
        }
        std::string allow = "OPTIONS";
        for (const Route& known : path.routes) {
            allow += ", " + known.method + (known.method == "GET" ? ", HEAD" : "");
        }
        HttpResponse response = request.method == "OPTIONS"
                                    ? HttpResponse{.status = 204, .headers = {}, .body = {}}
                                    : refuse(405);
        response.headers.emplace_back("Allow", std::move(allow));
        return response;
    }
    return refuse(404);
}

}  // namespace fristvakt::daemon
