#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/meetings/date_change.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/model/digest.hpp"

/// One case: its forms, what is done with them, and what is told when somebody else was first.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Error;
using workflows::ErrorKind;
using workflows::HistoryEntry;
using workflows::Text;

namespace {

constexpr std::size_t kHistoryMax{1000};
constexpr std::string_view kReverted{"reverted"};

std::string case_path(const Case& item) {
    return "/sak/" + encode_path(item.id);
}

std::optional<int> number_in(std::string_view text) {
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size() && number >= 0
               ? std::optional{number}
               : std::nullopt;
}

std::map<std::string, std::string> written_in(const FormData& form) {
    std::map<std::string, std::string> values;
    for (const auto& [name, value] : form.values()) {
        values.emplace(name, value);
    }
    return values;
}

/// All that was filled in but what is the form's own: the same whether the action is still possible
/// or not, so that a second click is known again.
std::map<std::string, std::string> filled_in(const FormData& form) {
    constexpr std::size_t kTextMax{4096};
    static const std::set<std::string, std::less<>> kOwn{
        "event", "revision", "sak", "fra", "hvem", "vist", std::string{kFormTokenField}};
    std::map<std::string, std::string> fields;
    for (const auto& [name, value] : form.values()) {
        const std::string text = form.get(name);
        if (!kOwn.contains(name) && !text.empty() && text.size() <= kTextMax) {
            fields.emplace(name, is_day_field(name) ? iso_day(text) : text);
        }
    }
    return fields;
}

/// Where what it brings is shown, and back to the case.
Html preview_fields(const Case& item, std::string_view revision) {
    return html("{}{}", hidden("sak", item.id + "@" + std::string{revision}),
                hidden("fra", case_path(item)));
}

/// Empty when there is nothing that a hand may undo.
Html undo_form(const View& view, const Case& item, std::string_view word) {
    const auto undo = reverted_action(item, *view.definitions);
    if (!undo) {
        return {};
    }
    const std::string revision = std::to_string(item.revision);
    Html out;
    out.add("<form class=\"fv-inline\" method=\"post\" action=\"{}\">",
            undo->is_shown_first ? "/parti" : case_path(item) + "/handling");
    out.add(form_token_field(view));
    out.add(hidden("event", kReverted));
    out.add(hidden("revision", revision));
    if (undo->is_shown_first) {
        out.add(preview_fields(item, revision));
    }
    out.add(
        "<button class=\"ds-button\" data-variant=\"secondary\" data-size=\"sm\" "
        "type=\"submit\">{}{}</button></form>",
        word, undo->is_shown_first ? " …" : "");
    return out;
}

Html action_form(const View& view, const Case& item, const Action& action,
                 std::string_view revision, const FormState& state) {
    const std::string prefix = "f-" + action.event;
    Html out;
    out.add("<form class=\"fv-action\" method=\"post\" action=\"{}/handling\">\n", case_path(item));
    out.add(form_token_field(view));
    out.add(hidden("event", action.event));
    out.add(hidden("revision", revision));
    out.add(preview_fields(item, revision));
    out.add("<p class=\"ds-paragraph\">{}</p>\n", view.in(action.lead));
    out.add(draw_fields(view, action, prefix, state));
    if (action.is_shown_first) {
        out.add(
            "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\" "
            "formaction=\"/parti\">{} …</button> <small>{}</small></p>\n</form>\n",
            view.in(action.title),
            view.pick("Du ser hvem som får hva, før noe sendes.",
                      "Du ser kven som får kva, før noko blir sendt."));
        return out;
    }
    out.add("<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button>",
            view.in(action.title));
    if (action.event != "noted" && action.event != kReverted) {
        out.add(
            " <button class=\"ds-button\" data-variant=\"tertiary\" type=\"submit\" "
            "formaction=\"/parti\" formnovalidate>{}</button>",
            view.pick("Se først hva som skjer", "Sjå først kva som skjer"));
    }
    out.add("</p>\n</form>\n");
    return out;
}

/// What a hand may undo; nothing when it was a configuration that did it.
const Case::Undo* undo_of(const Case& item) {
    return item.undo && !item.undo->by_configuration ? &*item.undo : nullptr;
}

/// The keys keep a second click from counting twice.
std::string key_of(const workflows::Event& event) {
    std::string meant = event.case_id + '\n' + event.name + '\n' + event.who + '\n' +
                        std::to_string(event.expected_revision.value_or(-1));
    for (const auto& [name, value] : event.fields) {
        meant.append("\n").append(name).append("=").append(value);
    }
    return "form:" + workflows::sha256_hex(meant);
}

bool is_since(const HistoryEntry& entry, int expected) {
    const auto revision = entry.entry.data.find("revision");
    return revision != entry.entry.data.end() && number_in(revision->second).value_or(0) > expected;
}

/// "By kommune meldte at det er sendt (Kari), 27.01.2021 kl. 12.00".
Html what_was_done(const View& view, const HistoryEntry& entry, const Case& item) {
    Html out;
    out.add("<li><strong>{} {}</strong>",
            view.in(words_of_actor(entry.entry.actor, item, *view.definitions)),
            view.in(words_of_event(entry.entry.event)));
    if (const auto who = entry.entry.aside.find("who"); who != entry.entry.aside.end()) {
        out.add(" ({})", who->second);
    }
    out.add(", {}. {} «{}».</li>\n", short_time(entry.entry.at, view.definitions->time_zone()),
            view.pick("Saken ble da", "Saka vart då"),
            view.in(words_of_state(entry.entry.to, item, *view.definitions)));
    return out;
}

}  // namespace

