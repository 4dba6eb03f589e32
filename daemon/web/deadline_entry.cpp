#include "daemon/web/deadline_entry.hpp"

#include <algorithm>

#include "daemon/http/url.hpp"
#include "daemon/web/status.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/definition/calendar_uid.hpp"
#include "workflows/definition/meetings.hpp"

namespace fristvakt::daemon {

using integrations::calendar::Entry;
using integrations::calendar::TimeSpan;
using integrations::calendar::WholeDays;
using workflows::Case;
using workflows::Definitions;
using workflows::Instant;
using workflows::Language;

namespace {

/// When what the entry says last changed.
Instant changed_at(const Case& item) {
    return std::max({item.opened_at, item.entered_at, item.due_version_began_at});
}

/// Never goes down: every event counts, and every deadline that there has been.
int sequence_of(const Case& item) {
    const auto moves = static_cast<int>(item.due_versions.size());
    return item.revision + std::max(0, moves - 1);
}

/// "Frist", "Frist kl. 12.00"; of what is over, the state that it came to.
std::string title_of(const Case& item, const Definitions& definitions, const CaseStatus& status,
                     Language language) {
    if (!status.days_left) {
        return status.word.in(language);
    }
    const workflows::TimeZone& zone = definitions.time_zone();
    const bool whole_day =
        item.due->ends_at == zone.start_of_day(item.due->date + workflows::cal::days{1});
    return whole_day ? "Frist" : "Frist " + workflows::clock_time(zone.to_local(item.due->ends_at));
}

std::string url_of(const Case& item, const Definitions& definitions) {
    return workflows::base_url(definitions.installation.public_url) + "/sak/" +
           encode_path(item.id);
}

}  // namespace

std::optional<Entry> meeting_entry(const Case& item, const Definitions& definitions,
                                   Language language) {
    const auto meeting = workflows::meeting_time(item);
    const workflows::TimeZone& zone = definitions.time_zone();
    if (!meeting || meeting->end <= meeting->start) {
        return std::nullopt;
    }
    const auto* const requirement = workflows::context_of(item, definitions).requirement;
    const auto* const cohort = definitions.find_cohort(item.cohort);
    const auto* const date = cohort == nullptr || requirement == nullptr
                                 ? nullptr
                                 : cohort->find_date(*requirement, item.period);
    std::variant<WholeDays, TimeSpan> when =
        TimeSpan{zone.to_instant(meeting->start), zone.to_instant(meeting->end)};
    if (workflows::is_whole_days(*meeting)) {
        when = WholeDays{workflows::day_of(meeting->start), workflows::last_day_of(*meeting)};
    }
    return Entry{.uid = workflows::calendar_uid(item.id, definitions.installation.organisation),
                 .stamped_at = changed_at(item),
                 .sequence = sequence_of(item),
                 .when = when,
                 .summary = requirement == nullptr ? case_title(item, definitions).in(language)
                                                   : requirement->title.in(language),
                 .description = workflows::description_of(item, date, language),
                 .place = meeting->place,
                 .url = url_of(item, definitions),
                 .is_cancelled = item.final && item.state == workflows::kCancelled,
                 .is_busy = true};
}

std::optional<Entry> deadline_entry(const Case& item, const Definitions& definitions,
                                    Language language) {
    if (auto meeting = meeting_entry(item, definitions, language)) {
        return meeting;
    }
    if (!item.due) {
        return std::nullopt;
    }
    const Instant changed = changed_at(item);
    // Whether the deadline is near or has passed is not said: that would change by itself.
    const CaseStatus status = status_of(item, definitions, changed);
    return Entry{.uid = workflows::calendar_uid(item.id, definitions.installation.organisation),
                 .stamped_at = changed,
                 .sequence = sequence_of(item),
                 .when = WholeDays{item.due->date, item.due->date},
                 .summary = title_of(item, definitions, status, language) + ": " +
                            case_title(item, definitions).in(language) + " – " +
                            organisation_name(item.debtor, definitions),
                 .description = words_of_state(item, definitions).in(language),
                 .url = url_of(item, definitions),
                 .is_cancelled = status.kind == StatusKind::NotApplicable};
}

}  // namespace fristvakt::daemon
