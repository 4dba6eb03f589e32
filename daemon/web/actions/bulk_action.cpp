#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/model/digest.hpp"

/// One action in several cases: choose, look at what it would bring, confirm, see what became of
/// each, undo.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Instant;
using workflows::Text;

namespace {

constexpr std::size_t kCasesMax{500};

struct Chosen {
    std::string case_id;
    int revision{0};
};

std::optional<int> number_in(std::string_view text) {
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size() && number >= 0
               ? std::optional{number}
               : std::nullopt;
}

std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = std::min(text.find(by), text.size());
        parts.emplace_back(text.substr(0, end));
        if (end == text.size()) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

/// "pulje-5/plan/gjovik@3".
std::optional<Chosen> read_case(std::string_view text) {
    const std::size_t at = text.rfind('@');
    const auto revision =
        at == std::string_view::npos ? std::nullopt : number_in(text.substr(at + 1));
    return revision ? std::optional{Chosen{std::string{text.substr(0, at)}, *revision}}
                    : std::nullopt;
}

/// The rows that were ticked, "gjovik:3.-.1" with a revision for each of the `kol` columns, in the
/// column that was chosen, or in all.
std::vector<Chosen> chosen_in(const FormData& form) {
    std::vector<Chosen> chosen;
    for (const std::string& one : form.all("sak")) {
        if (auto known = read_case(one)) {
            chosen.push_back(*std::move(known));
        }
    }
    const std::string cohort = form.get("pulje");
    const auto columns = form.all("kol");
    const std::string wanted = form.get("krav");
    for (const std::string& row : form.all("rad")) {
        const std::size_t colon = row.rfind(':');
        if (colon == std::string::npos) {
            continue;
        }
        const auto revisions = split(std::string_view{row}.substr(colon + 1), '.');
        for (std::size_t index = 0; index < std::min(columns.size(), revisions.size()); ++index) {
            const auto revision = number_in(revisions[index]);
            if (revision && (wanted.empty() || columns[index] == wanted)) {
                chosen.push_back(
                    {fmt::format("{}/{}/{}", cohort, columns[index], row.substr(0, colon)),
                     *revision});
            }
        }
    }
    return chosen;
}

std::string key_of(const workflows::Event& event) {
    std::string meant = event.name + '\n' + event.who;
    for (const auto& [name, value] : event.fields) {
        meant.append("\n").append(name).append("=").append(value);
    }
    return "parti:" + workflows::sha256_hex(meant + '\n' + event.case_id + '\n' +
                                            std::to_string(*event.expected_revision));
}

Html case_link(const View& view, const std::string& id, const Case* item) {
    if (item == nullptr) {
        return html("{}", id);
    }
    return html("<a class=\"ds-link\" href=\"/sak/{}\">{}</a><small>{}</small>", encode_path(id),
                organisation_name(item->debtor, *view.definitions),
                view.in(case_title(*item, *view.definitions)));
}

std::string next_in_words(const View& view, const std::optional<Instant>& at) {
    return at ? short_time(*at, view.definitions->time_zone())
              : std::string{view.pick("ingen", "ingen")};
}

Html table_head(std::initializer_list<std::string_view> words, std::string_view caption) {
    Html out;
    out.add(
        "<div class=\"fv-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">"
        "<table class=\"ds-table\" data-size=\"sm\"><thead><tr>",
        caption);
    for (const std::string_view word : words) {
        out.add("<th scope=\"col\">{}</th>", word);
    }
    out.add("</tr></thead>\n<tbody>\n");
    return out;
}

std::string counted(const View& view, std::size_t count, std::string_view one_nb,
                    std::string_view one_nn, std::string_view many_nb, std::string_view many_nn) {
    return fmt::format("{} {}", count,
                       count == 1 ? view.pick(one_nb, one_nn) : view.pick(many_nb, many_nn));
}

std::string value_of(const workflows::LogEntry& entry, const char* name) {
    const auto found = entry.data.find(name);
    return found == entry.data.end() ? std::string{} : found->second;
}

bool can_be_undone(std::string_view event) {
    return event != "sent_now" && event != "noted" && event != "reverted";
}

}  // namespace

