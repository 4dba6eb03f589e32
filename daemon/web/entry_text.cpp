#include "daemon/web/entry_text.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "daemon/http/url.hpp"
#include "daemon/web/meetings/people.hpp"
#include "daemon/web/status.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/receipt.hpp"
#include "workflows/decision/state_title.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Case;
using workflows::CaseContext;
using workflows::Reminder;
using workflows::Text;

namespace {

struct Subject {
    const View& view;
    const Case& item;
    const std::vector<Reminder>& reminders;
    CaseContext context;
};

Html plain(std::string_view text) {
    return text.empty() ? Html{} : html("{}", text);
}

struct FieldName {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
};
constexpr std::array kFieldNames{
    FieldName{"until", "ny frist", "ny frist"},
    FieldName{"due", "frist", "frist"},
    FieldName{"reason", "begrunnelse", "grunngiving"},
    FieldName{"missing", "mangler", "manglar"},
    FieldName{"document_number", "dokumentnummer", "dokumentnummer"},
    FieldName{"case_number", "saksnummer", "saksnummer"},
    FieldName{"received_on", "mottatt", "motteke"},
    FieldName{"returned_on", "sendt tilbake", "send tilbake"},
    FieldName{"step", "trinn", "trinn"},
    FieldName{"batch", "parti", "parti"},
    FieldName{"message", "melding", "melding"},
    FieldName{"outcome", "utfall", "utfall"},
    FieldName{"text", "tekst", "tekst"},
    FieldName{"note", "notat", "notat"},
    FieldName{"undone", "angret", "angra"},
    FieldName{"rank", "rangering", "rangering"},
    FieldName{"amount", "beløp", "beløp"},
    FieldName{"start", "start", "start"},
    FieldName{"end", "slutt", "slutt"},
    FieldName{"place", "sted", "stad"},
    FieldName{"attended", "møtte fram", "møtte fram"},
    FieldName{"attendee", "innkalt", "innkalla"},
    FieldName{"name", "navn", "namn"},
    FieldName{"address", "e-post", "e-post"},
    FieldName{"answer", "svar", "svar"},
    FieldName{"present", "til stede", "til stades"},
    FieldName{"receipt", "kvittering", "kvittering"},
    FieldName{"agenda", "saksliste", "saksliste"},
    FieldName{"minutes", "referat", "referat"},
};

std::string_view word_of_field(const View& view, std::string_view event, std::string_view name) {
    if (name == "until" && event == "paused") {
        return view.pick("til og med", "til og med");
    }
    if (name == "until" && event == "more_time_asked") {
        return view.pick("ønsket frist", "ønskt frist");
    }
    const auto* const known = std::ranges::find(kFieldNames, name, &FieldName::id);
    return known == kFieldNames.end() ? name : view.pick(known->nb, known->nn);
}

/// "Kommer"; what is none is said as it stands.
std::string words_of_answer(const View& view, const std::string& value) {
    const auto response = workflows::parse_response(value);
    return response ? view.in(words_of(*response)) : value;
}

void add_field(Html& out, const View& view, const workflows::Ladder* ladder, std::string_view event,
               const std::string& name, const std::string& value) {
    const std::string_view word = word_of_field(view, event, name);
    const auto date = workflows::parse_iso_date(value);
    out.add("{}{}: {}", out.empty() ? "" : ", ", word,
            name == "answer"                               ? words_of_answer(view, value)
            : name == "undone"                             ? view.in(words_of_event(value))
            : name == "notice"                             ? view.in(words_of_notice(value))
            : name == "step"                               ? view.in(words_of_step(value, ladder))
            : name == workflows::kReceipt && value == "no" ? view.pick("ingen", "inga")
            : date ? workflows::long_date(*date, view.language)
                   : value);
}

/// What is said in other words, or is for programs.
bool is_told_elsewhere(std::string_view name) {
    return workflows::is_former_field(name) || name == "because" || name == "revision" ||
           name == "registered_by" || name == "who" || name == "why" || name == "person" ||
           name == "via";
}

/// The ladder that has a step of this name: the requirement's, else that of a state of the
/// workflow.
const workflows::Ladder* ladder_of(const Subject& about, std::string_view step) {
    const workflows::Definitions& definitions = *about.view.definitions;
    const auto has_it = [&](const workflows::Ladder* ladder) {
        return ladder != nullptr &&
               std::ranges::find(ladder->steps, step, &workflows::LadderStep::id) !=
                   ladder->steps.end();
    };
    if (about.context.requirement != nullptr) {
        const auto* const own = definitions.find_ladder(about.context.requirement->ladder);
        if (has_it(own)) {
            return own;
        }
    }
    if (about.context.workflow != nullptr) {
        for (const workflows::State& state : about.context.workflow->states) {
            const auto* const other = definitions.find_ladder(state.ladder);
            if (has_it(other)) {
                return other;
            }
        }
    }
    return about.context.ladder;
}

Html event_fields(const Subject& about, const workflows::LogEntry& entry) {
    Html out;
    const auto meeting = workflows::meeting_time(entry.data);
    if (meeting) {
        out.add("{}: {}", about.view.pick("tidspunkt", "tidspunkt"),
                workflows::time_in_words(*meeting, about.view.language));
    }
    for (const auto* values : {&entry.data, &entry.aside}) {
        for (const auto& [name, value] : *values) {
            // The deadline that came of it is the new one, moved off a free day.
            const bool is_said_twice =
                name == "due" && entry.data.contains("until") && entry.data.at("until") == value;
            const bool is_time = meeting && (name == "start" || name == "end");
            if (!is_told_elsewhere(name) && !is_said_twice && !is_time) {
                add_field(out, about.view, about.context.ladder, entry.event, name, value);
            }
        }
    }
    if (const auto was = workflows::former_meeting_time(entry.data);
        was && meeting && *was != *meeting) {
        out.add(", før: {}{}", workflows::time_in_words(*was, about.view.language),
                was->place.empty() ? "" : ", " + was->place);
    }
    return out;
}

std::string value_of(const workflows::LogEntry& entry, const char* name) {
    const auto found = entry.data.find(name);
    return found == entry.data.end() ? std::string{} : found->second;
}

Html event_text(const Subject& about, const workflows::LogEntry& entry) {
    const View& view = about.view;
    Html out;
    out.add("{} {}", view.in(words_of_actor(entry.actor, about.item, *view.definitions)),
            view.in(words_of_event(entry.event)));
    if (const auto who = entry.aside.find("who"); who != entry.aside.end()) {
        out.add(" ({})", who->second);
    }
    if (entry.data.contains("registered_by")) {
        out.add(", {}", view.pick("registrert av oss", "registrert av oss"));
    }
    if (const Html fields = event_fields(about, entry); !fields.empty()) {
        out.add(" – {}", fields);
    }
    if (!entry.to.empty() && entry.from != entry.to) {
        out.add(". {} «{}»", view.pick("Saken er nå", "Saka er no"),
                state_after(view, about.item, entry));
    }
    return out;
}

/// The message that carries what the entry is about; 0 when there is none, or more than one.
std::int64_t message_of(const Subject& about, const workflows::LogEntry& entry) {
    if (const auto number = parse_number(value_of(entry, "message"))) {
        return *number;
    }
    std::set<std::int64_t> messages;
    for (const Reminder& reminder : about.reminders) {
        if (reminder.message > 0 && reminder.step == value_of(entry, "step") &&
            reminder.version == value_of(entry, "version")) {
            messages.insert(reminder.message);
        }
    }
    return messages.size() == 1 ? *messages.begin() : 0;
}

Html step_text(const Subject& about, const workflows::LogEntry& entry) {
    const View& view = about.view;
    const std::string step = value_of(entry, "step");
    const auto account = parse_account(value_of(entry, "account"));
    const Text words = entry.kind == "planned" ? Text{"planlagt", "planlagd"}
                                               : words_of(account.value_or(Account::Waiting));
    const workflows::Reason reason = parse_reason(value_of(entry, "reason"));
    Html out;
    out.add("{} «{}»: {}", view.pick("Påminnelsen", "Påminninga"),
            view.in(words_of_step(step, ladder_of(about, step))), view.in(words));
    const bool says_why = reason != workflows::Reason::None && reason != workflows::Reason::Due &&
                          reason != workflows::Reason::Accepted;
    if (says_why) {
        out.add(" ({})", view.in(words_of(reason)));
    }
    if (const std::int64_t message = message_of(about, entry); message > 0) {
        out.add(" – <a class=\"ds-link\" href=\"/utboks/{}\">{} {}</a>", message,
                view.pick("melding", "melding"), message);
    }
    return out;
}

Html told_text(const View& view, const workflows::LogEntry& entry) {
    const auto state = parse_message_state(value_of(entry, "state"));
    const std::string number = value_of(entry, "message");
    return html("{} «{}» – {} – <a class=\"ds-link\" href=\"/utboks/{}\">{} {}</a>",
                view.pick("Meldingen", "Meldinga"),
                view.in(words_of_notice(value_of(entry, "notice"))),
                state ? view.in(look_of(*state).word) : std::string{}, number,
                view.pick("melding", "melding"), number);
}

/// What was planned is no news beside what became of it.
bool is_overtaken(const Subject& about, const workflows::LogEntry& entry) {
    const std::string step = value_of(entry, "step");
    const std::string version = value_of(entry, "version");
    return entry.kind == "planned" &&
           std::ranges::any_of(about.reminders, [&](const Reminder& reminder) {
               return reminder.step == step && reminder.version == version &&
                      reminder.account != Account::Waiting;
           });
}

/// Empty for what is no news to a person.
Html case_entry(const Subject& about, const workflows::LogEntry& entry) {
    const View& view = about.view;
    if (entry.kind == "event") {
        return event_text(about, entry);
    }
    if (entry.kind == "planned" || entry.kind == "settled") {
        return is_overtaken(about, entry) ? Html{} : step_text(about, entry);
    }
    if (entry.kind == "told") {
        return told_text(view, entry);
    }
    if (entry.kind == "copy_refused") {
        const auto address = entry.aside.find("address");
        return html("{} {}",
                    view.pick("Kopien kom ikke fram; adressen ble avvist for godt:",
                              "Kopien kom ikkje fram; adressa vart avvist for godt:"),
                    address == entry.aside.end() ? view.pick("slettet", "sletta")
                                                 : std::string_view{address->second});
    }
    if (entry.kind == "released") {
        return plain(view.pick("Saken ble sluppet fri", "Saka vart sleppt fri"));
    }
    if (entry.kind == "not_taken") {
        const auto why = entry.aside.find("why");
        return html("{}{}",
                    view.pick("En beskjed fra en tilknyttet sak ble ikke tatt imot",
                              "Ein beskjed frå ei tilknytt sak vart ikkje teken imot"),
                    why == entry.aside.end() ? std::string{} : ": " + why->second);
    }
    return {};
}

struct KindName {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
};
constexpr std::array kKindNames{
    KindName{"event", "Hendelse", "Hending"},
    KindName{"planned", "Påminnelse planlagt", "Påminning planlagd"},
    KindName{"settled", "Påminnelse avgjort", "Påminning avgjord"},
    KindName{"told", "Beskjed", "Beskjed"},
    KindName{"message", "Melding", "Melding"},
    KindName{"configuration", "Oppsett", "Oppsett"},
    KindName{"configuration_used", "Oppsett", "Oppsett"},
    KindName{"hold", "På vent", "På vent"},
    KindName{"release", "Sluppet fri", "Sleppt fri"},
    KindName{"released", "Sluppet fri", "Sleppt fri"},
    KindName{"copy_refused", "Kopi avvist", "Kopi avvist"},
    KindName{"tested", "Prøve", "Prøve"},
    KindName{"card_confirmed", "Kort bekreftet", "Kort stadfesta"},
    KindName{"not_taken", "Ikke tatt imot", "Ikkje teken imot"},
};

Html message_text(const View& view, const workflows::LogEntry& entry) {
    const auto state = parse_message_state(value_of(entry, "state"));
    const std::string number = value_of(entry, "message");
    const workflows::Reason reason = parse_reason(value_of(entry, "reason"));
    Html out = html("<a class=\"ds-link\" href=\"/utboks/{}\">{} {}</a>: {}", number,
                    view.pick("Melding", "Melding"), number,
                    state ? view.in(look_of(*state).word) : std::string{});
    if (const std::string why = view.in(words_of(reason)); !why.empty()) {
        out.add(" ({})", why);
    }
    return out;
}

}  // namespace