HttpResponse see_other(const std::string& path) {
    return {
        .status = 303, .headers = {{"Location", path}, {"Cache-Control", "no-store"}}, .body = {}};
}

HttpResponse Actions::unavailable(View& view) const {
    return pages_.error_page(view.request, 503);
}

HttpResponse Actions::case_form(View& view) const {
    const auto found = view.snapshot->find_case(view.request.parameter("id"));
    if (!found.ok()) {
        return unavailable(view);
    }
    if (!found.value()) {
        return pages_.error_page(view.request, 404);
    }
    const Case& item = *found.value();
    if (!may(view.visitor(), Right::Act, item, *view.definitions)) {
        return pages_.error_page(view.request, 403);
    }
    const auto reminders = view.snapshot->reminders_of(item.id);
    if (!reminders.ok()) {
        return unavailable(view);
    }
    const auto actions = possible_actions(item, reminders.value(), *view.definitions, view.now());
    const Action* action = find_action(actions, view.request.parameter("event"));
    return action == nullptr ? see_other(case_path(item))
                             : show_case_form(view, item, *action, {}, 200);
}

HttpResponse Actions::show_case_form(View& view, const Case& item, const Action& action,
                                     const FormState& state, int status) const {
    const Text title = case_title(item, *view.definitions);
    const std::string debtor = organisation_name(item.debtor, *view.definitions);
    Content content;
    content.title = {action.title.nb + ": " + title.nb + " – " + debtor,
                     action.title.nn + ": " + title.nn + " – " + debtor};
    content.body.add(error_summary(view, "f-" + action.event, state));
    const auto revision = state.values.find("revision");
    content.body.add(action_form(
        view, item, action,
        revision == state.values.end() ? std::to_string(item.revision) : revision->second, state));
    content.body.add("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", case_path(item),
                     view.pick("Tilbake til saken", "Tilbake til saka"));
    return pages_.respond(view, content, status);
}

HttpResponse Actions::do_in_case(View& view, const FormData& form) const {
    const auto found = view.snapshot->find_case(view.request.parameter("id"));
    if (!found.ok()) {
        return unavailable(view);
    }
    if (!found.value()) {
        return pages_.error_page(view.request, 404);
    }
    const Case& item = *found.value();
    const auto reminders = view.snapshot->reminders_of(item.id);
    const auto revision = number_in(form.get("revision"));
    if (!reminders.ok() || !revision) {
        return reminders.ok() ? see_other(case_path(item)) : unavailable(view);
    }
    auto actions = possible_actions(item, reminders.value(), *view.definitions, view.now());
    if (auto undo = reverted_action(item, *view.definitions)) {
        actions.push_back(*std::move(undo));
    }
    const std::string name = form.get("event");
    const Action* known = find_action(actions, name);
    Action action;
    if (known != nullptr) {
        action = *known;
    } else {
        action.event = name;
        action.title = action_title(name);
    }
    FormState state{.values = written_in(form), .problems = check_fields(action, form)};
    if (known != nullptr && !state.problems.empty()) {
        return show_case_form(view, item, action, state, 422);
    }
    RaiseEvent command;
    command.event.case_id = item.id;
    command.event.name = name;
    command.event.by = action.by;
    command.event.on_behalf = action.on_behalf;
    command.event.fields = filled_in(form);
    command.event.who = view.who_is_known ? view.who : form.get("hvem");
    command.event.expected_revision = revision;
    command.idempotency_key = key_of(command.event);
    command.fingerprint = command.idempotency_key;
    const auto answer = engines_.of(view.request.visitor).raise(command);
    if (!answer.ok()) {
        return refuse_in_case(view, item, action, form, answer.error());
    }
    HttpResponse response = see_other(case_path(item) + encode_query({{"gjort", name}}));
    remember_who(response, view, command.event.who);
    return response;
}