struct Actions::BulkOrder {
    Action action;
    std::vector<Chosen> chosen;
    std::map<std::string, std::string> fields;
    std::string who;
    std::string from;  ///< The page on which the cases were chosen.

    [[nodiscard]] std::vector<RaiseEvent> commands() const {
        std::vector<RaiseEvent> all;
        for (const Chosen& one : chosen) {
            RaiseEvent command;
            command.event.case_id = one.case_id;
            command.event.name = action.event;
            command.event.by = action.by;
            command.event.on_behalf = action.on_behalf;
            command.event.fields = fields;
            command.event.who = who;
            command.event.expected_revision = one.revision;
            command.idempotency_key = key_of(command.event);
            command.fingerprint = command.idempotency_key;
            all.push_back(std::move(command));
        }
        return all;
    }
};

namespace {

Content sorry(const View& view, const FormData& form, const Text& lead) {
    Content content;
    content.title = {"Ingenting er gjort", "Ingenting er gjort"};
    content.body.add(
        "<p class=\"ds-alert\" data-color=\"warning\" role=\"alert\">{}</p>\n"
        "<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n",
        view.in(lead), way_back(form.get("fra")), view.pick("Tilbake", "Tilbake"));
    return content;
}

/// What a bulk form is about; the words to say when it is about nothing.
struct Wanted {
    std::optional<Action> action;
    std::vector<Chosen> chosen;
    std::optional<Text> wrong;
};

Wanted read_wanted(const View& view, const FormData& form) {
    Wanted wanted;
    wanted.chosen = chosen_in(form);
    std::set<std::string> seen;
    std::erase_if(wanted.chosen,
                  [&](const Chosen& one) { return !seen.insert(one.case_id).second; });
    const auto actions = bulk_actions(view.today());
    if (const Action* known = find_action(actions, form.get("event"))) {
        wanted.action = *known;
    }
    // From a case's own form: that action, with the fields of its own workflow.
    if (form.all("sak").size() == 1 && form.all("rad").empty() && !wanted.chosen.empty()) {
        const auto item = view.snapshot->find_case(wanted.chosen.front().case_id);
        const auto reminders = view.snapshot->reminders_of(wanted.chosen.front().case_id);
        if (item.ok() && item.value() && reminders.ok()) {
            auto own =
                possible_actions(*item.value(), reminders.value(), *view.definitions, view.now());
            if (auto undo = reverted_action(*item.value(), *view.definitions)) {
                own.push_back(*std::move(undo));
            }
            if (const Action* known = find_action(own, form.get("event"))) {
                wanted.action = *known;
            }
        }
    }
    if (wanted.chosen.empty()) {
        wanted.wrong = Text{"Du har ikke valgt noen. Huk av i listen først.",
                            "Du har ikkje valt nokon. Huk av i lista først."};
    } else if (wanted.chosen.size() > kCasesMax) {
        wanted.wrong = Text{"Det er for mange på én gang. Velg ett krav, eller færre.",
                            "Det er for mange på éin gong. Vel eitt krav, eller færre."};
    } else if (!wanted.action) {
        wanted.wrong = Text{"Velg hva du vil gjøre.", "Vel kva du vil gjere."};
    }
    return wanted;
}

/// The order of a confirmed form about one case whose action is no longer possible there: raised
/// all the same, so that a second click gets the answer of the first, by its idempotency key, and
/// anybody else hears what has happened to the case. Nothing when its workflow knows no such event.
std::optional<Action> confirmed_action(const View& view, const FormData& form,
                                       const std::vector<Chosen>& chosen) {
    const std::string event = form.get("event");
    const auto item = chosen.size() == 1 ? view.snapshot->find_case(chosen.front().case_id)
                                         : workflows::Result<std::optional<Case>>{std::nullopt};
    if (form.get("vist") != "1" || !item.ok() || !item.value()) {
        return std::nullopt;
    }
    const auto context = workflows::context_of(*item.value(), *view.definitions);
    const bool is_known =
        event == "reverted" ||
        (context.workflow != nullptr &&
         std::ranges::any_of(context.workflow->states, [&](const workflows::State& state) {
             return std::ranges::find(state.on, event, &workflows::Transition::event) !=
                    state.on.end();
         }));
    if (!is_known) {
        return std::nullopt;
    }
    Action action;
    action.event = event;
    action.title = action_title(event);
    constexpr std::array<std::string_view, 7> kOfTheForm{"fra",  "event",    "vist",         "sak",
                                                         "hvem", "revision", kFormTokenField};
    for (const auto& [name, value] : form.values()) {
        if (std::ranges::find(kOfTheForm, name) == kOfTheForm.end()) {
            ActionField field;
            field.name = name;
            field.label = field_label(name);
            action.fields.push_back(std::move(field));
        }
    }
    return action;
}

Html skipped_table(const View& view, const Forecast& preview,
                   const std::vector<RaiseEvent>& commands,
                   const std::map<std::string, Case>& cases) {
    Html rows;
    std::size_t count = 0;
    for (std::size_t index = 0; index < commands.size(); ++index) {
        const auto& answer = preview.items[index].answer;
        if (answer.ok()) {
            continue;
        }
        const std::string& id = commands[index].event.case_id;
        const auto known = cases.find(id);
        const Case* item = known == cases.end() ? nullptr : &known->second;
        ++count;
        rows.add("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", case_link(view, id, item),
                 view.in(words_of_refusal(answer.error().code, item, *view.definitions)));
    }
    if (count == 0) {
        return {};
    }
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\">{} ({})</h2>\n",
            view.pick("Hoppes over", "Blir hoppa over"), count);
    out.add(table_head({view.pick("Sak", "Sak"), view.pick("Hvorfor", "Kvifor")},
                       view.pick("Hoppes over", "Blir hoppa over")));
    out.add("{}</tbody></table></div>\n", rows);
    return out;
}

