#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"

namespace fristvakt::workflows {

/// What a configuration says about one case; pointers into the Definitions, null where it says
/// nothing (any more).
struct CaseContext {
    const Cohort* cohort{nullptr};
    const Requirement* requirement{nullptr};
    const Workflow* workflow{nullptr};
    const State* state{nullptr};
    const Ladder* ladder{nullptr};  ///< Of the present state.
};
[[nodiscard]] CaseContext context_of(const Case& item, const Definitions& definitions);

/// The pseudonym of an address: the same for the same address and salt, upper and lower case alike.
[[nodiscard]] std::string person_id(std::string_view salt, std::string_view address);

/// Pseudonyms computed once. Not thread-safe: one for each thread.
class PersonIds {
 public:
    explicit PersonIds(std::string salt) : salt_(std::move(salt)) {}
    [[nodiscard]] const std::string& of(const std::string& address);
    /// The address behind an id that `of` gave; null for others.
    [[nodiscard]] const std::string* address_of(const std::string& id) const;

 private:
    std::string salt_;
    std::unordered_map<std::string, std::string> ids_;
    std::unordered_map<std::string, std::string> addresses_;
};

struct Recipient {
    std::string address;
    std::string name;  ///< Empty for a shared mailbox.
    std::string phone;
    std::string organisation;
    std::string role;  ///< As in the ladder: "ressursperson", "creditor.saksbehandler".
    Language language{Language::Nb};
};

/// Addresses that a server refused for good, in lower case.
using RefusedAddresses = std::set<std::string, std::less<>>;

/// Who holds `role` for the case on `day`, in the order of the file; addresses in `refused` left
/// out. `creditor.saksbehandler` is the responsible one where the configuration names one who holds
/// the role that day. `postmottak` falls back to the organisation's own address.
[[nodiscard]] std::vector<Recipient> holders(const RoleReference& role, const Case& item,
                                             const CaseContext& context,
                                             const Definitions& definitions, Date day,
                                             const RefusedAddresses& refused);

/// Whether the mode of sending lets mail go to `address`.
[[nodiscard]] bool may_write_to(const Installation& installation, std::string_view address);

/// Everybody who is called to the meeting of a case, each address once; refused ones too. Nobody
/// when it is not one of a programme's meetings, or has no date.
[[nodiscard]] std::vector<Recipient> attendees_of(const Case& item, const CaseContext& context,
                                                  const Definitions& definitions);

/// The roles at the debtor that a ladder begins with: the people it is about.
[[nodiscard]] std::vector<RoleReference> first_roles(const Ladder& ladder);

/// Whom one step reaches. Nobody is in both lists, and nobody twice.
struct Audience {
    std::vector<Recipient> to;
    std::vector<Recipient> copy;
};

/// The audience of `step` on `day`: each role's holders, else the ladder's fallback at the same
/// party. A softened case reaches only the roles of its ladder's first step at the debtor, without
/// copies: no escalation until the creditor has answered.
[[nodiscard]] Audience audience_of(const LadderStep& step, const Case& item,
                                   const CaseContext& context, const Definitions& definitions,
                                   Date day, const RefusedAddresses& refused);

/// Whom an answer or a change to the debtor reaches on `day`: the roles of the first step of the
/// requirement's ladder at the debtor, else the fallback.
[[nodiscard]] std::vector<Recipient> debtor_contacts(const Case& item, const CaseContext& context,
                                                     const Definitions& definitions, Date day,
                                                     const RefusedAddresses& refused);

}  // namespace fristvakt::workflows
