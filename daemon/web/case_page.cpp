#include <algorithm>
#include <array>

#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/entry_text.hpp"
#include "daemon/web/explanation_text.hpp"
#include "daemon/web/meetings/date_change.hpp"
#include "daemon/web/meetings/people.hpp"
#include "daemon/web/meetings/prework.hpp"
#include "daemon/web/status.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/worth_telling.hpp"

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
    const std::vector<HistoryEntry>& history;
    Html prework;  ///< Of a meeting: what is brought to it.
    std::vector<workflows::Invitation> invitations;
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
    const auto lines = worth_telling(deadline.because, sheet.view.language);
    if (!lines.empty()) {
        out.add("<ul class=\"fv-because\">");
        for (const std::string& line : lines) {
            out.add("<li>{}</li>", line);
        }
        out.add("</ul>");
    }
    return out;
}

/// Until when, who set it, and why.
Html pause_fact(const Sheet& sheet) {
    const View& view = sheet.view;
    Html out;
    if (sheet.item.paused_until) {
        const auto last =
            view.definitions->time_zone().date_of(*sheet.item.paused_until - workflows::Seconds{1});
        out.add("{} {}", view.pick("til og med", "til og med"),
                workflows::long_date(last, view.language));
    } else {
        out.add("{}", view.pick("til noen tar dem opp igjen", "til nokon tek dei opp att"));
    }
    const auto paused =
        std::find_if(sheet.history.rbegin(), sheet.history.rend(),
                     [](const HistoryEntry& entry) { return entry.entry.event == "paused"; });
    if (paused == sheet.history.rend()) {
        return out;
    }
    const auto& aside = paused->entry.aside;
    if (const auto who = aside.find("who"); who != aside.end()) {
        out.add(", {} {}", view.pick("satt av", "sett av"), who->second);
    }
    if (const auto why = aside.find("reason"); why != aside.end()) {
        out.add(": {}", why->second);
    }
    return out;
}

/// Why more time was asked for: stands where it was asked, in the parent's history.
Html reason_of_request(const Sheet& sheet) {
    if (sheet.item.parent.empty()) {
        return {};
    }
    const auto history = sheet.view.snapshot->history_of(sheet.item.parent, kHistoryMax);
    if (!history.ok()) {
        return {};
    }
    for (auto entry = history.value().rbegin(); entry != history.value().rend(); ++entry) {
        const auto reason = entry->entry.aside.find("reason");
        if (entry->entry.kind == "event" && entry->entry.at == sheet.item.opened_at &&
            reason != entry->entry.aside.end()) {
            return plain(reason->second);
        }
    }
    return {};
}

/// The open requests that hang on the case.
Html requests(const Sheet& sheet) {
    Html out;
    for (int number = 1; number <= sheet.item.children_count; ++number) {
        for (const workflows::Workflow& workflow : sheet.view.definitions->workflows) {
            const auto id = sheet.item.id + "/" + workflow.id + "-" + std::to_string(number);
            const auto child = sheet.view.snapshot->find_case(id);
            if (child.ok() && child.value()) {
                out.add("{}{} ({})", out.empty() ? "" : ", ", case_link(sheet.view, *child.value()),
                        sheet.view.in(words_of_state(child.value()->state, *child.value(),
                                                     *sheet.view.definitions)));
            }
        }
    }
    return out;
}

/// When a meeting is held, and where that is changed.
Html time_of_meeting(const Sheet& sheet, const std::optional<workflows::MeetingTime>& meeting) {
    const View& view = sheet.view;
    Html out = meeting ? html("{}", workflows::time_in_words(*meeting, view.language)) : Html{};
    if (!workflows::is_configured_meeting(sheet.item, sheet.context)) {
        return out;
    }
    const auto way = date_change(
        view, {*sheet.context.cohort, *sheet.context.requirement, sheet.item.period, &sheet.item});
    if (way) {
        out.add(" <a class=\"ds-link\" href=\"{}\">{}</a>", way->path, view.in(way->word));
    }
    return out;
}

bool is_meeting(const Sheet& sheet) {
    return workflows::is_configured_meeting(sheet.item, sheet.context);
}

