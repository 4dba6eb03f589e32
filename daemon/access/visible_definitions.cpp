#include <algorithm>
#include <set>

#include "daemon/access/rights.hpp"
#include "daemon/access/visible.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using workflows::Cohort;
using workflows::Definitions;

namespace {

using Ids = std::set<std::string, std::less<>>;

bool sees_whole(const Visitor& visitor, const Cohort& cohort) {
    return std::ranges::any_of(visitor.permissions, [&](const Visitor::Permission& permission) {
        return permission.rights.has(Right::Read) &&
               permission.scope.kind == workflows::Scope::Kind::Programme &&
               permission.scope.id == cohort.programme;
    });
}

/// `cohort` with the participants and requirements of the visitor's regions.
Cohort part_of(const Visitor& visitor, Cohort cohort, const Definitions& definitions) {
    const auto is_outside = [&](const std::string& id) {
        return std::ranges::none_of(visitor.permissions, [&](const auto& permission) {
            return permission.rights.has(Right::Read) &&
                   permission.scope.kind == workflows::Scope::Kind::Region &&
                   lies_in(id, permission.scope.id, definitions);
        });
    };
    std::erase_if(cohort.participants,
                  [&](const auto& participant) { return is_outside(participant.organisation); });
    std::erase_if(cohort.requirements, [&](workflows::Requirement& requirement) {
        const bool is_everybodys = requirement.debtors.empty();
        std::erase_if(requirement.debtors, is_outside);
        return !is_everybodys && requirement.debtors.empty();
    });
    return cohort;
}

/// `id` and all above it.
void add_with_parents(std::string_view id, const Definitions& definitions, Ids& ids) {
    const workflows::Organisation* found = definitions.find_organisation(id);
    while (found != nullptr && ids.insert(found->id).second) {
        found = definitions.find_organisation(found->parent);
    }
}

Ids visible_organisations(const Visitor& visitor, const Definitions& whole,
                          const std::vector<Cohort>& cohorts) {
    Ids ids;
    for (const auto& [id, organisation] : whole.organisations) {
        if (may(visitor, Right::Read, organisation, whole)) {
            add_with_parents(id, whole, ids);
        }
    }
    add_with_parents(whole.installation.organisation, whole, ids);
    for (const Cohort& cohort : cohorts) {
        add_with_parents(cohort.creditor, whole, ids);
        for (const auto& requirement : cohort.requirements) {
            add_with_parents(requirement.creditor, whole, ids);
        }
    }
    return ids;
}

/// Groups name people that are not to be seen, too.
void forget_people(Definitions& part) {
    Ids addresses;
    for (const workflows::Contact& contact : part.contacts) {
        addresses.insert(workflows::lower_case(contact.email));
    }
    for (Cohort& cohort : part.cohorts) {
        for (workflows::Group& group : cohort.groups) {
            std::erase_if(group.people, [&](const std::string& person) {
                return !addresses.contains(workflows::lower_case(person));
            });
        }
    }
}

/// The permissions as text: whoever has the same sees the same.
std::string key_of(const Visitor& visitor) {
    std::string key;
    for (const Visitor::Permission& permission : visitor.permissions) {
        if (permission.rights.has(Right::Read)) {
            key += std::to_string(static_cast<int>(permission.scope.kind)) + permission.scope.id +
                   '\n';
        }
    }
    return key;
}

}  // namespace

std::shared_ptr<const Definitions> visible_to(
    const Visitor& visitor, const std::shared_ptr<const Definitions>& definitions) {
    if (definitions == nullptr || may(visitor, Right::Read)) {
        return definitions;
    }
    const Definitions& whole = *definitions;
    auto part = std::make_shared<Definitions>(whole);
    part->users.clear();
    part->cohorts.clear();
    for (const Cohort& cohort : whole.cohorts) {
        if (may(visitor, Right::Read, cohort, whole)) {
            part->cohorts.push_back(sees_whole(visitor, cohort) ? cohort
                                                                : part_of(visitor, cohort, whole));
        }
    }
    const Ids ids = visible_organisations(visitor, whole, part->cohorts);
    std::erase_if(part->organisations, [&](const auto& one) { return !ids.contains(one.first); });
    std::erase_if(part->contacts,
                  [&](const auto& contact) { return !ids.contains(contact.organisation); });
    forget_people(*part);
    part->index();
    return part;
}

std::shared_ptr<const Definitions> VisibleDefinitions::of(
    const Visitor& visitor, const std::shared_ptr<const Definitions>& definitions) {
    if (definitions == nullptr || may(visitor, Right::Read)) {
        return definitions;
    }
    constexpr std::size_t kPartsMax = 64;
    const std::string key = key_of(visitor);
    {
        const std::scoped_lock lock{mutex_};
        if (whole_ == definitions) {
            if (const auto found = parts_.find(key); found != parts_.end()) {
                return found->second;
            }
        }
    }
    auto part = visible_to(visitor, definitions);
    const std::scoped_lock lock{mutex_};
    if (whole_ != definitions || parts_.size() >= kPartsMax) {
        whole_ = definitions;
        parts_.clear();
    }
    parts_.emplace(key, part);
    return part;
}

}  // namespace fristvakt::daemon
