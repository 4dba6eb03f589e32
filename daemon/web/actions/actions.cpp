#include "daemon/web/actions/actions.hpp"

#include "daemon/http/url.hpp"

/// The ways in: what every POST goes through before anything is done.
namespace fristvakt::daemon {

void Actions::add_routes(Router& router) {
    const auto post = [&](std::string pattern, std::string name, Handle handle,
                          Right right = Right::Act) {
        router.add({"POST", std::move(pattern), std::move(name), right,
                    [this, handle](const HttpRequest& request) {
                        return pages_.with_view(request, [&](View& view) {
                            return (this->*handle)(view, FormData{request.form});
                        });
                    }});
    };
    const auto get = [&](std::string pattern, std::string name,
                         HttpResponse (Actions::*draw)(View&) const, Right right) {
        router.add({"GET", std::move(pattern), std::move(name), right,
                    [this, draw](const HttpRequest& request) {
                        return pages_.with_view(request,
                                                [&](View& view) { return (this->*draw)(view); });
                    }});
    };
    post("/sak/{id*}/handling", "do_case", &Actions::do_in_case);
    get("/sak/{id*}/handling/{event}", "page_case_form", &Actions::case_form, Right::Act);
    // Who loads the answer to a form again comes back to what it was about.
    router.add({"GET", "/sak/{id*}/handling", "page_case_again", Right::Read,
                [](const HttpRequest& request) {
                    return see_other("/sak/" + encode_path(request.parameter("id")));
                }});
    post("/sak/{id*}/svar", "do_answer", &Actions::take_answer);
    post("/sak/{id*}/deltakere", "do_attendance", &Actions::take_attendance);
    post("/parti", "foresee_batch", &Actions::foresee);
    router.add({"GET", "/parti", "page_batch_again", Right::Read,
                [](const HttpRequest&) { return see_other("/oversikt"); }});
    post("/parti/utfor", "do_batch", &Actions::execute);
    post("/parti/{number}/angre", "undo_batch", &Actions::undo_batch);
    get("/parti/{number}", "page_batch", &Actions::batch_page, Right::Read);
    post("/utboks/handling", "do_outbox", &Actions::do_in_outbox, Right::Operate);
    router.add({"GET", "/utboks/handling", "page_outbox_again", Right::Read,
                [](const HttpRequest&) { return see_other("/utboks"); }});
    post("/utboks/{number}/handling", "do_message", &Actions::do_to_message);
    get("/utboks/{number}/handling/{event}", "page_message_form", &Actions::message_form,
        Right::Act);
    router.add({"GET", "/utboks/{number}/handling", "page_message_again", Right::Read,
                [](const HttpRequest& request) {
                    return see_other("/utboks/" + encode_path(request.parameter("number")));
                }});
}

void remember_who(HttpResponse& response, const View& view, const std::string& who) {
    constexpr std::size_t kNameMax{100};
    if (!view.who_is_known && !who.empty() && who.size() <= kNameMax) {
        response.headers.emplace_back(
            "Set-Cookie",
            "hvem=" + percent_encode(who) + "; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    }
}

}  // namespace fristvakt::daemon
