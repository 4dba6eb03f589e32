#include <algorithm>
#include <map>
#include <set>

#include "daemon/access/rights.hpp"
#include "daemon/access/visible.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "daemon/web/programmes/warnings.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"

/// What a change would bring, and what is said when it cannot be made.
namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Text;

namespace {

constexpr std::size_t kRowsMax{2000};

Text words_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Added:
            return {"Kommer til", "Kjem til"};
        case ChangeKind::Removed:
            return {"Faller bort", "Fell bort"};
        case ChangeKind::Moved:
            return {"Flyttes", "Blir flytta"};
        case ChangeKind::Reworded:
            return {"Får ny tekst eller kopi", "Får ny tekst eller kopi"};
    }
    return {};
}

std::string_view sign_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Added:
            return "+";
        case ChangeKind::Removed:
            return "−";
        case ChangeKind::Moved:
            return "→";
        case ChangeKind::Reworded:
            return "✎";
    }
    return "";
}

/// Why a text does not say when something is.
Text words_of_when(std::string_view why) {
    struct Reason {
        std::string_view code;
        Text words;
    };
    static const Reason kReasons[] = {
        {"no-year",
         {"Når: skriv året også, slik: 6. november 2019",
          "Når: skriv året òg, slik: 6. november 2019"}},
        {"no-such-day",
         {"Når: den dagen finnes ikke i kalenderen", "Når: den dagen finst ikkje i kalenderen"}},
        {"no-such-time",
         {"Når: det klokkeslettet finnes ikke", "Når: det klokkeslettet finst ikkje"}},
        {"weekday",
         {"Når: ukedagen passer ikke med datoen", "Når: vekedagen passar ikkje med datoen"}},
        {"backwards",
         {"Når: slutten må komme etter begynnelsen; skriv begge årstallene når de er ulike",
          "Når: slutten må kome etter byrjinga; skriv begge årstala når dei er ulike"}},
        {"disorder",
         {"Når: skriv dagene i rekkefølge, hver av dem én gang",
          "Når: skriv dagane i rekkjefølgje, kvar av dei éin gong"}},
        {"too-many", {"Når: det er for mange dager", "Når: det er for mange dagar"}},
        {"no-end",
         {"Når: skriv også når møtet slutter, slik: 14.08.2018 kl. 09.00–12.00",
          "Når: skriv òg når møtet sluttar, slik: 14.08.2018 kl. 09.00–12.00"}},
        {"skipped",
         {"Når: klokka stilles fram den natta, og det klokkeslettet finnes ikke",
          "Når: klokka blir stilt fram den natta, og det klokkeslettet finst ikkje"}},
        {"longer-than-a-month",
         {"Når: møtet ville vart i mer enn en måned; se på år og måned",
          "Når: møtet ville vart i meir enn ein månad; sjå på år og månad"}},
        {"one-deadline",
         {"Når: en levering har én frist; lag en rad for hver",
          "Når: ei levering har éin frist; lag ei rad for kvar"}},
    };
    for (const Reason& reason : kReasons) {
        if (reason.code == why) {
            return reason.words;
        }
    }
    return {"Når: skriv slik: 14.08.2018, 16.–17. januar 2018 eller 14.08.2018 kl. 09.00–12.00",
            "Når: skriv slik: 14.08.2018, 16.–17. januar 2018 eller 14.08.2018 kl. 09.00–12.00"};
}

