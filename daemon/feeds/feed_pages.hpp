#pragma once

#include <functional>
#include <string>

#include "daemon/feeds/feed_tokens.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/pages.hpp"

namespace fristvakt::daemon {

/// What the log is told of calendars; never an address, of whatever kind.
struct FeedReport {
    enum class Kind { Made, Renewed, Ended };
    Kind kind{Kind::Made};
    std::int64_t number{0};
};

/// Calendars to subscribe to: `/k/TOKEN.ics`, open to whoever has the address, and the page where
/// addresses are made, renewed and ended. Any thread.
class FeedPages {
 public:
    struct Options {
        std::function<workflows::Instant()> now;  ///< The machine's time.
        std::function<void(const FeedReport&)> report;
    };
    /// `store` and `engine` must outlive it.
    FeedPages(integrations::AccessStore& store, EngineAccess& engine, Options options)
        : store_(store), engine_(engine), options_(std::move(options)) {}

    /// `pages` draws the frame, and must outlive the routes.
    void add_routes(Router& router, const Pages& pages);

 private:
    [[nodiscard]] HttpResponse serve(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse list(const HttpRequest& request, const std::string& url,
                                    const std::string& problem) const;
    [[nodiscard]] HttpResponse make(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse renew(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse end(const HttpRequest& request) const;
    /// The feed that the form names, if the visitor may do with it what they want. NotFound else.
    [[nodiscard]] workflows::Result<integrations::StoredFeed> named_in(
        const HttpRequest& request) const;
    /// Whether the visitor may give that calendar to somebody.
    [[nodiscard]] bool may_give(const Visitor& visitor, const integrations::StoredFeed& feed) const;
    [[nodiscard]] HttpResponse refused(const HttpRequest& request,
                                       const workflows::Error& error) const;
    void report(FeedReport::Kind kind, std::int64_t number) const;

    integrations::AccessStore& store_;
    EngineAccess& engine_;
    Options options_;
    const Pages* pages_{nullptr};
};

}  // namespace fristvakt::daemon
