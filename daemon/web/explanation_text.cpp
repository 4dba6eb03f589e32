#include "daemon/web/explanation_text.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Case;
using workflows::CaseContext;
using workflows::Date;
using workflows::Definitions;
using workflows::Explanation;
using workflows::Instant;
using workflows::Language;
using workflows::Quiet;
using workflows::Recipient;
using workflows::Reminder;
using workflows::Seconds;
using workflows::StepOutlook;

namespace {

/// Writes in one målform.
class Teller {
 public:
    Teller(const Explanation& explanation, const Case& item, const Definitions& definitions,
           Language language)
        : explanation_(explanation),
          item_(item),
          definitions_(definitions),
          context_(context_of(item, definitions)),
          language_(language) {}

    Sentences tell(const std::string& on_hold) {
        if (!on_hold.empty()) {
            say(pick("All utsending er på vent: {}. Ingenting går ut før den slippes fri.",
                     "All utsending er på vent: {}. Ingenting går ut før ho blir sleppt fri."),
                on_hold);
        }
        tell_why_quiet();
        tell_next();
        tell_under_way();
        tell_past();
        return std::move(out_);
    }

 private:
    [[nodiscard]] const char* pick(const char* nb, const char* nn) const {
        return language_ == Language::Nb ? nb : nn;
    }
    template <typename... Values>
    void say(const char* pattern, const Values&... values) {
        out_.push_back(fmt::format(fmt::runtime(pattern), values...));
    }
    [[nodiscard]] std::string time(Instant at) const {
        return long_time(at, definitions_.time_zone(), language_);
    }
    [[nodiscard]] std::string day(Date date) const { return workflows::long_date(date, language_); }
    [[nodiscard]] std::string debtor() const {
        return organisation_name(item_.debtor, definitions_);
    }
    [[nodiscard]] std::string step(const std::string& id) const {
        return words_of_step(id, context_.ladder).in(language_);
    }

    [[nodiscard]] std::string people(const std::vector<Recipient>& recipients) const {
        std::string out;
        for (std::size_t i = 0; i < recipients.size(); ++i) {
            const Recipient& one = recipients[i];
            const bool is_last = i + 1 == recipients.size();
            out += i == 0 ? "" : is_last ? " og " : ", ";
            const std::string role = words_of_role(one.role).in(language_);
            out += one.name.empty() ? fmt::format("{} ({})", one.address, role)
                                    : fmt::format("{} ({}, {})", one.name, role, one.address);
        }
        return out;
    }

    void tell_why_quiet() {
        switch (explanation_.quiet) {
            case Quiet::No:
                break;
            case Quiet::Closed:
                say(pick("Saken er avsluttet: «{}». Ingen får flere påminnelser.",
                         "Saka er avslutta: «{}». Ingen får fleire påminningar."),
                    words_of_state(item_, definitions_).in(language_));
                break;
            case Quiet::WaitsForCreditor:
                tell_waits_for_creditor();
                break;
            case Quiet::Paused:
                tell_paused();
                break;
            case Quiet::Held:
                say(
                    pick("Fristen var alt ute da saken ble åpnet. Derfor holdes alt tilbake til en "
                         "saksbehandler slipper det fri.",
                         "Fristen var alt ute då saka vart opna. Difor blir alt halde tilbake til "
                         "ein saksbehandlar slepper det fri."));
                break;
            case Quiet::WaitsForNobody:
                say(pick("Dette er frivillig. De er spurt, og ingen får påminnelser.",
                         "Dette er frivillig. Dei er spurde, og ingen får påminningar."));
                break;
            case Quiet::LadderAtEnd:
                say(pick("Alle trinn i påminnelsesplanen er brukt. Nå må noen ta kontakt selv.",
                         "Alle trinn i påminningsplanen er brukte. No må nokon ta kontakt sjølv."));
                break;
            case Quiet::NoLadder:
                say(pick("Det er ingen påminnelsesplan for «{}», så ingen får påminnelser.",
                         "Det er ingen påminningsplan for «{}», så ingen får påminningar."),
                    words_of_state(item_, definitions_).in(language_));
                break;
        }
    }

    /// Who holds a meeting owes it to themselves: there is no other side that is left in peace.
    [[nodiscard]] bool is_meeting() const {
        return context_.requirement != nullptr &&
               context_.requirement->origin == workflows::Requirement::Origin::Meeting;
    }

    void tell_prepares_meeting() {
        say(pick("Det er vi som har det neste å gjøre med møtet.",
                 "Det er vi som har det neste å gjere med møtet."));
        if (explanation_.state_ends_at) {
            const Date last =
                definitions_.time_zone().date_of(*explanation_.state_ends_at - Seconds{1});
            say(pick("Gjør vi ingenting innen {}, går saken av seg selv til «{}».",
                     "Gjer vi ingenting innan {}, går saka av seg sjølv til «{}»."),
                day(last),
                words_of_state(explanation_.then_state, item_, definitions_).in(language_));
        }
    }