/// Who owes what to whom, and by when.
void add_duty_facts(Html& out, const Sheet& sheet) {
    const View& view = sheet.view;
    const Case& item = sheet.item;
    add_fact(
        out, view.pick("Frist", "Frist"),
        item.due ? derivation(sheet, *item.due) : plain(view.pick("Ingen frist", "Ingen frist")));
    if (item.state_deadline) {
        add_fact(out, view.pick("Svarfrist i denne tilstanden", "Svarfrist i denne tilstanden"),
                 derivation(sheet, *item.state_deadline));
    }
    add_fact(out, view.pick("Tilstand", "Tilstand"),
             plain(view.in(words_of_state(item, *view.definitions))));
    add_fact(out, view.pick("Hvem skal levere", "Kven skal levere"),
             organisation_link(view, item.debtor));
    add_fact(out, view.pick("Hvem skal ha det", "Kven skal ha det"),
             plain(view.in(names_of(item.creditor, *view.definitions))));
    add_fact(out, view.pick("Krav", "Krav"), requirement_link(view, item));
}

/// Nobody delivers a meeting: its date is owed until it stands, and then it is held.
void add_meeting_facts(Html& out, const Sheet& sheet) {
    const View& view = sheet.view;
    const Case& item = sheet.item;
    const bool is_dated = workflows::meeting_time(item).has_value();
    if (!is_dated && item.due) {
        add_fact(out, view.pick("Dato settes innen", "Dato blir sett innan"),
                 derivation(sheet, *item.due));
    } else if (item.state_deadline) {
        add_fact(out, view.pick("Neste steg innen", "Neste steg innan"),
                 derivation(sheet, *item.state_deadline));
    }
    add_fact(out, view.pick("Tilstand", "Tilstand"),
             plain(view.in(words_of_state(item, *view.definitions))));
    add_fact(out, view.pick("Hvem holder møtet", "Kven held møtet"),
             organisation_link(view, item.debtor));
    add_fact(out, view.pick("Møte", "Møte"), requirement_link(view, item));
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
    if (is_meeting(sheet)) {
        add_meeting_facts(out, sheet);
    } else {
        add_duty_facts(out, sheet);
    }
    add_fact(out, view.pick("Ansvarlig", "Ansvarleg"),
             plain(responsible_names(item, definitions, view.today())));
    if (const auto* requirement = sheet.context.requirement) {
        add_fact(out, view.pick("Saksnummer", "Saksnummer"),
                 plain(requirement->deliver.case_number));
        add_fact(out, view.pick("Sendes til", "Blir sendt til"),
                 mail_link(requirement->deliver.to));
        add_fact(out, view.pick("Veiledning", "Rettleiing"),
                 plain(view.in(requirement->instructions)));
    }
    const auto meeting = workflows::meeting_time(item);
    add_fact(out, view.pick("Tidspunkt", "Tidspunkt"), time_of_meeting(sheet, meeting));
    if (is_meeting(sheet)) {
        const auto* const date =
            sheet.context.cohort->find_date(*sheet.context.requirement, item.period);
        add_fact(out, view.pick("Saksliste", "Saksliste"),
                 plain(workflows::agenda_of(item, date, view.language)));
        add_fact(out, view.pick("Foreleser", "Forelesar"),
                 date == nullptr ? Html{} : plain(date->lecturer));
        add_fact(out, view.pick("Forarbeid", "Forarbeid"), sheet.prework);
    }
    if (workflows::is_open_to_others(item, sheet.context)) {
        const std::string link =
            workflows::base_url(definitions.installation.public_url) + "/p/" + encode_path(item.id);
        const auto open = workflows::may_sign_up(item, sheet.context, sheet.invitations, view.now(),
                                                 definitions.time_zone());
        const auto terms = workflows::sign_up_terms(item, sheet.context, sheet.invitations);
        add_fact(out, view.pick("Påmelding for andre", "Påmelding for andre"),
                 open.ok() ? html("<a class=\"ds-link\" href=\"{}\">{}</a> {}", link, link,
                                  in_words(*terms, view.language))
                           : plain(why_closed(open.error().code, *terms, view.language)));
    }
    for (const auto& [name, value] : item.fields) {
        const bool is_said =
            meeting && (name == "start" || name == "end" || name == workflows::kAgenda);
        if (!name.starts_with('_') && name != "pauses_parent" && !is_said) {
            if (name == workflows::kJoinUrl) {
                add_fact(out, view.in(field_label(name)),
                         html("<a class=\"ds-link\" href=\"{}\">{}</a>", value,
                              view.pick("Bli med på nett", "Bli med på nett")));
                continue;
            }
            const auto date = workflows::parse_iso_date(value);
            const bool is_wish = name == "until" && !item.parent.empty();
            add_fact(out,
                     is_wish ? view.pick("Ønsket frist", "Ønskt frist")
                             : std::string_view{view.in(field_label(name))},
                     plain(date ? workflows::long_date(*date, view.language) : value));
        }
    }
    add_fact(out, view.pick("Åpnet", "Opna"),
             plain(long_time(item.opened_at, definitions.time_zone(), view.language)));
    if (item.paused) {
        add_fact(out, view.pick("Pause", "Pause"), pause_fact(sheet));
    }
    add_fact(out, view.pick("Begrunnelse", "Grunngiving"), reason_of_request(sheet));
    add_fact(out, view.pick("Forespørsler", "Førespurnader"), requests(sheet));
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
        out.add("{}", step.next   ? view.pick("er den neste som går", "er den neste som går")
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
        "<div class=\"fv-scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"kontakt\">"
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

std::string told_what(const HistoryEntry& entry) {
    const auto& data = entry.entry.data;
    const auto notice = data.find("notice");
    const auto state = data.find("state");
    return entry.entry.kind != "told" || notice == data.end() || state == data.end()
               ? std::string{}
               : notice->second + "\n" + state->second;
}

/// One line of the history. Many alike, as when all are invited, stand folded under their number.
Html history_item(const Sheet& sheet,
                  const std::vector<std::pair<const HistoryEntry*, Html>>& run) {
    constexpr std::size_t kApartMax{3};
    const View& view = sheet.view;
    const auto time = [&](const HistoryEntry& entry) {
        return html("<time datetime=\"{}\">{}</time>",
                    iso_instant(entry.entry.at, view.definitions->time_zone()),
                    short_time(entry.entry.at, view.definitions->time_zone()));
    };
    Html lines;
    for (const auto& [entry, text] : run) {
        lines.add("<li>{} <span>{}</span></li>\n", time(*entry), text);
    }
    if (run.size() <= kApartMax) {
        return lines;
    }
    const auto& entry = run.front().first->entry;
    const auto state = parse_message_state(entry.data.at("state"));
    return html(
        "<li>{} <details class=\"ds-details\"><summary>{} {} «{}» – {}</summary>\n<ul>{}</ul>"
        "</details></li>\n",
        time(*run.front().first), run.size(), view.pick("meldinger", "meldingar"),
        view.in(words_of_notice(entry.data.at("notice"))),
        state ? view.in(look_of(*state).word) : std::string{}, lines);
}

Html history(const Sheet& sheet, const std::vector<HistoryEntry>& entries) {
    const View& view = sheet.view;
    Html items;
    std::vector<std::pair<const HistoryEntry*, Html>> run;
    const auto close = [&] {
        items.add(history_item(sheet, run));
        run.clear();
    };
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        Html text = entry_text(view, sheet.item, sheet.reminders, entry->entry);
        if (text.empty()) {
            continue;
        }
        const std::string what = told_what(*entry);
        if (what.empty() || (!run.empty() && told_what(*run.front().first) != what)) {
            close();
        }
        run.emplace_back(&*entry, std::move(text));
    }
    close();
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
    const workflows::CaseContext context = context_of(item, *view.definitions);
    Html prework;
    std::vector<workflows::Invitation> invitations;
    if (workflows::is_configured_meeting(item, context)) {
        auto asked_for = prework_cell(view, *context.cohort, *context.requirement,
                                      context.cohort->find_date(*context.requirement, item.period));
        if (!asked_for.ok()) {
            return asked_for.error();
        }
        prework = asked_for.value().drawn.value_or(Html{});
        const auto called = view.snapshot->invitations_of(id);
        if (!called.ok()) {
            return called.error();
        }
        for (const workflows::StoredInvitation& one : called.value()) {
            invitations.push_back(one.invitation);
        }
    }
    const Sheet sheet{view,
                      item,
                      reminders.value(),
                      explanation,
                      context,
                      entries.value(),
                      prework,
                      std::move(invitations)};
    const Text title = case_title(item, *view.definitions);
    const std::string debtor = organisation_name(item.debtor, *view.definitions);
    Content out;
    out.title = {title.nb + " – " + debtor, title.nn + " – " + debtor};
    out.body.add(case_flash(view, item));
    out.body.add(facts(sheet));
    out.body.add(why(sheet));
    auto people = people_section(view, item);
    if (!people.ok()) {
        return people.error();
    }
    out.body.add(people.value());
    out.body.add(case_actions(view, item, reminders.value()));
    out.body.add(ladder(sheet));
    out.body.add(contacts(sheet));
    out.body.add(history(sheet, entries.value()));
    return out;
}

}  // namespace fristvakt::daemon
