#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/rules.hpp"

/// One case as the design has it: its states, its deadlines, what it owes to whom and when.
namespace fristvakt::tests::model {

enum class Answer { Taken, Invalid, NotFound, Conflict };

/// Something that was changed, and in which order: what a reason is held against.
struct Turn {
    enum class Kind { State, Deadline, Rest, Softness };
    int order{0};  ///< Among all turns: the clock may go back, this does not.
    Kind kind{Kind::State};
};

/// A stretch in which the same ladder counted from the same deadline, and did not rest.
struct Stretch {
    Second begin{0};
    Second end{0};  ///< Exclusive.
    std::string version;
};

enum class Reply { None, Accepted, Tentative, Declined, Delegated };

/// Somebody who has been invited to a meeting, and what they have been told and have answered, as
/// far as the installation can know.
struct Guest {
    /// As the last message told them that got through, or may have; nothing: they know of no such
    /// meeting.
    std::optional<Occasion> knows;
    std::optional<Occasion> refused;  ///< What their server would not take.
    int sequence{-1};                 ///< Of the last message that went out.
    std::int64_t message{0};          ///< That is under way; 0: none.
    Second since{0};                  ///< So they have stood.

    Reply reply{Reply::None};
    int reply_sequence{-1};  ///< Of what they answered.
    Second replied_at{0};
    /// An answer to an earlier message says nothing of what was told since.
    [[nodiscard]] Reply counting_reply() const {
        return reply_sequence < sequence ? Reply::None : reply;
    }
};

struct Case {
    std::string id;
    std::string requirement;
    std::string debtor;
    std::string creditor;
    std::string parent;
    std::string workflow;

    std::string state;
    bool final{false};
    Second opened_at{0};
    Second entered_at{0};
    int entry{0};

    std::optional<Day> due;
    std::optional<Day> granted;
    std::vector<Day> versions;  ///< Each deadline there has been.
    int version{0};             ///< Index + 1.
    Second version_began_at{0};
    std::optional<Day> own_deadline;

    bool softened{false};
    bool held{false};
    bool paused{false};
    std::optional<Second> paused_until;
    Second awake_since{0};  ///< A deadline that passed before counts from then.
    int resting_children{0};
    int children{0};
    bool rests_parent{false};
    std::vector<std::string> open_children;

    struct Undo {
        std::string state;
        Second entered_at{0};
        std::optional<Day> granted;
        bool softened{false};
        bool in_place{false};  ///< The state stayed: a pause begun or ended.
        bool paused{false};
        std::optional<Second> paused_until;
        int deed{0};                   ///< Its number.
        bool by_configuration{false};  ///< Undone by a configuration alone.
        std::set<std::string> stopped;
        std::optional<Occasion> date;
    };
    std::optional<Undo> undo;
    int deeds{0};   ///< Counts what people and time did, undoing apart.
    int undone{0};  ///< The number of the deed that was undone last.

    std::set<std::string> stopped;  ///< "v1 s0": steps that a person stopped.
    /// What a person sent by hand, by the same name: a step before its time, or a notice alone.
    struct ByHand {
        std::string notice;
        Second at{0};
        bool before{false};
    };
    std::map<std::string, ByHand> sent;

    std::vector<Turn> turns;
    std::map<std::string, Day> deadlines;  ///< By version, all that have counted.
    std::vector<Stretch> stretches;        ///< Those that have ended.
    Second stretch_began_at{0};
    int changes{0};  ///< Counts whatever moves an occurrence.

    std::optional<Occasion> date;         ///< Of a meeting.
    std::map<std::string, Guest> guests;  ///< By address: whoever was ever invited to it.
};

/// A step at its time. Not `counts`: it lies before the opening or before the deadline's beginning.
struct Occurrence {
    const Step* step{nullptr};
    Second at{0};
    bool before{false};
    bool counts{true};
    bool late{false};
};

struct Recipient {
    std::string address;
    std::string organisation;
    Language language{Language::Nb};
};

struct Audience {
    std::vector<Recipient> to;
    std::vector<Recipient> copy;
};

[[nodiscard]] bool holds(const Contact& contact, const std::string& role, Day day);
/// Språklova: a kommune is written to in the language of its own decision.
[[nodiscard]] Language language(const Organisation& of, const Contact* contact, const Rules& rules);
void add(std::vector<Recipient>& list, const Recipient& recipient);

[[nodiscard]] const State* state_of(const Case& item, const Rules& rules);
[[nodiscard]] const Ladder* ladder_of(const Case& item, const Rules& rules);
/// The last day of the deadline that the present ladder counts from.
[[nodiscard]] std::optional<Day> counted(const Case& item, const Rules& rules);
/// "v2" or "claimed.3"; empty without a deadline.
[[nodiscard]] std::string version_of(const Case& item, const Rules& rules);
/// How the books call a step of the present ladder: "v2 s0".
[[nodiscard]] std::string name_of(const Case& item, const std::string& step, const Rules& rules);
/// The debtor's roles in the first step that has any: those whom a ladder is about.
[[nodiscard]] std::vector<Role> those_concerned(const Ladder& ladder);
[[nodiscard]] bool is_resting(const Case& item);
[[nodiscard]] std::vector<Occurrence> occurrences(const Case& item, const Rules& rules);
[[nodiscard]] Audience audience(const Step& step, const Case& item, const Rules& rules, Day day,
                                const std::set<std::string>& refused);
[[nodiscard]] std::vector<Recipient> contacts_of_debtor(const Case& item, const Rules& rules,
                                                        Day day,
                                                        const std::set<std::string>& refused);

}  // namespace fristvakt::tests::model
