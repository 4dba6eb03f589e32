#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Cohort;
using workflows::DueRule;
using workflows::FreeDayRule;
using workflows::Participant;
using workflows::Recurrence;
using workflows::Requirement;

namespace cal = workflows::cal;

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

/// The rule that stands at `node`, which must suit the recurrence.
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
    const bool has_hours = rule->expression->time_of_day.has_value() ||
                           std::holds_alternative<workflows::LocalTime>(rule->expression->anchor) ||
                           std::ranges::any_of(rule->expression->terms, [](const auto& term) {
                               return term.unit == workflows::TimeUnit::Hour;
                           });
    if (has_hours) {
        findings.error(node, "a requirement opens at the start of a day, not at a time",
                       due_forms(every));
        return std::nullopt;
    }
    return rule;
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

void read_parties(Findings& findings, const Mapping& map, Requirement& requirement) {
    if (const YamlNode* responsible = map.find("responsible")) {
        put(requirement.responsible, read_address(findings, *responsible));
    }
    if (const YamlNode* debtor = map.find("debtor")) {
        put(requirement.debtor, read_id(findings, *debtor));
    }
    if (const YamlNode* creditor = map.find("creditor")) {
        put(requirement.creditor, read_id(findings, *creditor));
    }
    if (const YamlNode* deliver = map.find("deliver")) {
        read_delivery(findings, *deliver, requirement);
    }
}

void read_when(Findings& findings, const Mapping& map, Requirement& requirement) {
    static constexpr Choice<Recurrence> kRecurrences[] = {{"year", Recurrence::Yearly},
                                                          {"semester", Recurrence::EachSemester},
                                                          {"month", Recurrence::Monthly}};
    static constexpr Choice<FreeDayRule> kRules[] = {
        {"next_working_day", FreeDayRule::NextWorkingDay},
        {"keep", FreeDayRule::Keep},
        {"previous_working_day", FreeDayRule::PreviousWorkingDay}};
    const int errors_before = findings.errors();
    if (const YamlNode* every = map.find("every")) {
        put(requirement.every, read_choice(findings, *every, kRecurrences));
    }
    if (findings.errors() == errors_before) {
        if (const YamlNode* opens = map.find("opens")) {
            requirement.opens = read_opens(findings, *opens, requirement.every);
        }
        if (const YamlNode* due = map.find("due")) {
            put(requirement.due, read_due(findings, *due, requirement.every));
        }
    }
    if (const YamlNode* rule = map.find("if_free_day")) {
        put(requirement.if_free_day, read_choice(findings, *rule, kRules));
    }
}

/// Nothing when it could not be read whole.
std::optional<Requirement> read_requirement(Findings& findings, const YamlNode& node) {
    const int errors_before = findings.errors();
    Requirement requirement;
    requirement.where = findings.at(node);
    const Mapping map(findings, node, keys::kRequirementTable);
    map.add_places(requirement.places);
    if (const YamlNode* id = map.find("id")) {
        put(requirement.id, read_id(findings, *id));
    }
    if (const YamlNode* title = map.find("title")) {
        put(requirement.title, read_text(findings, *title));
    }
    if (const YamlNode* workflow = map.find("workflow")) {
        put(requirement.workflow, read_id(findings, *workflow));
    }
    read_when(findings, map, requirement);
    if (const YamlNode* ladder = map.find("ladder")) {
        put(requirement.ladder, read_id(findings, *ladder));
    }
    if (const YamlNode* instructions = map.find("instructions")) {
        put(requirement.instructions, read_text(findings, *instructions));
    }
    read_parties(findings, map, requirement);
    return findings.errors() == errors_before ? std::optional(std::move(requirement))
                                              : std::nullopt;
}

