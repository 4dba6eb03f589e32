#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/case.hpp"
#include "tests/model/town.hpp"

/// One meeting: what its date in the configuration does to its case, whom it calls, what they
/// should know and what they may answer. The model knows meetings that are held once, in people's
/// own mail; not those of every semester, those whose people sign up themselves or come as a group,
/// who came in the end, nor the calendar in Microsoft 365.
namespace fristvakt::tests::model {

inline constexpr std::string_view kDated{"dated"};
inline constexpr std::string_view kMoved{"moved"};
inline constexpr std::string_view kUndated{"undated"};
inline constexpr std::string_view kCancelled{"cancelled"};
inline constexpr std::string_view kHeld{"held"};
/// Whether the event says when a meeting is held, or that it is not.
[[nodiscard]] bool is_of_date(std::string_view event);
/// The case stands for a meeting of the rules.
[[nodiscard]] bool is_meeting(const Case& item, const Rules& rules);
/// Which of the four the configuration raises in the case; empty: none, it has been followed.
[[nodiscard]] std::string date_event(const Case& item, const Rules& rules);

/// It is a meeting whose people have met, though the rules took it out since: nothing moves it any
/// more.
[[nodiscard]] bool was_held(const Case& item, const Rules& rules);
/// The id of the case of the meeting to which `prework` is brought.
[[nodiscard]] std::string meeting_of(const Case& prework);

/// The configuration has a date for it, which is not held.
[[nodiscard]] bool is_called_off(const Case& item, const Rules& rules);

/// The end of a meeting has come.
[[nodiscard]] bool is_over(const Occasion& when, Second now);

/// All who hold a role that the meeting calls, at one who takes part, on its day; each address
/// once.
[[nodiscard]] std::vector<Recipient> called_to(const Case& item, const Rules& rules);
/// What whoever is called should know; nothing: no invitations stand.
[[nodiscard]] std::optional<Occasion> announced(const Case& item, const Rules& rules);

/// The role stands for those who are called: "attendees", or of these the "unanswered".
[[nodiscard]] bool is_of_guests(const Role& role);
[[nodiscard]] bool is_of_guests(const Step& step);
/// Who has been told of the meeting, is called to it, and has not declined, or not answered at all.
[[nodiscard]] std::vector<Recipient> reached_guests(const Role& role, const Case& item,
                                                    const Rules& rules,
                                                    const std::set<std::string>& refused);

/// RFC 5546 section 2.1.5: an answer counts by what it answers, then by when it was given.
[[nodiscard]] Answer check_reply(const Case& item, const Event& event, Second now);
/// It is what they have answered before: nothing more is written down.
[[nodiscard]] bool says_the_same(const Case& item, const Event& event, Second now);
/// REQUIRES: taken.
void note_reply(Case& item, const Event& event, Second now);

}  // namespace fristvakt::tests::model
