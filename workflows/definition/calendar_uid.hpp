#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fristvakt::workflows {

/// What names a case in calendars, for ever. `organisation` is the installation's. Pure.
[[nodiscard]] inline std::string calendar_uid(std::string_view case_id,
                                              std::string_view organisation) {
    return std::string{"fristvakt/"}.append(organisation).append("/").append(case_id);
}

/// The case that calendars know as `uid`, "fristvakt/sf-innlandet/pulje-5/nettverk/2021-var";
/// nothing for a name that is not ours. Whether there is such a case is not said. Pure.
[[nodiscard]] inline std::optional<std::string> case_of_calendar_uid(
    std::string_view uid, std::string_view organisation) {
    const std::string ours = std::string{"fristvakt/"}.append(organisation).append("/");
    return uid.size() > ours.size() && uid.starts_with(ours)
               ? std::optional{std::string{uid.substr(ours.size())}}
               : std::nullopt;
}

}  // namespace fristvakt::workflows
