#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/http/http_message.hpp"

namespace fristvakt::daemon {

/// What a route asks of whoever comes. There is no default: a route that does not say it does not
/// compile. The router turns away whoever has the right nowhere; whether it holds for the one case,
/// organisation or cohort is the handler's to ask (`VisitorEngine` does, `may` answers).
class Needs {
 public:
    Needs() = delete;
    constexpr Needs(Right right)  // NOLINT(google-explicit-constructor)
        : kind_(Kind::OneRight), right_(right) {}
    /// Open to strangers: signing in, style sheets, links that are secrets themselves.
    [[nodiscard]] static constexpr Needs nothing() { return Needs{Kind::Nothing}; }
    /// Whoever is signed in, whatever they may.
    [[nodiscard]] static constexpr Needs sign_in() { return Needs{Kind::SignIn}; }

    [[nodiscard]] bool allow(const Visitor& visitor) const;
    /// "nothing", "sign_in", "read", "act", "plan", "operate", "administer".
    [[nodiscard]] std::string_view word() const;

 private:
    enum class Kind { Nothing, SignIn, OneRight };
    constexpr explicit Needs(Kind kind) : kind_(kind) {}
    Kind kind_;
    Right right_{Right::Administer};
};

/// One path with one method. `{name}` in the pattern stands for one segment, `{name*}` for one or
/// more, with the slashes between them; at most one `{name*}` in a pattern.
struct Route {
    std::string method;
    std::string pattern;  ///< "/api/v1/cases/{id*}/events"
    std::string name;     ///< A short word for metrics: "case_event".
    Needs needs;
    HttpHandler handler;
};

/// Finds the handler of a request. The first pattern added that fits the path counts; segments are
/// split before they are decoded, so that an id with %2F in it is one segment.
/// Filled by one thread, then read by any.
class Router {
 public:
    /// Answers what no route does: 404, 405 with the methods that the path knows, 401 to a stranger
    /// where a route needs a right, 403 to somebody known who has it nowhere.
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
    /// All routes, in order.
    [[nodiscard]] std::vector<const Route*> routes() const;

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
