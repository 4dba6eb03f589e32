#include "daemon/web/words.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "workflows/decision/plan.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/decision/state_title.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Case;
using workflows::Definitions;
using workflows::Language;
using workflows::MessageState;
using workflows::Reason;
using workflows::Text;
using workflows::TimeUnit;

namespace {

struct Entry {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
};

std::optional<Text> find_text(std::span<const Entry> entries, std::string_view id) {
    const auto found = std::ranges::find(entries, id, &Entry::id);
    if (found == entries.end()) {
        return std::nullopt;
    }
    return Text{std::string{found->nb}, std::string{found->nn}};
}

Text same(std::string_view text) {
    return {std::string{text}, std::string{text}};
}

constexpr std::array kEvents{
    Entry{"opened", "åpnet saken", "opna saka"},
    Entry{"deadline_passed", "lot saken gå videre", "lét saka gå vidare"},
    Entry{"paused", "satte påminnelsene på pause", "sette påminningane på pause"},
    Entry{"resumed", "tok påminnelsene opp igjen", "tok påminningane opp att"},
    Entry{"noted", "skrev et notat", "skreiv eit notat"},
    Entry{"withdrawn", "trakk saken", "trekte saka"},
    Entry{"reverted", "angret siste hendelse", "angra siste hending"},
    Entry{"deadline_moved", "flyttet fristen", "flytta fristen"},
    Entry{"reminder_stopped", "stoppet en påminnelse", "stoppa ei påminning"},
    Entry{"sent_now", "sendte påminnelsen straks", "sende påminninga med ein gong"},
    Entry{"address_refused", "e-post avvist", "e-post avvist"},
    Entry{"restarted", "lot en stoppet melding gå likevel", "lét ei stoppa melding gå likevel"},
    Entry{"message_postponed", "utsatte en melding", "utsette ei melding"},
    Entry{"claimed", "meldte at det er sendt", "melde at det er sendt"},
    Entry{"received", "registrerte som mottatt", "registrerte som motteke"},
    Entry{"nothing_to_report", "meldte at det ikke er noe å rapportere",
          "melde at det ikkje er noko å rapportere"},
    Entry{"exempted", "avgjorde at kravet ikke gjelder", "avgjorde at kravet ikkje gjeld"},
    Entry{"more_time_asked", "ba om lengre frist", "bad om lengre frist"},
    Entry{"more_time_given", "ga lengre frist", "gav lengre frist"},
    Entry{"not_found", "fant ikke det som ble meldt sendt", "fann ikkje det som vart meldt sendt"},
    Entry{"undone", "trakk meldingen tilbake", "trekte meldinga tilbake"},
    Entry{"incomplete", "ba om det som mangler", "bad om det som manglar"},
    Entry{"forwarded", "sendte videre", "sende vidare"},
    Entry{"accepted", "godkjente", "godkjende"},
    Entry{"ranked", "rangerte", "rangerte"},
    Entry{"granted", "innvilget", "innvilga"},
    Entry{"declined", "avslo", "avslo"},
    Entry{"refused", "avslo", "avslo"},
    Entry{"decided", "meldte vedtak", "melde vedtak"},
    Entry{"decision_pending", "venter på politisk vedtak", "ventar på politisk vedtak"},
    Entry{"decision_postponed", "meldte at vedtaket er utsatt", "melde at vedtaket er utsett"},
    Entry{"postponed", "utsatte vedtaket", "utsette vedtaket"},
    Entry{"will_not_apply", "meldte at de ikke søker", "melde at dei ikkje søkjer"},
    Entry{"confirmed", "bekreftet", "stadfesta"},
    Entry{"dated", "satte dato", "sette dato"},
    Entry{"moved", "flyttet møtet", "flytta møtet"},
    Entry{"undated", "tok bort datoen", "tok bort datoen"},
    Entry{"invited", "sendte innkallingen", "sende innkallinga"},
    Entry{"responded", "svarte på innkallingen", "svarte på innkallinga"},
    Entry{"signed_up", "meldte seg på", "melde seg på"},
    Entry{"online", "la møtet på nett", "la møtet på nett"},
    Entry{"attended", "registrerte hvem som var med", "registrerte kven som var med"},
    Entry{"agenda_sent", "sendte sakslisten", "sende sakslista"},
    Entry{"held", "meldte at møtet er holdt", "melde at møtet er halde"},
    Entry{"minutes_sent", "sendte referatet", "sende referatet"},
    Entry{"without_minutes", "avsluttet uten referat", "avslutta utan referat"},
    Entry{"cancelled", "avlyste", "avlyste"},
    Entry{"answered", "svarte", "svarte"},
    Entry{"asked_again", "spurte på nytt", "spurde på nytt"},
    Entry{"satisfied", "sa seg fornøyd med svaret", "sa seg nøgd med svaret"},
    Entry{"no_longer_needed", "trenger ikke svar lenger", "treng ikkje svar lenger"},
};

constexpr std::array kNotices{
    Entry{"reminder", "påminnelse", "påminning"},
    Entry{"reminder-soon", "siste påminnelse før fristen", "siste påminning før fristen"},
    Entry{"reminder-softened", "påminnelse, mildere formulert", "påminning, mildare formulert"},
    Entry{"reminder-soon-softened", "påminnelse, mildere formulert",
          "påminning, mildare formulert"},
    Entry{"overdue", "purring", "purring"},
    Entry{"overdue-again", "ny purring", "ny purring"},
    Entry{"overdue-softened", "purring, mildere formulert", "purring, mildare formulert"},
    Entry{"overdue-again-softened", "ny purring, mildere formulert",
          "ny purring, mildare formulert"},
    Entry{"call-them", "beskjed om å ringe", "beskjed om å ringje"},
    Entry{"nudge-creditor", "påminnelse til oss selv", "påminning til oss sjølve"},
    Entry{"ask-suggestions", "spørsmål om innspill", "spørsmål om innspel"},
    Entry{"set-date", "beskjed om å sette dato", "beskjed om å setje dato"},
    Entry{"send-invitation", "beskjed om å sende innkalling", "beskjed om å sende innkalling"},
    Entry{"answer-invitation", "spørsmål om de kommer", "spørsmål om dei kjem"},
    Entry{"agenda", "saksliste", "saksliste"},
    Entry{"minutes", "referat", "referat"},
    Entry{"meeting-soon", "påminnelse om møtet", "påminning om møtet"},
    Entry{"invitation", "innkalling", "innkalling"},
    Entry{"invitation-moved", "ny tid eller nytt sted for møtet", "ny tid eller ny stad for møtet"},
    Entry{"invitation-cancelled", "avlysning", "avlysing"},
    Entry{"invitation-withdrawn", "beskjed om ikke lenger å være innkalt",
          "beskjed om ikkje lenger å vere innkalla"},
    Entry{"send-agenda", "beskjed om å sende saksliste", "beskjed om å sende saksliste"},
    Entry{"register-attendance", "beskjed om å registrere møtet", "beskjed om å registrere møtet"},
    Entry{"send-minutes", "beskjed om å sende referat", "beskjed om å sende referat"},
    Entry{"claim-noted", "kvittering for meldingen", "kvittering for meldinga"},
    Entry{"receipt", "kvittering for mottak", "kvittering for mottak"},
    Entry{"not-found", "beskjed om at vi ikke finner det", "beskjed om at vi ikkje finn det"},
    Entry{"new-deadline", "beskjed om ny frist", "beskjed om ny frist"},
    Entry{"incomplete", "beskjed om hva som mangler", "beskjed om kva som manglar"},
    Entry{"extension-declined", "avslag på lengre frist", "avslag på lengre frist"},
};

constexpr std::array kRoles{
    Entry{"ressursperson", "ressursperson", "ressursperson"},
    Entry{"skoleeier", "skoleeier", "skuleeigar"},
    Entry{"barnehagemyndighet", "barnehagemyndighet", "barnehagemyndigheit"},
    Entry{"saksbehandler", "saksbehandler", "saksbehandlar"},
    Entry{"signed-up", "påmeldt", "påmeld"},
    Entry{"oppvekstsjef", "oppvekstsjef", "oppvekstsjef"},
    Entry{"stotteapparat", "støtteapparat", "støtteapparat"},
    Entry{"postmottak", "postmottak", "postmottak"},
};

/// Written beside the enum in words of its own; the log keeps the English ones.
constexpr std::array kReasons{
    std::pair{Reason::Due, Entry{"", "tiden er inne", "tida er inne"}},
    std::pair{Reason::OpenedLate, Entry{"", "saken ble åpnet sent", "saka vart opna seint"}},
    std::pair{Reason::CaseMovedOn, Entry{"", "saken har gått videre", "saka har gått vidare"}},
    std::pair{Reason::DeadlineMoved, Entry{"", "fristen er flyttet", "fristen er flytta"}},
    std::pair{Reason::DeadlinePassed, Entry{"", "fristen gikk ut først", "fristen gjekk ut først"}},
    std::pair{Reason::LaterStep,
              Entry{"", "et senere trinn tok over", "eit seinare trinn tok over"}},
    std::pair{Reason::NotWaiting, Entry{"", "vi ventet på en annen da tiden kom",
                                        "vi venta på nokon annan då tida kom"}},
    std::pair{Reason::BeforeOpening, Entry{"", "tidspunktet var før saken ble åpnet",
                                           "tidspunktet var før saka vart opna"}},
    std::pair{Reason::BeforeVersion, Entry{"", "tidspunktet var før den nye fristen ble satt",
                                           "tidspunktet var før den nye fristen vart sett"}},
    std::pair{Reason::RecipientChanged,
              Entry{"", "rollen har fått en ny person", "rolla har fått ein ny person"}},
    std::pair{Reason::Paused, Entry{"", "påminnelsene er på pause", "påminningane er på pause"}},
    std::pair{Reason::NotAllowed,
              Entry{"", "adressen står ikke på tillatlisten", "adressa står ikkje på tillatlista"}},
    std::pair{Reason::Brake, Entry{"", "bremsen: for mange meldinger på én gang",
                                   "bremsa: for mange meldingar på éin gong"}},
    std::pair{Reason::SendingOnHold, Entry{"", "utsending er på vent", "utsending er på vent"}},
    std::pair{Reason::DeadlineHadPassed,
              Entry{"", "fristen var ute da saken ble åpnet", "fristen var ute då saka vart opna"}},
    std::pair{Reason::Refused, Entry{"", "mottakerens server avviste adressen",
                                     "serveren til mottakaren avviste adressa"}},
    std::pair{Reason::NoRecipient, Entry{"", "ingen har rollen", "ingen har rolla"}},
    std::pair{Reason::StepRemoved,
              Entry{"", "trinnet er tatt ut av planen", "trinnet er teke ut av planen"}},
    std::pair{Reason::Accepted, Entry{"", "tatt imot", "teke imot"}},
    std::pair{Reason::Uncertain,
              Entry{"", "utfallet er ukjent etter en stans", "utfallet er ukjent etter ein stans"}},
    std::pair{Reason::Withdrawn, Entry{"", "saken er trukket", "saka er trekt"}},
    std::pair{Reason::StateUnknown, Entry{"", "vi vet ikke sikkert om det er levert",
                                          "vi veit ikkje sikkert om det er levert"}},
    std::pair{Reason::Stopped, Entry{"", "stoppet for hånd", "stoppa for hand"}},
    std::pair{Reason::TakenBack, Entry{"", "angret", "angra"}},
    std::pair{Reason::NothingToSay, Entry{"", "ingenting å si fra om", "ingenting å seie frå om"}},
    std::pair{Reason::BadAddress, Entry{"", "adressen er ugyldig", "adressa er ugyldig"}},
    std::pair{Reason::SentBefore,
              Entry{"", "sendt før gjenopprettingen", "send før gjenopprettinga"}},
};

std::string_view unit_word(TimeUnit unit, bool one, Language language) {
    const bool nb = language == Language::Nb;
    switch (unit) {
        case TimeUnit::Day:
            return one ? "dag" : (nb ? "dager" : "dagar");
        case TimeUnit::Week:
            return one ? (nb ? "uke" : "veke") : (nb ? "uker" : "veker");
        case TimeUnit::Month:
            return one ? (nb ? "måned" : "månad") : (nb ? "måneder" : "månader");
        case TimeUnit::Year:
            return "år";
        case TimeUnit::WorkingDay:
            return one ? "arbeidsdag" : (nb ? "arbeidsdager" : "arbeidsdagar");
        case TimeUnit::Hour:
            return one ? "time" : (nb ? "timer" : "timar");
    }
    return "";
}

std::string step_in(const workflows::LadderStep& step, Language language) {
    if (step.at.terms.empty()) {
        return "på fristdagen";
    }
    if (step.at.terms.size() > 1) {
        return workflows::to_string(step.at);
    }
    const auto& term = step.at.terms.front();
    return fmt::format("{} {} {} fristen", term.count,
                       unit_word(term.unit, term.count == 1, language),
                       term.minus ? "før" : "etter");
}

/// Letters as numbers in dictionary order, from UTF-8; only what Norwegian names are made of.
std::u32string sort_key(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            const bool upper = byte >= 'A' && byte <= 'Z';
            out += static_cast<char32_t>(upper ? byte + 32U : byte);
        } else if (byte == 0xC3 && i + 1 < text.size()) {
            // Latin letters with marks; upper and lower case lie 32 apart.
            const unsigned code = 0xC0U + (static_cast<unsigned char>(text[++i]) & 0x3FU);
            const unsigned lower = code >= 0xC0 && code <= 0xDE ? code + 32U : code;
            out += lower == 0xE6   ? U'\x2001'  // æ
                   : lower == 0xF8 ? U'\x2002'  // ø
                   : lower == 0xE5 ? U'\x2003'  // å
                                   : static_cast<char32_t>(lower);
        } else {
            out += static_cast<char32_t>(byte);
        }
    }
    return out;
}

}  // namespace

