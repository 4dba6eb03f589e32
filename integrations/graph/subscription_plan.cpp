#include "integrations/graph/subscription_plan.hpp"

#include <algorithm>

namespace fristvakt::integrations::graph {

using workflows::Instant;

SubscriptionStep plan_subscription(const KnownSubscription& known, Instant now) {
    const bool has_one = !known.id.empty() && now < known.expires_at;
    const Instant renew_at = known.must_renew ? now : known.expires_at - kRenewBefore;
    Instant next_at = has_one ? std::max(now, renew_at) : now;
    // A clock that went back has tried nothing yet.
    if (known.tried_at <= now) {
        next_at = std::max(next_at, known.tried_at + kSubscriptionPause);
    }
    if (next_at > now) {
        return {.kind = SubscriptionStep::Kind::None, .next_at = next_at};
    }
    return {.kind = has_one ? SubscriptionStep::Kind::Renew : SubscriptionStep::Kind::Create,
            .next_at = now,
            .expires_at = now + kSubscriptionLife};
}

}  // namespace fristvakt::integrations::graph
