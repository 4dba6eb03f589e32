#include "daemon/web/actions/action.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/plan.hpp"
#include "workflows/decision/receipt.hpp"
#include "workflows/decision/send_now.hpp"
#include "workflows/decision/state_title.hpp"
#include "workflows/decision/stop.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Actor;
using workflows::Case;
using workflows::CaseContext;
using workflows::Definitions;
using workflows::Instant;
using workflows::Party;
using workflows::Reminder;
using workflows::Text;
using workflows::Transition;

namespace {

struct Wording {
    std::string_view event;
    std::string_view nb;
    std::string_view nn;
    std::string_view lead_nb;
    std::string_view lead_nn;
};

/// In the order in which they are shown.
constexpr std::array kWordings{
    Wording{
        "received", "Registrer mottatt", "Registrer motteke",
        "Påminnelsene stopper, og kontaktpersonen får en kvittering med en gang, om du ikke velger "
        "den bort.",
        "Påminningane stoppar, og kontaktpersonen får ei kvittering med ein gong, om du ikkje vel "
        "henne bort."},
    Wording{"claimed", "Meldt sendt på vegne av dem", "Meldt send på vegner av dei",
            "De har sagt fra at det er sendt. Påminnelsene hviler til vi har registrert det.",
            "Dei har sagt frå at det er sendt. Påminningane kviler til vi har registrert det."},
    Wording{"more_time_given", "Gi lengre frist", "Gi lengre frist",
            "Påminnelsene regnes på nytt fra den nye fristen, og kontaktpersonen får beskjed.",
            "Påminningane blir rekna på nytt frå den nye fristen, og kontaktpersonen får beskjed."},
    Wording{"incomplete", "Noe mangler", "Noko manglar",
            "Skriv hva som mangler. Kontaktpersonen får beskjed om det og om den nye fristen.",
            "Skriv kva som manglar. Kontaktpersonen får beskjed om det og om den nye fristen."},
    Wording{"not_found", "Finner det ikke", "Finn det ikkje",
            "Vi har lett, men ikke funnet det de meldte sendt. De får beskjed om det.",
            "Vi har leita, men ikkje funne det dei melde sendt. Dei får beskjed om det."},
    Wording{"accepted", "Godkjenn", "Godkjenn", "Saken avsluttes som godkjent.",
            "Saka blir avslutta som godkjend."},
    Wording{"forwarded", "Send videre", "Send vidare", "Saken er sendt videre fra oss.",
            "Saka er send vidare frå oss."},
    Wording{"granted", "Innvilg", "Innvilg", "Ønsket eller søknaden innvilges.",
            "Ønsket eller søknaden blir innvilga."},
    Wording{"declined", "Avslå", "Avslå", "Ønsket avslås, og de får beskjed.",
            "Ønsket blir avslått, og dei får beskjed."},
    Wording{"refused", "Avslå", "Avslå", "Søknaden avslås.", "Søknaden blir avslått."},
    Wording{"confirmed", "Bekreft", "Stadfest", "Vi bekrefter det de har meldt.",
            "Vi stadfestar det dei har meldt."},
    Wording{"ranked", "Rangér", "Ranger", "Sett plassen i rekkefølgen.",
            "Set plassen i rekkjefølgja."},
    Wording{"dated", "Sett dato", "Set dato", "Møtet får dato.", "Møtet får dato."},
    Wording{"moved", "Flytt møtet", "Flytt møtet", "Møtet får ny dato.", "Møtet får ny dato."},
    Wording{"undated", "Ta bort datoen", "Ta bort datoen", "Møtet skal ha en annen dato.",
            "Møtet skal ha ein annan dato."},
    Wording{"invited", "Send innkalling", "Send innkalling",
            "Hver deltaker får en e-post med møtet til kalenderen, og svarer der.",
            "Kvar deltakar får ein e-post med møtet til kalenderen, og svarar der."},
    Wording{"agenda_sent", "Sakslisten er sendt", "Sakslista er send",
            "Skriv eller lim inn sakslisten, så sendes den til alle som er innkalt og ikke har "
            "sagt nei. "
            "Har de fått den alt, lar du feltet stå tomt.",
            "Skriv eller lim inn sakslista, så blir ho send til alle som er innkalla og ikkje har "
            "sagt nei. Har dei fått ho alt, lèt du feltet stå tomt."},
    Wording{"held", "Møtet er holdt", "Møtet er halde",
            "Møtet er gjennomført. Skriv gjerne hvor mange som var med.",
            "Møtet er gjennomført. Skriv gjerne kor mange som var med."},
    Wording{
        "minutes_sent", "Referatet er sendt", "Referatet er sendt",
        "Saken avsluttes. Skriv referatet eller lim inn lenken til det, så sendes det til alle "
        "som var innkalt. Har de fått det alt, lar du feltet stå tomt.",
        "Saka blir avslutta. Skriv referatet eller lim inn lenkja til det, så blir det sendt til "
        "alle som var innkalla. Har dei fått det alt, lèt du feltet stå tomt."},
    Wording{"without_minutes", "Avslutt uten referat", "Avslutt utan referat",
            "Det blir ikke skrevet referat. Saken avsluttes.",
            "Det blir ikkje skrive referat. Saka blir avslutta."},
    Wording{"cancelled", "Avlys", "Avlys", "Møtet blir ikke noe av.", "Møtet blir ikkje noko av."},
    Wording{"nothing_to_report", "Ingenting å melde", "Ingenting å melde",
            "De har sagt fra at de ikke har noe å melde.",
            "Dei har sagt frå at dei ikkje har noko å melde."},
    Wording{"exempted", "Gjelder ikke", "Gjeld ikkje",
            "Kravet gjelder ikke for dem. Saken avsluttes, og ingen får flere påminnelser.",
            "Kravet gjeld ikkje for dei. Saka blir avslutta, og ingen får fleire påminningar."},
    Wording{"more_time_asked", "Ber om lengre frist, på vegne av dem",
            "Ber om lengre frist, på vegner av dei",
            "De har bedt om lengre frist. Påminnelsene hviler til vi har svart.",
            "Dei har bede om lengre frist. Påminningane kviler til vi har svart."},
    Wording{"paused", "Sett påminnelsene på pause", "Set påminningane på pause",
            "Ingen får påminnelser i saken før pausen er over.",
            "Ingen får påminningar i saka før pausen er over."},
    Wording{"resumed", "Ta opp igjen påminnelsene", "Ta opp att påminningane",
            "Påminnelsene fortsetter. De som ble hoppet over i pausen, sendes ikke.",
            "Påminningane held fram. Dei som vart hoppa over i pausen, blir ikkje sende."},
    Wording{"sent_now", "Send påminnelse nå", "Send påminning no",
            "Påminnelsen går ut med en gang, også utenom sendetiden, og teller som en av ukens.",
            "Påminninga går ut med ein gong, også utanom sendetida, og tel som ei av dei i veka."},
    Wording{"reminder_stopped", "Stopp en påminnelse", "Stopp ei påminning",
            "Denne ene påminnelsen sendes ikke. De andre i planen går som før.",
            "Denne eine påminninga blir ikkje send. Dei andre i planen går som før."},
    Wording{"deadline_moved", "Flytt fristen", "Flytt fristen",
            "Påminnelsene regnes på nytt fra den nye fristen.",
            "Påminningane blir rekna på nytt frå den nye fristen."},
    Wording{"noted", "Skriv et notat", "Skriv eit notat",
            "Notatet står i historikken. Ingen får beskjed, og notatet kan ikke angres.",
            "Notatet står i historikken. Ingen får beskjed, og notatet kan ikkje angrast."},
    Wording{"withdrawn", "Trekk saken", "Trekk saka",
            "Saken skulle ikke vært der. Den avsluttes, og ingen får flere påminnelser.",
            "Saka skulle ikkje vore der. Ho blir avslutta, og ingen får fleire påminningar."},
    Wording{"reverted", "Angre", "Angre", "Det siste som ble gjort i saken, gjøres om.",
            "Det siste som vart gjort i saka, blir gjort om."},
};

struct FieldWording {
    std::string_view name;
    ActionField::Kind kind;
    std::string_view nb;
    std::string_view nn;
};

using Kind = ActionField::Kind;
constexpr std::array kFields{
    FieldWording{"until", Kind::Day, "Ny frist", "Ny frist"},
    FieldWording{"received_on", Kind::Day, "Dato mottatt", "Dato motteke"},
    FieldWording{"returned_on", Kind::Day, "Sendt tilbake", "Send tilbake"},
    FieldWording{"nothing_to_report", Kind::Day, "Meldte ingenting å melde",
                 "Melde ingenting å melde"},
    FieldWording{"case_number", Kind::Line, "Saksnummer", "Saksnummer"},
    FieldWording{"document_number", Kind::Line, "Dokumentnummer", "Dokumentnummer"},
    FieldWording{"reason", Kind::Lines, "Begrunnelse", "Grunngiving"},
    FieldWording{"missing", Kind::Lines, "Hva mangler?", "Kva manglar?"},
    FieldWording{"text", Kind::Lines, "Notat", "Notat"},
    FieldWording{"suggestion", Kind::Lines, "Hva foreslo de?", "Kva foreslo dei?"},
    FieldWording{"rank", Kind::Number, "Plass", "Plass"},
    FieldWording{"amount", Kind::Number, "Beløp i kroner", "Beløp i kroner"},
    FieldWording{"outcome", Kind::Line, "Utfall", "Utfall"},
    FieldWording{"start", Kind::Time, "Start", "Start"},
    FieldWording{"end", Kind::Time, "Slutt", "Slutt"},
    FieldWording{"place", Kind::Line, "Sted", "Stad"},
    FieldWording{"join_url", Kind::Line, "Nettmøte", "Nettmøte"},
    FieldWording{"agenda", Kind::Lines, "Saksliste", "Saksliste"},
    FieldWording{"minutes", Kind::Lines, "Referat", "Referat"},
    FieldWording{"agenda_shared", Kind::Day, "Saksliste sendt herfra", "Saksliste send herifrå"},
    FieldWording{"minutes_shared", Kind::Day, "Referat sendt herfra", "Referat sendt herifrå"},
    FieldWording{"attended", Kind::Number, "Hvor mange var med?", "Kor mange var med?"},
    FieldWording{"step", Kind::Choice, "Hvilken påminnelse", "Kva påminning"},
    FieldWording{"receipt", Kind::Choice, "Kvittering", "Kvittering"},
    FieldWording{"notice", Kind::Choice, "Hva skal stå i den", "Kva skal stå i ho"},
};

const Wording* find_wording(std::string_view event) {
    const auto* const found = std::ranges::find(kWordings, event, &Wording::event);
    return found == kWordings.end() ? nullptr : found;
}

ActionField field_of(std::string_view name, bool required) {
    ActionField field{.name = std::string{name},
                      .label = field_label(name),
                      .hint = {},
                      .kind = Kind::Line,
                      .required = required,
                      .value = {},
                      .choices = {}};
    const auto* const known = std::ranges::find(kFields, name, &FieldWording::name);
    if (known != kFields.end()) {
        field.kind = known->kind;
    }
    return field;
}

Action action_of(std::string_view event) {
    Action action;
    action.event = event;
    action.title = action_title(event);
    if (const Wording* wording = find_wording(event)) {
        action.lead = {std::string{wording->lead_nb}, std::string{wording->lead_nn}};
    }
    return action;
}

ActionField pause_until(bool required) {
    ActionField field = field_of("until", required);
    field.label = {"Pause til og med", "Pause til og med"};
    field.hint = {"La feltet stå tomt for en pause til noen tar dem opp igjen.",
                  "La feltet stå tomt for ein pause til nokon tek dei opp att."};
    return field;
}

Action paused_action() {
    Action action = action_of("paused");
    action.fields = {pause_until(false), field_of("reason", true)};
    return action;
}

Action noted_action() {
    Action action = action_of("noted");
    action.fields = {field_of("text", true)};
    return action;
}

ActionField receipt_choice() {
    ActionField field = field_of(workflows::kReceipt, false);
    field.choices = {
        {"", {"Send kvittering til kontaktpersonen", "Send kvittering til kontaktpersonen"}},
        {"no", {"Ikke send kvittering", "Ikkje send kvittering"}}};
    return field;
}

void prefill(Action& action, const Case& item, const CaseContext& context, workflows::Date today) {
    for (ActionField& field : action.fields) {
        const auto wish = item.fields.find(field.name);
        // Who grants a request most often gives what was asked for.
        if (!item.parent.empty() && wish != item.fields.end()) {
            field.value = wish->second;
        }
        if (field.name == workflows::kAgenda && wish != item.fields.end()) {
            field.value = wish->second;  // To be put right rather than written again.
        }
        if (field.name == "received_on") {
            field.value = workflows::iso_date(today);
        } else if (field.name == "case_number" && context.requirement != nullptr) {
            field.value = context.requirement->deliver.case_number;
        }
    }
}

/// What the workflow says of one event.
Action action_of(const Transition& transition) {
    Action action = action_of(transition.event);
    const bool ours = std::ranges::find(transition.by, Party::Creditor) != transition.by.end();
    action.by = ours ? Actor::Creditor : Actor::Debtor;
    action.on_behalf = !ours;
    for (const std::string& name : required_fields(transition)) {
        action.fields.push_back(field_of(name, true));
    }
    for (const workflows::Assignment& set : transition.sets) {
        if (!set.is_today() && std::ranges::find(action.fields, set.field, &ActionField::name) ==
                                   action.fields.end()) {
            action.fields.push_back(field_of(set.field, false));
        }
    }
    if (!transition.shares.empty()) {
        action.fields.push_back(field_of(transition.shares, false));
    }
    if (transition.event == "more_time_given" || transition.event == "declined") {
        action.fields.push_back(field_of("reason", false));
    }
    if (transition.event == "more_time_asked") {
        ActionField until = field_of("until", false);
        until.label = {"Ønsket frist", "Ønskt frist"};
        action.fields.push_back(until);
        action.fields.push_back(field_of("reason", false));
    }
    return action;
}

bool invites(const CaseContext& context, std::string_view state) {
    const workflows::State* const known =
        context.workflow == nullptr ? nullptr : context.workflow->find_state(state);
    return known != nullptr && known->invites;
}

/// The same events mean something else where nothing was said to have been sent.
void name_for_nothing(std::vector<Action>& actions) {
    for (Action& action : actions) {
        if (action.event == "received" || action.event == "confirmed") {
            action.title = {"Bekreft «ingenting å melde»", "Stadfest «ingenting å melde»"};
            action.lead = {
                "De har sagt fra at de ikke har noe å melde. Saken blir stående slik.",
                "Dei har sagt frå at dei ikkje har noko å melde. Saka blir ståande slik."};
        } else if (action.event == "not_found") {
            action.title = {"De skal levere likevel", "Dei skal levere likevel"};
            action.lead = {"Påminnelsene går videre, og de får beskjed om det.",
                           "Påminningane går vidare, og dei får beskjed om det."};
        }
    }
}

/// Steps that can still be stopped. What the transport has meanwhile is refused when it is done.
std::vector<std::pair<std::string, Text>> stoppable_steps(const Case& item,
                                                          const std::vector<Reminder>& reminders,
                                                          const CaseContext& context,
                                                          const Definitions& definitions,
                                                          Instant now) {
    std::vector<std::pair<std::string, Text>> steps;
    for (const auto& occurrence : workflows::occurrences_of(item, context, definitions)) {
        const std::string& id = occurrence.step->id;
        if (workflows::is_left_to_stop(occurrence, item, reminders, {}, now)) {
            const Text step = words_of_step(id, context.ladder);
            const Text notice = words_of_notice(occurrence.step->notice);
            steps.emplace_back(id, Text{fmt::format("{}, {}", notice.nb, step.nb),
                                        fmt::format("{}, {}", notice.nn, step.nn)});
        }
    }
    return steps;
}

void add_sent_now(std::vector<Action>& actions, const Case& item,
                  const std::vector<Reminder>& reminders, const CaseContext& context,
                  const Definitions& definitions, Instant now) {
    const auto next = workflows::choose_send_now(item, reminders, context, definitions, {}, now);
    if (!next.ok()) {
        return;
    }
    Action action = action_of("sent_now");
    ActionField notice = field_of("notice", false);
    const Text word = words_of_notice(next.value().notice);
    if (next.value().occurrence) {
        const Text step = words_of_step(next.value().occurrence->step->id, context.ladder);
        notice.choices.emplace_back(
            "", Text{fmt::format("Den neste i planen: {}, {}", word.nb, step.nb),
                     fmt::format("Den neste i planen: {}, {}", word.nn, step.nn)});
    } else {
        notice.choices.emplace_back(
            "", Text{"Den som passer nå: " + word.nb, "Den som passar no: " + word.nn});
    }
    for (const std::string& id : workflows::notices_to_send_now(item, context, now)) {
        const Text one = words_of_notice(id);
        notice.choices.emplace_back(id,
                                    Text{"Utenom planen: " + one.nb, "Utanom planen: " + one.nn});
    }
    action.fields = {notice};
    actions.push_back(std::move(action));
}

void add_built_in(std::vector<Action>& actions, const Case& item,
                  const std::vector<Reminder>& reminders, const CaseContext& context,
                  const Definitions& definitions, Instant now) {
    if (!item.final) {
        add_sent_now(actions, item, reminders, context, definitions, now);
        auto steps = stoppable_steps(item, reminders, context, definitions, now);
        if (!steps.empty() && !item.paused) {
            Action stop = action_of("reminder_stopped");
            ActionField which = field_of("step", true);
            which.choices = std::move(steps);
            stop.fields = {std::move(which), field_of("reason", true)};
            actions.push_back(std::move(stop));
        }
        actions.push_back(item.paused ? action_of("resumed") : paused_action());
        const bool granted_here = std::ranges::any_of(
            actions, [](const Action& action) { return action.event == "more_time_given"; });
        // A meeting's deadline was for its date; once that stands, it is the date that is moved.
        const bool is_dated_meeting =
            workflows::is_configured_meeting(item, context) && workflows::meeting_time(item);
        if (item.due && !granted_here && !is_dated_meeting) {
            Action move = action_of("deadline_moved");
            move.fields = {field_of("until", true), field_of("reason", false)};
            actions.push_back(std::move(move));
        }
        Action withdraw = action_of("withdrawn");
        withdraw.fields = {field_of("reason", true)};
        actions.push_back(std::move(withdraw));
    }
    actions.push_back(noted_action());
}

}  // namespace

