#include "daemon/web/meetings/people.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/meetings.hpp"

namespace fristvakt::daemon {

using workflows::Attendance;
using workflows::Case;
using workflows::Invitation;
using workflows::Response;
using workflows::Result;
using workflows::StoredInvitation;
using workflows::Text;

namespace {

bool is_called(const Invitation& invitation) {
    return !invitation.told.empty() || invitation.message != 0;
}

bool signed_up(const Invitation& invitation) {
    return invitation.role == workflows::kSignedUpRole;
}

/// Who signed up and never answered has said that they come.
Response response_of(const Invitation& invitation) {
    return signed_up(invitation) && invitation.response == Response::None
               ? Response::Accepted
               : workflows::counting_response(invitation);
}

/// "Gjøvik kommune"; a guest stands for none of those who hold or attend the meeting.
std::string organisation_of(const View& view, const Invitation& invitation) {
    return signed_up(invitation) ? std::string{view.pick("Påmeldt", "Påmeld")}
                                 : organisation_name(invitation.organisation, *view.definitions);
}

std::string name_of(const View& view, const StoredInvitation& one) {
    if (!one.person.name.empty()) {
        return one.person.name;
    }
    return one.person.address.empty() ? std::string{view.pick("(slettet)", "(sletta)")}
                                      : one.person.address;
}

/// How far the message to them has come; with nothing that keeps it, it goes by itself.
Html message_cell(const View& view, std::int64_t number, workflows::MessageState state) {
    if (state == workflows::MessageState::Waiting && view.ledger.sending_on_hold) {
        state = workflows::MessageState::Held;
    }
    const bool is_kept =
        state == workflows::MessageState::Held || state == workflows::MessageState::Uncertain;
    const MessageLook look = look_of(state);
    const Html words = is_kept ? tag(look.sign, view.in(look.word), look.color)
                               : html("{}", view.pick("E-post på vei", "E-post på veg"));
    return html("<a class=\"ds-link\" href=\"/utboks/{}\">{}</a>", number, words);
}

/// What they know: told, refused, or no longer called.
Html told_cell(const View& view, const Case& item, const Invitation& invitation) {
    if (!invitation.refused.empty()) {
        return tag("!", view.pick("Ikke levert", "Ikkje levert"), "danger");
    }
    if (invitation.told.empty()) {
        return html("{}", view.pick("Ikke lenger innkalt", "Ikkje lenger innkalla"));
    }
    const auto time = workflows::meeting_time(item);
    const bool is_current = time && workflows::fields_of(*time) == invitation.told;
    return is_current ? html("{}", view.pick("Innkalt", "Innkalla"))
                      : tag("!", view.pick("Kjenner en tidligere tid", "Kjenner ei tidlegare tid"),
                            "warning");
}

Html answer_cell(const View& view, const Invitation& invitation) {
    const Response response = response_of(invitation);
    if (response == Response::None) {
        return is_called(invitation) ? html("{}", view.pick("Ikke svart", "Ikkje svart")) : Html{};
    }
    const bool comes = response == Response::Accepted;
    const bool is_away = response == Response::Declined;
    return tag(comes     ? "✓"
               : is_away ? "✕"
                         : "?",
               view.in(words_of(response)),
               comes     ? "success"
               : is_away ? "danger"
                         : "warning");
}

std::string came_words(const View& view, Attendance attendance) {
    switch (attendance) {
        case Attendance::Came:
            return std::string{view.pick("Var med", "Var med")};
        case Attendance::Absent:
            return std::string{view.pick("Var ikke med", "Var ikkje med")};
        case Attendance::Unknown:
            break;
    }
    return {};
}

/// Answers that came by telephone: who, and what they said.
Html answer_form(const View& view, const Case& item, const std::vector<StoredInvitation>& people) {
    Html names;
    for (const StoredInvitation& one : people) {
        if (is_called(one.invitation)) {
            names.add("<option value=\"{}\">{}, {}</option>\n", one.invitation.person,
                      name_of(view, one), organisation_of(view, one.invitation));
        }
    }
    Html answers;
    for (const Response response :
         {Response::Accepted, Response::Declined, Response::Tentative, Response::Delegated}) {
        answers.add("<option value=\"{}\">{}</option>\n", to_string(response),
                    view.in(words_of(response)));
    }
    return html(
        "<details class=\"ds-details fv-details\"><summary>{}</summary>\n<div>"
        "<form class=\"fv-action\" method=\"post\" action=\"/sak/{}/svar\">{}\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"svar-hvem\">{}</label>"
        "<select class=\"ds-input\" id=\"svar-hvem\" name=\"attendee\">{}</select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"svar-hva\">{}</label>"
        "<select class=\"ds-input\" id=\"svar-hva\" name=\"answer\">{}</select></div>\n"
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>\n"
        "</form></div></details>\n",
        view.pick("Noen har svart på annen måte", "Nokon har svart på annan måte"),
        encode_path(item.id), form_token_field(view), view.pick("Hvem", "Kven"), names,
        view.pick("Svar", "Svar"), answers, view.pick("Registrer svaret", "Registrer svaret"));
}

/// Who is called when the invitations go, as the roles and groups say today.
Html to_be_called(const View& view, const Case& item) {
    const auto context = workflows::context_of(item, *view.definitions);
    const auto* const date = workflows::is_configured_meeting(item, context) && !item.final
                                 ? context.cohort->find_date(*context.requirement, item.period)
                                 : nullptr;
    const auto* const meeting =
        date == nullptr ? nullptr : context.cohort->find_meeting(context.requirement->meeting);
    if (meeting == nullptr || !date->cancelled.empty()) {
        return {};
    }
    Table table{.name = "innkalles",
                .title = {"Disse blir innkalt", "Desse blir innkalla"},
                .columns = {{"organisation", {"Organisasjon", "Organisasjon"}},
                            {"name", {"Navn", "Namn"}},
                            {"role", {"Rolle", "Rolle"}}},
                .rows = {}};
    for (const workflows::Contact* const one :
         workflows::called_to(*context.cohort, *meeting, *date, *view.definitions)) {
        table.rows.push_back(
            {organisation_name(one->organisation, *view.definitions),
             one->name.empty() ? one->email : one->name,
             view.in(words_of_role(workflows::calling_role(*meeting, *date, *one)))});
    }
    return table.rows.empty() ? Html{} : section(view, table);
}

Html attendance_form(const View& view, const Case& item,
                     const std::vector<StoredInvitation>& people) {
    Html boxes;
    for (const StoredInvitation& one : people) {
        const bool is_checked = one.invitation.attendance == Attendance::Came;
        boxes.add(
            "<div class=\"ds-field\"><input class=\"ds-input\" type=\"checkbox\" name=\"present\" "
            "id=\"med-{}\" value=\"{}\"{}><label class=\"ds-label\" for=\"med-{}\">{}, "
            "{}</label></div>\n",
            one.invitation.person, one.invitation.person, is_checked ? html(" checked") : Html{},
            one.invitation.person, name_of(view, one), organisation_of(view, one.invitation));
    }
    return html(
        "<details class=\"ds-details fv-details\"><summary>{}</summary>\n<div>"
        "<form class=\"fv-action\" method=\"post\" action=\"/sak/{}/deltakere\">{}\n"
        "<fieldset class=\"ds-fieldset\"><legend class=\"ds-label\">{}</legend>\n{}</fieldset>\n"
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>\n"
        "</form></div></details>\n",
        view.pick("Registrer hvem som var med", "Registrer kven som var med"), encode_path(item.id),
        form_token_field(view),
        view.pick("Kryss av for dem som var med", "Kryss av for dei som var med"), boxes,
        view.pick("Lagre", "Lagre"));
}

}  // namespace

Answers count_answers(const std::vector<StoredInvitation>& people) {
    Answers answers;
    for (const StoredInvitation& one : people) {
        if (!is_called(one.invitation)) {
            continue;
        }
        ++answers.called;
        switch (response_of(one.invitation)) {
            case Response::Accepted:
                ++answers.accepted;
                break;
            case Response::Declined:
                ++answers.declined;
                break;
            case Response::Tentative:
                ++answers.tentative;
                break;
            case Response::Delegated:
                ++answers.delegated;
                break;
            case Response::None:
                ++answers.silent;
                break;
        }
    }
    return answers;
}

std::string in_words(const Answers& answers, workflows::Language language) {
    if (answers.called == 0) {
        return {};
    }
    const bool nb = language == workflows::Language::Nb;
    std::string text = std::to_string(answers.called) + (nb ? " innkalt" : " innkalla");
    const char* before = ": ";
    for (const auto& [count, words] :
         {std::pair{answers.accepted, nb ? " kommer" : " kjem"},
          std::pair{answers.declined, nb ? " kommer ikke" : " kjem ikkje"},
          std::pair{answers.tentative, nb ? " kanskje" : " kanskje"},
          std::pair{answers.delegated, nb ? " sender en annen" : " sender ein annan"},
          std::pair{answers.silent, nb ? " har ikke svart" : " har ikkje svart"}}) {
        if (count > 0) {
            text += before + std::to_string(count) + words;
            before = ", ";
        }
    }
    return text;
}

std::string came_in_words(const Case& item, const std::vector<StoredInvitation>& people) {
    const bool is_known = std::ranges::any_of(people, [](const StoredInvitation& one) {
        return one.invitation.attendance != Attendance::Unknown;
    });
    const auto said = item.fields.find("attended");
    std::string came = said == item.fields.end() ? std::string{} : said->second;
    if (is_known) {
        came = std::to_string(std::ranges::count_if(people, [](const StoredInvitation& one) {
            return one.invitation.attendance == Attendance::Came;
        }));
    }
    const int called = count_answers(people).called;
    return came.empty() || called == 0 ? came : came + " av " + std::to_string(called);
}

std::string in_words(const workflows::SignUpTerms& terms, workflows::Language language) {
    const bool is_nb = language == workflows::Language::Nb;
    std::string text = std::string{"Siste dag å melde seg på er "} +
                       workflows::long_date(terms.until, language) + ".";
    if (terms.limit && terms.left) {
        text += is_nb ? fmt::format(" {} av {} plasser er ledige.", *terms.left, *terms.limit)
                      : fmt::format(" {} av {} plassar er ledige.", *terms.left, *terms.limit);
    }
    return text;
}

std::string why_closed(std::string_view code, const workflows::SignUpTerms& terms,
                       workflows::Language language) {
    const bool is_nb = language == workflows::Language::Nb;
    if (code == "full") {
        return "Møtet er fullt.";
    }
    if (code == "not-held") {
        return "Møtet er avlyst.";
    }
    if (code == "sign-up-over") {
        return std::string{is_nb ? "Påmeldingen er stengt. Siste dag var "
                                 : "Påmeldinga er stengd. Siste dag var "} +
               workflows::long_date(terms.until, language) + ".";
    }
    return is_nb ? "Påmeldingen er ikke åpnet. Den åpner når innkallingen er sendt."
                 : "Påmeldinga er ikkje opna. Ho opnar når innkallinga er send.";
}

Text words_of(Response response) {
    switch (response) {
        case Response::Accepted:
            return {"Kommer", "Kjem"};
        case Response::Tentative:
            return {"Kanskje", "Kanskje"};
        case Response::Declined:
            return {"Kommer ikke", "Kjem ikkje"};
        case Response::Delegated:
            return {"Sender en annen", "Sender ein annan"};
        case Response::None:
            break;
    }
    return {};
}

Result<Html> people_section(View& view, const Case& item) {
    auto read = view.snapshot->invitations_of(item.id);
    if (!read.ok()) {
        return read.error();
    }
    std::vector<StoredInvitation> people = std::move(read).value();
    if (people.empty()) {
        return to_be_called(view, item);
    }
    std::ranges::sort(people, [&](const StoredInvitation& a, const StoredInvitation& b) {
        const std::string left = organisation_of(view, a.invitation);
        const std::string right = organisation_of(view, b.invitation);
        return left != right ? comes_before(left, right)
                             : comes_before(name_of(view, a), name_of(view, b));
    });
    Table table{.name = "deltakere",
                .title = {"Deltakere", "Deltakarar"},
                .columns = {{"organisation", {"Organisasjon", "Organisasjon"}},
                            {"name", {"Navn", "Namn"}},
                            {"role", {"Rolle", "Rolle"}},
                            {"told", {"Innkalling", "Innkalling"}},
                            {"answer", {"Svar", "Svar"}},
                            {"came", {"Var med", "Var med"}}},
                .rows = {}};
    const auto time = workflows::meeting_time(item);
    const bool has_begun =
        time && view.definitions->time_zone().to_instant(time->start) <= view.now();
    for (const StoredInvitation& one : people) {
        Html told = told_cell(view, item, one.invitation);
        if (const std::int64_t number = one.invitation.message; number != 0) {
            const auto message = view.snapshot->message(number);
            if (!message.ok()) {
                return message.error();
            }
            told = message_cell(view, number,
                                message.value() ? message.value()->message.state
                                                : workflows::MessageState::Waiting);
        }
        table.rows.push_back(
            {Cell{organisation_of(view, one.invitation)}, Cell{name_of(view, one)},
             signed_up(one.invitation) ? Cell{} : Cell{view.in(words_of_role(one.invitation.role))},
             Cell{std::move(told)}, Cell{answer_cell(view, one.invitation)},
             Cell{came_words(view, one.invitation.attendance)}});
    }
    Html out = section(view, table, in_words(count_answers(people), view.language));
    if (may(view.visitor(), Right::Act, item, *view.definitions)) {
        if (!item.final) {
            out.add(answer_form(view, item, people));
        }
        if (has_begun) {
            out.add(attendance_form(view, item, people));
        }
    }
    return out;
}

}  // namespace fristvakt::daemon
