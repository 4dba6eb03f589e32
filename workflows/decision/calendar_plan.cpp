#include "workflows/decision/calendar_plan.hpp"

#include <map>

#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

constexpr CalendarChange kAll{
    .subject = true, .time = true, .place = true, .text = true, .online = true, .attendees = true};

/// Who is called, and whether they must come. A directory has its own spelling of names.
std::map<std::string, bool> called(const CalendarMeeting& meeting) {
    std::map<std::string, bool> out;
    for (const CalendarAttendee& attendee : meeting.attendees) {
        out.emplace(lower_case(attendee.address), attendee.is_required);
    }
    return out;
}

CalendarCall nothing(CalendarCall::Reason reason) {
    return {.kind = CalendarCall::Kind::None, .reason = reason};
}

CalendarCall plan_end(const CalendarEvent& known) {
    if (known.event_id.empty() && known.transaction.empty()) {
        return nothing(CalendarCall::Reason::NeverThere);
    }
    return {.kind = CalendarCall::Kind::Cancel,
            .reason = CalendarCall::Reason::Cancelled,
            .transaction = known.transaction,
            .event_id = known.event_id};
}

CalendarEvent ended(const CalendarEvent& known) {
    return {
        .generation = known.generation + 1, .transaction = {}, .event_id = {}, .put = std::nullopt};
}

}  // namespace

CalendarChange difference(const CalendarMeeting& there, const CalendarMeeting& wanted) {
    return {.subject = there.subject != wanted.subject,
            .time = there.start != wanted.start || there.end != wanted.end,
            .place = there.place != wanted.place,
            .text = there.text != wanted.text,
            .online = wanted.is_online && !there.is_online,
            .attendees = called(there) != called(wanted)};
}

std::string transaction_of(std::string_view uid, int generation) {
    constexpr std::size_t kDigits = 32;
    std::string id = sha256_hex(std::string{uid}.append("\n").append(std::to_string(generation)));
    id.resize(kDigits);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) {
        id.insert(at, "-");
    }
    return id;
}

Result<CalendarCall> plan_calendar(const CalendarMeeting& wanted, const CalendarEvent& known,
                                   Instant now) {
    using Kind = CalendarCall::Kind;
    using Reason = CalendarCall::Reason;
    const bool is_past_there = known.event_id.empty() || (known.put && known.put->end <= now);
    if (wanted.end <= now && is_past_there) {
        return nothing(Reason::Over);
    }
    if (wanted.is_cancelled) {
        return plan_end(known);
    }
    if (wanted.attendees.size() > kAttendeesMax) {
        return Error{ErrorKind::InvalidInput,
                     wanted.uid + ": " + std::to_string(wanted.attendees.size()) +
                         " are called to the meeting, and a calendar in Microsoft 365 takes " +
                         std::to_string(kAttendeesMax) + "; call fewer roles, or make it two"};
    }
    if (known.event_id.empty()) {
        return CalendarCall{.kind = Kind::Create,
                            .reason = known.transaction.empty() ? Reason::New : Reason::Uncertain,
                            .transaction = transaction_of(wanted.uid, known.generation)};
    }
    const CalendarChange change = known.put ? difference(*known.put, wanted) : kAll;
    if (!change.any()) {
        return nothing(Reason::AsWanted);
    }
    return CalendarCall{.kind = Kind::Update,
                        .reason = known.put ? Reason::Changed : Reason::Uncertain,
                        .event_id = known.event_id,
                        .change = change};
}

CalendarEvent begun(CalendarEvent known, const CalendarCall& call) {
    switch (call.kind) {
        case CalendarCall::Kind::None:
            break;
        case CalendarCall::Kind::Create:
            known.transaction = call.transaction;
            break;
        case CalendarCall::Kind::Update:
        case CalendarCall::Kind::Cancel:
            // Should nobody answer, it may have been done: back at the old time, that must show.
            known.put.reset();
            break;
    }
    return known;
}

CalendarEvent settled(CalendarEvent known, const CalendarMeeting& wanted, const CalendarCall& call,
                      const CalendarOutcome& outcome) {
    const bool is_cancel = call.kind == CalendarCall::Kind::Cancel;
    switch (outcome.kind) {
        case CalendarOutcome::Kind::Done:
            if (is_cancel) {
                return ended(known);
            }
            known.put = wanted;
            break;
        case CalendarOutcome::Kind::Found:
            known.put.reset();
            break;
        case CalendarOutcome::Kind::Gone:
            return ended(known);
        case CalendarOutcome::Kind::Unknown:
            return known;
    }
    if (call.kind == CalendarCall::Kind::Create) {
        known.transaction = call.transaction;
        known.event_id = outcome.event_id;
    }
    return known;
}

}  // namespace fristvakt::workflows
