#include <algorithm>
#include <array>

#include "daemon/http/url.hpp"
#include "daemon/web/explanation_text.hpp"
#include "daemon/web/status.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/model/digest.hpp"

/// One case: deadline, status, ladder, history, and why.
namespace fristvakt::daemon {

using workflows::Account;
using workflows::Case;
using workflows::CaseContext;
using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Explanation;
using workflows::HistoryEntry;
using workflows::Recipient;
using workflows::Reminder;
using workflows::StepOutlook;
using workflows::Text;

namespace {

constexpr std::size_t kHistoryMax{1000};

struct Sheet {
    View& view;
    const Case& item;
    const std::vector<Reminder>& reminders;
    const Explanation& explanation;
    CaseContext context;
};

void add_fact(Html& out, std::string_view term, const Html& value) {
    if (!value.empty()) {
        out.add("<dt>{}</dt><dd>{}</dd>\n", term, value);
    }
}

Html plain(std::string_view text) {
    return text.empty() ? Html{} : html("{}", text);
}

Html mail_link(std::string_view address) {
    return address.empty()
               ? Html{}
               : html("<a class=\"ds-link\" href=\"mailto:{}\">{}</a>", address, address);
}

Html derivation(const Sheet& sheet, const workflows::Deadline& deadline) {
    Html out;
    out.add("<strong>{}</strong>", workflows::long_date(deadline.date, sheet.view.language));
    if (!deadline.because.in(sheet.view.language).empty()) {
        out.add("<ul class=\"fv-because\">");
        for (const std::string& line : deadline.because.in(sheet.view.language)) {
            out.add("<li>{}</li>", line);
        }
        out.add("</ul>");
    }
    return out;
}

Html facts(const Sheet& sheet) {
    const View& view = sheet.view;
    const Case& item = sheet.item;
    const Definitions& definitions = *view.definitions;
    const CaseStatus status = status_of(item, definitions, view.now());
    Html out;
    out.add("<dl class=\"fv-facts\">\n");
    add_fact(out, view.pick("Status", "Status"),
             html("{} {}", tag(status.sign, view.in(status.word), status.color),
                  view.in(status.detail)));
    add_fact(
        out, view.pick("Frist", "Frist"),
        item.due ? derivation(sheet, *item.due) : plain(view.pick("Ingen frist", "Ingen frist")));
    if (item.state_deadline) {
        add_fact(out, view.pick("Svarfrist i denne tilstanden", "Svarfrist i denne tilstanden"),
                 derivation(sheet, *item.state_deadline));
    }
    add_fact(out, view.pick("Tilstand", "Tilstand"),
             plain(view.in(words_of_state(item.state, item, definitions))));
    add_fact(out, view.pick("Hvem skal levere", "Kven skal levere"),
             plain(organisation_name(item.debtor, definitions)));
    add_fact(out, view.pick("Hvem skal ha det", "Kven skal ha det"),
             plain(organisation_name(item.creditor, definitions)));
    if (const auto* requirement = sheet.context.requirement) {
        add_fact(out, view.pick("Saksnummer", "Saksnummer"),
                 plain(requirement->deliver.case_number));
        add_fact(out, view.pick("Sendes til", "Blir sendt til"),
                 mail_link(requirement->deliver.to));
        add_fact(out, view.pick("Veiledning", "Rettleiing"),
                 plain(view.in(requirement->instructions)));
    }
    for (const auto& [name, value] : item.fields) {
        if (!name.starts_with('_') && name != "pauses_parent") {
            add_fact(out, name, plain(value));
        }
    }
    add_fact(out, view.pick("Åpnet", "Opna"),
             plain(long_time(item.opened_at, definitions.time_zone(), view.language)));
    if (!item.parent.empty()) {
        add_fact(out, view.pick("Hører til", "Høyrer til"),
                 html("<a class=\"ds-link\" href=\"/sak/{}\">{}</a>", encode_path(item.parent),
                      item.parent));
    }
    add_fact(out, view.pick("Sakens navn", "Namnet på saka"), html("<code>{}</code>", item.id));
    out.add("</dl>\n");
    return out;
}

Html why(const Sheet& sheet) {
    View& view = sheet.view;
    Html out;
    out.add(
        "<section class=\"fv-why\" aria-labelledby=\"hvorfor\">\n<h2 class=\"ds-heading\" "
        "data-size=\"sm\" id=\"hvorfor\">{}</h2>\n",
        view.pick("Hvorfor?", "Kvifor?"));
    const std::string hold = view.ledger.sending_on_hold ? view.in(words_of_hold(view.ledger)) : "";
    for (const std::string& sentence :
         explain_in_words(sheet.explanation, sheet.item, *view.definitions, hold, view.language)) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n", sentence);
    }
    out.add("</section>\n");
    return out;
}

Html names(const View& view, const std::vector<Recipient>& recipients) {
    Html out;
    for (const Recipient& one : recipients) {
        out.add("{}{} ({})", out.empty() ? "" : ", ", one.name.empty() ? one.address : one.name,
                view.in(words_of_role(one.role)));
    }
    return out;
}

/// What became of a step, or what will.
Html outcome(const View& view, const StepOutlook& step) {
    Html out;
    for (const Reminder& reminder : step.planned) {
        Html words = plain(view.in(words_of(reminder.account)));
        if (reminder.account != Account::Sent && reminder.account != Account::Waiting) {
            words.add(": {}", view.in(words_of(reminder.reason)));
        }
        if (!out.empty()) {
            out.add("<br>");
        }
        if (reminder.message > 0) {
            out.add("<a class=\"ds-link\" href=\"/utboks/{}\">{}</a>", reminder.message, words);
        } else {
            out.add(words);
        }
    }
    if (out.empty() && step.not_because) {
        out.add("{}: {}", view.pick("går ikke", "går ikkje"), view.in(words_of(*step.not_because)));
    }
    if (out.empty()) {
        out.add("{}", step.next   ? view.pick("går nå som neste", "går no som neste")
                      : step.past ? view.pick("gikk ikke", "gjekk ikkje")
                                  : view.pick("senere, om det trengs", "seinare, om det trengst"));
    }
    return out;
}

Html ladder(const Sheet& sheet) {
    const View& view = sheet.view;
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\" id=\"plan\">{}</h2>\n",
            view.pick("Påminnelsesplan", "Påminningsplan"));
    if (sheet.explanation.steps.empty()) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Ingen påminnelser i denne tilstanden.",
                          "Ingen påminningar i denne tilstanden."));
        return out;
    }
    out.add("<ol class=\"fv-steps\">\n");
    for (const StepOutlook& step : sheet.explanation.steps) {
        out.add("<li{}><strong>{}</strong> <span>{}</span><br>{} {} {}",
                step.next ? html(" class=\"fv-next\"") : Html{},
                long_time(step.at, view.definitions->time_zone(), view.language),
                view.in(words_of_step(step.step, sheet.context.ladder)),
                view.in(words_of_notice(step.notice)), view.pick("til", "til"),
                step.to.empty() ? plain(view.pick("ingen", "ingen")) : names(view, step.to));
        if (!step.copy.empty()) {
            out.add(", {} {}", view.pick("kopi til", "kopi til"), names(view, step.copy));
        }
        out.add("<br><em>{}</em></li>\n", outcome(view, step));
    }
    out.add("</ol>\n");
    return out;
}

