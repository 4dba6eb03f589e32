#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/language.hpp"
#include "workflows/time/deadline.hpp"

/// Workflows and ladders as an operator writes them: data, immutable once loaded.
namespace fristvakt::workflows {

/// Where in the configuration a thing was written; lines and columns count from 1, 0 is unknown.
struct SourcePosition {
    std::string file;
    int line{0};
    int column{0};
    friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// Where each key of one entry was written, list items as "to.0"; for findings, never for
/// decisions.
using Places = std::map<std::string, SourcePosition, std::less<>>;
/// The place of `key`, or of the entry itself when it is not known.
[[nodiscard]] const SourcePosition& place(const Places& places, std::string_view key,
                                          const SourcePosition& entry);

/// Who may raise an event, and whom a state waits for.
enum class Party { Debtor, Creditor };
[[nodiscard]] std::string_view to_string(Party party);  ///< "debtor", "creditor"

/// `due: event.until`, `rank: event.rank?`: puts a field of the event into the case;
/// `returned_on: today`: the day on which it is raised.
struct Assignment {
    std::string target;  ///< "due" or a declared field.
    std::string field;   ///< Without the "event." in front; empty: today.
    bool optional{false};
    [[nodiscard]] bool is_today() const { return field.empty(); }
};

/// `tells: {event: more_time_given, with: {until: event.until}}`: raised in the parent.
struct Tell {
    std::string event;
    std::vector<Assignment> with;  ///< target: field of the parent's event; field: of this event,
                                   ///< or "case.NAME" for a field of this case.
    SourcePosition where;
    Places places{};
};

struct Transition {
    std::string event;
    std::vector<Party> by;
    std::string to;
    std::vector<std::string> needs;  ///< Fields that the event must carry, beside those in `sets`.
    std::vector<Assignment> sets;
    std::string notice;  ///< Told to the debtor's side; empty: nothing.
    std::string opens;   ///< Workflow of a child case; empty: none.
    bool pauses{false};  ///< The parent's ladder rests while the child is open.
    /// A field that the event may carry, and the notice of that name: what stands in it goes to all
    /// who are called to the meeting; before it begins, not to those who decline. Empty: nothing.
    std::string shares{};
    SourcePosition where;
    Places places{};
};

/// Fields without which the event is refused: `needs` and the `sets` that are not optional.
[[nodiscard]] std::vector<std::string> required_fields(const Transition& transition);

struct StateDeadline {
    enum class Kind { None, Due, Own };
    Kind kind{Kind::None};
    /// Of kind Own; anchors `entered`, `opened`, `due` and the workflow's fields of type Day or
    /// Time.
    DeadlineExpression expression;
};

struct State {
    std::string id;
    Text title;
    std::optional<Party> waits_for;  ///< Empty in a final state, and where nobody is waited for:
                                     ///< what may come is welcome, and what does not is not missed.
    std::optional<StateDeadline> deadline;  ///< Empty: not said, which the verifier refuses.
    std::string ladder;                     ///< "" none, "requirement", or a ladder's id.
    std::string after_deadline_to;          ///< "" stays.
    std::vector<Transition> on;
    bool final{false};
    /// Of a meeting: invitations to it stand. Entering such a state sends those that are lacking,
    /// leaving for another takes them back.
    bool invites{false};
    std::optional<Tell> tells;  ///< Of a final state.
    SourcePosition where;
    Places places{};
};

/// A `Day` is written 2021-03-23, a `Time` 2021-03-23T09:00, local.
enum class FieldType { Integer, String, Day, Time };
struct FieldDeclaration {
    std::string name;
    FieldType type{FieldType::String};
    bool optional{false};
};

struct Workflow {
    std::string id;
    int version{1};
    Text title;
    std::string start;
    std::vector<FieldDeclaration> fields;
    std::vector<State> states;
    /// `migrates: {1: {sent: claimed}}`: cases of version 1 come along, and those in `sent` stand
    /// in `claimed` from then on. States that are not named keep their names.
    std::map<int, std::map<std::string, std::string>> migrates{};
    SourcePosition where;
    Places places{};

    [[nodiscard]] const State* find_state(std::string_view state_id) const;
    /// What an event of the workflow may carry: its own fields, and those that every one may.
    [[nodiscard]] std::vector<std::string_view> event_fields() const;
    /// Where a case that stands in `state_id` of `from_version` comes to; empty when it stays on
    /// that version.
    [[nodiscard]] std::optional<std::string> migrated(int from_version,
                                                      const std::string& state_id) const;
};

/// SHA-256 of what the machine does, wherever and in whatever words it was written: a running case
/// may go from one to another with the same fingerprint without noticing.
[[nodiscard]] std::string fingerprint(const Workflow& workflow);

/// Events that every case knows, whatever its workflow.
[[nodiscard]] bool is_built_in_event(std::string_view event);

/// What to do with a step when it cannot be known whether the debtor has delivered.
enum class IfUnknown { Hold, Soften, Send };

/// In the place of a role: all who are called to the meeting and have not said that they do not
/// come; and of them those who have said nothing.
inline constexpr std::string_view kAttendees = "attendees";
inline constexpr std::string_view kUnanswered = "unanswered";

/// Who of a role: at the debtor, or, written `creditor.ROLE`, at the creditor; or, at the debtor,
/// one of the two above.
struct RoleReference {
    Party party{Party::Debtor};
    std::string role;
    friend bool operator==(const RoleReference&, const RoleReference&) = default;
};

struct LadderStep {
    std::string id;
    DeadlineExpression at;          ///< Anchor `due`: the deadline that counts.
    std::vector<RoleReference> to;  ///< At least one.
    std::vector<RoleReference> copy;
    std::string notice;
    std::optional<Seconds> time_of_day;  ///< Else the opening of the send window.
    IfUnknown if_unknown{IfUnknown::Hold};
    SourcePosition where;
    Places places{};
};

struct Ladder {
    std::string id;
    std::vector<LadderStep> steps;  ///< In the order in which they fire.
    std::string fallback;           ///< Role that stands in for `to` when nobody holds it; "" none.
    SourcePosition where;
    Places places{};
};

/// True when the step lies before the deadline or on it, so that it means nothing after it.
[[nodiscard]] bool is_before_deadline(const LadderStep& step);
/// False when it goes to the creditor's own people alone.
[[nodiscard]] bool reaches_debtor(const LadderStep& step);
/// It goes to those who are called to a meeting, and to nobody else.
[[nodiscard]] bool reaches_attendees(const LadderStep& step);

}  // namespace fristvakt::workflows
