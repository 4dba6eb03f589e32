#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/notice_variables.hpp"

namespace fristvakt::integrations::texts {

/// The place of a variable in notice_variables(); nothing when there is none of that name.
[[nodiscard]] std::optional<std::size_t> variable_index(std::string_view name);

/// What the variables of a notice stand for: one text for each of notice_variables(), empty when
/// there is none, and one set of values for each case.
class Values {
 public:
    Values() : texts_(workflows::notice_variables().size()) {}

    /// REQUIRES: `name` is a variable. The value is made fit for a sentence by plain_value().
    void set(std::string_view name, std::string_view value);
    /// The same of a text whose lines stay apart, by plain_lines(): LF stands between them.
    void set_lines(std::string_view name, std::string_view value);
    [[nodiscard]] const std::string& at(std::size_t index) const { return texts_[index]; }
    /// REQUIRES: `name` is a variable.
    [[nodiscard]] const std::string& get(std::string_view name) const;
    /// Takes over each value that all of `cases` share, and the cases themselves.
    void set_cases(std::vector<Values> cases);
    /// Gives each case its value of `name` under `own_name` as well, unless all share it.
    /// REQUIRES: both are variables.
    void mark_differences(std::string_view name, std::string_view own_name);
    [[nodiscard]] const std::vector<Values>& cases() const { return cases_; }

 private:
    std::vector<std::string> texts_;
    std::vector<Values> cases_;
};

}  // namespace fristvakt::integrations::texts