Text words_of(Reason reason) {
    for (const auto& [known, words] : kReasons) {
        if (known == reason) {
            return {std::string{words.nb}, std::string{words.nn}};
        }
    }
    return {};
}

Reason parse_reason(std::string_view text) {
    for (const auto& known : kReasons) {
        if (workflows::to_string(known.first) == text) {
            return known.first;
        }
    }
    return Reason::None;
}

Text words_of(Account account) {
    switch (account) {
        case Account::Waiting:
            return {"venter", "ventar"};
        case Account::Sent:
            return {"sendt", "send"};
        case Account::Held:
            return {"holdt tilbake", "halden tilbake"};
        case Account::Suppressed:
            return {"stanset før sending", "stansa før sending"};
        case Account::Superseded:
            return {"falt bort", "fall bort"};
        case Account::Failed:
            return {"kom ikke fram", "kom ikkje fram"};
    }
    return {};
}

std::optional<Account> parse_account(std::string_view text) {
    for (const Account account : {Account::Waiting, Account::Sent, Account::Held,
                                  Account::Suppressed, Account::Superseded, Account::Failed}) {
        if (workflows::to_string(account) == text) {
            return account;
        }
    }
    return std::nullopt;
}

MessageLook look_of(MessageState state) {
    switch (state) {
        case MessageState::Waiting:
            return {{"Venter", "Ventar"}, "○", "neutral"};
        case MessageState::Sending:
            return {{"Sendes", "Blir send"}, "↗", "info"};
        case MessageState::Sent:
            return {{"Sendt", "Send"}, "✓", "success"};
        case MessageState::Held:
            return {{"Holdt tilbake", "Halden tilbake"}, "‖", "warning"};
        case MessageState::Failed:
            return {{"Kom ikke fram", "Kom ikkje fram"}, "!", "danger"};
        case MessageState::Dropped:
            return {{"Falt bort", "Fall bort"}, "–", "neutral"};
        case MessageState::Uncertain:
            return {{"Usikkert", "Usikkert"}, "?", "warning"};
    }
    return {};
}