Text action_title(std::string_view event) {
    if (const Wording* wording = find_wording(event)) {
        return {std::string{wording->nb}, std::string{wording->nn}};
    }
    return {fmt::format("Meld «{}»", event), fmt::format("Meld «{}»", event)};
}

Text field_label(std::string_view field) {
    const auto* const known = std::ranges::find(kFields, field, &FieldWording::name);
    return known == kFields.end() ? Text{std::string{field}, std::string{field}}
                                  : Text{std::string{known->nb}, std::string{known->nn}};
}

std::optional<Action> reverted_action(const Case& item, const Definitions& definitions) {
    if (!item.undo || item.undo->by_configuration) {
        return std::nullopt;
    }
    Action action = action_of("reverted");
    const Text what = words_of_event(item.undo->event);
    action.lead = {"Det siste som ble gjort, gjøres om: " + what.nb + ".",
                   "Det siste som vart gjort, blir gjort om: " + what.nn + "."};
    const CaseContext context = context_of(item, definitions);
    action.is_shown_first = invites(context, item.state) != invites(context, item.undo->state);
    return action;
}

bool is_day_field(std::string_view field) {
    const auto* const known = std::ranges::find(kFields, field, &FieldWording::name);
    return known != kFields.end() && known->kind == Kind::Day;
}