Html contacts(const Sheet& sheet) {
    const View& view = sheet.view;
    const auto& known = view.definitions->contacts_of(sheet.item.debtor);
    const auto refused = refused_addresses(view.ledger, *view.definitions);
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\" id=\"kontakt\">{}</h2>\n",
            view.pick("Kontaktpersoner", "Kontaktpersonar"));
    const workflows::Organisation* organisation =
        view.definitions->find_organisation(sheet.item.debtor);
    if (organisation != nullptr && !organisation->email.empty()) {
        out.add("<p class=\"ds-paragraph\">Postmottak: {}</p>\n", mail_link(organisation->email));
    }
    if (known.empty()) {
        out.add(
            "<p class=\"ds-paragraph\">{}</p>\n",
            view.pick("Ingen kontaktpersoner er registrert. Meldingene går til postmottaket.",
                      "Ingen kontaktpersonar er registrerte. Meldingane går til postmottaket."));
        return out;
    }
    out.add(
        "<div class=\"fv-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"kontakt\">"
        "<table class=\"ds-table\" data-size=\"sm\"><thead><tr><th scope=\"col\">{}</th>"
        "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr>"
        "</thead>\n<tbody>\n",
        view.pick("Navn", "Namn"), view.pick("Rolle", "Rolle"), view.pick("E-post", "E-post"),
        view.pick("Telefon", "Telefon"));
    for (const workflows::Contact* contact : known) {
        Html roles;
        for (const std::string& role : contact->roles) {
            roles.add("{}{}", roles.empty() ? "" : ", ", view.in(words_of_role(role)));
        }
        if (contact->to && *contact->to < view.today()) {
            roles.add(" ({} {})", view.pick("til", "til"), numeric_date(*contact->to));
        } else if (contact->from && *contact->from > view.today()) {
            roles.add(" ({} {})", view.pick("fra", "frå"), numeric_date(*contact->from));
        }
        out.add("<tr><th scope=\"row\">{}</th><td>{}</td><td>{} {}</td><td>{}</td></tr>\n",
                contact->name, roles, mail_link(contact->email),
                refused.contains(workflows::lower_case(contact->email))
                    ? tag("!", view.pick("Avvist", "Avvist"), "danger")
                    : Html{},
                contact->phone);
    }
    out.add("</tbody></table></div>\n");
    return out;
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
    FieldName{"text", "tekst", "tekst"},
    FieldName{"note", "notat", "notat"},
    FieldName{"undone", "angret", "angra"},
    FieldName{"rank", "rangering", "rangering"},
    FieldName{"amount", "beløp", "beløp"},
    FieldName{"start", "start", "start"},
    FieldName{"end", "slutt", "slutt"},
    FieldName{"place", "sted", "stad"},
};