std::optional<MessageState> parse_message_state(std::string_view text) {
    for (const MessageState state :
         {MessageState::Waiting, MessageState::Sending, MessageState::Sent, MessageState::Held,
          MessageState::Failed, MessageState::Dropped, MessageState::Uncertain}) {
        if (workflows::to_string(state) == text) {
            return state;
        }
    }
    return std::nullopt;
}

Text words_of_event(std::string_view event) {
    if (const auto known = find_text(kEvents, event)) {
        return *known;
    }
    return {fmt::format("meldte «{}»", event), fmt::format("melde «{}»", event)};
}

Text names_of(std::string_view organisation, const Definitions& definitions) {
    return organisation == definitions.installation.organisation
               ? definitions.installation.name
               : same(organisation_name(organisation, definitions));
}

Text words_of_actor(std::string_view actor, const Case& item, const Definitions& definitions) {
    using workflows::Actor;
    const auto known = workflows::parse_actor(actor);
    if (!known) {
        return {"fristvakt", "fristvakt"};
    }
    switch (*known) {
        case Actor::Debtor:
            return names_of(item.debtor, definitions);
        case Actor::Creditor:
            return names_of(item.creditor, definitions);
        case Actor::Operator:
            return {"Driften", "Drifta"};
        case Actor::Clock:
            return {"fristvakt, da tiden kom", "fristvakt, då tida kom"};
        case Actor::Configuration:
            return {"fristvakt, etter oppsettet", "fristvakt, etter oppsettet"};
        case Actor::Attendee:
            return {"Den innkalte", "Den innkalla"};
        case Actor::Child:
        case Actor::Parent:
            return {"fristvakt, fra en tilknyttet sak", "fristvakt, frå ei tilknytt sak"};
    }
    return {};
}