/// What was wrong with one field of a form.
Text words_of_field(std::string_view field) {
    if (field == "id") {
        return {"Skriv små bokstaver a–z, tall og bindestrek",
                "Skriv små bokstavar a–z, tal og bindestrek"};
    }
    if (field == "to") {
        return {"Siste dag må være en dato, og ikke før den første",
                "Siste dag må vere ein dato, og ikkje før den første"};
    }
    if (field == "from") {
        return {"Første dag må være en dato", "Første dag må vere ein dato"};
    }
    if (field == "start") {
        return {"Skriv dag og klokkeslett når møtet begynner",
                "Skriv dag og klokkeslett når møtet byrjar"};
    }
    if (field == "end") {
        return {"Skriv dag og klokkeslett når møtet slutter, etter at det begynner",
                "Skriv dag og klokkeslett når møtet sluttar, etter at det byrjar"};
    }
    if (field == "cancelled") {
        return {"Skriv hvorfor møtet er avlyst", "Skriv kvifor møtet er avlyst"};
    }
    if (field.starts_with("when")) {
        return words_of_when(field.substr(field.find('/') + 1));
    }
    if (field == "cancelled/delivery") {
        return {"En levering avlyses ikke; ta ut raden i stedet",
                "Ei levering blir ikkje avlyst; ta ut rada i staden"};
    }
    if (field == "what") {
        return {"Skriv hva det er", "Skriv kva det er"};
    }
    if (field == "who") {
        return {"Skriv en eller flere av gruppene til puljen, med komma mellom",
                "Skriv éi eller fleire av gruppene til pulja, med komma mellom"};
    }
    if (field == "kind") {
        return {"Velg møte, kurs, levering eller innspill",
                "Vel møte, kurs, levering eller innspel"};
    }
    if (field == "participants") {
        return {"Velg minst én deltaker", "Vel minst éin deltakar"};
    }
    if (field == "requirements") {
        return {"Velg minst ett krav", "Vel minst eitt krav"};
    }
    if (field == "spring" || field == "autumn") {
        return {"Skriv måned og dag, slik: 02-01", "Skriv månad og dag, slik: 02-01"};
    }
    if (field.starts_with("opens")) {
        return {"Skriv dagen kravet åpner, slik: 2027-01-04",
                "Skriv dagen kravet opnar, slik: 2027-01-04"};
    }
    if (field.starts_with("due")) {
        return {"Skriv en frist, slik: 2027-01-25", "Skriv ein frist, slik: 2027-01-25"};
    }
    if (field == "organisation") {
        return {"Velg en organisasjon som finnes", "Vel ein organisasjon som finst"};
    }
    if (field == "name") {
        return {"Skriv navnet", "Skriv namnet"};
    }
    if (field == "email") {
        return {"Skriv én e-postadresse, slik: navn@kommune.example",
                "Skriv éi e-postadresse, slik: namn@kommune.example"};
    }
    if (field == "roles") {
        return {
            "Skriv en eller flere roller med små bokstaver og mellomrom mellom, slik: "
            "ressursperson skoleeier",
            "Skriv ei eller fleire roller med små bokstavar og mellomrom mellom, slik: "
            "ressursperson skoleeier"};
    }
    if (field == "language") {
        return {"Målform må være nb, nn eller tom", "Målform må vere nb, nn eller tom"};
    }
    return {"Feltet kan ikke leses", "Feltet kan ikkje lesast"};
}

/// The same, also of what any field may be too long for.
Text words_of_problem(std::string_view field) {
    if (field.ends_with("/too-long")) {
        return {"Dette er for langt. Skriv det kortere, på én linje",
                "Dette er for langt. Skriv det kortare, på éi linje"};
    }
    return words_of_field(field);
}

