#pragma once

#include <string_view>
#include <vector>

#include "integrations/calendar/calendar_file.hpp"
#include "integrations/sqlite/access_store.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

/// What stands in a calendar that somebody subscribes to.
namespace fristvakt::daemon {

/// What was over stays for so long, so that calendars which fetch seldom learn of it.
inline constexpr int kFeedKeepsDays = 90;

/// The organisations at which `address` is a contact on `day`; each once.
[[nodiscard]] std::vector<std::string_view> organisations_of(
    std::string_view address, const workflows::Definitions& definitions, workflows::Date day);

/// The deadlines of an organisation or a cohort; of a person, those of the organisations at which
/// they are a contact, and those that they are the case officer of. Meetings at their time and
/// place: of an organisation that takes part, all of its cohorts', of a person, those that call a
/// role which they hold on that day; who has declined one is free then. Open ones, and those that
/// were over at most kFeedKeepsDays before `now`; by id. Links to cases stand in it for those who
/// can open them: in a cohort's, and in a person's who signs in here or is one of our own.
///
/// Who the person is, is looked up in `definitions` each time: whoever leaves, leaves it empty.
/// Unavailable: the store did not answer.
[[nodiscard]] workflows::Result<integrations::calendar::Calendar> feed_contents(
    const integrations::StoredFeed& feed, const workflows::Definitions& definitions,
    workflows::Snapshot& store, workflows::Instant now);

}  // namespace fristvakt::daemon