std::string state_after(const View& view, const Case& item, const workflows::LogEntry& entry) {
    if (entry.event == workflows::kNothingToReport) {
        return view.in(status_title(StatusKind::NothingToReport));
    }
    return entry.to.empty() ? std::string{}
                            : view.in(words_of_state(entry.to, item, *view.definitions));
}

Html entry_text(const View& view, const Case& item, const std::vector<Reminder>& reminders,
                const workflows::LogEntry& entry) {
    return case_entry({view, item, reminders, context_of(item, *view.definitions)}, entry);
}

Html entry_text(const View& view, const workflows::LogEntry& entry) {
    if (entry.kind == "message") {
        return message_text(view, entry);
    }
    if (entry.kind == "configuration" || entry.kind == "configuration_used") {
        return html("{} <code>{}</code>",
                    view.pick("Oppsettet ble tatt i bruk:", "Oppsettet vart teke i bruk:"),
                    value_of(entry, "hash").substr(0, 12));
    }
    if (entry.kind == "hold") {
        const auto reason = entry.aside.find("reason");
        return html("{}{}",
                    view.pick("All utsending ble satt på vent", "All utsending vart sett på vent"),
                    reason == entry.aside.end() ? std::string{} : ": " + reason->second);
    }
    if (entry.kind == "release") {
        return plain(view.pick("Utsending ble sluppet fri", "Utsending vart sleppt fri"));
    }
    if (entry.kind == "card_confirmed") {
        return html(
            "{} {}",
            view.pick("Noen ser kortene i Teams-kanalen", "Nokon ser korta i Teams-kanalen"),
            value_of(entry, "channel"));
    }
    if (entry.kind == "tested") {
        return html("{} «{}» (<a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a>)",
                    view.pick("Sendte seg selv en prøve av", "Sende seg sjølv ei prøve av"),
                    view.in(words_of_notice(value_of(entry, "notice"))),
                    percent_encode(value_of(entry, "cohort")),
                    percent_encode(value_of(entry, "requirement")), value_of(entry, "requirement"));
    }
    if (entry.kind == "copy_refused") {
        return html("{} <a class=\"ds-link\" href=\"/utboks/{}\">{} {}</a>",
                    view.pick("En kopi ble avvist:", "Ein kopi vart avvist:"),
                    value_of(entry, "message"), view.pick("melding", "melding"),
                    value_of(entry, "message"));
    }
    return {};
}

Text kind_text(std::string_view kind) {
    const auto* const known = std::ranges::find(kKindNames, kind, &KindName::id);
    return known == kKindNames.end() ? Text{std::string{kind}, std::string{kind}}
                                     : Text{std::string{known->nb}, std::string{known->nn}};
}

std::string actor_text(const View& view, const Case* item, const workflows::LogEntry& entry) {
    std::string out = item != nullptr
                          ? view.in(words_of_actor(entry.actor, *item, *view.definitions))
                      : entry.actor == "operator" ? std::string{view.pick("Driften", "Drifta")}
                                                  : std::string{"fristvakt"};
    if (const auto who = entry.aside.find("who"); who != entry.aside.end()) {
        out += " (" + who->second + ")";
    }
    return out;
}

}  // namespace fristvakt::daemon