Text words_of_conflict(std::string_view code) {
    if (code == "exists") {
        return {"Det finnes allerede. Ingenting er endret.",
                "Det finst allereie. Ingenting er endra."};
    }
    if (code == "last") {
        return {"Den siste kan ikke tas ut. Ingenting er endret.",
                "Den siste kan ikkje takast ut. Ingenting er endra."};
    }
    if (code == "moved-on") {
        return {
            "Noen andre kom først: dette ble endret mens du hadde siden åpen. Se hvordan det "
            "er nå, og gjør endringen på nytt hvis den fortsatt trengs. Ingenting er "
            "overskrevet.",
            "Nokon andre kom først: dette vart endra medan du hadde sida open. Sjå korleis "
            "det er no, og gjer endringa på nytt om ho framleis trengst. Ingenting er "
            "overskrive."};
    }
    if (code == "unread") {
        return {
            "Filene med det som er endret her, er rettet for hånd og ikke lest inn ennå. Si fra "
            "til dem som drifter fristvakt. Ingenting er endret.",
            "Filene med det som er endra her, er retta for hand og ikkje lesne inn enno. Sei "
            "frå til dei som driftar fristvakt. Ingenting er endra."};
    }
    if (code == "unsettled") {
        return {"Oppsettet er endret både her og i mappen. Velg først hva som skal gjelde.",
                "Oppsettet er endra både her og i mappa. Vel først kva som skal gjelde."};
    }
    return {
        "Oppsettet ville ikke holde sammen slik. Se over det du skrev, eller spør dem som drifter "
        "fristvakt. Ingenting er endret.",
        "Oppsettet ville ikkje halde saman slik. Sjå over det du skreiv, eller spør dei som "
        "driftar fristvakt. Ingenting er endra."};
}

/// Whether the reader may see what the message is about.
bool may_see(const ForeseenMessage& message, const Definitions& visible) {
    return std::ranges::all_of(message.cases, [&](const std::string& id) {
        const CaseName name = parse_case_name(id, visible);
        const auto* const cohort = visible.find_cohort(name.cohort);
        if (cohort == nullptr) {
            return false;
        }
        return cohort->find_participant(name.debtor) != nullptr ||
               std::ranges::any_of(cohort->requirements, [&](const auto& requirement) {
                   return std::ranges::find(requirement.debtors, name.debtor) !=
                          requirement.debtors.end();
               });
    });
}

/// "Gjøvik kommune, Hamar kommune".
std::string organisations_in(const ForeseenMessage& message, const Definitions& definitions) {
    std::string out;
    for (const std::string& id : message.cases) {
        const std::string name =
            organisation_name(parse_case_name(id, definitions).debtor, definitions);
        if (out.find(name) == std::string::npos) {
            out += (out.empty() ? "" : ", ") + name;
        }
    }
    return out;
}

/// How many of the new messages share one moment with the most others.
std::size_t most_at_once(const MessageDiff& diff) {
    std::map<workflows::Instant, std::size_t> at;
    std::size_t most{0};
    for (const MessageChange& change : diff.changes) {
        if (change.kind == ChangeKind::Added) {
            most = std::max(most, ++at[change.after->at]);
        }
    }
    return most;
}

Table messages_table(const View& view, const Proposal& proposal, std::size_t& hidden_count) {
    const auto before = visible_to(view.visitor(), proposal.before);
    const auto after = visible_to(view.visitor(), proposal.after);
    const auto& zone = view.definitions->time_zone();
    Table table{.name = "meldinger",
                .title = {"Meldingene som endres", "Meldingane som blir endra"},
                .columns = {{"at", {"Når", "Når"}},
                            {"change", {"Endring", "Endring"}},
                            {"before", {"Før", "Før"}},
                            {"to", {"Til", "Til"}},
                            {"about", {"Gjelder", "Gjeld"}},
                            {"subject", {"Emne", "Emne"}}},
                .rows = {}};
    for (const MessageChange& change : proposal.messages.changes) {
        const ForeseenMessage& shown = change.shown();
        if (!may_see(shown, change.after ? *after : *before)) {
            ++hidden_count;
            continue;
        }
        if (table.rows.size() >= kRowsMax) {
            continue;
        }
        const std::string word = view.in(words_of(change.kind));
        table.rows.push_back(
            {Cell{short_time(shown.at, zone)},
             Cell{word,
                  html("<span aria-hidden=\"true\">{}</span> {}", sign_of(change.kind), word)},
             change.kind == ChangeKind::Moved ? Cell{short_time(change.before->at, zone)} : Cell{},
             Cell{shown.to},
             Cell{organisations_in(shown, change.after ? *proposal.after : *proposal.before)},
             Cell{shown.subject}});
    }
    return table;
}