Html changed_table(const View& view, const Forecast& preview,
                   const std::vector<RaiseEvent>& commands,
                   const std::map<std::string, Case>& cases) {
    Html rows;
    std::size_t count = 0;
    for (std::size_t index = 0; index < commands.size(); ++index) {
        const Forecast::Item& one = preview.items[index];
        if (!one.answer.ok()) {
            continue;
        }
        ++count;
        const Case& after = one.answer.value().after;
        const auto known = cases.find(after.id);
        const Case* before = known == cases.end() ? nullptr : &known->second;
        rows.add(
            "<tr><th scope=\"row\">{}</th><td>{} → {}</td><td>{} → {}</td><td>{}</td></tr>\n",
            case_link(view, after.id, before),
            before == nullptr ? std::string{} : view.in(words_of_state(*before, *view.definitions)),
            view.in(words_of_state(after, *view.definitions)), next_in_words(view, one.next_before),
            next_in_words(view, one.next_after), one.stopped.size());
    }
    if (count == 0) {
        return {};
    }
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\">{} ({})</h2>\n",
            view.pick("Endres", "Blir endra"), count);
    out.add(table_head({view.pick("Sak", "Sak"), view.pick("Tilstand", "Tilstand"),
                        view.pick("Neste trinn i planen", "Neste trinn i planen"),
                        view.pick("Stoppes", "Blir stoppa")},
                       view.pick("Endres", "Blir endra")));
    out.add("{}</tbody></table></div>\n", rows);
    return out;
}

