#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "workflows/definition/definitions.hpp"
#include "workflows/language.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/message.hpp"
#include "workflows/model/reminder.hpp"
#include "workflows/ports.hpp"

/// What things are called on the pages, in both målformer. Pure.
namespace fristvakt::daemon {

/// Why a reminder or a message is where it is: "saken har gått videre". Empty for None.
[[nodiscard]] workflows::Text words_of(workflows::Reason reason);
/// The reason that `text` names in a log; None when it names none.
[[nodiscard]] workflows::Reason parse_reason(std::string_view text);
/// "sendt", "holdt tilbake", …
[[nodiscard]] workflows::Text words_of(workflows::Account account);
[[nodiscard]] std::optional<workflows::Account> parse_account(std::string_view text);

struct MessageLook {
    workflows::Text word;  ///< "Sendt"
    std::string_view sign;
    std::string_view color;  ///< Designsystemet's data-color.
};
[[nodiscard]] MessageLook look_of(workflows::MessageState state);
[[nodiscard]] std::optional<workflows::MessageState> parse_message_state(std::string_view text);

/// What an event means, as a sentence without its subject: "meldte at det er sendt". For an event
/// of an operator's own workflow its name between quotes.
[[nodiscard]] workflows::Text words_of_event(std::string_view event);
/// Who stands behind an entry of the log: the organisations by name, else the program's part.
[[nodiscard]] workflows::Text words_of_actor(std::string_view actor, const workflows::Case& item,
                                             const workflows::Definitions& definitions);

/// "14 dager før fristen", "på fristdagen"; the step's id when the ladder has it no more.
[[nodiscard]] workflows::Text words_of_step(std::string_view step, const workflows::Ladder* ladder);
/// What a notice is: "påminnelse", "purring", "kvittering"; its id when it is an operator's own.
[[nodiscard]] workflows::Text words_of_notice(std::string_view notice);
/// A role as it is written in a ladder: "ressursperson", "saksbehandler hos oss".
[[nodiscard]] workflows::Text words_of_role(std::string_view role);
/// The title of a state of the case's workflow; its id when it is not known.
[[nodiscard]] workflows::Text words_of_state(std::string_view state, const workflows::Case& item,
                                             const workflows::Definitions& definitions);
/// The title of the state that it is in.
[[nodiscard]] workflows::Text words_of_state(const workflows::Case& item,
                                             const workflows::Definitions& definitions);

/// "Møte", "Kurs", "Levering".
[[nodiscard]] workflows::Text words_of(workflows::Activity::Kind kind);

/// Why all sending is on hold; what a person gave as the reason stands as it was written.
[[nodiscard]] workflows::Text words_of_hold(const workflows::Ledger& ledger);

/// The same as `organisation_name`, but the installation's own has a name in each målform.
[[nodiscard]] workflows::Text names_of(std::string_view organisation,
                                       const workflows::Definitions& definitions);
/// The organisation's name; its id when the configuration knows it no more.
[[nodiscard]] std::string organisation_name(std::string_view id,
                                            const workflows::Definitions& definitions);
/// "Kommunens plan", with its period behind it when there is one.
[[nodiscard]] workflows::Text case_title(const workflows::Case& item,
                                         const workflows::Definitions& definitions);
/// "2021", "våren 2021", "mars 2021"; "" for none.
[[nodiscard]] std::string period_title(std::string_view period, workflows::Language language);

/// "mandag 11. januar 2021 kl. 08.00".
[[nodiscard]] std::string long_time(workflows::Instant at, const workflows::TimeZone& zone,
                                    workflows::Language language);
/// "11.01.2021 kl. 08.00".
[[nodiscard]] std::string short_time(workflows::Instant at, const workflows::TimeZone& zone);
/// "25.01.2021".
[[nodiscard]] std::string numeric_date(workflows::Date day);

/// The order of Norwegian dictionaries for upper and lower case alike: æ, ø, å last.
[[nodiscard]] bool comes_before(std::string_view a, std::string_view b);

}  // namespace fristvakt::daemon