std::vector<Action> possible_actions(const Case& item, const std::vector<Reminder>& reminders,
                                     const Definitions& definitions, Instant now) {
    const CaseContext context = context_of(item, definitions);
    const auto meeting = workflows::meeting_time(item);
    const bool is_ahead = meeting && definitions.time_zone().to_instant(meeting->start) > now;
    std::vector<Action> actions;
    if (context.state != nullptr) {
        for (const Transition& transition : context.state->on) {
            // Taking back what was said on somebody's behalf is what undoing is for; the date of a
            // programme's meeting is set in the programme.
            const bool stands_elsewhere = workflows::is_date_of_meeting(transition.event) &&
                                          workflows::is_configured_meeting(item, context);
            const bool is_too_early = is_ahead && transition.event == workflows::kHeld;
            if (transition.event != "undone" && !stands_elsewhere && !is_too_early) {
                actions.push_back(action_of(transition));
                actions.back().is_shown_first =
                    !transition.shares.empty() ||
                    context.state->invites != invites(context, transition.to);
                if (transition.event == "received" &&
                    workflows::gives_receipt(transition, *context.workflow)) {
                    actions.back().fields.push_back(receipt_choice());
                }
                prefill(actions.back(), item, context, definitions.time_zone().date_of(now));
            }
        }
    }
    if (says_nothing_to_report(item, context)) {
        name_for_nothing(actions);
    }
    add_built_in(actions, item, reminders, context, definitions, now);
    const auto place = [](const Action& action) {
        const Wording* wording = find_wording(action.event);
        return wording == nullptr ? std::ptrdiff_t{5} : wording - kWordings.data();
    };
    std::ranges::stable_sort(actions, {}, place);
    return actions;
}