Html counts(const View& view, const Proposal& proposal) {
    const MessageDiff& diff = proposal.messages;
    return html(
        "<p class=\"ds-paragraph\" id=\"sum\"><strong>{} {} · {} {} · {} {} · {} {}</strong> · {} "
        "{}. {} {}.</p>\n",
        diff.count(ChangeKind::Added), view.pick("meldinger kommer til", "meldingar kjem til"),
        diff.count(ChangeKind::Moved), view.pick("flyttes", "blir flytta"),
        diff.count(ChangeKind::Removed), view.pick("faller bort", "fell bort"),
        diff.count(ChangeKind::Reworded), view.pick("får ny tekst", "får ny tekst"), diff.same,
        view.pick("blir som før", "blir som før"),
        view.pick("Regnet ut som om ingen svarer, fram til",
                  "Rekna ut som om ingen svarar, fram til"),
        workflows::long_date(view.definitions->time_zone().date_of(proposal.until), view.language));
}

/// What a list of cases says around them.
struct ListWords {
    std::string_view id;  ///< Of the section.
    std::string_view title;
    std::string_view meaning;
};

/// `known`: the configuration that calls for the cases, as the reader sees it. A case that it does
/// not know is counted alone.
Html case_list(const View& view, const Definitions& known, const std::vector<std::string>& cases,
               const ListWords& words) {
    if (cases.empty()) {
        return {};
    }
    Html items;
    std::size_t hidden_count{0};
    for (const std::string& one : cases) {
        const CaseName name = parse_case_name(one, known);
        if (known.find_cohort(name.cohort) == nullptr ||
            known.find_organisation(name.debtor) == nullptr) {
            ++hidden_count;
            continue;
        }
        const auto* const requirement =
            known.find_cohort(name.cohort)->find_requirement(name.requirement);
        items.add("<li><a class=\"ds-link\" href=\"/sak/{}\">{} – {}</a></li>\n", encode_path(one),
                  requirement == nullptr ? one : view.in(requirement->title),
                  organisation_name(name.debtor, known));
    }
    return html(
        "<section id=\"{}\"><h2 class=\"ds-heading\" data-size=\"sm\">{} {}</h2>\n"
        "<p class=\"ds-paragraph\">{}</p><ul>{}</ul>{}</section>\n",
        words.id, cases.size(), words.title, words.meaning, items,
        hidden_count == 0 ? Html{} : html("<p>+ {}</p>", hidden_count));
}

Html withdrawn(const View& view, const Proposal& proposal) {
    return case_list(
        view, *visible_to(view.visitor(), proposal.before), proposal.withdrawn,
        {"trekkes",
         proposal.withdrawn.size() == 1 ? view.pick("åpen sak trekkes", "open sak blir trekt")
                                        : view.pick("åpne saker trekkes", "opne saker blir trekte"),
         view.pick("De får ingen flere påminnelser. Settes det inn igjen som tas ut nå, åpnes "
                   "sakene igjen.",
                   "Dei får ingen fleire påminningar. Blir det sett inn igjen som blir teke ut no, "
                   "opnar sakene igjen.")});
}

Html reopened(const View& view, const Proposal& proposal) {
    return case_list(
        view, *visible_to(view.visitor(), proposal.after), proposal.reopened,
        {"gjenåpnes",
         proposal.reopened.size() == 1 ? view.pick("sak åpnes igjen", "sak opnar igjen")
                                       : view.pick("saker åpnes igjen", "saker opnar igjen"),
         view.pick("De ble trukket da de ble tatt ut, og går videre der de var. Ingen får en "
                   "påminnelse de alt har fått.",
                   "Dei vart trekte då dei vart tekne ut, og går vidare der dei var. Ingen får ei "
                   "påminning dei alt har fått.")});
}