Html message_list(const View& view, const Forecast& preview, const workflows::Renderer& renderer) {
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\">{} ({})</h2>\n",
            view.pick("Meldinger som går ut", "Meldingar som går ut"), preview.messages.size());
    if (preview.messages.empty() && preview.told.empty()) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Ingen får melding om dette.", "Ingen får melding om dette."));
    }
    for (const Forecast::Message& one : preview.messages) {
        const auto written = renderer.render(one.snapshot, *view.definitions);
        const auto& to = one.snapshot.to;
        out.add("<details class=\"ds-details fv-details\"><summary>{}: {}, {}</summary>\n<div>",
                one.message.kind == workflows::NoticeKind::Answer || one.message.at_once
                    ? std::string{view.pick("Med en gang", "Med ein gong")}
                    : short_time(one.message.slot_at, view.definitions->time_zone()),
                to.name.empty() ? to.address : to.name, one.snapshot.organisation_name);
        if (one.blocked != workflows::Reason::None) {
            out.add("<p class=\"ds-alert\" data-color=\"warning\">{}: {}</p>\n",
                    view.pick("Går ikke ut slik det er nå", "Går ikkje ut slik det er no"),
                    view.in(words_of(one.blocked)));
        }
        if (written.ok()) {
            out.add(
                "<p class=\"ds-paragraph\"><strong>{}</strong><br>{}: {}</p>\n"
                "<div class=\"fv-text\" lang=\"{}\">{}</div>\n",
                written.value().subject, view.pick("Til", "Til"), to.address,
                language_tag(one.message.language), written.value().text);
        }
        out.add("</div></details>\n");
    }
    return out;
}

/// What the calendar in Microsoft 365 tells people of one meeting, and whom.
Html told_of_meeting(const View& view, const Case& item,
                     const std::vector<const Forecast::Told*>& people) {
    // Who is called now may be told other things than who is not called any more.
    std::map<std::pair<std::string, std::string>, Html> rows;
    for (const Forecast::Told* const one : people) {
        const auto now = workflows::meeting_time(one->now);
        const auto was = workflows::meeting_time(one->was);
        const auto& about = now ? now : was;
        if (!about) {
            continue;
        }
        const std::string_view what =
            !now  ? view.pick("Avlyst", "Avlyst")
            : was ? view.pick("Ny tid eller nytt sted", "Ny tid eller ny stad")
                  : view.pick("Innkalling", "Innkalling");
        std::string when = workflows::time_in_words(*about, view.language);
        when += about->place.empty() ? std::string{} : ", " + about->place;
        rows[{std::string{what}, when}].add(
            "<li>{}, {}</li>\n", one->person.name.empty() ? one->person.address : one->person.name,
            organisation_name(one->organisation, *view.definitions));
    }
    Html out;
    for (const auto& [key, list] : rows) {
        out.add(
            "<p class=\"ds-paragraph\"><strong>{}: {}</strong><br>{}</p>\n"
            "<ul class=\"ds-list\">\n{}</ul>\n",
            key.first, view.in(case_title(item, *view.definitions)), key.second, list);
    }
    return out;
}

Html told_list(const View& view, const Forecast& preview,
               const std::map<std::string, Case>& cases) {
    if (preview.told.empty()) {
        return {};
    }
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\">{} ({})</h2>\n",
            view.pick("Får beskjed fra kalenderen i Microsoft 365",
                      "Får beskjed frå kalenderen i Microsoft 365"),
            preview.told.size());
    std::map<std::string, std::vector<const Forecast::Told*>> by_case;
    for (const Forecast::Told& one : preview.told) {
        by_case[one.case_id].push_back(&one);
    }
    for (const auto& [id, people] : by_case) {
        if (const auto found = cases.find(id); found != cases.end()) {
            out.add(told_of_meeting(view, found->second, people));
        }
    }
    return out;
}

std::map<std::string, Case> cases_of(const View& view, const std::vector<RaiseEvent>& commands) {
    std::map<std::string, Case> cases;
    for (const RaiseEvent& command : commands) {
        auto found = view.snapshot->find_case(command.event.case_id);
        if (found.ok() && found.value()) {
            cases.emplace(command.event.case_id, *std::move(found).value());
        }
    }
    return cases;
}

Html hidden_order(const View& view, const Action& action, const std::vector<Chosen>& chosen,
                  const std::string& from) {
    Html out;
    out.add(form_token_field(view));
    out.add(hidden("fra", from));
    out.add(hidden("event", action.event));
    out.add(hidden("vist", "1"));
    for (const Chosen& one : chosen) {
        out.add(hidden("sak", fmt::format("{}@{}", one.case_id, one.revision)));
    }
    return out;
}

}  // namespace