std::vector<Action> bulk_actions(workflows::Date today) {
    Action send = action_of("sent_now");
    Action received = action_of("received");
    for (const char* name : {"received_on", "case_number", "document_number"}) {
        received.fields.push_back(field_of(name, false));
    }
    received.fields.front().value = workflows::iso_date(today);
    received.fields.push_back(receipt_choice());
    Action more_time = action_of("more_time_given");
    more_time.fields = {field_of("until", true), field_of("reason", false)};
    Action claimed = action_of("claimed");
    claimed.by = Actor::Debtor;
    claimed.on_behalf = true;
    Action exempted = action_of("exempted");
    exempted.fields = {field_of("reason", true)};
    Action nothing = action_of("nothing_to_report");
    nothing.by = Actor::Debtor;
    nothing.on_behalf = true;
    Action incomplete = action_of("incomplete");
    incomplete.fields = {field_of("missing", true), field_of("until", true)};
    return {std::move(send),       std::move(received),    std::move(claimed),
            std::move(nothing),    action_of("confirmed"), action_of("not_found"),
            std::move(incomplete), std::move(more_time),   paused_action(),
            action_of("resumed"),  std::move(exempted),    noted_action()};
}

const Action* find_action(const std::vector<Action>& actions, std::string_view event) {
    const auto found = std::ranges::find(actions, event, &Action::event);
    return found == actions.end() ? nullptr : &*found;
}

