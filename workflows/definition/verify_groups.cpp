#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "workflows/definition/activities.hpp"
#include "workflows/definition/groups.hpp"
#include "workflows/definition/verification.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

const SourcePosition& item_at(const Group& group, std::string_view key, std::size_t index) {
    return place(group.places, std::string{key} + "." + std::to_string(index),
                 place(group.places, key, group.where));
}

std::vector<std::string_view> ids_of_groups(const Cohort& cohort) {
    std::vector<std::string_view> ids;
    for (const Group& group : cohort.groups) {
        ids.push_back(group.id);
    }
    return ids;
}

/// The groups of one cohort, and who names them.
class GroupCheck {
 public:
    GroupCheck(Verification& verification, const Cohort& cohort)
        : verification_(verification), definitions_(verification.definitions), cohort_(cohort) {}

    void run() {
        for (const Meeting& meeting : cohort_.meetings) {
            check_names(meeting);
        }
        for (const Activity& activity : cohort_.activities) {
            const auto named = groups_named(activity.who, cohort_);
            named_.insert(named.ids.begin(), named.ids.end());
            has_unknown_name_ = has_unknown_name_ || !named.unknown.empty();
        }
        for (const Group& group : cohort_.groups) {
            check_organisations(group);
            check_people(group);
            check_roles(group);
            // Whoever is misspelt somewhere may be this one.
            const bool is_whole = !has_unknown_name_ &&
                                  !verification_.unreadable.cohorts.contains(cohort_.id) &&
                                  !verification_.unreadable.plans.contains(cohort_.id);
            if (is_whole && !named_.contains(group.id)) {
                verification_.warn(group.where,
                                   fmt::format("nothing names the group `{}`", group.id),
                                   "name it in `groups` of a meeting or in a row of the activity "
                                   "plan, or leave it out");
            }
        }
    }

 private:
    void check_names(const Meeting& meeting) {
        for (std::size_t i = 0; i < meeting.groups.size(); ++i) {
            const std::string& id = meeting.groups[i];
            named_.insert(id);
            if (cohort_.find_group(id) != nullptr ||
                verification_.unreadable.cohorts.contains(cohort_.id)) {
                continue;
            }
            has_unknown_name_ = true;
            verification_.error(place(meeting.places, "groups." + std::to_string(i),
                                      place(meeting.places, "groups", meeting.where)),
                                fmt::format("there is no group `{}`", id),
                                did_you_mean(id, ids_of_groups(cohort_)));
        }
    }

    void check_organisations(const Group& group) {
        for (std::size_t i = 0; i < group.organisations.size(); ++i) {
            check_organisation(verification_, group.organisations[i],
                               item_at(group, "organisations", i));
        }
    }

    void check_people(const Group& group) {
        if (verification_.unreadable.all_contacts ||
            !verification_.unreadable.contacts_of.empty()) {
            return;
        }
        for (std::size_t i = 0; i < group.people.size(); ++i) {
            const std::string address = lower_case(group.people[i]);
            const bool is_known = std::ranges::any_of(
                definitions_.contacts,
                [&](const Contact& contact) { return lower_case(contact.email) == address; });
            if (!is_known) {
                std::vector<std::string_view> known;
                if (verification_.suggestions_left-- > 0) {
                    for (const Contact& contact : definitions_.contacts) {
                        known.push_back(contact.email);
                    }
                }
                const std::string nearest = did_you_mean(address, known);
                verification_.error(
                    item_at(group, "people", i), "no contact has this address",
                    nearest.starts_with("write `") ? nearest : "add the person to contacts.csv");
            }
        }
    }

    void check_roles(const Group& group) {
        if (verification_.unreadable.all_contacts ||
            !verification_.unreadable.contacts_of.empty()) {
            return;
        }
        const auto organisations = organisations_in(group, cohort_, definitions_);
        for (std::size_t i = 0; i < group.roles.size(); ++i) {
            const bool is_held =
                std::ranges::any_of(organisations, [&](const std::string& organisation) {
                    return std::ranges::any_of(
                        definitions_.contacts_of(organisation), [&](const Contact* contact) {
                            return std::ranges::find(contact->roles, group.roles[i]) !=
                                   contact->roles.end();
                        });
                });
            if (!is_held) {
                verification_.warn(
                    item_at(group, "roles", i),
                    fmt::format("nobody in the group `{}` is {}", group.id, group.roles[i]),
                    "check the role's name, or add contacts with that role");
            }
        }
    }

    Verification& verification_;
    const Definitions& definitions_;
    const Cohort& cohort_;
    std::set<std::string, std::less<>> named_;
    bool has_unknown_name_{false};
};

/// Those who take part and owe nothing because nobody there holds a role: where they are few, most
/// likely a contact is missing. Empty when a group names its organisations or people.
std::vector<std::string> left_out(const std::vector<std::string>& groups,
                                  const std::vector<std::string>& debtors, const Cohort& cohort) {
    const bool goes_by_roles = std::ranges::all_of(groups, [&](const std::string& id) {
        const Group* group = cohort.find_group(id);
        return group != nullptr && group->organisations.empty() && group->people.empty();
    });
    std::vector<std::string> out;
    for (const Participant& participant : cohort.participants) {
        const bool owes = std::ranges::find(debtors, participant.organisation) != debtors.end();
        if (goes_by_roles && !owes) {
            out.push_back(participant.organisation);
        }
    }
    return out;
}

void check_row(Verification& verification, const Cohort& cohort, const Activity& activity) {
    const auto at = [&](std::string_view column) -> const SourcePosition& {
        return place(activity.places, column, activity.where);
    };
    const NamedGroups named = groups_named(activity.who, cohort);
    if (!named.unknown.empty()) {
        if (!verification.unreadable.cohorts.contains(cohort.id)) {
            verification.error(at("who"),
                               fmt::format("there is no group `{}`", named.unknown.front()),
                               did_you_mean(named.unknown.front(), ids_of_groups(cohort)));
        }
        return;
    }
    if (!is_called(activity, cohort)) {
        verification.error(
            at("id"),
            fmt::format("`{}` is the id of something in the programme's file", activity.id),
            activity.has_own_id ? "give this row another `id`"
                                : "give this row an `id` of its own");
        return;
    }
    if (activity.is_meeting() || verification.unreadable.all_contacts ||
        !verification.unreadable.contacts_of.empty()) {
        return;
    }
    const auto debtors = debtors_in(named.ids, cohort, verification.definitions);
    if (debtors.empty()) {
        verification.error(at("who"), "no organisation but the creditor is in these groups",
                           "name a group of those who deliver, or add contacts with its roles");
        return;
    }
    const auto forgotten = left_out(named.ids, debtors, cohort);
    if (!forgotten.empty() && forgotten.size() < debtors.size()) {
        verification.warn(at("who"),
                          fmt::format("`{}` is not asked of {}: nobody there is in these groups",
                                      activity.id, fmt::join(forgotten, ", ")),
                          "add contacts there with their roles if it was not meant");
    }
}

}  // namespace

void verify_groups(Verification& verification) {
    for (const Cohort& cohort : verification.definitions.cohorts) {
        GroupCheck(verification, cohort).run();
    }
}

void verify_activities(Verification& verification) {
    for (const Cohort& cohort : verification.definitions.cohorts) {
        for (const Activity& activity : cohort.activities) {
            check_row(verification, cohort, activity);
        }
    }
}

}  // namespace fristvakt::workflows
