#pragma once

#include <chrono>
#include <string>

#include "workflows/time/instant.hpp"

/// How the subscription to the mailbox's events is kept alive. Pure.
namespace fristvakt::integrations::graph {

/// Microsoft lets one live for 10,080 minutes at most, which is seven days.
inline constexpr std::chrono::hours kSubscriptionLife{6 * 24};
/// Left of its life when it is renewed: whoever cannot be reached over a weekend loses nothing.
inline constexpr std::chrono::hours kRenewBefore{3 * 24};
/// Between two tries to make or renew one, unless Microsoft asks for more.
inline constexpr std::chrono::minutes kSubscriptionPause{15};

/// What is known of our one subscription; to be stored.
struct KnownSubscription {
    std::string id{};  ///< Empty: there is none.
    workflows::Instant expires_at{};
    bool must_renew{false};         ///< Microsoft asked for it (reauthorizationRequired).
    workflows::Instant tried_at{};  ///< When last something was tried in vain; else the epoch.
};

struct SubscriptionStep {
    enum class Kind { None, Create, Renew };
    Kind kind{Kind::None};
    workflows::Instant next_at{};     ///< When to look again; for a step: `now`.
    workflows::Instant expires_at{};  ///< What to ask for.
};

/// What to do at `now`. One that has run out, or was removed (clear `id`), is made anew; then the
/// whole calendar is to be read once, since nobody was told meanwhile.
[[nodiscard]] SubscriptionStep plan_subscription(const KnownSubscription& known,
                                                 workflows::Instant now);

}  // namespace fristvakt::integrations::graph
