#pragma once

#include <memory>

#include "daemon/command_line/stored_state.hpp"
#include "integrations/sqlite/access_store.hpp"

namespace fristvakt::daemon {

/// The configuration in use, and the file of sessions, tokens and feeds.
struct AccessState {
    StoredState state;
    std::unique_ptr<integrations::AccessStore> store;
};

/// NotFound: the daemon never ran there. Else as open_state.
[[nodiscard]] workflows::Result<AccessState> open_access(const StateOptions& options);

/// The machine's time: sessions, tokens and feeds do not follow a demo clock.
[[nodiscard]] workflows::Instant machine_now();

}  // namespace fristvakt::daemon
