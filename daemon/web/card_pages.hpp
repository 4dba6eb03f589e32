#pragma once

#include "daemon/engine/engine_access.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/pages.hpp"

namespace fristvakt::daemon {

/// Where whoever sees the weekly card in a channel of Teams says so: `/t/TOKEN/CHANNEL`, the link
/// on the card, without signing in. Reading changes nothing. Any thread.
class CardPages {
 public:
    /// Both must outlive it. `engine` is not a visitor's: the link is all that it takes.
    CardPages(EngineAccess& engine, const Pages& pages) : engine_(engine), pages_(pages) {}

    void add_routes(Router& router);

 private:
    struct Question;
    /// NotFound: no such card.
    [[nodiscard]] workflows::Result<Question> question_of(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse lost(const HttpRequest& request,
                                    const workflows::Error& error) const;
    [[nodiscard]] HttpResponse show(const HttpRequest& request, const Question& question,
                                    int status) const;
    [[nodiscard]] HttpResponse ask(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse take(const HttpRequest& request) const;

    EngineAccess& engine_;
    const Pages& pages_;
};

}  // namespace fristvakt::daemon
