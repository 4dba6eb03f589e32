#include <utility>

#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/words.hpp"

/// What is registered of the people of a meeting: answers that came by telephone, and who came.
namespace fristvakt::daemon {

HttpResponse Actions::take_answer(View& view, const FormData& form) const {
    return raise_in_meeting(
        view, "responded",
        {{"attendee", form.get("attendee")}, {"answer", form.get("answer")}, {"via", "hand"}});
}

HttpResponse Actions::take_attendance(View& view, const FormData& form) const {
    std::string present;
    for (const std::string& person : form.all("present")) {
        present += (present.empty() ? "" : " ") + person;
    }
    return raise_in_meeting(view, "attended", {{"present", std::move(present)}});
}

HttpResponse Actions::raise_in_meeting(View& view, const std::string& event,
                                       std::map<std::string, std::string> fields) const {
    RaiseEvent command;
    command.event.case_id = view.request.parameter("id");
    command.event.name = event;
    command.event.by = workflows::Actor::Creditor;
    command.event.fields = std::move(fields);
    command.event.who = view.who;
    const auto answer = engines_.of(view.request.visitor).raise(command);
    if (answer.ok()) {
        return see_other("/sak/" + encode_path(command.event.case_id) + "#deltakere");
    }
    switch (answer.error().kind) {
        case workflows::ErrorKind::Unavailable:
            return unavailable(view);
        case workflows::ErrorKind::Forbidden:
            return pages_.error_page(view.request, 403);
        case workflows::ErrorKind::NotFound:
            return pages_.error_page(view.request, 404);
        case workflows::ErrorKind::InvalidInput:
        case workflows::ErrorKind::Conflict:
            break;
    }
    Content content;
    content.title = {"Ikke registrert", "Ikkje registrert"};
    content.body.add(
        "<p class=\"ds-alert\" data-color=\"warning\" role=\"alert\">{}</p>\n<p><a "
        "class=\"ds-link\" href=\"/sak/{}\">{}</a></p>\n",
        view.in(words_of_refusal(answer.error().code, nullptr, *view.definitions, nullptr)),
        encode_path(command.event.case_id), view.pick("Tilbake til møtet", "Tilbake til møtet"));
    return pages_.respond(view, content, 409);
}

}  // namespace fristvakt::daemon
