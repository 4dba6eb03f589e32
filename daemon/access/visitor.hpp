#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "workflows/definition/user.hpp"

namespace fristvakt::daemon {

/// What can be allowed.
enum class Right {
    Read,        ///< See cases, messages, contacts.
    Act,         ///< Raise events in a case; send, stop and try again its messages.
    Plan,        ///< Change programmes, participants and contacts.
    Operate,     ///< Put all sending on hold, release it: concerns the whole installation.
    Administer,  ///< Issue API tokens, end other people's sessions.
};

/// Several rights in one word.
class Rights {
 public:
    constexpr Rights() = default;
    constexpr Rights(std::initializer_list<Right> rights) {
        for (const Right right : rights) {
            bits_ |= bit(right);
        }
    }
    [[nodiscard]] constexpr bool has(Right right) const { return (bits_ & bit(right)) != 0; }
    friend constexpr bool operator==(Rights, Rights) = default;

 private:
    static constexpr unsigned bit(Right right) { return 1U << static_cast<unsigned>(right); }
    unsigned bits_{0};
};

[[nodiscard]] constexpr Rights rights_of(workflows::Role role) {
    switch (role) {
        case workflows::Role::Reader:
            return {Right::Read};
        case workflows::Role::CaseOfficer:
            return {Right::Read, Right::Act, Right::Plan, Right::Operate};
        case workflows::Role::Administrator:
            return {Right::Read, Right::Act, Right::Plan, Right::Operate, Right::Administer};
    }
    return {};
}

/// Who asks. Found out anew for every request, from the configuration in force: whoever is taken
/// out of users.csv is out with the next click. Ask `may…` (rights.hpp), never the kind.
struct Visitor {
    enum class Kind {
        Stranger,  ///< Nobody we know; may do nothing.
        Local,     ///< The installation has no sign-in: whoever reaches this machine may all.
        Person,    ///< Signed in.
        Program,   ///< With an API token.
    };
    struct Permission {
        Rights rights;
        workflows::Scope scope;
        friend bool operator==(const Permission&, const Permission&) = default;
    };
    Kind kind{Kind::Stranger};
    std::string address{};  ///< Of a person, lower case; `responsible` names cases by it.
    std::string name{};     ///< Of a person or a token; may be empty.
    std::vector<Permission> permissions{};
    std::string session{};     ///< Of a person: the session's id, no secret.
    std::string form_token{};  ///< What every form carries; see form_token.hpp.

    /// Signed in, or with nobody to ask.
    [[nodiscard]] bool is_known() const { return kind != Kind::Stranger; }
    /// For `who` in the log: "Kari Nordmann <kari@…>"; empty where nobody signs in.
    [[nodiscard]] std::string in_log() const;
};

/// Whoever comes where nobody signs in.
[[nodiscard]] Visitor local_visitor();

}  // namespace fristvakt::daemon
