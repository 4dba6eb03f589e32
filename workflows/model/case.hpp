#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workflows/time/deadline.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// One running instance of a workflow: a debtor owes a creditor. Facts only: which reminders are
/// due is derived from it, never stored in it. A plain value; holds no personal data.
struct Case {
    std::string id;  ///< COHORT/REQUIREMENT[/PERIOD]/ORGANISATION, or PARENT/NAME-N.
    std::string cohort;
    std::string requirement;
    std::string period;
    std::string debtor;  ///< Organisation ids.
    std::string creditor;
    std::string parent;  ///< Case id; empty unless opened by another case.
    std::string workflow;
    int workflow_version{1};

    std::string state;
    bool final{false};
    Instant opened_at{};
    Instant entered_at{};  ///< When the present state was entered.
    int revision{0};       ///< Counts the events so far; for "somebody else was first".

    std::optional<Deadline> due;        ///< The deadline that counts.
    std::optional<Date> granted_until;  ///< Set by an event; wins over the configuration.
    std::vector<Instant> due_versions;  ///< `ends_at` of each deadline there has been.
    int due_version{0};                 ///< Index + 1 of the one in force; 0 without a deadline.
    Instant due_version_began_at{};     ///< Steps before this are superseded.
    std::optional<Deadline> state_deadline;  ///< Of the present state, when it is one of its own.
    int state_entry{0};  ///< Counts entries of states; names a state deadline's version.

    Instant planned_until{};         ///< Steps up to here, inclusive, have been planned.
    std::optional<Instant> next_at;  ///< When to look again; the agenda.

    bool softened{false};  ///< A claim that nobody confirmed: to the debtor alone, softly.
    bool held{false};      ///< Opened after its deadline: sends nothing until released.
    bool paused{false};
    std::optional<Instant> paused_until;  ///< Exclusive; empty while `paused`: until resumed.
    int children_open_pausing{0};         ///< Open child cases that rest this one's ladder.
    int children_count{0};
    int invited_count{0};  ///< People who were ever called to this meeting; they stand beside it.

    std::map<std::string, std::string> fields;  ///< Declared by the workflow, set by events.
    /// Steps that somebody stopped, with their deadline's version: "v1 due-3wd".
    std::vector<std::string> stopped;

    /// What `reverted` goes back to; empty when nothing can be undone.
    struct Undo {
        std::string event;
        std::string state;
        Instant entered_at{};
        std::optional<Date> granted_until;
        bool softened{false};
        std::map<std::string, std::string> fields;
        bool paused{false};
        std::optional<Instant> paused_until;
        std::vector<std::string> stopped;
        /// Steps whose waiting reminders the event ended, "v1 due-3wd": undone, they wait again.
        std::vector<std::string> ended;
        bool by_configuration{false};  ///< Undone by no hand, but when it calls for the case again.
        friend bool operator==(const Undo&, const Undo&) = default;
    };
    std::optional<Undo> undo;

    friend bool operator==(const Case&, const Case&) = default;
};

/// Where an event comes from; logged and shown.
enum class Actor { Debtor, Creditor, Operator, Clock, Configuration, Child, Parent, Attendee };
[[nodiscard]] std::string_view to_string(Actor actor);
[[nodiscard]] std::optional<Actor> parse_actor(std::string_view text);

/// The only thing that changes a case.
struct Event {
    std::string case_id;
    std::string name;
    Actor by{Actor::Creditor};
    std::map<std::string, std::string> fields;  ///< Without names of people where avoidable.
    std::string who;  ///< Who did it, for the log's erasable side; may be empty.
    std::optional<int> expected_revision;  ///< Conflict when the case has moved on since.
    /// The creditor puts down what the debtor said, on the telephone for instance.
    bool on_behalf{false};
    std::string batch{};  ///< The number of the batch that it is part of; empty for none.
};

}  // namespace fristvakt::workflows
