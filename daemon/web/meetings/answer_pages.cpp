#include "daemon/web/meetings/answer_pages.hpp"

#include <algorithm>

#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/meetings/people.hpp"
#include "daemon/web/meetings/prework.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/answer_link.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/periods.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Invitation;
using workflows::Response;
using workflows::Result;
using workflows::Text;

struct AnswerPages::Question {
    std::string token;
    Case item;
    Invitation invitation;
    std::string name;           ///< Of whoever is asked; may be empty.
    std::vector<Case> brought;  ///< What their organisation is asked to bring and has not yet.
    std::shared_ptr<const workflows::Definitions> definitions;

    /// The date as the programme has it; null: it has none, or is no meeting of a programme.
    [[nodiscard]] const workflows::MeetingDate* date() const {
        const auto context = workflows::context_of(item, *definitions);
        return workflows::is_configured_meeting(item, context)
                   ? context.cohort->find_date(*context.requirement, item.period)
                   : nullptr;
    }
    /// Why nothing is asked.
    [[nodiscard]] Text why_not() const;
    /// Nothing is asked of who is not called, of a meeting that is over, or not held.
    [[nodiscard]] bool is_open(workflows::Instant now) const {
        const auto time = workflows::meeting_time(item);
        const auto context = workflows::context_of(item, *definitions);
        return !invitation.told.empty() && !item.final && context.state != nullptr &&
               context.state->invites && time &&
               now < definitions->time_zone().to_instant(time->end);
    }
    /// What they know is no longer so, and the message that says it has not gone: what they answer
    /// before it would count for the time that was.
    [[nodiscard]] bool is_being_told() const {
        const auto time = workflows::meeting_time(item);
        const auto now = time ? workflows::fields_of(*time) : invitation.told;
        return !invitation.told.empty() && now != invitation.told && now != invitation.refused;
    }
};

namespace {

/// "Arrangør: Statsforvalteren i Innlandet", for whoever does not know the sender.
Html organiser_of(const View& view, const Case& item, const workflows::Definitions& definitions) {
    return html("<p class=\"ds-paragraph\">{}: {}</p>\n", view.pick("Arrangør", "Arrangør"),
                organisation_name(item.creditor, definitions));
}

/// Who lectures, and what the meeting is about.
Html agenda_section(const View& view, const Case& item, const workflows::MeetingDate* date) {
    const std::string agenda = workflows::description_of(item, date, view.language);
    if (agenda.empty()) {
        return {};
    }
    return html("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n<p class=\"fv-text\">{}</p>\n",
                view.pick("Saksliste", "Saksliste"), agenda);
}

/// What whoever is called is asked to bring, with its deadlines.
Html brought_list(const View& view, const std::vector<Case>& brought,
                  const workflows::Definitions& definitions) {
    Html items;
    for (const Case& one : brought) {
        items.add("<li>{}{}</li>\n", view.in(case_title(one, definitions)),
                  one.due ? std::string{view.pick(", frist ", ", frist ")} +
                                workflows::long_date(one.due->date, view.language)
                          : std::string{});
    }
    return items.empty() ? Html{}
                         : html(
                               "<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n"
                               "<ul class=\"ds-list\">{}</ul>\n",
                               view.pick("Dette skal dere sende inn før møtet",
                                         "Dette skal de sende inn før møtet"),
                               items);
}

/// Of one machine, within a quarter of an hour.
constexpr int kSignUpsByClient{10};
constexpr int kMisspeltByClient{60};
constexpr double kWindowSeconds{15 * 60.0};

const Text kLost{"Lenken virker ikke", "Lenkja verkar ikkje"};
const Text kLostLead{
    "Den er kanskje kopiert bare delvis. Åpne den fra e-posten, eller svar på e-posten.",
    "Ho er kanskje kopiert berre delvis. Opne ho frå e-posten, eller svar på e-posten."};
const Text kThanks{"Takk, svaret er registrert.", "Takk, svaret er registrert."};
const Text kMovedOn{"Møtet er endret etter at du åpnet siden. Se på tid og sted, og svar på nytt.",
                    "Møtet er endra etter at du opna sida. Sjå på tid og stad, og svar på nytt."};
const Text kBeingTold{
    "Møtet er endret. Du får snart en ny innkalling på e-post. Svar på den når den har kommet.",
    "Møtet er endra. Du får snart ei ny innkalling på e-post. Svar på ho når ho har kome."};
const Text kOver{"Møtet er over. Du trenger ikke svare.", "Møtet er over. Du treng ikkje svare."};
const Text kCancelled{"Møtet er avlyst. Du trenger ikke svare.",
                      "Møtet er avlyst. Du treng ikkje svare."};
const Text kNotCalled{"Du er ikke lenger innkalt til dette møtet. Du trenger ikke svare.",
                      "Du er ikkje lenger innkalla til dette møtet. Du treng ikkje svare."};
const Text kNoDate{"Møtet har ingen dato nå. Du får beskjed når det har fått en.",
                   "Møtet har ingen dato no. Du får beskjed når det har fått ein."};
const Text kChoose{"Velg et av svarene.", "Vel eit av svara."};

Html answer_form(const View& view, const std::string& path, const Invitation& invitation) {
    Html buttons;
    const Response given = workflows::counting_response(invitation);
    for (const Response response : {Response::Accepted, Response::Tentative, Response::Declined}) {
        buttons.add(
            "<button class=\"ds-button\" data-variant=\"{}\" type=\"submit\" name=\"svar\" "
            "value=\"{}\"{}>{}</button> ",
            response == given || given == Response::None ? "primary" : "secondary",
            to_string(response), response == given ? html(" aria-pressed=\"true\"") : Html{},
            view.in(words_of(response)));
    }
    return html(
        "<form method=\"post\" action=\"{}\">{}<input type=\"hidden\" name=\"nummer\" "
        "value=\"{}\">\n<p class=\"fv-buttons\">{}</p></form>\n",
        path, form_token_field(view), invitation.sequence, buttons);
}

}  // namespace