Text words_of_step(std::string_view step, const workflows::Ladder* ladder) {
    if (workflows::is_sent_now(step)) {
        return {"sendt for hånd, utenom planen", "send for hand, utanom planen"};
    }
    if (ladder != nullptr) {
        const auto found = std::ranges::find(ladder->steps, step, &workflows::LadderStep::id);
        if (found != ladder->steps.end()) {
            return {step_in(*found, Language::Nb), step_in(*found, Language::Nn)};
        }
    }
    return same(step);
}

Text words_of_notice(std::string_view notice) {
    return find_text(kNotices, notice).value_or(same(notice));
}

Text words_of_role(std::string_view role) {
    constexpr std::string_view kOurs{"creditor."};
    if (!role.starts_with(kOurs)) {
        return find_text(kRoles, role).value_or(same(role));
    }
    Text out = words_of_role(role.substr(kOurs.size()));
    out.nb += " hos oss";
    out.nn += " hos oss";
    return out;
}

Text words_of_state(std::string_view state, const Case& item, const Definitions& definitions) {
    if (state == "withdrawn") {
        return {"Trukket", "Trekt"};
    }
    if (const workflows::Workflow* workflow = definitions.find_workflow(item.workflow)) {
        if (const workflows::State* known = workflow->find_state(state)) {
            return known->title;
        }
    }
    return same(state);
}