void add_field(Html& out, const View& view, const std::string& name, const std::string& value) {
    const auto* const known = std::ranges::find(kFieldNames, name, &FieldName::id);
    const std::string_view word =
        known == kFieldNames.end() ? std::string_view{name} : view.pick(known->nb, known->nn);
    const auto date = workflows::parse_iso_date(value);
    out.add("{}{}: {}", out.empty() ? "" : ", ", word,
            name == "undone" ? view.in(words_of_event(value))
            : date           ? workflows::long_date(*date, view.language)
                             : value);
}

Html fields_of(const View& view, const workflows::LogEntry& entry) {
    Html out;
    for (const auto& [name, value] : entry.data) {
        if (name != "because") {
            add_field(out, view, name, value);
        }
    }
    for (const auto& [name, value] : entry.aside) {
        if (name != "who" && name != "why") {
            add_field(out, view, name, value);
        }
    }
    return out;
}

std::string value_of(const workflows::LogEntry& entry, const char* name) {
    const auto found = entry.data.find(name);
    return found == entry.data.end() ? std::string{} : found->second;
}

Html event_text(const Sheet& sheet, const workflows::LogEntry& entry) {
    const View& view = sheet.view;
    Html out;
    out.add("{} {}", view.in(words_of_actor(entry.actor, sheet.item, *view.definitions)),
            view.in(words_of_event(entry.event)));
    if (const auto who = entry.aside.find("who"); who != entry.aside.end()) {
        out.add(" ({})", who->second);
    }
    if (const Html fields = fields_of(view, entry); !fields.empty()) {
        out.add(" – {}", fields);
    }
    if (!entry.to.empty() && entry.from != entry.to) {
        out.add(". {} «{}»", view.pick("Saken er nå", "Saka er no"),
                view.in(words_of_state(entry.to, sheet.item, *view.definitions)));
    }
    return out;
}

/// The message that carries the step's reminder with that account; 0 when there is none.
std::int64_t message_of(const Sheet& sheet, const std::string& step,
                        std::optional<Account> account) {
    for (const Reminder& reminder : sheet.reminders) {
        if (reminder.step == step && reminder.message > 0 &&
            (!account || reminder.account == *account)) {
            return reminder.message;
        }
    }
    return 0;
}

