#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/web/actions/action.hpp"
#include "daemon/web/html.hpp"
#include "daemon/web/view.hpp"

/// Forms as a browser sends them, and as they are drawn.
namespace fristvakt::daemon {

/// What a form sent.
class FormData {
 public:
    explicit FormData(std::vector<std::pair<std::string, std::string>> values)
        : values_(std::move(values)) {}

    /// The first value of that name, without blanks around it; "" when there is none.
    [[nodiscard]] std::string get(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& values() const {
        return values_;
    }

 private:
    std::vector<std::pair<std::string, std::string>> values_;
};

/// One thing that was wrong in a form; `field` is the input it is about, or "".
struct FormProblem {
    std::string field;
    workflows::Text words;
};

/// Fields with what was written into them, and what was wrong with it.
struct FormState {
    std::map<std::string, std::string> values;
    std::vector<FormProblem> problems;
    [[nodiscard]] const FormProblem* problem_with(std::string_view field) const;
};

/// What is missing or no date or number, before anybody is asked.
[[nodiscard]] std::vector<FormProblem> check_fields(const Action& action, const FormData& form);
/// "31.12.2021" as "2021-12-31"; anything else as it is.
[[nodiscard]] std::string iso_day(std::string_view text);
/// The event's fields that were filled in.
[[nodiscard]] std::map<std::string, std::string> fields_of(const Action& action,
                                                           const FormData& form);

[[nodiscard]] Html hidden(std::string_view name, std::string_view value);
/// A label, its input and what is wrong with it. `prefix` keeps ids of several forms apart.
[[nodiscard]] Html draw_field(const View& view, const ActionField& field, std::string_view prefix,
                              const FormState& state);
/// All fields of an action, and who did it.
[[nodiscard]] Html draw_fields(const View& view, const Action& action, std::string_view prefix,
                               const FormState& state);
/// Among the values of a state: what the check of a configuration said, in English, for those who
/// run fristvakt.
inline constexpr std::string_view kFindings = "kontrollen";
/// That, folded away.
[[nodiscard]] Html findings_fold(const View& view, std::string_view findings);
/// What has to be put right, with links to the inputs; empty when nothing is wrong.
[[nodiscard]] Html error_summary(const View& view, std::string_view prefix, const FormState& state);

}  // namespace fristvakt::daemon
