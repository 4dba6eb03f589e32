#include "workflows/definition/roles.hpp"

#include <algorithm>

namespace fristvakt::workflows {

bool holds_role_on(const Contact& contact, std::string_view role, Date day) {
    return (!contact.from || *contact.from <= day) && (!contact.to || day <= *contact.to) &&
           std::ranges::find(contact.roles, role) != contact.roles.end();
}

}  // namespace fristvakt::workflows
