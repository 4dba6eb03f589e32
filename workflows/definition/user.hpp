#pragma once

#include <string>
#include <vector>

#include "workflows/definition/workflow.hpp"

/// Who may sign in, as users.csv says it.
namespace fristvakt::workflows {

enum class Role {
    Reader,         ///< Sees.
    CaseOfficer,    ///< Sees, and does what case officers do.
    Administrator,  ///< All of it, and lets others in.
};

/// Where a role holds.
struct Scope {
    enum class Kind {
        Installation,
        Region,     ///< An organisation and all below it.
        Programme,  ///< All cohorts of it.
    };
    Kind kind{Kind::Installation};
    std::string id{};  ///< Of the organisation or programme; empty for the whole installation.
    friend bool operator==(const Scope&, const Scope&) = default;
};

struct User {
    std::string address;  ///< Lower case; unique.
    std::string name;
    std::string subject;  ///< What the OpenID provider calls them; empty: their address.
    struct Grant {
        Role role{Role::Reader};
        Scope scope;
        SourcePosition where;  ///< Of the cell that names the scope.
    };
    std::vector<Grant> grants;  ///< At least one.
    SourcePosition where;
};

}  // namespace fristvakt::workflows
