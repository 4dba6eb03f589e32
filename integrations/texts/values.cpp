#include "integrations/texts/values.hpp"

#include <algorithm>
#include <unordered_map>

#include "integrations/texts/plain_value.hpp"
#include "workflows/assert.hpp"

namespace fristvakt::integrations::texts {

std::optional<std::size_t> variable_index(std::string_view name) {
    static const auto kIndexes = [] {
        std::unordered_map<std::string_view, std::size_t> indexes;
        for (const auto& variable : workflows::notice_variables()) {
            indexes.emplace(variable.name, indexes.size());
        }
        return indexes;
    }();
    const auto found = kIndexes.find(name);
    return found == kIndexes.end() ? std::nullopt : std::optional(found->second);
}

void Values::set(std::string_view name, std::string_view value) {
    const auto index = variable_index(name);
    FRISTVAKT_ASSERT(index.has_value());
    texts_[*index] = plain_value(value);
}

void Values::set_lines(std::string_view name, std::string_view value) {
    const auto index = variable_index(name);
    FRISTVAKT_ASSERT(index.has_value());
    texts_[*index] = plain_lines(value);
}

const std::string& Values::get(std::string_view name) const {
    const auto index = variable_index(name);
    FRISTVAKT_ASSERT(index.has_value());
    return texts_[*index];
}

void Values::set_cases(std::vector<Values> cases) {
    cases_ = std::move(cases);
    if (cases_.empty()) {
        return;
    }
    for (std::size_t index = 0; index < texts_.size(); ++index) {
        const std::string& first = cases_.front().texts_[index];
        const bool shared = std::all_of(cases_.begin(), cases_.end(), [&](const Values& other) {
            return other.texts_[index] == first;
        });
        if (shared && !first.empty()) {
            texts_[index] = first;
        }
    }
}

void Values::mark_differences(std::string_view name, std::string_view own_name) {
    const auto index = variable_index(name);
    const auto own_index = variable_index(own_name);
    FRISTVAKT_ASSERT(index.has_value());
    FRISTVAKT_ASSERT(own_index.has_value());
    if (!texts_[*index].empty()) {
        return;
    }
    for (Values& one : cases_) {
        one.texts_[*own_index] = one.texts_[*index];
    }
}

}  // namespace fristvakt::integrations::texts