namespace {

/// Codes that name a field: "missing:reason".
Text words_of_field_refusal(std::string_view kind, const Text& label) {
    if (kind == "missing") {
        return {fmt::format("Fyll ut «{}»", label.nb), fmt::format("Fyll ut «{}»", label.nn)};
    }
    if (kind == "no-date") {
        return {fmt::format("«{}» må være en dato, for eksempel 12.02.2021", label.nb),
                fmt::format("«{}» må vere ein dato, til dømes 12.02.2021", label.nn)};
    }
    if (kind == "past-date") {
        return {fmt::format("«{}» må være i dag eller senere", label.nb),
                fmt::format("«{}» må vere i dag eller seinare", label.nn)};
    }
    if (kind == "future-date") {
        return {fmt::format("«{}» kan ikke ligge fram i tid", label.nb),
                fmt::format("«{}» kan ikkje liggje fram i tid", label.nn)};
    }
    if (kind == "unknown-field") {
        return {fmt::format("«{}» hører ikke til her", label.nb),
                fmt::format("«{}» høyrer ikkje til her", label.nn)};
    }
    if (kind == "no-time") {
        return {fmt::format("Skriv «{}» som 2021-03-23T09:00", label.nb),
                fmt::format("Skriv «{}» som 2021-03-23T09:00", label.nn)};
    }
    if (kind == "no-choice") {
        return {fmt::format("«{}» har ikke det valget", label.nb),
                fmt::format("«{}» har ikkje det valet", label.nn)};
    }
    return {fmt::format("«{}» må være et helt tall", label.nb),
            fmt::format("«{}» må vere eit heilt tal", label.nn)};
}

/// What is the same whatever the case is.
struct Refusal {
    std::string_view code;
    std::string_view nb;
    std::string_view nn;
};

constexpr std::array kRefusals{
    Refusal{"waits-for-us", "Saken venter på oss, ikke på dem. De skal ikke få påminnelse",
            "Saka ventar på oss, ikkje på dei. Dei skal ikkje få påminning"},
    Refusal{"voluntary", "Dette er frivillig. Ingen skal ha påminnelse",
            "Dette er frivillig. Ingen skal ha påminning"},
    Refusal{"paused", "Påminnelsene er på pause", "Påminningane er på pause"},
    Refusal{"not-paused", "Påminnelsene er ikke på pause", "Påminningane er ikkje på pause"},
    Refusal{"held", "Saken holdes tilbake fordi fristen var ute da den ble åpnet",
            "Saka blir halden tilbake fordi fristen var ute då ho vart opna"},
    Refusal{"nothing-to-send", "Det er ingen påminnelse å sende nå",
            "Det er inga påminning å sende no"},
    Refusal{"notice-unfit", "Den påminnelsen passer ikke på denne siden av fristen",
            "Den påminninga passar ikkje på denne sida av fristen"},
    Refusal{"not-invited", "Vedkommende er ikke innkalt", "Vedkomande er ikkje innkalla"},
    Refusal{"old-answer", "Møtet er endret etter det svaret, eller et nyere svar er kommet",
            "Møtet er endra etter det svaret, eller eit nyare svar er kome"},
    Refusal{"no-answer", "Velg et av svarene", "Vel eit av svara"},
    Refusal{"not-open", "Påmeldingen er ikke åpnet", "Påmeldinga er ikkje opna"},
    Refusal{"sign-up-over", "Påmeldingen er stengt", "Påmeldinga er stengd"},
    Refusal{"not-held", "Møtet er avlyst", "Møtet er avlyst"},
    Refusal{"full", "Møtet er fullt", "Møtet er fullt"},
    Refusal{"no-address", "Skriv hele e-postadressen", "Skriv heile e-postadressa"},
    Refusal{"no-name", "Skriv navnet", "Skriv namnet"},
    Refusal{"not-begun", "Møtet har ikke begynt", "Møtet har ikkje byrja"},
    Refusal{"no-deadline",
            "Saken har ingen egen frist å flytte. Flytt fristen i saken den hører til",
            "Saka har ingen eigen frist å flytte. Flytt fristen i saka ho høyrer til"},
    Refusal{"no-step", "Det er ingen slik påminnelse igjen", "Det er inga slik påminning att"},
    Refusal{"step-done", "Den påminnelsen er alt sendt, stoppet eller på vei",
            "Den påminninga er alt send, stoppa eller på veg"},
    Refusal{"no-recipient", "Det er ingen å sende til: ingen har rollen, og postmottak mangler",
            "Det er ingen å sende til: ingen har rolla, og postmottak manglar"},
    Refusal{"nothing-to-undo", "Det er ingenting å angre i saken",
            "Det er ingenting å angre i saka"},
    Refusal{"not-called-for",
            "Saken er trukket fordi den er tatt ut av opplegget. Sett inn deltakeren eller kravet "
            "igjen, så åpnes den",
            "Saka er trekt fordi ho er teken ut av opplegget. Set inn deltakaren eller kravet "
            "igjen, så opnar ho"},
    Refusal{"forbidden", "Rollen din gir ikke lov til det", "Rolla di gir ikkje lov til det"},
    Refusal{"no-case", "Saken finnes ikke", "Saka finst ikkje"},
    Refusal{"no-message", "Meldingen finnes ikke", "Meldinga finst ikkje"},
    Refusal{"message-gone", "Meldingen venter ikke lenger. Den er sendt, stoppet eller på vei",
            "Meldinga ventar ikkje lenger. Ho er send, stoppa eller på veg"},
    Refusal{"after-deadline", "Da er fristen ute, og meldingen ville ikke stemme. Stopp den heller",
            "Då er fristen ute, og meldinga ville ikkje stemme. Stopp ho heller"},
};

}  // namespace

