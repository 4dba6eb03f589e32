#pragma once

#include "daemon/engine/engine_access.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/pages.hpp"

namespace fristvakt::daemon {

/// Where whoever is called to a meeting answers, by the link in their mail: `/m/TOKEN/CASE`.
/// Reading it changes nothing; the answer is a POST, and can be changed as long as the meeting is
/// ahead.
class AnswerPages {
 public:
    /// Both must outlive them. The engine itself: whoever has the link is nobody who signs in.
    AnswerPages(EngineAccess& engine, const Pages& pages) : engine_(engine), pages_(pages) {}

    void add_routes(Router& router);

 private:
    struct Question;
    [[nodiscard]] HttpResponse ask(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse take(const HttpRequest& request) const;
    /// What the link is about; NotFound when it is none of ours.
    [[nodiscard]] workflows::Result<Question> question_of(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse show(const HttpRequest& request, const Question& question,
                                    int status, const workflows::Text& notice,
                                    std::string_view color) const;
    [[nodiscard]] HttpResponse lost(const HttpRequest& request,
                                    const workflows::Error& error) const;

    EngineAccess& engine_;
    const Pages& pages_;
};

}  // namespace fristvakt::daemon
