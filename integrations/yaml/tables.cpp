#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "integrations/yaml/cells.hpp"
#include "integrations/yaml/csv.hpp"
#include "integrations/yaml/files.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Contact;
using workflows::Organisation;

enum OrganisationColumn : std::size_t { Id, Name, Kind, Number, Parent, OrgLanguage, Email };
constexpr std::array<std::string_view, 7> kOrganisationColumns{
    "id", "name", "kind", "number", "parent", "language", "email"};
constexpr std::array<std::string_view, 4> kOrganisationRequired{"id", "name", "kind", "language"};

enum ContactColumn : std::size_t { Of, Person, Address, Roles, Speaks, From, To, Phone };
constexpr std::array<std::string_view, 8> kContactColumns{"organisation", "name", "email", "roles",
                                                          "language",     "from", "to",    "phone"};
constexpr std::array<std::string_view, 4> kContactRequired{"organisation", "name", "email",
                                                           "roles"};

enum UserColumn : std::size_t { UserAddress, UserName, UserRole, Region, Programme, Subject };
constexpr std::array<std::string_view, 6> kUserColumns{"email",  "name",      "role",
                                                       "region", "programme", "subject"};
constexpr std::array<std::string_view, 3> kUserRequired{"email", "name", "role"};

std::vector<std::string> split_at_spaces(std::string_view text) {
    std::vector<std::string> words;
    while (!(text = trimmed(text)).empty()) {
        const auto end = std::min(text.find_first_of(" \t"), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

void read_roles(Cells& cells, const CsvCell& cell, Contact& contact) {
    for (auto& role : split_at_spaces(cell.text)) {
        if (!is_id(role, "_")) {
            cells.error(cell, fmt::format("`{}` cannot be a role", role.substr(0, 80)),
                        "write roles such as `ressursperson skoleeier`, with spaces between");
            return;
        }
        if (std::ranges::find(contact.roles, role) == contact.roles.end()) {
            contact.roles.push_back(std::move(role));
        }
    }
    if (contact.roles.empty()) {
        cells.error(cell, "this person has no role", "write roles such as ressursperson");
    }
}

Contact read_contact(const CsvRow& row, Cells& cells) {
    Contact contact;
    contact.where = cells.at(row.first());
    contact.places.emplace("organisation", cells.at(row[Of]));
    contact.places.emplace("email", cells.at(row[Address]));
    contact.organisation = cells.id(row[Of]);
    contact.name = cells.text(row[Person], "name", false);
    contact.email = cells.address(row[Address], false);
    read_roles(cells, row[Roles], contact);
    if (!row[Speaks].text.empty()) {
        contact.language = cells.language(row[Speaks], "");
        contact.places.emplace("language", cells.at(row[Speaks]));
    }
    contact.from = cells.date(row[From]);
    contact.to = cells.date(row[To]);
    if (contact.from && contact.to && *contact.to < *contact.from) {
        cells.error(row[To],
                    fmt::format("the role ends on {}, before it begins on {}", row[To].text,
                                row[From].text),
                    "write the earlier day in `from`");
    }
    contact.phone = cells.text(row[Phone], "phone", true);
    return contact;
}

/// One row of users.csv: a role, and where it holds.
workflows::User::Grant read_grant(const CsvRow& row, Cells& cells) {
    using workflows::Role;
    using workflows::Scope;
    static constexpr std::array<std::string_view, 3> kRoles{"reader", "case_officer",
                                                            "administrator"};
    workflows::User::Grant grant;
    const std::string& role = row[UserRole].text;
    const auto known = std::ranges::find(kRoles, role);
    if (known == kRoles.end()) {
        cells.error(row[UserRole], fmt::format("there is no role `{}`", role.substr(0, 80)),
                    suggestion(role, kRoles));
    } else {
        grant.role = static_cast<Role>(known - kRoles.begin());
    }
    grant.where = cells.at(row[UserRole]);
    if (!row[Region].text.empty()) {
        grant.scope = {Scope::Kind::Region, cells.id(row[Region])};
        grant.where = cells.at(row[Region]);
    }
    if (!row[Programme].text.empty()) {
        if (!row[Region].text.empty()) {
            cells.error(row[Programme], "this role names a region and a programme",
                        "write two rows; where both shall hold, name the region alone");
        }
        grant.scope = {Scope::Kind::Programme, cells.id(row[Programme])};
        grant.where = cells.at(row[Programme]);
    }
    return grant;
}

/// Adds a row to the user with that address; a second row adds a role, and must agree on the rest.
void add_user(const CsvRow& row, Cells& cells, workflows::User user,
              std::vector<workflows::User>& users) {
    const auto same = [&](const workflows::User& other) { return other.address == user.address; };
    const auto known = std::ranges::find_if(users, same);
    const auto twin = std::ranges::find_if(users, [&](const workflows::User& other) {
        return !user.subject.empty() && other.subject == user.subject && !same(other);
    });
    if (twin != users.end()) {
        cells.error(
            row[Subject],
            fmt::format("this `subject` stands in line {} with another address", twin->where.line),
            "one subject is one person; correct one of them");
    } else if (known == users.end()) {
        users.push_back(std::move(user));
    } else if (known->name != user.name || known->subject != user.subject) {
        cells.error(
            row[UserName],
            fmt::format("line {} gives this address another name or subject", known->where.line),
            "write the same in every row of one person");
    } else {
        known->grants.push_back(std::move(user.grants.front()));
    }
}

}  // namespace

CsvColumns organisation_columns() {
    return {.known = kOrganisationColumns, .required = kOrganisationRequired};
}

CsvColumns contact_columns() {
    return {.known = kContactColumns, .required = kContactRequired};
}

void read_users(std::string_view text, Findings& findings, Draft& draft) {
    const CsvTable table(text, findings, {.known = kUserColumns, .required = kUserRequired});
    Cells cells(findings);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const CsvRow row = table.row(i);
        const int errors_before = findings.errors();
        workflows::User user;
        user.where = cells.at(row.first());
        user.address = workflows::lower_case(cells.address(row[UserAddress], false));
        user.name = cells.text(row[UserName], "name", false);
        user.subject = cells.text(row[Subject], "subject", true);
        user.grants.push_back(read_grant(row, cells));
        if (findings.errors() == errors_before) {
            add_user(row, cells, std::move(user), draft.definitions.users);
        }
    }
    draft.unreadable.users = findings.errors() > 0;
}

void read_organisations(std::string_view text, Findings& findings, Draft& draft) {
    const CsvTable table(text, findings, organisation_columns());
    // A row that could not be taken apart may have been any organisation.
    draft.unreadable.all_organisations = findings.errors() > 0;
    Cells cells(findings);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const CsvRow row = table.row(i);
        const int errors_before = findings.errors();
        Organisation organisation;
        organisation.where = cells.at(row.first());
        organisation.places.emplace("parent", cells.at(row[Parent]));
        organisation.id = cells.id(row[Id]);
        organisation.name = cells.text(row[Name], "name", false);
        organisation.kind = cells.text(row[Kind], "kind", false);
        organisation.number = cells.text(row[Number], "number", true);
        if (!row[Parent].text.empty()) {
            organisation.parent = cells.id(row[Parent]);
        }
        organisation.language = cells.language(row[OrgLanguage], "neutral");
        organisation.email = cells.address(row[Email], true);
        if (findings.errors() > errors_before) {
            if (is_id(row[Id].text)) {
                draft.unreadable.organisations.insert(row[Id].text);
            } else {
                draft.unreadable.all_organisations = true;
            }
            continue;
        }
        const std::string id = organisation.id;
        const auto [other, is_new] =
            draft.definitions.organisations.try_emplace(id, std::move(organisation));
        if (!is_new) {
            cells.error(row[Id],
                        fmt::format("the organisation `{}` stands in line {} already", id,
                                    other->second.where.line),
                        "keep one of them");
        }
    }
}

void read_contacts(std::string_view text, Findings& findings, Draft& draft) {
    const CsvTable table(text, findings, contact_columns());
    draft.unreadable.all_contacts = findings.errors() > 0;
    Cells cells(findings);
    draft.definitions.contacts.reserve(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const int errors_before = findings.errors();
        Contact contact = read_contact(table.row(i), cells);
        if (findings.errors() == errors_before) {
            draft.definitions.contacts.push_back(std::move(contact));
        } else if (is_id(contact.organisation)) {
            draft.unreadable.contacts_of.insert(contact.organisation);
        } else {
            draft.unreadable.all_contacts = true;
        }
    }
}

}  // namespace fristvakt::integrations