Html contact_counts(const View& view, const Proposal& proposal) {
    if (proposal.contacts_new + proposal.contacts_changed + proposal.contacts_same == 0) {
        return {};
    }
    return html(
        "<p class=\"ds-paragraph\" id=\"kontakter\">{}: <strong>{} {} · {} {}</strong> · {} "
        "{}.</p>\n",
        view.pick("Kontaktpersoner", "Kontaktpersonar"), proposal.contacts_new,
        view.pick("nye", "nye"), proposal.contacts_changed, view.pick("endres", "blir endra"),
        proposal.contacts_same, view.pick("som før", "som før"));
}

/// A date of the meeting that is changed; null: it has none then.
const workflows::MeetingDate* date_in(const Definitions& definitions, const MeetingDated& dated,
                                      const std::string& start) {
    const auto* const cohort = definitions.find_cohort(dated.cohort);
    const auto* const meeting = cohort == nullptr ? nullptr : cohort->find_meeting(dated.meeting);
    if (meeting == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(
        meeting->dates, start, [](const auto& date) { return workflows::written(date.start); });
    return found == meeting->dates.end() ? nullptr : &*found;
}

/// Whether a form was sent as it stood.
bool stays(const Edit& edit, const Proposal& proposal) {
    const auto* const dated = std::get_if<MeetingDated>(&edit);
    if (dated == nullptr) {
        return false;
    }
    const auto* const before = date_in(*proposal.before, *dated, dated->old_start);
    const auto* const after = date_in(*proposal.after, *dated, dated->start);
    return before != nullptr && after != nullptr && before->start == after->start &&
           before->end == after->end && before->place == after->place &&
           before->cancelled == after->cancelled;
}

/// "tirsdag 23. mars 2021 kl. 09.00–12.00, Teams"; empty when it is not held.
std::string in_words(const workflows::MeetingDate* date, workflows::Language language) {
    if (date == nullptr || !date->cancelled.empty()) {
        return {};
    }
    return workflows::time_in_words(workflows::time_of(*date), language) +
           (date->place.empty() ? "" : ", ") + date->place;
}

/// "Fra … til …", first of all that is shown of a meeting's change.
Html from_and_to(const View& view, const Edit& edit, const Proposal& proposal) {
    const auto* const dated = std::get_if<MeetingDated>(&edit);
    if (dated == nullptr) {
        return {};
    }
    const std::string from =
        in_words(date_in(*proposal.before, *dated, dated->old_start), view.language);
    const std::string to = in_words(date_in(*proposal.after, *dated, dated->start), view.language);
    Html line;
    if (!from.empty() && !to.empty()) {
        line = html("{} <strong>{}</strong><br>{} <strong>{}</strong>", view.pick("Fra", "Frå"),
                    from, view.pick("til", "til"), to);
    } else if (!to.empty()) {
        line = html("{} <strong>{}</strong>", view.pick("Ny dato:", "Ny dato:"), to);
    } else if (!from.empty() && !dated->cancelled.empty()) {
        line = html("{} <strong>{}</strong>", view.pick("Avlyses:", "Blir avlyst:"), from);
    } else if (!from.empty()) {
        line = html("{} <strong>{}</strong>",
                    view.pick("Datoen tas bort:", "Datoen blir teken bort:"), from);
    }
    return line.empty() ? Html{} : html("<p class=\"ds-paragraph\" id=\"dato\">{}</p>\n", line);
}

/// Who hears of a meeting as soon as the change is taken into use, before all that comes later.
Html told(const View& view, const Proposal& proposal) {
    const auto after = visible_to(view.visitor(), proposal.after);
    std::set<std::string> people;
    std::set<std::string> shown;
    for (const MessageChange& change : proposal.messages.changes) {
        // What a message of an invitation is about is "CASE invitation", "CASE invitation-moved".
        if (change.kind != ChangeKind::Added ||
            change.after->what.find(" invitation") == std::string::npos) {
            continue;
        }
        people.insert(change.after->to);
        if (may_see(*change.after, *after)) {
            shown.insert(change.after->to);
        }
    }
    if (people.empty()) {
        return {};
    }
    Html items;
    for (const std::string& address : shown) {
        items.add("<li>{}</li>\n", address);
    }
    return html(
        "<details class=\"ds-details\" id=\"beskjed\"><summary>{} {}</summary>"
        "<ul class=\"ds-list\">{}</ul></details>\n",
        people.size(), view.pick("får beskjed om møtet", "får beskjed om møtet"), items);
}

Html give_up(const View& view, const std::string& back) {
    return html("<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n", back,
                view.pick("Avbryt og gå tilbake", "Avbryt og gå tilbake"));
}

}  // namespace

