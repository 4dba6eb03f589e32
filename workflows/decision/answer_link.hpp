#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The link by which one person answers one invitation. Whoever has it may answer for them, as
/// whoever has the mail may: it is no secret beyond that, and does nothing else.
namespace fristvakt::workflows {

/// `https://…/m/TOKEN/CASE`. `salt` is the installation's.
[[nodiscard]] std::string answer_link(const std::string& public_url, std::string_view salt,
                                      std::string_view case_id, std::string_view person);

/// The person for whom `token` was made, of that case. Nothing: it was not made by this
/// installation for it. Takes the same time whatever is wrong.
[[nodiscard]] std::optional<std::string> person_of_answer_link(std::string_view token,
                                                               std::string_view salt,
                                                               std::string_view case_id);

}  // namespace fristvakt::workflows
