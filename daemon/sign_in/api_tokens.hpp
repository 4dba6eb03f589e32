#pragma once

#include <string>

#include "integrations/sqlite/access_store.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

/// Tokens of programs, made on the page and on the command line alike.
namespace fristvakt::daemon {

struct NewApiToken {
    std::string name;         ///< What it is for.
    std::string allows;       ///< "read", "events" (reads too) or "admin".
    int days{90};             ///< Until it ends, 1 to 730.
    std::string region{};     ///< Organisation, or
    std::string programme{};  ///< programme; both empty: the whole installation.
    std::string made_by{};
};

struct MadeApiToken {
    std::int64_t number{0};
    std::string secret;  ///< Shown once: only its hash is kept.
};

/// InvalidInput: says what is wrong, with the nearest name. Unavailable: the store.
[[nodiscard]] workflows::Result<MadeApiToken> make_api_token(
    integrations::AccessStore& store, const workflows::Definitions& definitions,
    const NewApiToken& wanted, workflows::Instant now);

}  // namespace fristvakt::daemon
