#pragma once

#include <string>
#include <string_view>

#include "integrations/texts/values.hpp"
#include "workflows/language.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::texts {

/// What every variable stands for in this message, in its language, at its time. The cases stand
/// in order of urgency: earliest deadline first, then debtor and case.
/// REQUIRES: the definitions have their time zone, and the snapshot has an item.
[[nodiscard]] Values values_for(const workflows::MessageSnapshot& snapshot,
                                const workflows::Definitions& definitions);

/// In `language`, else in the other one: a text that only one målform has is better than none.
[[nodiscard]] const std::string& in_language(const workflows::Text& text,
                                             workflows::Language language);
/// "om 14 dager", "i morgen", "i dag"; for a day that has passed, nothing.
[[nodiscard]] std::string days_left_phrase(int days, workflows::Language language);
/// "for 3 dager siden", "i går"; for today or a day ahead, nothing.
[[nodiscard]] std::string days_over_phrase(int days, workflows::Language language);
/// "1 dag", "2 dager" / "2 dagar".
[[nodiscard]] std::string day_count(int days, workflows::Language language);
/// A role's name in a sentence: "skoleeier" / "skuleeigar"; one that is not known as it is.
[[nodiscard]] std::string role_name(std::string_view role, workflows::Language language);

}  // namespace fristvakt::integrations::texts
