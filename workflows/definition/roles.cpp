#include "workflows/definition/roles.hpp"

#include <algorithm>

namespace fristvakt::workflows {

bool is_there_on(const Contact& contact, Date day) {
    return (!contact.from || *contact.from <= day) && (!contact.to || day <= *contact.to);
}

bool holds_role_on(const Contact& contact, std::string_view role, Date day) {
    return is_there_on(contact, day) &&
           std::ranges::find(contact.roles, role) != contact.roles.end();
}

}  // namespace fristvakt::workflows
