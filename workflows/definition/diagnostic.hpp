#pragma once

#include <set>
#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"

namespace fristvakt::workflows {

enum class Severity { Error, Warning };

/// One finding in a configuration; printed as `FILE:LINE:COLUMN: error: message; hint`.
struct Diagnostic {
    Severity severity{Severity::Error};
    SourcePosition where;
    std::string message;  ///< What is wrong.
    std::string hint;     ///< What to do; never empty.
    /// The same for those who plan on the pages; empty: only for those who run fristvakt.
    Text words{};
};

[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

/// Everything that can be said about a configuration once each file has been read: references,
/// reachability of states, audience of each step, both målformer, variables. Pure; ordered by
/// position. Workflows: every state is reachable and can reach a final one, every waiting state has
/// a deadline or says `none`. Ladders: every step can fire and no two fall on one day for one role.
[[nodiscard]] std::vector<Diagnostic> verify(const Definitions& definitions);

/// What stands in a configuration but could not be read. One mistake is reported once: whatever
/// refers to these is taken to be right.
struct Unreadable {
    using Ids = std::set<std::string, std::less<>>;
    Ids workflows;
    Ids ladders;
    Ids notices;
    Ids organisations;
    Ids contacts_of;  ///< Organisations with a contact that could not be read.
    Ids cohorts;      ///< With a mistake in their file.
    Ids plans;        ///< Cohorts with a mistake in their activity plan.
    bool all_organisations{false};
    bool all_contacts{false};
    bool users{false};         ///< Some row of users.csv.
    bool installation{false};  ///< Something in fristvakt.yaml, the send window included.
};
/// As `verify` above, for a configuration with mistakes in it.
[[nodiscard]] std::vector<Diagnostic> verify(const Definitions& definitions,
                                             const Unreadable& unreadable);

}  // namespace fristvakt::workflows
