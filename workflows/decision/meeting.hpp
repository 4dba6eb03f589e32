#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "workflows/decision/recipients.hpp"
#include "workflows/model/case.hpp"

/// When and where the meeting of a case is, as its fields `start`, `end` and `place` say. Pure.
namespace fristvakt::workflows {

struct MeetingTime {
    LocalTime start{};
    LocalTime end{};  ///< Exclusive; as `start` when nobody said.
    std::string place;
    friend bool operator==(const MeetingTime&, const MeetingTime&) = default;
};

/// It is of days without times: whatever shows it shows its days alone.
[[nodiscard]] bool is_whole_days(const MeetingTime& time);
/// The last day of a meeting, which its end, exclusive, may lie behind.
[[nodiscard]] Date last_day_of(const MeetingTime& time);

/// Nothing: no date is set.
[[nodiscard]] std::optional<MeetingTime> meeting_time(const Case& item);
[[nodiscard]] std::optional<MeetingTime> meeting_time(
    const std::map<std::string, std::string>& fields);
[[nodiscard]] MeetingTime time_of(const MeetingDate& date);
[[nodiscard]] std::map<std::string, std::string> fields_of(const MeetingTime& time);
/// The same of the time that a meeting had before an event: `was_start`, `was_end`, `was_place`.
[[nodiscard]] std::map<std::string, std::string> former_fields_of(const MeetingTime& time);
[[nodiscard]] std::optional<MeetingTime> former_meeting_time(
    const std::map<std::string, std::string>& fields);
[[nodiscard]] bool is_former_field(std::string_view name);
/// "2021-03-23T09:00", as `parse_local_time` reads it.
[[nodiscard]] std::string written(LocalTime time);
void forget_meeting_time(Case& item);
/// The field with the address at which a meeting is held online, and the event that sets it.
inline constexpr std::string_view kJoinUrl = "join_url";
inline constexpr std::string_view kOnline = "online";
/// It was held, whatever its date is moved to since.
[[nodiscard]] bool has_been_held(const CaseContext& context);
/// Of what an answer or a change says: the field of the event that is passed on; and the field of
/// the case by which it is known not to have been undone.
inline constexpr std::string_view kShared = "shared";
[[nodiscard]] std::string shared_name(std::string_view what);
/// The field of the case with the revision at which that was; not shown.
[[nodiscard]] std::string shared_by(std::string_view what);
/// What a meeting is about: as it was written with the event that sent it, else as the programme
/// has it; empty: nobody has said. `date` may be null.
[[nodiscard]] std::string agenda_of(const Case& item, const MeetingDate* date, Language language);
/// The same for a calendar, below who lectures.
[[nodiscard]] std::string description_of(const Case& item, const MeetingDate* date,
                                         Language language);
/// The case is that of a meeting whose next step (agenda, attendance, minutes) is more than two
/// weeks away: nothing to bother anybody with yet.
[[nodiscard]] bool is_far_off(const Case& item, const CaseContext& context, Date today);
/// "tirsdag 23. mars 2021 kl. 09.00–12.00"; with both days when it ends on another, and without
/// times when it is of whole days.
[[nodiscard]] std::string time_in_words(const MeetingTime& time, Language language);

inline constexpr std::string_view kDated = "dated";
inline constexpr std::string_view kMoved = "moved";
inline constexpr std::string_view kUndated = "undated";
inline constexpr std::string_view kCancelled = "cancelled";
/// The field of the case, and of the event, with the agenda as it was written by hand.
inline constexpr std::string_view kAgenda = "agenda";
/// The field of the case by which another agenda in the programme is known; not shown.
inline constexpr std::string_view kAgendaMark = "_agenda";
inline constexpr std::string_view kAgendaSent = "agenda_sent";
inline constexpr std::string_view kHeld = "held";
/// Events of a meeting's workflow that say when it is held, or that it is not.
[[nodiscard]] bool is_date_of_meeting(std::string_view event);
/// The case is that of a meeting in a programme: its date stands there, and nobody raises those
/// events by hand.
[[nodiscard]] bool is_configured_meeting(const Case& item, const CaseContext& context);

}  // namespace fristvakt::workflows
