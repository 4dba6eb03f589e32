#pragma once

#include <string>
#include <vector>

#include "workflows/definition/definitions.hpp"

/// What a look at the world outside found: of `doctor`, and of the tests of single things.
namespace fristvakt::daemon {

struct Finding {
    enum class Kind { Good, Warning, Problem };
    Kind kind{Kind::Good};
    std::string about;           ///< "mailbox", "teams saksbehandlere", "sign-in", …
    std::string text;            ///< What is so and what to do; no secret, and no person's address.
    bool is_unreachable{false};  ///< Nobody answered, or not now; try again.
};

/// Whether meetings can live in the calendar in Microsoft 365. Asks it, and changes nothing.
/// REQUIRES: the installation names one.
[[nodiscard]] std::vector<Finding> look_at_calendar(const workflows::Installation& installation);

/// One line each, "problem: mailbox: …", `with_about` the middle too; or one JSON array.
void print(const std::vector<Finding>& findings, bool as_json, bool with_about);

/// As commands end: with a problem if there is one that somebody can mend, else with "unreachable"
/// if nobody answered.
[[nodiscard]] int exit_code_of(const std::vector<Finding>& findings);

}  // namespace fristvakt::daemon
