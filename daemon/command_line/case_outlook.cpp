#include "daemon/command_line/case_outlook.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/command_line/moment.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Account;
using workflows::Case;
using workflows::Definitions;
using workflows::Explanation;
using workflows::Instant;
using workflows::Language;
using workflows::Quiet;
using workflows::Recipient;
using workflows::Reminder;
using workflows::Result;
using workflows::StepOutlook;
using workflows::TimeZone;

namespace {

std::string join(const std::vector<Recipient>& recipients) {
    std::string out;
    for (const Recipient& recipient : recipients) {
        out += (out.empty() ? "" : ", ") + show_recipient(recipient);
    }
    return out;
}

/// Writes the explanation of one case.
class Teller {
 public:
    Teller(const CaseOutlook& outlook, const Definitions& definitions)
        : item_(outlook.item), explanation_(outlook.explanation), definitions_(definitions) {}

    std::vector<std::string> tell(const std::string& hold_reason) {
        if (!hold_reason.empty()) {
            say("All sending is on hold: {}. Nothing goes out before it is released.", hold_reason);
        }
        tell_why_quiet();
        for (const StepOutlook& step : explanation_.steps) {
            if (step.next) {
                tell_next(step);
            }
        }
        for (const StepOutlook& step : explanation_.steps) {
            tell_step(step);
        }
        return std::move(out_);
    }

 private:
    template <typename... Values>
    void say(fmt::format_string<Values...> pattern, Values&&... values) {
        out_.push_back(fmt::format(pattern, std::forward<Values>(values)...));
    }
    [[nodiscard]] std::string time(Instant at) const {
        return show_time(at, definitions_.time_zone());
    }

    void tell_why_quiet() {
        switch (explanation_.quiet) {
            case Quiet::No:
                if (explanation_.softened) {
                    say("The debtor said that it is sent and nobody answered: what goes out is "
                        "softened, to the debtor alone, without copies.");
                }
                return;
            case Quiet::Closed:
                say("The case is closed ({}): nobody is reminded any more.", item_.state);
                return;
            case Quiet::WaitsForCreditor:
                say("The case waits for the creditor, not for {}: the debtor is left in peace.",
                    organisation_name(item_.debtor, definitions_));
                tell_end_of_state();
                return;
            case Quiet::Paused:
                tell_pause();
                return;
            case Quiet::Held:
                say("The deadline had passed when the case was opened: everything is held until "
                    "somebody releases it (fristvakt outbox release).");
                return;
            case Quiet::WaitsForNobody:
                say("It waits for nobody: what comes is welcome, and nobody is reminded.");
                return;
            case Quiet::LadderAtEnd:
                say("All steps of the ladder are behind: somebody has to ring them.");
                return;
            case Quiet::NoLadder:
                say("The state {} has no ladder: nobody is reminded.", item_.state);
                return;
        }
    }

    void tell_end_of_state() {
        if (explanation_.state_ends_at) {
            say("Without an answer before {} it goes to {} by itself.",
                time(*explanation_.state_ends_at), explanation_.then_state);
        }
    }

    void tell_pause() {
        if (item_.children_open_pausing > 0) {
            say("The ladder rests while a question about this case is open.");
        } else if (item_.paused_until) {
            say("Paused until {}.", time(*item_.paused_until));
        } else {
            say("Paused until somebody resumes it.");
        }
    }

    void tell_next(const StepOutlook& step) {
        say("Next: {} ({}), {} at the earliest, to {}{}.", step.step, step.notice, time(step.at),
            join(step.to), step.copy.empty() ? "" : ", copy to " + join(step.copy));
        if (explanation_.waits_for == workflows::Party::Debtor) {
            say("It does not go if {} has delivered, or said so, by then.",
                organisation_name(item_.debtor, definitions_));
        }
    }

    void tell_step(const StepOutlook& step) {
        for (const Reminder& reminder : step.planned) {
            say("{} to {}, {}: {}{}.", step.step, reminder.role, time(step.at),
                to_string(reminder.account),
                reminder.reason == workflows::Reason::None
                    ? ""
                    : ", " + std::string{to_string(reminder.reason)});
        }
        if (step.planned.empty() && step.not_because) {
            say("{}, {}: {}, {}.", step.step, time(step.at), step.past ? "not sent" : "will not go",
                to_string(*step.not_because));
        } else if (step.planned.empty() && step.past) {
            say("{}, {}: its time has come, and it is not planned yet.", step.step, time(step.at));
        }
    }

    const Case& item_;
    const Explanation& explanation_;
    const Definitions& definitions_;
    std::vector<std::string> out_;
};

}  // namespace

Result<CaseOutlook> outlook_of(StoredState& state, Case item) {
    auto reminders = state.snapshot->reminders_of(item.id);
    if (!reminders.ok()) {
        return reminders.error();
    }
    CaseOutlook outlook{
        .item = std::move(item), .reminders = std::move(reminders).value(), .explanation = {}};
    outlook.explanation =
        workflows::explain(outlook.item, outlook.reminders, *state.definitions, state.at,
                           refused_addresses(state.ledger, *state.definitions));
    return outlook;
}

std::optional<int> days_left(const CaseOutlook& outlook, Instant at, const TimeZone& zone) {
    if (outlook.item.final || !outlook.explanation.deadline) {
        return std::nullopt;
    }
    const auto days = outlook.explanation.deadline->date - zone.date_of(at);
    const auto count = static_cast<int>(days.count());
    // On the last day itself a deadline with a time may have passed.
    return count == 0 && outlook.explanation.deadline->ends_at <= at ? -1 : count;
}

std::string state_in_words(const Case& item, const Definitions& definitions, Language language) {
    const std::string title = words_of_state(item, definitions).in(language);
    return title == item.state ? item.state : item.state + " (" + title + ")";
}

std::string next_in_short(const CaseOutlook& outlook, const TimeZone& zone) {
    const Explanation& explanation = outlook.explanation;
    if (explanation.next_step) {
        return *explanation.next_step + " on " + show_time(*explanation.next_at, zone);
    }
    const auto waits =
        std::any_of(outlook.reminders.begin(), outlook.reminders.end(),
                    [](const Reminder& reminder) { return reminder.account == Account::Waiting; });
    if (waits) {
        return "a message waits for its slot";
    }
    switch (explanation.quiet) {
        case Quiet::No:
        case Quiet::NoLadder:
            return "-";
        case Quiet::Closed:
            return "closed";
        case Quiet::WaitsForCreditor:
            return explanation.state_ends_at ? explanation.then_state + " on " +
                                                   show_time(*explanation.state_ends_at, zone)
                                             : "the creditor's";
        case Quiet::Paused:
            return outlook.item.paused_until
                       ? "paused until " + show_time(*outlook.item.paused_until, zone)
                       : "paused";
        case Quiet::Held:
            return "held until released";
        case Quiet::WaitsForNobody:
            return "waits for nobody";
        case Quiet::LadderAtEnd:
            return "ring them: no step is left";
    }
    return "-";
}

std::vector<std::string> explain_in_english(const CaseOutlook& outlook,
                                            const Definitions& definitions,
                                            const std::string& hold_reason) {
    return Teller{outlook, definitions}.tell(hold_reason);
}

std::string show_recipient(const Recipient& recipient) {
    return recipient.name.empty()
               ? recipient.address + " (" + recipient.role + ")"
               : recipient.name + " <" + recipient.address + "> (" + recipient.role + ")";
}

}  // namespace fristvakt::daemon
