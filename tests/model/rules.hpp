#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/time.hpp"

/// What an installation is told to do, in plain words: the model judges by this and nothing else.
namespace fristvakt::tests::model {

enum class Language { Nb, Nn };

struct Organisation {
    std::string id;
    std::optional<Language> language;  ///< Empty: neutral.
    std::string email;                 ///< The postmottak; may be empty.
};

struct Contact {
    std::string organisation;
    std::string address;
    std::vector<std::string> roles;
    std::optional<Language> language;
    std::optional<Day> from;  ///< Both inclusive.
    std::optional<Day> to;
};

struct Role {
    bool at_creditor{false};
    std::string name;
    friend bool operator==(const Role&, const Role&) = default;
};

struct Step {
    std::string id;
    Offset offset;  ///< From the deadline; 0 and less lies before it.
    std::vector<Role> to;
    std::vector<Role> copy;
    std::string notice;
    std::optional<Second> time;  ///< Else when the window opens.
};

struct Ladder {
    std::string id;
    std::vector<Step> steps;
    std::string fallback;
};

enum class Side { Nobody, Debtor, Creditor };
enum class By { Debtor, Creditor, Operator, Child, Parent, Clock, Configuration, Attendee };

struct Transition {
    std::string event;
    bool by_debtor{false};
    bool by_creditor{false};
    std::string to;
    std::vector<std::string> needs;
    bool sets_due{false};  ///< From the field `until`, which is then needed.
    std::string notice;
    std::string opens;  ///< Workflow of a child case.
    bool pauses{false};
    bool sets_date{false};  ///< When and where a meeting is; the configuration alone raises it.
};

struct State {
    enum class Deadline { None, Due, Own };
    enum class From { Entered, Start, End };
    std::string id;
    Side waits_for{Side::Nobody};
    Deadline deadline{Deadline::None};
    Offset own;                ///< From the day it was entered, or on which its meeting …
    From from{From::Entered};  ///< … begins or ends.
    std::string ladder;        ///< "" none, "requirement", or an id.
    std::string after;         ///< State after the deadline; "" stays.
    std::vector<Transition> on;
    bool final{false};
    std::string tells;    ///< Event of the parent, with `until`.
    bool invites{false};  ///< Whoever is called to the meeting knows when and where it is.
};

struct Workflow {
    std::string id;
    std::string start;
    std::vector<State> states;
};

struct Requirement {
    std::string id;
    std::string workflow;
    std::string ladder;
    bool monthly{false};
    Day opens{0};  ///< Of a monthly one: days after the month's first.
    Day due{0};    ///< Likewise.
    FreeDay if_free_day{FreeDay::Next};
    std::string debtor;  ///< Empty: each participant.
    std::string creditor;
    std::string responsible;  ///< Of creditor.saksbehandler; may be empty.

    /// What a meeting calls for: that it comes about, or something that is brought to it.
    enum class Of { Nothing, Meeting, Prework };
    Of of{Of::Nothing};
    std::string meeting{};            ///< Ids of the meeting …
    std::string date{};               ///< … and of its date.
    std::optional<Day> over_after{};  ///< An installation that starts later never asks for it.
};

/// When and where a meeting is. Times are local: seconds since 1970 of the clock on the wall.
struct Occasion {
    Second start{0};
    Second end{0};  ///< Exclusive.
    std::string place;
    friend bool operator==(const Occasion&, const Occasion&) = default;
};
[[nodiscard]] Day day_of(Second local);
[[nodiscard]] Second instant_of(Second local);
/// "2021-03-23 09:00 to 2021-03-23 12:00 in Teams".
[[nodiscard]] std::string text_of(const Occasion& when);

/// Owed by each participant, so many days before the meeting begins.
struct Prework {
    std::string id;
    std::string workflow;
    std::string ladder;
    int days_before{0};
};

struct MeetingDate {
    std::string id;  ///< Empty: of the meeting itself; else of one more of its kind.
    Occasion when;
    std::vector<std::string> also;  ///< Roles called beside the audience.
    std::string cancelled;          ///< Why it is not held; empty: it is.
    std::vector<Prework> prework;
};

/// One that is held once, and further dates of it. Without `set_by` its first deadline is when it
/// begins: as the model's deadlines are days, such a meeting lasts whole days.
struct Meeting {
    std::string id;
    std::optional<Day> set_by;  ///< By when it must have a date.
    std::vector<std::string> audience;
    std::string ladder;
    std::string responsible;
    std::vector<MeetingDate> dates;
};

enum class Kind { Reminder, Answer, Change, Invitation };

struct Notice {
    Kind kind{Kind::Reminder};
    bool resend_when_uncertain{true};
};

/// One configuration, whole. All cases stand in the cohort "p".
struct Rules {
    std::string name;  ///< Tells one from another.
    std::vector<Organisation> organisations;
    std::vector<Contact> contacts;
    std::vector<Ladder> ladders;
    std::vector<Workflow> workflows;
    std::vector<Requirement> requirements;
    std::vector<Meeting> meetings;
    std::vector<Requirement> of_meetings;  ///< What those call for; see `with_meetings`.
    std::vector<std::string> participants;
    std::map<std::string, Notice> notices;
    Day from{0};  ///< The cohort's period, both inclusive.
    Day to{0};
    Language default_language{Language::Nb};
    Window window;
    int budget{2};
    int brake{20};
    std::vector<std::string> allowed;  ///< Addresses; empty: everybody.

    [[nodiscard]] const Organisation* find_organisation(std::string_view id) const;
    [[nodiscard]] const Ladder* find_ladder(std::string_view id) const;
    [[nodiscard]] const Workflow* find_workflow(std::string_view id) const;
    [[nodiscard]] const Requirement* find_requirement(std::string_view id) const;
    /// The date that the case of a meeting stands for; null: none is set, or it is no meeting.
    [[nodiscard]] const MeetingDate* find_date(const Requirement& of) const;
    [[nodiscard]] const State* find_state(std::string_view workflow, std::string_view state) const;
};

/// The same, with what its meetings call for worked out anew.
[[nodiscard]] Rules with_meetings(Rules rules);

/// One case that a configuration calls for.
struct Called {
    std::string id;
    std::string requirement;
    std::string debtor;
    std::string creditor;
    Day opens{0};
    Day due{0};  ///< After the rule about free days.
};
/// Monthly ones from the first that opens on or after `first_start`; by day.
[[nodiscard]] std::vector<Called> called_for(const Rules& rules, Day first_start);

}  // namespace fristvakt::tests::model
