#pragma once

#include "integrations/texts/document.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::texts {

/// The weekly digest to a case officer, in their language: what deviates, worst first; in a calm
/// week one line.
/// REQUIRES: `snapshot.digest`, and the definitions have their time zone.
[[nodiscard]] WrittenMail write_digest(const workflows::MessageSnapshot& snapshot,
                                       const workflows::Definitions& definitions);

}  // namespace fristvakt::integrations::texts
