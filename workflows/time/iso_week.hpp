#pragma once

#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// ISO 8601, 1 to 53: the week belongs to the year that has its Thursday.
[[nodiscard]] inline int iso_week(Date day) {
    const Date thursday = day - (cal::weekday{day} - cal::Monday) + cal::days{3};
    const Date new_year{cal::local_days{cal::year_month_day{thursday}.year() / cal::January / 1}};
    return static_cast<int>((thursday - new_year).count() / 7) + 1;
}

}  // namespace fristvakt::workflows