Text AnswerPages::Question::why_not() const {
    const auto* const date = this->date();
    if (item.state == workflows::kCancelled || (date != nullptr && !date->cancelled.empty())) {
        return kCancelled;
    }
    if (invitation.told.empty() && invitation.message == 0) {
        return kNotCalled;
    }
    return workflows::meeting_time(item) || item.final ? kOver : kNoDate;
}

AnswerPages::AnswerPages(EngineAccess& engine, const Pages& pages,
                         std::function<double()> monotonic_seconds)
    : engine_(engine),
      pages_(pages),
      monotonic_seconds_(std::move(monotonic_seconds)),
      by_client_(kSignUpsByClient, kWindowSeconds),
      misspelt_by_client_(kMisspeltByClient, kWindowSeconds) {}

void AnswerPages::add_routes(Router& router) {
    router.add({"GET", "/p/{id*}", "page_sign_up", Needs::nothing(),
                [this](const HttpRequest& request) { return sign_up_page(request); }});
    router.add({"POST", "/p/{id*}", "sign_up", Needs::nothing(),
                [this](const HttpRequest& request) { return sign_up(request); }});
    router.add({"GET", "/m/{token}/{id*}", "page_answer", Needs::nothing(),
                [this](const HttpRequest& request) { return ask(request); }});
    router.add({"POST", "/m/{token}/{id*}", "answer_invitation", Needs::nothing(),
                [this](const HttpRequest& request) { return take(request); }});
}

Result<AnswerPages::Question> AnswerPages::question_of(const HttpRequest& request) const {
    const auto snapshot = engine_.snapshot();
    const auto ledger = snapshot->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    const std::string& id = request.parameter("id");
    const auto person =
        workflows::person_of_answer_link(request.parameter("token"), ledger.value().salt, id);
    const Error unknown{ErrorKind::NotFound, "no such invitation"};
    if (!person) {
        return unknown;
    }
    auto found = snapshot->find_case(id);
    auto people = snapshot->invitations_of(id);
    if (!found.ok() || !people.ok()) {
        return found.ok() ? people.error() : found.error();
    }
    const auto own = std::ranges::find_if(
        people.value(), [&](const auto& one) { return one.invitation.person == *person; });
    if (!found.value() || own == people.value().end()) {
        return unknown;
    }
    Question question{.token = request.parameter("token"),
                      .item = *found.value(),
                      .invitation = own->invitation,
                      .name = own->person.name,
                      .brought = {},
                      .definitions = engine_.definitions()};
    const auto context = workflows::context_of(question.item, *question.definitions);
    if (const auto* const date = question.date()) {
        for (const auto* const one : prework_of(*context.cohort, *context.requirement, date)) {
            auto owed = snapshot->find_case(
                workflows::case_name(*context.cohort, *one, {}, own->invitation.organisation));
            if (!owed.ok()) {
                return owed.error();
            }
            if (owed.value() && !owed.value()->final) {
                question.brought.push_back(*std::move(owed).value());
            }
        }
    }
    return question;
}

