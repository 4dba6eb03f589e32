#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "integrations/yaml/layer.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

/// What is changed on the pages, as values; and what each makes of a layer. Pure.
namespace fristvakt::daemon {

/// A deadline as it stands in a file: one expression, or a day for each semester.
struct DueText {
    std::string due;
    std::string spring;
    std::string autumn;
    [[nodiscard]] bool is_semesters() const { return !spring.empty() || !autumn.empty(); }
    friend bool operator==(const DueText&, const DueText&) = default;
};

/// A new cohort from another one.
struct CohortCopy {
    struct Requirement {
        bool included{true};
        /// Of a single requirement; those that recur have no year in them and stay as they are.
        std::string opens;
        std::string due;
        std::string case_number;
    };
    std::string from_cohort;
    std::string id;
    workflows::Date from{};
    workflows::Date to{};
    std::vector<std::string> participants;
    std::map<std::string, Requirement> requirements;  ///< By id; others are left out.
};
struct ParticipantAdded {
    std::string cohort;
    std::string organisation;
};
/// Their open cases are withdrawn.
struct ParticipantEnded {
    std::string cohort;
    std::string organisation;
};
struct DeadlineMoved {
    std::string cohort;
    std::string requirement;
    DueText due;
};
/// Its open cases are withdrawn.
struct RequirementTakenOut {
    std::string cohort;
    std::string requirement;
};
/// A meeting's date: set, moved, cancelled, or taken away.
struct MeetingDated {
    std::string cohort;
    std::string meeting;
    std::string old_start;  ///< As it stands in the file; empty: a new date.
    std::string id;         ///< Of a second date in one period; empty for the first.
    std::string start;      ///< "2021-03-23T09:00"; empty: the date is taken away.
    std::string end;
    std::string place;
    std::string cancelled;  ///< Why it is not held; empty: it is.
};
/// A row of an activity plan, by the names of its columns.
using ActivityCells = std::map<std::string, std::string, std::less<>>;
/// A row changed, or a new one; columns that are not named stay as they are. It keeps its id
/// whatever it is called from now on.
struct ActivityChanged {
    std::string cohort;
    std::string activity;  ///< Empty: a new row, put where its first day belongs.
    ActivityCells cells;
};
/// Its open cases are withdrawn.
struct ActivityTakenOut {
    std::string cohort;
    std::string activity;
};
/// A row of contacts.csv, by the names of its columns there.
using ContactCells = std::map<std::string, std::string, std::less<>>;
/// One row of a person at an organisation, changed or new.
struct ContactChanged {
    std::optional<integrations::LayerKey> old;  ///< Empty: a new row.
    std::size_t row{0};                         ///< Of those of `old`.
    ContactCells cells;
    workflows::Date today{};  ///< Whoever gets another address has had the old one until yesterday.
};
struct ContactsImported {
    std::vector<ContactCells> rows;  ///< Take the place of all rows of the same persons.
};
/// Ends a conflict.
struct ConflictSettled {
    integrations::LayerKey key;
    bool keep_own{false};  ///< Else the folder's.
};

using Edit = std::variant<CohortCopy, ParticipantAdded, ParticipantEnded, DeadlineMoved,
                          RequirementTakenOut, MeetingDated, ActivityChanged, ActivityTakenOut,
                          ContactChanged, ContactsImported, ConflictSettled>;

/// What the configuration says now.
struct Present {
    const integrations::LayerEntries& folder;  ///< Without the layer.
    const integrations::Layer& layer;
    /// The entry as it counts; empty when there is none.
    [[nodiscard]] std::string text_of(const integrations::LayerKey& key) const;
};

/// The entries that an edit begins with; several for an import.
[[nodiscard]] std::vector<integrations::LayerKey> keys_of(const Edit& edit);

/// The first column of a contact that cannot be right: "email"; nothing when all may be.
[[nodiscard]] std::optional<std::string> problem_in_contact(const ContactCells& cells);

/// The layer after the edit; not verified yet. NotFound: no such cohort, requirement, participant,
/// row or person; the code says which. InvalidInput: code "field:NAME", or "field:NAME/WHY" where
/// a text says when something is (`parse_activity_dates`; also `no-end`, `one-deadline`). Conflict:
/// it is there already
/// ("exists"), or the last one cannot go ("last").
[[nodiscard]] workflows::Result<integrations::Layer> apply(const Edit& edit,
                                                           const Present& present);

/// What a copy of `cohort` would be whose period begins on `from`: dates go along by whole years,
/// onto the next working day. Case numbers are left out: they name last time's.
[[nodiscard]] CohortCopy suggest_copy(const workflows::Cohort& cohort, workflows::Date from);
/// As it would stand in a file.
[[nodiscard]] DueText due_text(const workflows::DueRule& rule);

}  // namespace fristvakt::daemon
