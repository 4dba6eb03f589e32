#include "integrations/yaml/requirement_parts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "integrations/yaml/keys.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::DueRule;
using workflows::FreeDayRule;
using workflows::Recurrence;
using workflows::Requirement;

/// What `due:` and `opens:` may be, for each recurrence.
const char* due_forms(Recurrence every) {
    switch (every) {
        case Recurrence::Once:
            return "write a date as YYYY-MM-DD, or such as `2021-01-04 + 3 weeks`";
        case Recurrence::Yearly:
            return "write MM-DD, or such as `end - 2 weeks` (of the year)";
        case Recurrence::EachSemester:
            return "write {spring: MM-DD, autumn: MM-DD}, or such as `end - 2 weeks` (of the "
                   "semester)";
        case Recurrence::Monthly:
            return "write such as `start + 10 days` or `end - 3 working days` (of the month)";
    }
    return "";
}

const char* every_word(Recurrence every) {
    switch (every) {
        case Recurrence::Once:
            return "a single requirement";
        case Recurrence::Yearly:
            return "`every: year`";
        case Recurrence::EachSemester:
            return "`every: semester`";
        case Recurrence::Monthly:
            return "`every: month`";
    }
    return "";
}

bool is_month_day_shape(std::string_view text) {
    return text.size() == 5 && text[2] == '-' &&
           std::ranges::all_of(text, [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

std::optional<DueRule> read_semester_days(Findings& findings, const YamlNode& node) {
    const Mapping map(findings, node, keys::kSemestersTable);
    const YamlNode* spring = map.find("spring");
    const YamlNode* autumn = map.find("autumn");
    if (spring == nullptr || autumn == nullptr) {
        return std::nullopt;
    }
    DueRule rule;
    rule.spring = read_month_day(findings, *spring);
    rule.autumn = read_month_day(findings, *autumn);
    return rule.spring && rule.autumn ? std::optional(rule) : std::nullopt;
}

bool has_hours(const workflows::DeadlineExpression& expression) {
    return expression.time_of_day.has_value() ||
           std::holds_alternative<workflows::LocalTime>(expression.anchor) ||
           std::ranges::any_of(expression.terms, [](const auto& term) {
               return term.unit == workflows::TimeUnit::Hour;
           });
}

}  // namespace

std::optional<DueRule> read_due(Findings& findings, const YamlNode& node, Recurrence every) {
    const auto unfit = [&](std::string what) {
        findings.error(node, fmt::format("{} does not suit {}", what, every_word(every)),
                       due_forms(every));
        return std::nullopt;
    };
    if (node.kind == YamlNode::Kind::Map) {
        return every == Recurrence::EachSemester ? read_semester_days(findings, node)
                                                 : unfit("a day for each semester");
    }
    if (node.kind == YamlNode::Kind::Scalar && is_month_day_shape(node.text)) {
        if (every != Recurrence::Yearly) {
            return unfit(fmt::format("the day {} without a year", node.text));
        }
        DueRule rule;
        rule.day = read_month_day(findings, node);
        return rule.day ? std::optional(rule) : std::nullopt;
    }
    auto expression = read_expression(findings, node);
    if (!expression) {
        return std::nullopt;
    }
    if (const auto* name = std::get_if<std::string>(&expression->anchor)) {
        if (every == Recurrence::Once) {
            return unfit(fmt::format("`{}` has no meaning here and", *name));
        }
        if (*name != "start" && *name != "end") {
            return unfit(fmt::format("`{}` is neither `start` nor `end` of a period and", *name));
        }
    } else if (every != Recurrence::Once) {
        return unfit("one single date");
    }
    DueRule rule;
    rule.expression = std::move(expression);
    return rule;
}

std::optional<DueRule> read_opens(Findings& findings, const YamlNode& node, Recurrence every) {
    auto rule = read_due(findings, node, every);
    if (!rule || !rule->expression) {
        return rule;
    }
    if (has_hours(*rule->expression)) {
        findings.error(node, "a requirement opens at the start of a day, not at a time",
                       due_forms(every));
        return std::nullopt;
    }
    return rule;
}

std::optional<DueRule> read_due_of_prework(Findings& findings, const YamlNode& node) {
    auto expression = read_expression(findings, node);
    if (!expression) {
        return std::nullopt;
    }
    const auto* name = std::get_if<std::string>(&expression->anchor);
    if (name != nullptr && *name != "start" && *name != "end") {
        findings.error(node, fmt::format("`{}` is neither `start` nor `end` of the meeting", *name),
                       "write such as `start - 7 days`, or a date as YYYY-MM-DD");
        return std::nullopt;
    }
    DueRule rule;
    rule.expression = std::move(expression);
    return rule;
}

std::optional<FreeDayRule> read_free_day_rule(Findings& findings, const YamlNode& node) {
    static constexpr Choice<FreeDayRule> kRules[] = {
        {"next_working_day", FreeDayRule::NextWorkingDay},
        {"keep", FreeDayRule::Keep},
        {"previous_working_day", FreeDayRule::PreviousWorkingDay}};
    return read_choice(findings, node, kRules);
}

std::vector<std::string> read_names(Findings& findings, const YamlNode& node,
                                    std::string_view more) {
    std::vector<std::string> names;
    for (const YamlNode* item : read_one_or_more(findings, node)) {
        auto name = read_id(findings, *item, more);
        if (!name) {
            continue;
        }
        if (std::ranges::find(names, *name) != names.end()) {
            findings.error(*item, fmt::format("`{}` stands twice", *name), "keep one");
            continue;
        }
        names.push_back(std::move(*name));
    }
    return names;
}

void read_delivery(Findings& findings, const YamlNode& node, Requirement& requirement) {
    const Mapping map(findings, node, keys::kDeliverTable);
    map.add_places(requirement.places, "deliver.");
    if (const YamlNode* to = map.find("to")) {
        put(requirement.deliver.to, read_address(findings, *to));
    }
    if (const YamlNode* copy = map.find("copy")) {
        for (const YamlNode* item : read_one_or_more(findings, *copy)) {
            if (auto address = read_address(findings, *item)) {
                requirement.deliver.copy.push_back(std::move(*address));
            }
        }
    }
    if (const YamlNode* case_number = map.find("case_number")) {
        put(requirement.deliver.case_number, read_line(findings, *case_number));
    }
}

}  // namespace fristvakt::integrations