HttpResponse Actions::foresee(View& view, const FormData& form) const {
    Wanted wanted = read_wanted(view, form);
    if (wanted.wrong) {
        return pages_.respond(view, sorry(view, form, *wanted.wrong), 422);
    }
    BulkOrder order{.action = *std::move(wanted.action),
                    .chosen = std::move(wanted.chosen),
                    .fields = {},
                    .who = view.who_is_known ? view.who : form.get("hvem"),
                    .from = way_back(form.get("fra"))};
    FormState state;
    for (const ActionField& field : order.action.fields) {
        if (form.has(field.name)) {
            state.values[field.name] = form.get(field.name);
        }
    }
    if (form.has("hvem")) {
        state.values["hvem"] = form.get("hvem");
    }
    auto problems = check_fields(order.action, form);
    order.fields = fields_of(order.action, form);
    if (!form.has("vist") && !form.has("revision")) {
        // First seen: what stands in the fields at first counts as written.
        for (const ActionField& field : order.action.fields) {
            if (!field.value.empty()) {
                order.fields.emplace(field.name, field.value);
            }
        }
        if (!problems.empty()) {
            return show_preview(view, order, {.values = state.values, .problems = {}}, 200);
        }
    }
    state.problems = std::move(problems);
    return show_preview(view, order, state, state.problems.empty() ? 200 : 422);
}

HttpResponse Actions::show_preview(View& view, const BulkOrder& order, const FormState& state,
                                   int status) const {
    Content content;
    const std::string count = std::to_string(order.chosen.size());
    content.title = {order.action.title.nb + ": " + count + " valgt",
                     order.action.title.nn + ": " + count + " valde"};
    content.body.add(error_summary(view, "f", state));
    content.body.add("<p class=\"ds-paragraph\">{}</p>\n", view.in(order.action.lead));
    const bool has_fields = !order.action.fields.empty();
    const bool is_missing = std::ranges::any_of(order.action.fields, [&](const ActionField& one) {
        return one.required && !order.fields.contains(one.name);
    });
    content.body.add("<form class=\"fv-action\" method=\"post\" action=\"/parti\">\n");
    content.body.add(hidden_order(view, order.action, order.chosen, order.from));
    content.body.add(draw_fields(view, order.action, "f", state));
    if (has_fields || !view.who_is_known) {
        content.body.add(
            "<p class=\"fv-buttons\"><button class=\"ds-button\" "
            "data-variant=\"{}\" type=\"submit\">{}</button></p>\n",
            is_missing ? "primary" : "secondary",
            is_missing ? view.pick("Se hva som skjer", "Sjå kva som skjer")
                       : view.pick("Oppdater forhåndsvisningen", "Oppdater førehandsvisinga"));
    }
    content.body.add("</form>\n");
    const Html give_up =
        html("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", order.from,
             view.pick("Avbryt. Ingenting er gjort ennå.", "Avbryt. Ingenting er gjort enno."));
    if (is_missing || !state.problems.empty()) {
        content.body.add(give_up);
        return pages_.respond(view, content, status);
    }
    const auto commands = order.commands();
    const auto seen = engines_.of(view.request.visitor).preview(commands);
    if (!seen.ok()) {
        return unavailable(view);
    }
    const Forecast& preview = seen.value();
    const auto cases = cases_of(view, commands);
    const auto changed = static_cast<std::size_t>(std::ranges::count_if(
        preview.items, [](const Forecast::Item& item) { return item.answer.ok(); }));
    const std::string told =
        preview.told.empty()
            ? std::string{}
            : " · " + counted(view, preview.told.size(), "får beskjed fra kalenderen",
                              "får beskjed frå kalenderen", "får beskjed fra kalenderen",
                              "får beskjed frå kalenderen");
    content.body.add(
        "<p class=\"ds-alert\" data-color=\"info\" role=\"status\">{} · {} · {}{}</p>\n",
        counted(view, changed, "sak endres", "sak blir endra", "saker endres", "saker blir endra"),
        counted(view, preview.items.size() - changed, "hoppes over", "blir hoppa over",
                "hoppes over", "blir hoppa over"),
        counted(view, preview.messages.size(), "melding går ut", "melding går ut",
                "meldinger går ut", "meldingar går ut"),
        told);
    content.body.add(skipped_table(view, preview, commands, cases));
    content.body.add(changed_table(view, preview, commands, cases));
    content.body.add(told_list(view, preview, cases));
    content.body.add(message_list(view, preview, renderer_));
    if (changed > 0) {
        content.body.add("<form class=\"fv-action\" method=\"post\" action=\"/parti/utfor\">\n");
        content.body.add(hidden_order(view, order.action, order.chosen, order.from));
        for (const auto& [name, value] : order.fields) {
            content.body.add(hidden(name, value));
        }
        content.body.add(hidden("hvem", order.who));
        content.body.add(
            "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}: "
            "{}</button></p>\n</form>\n",
            view.in(order.action.title), counted(view, changed, "sak", "sak", "saker", "saker"));
    }
    content.body.add(give_up);
    return pages_.respond(view, content, status);
}