HttpResponse AnswerPages::lost(const HttpRequest& request, const Error& error) const {
    if (error.kind != ErrorKind::NotFound) {
        return pages_.error_page(request, 503);
    }
    HttpResponse out = pages_.draw_for_guest(request, [&](View& view) -> PageResult {
        return Content{kLost, html("<p class=\"ds-paragraph\">{}</p>\n", view.in(kLostLead))};
    });
    out.status = out.status == 200 ? 404 : out.status;
    return out;
}

HttpResponse AnswerPages::show(const HttpRequest& request, const Question& question, int status,
                               const Text& notice, std::string_view color) const {
    HttpResponse out = pages_.draw_for_guest(request, [&](View& view) -> PageResult {
        const auto chosen = request.argument("lang");
        if (!chosen) {
            view.language = question.invitation.language;
        }
        const bool is_open = question.is_open(view.now());
        Content content;
        content.title = case_title(question.item, *question.definitions);
        if (!notice.nb.empty()) {
            content.body.add("<p class=\"ds-alert\" data-color=\"{}\" role=\"status\">{}</p>\n",
                             color, view.in(notice));
        }
        if (!question.name.empty()) {
            content.body.add("<p class=\"ds-paragraph\">{} {}</p>\n", view.pick("Til", "Til"),
                             question.name);
        }
        if (!is_open) {
            content.body.add("<p class=\"ds-paragraph\">{}</p>\n", view.in(question.why_not()));
            return content;
        }
        if (question.is_being_told()) {
            content.body.add("<p class=\"ds-paragraph\">{}</p>\n", view.in(kBeingTold));
            return content;
        }
        const auto time = workflows::meeting_time(question.item);
        content.body.add("<p class=\"ds-paragraph\"><strong>{}</strong>{}{}</p>\n",
                         workflows::time_in_words(*time, view.language),
                         time->place.empty() ? "" : ", ", time->place);
        content.body.add(organiser_of(view, question.item, *question.definitions));
        content.body.add(agenda_section(view, question.item, question.date()));
        content.body.add(brought_list(view, question.brought, *question.definitions));
        const Response given = workflows::counting_response(question.invitation);
        content.body.add(
            "<p class=\"ds-paragraph\">{}</p>\n",
            given == Response::None
                ? std::string{view.pick("Kommer du?", "Kjem du?")}
                : std::string{view.pick("Du har svart: ", "Du har svart: ")} +
                      view.in(words_of(given)) +
                      std::string{view.pick(". Du kan endre svaret.", ". Du kan endre svaret.")});
        content.body.add(answer_form(
            view,
            "/m/" + percent_encode(question.token) + "/" + encode_path(question.item.id) +
                (chosen ? encode_query({{"lang", std::string{*chosen}}}) : std::string{}),
            question.invitation));
        return content;
    });
    out.status = out.status == 200 ? status : out.status;
    return out;
}

HttpResponse AnswerPages::ask(const HttpRequest& request) const {
    const auto question = question_of(request);
    return question.ok() ? show(request, question.value(), 200, {}, "info")
                         : lost(request, question.error());
}

HttpResponse AnswerPages::take(const HttpRequest& request) const {
    const auto question = question_of(request);
    if (!question.ok()) {
        return lost(request, question.error());
    }
    if (question.value().is_open(engine_.health().now) && question.value().is_being_told()) {
        return show(request, question.value(), 409, {}, "info");
    }
    RaiseEvent command;
    command.event.case_id = question.value().item.id;
    command.event.name = "responded";
    command.event.by = workflows::Actor::Attendee;
    command.event.fields = {{"attendee", question.value().invitation.person},
                            {"answer", std::string{request.field("svar")}},
                            {"sequence", std::string{request.field("nummer")}},
                            {"via", "link"}};
    const auto answer = engine_.raise(command);
    const auto now = question_of(request);
    if (!now.ok()) {
        return lost(request, now.error());
    }
    if (answer.ok()) {
        return show(request, now.value(), 200, kThanks, "success");
    }
    if (answer.error().kind == ErrorKind::Unavailable) {
        return pages_.error_page(request, 503);
    }
    if (answer.error().code == "old-answer") {
        return show(request, now.value(), 409, kMovedOn, "warning");
    }
    return answer.error().code == "closed" ? show(request, now.value(), 409, {}, "info")
                                           : show(request, now.value(), 422, kChoose, "warning");
}