void read_participants(Findings& findings, const YamlNode& node, Cohort& cohort) {
    std::unordered_set<std::string> seen;
    for (const YamlNode* item : read_items(findings, node)) {
        Participant participant{.organisation = {}, .responsible = {}, .where = findings.at(*item)};
        if (item->kind == YamlNode::Kind::Map) {
            const Mapping map(findings, *item, keys::kParticipantTable);
            map.add_places(participant.places);
            if (const YamlNode* organisation = map.find("organisation")) {
                put(participant.organisation, read_id(findings, *organisation));
            }
            if (const YamlNode* responsible = map.find("responsible")) {
                put(participant.responsible, read_address(findings, *responsible));
            }
        } else {
            put(participant.organisation, read_id(findings, *item));
        }
        if (participant.organisation.empty()) {
            continue;
        }
        if (!seen.insert(participant.organisation).second) {
            findings.error(*item, fmt::format("`{}` takes part twice", participant.organisation),
                           "keep one of them");
            continue;
        }
        cohort.participants.push_back(std::move(participant));
    }
}

void read_period(Findings& findings, const YamlNode& node, Cohort& cohort) {
    constexpr auto kPeriodMax = cal::days{366 * 30};
    const Mapping map(findings, node, keys::kFromToTable);
    const YamlNode* from_node = map.find("from");
    const YamlNode* to_node = map.find("to");
    if (from_node == nullptr || to_node == nullptr) {
        return;
    }
    const auto from = read_date(findings, *from_node);
    const auto to = read_date(findings, *to_node);
    if (!from || !to) {
        return;
    }
    if (*to < *from) {
        findings.error(*to_node,
                       fmt::format("the period ends on {}, before it begins on {}", to_node->text,
                                   from_node->text),
                       "write the earlier day as `from`");
    } else if (*to - *from > kPeriodMax) {
        findings.error(*to_node, "the period is longer than thirty years",
                       "check the year; begin a new cohort for a new round");
    }
    cohort.from = *from;
    cohort.to = *to;
}

void read_requirements(Findings& findings, const YamlNode& node, Cohort& cohort) {
    for (const YamlNode* item : read_items(findings, node)) {
        auto requirement = read_requirement(findings, *item);
        if (!requirement) {
            continue;
        }
        if (const Requirement* other = cohort.find_requirement(requirement->id)) {
            findings.error(place(requirement->places, "id", requirement->where),
                           fmt::format("the requirement `{}` stands in line {} already",
                                       requirement->id, other->where.line),
                           "give one of them another id");
            continue;
        }
        cohort.requirements.push_back(std::move(*requirement));
    }
}

}  // namespace

void read_programme(const YamlNode& root, Findings& findings, Draft& draft) {
    Cohort cohort;
    cohort.where = findings.at(root);
    const Mapping map(findings, root, keys::kProgrammeTable);
    map.add_places(cohort.places);
    if (const YamlNode* programme = map.find("programme")) {
        put(cohort.programme, read_id(findings, *programme));
    }
    if (const YamlNode* title = map.find("title")) {
        put(cohort.title, read_text(findings, *title));
    }
    if (const YamlNode* id = map.find("cohort")) {
        put(cohort.id, read_id(findings, *id));
    }
    if (const YamlNode* creditor = map.find("creditor")) {
        put(cohort.creditor, read_id(findings, *creditor));
    }
    if (const YamlNode* responsible = map.find("responsible")) {
        put(cohort.responsible, read_address(findings, *responsible));
    }
    if (const YamlNode* participants = map.find("participants")) {
        read_participants(findings, *participants, cohort);
    }
    if (const YamlNode* period = map.find("period")) {
        read_period(findings, *period, cohort);
    }
    const bool is_placed = findings.errors() == 0;
    if (const YamlNode* requirements = map.find("requirements")) {
        read_requirements(findings, *requirements, cohort);
    }
    if (!is_placed) {
        return;  // without a period, creditor or participants nothing more can be said of it
    }
    auto& all = draft.definitions.cohorts;
    if (const auto other = std::ranges::find(all, cohort.id, &Cohort::id); other != all.end()) {
        findings.error(
            place(cohort.places, "cohort", cohort.where),
            fmt::format("the cohort `{}` stands in {} too", cohort.id, other->where.file),
            "give one of them another id; cohorts are unique in an installation");
        return;
    }
    all.push_back(std::move(cohort));
}

}  // namespace fristvakt::integrations