HttpResponse Actions::execute(View& view, const FormData& form) const {
    Wanted wanted = read_wanted(view, form);
    if (!wanted.action) {
        wanted.action = confirmed_action(view, form, wanted.chosen);
    }
    if (!wanted.action || wanted.chosen.empty() || wanted.chosen.size() > kCasesMax) {
        return pages_.respond(view, sorry(view, form, *wanted.wrong), 422);
    }
    BulkOrder order{.action = *std::move(wanted.action),
                    .chosen = std::move(wanted.chosen),
                    .fields = {},
                    .who = view.who_is_known ? view.who : form.get("hvem"),
                    .from = way_back(form.get("fra"))};
    order.fields = fields_of(order.action, form);
    FormState state{.values = order.fields, .problems = check_fields(order.action, form)};
    if (!state.problems.empty()) {
        return show_preview(view, order, state, 422);
    }
    const auto done = engines_.of(view.request.visitor).raise_all(order.commands());
    if (!done.ok()) {
        return unavailable(view);
    }
    if (done.value().batch.empty()) {
        return show_preview(view, order, state, 409);  // It says of each why not.
    }
    HttpResponse response =
        see_other("/parti/" + done.value().batch + encode_query({{"fra", form.get("fra")}}));
    remember_who(response, view, order.who);
    return response;
}

namespace {

/// The log's entry of a batch. Whoever may not see all of it gets what the entries of their own
/// cases say.
workflows::Result<std::optional<workflows::LogEntry>> find_batch(const View& view,
                                                                 const std::string& number) {
    workflows::LogFilter filter;
    filter.kinds = {"batch", "event"};
    std::optional<workflows::LogEntry> own;
    while (true) {
        auto page = view.snapshot->log(filter);
        if (!page.ok()) {
            return page.error();
        }
        for (const workflows::HistoryEntry& one : page.value().entries) {
            if (value_of(one.entry, "batch") != number) {
                continue;
            }
            if (one.entry.kind == "batch") {
                return std::optional{one.entry};
            }
            if (!own) {
                own = one.entry;
            }
            own->data["done"] += one.entry.case_id + ' ' + value_of(one.entry, "revision") + '\n';
        }
        if (page.value().next_before == 0) {
            return own;
        }
        filter.before_sequence = page.value().next_before;
    }
}

/// "CASE WORD" on each line.
std::vector<std::pair<std::string, std::string>> lines_of(const workflows::LogEntry& entry,
                                                          const char* name) {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const std::string& line : split(value_of(entry, name), '\n')) {
        const std::size_t blank = std::min(line.find(' '), line.size());
        if (!line.empty()) {
            lines.emplace_back(line.substr(0, blank),
                               line.substr(std::min(blank + 1, line.size())));
        }
    }
    return lines;
}

}  // namespace