Text words_of_refusal(std::string_view code, const Case* item, const Definitions& definitions,
                      const Action* action) {
    const std::size_t colon = code.find(':');
    if (colon != std::string_view::npos) {
        const std::string_view field = code.substr(colon + 1);
        if (action != nullptr) {
            const auto own = std::ranges::find(action->fields, field, &ActionField::name);
            if (own != action->fields.end()) {
                return words_of_field_refusal(code.substr(0, colon), own->label);
            }
        }
        return words_of_field_refusal(code.substr(0, colon), field_label(field));
    }
    const Text state = item == nullptr ? Text{} : words_of_state(*item, definitions);
    if (code == "moved-on") {
        return {"Noen andre har gjort noe i saken etter at du åpnet siden",
                "Nokon andre har gjort noko i saka etter at du opna sida"};
    }
    if (code == "closed") {
        return {fmt::format("Saken er avsluttet: «{}»", state.nb),
                fmt::format("Saka er avslutta: «{}»", state.nn)};
    }
    if (code == "wrong-state" || code == "unknown-event" || code == "not-yours") {
        return {fmt::format("Det går ikke når saken er «{}»", state.nb),
                fmt::format("Det går ikkje når saka er «{}»", state.nn)};
    }
    const auto* const found = std::ranges::find(kRefusals, code, &Refusal::code);
    if (found != kRefusals.end()) {
        return {std::string{found->nb}, std::string{found->nn}};
    }
    return {"Det lot seg ikke gjøre", "Det lét seg ikkje gjere"};
}

}  // namespace fristvakt::daemon