struct AnswerPages::OpenMeeting {
    Case item;
    std::vector<Invitation> people;
    std::shared_ptr<const workflows::Definitions> definitions;
};

namespace {

const Text kSignedUp{"Takk. Innkallingen kommer på e-post, om du ikke har fått den før.",
                     "Takk. Innkallinga kjem på e-post, om du ikkje har fått ho før."};
const Text kTooOften{"For mange påmeldinger herfra. Vent et kvarter.",
                     "For mange påmeldingar herifrå. Vent eit kvarter."};

constexpr std::size_t kNameMax{100};
constexpr std::size_t kAddressMax{254};

/// What is wrong with a name that `check_sign_up` does not take.
Text words_of_name(const std::string& name) {
    if (name.empty()) {
        return {"Skriv navnet", "Skriv namnet"};
    }
    if (name.size() > kNameMax) {
        return {"Navnet er for langt. Skriv det kortere", "Namnet er for langt. Skriv det kortare"};
    }
    return {"Skriv bare navnet, uten @, < og > og uten nettadresse",
            "Skriv berre namnet, utan @, < og > og utan nettadresse"};
}

/// What is wrong with an address that no mail can go to.
Text words_of_address(const std::string& address) {
    if (address.empty()) {
        return {"Skriv e-postadressen", "Skriv e-postadressa"};
    }
    if (address.size() > kAddressMax) {
        return {"E-postadressen er for lang", "E-postadressa er for lang"};
    }
    if (std::ranges::any_of(address, [](char c) { return static_cast<unsigned char>(c) > 0x7F; })) {
        return {"E-postadressen kan ikke ha æ, ø, å eller andre særskilte bokstaver",
                "E-postadressa kan ikkje ha æ, ø, å eller andre særskilde bokstavar"};
    }
    return {"Skriv hele e-postadressen, slik: navn@kommune.example",
            "Skriv heile e-postadressa, slik: namn@kommune.example"};
}

/// The form as it was sent, with what was wrong with it.
FormState state_of(const std::string& name, const std::string& address) {
    FormState state{.values = {{"navn", name}, {"adresse", address}}, .problems = {}};
    // Each is looked at beside one that is right.
    if (!workflows::check_sign_up(name, "a@b.example").ok()) {
        state.problems.push_back({"navn", words_of_name(name)});
    }
    if (!workflows::check_sign_up("A", address).ok()) {
        state.problems.push_back({"adresse", words_of_address(address)});
    }
    return state;
}

/// A label, its input, and what was wrong with what stood there.
Html sign_up_field(const View& view, const std::string& name, std::string_view label,
                   const Html& kind, const FormState& state) {
    const auto written = state.values.find(name);
    const FormProblem* const problem = state.problem_with(name);
    return html(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"p-{}\">{}</label>"
        "<input class=\"ds-input\" id=\"p-{}\" name=\"{}\" value=\"{}\" required {}{}>{}</div>\n",
        name, label, name, name, written == state.values.end() ? std::string{} : written->second,
        kind,
        problem == nullptr ? Html{}
                           : html(" aria-invalid=\"true\" aria-describedby=\"p-{}-feil\"", name),
        problem == nullptr ? Html{}
                           : html("<p class=\"ds-validation-message\" data-color=\"danger\" "
                                  "id=\"p-{}-feil\">{}</p>",
                                  name, view.in(problem->words)));
}

Html sign_up_form(const View& view, const std::string& path, const FormState& state) {
    Html out = error_summary(view, "p", state);
    out.add("<form method=\"post\" action=\"{}\" class=\"fv-form\">{}\n", path,
            form_token_field(view));
    out.add(sign_up_field(view, "navn", view.pick("Navn", "Namn"),
                          html("maxlength=\"100\" autocomplete=\"name\""), state));
    out.add(sign_up_field(view, "adresse", view.pick("E-postadresse", "E-postadresse"),
                          html("type=\"email\" maxlength=\"254\" autocomplete=\"email\""), state));
    return out.add(
        "<p class=\"ds-paragraph\">{}</p>\n"
        "<p><button class=\"ds-button\" type=\"submit\">{}</button></p></form>\n",
        view.pick(
            "Vi bruker adressen til å sende deg innkallingen og det som gjelder møtet, og ikke "
            "til noe annet. De som holder møtet, ser navnet og adressen.",
            "Vi bruker adressa til å sende deg innkallinga og det som gjeld møtet, og ikkje "
            "til noko anna. Dei som held møtet, ser namnet og adressa."),
        view.pick("Meld meg på", "Meld meg på"));
}

}  // namespace

