#include <fmt/format.h>

#include "integrations/yaml/keys.hpp"
#include "integrations/yaml/requirement_parts.hpp"

/// `groups:` of a programme.
namespace fristvakt::integrations {
namespace {

using workflows::Group;

void read_group(Findings& findings, const YamlNode& node, Group& group) {
    const int errors_before = findings.errors();
    const Mapping map(findings, node, keys::kGroupTable);
    map.add_places(group.places);
    if (const YamlNode* title = map.find("title")) {
        put(group.title, read_text(findings, *title));
    }
    if (const YamlNode* roles = map.find("roles")) {
        group.roles = read_names(findings, *roles, "_");
    }
    if (const YamlNode* organisations = map.find("organisations")) {
        group.organisations = read_names(findings, *organisations);
    }
    if (const YamlNode* people = map.find("people")) {
        for (const YamlNode* item : read_one_or_more(findings, *people)) {
            if (auto address = read_address(findings, *item)) {
                group.people.push_back(std::move(*address));
            }
        }
    }
    const bool names_anybody = map.find("roles") != nullptr ||
                               map.find("organisations") != nullptr ||
                               map.find("people") != nullptr;
    if (findings.errors() == errors_before && !names_anybody) {
        findings.error(node, fmt::format("`{}` names nobody", group.id),
                       "write `roles`, `organisations` or `people`");
    }
}

}  // namespace

void read_groups(Findings& findings, const YamlNode& node, workflows::Cohort& cohort) {
    if (node.kind != YamlNode::Kind::Map) {
        findings.error(node, "these are no groups",
                       "write {NAME: {title: {nb: …, nn: …}, roles: [ROLE]}}, one for each group");
        return;
    }
    for (const YamlEntry& entry : node.entries) {
        if (!is_id(entry.key)) {
            findings.error(findings.at(entry.line, entry.column),
                           fmt::format("`{}` cannot be the id of a group", entry.key),
                           "write a-z, 0-9 and hyphens, beginning with a letter or a digit");
            continue;
        }
        Group& group = cohort.groups.emplace_back();
        group.id = entry.key;
        group.where = findings.at(entry.line, entry.column);
        read_group(findings, entry.value, group);
    }
}

}  // namespace fristvakt::integrations