HttpResponse Actions::batch_page(View& view) const {
    const std::string& number = view.request.parameter("number");
    const auto found = find_batch(view, number);
    if (!found.ok()) {
        return unavailable(view);
    }
    if (!found.value()) {
        return pages_.error_page(view.request, 404);
    }
    const workflows::LogEntry& entry = *found.value();
    const auto done = lines_of(entry, "done");
    const auto skipped = lines_of(entry, "skipped");
    const Text title = action_title(entry.event);
    Content content;
    content.title = {"Parti " + number + ": " + title.nb, "Parti " + number + ": " + title.nn};
    content.body.add(
        "<div class=\"ds-alert fv-flash\" data-color=\"success\" role=\"status\"><p>{} · {}. {}"
        "</p>",
        counted(view, done.size(), "sak gjort", "sak gjord", "saker gjort", "saker gjorde"),
        counted(view, skipped.size(), "hoppet over", "hoppa over", "hoppet over", "hoppa over"),
        short_time(entry.at, view.definitions->time_zone()));
    if (!done.empty() && can_be_undone(entry.event) && may_somewhere(view.visitor(), Right::Act)) {
        content.body.add("<form class=\"fv-inline\" method=\"post\" action=\"/parti/{}/angre\">",
                         number);
        content.body.add(form_token_field(view));
        content.body.add(
            "<button class=\"ds-button\" data-variant=\"secondary\" data-size=\"sm\" "
            "type=\"submit\">{}</button></form>",
            view.pick("Angre alle", "Angre alle"));
    }
    content.body.add("</div>\n");
    const auto rows = [&](const auto& lines, bool is_done) {
        Html out;
        for (const auto& [id, word] : lines) {
            const auto item = view.snapshot->find_case(id);
            const Case* known = item.ok() && item.value() ? &*item.value() : nullptr;
            Html result = is_done ? tag("✓", view.pick("Gjort", "Gjort"), "success")
                                  : tag("–", view.pick("Hoppet over", "Hoppa over"), "neutral");
            if (!is_done) {
                result.add("<small>{}</small>",
                           view.in(words_of_refusal(word, known, *view.definitions)));
            }
            out.add("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", case_link(view, id, known),
                    result);
        }
        return out;
    };
    content.body.add(table_head({view.pick("Sak", "Sak"), view.pick("Resultat", "Resultat")},
                                view.pick("Resultat for hver sak", "Resultat for kvar sak")));
    content.body.add(rows(done, true));
    content.body.add(rows(skipped, false));
    content.body.add("</tbody></table></div>\n<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n",
                     way_back(view.argument("fra")),
                     view.pick("Tilbake til der du valgte dem", "Tilbake til der du valde dei"));
    return pages_.respond(view, content, 200);
}

HttpResponse Actions::undo_batch(View& view, const FormData& form) const {
    const auto found = find_batch(view, view.request.parameter("number"));
    if (!found.ok()) {
        return unavailable(view);
    }
    if (!found.value() || !can_be_undone(found.value()->event)) {
        return pages_.error_page(view.request, 404);
    }
    BulkOrder order;
    order.action.event = "reverted";
    order.action.title = action_title("reverted");
    order.action.lead = {"Det som ble gjort i partiet, gjøres om.",
                         "Det som vart gjort i partiet, blir gjort om."};
    order.who = view.who_is_known || form.get("hvem").empty() ? view.who : form.get("hvem");
    for (const auto& [id, revision] : lines_of(*found.value(), "done")) {
        order.chosen.push_back({id, number_in(revision).value_or(0)});
    }
    if (order.chosen.size() == 1) {
        const auto item = view.snapshot->find_case(order.chosen.front().case_id);
        if (!item.ok()) {
            return unavailable(view);
        }
        const auto undo = item.value() ? reverted_action(*item.value(), *view.definitions)
                                       : std::optional<Action>{};
        if (undo && undo->is_shown_first) {
            order.action = *undo;
            order.from = "/sak/" + encode_path(order.chosen.front().case_id);
            return show_preview(view, order, {}, 200);
        }
    }
    const auto done = engines_.of(view.request.visitor).raise_all(order.commands());
    if (!done.ok()) {
        return unavailable(view);
    }
    return done.value().batch.empty() ? show_preview(view, order, {}, 409)
                                      : see_other("/parti/" + done.value().batch);
}

}  // namespace fristvakt::daemon
