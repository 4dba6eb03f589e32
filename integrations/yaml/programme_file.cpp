#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"
#include "integrations/yaml/requirement_parts.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Cohort;
using workflows::Participant;
using workflows::Recurrence;
using workflows::Requirement;

namespace cal = workflows::cal;

void read_parties(Findings& findings, const Mapping& map, Requirement& requirement) {
    if (const YamlNode* responsible = map.find("responsible")) {
        put(requirement.responsible, read_address(findings, *responsible));
    }
    if (const YamlNode* debtor = map.find("debtor")) {
        if (auto organisation = read_id(findings, *debtor)) {
            requirement.debtors.push_back(std::move(*organisation));
        }
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
        put(requirement.if_free_day, read_free_day_rule(findings, *rule));
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
    if (const YamlNode* groups = map.find("groups")) {
        read_groups(findings, *groups, cohort);
    }
    const bool is_placed = findings.errors() == 0;
    if (const YamlNode* requirements = map.find("requirements")) {
        read_requirements(findings, *requirements, cohort);
    }
    if (const YamlNode* meetings = map.find("meetings")) {
        read_meetings(findings, *meetings, cohort);
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
