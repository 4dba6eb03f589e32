#pragma once

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
};

[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

/// Everything that can be said about a configuration once each file has been read: references,
/// reachability of states, audience of each step, both målformer, variables. Pure; ordered by
/// position. Workflows: every state is reachable and can reach a final one, every waiting state has
/// a deadline or says `none`. Ladders: every step can fire and no two fall on one day for one role.
[[nodiscard]] std::vector<Diagnostic> verify(const Definitions& definitions);

}  // namespace fristvakt::workflows