Text words_of_state(const Case& item, const Definitions& definitions) {
    const workflows::CaseContext context = context_of(item, definitions);
    return says_nothing_to_report(item, context) ? state_title(item, context)
                                                 : words_of_state(item.state, item, definitions);
}

Text words_of(workflows::Activity::Kind kind) {
    switch (kind) {
        case workflows::Activity::Kind::Meeting:
            return {"Møte", "Møte"};
        case workflows::Activity::Kind::Course:
            return {"Kurs", "Kurs"};
        case workflows::Activity::Kind::Delivery:
            return {"Levering", "Levering"};
        case workflows::Activity::Kind::Suggestions:
            return {"Innspill", "Innspel"};
    }
    return {};
}

Text words_of_hold(const workflows::Ledger& ledger) {
    if (ledger.restored_at && ledger.hold_reason == workflows::kRestoredHold) {
        return {"databasen er gjenopprettet fra en sikkerhetskopi",
                "databasen er gjenoppretta frå ein tryggingskopi"};
    }
    return {ledger.hold_reason, ledger.hold_reason};
}

std::string organisation_name(std::string_view id, const Definitions& definitions) {
    const workflows::Organisation* const known = definitions.find_organisation(id);
    return known == nullptr ? std::string{id} : known->name;
}

Text case_title(const Case& item, const Definitions& definitions) {
    const workflows::CaseContext context = context_of(item, definitions);
    Text title =
        context.requirement == nullptr ? same(item.requirement) : context.requirement->title;
    if (!item.parent.empty() && context.workflow != nullptr) {
        title.nb = context.workflow->title.nb + ": " + title.nb;
        title.nn = context.workflow->title.nn + ": " + title.nn;
    }
    if (!item.period.empty()) {
        title.nb += ", " + period_title(item.period, Language::Nb);
        title.nn += ", " + period_title(item.period, Language::Nn);
    }
    return title;
}

std::string period_title(std::string_view period, Language language) {
    if (period.size() < 5) {
        return std::string{period};
    }
    const std::string_view year = period.substr(0, 4);
    const std::string_view part = period.substr(5, period.find('/') - 5);
    if (part == "var") {
        return fmt::format("våren {}", year);
    }
    if (part == "host") {
        return fmt::format("{} {}", language == Language::Nb ? "høsten" : "hausten", year);
    }
    if (const auto day = workflows::parse_iso_date(fmt::format("{}-{}-01", year, part))) {
        const std::string date = workflows::short_date(*day, language);
        return fmt::format("{} {}", date.substr(date.find(' ') + 1), year);
    }
    return std::string{period};
}

std::string long_time(workflows::Instant at, const workflows::TimeZone& zone, Language language) {
    return workflows::long_date(zone.date_of(at), language) + " " +
           workflows::clock_time(zone.to_local(at));
}

std::string numeric_date(workflows::Date day) {
    const workflows::cal::year_month_day ymd{day};
    return fmt::format("{:02}.{:02}.{:04}", unsigned{ymd.day()}, unsigned{ymd.month()},
                       int{ymd.year()});
}

std::string short_time(workflows::Instant at, const workflows::TimeZone& zone) {
    return numeric_date(zone.date_of(at)) + " " + workflows::clock_time(zone.to_local(at));
}

bool comes_before(std::string_view a, std::string_view b) {
    const std::u32string left = sort_key(a);
    const std::u32string right = sort_key(b);
    return left != right ? left < right : a < b;
}

}  // namespace fristvakt::daemon
