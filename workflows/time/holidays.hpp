#pragma once

#include <optional>
#include <string_view>

#include "workflows/language.hpp"
#include "workflows/time/instant.hpp"

/// Norwegian public holidays, computed for any year, and the two kinds of days that hang on them.
/// Sources: helligdagsfredloven (lov 1995-02-24-12) § 2; lov 1947-04-26-1 § 1 (1 and 17 May).
namespace fristvakt::workflows {

enum class Holiday {
    NewYearsDay,
    MaundyThursday,
    GoodFriday,
    EasterSunday,
    EasterMonday,
    LabourDay,
    ConstitutionDay,
    AscensionDay,
    WhitSunday,
    WhitMonday,
    ChristmasDay,
    SecondChristmasDay,
};

/// Easter Sunday of the Gregorian calendar.
[[nodiscard]] Date easter_sunday(int year);
/// The holiday on that day; nothing on an ordinary Sunday. Where two fall together (17 May and Whit
/// Monday in 2027), the one with the fixed date.
[[nodiscard]] std::optional<Holiday> holiday_on(Date day);
/// "skjærtorsdag" / "skjærtorsdag", "1. juledag" / "1. juledag", …
[[nodiscard]] std::string_view holiday_name(Holiday holiday, Language language);
/// The holiday's name, else the weekday's: what a free day is called in an explanation.
[[nodiscard]] std::string_view day_name(Date day, Language language);

/// Saturday, Sunday or public holiday: a time limit that ends there is extended
/// (domstolloven § 149 first paragraph).
[[nodiscard]] bool is_free_day(Date day);
/// Sunday, public holiday, 1 or 17 May, but no ordinary Saturday: left out of a time limit in hours
/// (domstolloven § 149 second paragraph names holidays and what equals them, no Saturdays).
[[nodiscard]] bool is_holiday_or_sunday(Date day);
/// Monday to Friday and no public holiday ("arbeidsdag"; "virkedag" means two things in law).
[[nodiscard]] bool is_working_day(Date day);
/// `day` when it is a working day, else the nearest one after (before) it.
[[nodiscard]] Date working_day_on_or_after(Date day);
[[nodiscard]] Date working_day_on_or_before(Date day);
/// The `count`-th working day after `day`, before it when negative; `day` itself when 0. `day` is
/// not counted (domstolloven § 148 first paragraph).
[[nodiscard]] Date add_working_days(Date day, int count);

}  // namespace fristvakt::workflows