Result<AnswerPages::OpenMeeting> AnswerPages::open_meeting(const HttpRequest& request) const {
    const auto snapshot = engine_.snapshot();
    const std::string& id = request.parameter("id");
    auto found = snapshot->find_case(id);
    auto people = snapshot->invitations_of(id);
    if (!found.ok() || !people.ok()) {
        return found.ok() ? people.error() : found.error();
    }
    const auto definitions = engine_.definitions();
    if (!found.value() ||
        !workflows::is_open_to_others(*found.value(),
                                      workflows::context_of(*found.value(), *definitions))) {
        return Error{ErrorKind::NotFound, "no such open meeting"};
    }
    OpenMeeting meeting{.item = *found.value(), .people = {}, .definitions = definitions};
    for (const workflows::StoredInvitation& one : people.value()) {
        meeting.people.push_back(one.invitation);
    }
    return meeting;
}

HttpResponse AnswerPages::show(const HttpRequest& request, const OpenMeeting& meeting, int status,
                               const Text& notice, const FormState& state) const {
    HttpResponse out = pages_.draw_for_guest(request, [&](View& view) -> PageResult {
        Content content;
        content.title = case_title(meeting.item, *meeting.definitions);
        if (!notice.nb.empty()) {
            content.body.add("<p class=\"ds-alert\" data-color=\"{}\" role=\"status\">{}</p>\n",
                             status == 200 ? "success" : "warning", view.in(notice));
        }
        if (const auto time = workflows::meeting_time(meeting.item)) {
            content.body.add("<p class=\"ds-paragraph\"><strong>{}</strong>{}{}</p>\n",
                             workflows::time_in_words(*time, view.language),
                             time->place.empty() ? "" : ", ", time->place);
        }
        const auto context = workflows::context_of(meeting.item, *meeting.definitions);
        content.body.add(organiser_of(view, meeting.item, *meeting.definitions));
        content.body.add(
            agenda_section(view, meeting.item,
                           context.cohort->find_date(*context.requirement, meeting.item.period)));
        const auto terms = workflows::sign_up_terms(meeting.item, context, meeting.people);
        const auto open = workflows::may_sign_up(meeting.item, context, meeting.people, view.now(),
                                                 meeting.definitions->time_zone());
        if (open.ok()) {
            content.body.add("<p class=\"ds-paragraph\">{}</p>\n", in_words(*terms, view.language));
            content.body.add(sign_up_form(view, "/p/" + encode_path(meeting.item.id), state));
        } else if (status != 200 || notice.nb.empty()) {
            content.body.add("<p class=\"ds-paragraph\">{}</p>\n",
                             why_closed(open.error().code, *terms, view.language));
        }
        return content;
    });
    out.status = out.status == 200 ? status : out.status;
    return out;
}

HttpResponse AnswerPages::sign_up_page(const HttpRequest& request) const {
    const auto meeting = open_meeting(request);
    return meeting.ok() ? show(request, meeting.value(), 200, {}) : lost(request, meeting.error());
}

HttpResponse AnswerPages::sign_up(const HttpRequest& request) const {
    const auto meeting = open_meeting(request);
    if (!meeting.ok()) {
        return lost(request, meeting.error());
    }
    const std::string name{request.field("navn")};
    const std::string address{request.field("adresse")};
    const bool is_formed = workflows::check_sign_up(name, address).ok();
    RateLimit& limit = is_formed ? by_client_ : misspelt_by_client_;
    if (monotonic_seconds_ && !limit.allow(request.remote_address, monotonic_seconds_())) {
        return show(request, meeting.value(), 429, kTooOften);
    }
    if (!is_formed) {
        return show(request, meeting.value(), 422, {}, state_of(name, address));
    }
    RaiseEvent command;
    command.event.case_id = meeting.value().item.id;
    command.event.name = "signed_up";
    command.event.by = workflows::Actor::Attendee;
    command.event.fields = {{"name", name}, {"address", address}};
    const auto answer = engine_.raise(command);
    if (answer.ok()) {
        return show(request, meeting.value(), 200, kSignedUp);
    }
    if (answer.error().kind == ErrorKind::Unavailable) {
        return pages_.error_page(request, 503);
    }
    // Why not stands on the page, as it is now.
    const auto now = open_meeting(request);
    return now.ok() ? show(request, now.value(), 409, {}) : lost(request, now.error());
}

}  // namespace fristvakt::daemon
