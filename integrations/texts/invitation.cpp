#include "integrations/texts/invitation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <variant>

#include "integrations/calendar/calendar_file.hpp"
#include "workflows/assert.hpp"
#include "workflows/definition/meetings.hpp"

namespace fristvakt::integrations::texts {

using workflows::Definitions;
using workflows::MessageSnapshot;
namespace cal = workflows::cal;

namespace {

/// What goes to those who are called to a meeting, beside invitations.
constexpr std::array<std::string_view, 4> kToAttendees{"answer-invitation", "meeting-soon",
                                                       "agenda", "minutes"};

std::variant<calendar::WholeDays, calendar::TimeSpan> when(const MessageSnapshot::Meeting& meeting,
                                                           const workflows::TimeZone& zone) {
    if (workflows::is_whole_days(meeting.start, meeting.end)) {
        return calendar::WholeDays{cal::floor<cal::days>(meeting.start),
                                   cal::floor<cal::days>(meeting.end) - cal::days{1}};
    }
    const auto start = zone.to_instant(meeting.start);
    const auto end = zone.to_instant(meeting.end);
    return calendar::TimeSpan{start, start < end ? end : start + std::chrono::hours{1}};
}

/// Where calendars send their answers: into our own mailbox where there is one, else to people.
const std::string& answers_to(const workflows::Installation& installation) {
    if (installation.mailbox) {
        return installation.mailbox->address;
    }
    return installation.mail.reply_to.empty() ? installation.mail.from : installation.mail.reply_to;
}

}  // namespace

std::string organizer_name(const MessageSnapshot& snapshot, const Definitions& definitions) {
    const std::string& name = snapshot.items.front().debtor_name;
    const auto& installation = definitions.installation;
    const auto* const own = definitions.find_organisation(installation.organisation);
    return name.empty() || own == nullptr || own->name == name
               ? installation.name.in(snapshot.language)
               : name;
}

std::string sender_name(const MessageSnapshot& snapshot, const Definitions& definitions) {
    const auto is_of_organizer = [&](const MessageSnapshot::Item& item) {
        return (snapshot.kind == workflows::NoticeKind::Invitation ||
                std::ranges::find(kToAttendees, item.notice) != kToAttendees.end()) &&
               item.debtor_name == snapshot.items.front().debtor_name;
    };
    return !snapshot.items.empty() && std::ranges::all_of(snapshot.items, is_of_organizer)
               ? organizer_name(snapshot, definitions)
               : definitions.installation.name.in(snapshot.language);
}

std::string to_calendar_object(const MessageSnapshot& snapshot, const Definitions& definitions) {
    FRISTVAKT_ASSERT(snapshot.meeting.has_value());
    const MessageSnapshot::Meeting& meeting = *snapshot.meeting;
    calendar::Entry entry{
        .uid = meeting.uid,
        .stamped_at = snapshot.at,
        .sequence = meeting.sequence,
        .when = when(meeting, definitions.time_zone()),
        .summary = meeting.title,
        .description = meeting.agenda,
        .place = meeting.place,
        .url = meeting.answer_link,
        .is_cancelled = meeting.is_cancel && !meeting.is_held,
        .is_busy = true,
        .organizer = {.address = answers_to(definitions.installation),
                      .name = organizer_name(snapshot, definitions)},
        .attendees = {{.address = snapshot.to.address, .name = snapshot.to.name}}};
    const calendar::Calendar object{
        .method = meeting.is_cancel ? calendar::Method::Cancel : calendar::Method::Request,
        .entries = {std::move(entry)}};
    return calendar::to_icalendar(object, definitions.time_zone());
}

}  // namespace fristvakt::integrations::texts