HttpResponse Actions::refuse_in_case(View& view, const Case& item, const Action& action,
                                     const FormData& form, const Error& error) const {
    if (error.kind == ErrorKind::Unavailable) {
        return unavailable(view);
    }
    if (error.kind == ErrorKind::Forbidden) {
        return pages_.error_page(view.request, 403);
    }
    if (error.code == "moved-on") {
        return conflict(view, item, action, form, number_in(form.get("revision")).value_or(0));
    }
    const std::size_t colon = error.code.find(':');
    const std::string field =
        colon == std::string::npos ? std::string{} : error.code.substr(colon + 1);
    FormState state{.values = written_in(form), .problems = {}};
    state.problems.push_back(
        {field, words_of_refusal(error.code, &item, *view.definitions, &action)});
    return show_case_form(view, item, action, state, field.empty() ? 409 : 422);
}

HttpResponse Actions::conflict(View& view, const Case& before, const Action& action,
                               const FormData& form, int expected) const {
    // What stands there now: the view was taken before the answer.
    const auto snapshot = engines_.of(view.request.visitor).snapshot();
    const auto found = snapshot->find_case(before.id);
    const auto history = snapshot->history_of(before.id, kHistoryMax);
    if (!found.ok() || !history.ok() || !found.value()) {
        return unavailable(view);
    }
    const Case& item = *found.value();
    Html done;
    for (const HistoryEntry& entry : history.value()) {
        if (is_since(entry, expected)) {
            done.add(what_was_done(view, entry, item));
        }
    }
    Content content;
    content.title = {"Noen andre kom først", "Nokon andre kom først"};
    content.body.add("<p class=\"ds-alert\" data-color=\"warning\" role=\"alert\">{}</p>\n",
                     view.pick("Ingenting er lagret, og ingenting er overskrevet. Saken er endret "
                               "etter at du åpnet siden:",
                               "Ingenting er lagra, og ingenting er overskrive. Saka er endra "
                               "etter at du opna sida:"));
    content.body.add("<ul class=\"ds-list\">\n{}</ul>\n", done);
    content.body.add("<p class=\"ds-paragraph\">{} «{}». {} «{}».</p>\n",
                     view.pick("Saken er nå", "Saka er no"),
                     view.in(words_of_state(item, *view.definitions)),
                     view.pick("Du ville", "Du ville"), view.in(action.title));
    Html mine;
    for (const ActionField& field : action.fields) {
        if (const std::string value = form.get(field.name); !value.empty()) {
            mine.add("<dt>{}</dt><dd>{}</dd>\n", view.in(field.label), value);
        }
    }
    if (!mine.empty()) {
        content.body.add(
            "<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n<dl class=\"fv-facts\">"
            "{}</dl>\n",
            view.pick("Dette skrev du", "Dette skreiv du"), mine);
    }
    content.body.add("<p><a class=\"ds-button\" href=\"{}\">{}</a></p>\n", case_path(item),
                     view.pick("Se på saken på nytt", "Sjå på saka på nytt"));
    return pages_.respond(view, content, 409);
}

