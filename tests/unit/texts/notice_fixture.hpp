#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"

/// Messages about pulje 5 as the engine would ask for them, with invented people.
namespace fristvakt::tests {

/// The shipped notices, in a configuration that has nothing else of its own.
[[nodiscard]] const workflows::Definitions& shipped_notices();
/// To those who hold it: that something is to be done.
[[nodiscard]] bool is_about_a_meeting(std::string_view notice);
/// To whoever is called to a meeting.
[[nodiscard]] bool is_invitation(std::string_view notice);

/// One way in which a notice is used.
struct Sample {
    std::string name;  ///< Of its golden files.
    workflows::MessageSnapshot snapshot;
};

/// A message of one case by `notice`, on the day on which the shipped ladder would send it.
[[nodiscard]] workflows::MessageSnapshot one_case(std::string_view notice,
                                                  workflows::Language language);
/// The same about three cases, two of them of one organisation.
[[nodiscard]] workflows::MessageSnapshot several_cases(std::string_view notice,
                                                       workflows::Language language);
/// A week with something in every section, and a calm one.
[[nodiscard]] workflows::MessageSnapshot busy_week(workflows::Language language);
[[nodiscard]] workflows::MessageSnapshot calm_week(workflows::Language language);
/// Every notice with one and with several cases, mixtures, and messages that lack what may lack.
[[nodiscard]] std::vector<Sample> samples(workflows::Language language);

/// "2021-01-11T08:00", in Oslo.
[[nodiscard]] workflows::Instant at(std::string_view local_time);
/// The deadline that `expression` gives, with its derivation.
[[nodiscard]] workflows::Deadline deadline(std::string_view expression);

}  // namespace fristvakt::tests
