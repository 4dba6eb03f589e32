#pragma once

#include "integrations/teams/card.hpp"
#include "integrations/texts/document.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::texts {

/// Whether the message goes out as a card: not where all is redirected to one address, which it
/// reaches as mail.
[[nodiscard]] bool goes_as_card(const workflows::MessageSnapshot& snapshot,
                                const workflows::Installation& installation);

/// A digest or news for a channel in Teams, in its language: organisations and what is owed, never
/// a person, nor what somebody wrote. Pure.
/// REQUIRES: the snapshot is of kind Digest with a digest, or of kind News with an item.
[[nodiscard]] teams::Card channel_card(const workflows::MessageSnapshot& snapshot,
                                       const workflows::Definitions& definitions);

/// The same for the outbox, and for mail in its place.
[[nodiscard]] Document to_document(const teams::Card& card);

}  // namespace fristvakt::integrations::texts