Html step_text(const Sheet& sheet, const workflows::LogEntry& entry) {
    const View& view = sheet.view;
    const std::string step = value_of(entry, "step");
    const workflows::Ladder* const used =
        sheet.context.requirement == nullptr
            ? sheet.context.ladder
            : view.definitions->find_ladder(sheet.context.requirement->ladder);
    const auto account = parse_account(value_of(entry, "account"));
    const Text words = entry.kind == "planned" ? Text{"planlagt", "planlagd"}
                                               : words_of(account.value_or(Account::Waiting));
    const workflows::Reason reason = parse_reason(value_of(entry, "reason"));
    Html out;
    out.add("{} «{}»: {}", view.pick("Påminnelsen", "Påminninga"),
            view.in(words_of_step(step, used)), view.in(words));
    const bool says_why = reason != workflows::Reason::None && reason != workflows::Reason::Due &&
                          reason != workflows::Reason::Accepted;
    if (says_why) {
        out.add(" ({})", view.in(words_of(reason)));
    }
    if (const std::int64_t message = message_of(sheet, step, account); message > 0) {
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
bool is_overtaken(const Sheet& sheet, const workflows::LogEntry& entry) {
    const std::string step = value_of(entry, "step");
    return entry.kind == "planned" &&
           std::ranges::any_of(sheet.reminders, [&](const Reminder& reminder) {
               return reminder.step == step && reminder.account != Account::Waiting;
           });
}

/// Empty for what is no news to a person.
Html entry_text(const Sheet& sheet, const workflows::LogEntry& entry) {
    const View& view = sheet.view;
    if (entry.kind == "event") {
        return event_text(sheet, entry);
    }
    if (entry.kind == "planned" || entry.kind == "settled") {
        return is_overtaken(sheet, entry) ? Html{} : step_text(sheet, entry);
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

Html history(const Sheet& sheet, const std::vector<HistoryEntry>& entries) {
    const View& view = sheet.view;
    Html items;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        const Html text = entry_text(sheet, entry->entry);
        if (!text.empty()) {
            items.add("<li><time datetime=\"{}\">{}</time> <span>{}</span></li>\n",
                      iso_instant(entry->entry.at, view.definitions->time_zone()),
                      short_time(entry->entry.at, view.definitions->time_zone()), text);
        }
    }
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\" id=\"historikk\">{}</h2>\n",
            view.pick("Historikk", "Historikk"));
    if (items.empty()) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Ingenting har skjedd ennå.", "Ingenting har skjedd enno."));
    } else {
        out.add("<ol class=\"fv-history\" reversed>\n{}</ol>\n", items);
    }
    if (entries.size() == kHistoryMax) {
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                view.pick("Historikken er lengre enn siden viser. Resten er i API-et.",
                          "Historikken er lengre enn sida viser. Resten er i API-et."));
    }
    return out;
}

}  // namespace

PageResult case_page(View& view) {
    const std::string& id = view.request.parameter("id");
    auto found = view.snapshot->find_case(id);
    if (!found.ok()) {
        return found.error();
    }
    if (!found.value()) {
        return Error{ErrorKind::NotFound, "no case " + id};
    }
    auto reminders = view.snapshot->reminders_of(id);
    auto entries = view.snapshot->history_of(id, kHistoryMax);
    if (!reminders.ok() || !entries.ok()) {
        return reminders.ok() ? entries.error() : reminders.error();
    }
    const Case item = std::move(*std::move(found).value());
    const Explanation explanation = explain(item, reminders.value(), *view.definitions, view.now(),
                                            refused_addresses(view.ledger, *view.definitions));
    const Sheet sheet{view, item, reminders.value(), explanation,
                      context_of(item, *view.definitions)};
    const Text title = case_title(item, *view.definitions);
    const std::string debtor = organisation_name(item.debtor, *view.definitions);
    Content out;
    out.title = {title.nb + " – " + debtor, title.nn + " – " + debtor};
    out.body.add(facts(sheet));
    out.body.add(why(sheet));
    out.body.add(ladder(sheet));
    out.body.add(contacts(sheet));
    out.body.add(history(sheet, entries.value()));
    return out;
}

}  // namespace fristvakt::daemon
