#include "daemon/command_line/access_state.hpp"

#include "daemon/runtime/clock.hpp"

namespace fristvakt::daemon {

using integrations::AccessStore;
using workflows::Result;

Result<AccessState> open_access(const StateOptions& options) {
    auto state = open_state(options);
    if (!state.ok()) {
        return state.error();
    }
    // The daemon made it: made here, it would belong to somebody else.
    auto store = AccessStore::open(std::filesystem::path{options.state} / "access.db", false);
    if (!store.ok()) {
        return store.error();
    }
    return AccessState{std::move(state).value(), std::move(store).value()};
}

workflows::Instant machine_now() {
    return workflows::Instant{workflows::Seconds{static_cast<std::int64_t>(unix_seconds())}};
}

}  // namespace fristvakt::daemon
