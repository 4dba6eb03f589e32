#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"

/// Activity plans as meetings and requirements. A row is a meeting of its groups, or what the
/// organisations of its groups deliver; its cases are named by its id, which no date is part of, so
/// that a date that is moved in the table moves the meeting. Pure.
namespace fristvakt::workflows {

/// "Kurs: Læringsmiljø" is `kurs-laeringsmiljo`; empty when nothing in it can stand in an id.
[[nodiscard]] std::string id_from(std::string_view title);

/// The groups that the text of a cell names.
struct NamedGroups {
    std::vector<std::string> ids;      ///< In the order of the text; each once.
    std::vector<std::string> unknown;  ///< As they were written.
};
/// Groups are named by id or title, whatever their case, with commas, semicolons, `og` or spaces
/// between them.
[[nodiscard]] NamedGroups groups_named(std::string_view who, const Cohort& cohort);

/// Whether the row is among what its cohort calls for: false for one whose groups are not known, or
/// whose id another has. The verifier says why.
[[nodiscard]] bool is_called(const Activity& activity, const Cohort& cohort);

/// Adds what the rows of each cohort's plan call for to its meetings and requirements; a row that
/// `is_called` refuses is left out. To be called once, before `call_meetings`, when organisations
/// and contacts are known and indexed.
void call_activities(Definitions& definitions);

}  // namespace fristvakt::workflows
