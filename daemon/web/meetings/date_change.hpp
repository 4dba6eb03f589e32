#pragma once

#include <optional>
#include <string>

#include "daemon/web/view.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"

/// Where and whether the date of a meeting is changed on the pages.
namespace fristvakt::daemon {

/// A meeting of a programme as a page knows it.
struct MeetingSeen {
    const workflows::Cohort& cohort;
    const workflows::Requirement& requirement;
    std::string period;           ///< Of its case: "2021-var"; or empty.
    const workflows::Case* item;  ///< Null: not opened yet.

    /// Null: none is set.
    [[nodiscard]] const workflows::MeetingDate* date() const {
        return cohort.find_date(requirement, period);
    }
};

/// It has been held, or was ended by hand: its date is history, and nothing moves it.
[[nodiscard]] bool is_history(const MeetingSeen& meeting,
                              const workflows::Definitions& definitions);

/// The same of a date that stands in the programme; null: none does.
[[nodiscard]] bool is_history(View& view, const workflows::Cohort& cohort,
                              const workflows::MeetingDate* date);

/// The way to change a date, and what it is called.
struct DateChange {
    std::string path;
    workflows::Text word;  ///< "Sett dato", "Flytt eller avlys", "Hold møtet likevel"
};
/// Nothing: the visitor may not, or nobody may any more.
[[nodiscard]] std::optional<DateChange> date_change(const View& view, const MeetingSeen& meeting);

}  // namespace fristvakt::daemon