namespace {

/// What was done to the date of a meeting; as it stands now, for the address alone proves nothing.
std::string meeting_done(const View& view, const Case& item, std::string_view done) {
    const auto context = workflows::context_of(item, *view.definitions);
    if (!workflows::is_configured_meeting(item, context)) {
        return {};
    }
    const auto* const date = context.cohort->find_date(*context.requirement, item.period);
    const bool is_cancelled = date != nullptr && !date->cancelled.empty();
    if (done == workflows::kCancelled && is_cancelled) {
        return std::string{view.pick("Møtet er avlyst.", "Møtet er avlyst.")};
    }
    const auto time = workflows::meeting_time(item);
    if ((done != workflows::kDated && done != workflows::kMoved) || is_cancelled || !time) {
        return {};
    }
    return std::string{done == workflows::kDated
                           ? view.pick("Møtet er satt til ", "Møtet er sett til ")
                           : view.pick("Møtet er nå ", "Møtet er no ")} +
           workflows::time_in_words(*time, view.language) + ".";
}

/// Why the configuration ended a case, and what brings it back.
Html ended_by_configuration(const View& view, const Case& item) {
    const auto context = workflows::context_of(item, *view.definitions);
    const auto* const date = workflows::is_configured_meeting(item, context)
                                 ? context.cohort->find_date(*context.requirement, item.period)
                                 : nullptr;
    if (date == nullptr || date->cancelled.empty()) {
        return html(
            "<p class=\"ds-paragraph\">{}</p>\n",
            view.pick("Saken er trukket fordi deltakeren eller kravet er tatt ut. Settes det "
                      "inn igjen, åpnes saken av seg selv.",
                      "Saka er trekt fordi deltakaren eller kravet er teke ut. Blir det sett "
                      "inn igjen, opnar saka av seg sjølv."));
    }
    Html out = html("<p class=\"ds-paragraph\">{}: {}.",
                    view.pick("Møtet er avlyst", "Møtet er avlyst"), date->cancelled);
    const auto change =
        date_change(view, {*context.cohort, *context.requirement, item.period, &item});
    if (change) {
        out.add(" <a class=\"ds-link\" href=\"{}\">{}</a>", change->path, view.in(change->word));
    }
    return out.add("</p>\n");
}

}  // namespace

Html case_flash(const View& view, const Case& item) {
    const std::string done = view.argument("gjort");
    if (const std::string words = meeting_done(view, item, done); !words.empty()) {
        return html(
            "<div class=\"ds-alert fv-flash\" data-color=\"success\" role=\"status\"><p>{}</p>"
            "</div>\n",
            words);
    }
    // The address alone proves nothing, and says nothing of what somebody has undone since.
    const auto* const undo = undo_of(item);
    const bool still_stands = undo != nullptr && undo->event == done;
    const bool is_never_undone = done == "noted" || done == "sent_now" || done == kReverted;
    if (done.empty() || (!still_stands && !is_never_undone)) {
        return {};
    }
    Html out;
    out.add(
        "<div class=\"ds-alert fv-flash\" data-color=\"success\" role=\"status\"><p>{}: {}.</p>",
        view.pick("Gjort", "Gjort"), view.in(words_of_event(done)));
    if (still_stands && may(view.visitor(), Right::Act, item, *view.definitions)) {
        out.add(undo_form(view, item, view.pick("Angre", "Angre")));
    }
    out.add("</div>\n");
    return out;
}

Html case_actions(const View& view, const Case& item,
                  const std::vector<workflows::Reminder>& reminders) {
    if (!may(view.visitor(), Right::Act, item, *view.definitions)) {
        return {};
    }
    const auto actions = possible_actions(item, reminders, *view.definitions, view.now());
    Html out;
    out.add(
        "<section aria-labelledby=\"handlinger\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
        "id=\"handlinger\">{}</h2>\n",
        view.pick("Hva vil du gjøre?", "Kva vil du gjere?"));
    for (const Action& action : actions) {
        out.add("<details class=\"ds-details fv-details\"><summary>{}</summary>\n<div>",
                view.in(action.title));
        out.add(action_form(view, item, action, std::to_string(item.revision), {}));
        out.add("</div></details>\n");
    }
    if (const auto* const undo = undo_of(item)) {
        out.add("<p class=\"ds-paragraph fv-undo\">{}: {}. ", view.pick("Sist gjort", "Sist gjort"),
                view.in(words_of_event(undo->event)));
        out.add("</p>\n");
        out.add(undo_form(
            view, item,
            view.pick("Angre det siste som ble gjort", "Angre det siste som vart gjort")));
    } else if (item.undo) {
        out.add(ended_by_configuration(view, item));
    }
    out.add("</section>\n");
    return out;
}

}  // namespace fristvakt::daemon
