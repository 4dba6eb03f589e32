#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {

/// Something that has just happened, as a channel in Teams may want to know.
struct News {
    std::string what;     ///< An event of a workflow, `address_refused`, `on_hold` or `brake`.
    std::string case_id;  ///< Empty: about sending as a whole.
    std::string
        state;  ///< Of the case after it; the news is old when it has left that. Empty: not.
    std::map<std::string, std::string> former{};  ///< Of a meeting: when it was before.
};

/// The card that waits for a channel, so that many events in a row are one card. A hint: what is
/// stored has the last word.
struct GatheringCard {
    std::int64_t message{0};
    workflows::Instant slot_at{};
};
/// By id of the channel.
using GatheringNews = std::map<std::string, GatheringCard>;

}  // namespace fristvakt::daemon
