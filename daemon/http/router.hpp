#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/http/http_message.hpp"

namespace fristvakt::daemon {

/// One path with one method. `{name}` in the pattern stands for one segment, `{name*}` for one or
/// more, with the slashes between them; at most one `{name*}` in a pattern.
struct Route {
    std::string method;
    std::string pattern;  ///< "/api/v1/cases/{id*}/events"
    std::string name;     ///< A short word for metrics: "case_event".
    HttpHandler handler;
};

/// Finds the handler of a request. The first pattern added that fits the path counts; segments are
/// split before they are decoded, so that an id with %2F in it is one segment.
/// Filled by one thread, then read by any.
class Router {
 public:
    /// Answers what no route does: 404, or 405 with the methods that the path knows.
    using Refusal = std::function<HttpResponse(const HttpRequest&, int status)>;
    /// Told after each answer, from the thread that gave it.
    using Observer =
        std::function<void(std::string_view route, int status, double duration_seconds)>;

    void add(Route route);
    void set_refusal(Refusal refusal) { refusal_ = std::move(refusal); }
    /// `monotonic_seconds` measures; without it every duration is 0.
    void set_observer(Observer observer, std::function<double()> monotonic_seconds) {
        observer_ = std::move(observer);
        seconds_ = std::move(monotonic_seconds);
    }
    /// The names of all routes, in order; for metrics that begin at 0.
    [[nodiscard]] std::vector<std::string> names() const;

    /// Sets `request.parameters` on the way.
    [[nodiscard]] HttpResponse handle(HttpRequest& request) const;

 private:
    struct Path {
        std::string pattern;
        std::vector<std::string> segments;
        std::vector<Route> routes;  ///< One for each method.
    };
    [[nodiscard]] HttpResponse answer(HttpRequest& request, std::string_view& name) const;

    std::vector<Path> paths_;
    Refusal refusal_;
    Observer observer_;
    std::function<double()> seconds_;
};

}  // namespace fristvakt::daemon
