#include "daemon/graph_desk/wanted_meetings.hpp"

#include <set>

#include "workflows/decision/meeting.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/calendar_uid.hpp"

namespace fristvakt::daemon {

using workflows::CalendarMeeting;
using workflows::Case;
using workflows::CaseContext;
using workflows::Definitions;
using workflows::Error;
using workflows::Instant;
using workflows::Language;
using workflows::MeetingDate;
using workflows::MeetingTime;
using workflows::Result;
using workflows::Snapshot;
using workflows::StoredInvitation;
using workflows::Text;

namespace {

const Text kCancelled{"Møtet er avlyst.", "Møtet er avlyst."};
/// Of a meeting that nobody gave an end.
constexpr std::chrono::hours kLength{1};

/// Adds the open cases of one requirement to which people were called.
workflows::Status add_called(Snapshot& snapshot, const std::string& cohort,
                             const std::string& requirement, std::set<std::string>& ids) {
    workflows::CaseFilter filter{.cohort = cohort,
                                 .requirement = requirement,
                                 .debtor = {},
                                 .state = {},
                                 .final = false,
                                 .after_id = {}};
    while (true) {
        const auto page = snapshot.cases(filter);
        if (!page.ok()) {
            return page.error();
        }
        for (const Case& item : page.value()) {
            if (item.invited_count > 0) {
                ids.insert(item.id);
            }
        }
        if (page.value().size() < filter.count_max) {
            return workflows::Done{};
        }
        filter.after_id = page.value().back().id;
    }
}

/// Of meetings, as far as they are to be looked at.
Result<std::set<std::string>> ids_of(Snapshot& snapshot, const Definitions& definitions,
                                     const CalendarBook& book, Instant now) {
    std::set<std::string> ids;
    for (const auto& [id, known] : book.meetings) {
        if (known.ends_at > now) {
            ids.insert(id);
        }
    }
    for (const workflows::Cohort& cohort : definitions.cohorts) {
        for (const workflows::Requirement& requirement : cohort.requirements) {
            if (requirement.origin != workflows::Requirement::Origin::Meeting) {
                continue;
            }
            const auto added = add_called(snapshot, cohort.id, requirement.id, ids);
            if (!added.ok()) {
                return added.error();
            }
        }
    }
    return ids;
}

/// What is known of one that is to go: it ends when it would have.
CalendarMeeting as_known(const KnownMeeting& known) {
    if (known.event.put) {
        return *known.event.put;
    }
    return {.uid = {},
            .subject = {},
            .start = known.ends_at - workflows::Seconds{1},
            .end = known.ends_at,
            .place = {},
            .text = {},
            .attendees = {}};
}

void take_in(CalendarMeeting& meeting, const MeetingTime& time, const workflows::TimeZone& zone) {
    meeting.start = zone.to_instant(time.start);
    meeting.end = zone.to_instant(time.end);
    if (meeting.end <= meeting.start) {
        meeting.end = meeting.start + kLength;
    }
    meeting.place = time.place;
}

void take_in(CalendarMeeting& meeting, const Case& item, const CaseContext& context,
             const MeetingDate* date, Language language) {
    if (context.requirement != nullptr) {
        meeting.subject = context.requirement->title.in(language);
    }
    meeting.text = workflows::description_of(item, date, language);
}

/// Nothing: it neither stands in the calendar nor should.
std::optional<WantedMeeting> wanted_meeting(const std::optional<Case>& item,
                                            const std::vector<StoredInvitation>& invitations,
                                            const KnownMeeting* known,
                                            const Definitions& definitions) {
    const Language language = definitions.installation.default_language;
    WantedMeeting out{.meeting = known == nullptr ? CalendarMeeting{} : as_known(*known),
                      .farewell = kCancelled.in(language)};
    out.meeting.attendees.clear();
    for (const StoredInvitation& one : invitations) {
        // Whose address has been erased cannot be called any more.
        if (!one.invitation.told.empty() && !one.person.address.empty()) {
            out.meeting.attendees.push_back(
                {.address = one.person.address, .name = one.person.name});
            out.sequences += one.invitation.sequence + 1;
        }
    }
    const auto time = item ? workflows::meeting_time(*item) : std::nullopt;
    out.meeting.is_cancelled = out.meeting.attendees.empty() || !time;
    if (out.meeting.is_cancelled && known == nullptr) {
        return std::nullopt;
    }
    const CaseContext context = item ? workflows::context_of(*item, definitions) : CaseContext{};
    const MeetingDate* date = context.cohort == nullptr || context.requirement == nullptr
                                  ? nullptr
                                  : context.cohort->find_date(*context.requirement, item->period);
    if (!out.meeting.is_cancelled) {
        out.meeting.uid = workflows::calendar_uid(item->id, definitions.installation.organisation);
        take_in(out.meeting, *time, definitions.time_zone());
        take_in(out.meeting, *item, context, date, language);
        const auto online = item->fields.find(std::string{workflows::kJoinUrl});
        out.join_url = online == item->fields.end() ? std::string{} : online->second;
    } else if (date != nullptr && !date->cancelled.empty()) {
        out.farewell = date->cancelled;
    }
    return out;
}

}  // namespace

Result<std::map<std::string, WantedMeeting>> wanted_meetings(Snapshot& snapshot,
                                                             const Definitions& definitions,
                                                             const CalendarBook& book,
                                                             Instant now) {
    const auto ids = ids_of(snapshot, definitions, book, now);
    if (!ids.ok()) {
        return ids.error();
    }
    std::map<std::string, WantedMeeting> out;
    for (const std::string& id : ids.value()) {
        const auto item = snapshot.find_case(id);
        const auto invitations = snapshot.invitations_of(id);
        if (!item.ok() || !invitations.ok()) {
            return item.ok() ? invitations.error() : item.error();
        }
        const auto known = book.meetings.find(id);
        auto wanted =
            wanted_meeting(item.value(), invitations.value(),
                           known == book.meetings.end() ? nullptr : &known->second, definitions);
        if (wanted) {
            out.emplace(id, *std::move(wanted));
        }
    }
    return out;
}

}  // namespace fristvakt::daemon
