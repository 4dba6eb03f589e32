#pragma once

#include <functional>

#include "daemon/access/rate_limit.hpp"
#include "daemon/engine/engine_access.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/actions/form.hpp"
#include "daemon/web/pages.hpp"

namespace fristvakt::daemon {

/// Where whoever is called to a meeting answers, by the link in their mail: `/m/TOKEN/CASE`; and
/// where others sign up to an open one: `/p/CASE`. Reading changes nothing; an answer is a POST,
/// and can be changed as long as the meeting is ahead.
class AnswerPages {
 public:
    /// Engine and pages must outlive them. The engine itself: who comes here is nobody who signs
    /// in.
    AnswerPages(EngineAccess& engine, const Pages& pages,
                std::function<double()> monotonic_seconds);

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

    struct OpenMeeting;
    [[nodiscard]] HttpResponse sign_up_page(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse sign_up(const HttpRequest& request) const;
    /// NotFound: there is no such meeting that is open to others.
    [[nodiscard]] workflows::Result<OpenMeeting> open_meeting(const HttpRequest& request) const;
    /// `state`: the form as it was sent, with what was wrong.
    [[nodiscard]] HttpResponse show(const HttpRequest& request, const OpenMeeting& meeting,
                                    int status, const workflows::Text& notice,
                                    const FormState& state = {}) const;

    EngineAccess& engine_;
    const Pages& pages_;
    std::function<double()> monotonic_seconds_;
    mutable RateLimit by_client_;           ///< Nobody has our mail server write to half the world.
    mutable RateLimit misspelt_by_client_;  ///< What cannot be sent to anybody.
};

}  // namespace fristvakt::daemon
