#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fristvakt::workflows {

/// What a case is called in everybody's calendars, for ever: "fristvakt/sf-innlandet/pulje-5/…".
/// Stored by others, never change. `organisation` is the installation's. Pure; so is the other.
[[nodiscard]] inline std::string calendar_uid(std::string_view organisation,
                                              std::string_view case_id) {
    return std::string{"fristvakt/"}.append(organisation).append("/").append(case_id);
}

/// The case that is called so; nothing for a name that is not ours.
[[nodiscard]] inline std::optional<std::string> case_of_calendar_uid(std::string_view organisation,
                                                                     std::string_view uid) {
    const std::string ours = calendar_uid(organisation, "");
    return uid.size() > ours.size() && uid.starts_with(ours)
               ? std::optional{std::string{uid.substr(ours.size())}}
               : std::nullopt;
}

}  // namespace fristvakt::workflows