HttpResponse Programmes::carry_out(View& view, const FormData& form, const Order& order) const {
    EditRequest request{.edit = order.edit,
                        .visitor = view.visitor(),
                        .who = view.who_is_known ? view.who : form.get("hvem"),
                        .seen = form.get("sett")};
    if (form.get("vist") == "1") {
        const auto done = desk_.take_up(request);
        if (!done.ok()) {
            return refuse(view, order, done.error(), state_of_form(form));
        }
        HttpResponse response = see_other(
            order.back + (order.back.find('?') == std::string::npos ? "?" : "&") + "gjort=1");
        if (!order.done_case.empty()) {
            const auto made = engines_.of(view.visitor()).snapshot()->find_case(order.done_case);
            if (made.ok() && made.value()) {
                response = see_other("/sak/" + encode_path(order.done_case) +
                                     encode_query({{"gjort", std::string{order.done}}}));
            }
        }
        remember_who(response, view, request.who);
        return response;
    }
    const std::string seen = desk_.version_of(order.edit);
    const auto proposal = desk_.propose(request);
    if (!proposal.ok()) {
        return refuse(view, order, proposal.error(), state_of_form(form));
    }
    return show(view, form, order, proposal.value(), request.seen.empty() ? seen : request.seen);
}

HttpResponse Programmes::refuse(View& view, const Order& order, const Error& error,
                                FormState state) const {
    const auto say = [&](const Text& words, int status, const Html& more) {
        return page(view, order.what,
                    html("<p class=\"ds-alert\" data-color=\"warning\" role=\"alert\">{}</p>\n{}{}",
                         view.in(words), more, give_up(view, order.back)),
                    status);
    };
    // What was typed is not lost. A form of a mere button has nothing to keep.
    const auto keep = [&](const Text& words, int status, const Html& more) {
        state.problems.push_back({"", words});
        HttpResponse with_form = order.again(state, status);
        return with_form.status == status ? with_form : say(words, status, more);
    };
    if (error.kind == ErrorKind::Forbidden) {
        return pages_.error_page(view.request, 403);
    }
    if (error.kind == ErrorKind::NotFound) {
        return pages_.error_page(view.request, 404);
    }
    if (error.code == "saved") {
        return say({"Endringen er lagret, men er ikke tatt i bruk ennå. Si fra til dem som drifter "
                    "fristvakt.",
                    "Endringa er lagra, men er ikkje teken i bruk enno. Sei frå til dei som "
                    "driftar fristvakt."},
                   503, {});
    }
    if (error.kind == ErrorKind::Unavailable) {
        return pages_.error_page(view.request, 503);
    }
    if (error.code.starts_with("field:")) {
        const std::string field = error.code.substr(6);
        state.problems.push_back({field.substr(0, field.find('/')), words_of_problem(field)});
        return order.again(state, 422);
    }
    if (error.code == "unsettled") {
        return say(words_of_conflict(error.code), 409,
                   html("<p><a class=\"ds-link\" href=\"/ordninger/konflikter\">{}</a></p>\n",
                        view.pick("Se konfliktene", "Sjå konfliktane")));
    }
    if (error.code == "findings" || error.code.empty()) {
        state.values.insert_or_assign(std::string{kFindings}, error.message);
        return keep(words_of_conflict("findings"), 422, findings_fold(view, error.message));
    }
    if (error.code == "moved-on") {
        state.values.erase("sett");  // The form comes back as things are now.
    }
    return keep(words_of_conflict(error.code), 409, {});
}

