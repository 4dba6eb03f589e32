#include "workflows/definition/groups.hpp"

#include <algorithm>

#include "workflows/definition/roles.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

template <typename Values, typename Value>
bool has(const Values& values, const Value& value) {
    return std::ranges::find(values, value) != values.end();
}

bool holds_one_of(const std::vector<std::string>& roles, const Contact& contact) {
    return std::ranges::any_of(roles,
                               [&](const std::string& role) { return has(contact.roles, role); });
}

bool is_named(const Contact& contact, const Group& group) {
    const std::string address = lower_case(contact.email);
    return std::ranges::any_of(
        group.people, [&](const std::string& person) { return lower_case(person) == address; });
}

/// A group that names people alone has no others.
bool names_more_than_people(const Group& group) {
    return !group.roles.empty() || !group.organisations.empty();
}

bool is_in_scope(std::string_view organisation, const Group& group, const Cohort& cohort) {
    if (!names_more_than_people(group)) {
        return false;
    }
    return group.organisations.empty()
               ? organisation == cohort.creditor || cohort.find_participant(organisation) != nullptr
               : has(group.organisations, organisation);
}

bool owes(const std::string& organisation, const Group& group, const Definitions& definitions) {
    if (group.roles.empty() && has(group.organisations, organisation)) {
        return true;
    }
    // Whoever leaves without a successor leaves the duty behind: days do not count here.
    return std::ranges::any_of(definitions.contacts_of(organisation), [&](const Contact* contact) {
        return is_named(*contact, group) || holds_one_of(group.roles, *contact);
    });
}

void add(std::vector<std::string>& organisations, const std::string& one) {
    if (!has(organisations, one)) {
        organisations.push_back(one);
    }
}

}  // namespace

bool is_member(const Contact& contact, const Group& group, const Cohort& cohort, Date day) {
    if (!is_there_on(contact, day)) {
        return false;
    }
    if (is_named(contact, group)) {
        return true;
    }
    return is_in_scope(contact.organisation, group, cohort) &&
           (group.roles.empty() || holds_one_of(group.roles, contact));
}

std::vector<std::string> organisations_in(const Group& group, const Cohort& cohort,
                                          const Definitions& definitions) {
    std::vector<std::string> found;
    if (names_more_than_people(group)) {
        for (const Participant& participant : cohort.participants) {
            if (is_in_scope(participant.organisation, group, cohort)) {
                found.push_back(participant.organisation);
            }
        }
        if (is_in_scope(cohort.creditor, group, cohort)) {
            add(found, cohort.creditor);
        }
        for (const std::string& organisation : group.organisations) {
            add(found, organisation);
        }
    }
    if (!group.people.empty()) {
        for (const Contact& contact : definitions.contacts) {
            if (is_named(contact, group)) {
                add(found, contact.organisation);
            }
        }
    }
    return found;
}

std::vector<std::string> debtors_in(const std::vector<std::string>& groups, const Cohort& cohort,
                                    const Definitions& definitions) {
    std::vector<std::string> debtors;
    for (const std::string& id : groups) {
        const Group* group = cohort.find_group(id);
        if (group == nullptr) {
            continue;
        }
        for (const std::string& organisation : organisations_in(*group, cohort, definitions)) {
            if (organisation != cohort.creditor && owes(organisation, *group, definitions)) {
                add(debtors, organisation);
            }
        }
    }
    std::ranges::sort(debtors);
    return debtors;
}

}  // namespace fristvakt::workflows
