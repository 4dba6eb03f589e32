#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/outbox_text.hpp"
#include "daemon/web/words.hpp"

/// What people do to messages: stop, postpone, release, try again; and all sending on hold.
namespace fristvakt::daemon {

using workflows::ErrorKind;
using workflows::MessageState;
using workflows::Text;

namespace {

ActionField reason_field() {
    return {.name = "reason",
            .label = field_label("reason"),
            .hint = {},
            .kind = ActionField::Kind::Lines,
            .required = true,
            .value = {},
            .choices = {}};
}

struct MessageAction {
    std::string_view event;
    Text title;
    Text lead;
    std::vector<ActionField> fields;
};

MessageAction stop_action() {
    return {"stop",
            {"Stopp meldingen", "Stopp meldinga"},
            {"Meldingen sendes ikke. Resten av planen går som før.",
             "Meldinga blir ikkje send. Resten av planen går som før."},
            {reason_field()}};
}

MessageAction postpone_action(const std::string& day) {
    ActionField until{.name = "until",
                      .label = {"Tidligst", "Tidlegast"},
                      .hint = {"Meldingen går i den første sendetiden fra og med denne dagen.",
                               "Meldinga går i den første sendetida frå og med denne dagen."},
                      .kind = ActionField::Kind::Day,
                      .required = true,
                      .value = day,
                      .choices = {}};
    return {"postpone",
            {"Utsett meldingen", "Utset meldinga"},
            {"Meldingen venter til en senere dag.", "Meldinga ventar til ein seinare dag."},
            {std::move(until)}};
}

MessageAction hold_action() {
    ActionField reason = reason_field();
    reason.hint = {"Vises på alle sider så lenge utsendingen er på vent.",
                   "Står på alle sider så lenge utsendinga er på vent."};
    return {"hold",
            {"Sett all utsending på vent", "Set all utsending på vent"},
            {"Ingenting går ut før noen slipper det fri.",
             "Ingenting går ut før nokon slepper det fri."},
            {std::move(reason)}};
}

Html draw_form(const View& view, const std::string& path, const MessageAction& what,
               const FormState& state) {
    Action action;
    action.event = what.event;
    action.fields = what.fields;
    Html out;
    out.add("<form class=\"fv-action\" method=\"post\" action=\"{}\">\n", path);
    out.add(form_token_field(view));
    out.add(hidden("event", what.event));
    out.add("<p class=\"ds-paragraph\">{}</p>\n", view.in(what.lead));
    out.add(draw_fields(view, action, "f-" + action.event, state));
    out.add(
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>\n"
        "</form>\n",
        view.in(what.title));
    return out;
}

Html folded(const View& view, const std::string& path, const MessageAction& what) {
    Html out;
    out.add("<details class=\"ds-details fv-details\"><summary>{}</summary>\n<div>",
            view.in(what.title));
    out.add(draw_form(view, path, what, {}));
    out.add("</div></details>\n");
    return out;
}

Html button_form(const View& view, const std::string& path, std::string_view event,
                 std::string_view word) {
    Html out;
    out.add("<form class=\"fv-inline\" method=\"post\" action=\"{}\">", path);
    out.add(form_token_field(view));
    out.add(hidden("event", event));
    out.add(
        "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\">{}</button>"
        "</form>\n",
        word);
    return out;
}

std::string message_path(std::int64_t number) {
    return "/utboks/" + std::to_string(number);
}

FormState state_of(const FormData& form, std::vector<FormProblem> problems) {
    FormState state{.values = {}, .problems = std::move(problems)};
    for (const auto& [name, value] : form.values()) {
        state.values.emplace(name, value);
    }
    return state;
}

std::vector<FormProblem> problems_of(const MessageAction& what, const FormData& form) {
    Action action;
    action.fields = what.fields;
    return check_fields(action, form);
}

bool can_be_stopped(const workflows::Message& message) {
    return message.state == MessageState::Waiting || message.state == MessageState::Held ||
           message.state == MessageState::Uncertain;
}

bool can_be_postponed(const workflows::Message& message) {
    return message.state == MessageState::Waiting && message.kind != workflows::NoticeKind::Answer;
}

/// The cases of which reminders wait in the message, as they are now; each once.
std::vector<workflows::Case> waiting_cases(const View& view,
                                           const workflows::StoredMessage& stored) {
    std::vector<workflows::Case> cases;
    for (const workflows::Reminder& reminder : stored.reminders) {
        const bool known =
            std::ranges::find(cases, reminder.case_id, &workflows::Case::id) != cases.end();
        if (known || reminder.account != workflows::Account::Waiting) {
            continue;
        }
        auto found = view.snapshot->find_case(reminder.case_id);
        if (found.ok() && found.value()) {
            cases.push_back(*std::move(found).value());
        }
    }
    return cases;
}

Html flash(const View& view, const Text& words, const Html& undo) {
    return html(
        "<div class=\"ds-alert fv-flash\" data-color=\"success\" role=\"status\"><p>{}</p>{}"
        "</div>\n",
        view.in(words), undo);
}

}  // namespace

HttpResponse Actions::do_in_outbox(View& view, const FormData& form) const {
    const std::string who = view.who_is_known ? view.who : form.get("hvem");
    const std::string event = form.get("event");
    workflows::Status done{workflows::Done{}};
    if (event == "hold") {
        const MessageAction what = hold_action();
        auto problems = problems_of(what, form);
        if (!problems.empty()) {
            Content content;
            content.title = what.title;
            const FormState state = state_of(form, std::move(problems));
            content.body.add(error_summary(view, "f-hold", state));
            content.body.add(draw_form(view, "/utboks/handling", what, state));
            return pages_.respond(view, content, 422);
        }
        done = engines_.of(view.request.visitor).hold(form.get("reason"), who);
    } else if (event == "release") {
        done = engines_.of(view.request.visitor).release(std::nullopt, who);
    }
    if (!done.ok()) {
        return done.error().kind == ErrorKind::Forbidden ? pages_.error_page(view.request, 403)
                                                         : unavailable(view);
    }
    HttpResponse response = see_other("/utboks" + encode_query({{"gjort", event}}));
    remember_who(response, view, who);
    return response;
}

HttpResponse Actions::do_to_message(View& view, const FormData& form) const {
    const auto number = parse_number(view.request.parameter("number"));
    if (!number) {
        return pages_.error_page(view.request, 404);
    }
    const auto before = view.snapshot->message(*number);
    if (!before.ok()) {
        return unavailable(view);
    }
    if (!before.value()) {
        return pages_.error_page(view.request, 404);
    }
    const std::string who = view.who_is_known ? view.who : form.get("hvem");
    const std::string event = form.get("event");
    const std::string path = message_path(*number);
    const std::string old_day =
        workflows::iso_date(view.definitions->time_zone().date_of(before.value()->message.slot_at));
    MessageAction what = event == "postpone" ? postpone_action(old_day) : stop_action();
    std::vector<FormProblem> problems;
    workflows::Status done{workflows::Done{}};
    if (event == "stop" || event == "postpone") {
        problems = problems_of(what, form);
        if (problems.empty()) {
            done = event == "stop"
                       ? engines_.of(view.request.visitor).stop(*number, form.get("reason"), who)
                       : engines_.of(view.request.visitor)
                             .postpone(*number, *workflows::parse_iso_date(form.get("until")), who);
        }
    } else if (event == "release") {
        done = engines_.of(view.request.visitor).release(*number, who);
    } else if (event == "retry") {
        done = engines_.of(view.request.visitor).retry(*number, who);
    } else {
        return see_other(path);
    }
    if (!done.ok() && done.error().kind == ErrorKind::Unavailable) {
        return unavailable(view);
    }
    if (!done.ok()) {
        const std::string& code = done.error().code;
        const std::size_t colon = code.find(':');
        const bool is_field = colon != std::string::npos || code == "after-deadline";
        problems.push_back({colon != std::string::npos ? code.substr(colon + 1)
                            : code == "after-deadline" ? "until"
                                                       : "",
                            words_of_refusal(code, nullptr, *view.definitions)});
        if (!is_field) {
            what.fields.clear();
        }
    }
    if (!problems.empty()) {
        Content content;
        content.title = what.title;
        const FormState state = state_of(form, std::move(problems));
        content.body.add(error_summary(view, "f-" + std::string{what.event}, state));
        if (!what.fields.empty()) {
            content.body.add(draw_form(view, path + "/handling", what, state));
        }
        content.body.add("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", path,
                         view.pick("Tilbake til meldingen", "Tilbake til meldinga"));
        return pages_.respond(view, content, what.fields.empty() ? 409 : 422);
    }
    HttpResponse response =
        see_other(path + encode_query({{"gjort", event},
                                       {"fra", event == "postpone" ? old_day : std::string{}}}));
    remember_who(response, view, who);
    return response;
}

Html message_actions(const View& view, const workflows::StoredMessage& stored) {
    if (!may_somewhere(view.visitor(), Right::Act)) {
        return {};
    }
    const workflows::Message& message = stored.message;
    const std::string path = message_path(message.number) + "/handling";
    const std::string day =
        workflows::iso_date(view.definitions->time_zone().date_of(message.slot_at));
    Html out;
    const bool waits = message.state == MessageState::Waiting;
    const bool stopped =
        message.state == MessageState::Dropped && message.reason == workflows::Reason::Stopped;
    if (const std::string done = view.argument("gjort"); done == "stop" && stopped) {
        out.add(flash(view, {"Meldingen er stoppet.", "Meldinga er stoppa."},
                      button_form(view, path, "retry", view.pick("Angre", "Angre"))));
    } else if (done == "postpone" && waits) {
        Html undo;
        if (const std::string from = view.argument("fra"); workflows::parse_iso_date(from)) {
            undo.add("<form class=\"fv-inline\" method=\"post\" action=\"{}\">", path);
            undo.add(form_token_field(view));
            undo.add(hidden("event", "postpone"));
            undo.add(hidden("until", from));
            undo.add(
                "<button class=\"ds-button\" data-variant=\"secondary\" "
                "type=\"submit\">{}</button></form>",
                view.pick("Angre", "Angre"));
        }
        out.add(flash(view, {"Meldingen er utsatt.", "Meldinga er utsett."}, undo));
    } else if (!done.empty()) {
        out.add(flash(view, {"Gjort.", "Gjort."}, {}));
    }
    if (can_be_stopped(message)) {
        out.add(folded(view, path, stop_action()));
    }
    if (can_be_postponed(message)) {
        out.add(folded(view, path, postpone_action(day)));
    }
    if (message.state == MessageState::Held) {
        out.add(button_form(view, path, "release", view.pick("Slipp fri", "Slepp fri")));
    }
    if (message.state == MessageState::Failed) {
        out.add(button_form(view, path, "retry", view.pick("Prøv igjen", "Prøv igjen")));
    }
    if (stopped) {
        out.add(button_form(view, path, "retry", view.pick("Send den likevel", "Send ho likevel")));
    }
    return out.empty() ? out
                       : html("<section aria-label=\"{}\">\n{}</section>\n",
                              view.pick("Handlinger", "Handlingar"), out);
}

HttpResponse Actions::message_form(View& view) const {
    const auto number = parse_number(view.request.parameter("number"));
    const auto found = number ? view.snapshot->message(*number)
                              : workflows::Result<std::optional<workflows::StoredMessage>>{
                                    std::optional<workflows::StoredMessage>{}};
    if (!found.ok()) {
        return unavailable(view);
    }
    if (!found.value()) {
        return pages_.error_page(view.request, 404);
    }
    const workflows::Message& message = found.value()->message;
    const std::string path = message_path(message.number);
    const std::string& event = view.request.parameter("event");
    const bool can = event == "postpone" ? can_be_postponed(message)
                                         : event == "stop" && can_be_stopped(message);
    if (!can) {
        return see_other(path);
    }
    const MessageAction what = event == "stop"
                                   ? stop_action()
                                   : postpone_action(workflows::iso_date(
                                         view.definitions->time_zone().date_of(message.slot_at)));
    const std::string subject = subject_of(view, *found.value());
    Content content;
    content.title = {what.title.nb + ": " + subject, what.title.nn + ": " + subject};
    content.body.add("<p class=\"ds-paragraph\">{}: {}</p>\n", view.pick("Til", "Til"),
                     person_name(view, found.value()->to));
    content.body.add(draw_form(view, path + "/handling", what, {}));
    content.body.add("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", path,
                     view.pick("Til meldingen", "Til meldinga"));
    return pages_.respond(view, content, 200);
}

Html send_now_button(const View& view, const std::vector<workflows::Case>& cases) {
    Html out;
    if (cases.empty() || !may_somewhere(view.visitor(), Right::Act)) {
        return out;
    }
    const std::string word{view.pick("Send nå", "Send no")};
    out.add("<form class=\"fv-inline\" method=\"post\" action=\"/parti\">");
    out.add(form_token_field(view));
    out.add(hidden("event", "sent_now"));
    out.add(hidden("fra", view.request.raw_path + encode_query(view.request.query)));
    for (const workflows::Case& item : cases) {
        out.add(hidden("sak", item.id + "@" + std::to_string(item.revision)));
    }
    out.add(
        "<button class=\"ds-button\" data-variant=\"secondary\" data-size=\"sm\" type=\"submit\" "
        "aria-label=\"{}: {}\">{}</button></form>",
        word, organisation_name(cases.front().debtor, *view.definitions), word);
    return out;
}

Html message_row_actions(const View& view, const workflows::StoredMessage& stored) {
    if (!may_somewhere(view.visitor(), Right::Act)) {
        return {};
    }
    const workflows::Message& message = stored.message;
    const std::string path = message_path(message.number) + "/handling";
    Html out;
    const auto add = [&](const Html& one) {
        if (!one.empty()) {
            out.add("{}{}", out.empty() ? "" : " ", one);
        }
    };
    if (message.state == MessageState::Waiting && message.kind == workflows::NoticeKind::Reminder) {
        add(send_now_button(view, waiting_cases(view, stored)));
    }
    const auto link = [&](std::string_view event, std::string_view word) {
        add(html("<a class=\"ds-link\" href=\"{}/{}\" aria-label=\"{}: {} {}\">{}</a>", path, event,
                 word, view.pick("nummer", "nummer"), message.number, word));
    };
    if (can_be_stopped(message)) {
        link("stop", view.pick("Stopp", "Stopp"));
    }
    if (can_be_postponed(message)) {
        link("postpone", view.pick("Utsett", "Utset"));
    }
    if (message.state == MessageState::Held) {
        add(button_form(view, path, "release", view.pick("Slipp fri", "Slepp fri")));
    }
    if (message.state == MessageState::Failed) {
        add(button_form(view, path, "retry", view.pick("Prøv igjen", "Prøv igjen")));
    }
    return out;
}

Html outbox_actions(const View& view) {
    if (!may(view.visitor(), Right::Operate)) {
        return {};
    }
    if (view.ledger.sending_on_hold) {
        return button_form(view, "/utboks/handling", "release",
                           view.pick("Slipp utsendingen fri", "Slepp utsendinga fri"));
    }
    return folded(view, "/utboks/handling", hold_action());
}

Html outbox_flash(const View& view) {
    const std::string done = view.argument("gjort");
    const std::string path{"/utboks/handling"};
    if (done == "hold" && view.ledger.sending_on_hold) {
        return flash(view, {"All utsending er satt på vent.", "All utsending er sett på vent."},
                     button_form(view, path, "release", view.pick("Angre", "Angre")));
    }
    if (done == "release" && !view.ledger.sending_on_hold) {
        return flash(view, {"Utsendingen går igjen.", "Utsendinga går igjen."}, {});
    }
    return {};
}

}  // namespace fristvakt::daemon
