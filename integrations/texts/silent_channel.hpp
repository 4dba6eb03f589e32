#pragma once

#include "integrations/texts/document.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::texts {

/// The mail that nobody confirmed the card to a channel in Teams: which channel, since when, and
/// what to do. Pure.
/// REQUIRES: the snapshot's first item is of the notice `channel_silent`.
[[nodiscard]] WrittenMail write_silence(const workflows::MessageSnapshot& snapshot,
                                        const workflows::Definitions& definitions);

}  // namespace fristvakt::integrations::texts
