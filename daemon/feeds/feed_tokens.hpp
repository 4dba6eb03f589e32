#pragma once

#include <string>

#include "integrations/sqlite/access_store.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

/// Addresses of calendars, made on the page and on the command line alike.
namespace fristvakt::daemon {

struct NewFeed {
    integrations::StoredFeed::Of of{integrations::StoredFeed::Of::Organisation};
    std::string subject;    ///< The address of a contact or user; the id of the others.
    std::string made_by{};  ///< Address; may be empty.
};

struct MadeFeed {
    std::int64_t number{0};
    std::string url;  ///< Shown once: only the hash of what is secret in it is kept.
};

/// InvalidInput: nobody and nothing of that name; says the nearest. Unavailable: the store.
[[nodiscard]] workflows::Result<MadeFeed> make_feed(integrations::AccessStore& store,
                                                    const workflows::Definitions& definitions,
                                                    const NewFeed& wanted, workflows::Instant now);

/// A new address in the place of the old one, which answers no more. NotFound: no such feed.
[[nodiscard]] workflows::Result<MadeFeed> renew_feed(integrations::AccessStore& store,
                                                     const workflows::Definitions& definitions,
                                                     std::int64_t number, workflows::Instant now);

}  // namespace fristvakt::daemon
