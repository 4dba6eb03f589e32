#include "daemon/access/rights.hpp"

#include <algorithm>

namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Scope;

namespace {

/// Whether one permission with that right fits `covers(scope)`.
template <typename Covers>
bool any_permission(const Visitor& visitor, Right right, const Covers& covers) {
    return std::ranges::any_of(visitor.permissions, [&](const Visitor::Permission& permission) {
        // All sending is one thing: a part of it cannot be put on hold.
        const bool is_whole = permission.scope.kind == Scope::Kind::Installation;
        const bool concerns_all = right == Right::Operate || right == Right::Administer;
        return permission.rights.has(right) &&
               (is_whole || (!concerns_all && covers(permission.scope)));
    });
}

bool takes_part(std::string_view organisation, std::string_view programme,
                const Definitions& definitions) {
    return std::ranges::any_of(definitions.cohorts, [&](const workflows::Cohort& cohort) {
        return cohort.programme == programme &&
               (cohort.find_participant(organisation) != nullptr ||
                std::ranges::any_of(cohort.requirements, [&](const auto& requirement) {
                    return workflows::is_debtor(cohort, requirement, organisation);
                }));
    });
}

}  // namespace

std::string Visitor::in_log() const {
    if (address.empty()) {
        return name;
    }
    return name.empty() ? address : name + " <" + address + ">";
}

Visitor local_visitor() {
    Visitor visitor{.kind = Visitor::Kind::Local};
    visitor.permissions.push_back({rights_of(workflows::Role::Administrator), {}});
    return visitor;
}

bool lies_in(std::string_view organisation, std::string_view region,
             const Definitions& definitions) {
    // A verified configuration has no circles; a bound costs nothing and holds without one too.
    constexpr int kDepthMax = 32;
    for (int depth = 0; depth < kDepthMax && !organisation.empty(); ++depth) {
        if (organisation == region) {
            return true;
        }
        const workflows::Organisation* const found = definitions.find_organisation(organisation);
        organisation = found == nullptr ? std::string_view{} : std::string_view{found->parent};
    }
    return false;
}

bool may(const Visitor& visitor, Right right) {
    return any_permission(visitor, right, [](const Scope&) { return false; });
}

bool may_somewhere(const Visitor& visitor, Right right) {
    return any_permission(visitor, right, [](const Scope&) { return true; });
}

bool may(const Visitor& visitor, Right right, const workflows::Case& item,
         const Definitions& definitions) {
    return any_permission(visitor, right, [&](const Scope& scope) {
        if (scope.kind == Scope::Kind::Region) {
            return lies_in(item.debtor, scope.id, definitions);
        }
        const workflows::Cohort* const cohort = definitions.find_cohort(item.cohort);
        return cohort != nullptr && cohort->programme == scope.id;
    });
}

bool may(const Visitor& visitor, Right right, const workflows::Organisation& organisation,
         const Definitions& definitions) {
    return any_permission(visitor, right, [&](const Scope& scope) {
        if (scope.kind == Scope::Kind::Region) {
            return lies_in(organisation.id, scope.id, definitions);
        }
        return right == Right::Read && takes_part(organisation.id, scope.id, definitions);
    });
}

bool may(const Visitor& visitor, Right right, const workflows::Cohort& cohort,
         const Definitions& definitions) {
    return any_permission(visitor, right, [&](const Scope& scope) {
        if (scope.kind == Scope::Kind::Programme) {
            return cohort.programme == scope.id;
        }
        const auto is_inside = [&](const std::string& organisation) {
            return lies_in(organisation, scope.id, definitions);
        };
        return right == Right::Read &&
               (std::ranges::any_of(cohort.participants, is_inside,
                                    &workflows::Participant::organisation) ||
                std::ranges::any_of(cohort.requirements, [&](const auto& requirement) {
                    return std::ranges::any_of(requirement.debtors, is_inside);
                }));
    });
}

}  // namespace fristvakt::daemon
