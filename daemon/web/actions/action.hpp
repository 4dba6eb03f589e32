#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workflows/decision/recipients.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"
#include "workflows/model/reminder.hpp"

/// What somebody may do to a case now, as forms need it: a title, a line of advice and fields, in
/// both målformer. Pure.
namespace fristvakt::daemon {

struct ActionField {
    enum class Kind { Day, Time, Line, Lines, Number, Choice };
    std::string name;
    workflows::Text label;
    workflows::Text hint;
    Kind kind{Kind::Line};
    bool required{false};
    std::string value;                                             ///< What stands in it at first.
    std::vector<std::pair<std::string, workflows::Text>> choices;  ///< Of kind Choice.
};

struct Action {
    std::string event;
    workflows::Actor by{workflows::Actor::Creditor};
    bool on_behalf{false};  ///< The debtor's event, put down by the creditor.
    workflows::Text title;  ///< "Registrer mottatt"
    workflows::Text lead;   ///< What it does, in one sentence.
    std::vector<ActionField> fields;
    /// Others are called, uncalled or written to by it: what they get is shown before it is done.
    bool is_shown_first{false};
};

/// Those that the workflow allows in the case's state, the most usual first. `reverted` is not
/// among them.
[[nodiscard]] std::vector<Action> possible_actions(
    const workflows::Case& item, const std::vector<workflows::Reminder>& reminders,
    const workflows::Definitions& definitions, workflows::Instant now);

/// Undoes the last thing that a hand did; nothing when there is none.
[[nodiscard]] std::optional<Action> reverted_action(const workflows::Case& item,
                                                    const workflows::Definitions& definitions);

/// Those that make sense for many cases at once, whatever their state.
[[nodiscard]] std::vector<Action> bulk_actions(workflows::Date today);

[[nodiscard]] const Action* find_action(const std::vector<Action>& actions, std::string_view event);

/// "Registrer mottatt"; for an operator's own event its name between quotes.
[[nodiscard]] workflows::Text action_title(std::string_view event);
/// "Dato mottatt"; the name itself when it is an operator's own.
[[nodiscard]] workflows::Text field_label(std::string_view field);
/// Holds a date, on every form.
[[nodiscard]] bool is_day_field(std::string_view field);

/// What an error says, in words for the one who asked: from its code, what the case says, and what
/// the form of `action`, if any, calls its fields.
[[nodiscard]] workflows::Text words_of_refusal(std::string_view code, const workflows::Case* item,
                                               const workflows::Definitions& definitions,
                                               const Action* action = nullptr);

}  // namespace fristvakt::daemon