    void tell_waits_for_creditor() {
        if (is_meeting()) {
            tell_prepares_meeting();
            return;
        }
        say(pick("Saken venter på oss, ikke på {}. Derfor får de ingen påminnelse nå.",
                 "Saka ventar på oss, ikkje på {}. Difor får dei inga påminning no."),
            debtor());
        if (explanation_.state_ends_at) {
            const Date last =
                definitions_.time_zone().date_of(*explanation_.state_ends_at - Seconds{1});
            say(pick("Svarer vi ikke innen {}, går saken av seg selv til «{}», og påminnelsene "
                     "fortsetter i en mildere form.",
                     "Svarar vi ikkje innan {}, går saka av seg sjølv til «{}», og påminningane "
                     "held fram i ei mildare form."),
                day(last),
                words_of_state(explanation_.then_state, item_, definitions_).in(language_));
        }
    }

    void tell_paused() {
        if (item_.children_open_pausing > 0) {
            say(pick("{} har bedt om lengre frist. Påminnelsene hviler til vi har svart.",
                     "{} har bede om lengre frist. Påminningane kviler til vi har svart."),
                debtor());
        } else if (item_.paused_until) {
            const Date last = definitions_.time_zone().date_of(*item_.paused_until - Seconds{1});
            say(pick("Påminnelsene er på pause til og med {}.",
                     "Påminningane er på pause til og med {}."),
                day(last));
        } else {
            say(pick("Påminnelsene er på pause til noen tar dem opp igjen.",
                     "Påminningane er på pause til nokon tek dei opp att."));
        }
    }

    void tell_next() {
        const auto next = std::ranges::find_if(explanation_.steps,
                                               [](const StepOutlook& one) { return one.next; });
        if (next == explanation_.steps.end()) {
            return;
        }
        say(pick("Neste melding: {}, tidligst {}, til {}. Trinnet er «{}».",
                 "Neste melding: {}, tidlegast {}, til {}. Trinnet er «{}»."),
            words_of_notice(next->notice).in(language_), time(next->at), people(next->to),
            step(next->step));
        if (!next->copy.empty()) {
            say(pick("Kopi til {}.", "Kopi til {}."), people(next->copy));
        }
        if (explanation_.waits_for == workflows::Party::Debtor) {
            say(pick(
                    "Den sendes ikke hvis {} har levert eller meldt at det er sendt før det.",
                    "Ho blir ikkje send dersom {} har levert eller meldt at det er sendt før det."),
                debtor());
        }
        if (explanation_.softened) {
            say(pick("{} har meldt at det er sendt, og vi har ikke svart. Derfor er påminnelsene "
                     "mildere og går bare til dem selv.",
                     "{} har meldt at det er sendt, og vi har ikkje svart. Difor er påminningane "
                     "mildare og går berre til dei sjølve."),
                debtor());
        }
    }

    void tell_under_way() {
        for (const StepOutlook& outlook : explanation_.steps) {
            for (const Reminder& reminder : outlook.planned) {
                if (reminder.account == Account::Waiting) {
                    say(pick("Meldingen for trinnet «{}» er klar og venter på neste utsending.",
                             "Meldinga for trinnet «{}» er klar og ventar på neste utsending."),
                        step(outlook.step));
                } else if (reminder.account == Account::Held) {
                    say(pick("Meldingen for trinnet «{}» holdes tilbake: {}.",
                             "Meldinga for trinnet «{}» blir halden tilbake: {}."),
                        step(outlook.step), words_of(reminder.reason).in(language_));
                }
            }
        }
    }

    void tell_past() {
        for (const StepOutlook& outlook : explanation_.steps) {
            if (outlook.planned.empty()) {
                if (outlook.past && outlook.not_because) {
                    say(pick("Trinnet «{}» ble ikke sendt: {}.",
                             "Trinnet «{}» vart ikkje sendt: {}."),
                        step(outlook.step), words_of(*outlook.not_because).in(language_));
                }
                continue;
            }
            // One sentence for each outcome, however many recipients had it.
            std::map<std::pair<Account, workflows::Reason>, int> outcomes;
            for (const Reminder& reminder : outlook.planned) {
                ++outcomes[{reminder.account, reminder.reason}];
            }
            for (const auto& [outcome, count] : outcomes) {
                tell_outcome(outlook, outcome.first, outcome.second, count);
            }
        }
    }

    void tell_outcome(const StepOutlook& outlook, Account account, workflows::Reason reason,
                      int count) {
        if (account == Account::Sent) {
            say(pick("Trinnet «{}» er sendt{}.", "Trinnet «{}» er sendt{}."), step(outlook.step),
                count > 1
                    ? fmt::format(fmt::runtime(pick(" til {} mottakere", " til {} mottakarar")),
                                  count)
                    : std::string{});
        } else if (account == Account::Failed) {
            say(pick("Meldingen for trinnet «{}» kom ikke fram: {}.",
                     "Meldinga for trinnet «{}» kom ikkje fram: {}."),
                step(outlook.step), words_of(reason).in(language_));
        } else if (account == Account::Suppressed || account == Account::Superseded) {
            say(pick("Trinnet «{}» ble ikke sendt: {}.", "Trinnet «{}» vart ikkje sendt: {}."),
                step(outlook.step), words_of(reason).in(language_));
        }
    }

    const Explanation& explanation_;
    const Case& item_;
    const Definitions& definitions_;
    CaseContext context_;
    Language language_;
    Sentences out_;
};

}  // namespace

Sentences explain_in_words(const Explanation& explanation, const Case& item,
                           const Definitions& definitions, const std::string& on_hold,
                           Language language) {
    return Teller{explanation, item, definitions, language}.tell(on_hold);
}

}  // namespace fristvakt::daemon