HttpResponse Programmes::show(View& view, const FormData& form, const Order& order,
                              const Proposal& proposal, const std::string& seen) const {
    if (proposal.after != nullptr && stays(order.edit, proposal)) {
        return page(view, order.what,
                    html("<p class=\"ds-alert\" data-color=\"info\" role=\"status\">{}</p>\n"
                         "<p><a class=\"ds-link\" href=\"{}\">{}</a></p>\n",
                         view.pick("Det står slik fra før. Det er ingenting å ta i bruk.",
                                   "Det står slik frå før. Det er ingenting å ta i bruk."),
                         order.back, view.pick("Tilbake", "Tilbake")));
    }
    Html body;
    body.add("<p class=\"ds-paragraph\">{}</p>\n",
             view.pick("Ingenting er endret ennå. Se over hva endringen gjør, og ta den i bruk "
                       "nederst.",
                       "Ingenting er endra enno. Sjå over kva endringa gjer, og ta ho i bruk "
                       "nedst."));
    if (proposal.after != nullptr) {
        body.add(from_and_to(view, order.edit, proposal));
        body.add(told(view, proposal));
        body.add(warnings(view, order.edit, proposal));
    }
    body.add(contact_counts(view, proposal));
    if (proposal.after == nullptr) {
        body.add("<p class=\"ds-paragraph\">{}</p>\n",
                 view.pick("Det er flere konflikter. Oppsettet tas i bruk når alle er avgjort.",
                           "Det er fleire konfliktar. Oppsettet blir teke i bruk når alle er "
                           "avgjorde."));
    } else {
        body.add(counts(view, proposal));
        const std::size_t most = most_at_once(proposal.messages);
        if (most > static_cast<std::size_t>(proposal.after->installation.brake)) {
            body.add("<p class=\"ds-alert\" data-color=\"warning\">{} {}</p>\n", most,
                     view.pick("nye meldinger går ut på likt. Tar du dette i bruk, holder bremsen "
                               "dem ikke tilbake.",
                               "nye meldingar går ut på likt. Tek du dette i bruk, held ikkje "
                               "bremsa dei tilbake."));
        }
        body.add(withdrawn(view, proposal));
        body.add(reopened(view, proposal));
        std::size_t hidden_count{0};
        const Table table = messages_table(view, proposal, hidden_count);
        if (!table.rows.empty()) {
            body.add(section(view, table));
        }
        if (hidden_count > 0) {
            body.add("<p class=\"ds-paragraph\">{} {}</p>\n", hidden_count,
                     view.pick("av meldingene gjelder saker du ikke har tilgang til.",
                               "av meldingane gjeld saker du ikkje har tilgang til."));
        }
    }
    body.add("<form class=\"fv-action\" method=\"post\" action=\"{}\">{}", order.path,
             form_token_field(view));
    for (const auto& [name, value] : form.values()) {
        if (name != kFormTokenField && name != "vist" && name != "sett" && name != "hvem") {
            body.add(hidden(name, value));
        }
    }
    body.add(hidden("vist", "1")).add(hidden("sett", seen));
    Action who;  // Only the name of whoever does it, where nobody signs in.
    body.add(draw_fields(view, who, "f", {}));
    body.add(
        "<p class=\"fv-buttons\"><button class=\"ds-button\" type=\"submit\">{}</button></p>"
        "</form>\n{}",
        view.pick("Ta i bruk", "Ta i bruk"), give_up(view, order.back));
    return page(view, order.what, body);
}

}  // namespace fristvakt::daemon
