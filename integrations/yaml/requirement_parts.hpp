#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/yaml/reader.hpp"

/// What requirements and meetings of a programme file have in common. Each reports what it cannot
/// read.
namespace fristvakt::integrations {

/// The rule that stands at `node`, which must suit the recurrence.
[[nodiscard]] std::optional<workflows::DueRule> read_due(Findings& findings, const YamlNode& node,
                                                         workflows::Recurrence every);
/// As above, and a whole day.
[[nodiscard]] std::optional<workflows::DueRule> read_opens(Findings& findings, const YamlNode& node,
                                                           workflows::Recurrence every);
/// Of what is brought to a meeting: a date, or such as `start - 7 days`.
[[nodiscard]] std::optional<workflows::DueRule> read_due_of_prework(Findings& findings,
                                                                    const YamlNode& node);
[[nodiscard]] std::optional<workflows::FreeDayRule> read_free_day_rule(Findings& findings,
                                                                       const YamlNode& node);
/// {to: ADDRESS, copy: [ADDRESS], case_number: TEXT}, with the places.
void read_delivery(Findings& findings, const YamlNode& node, workflows::Requirement& requirement);

/// The groups of a cohort, into it.
void read_groups(Findings& findings, const YamlNode& node, workflows::Cohort& cohort);
/// Roles or the like, one or more, each once. `more`: as in `read_id`.
[[nodiscard]] std::vector<std::string> read_names(Findings& findings, const YamlNode& node,
                                                  std::string_view more = {});
/// The meetings of a cohort, into it.
void read_meetings(Findings& findings, const YamlNode& node, workflows::Cohort& cohort);

}  // namespace fristvakt::integrations
