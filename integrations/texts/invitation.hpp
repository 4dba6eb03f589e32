#pragma once

#include <string>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::texts {

/// The calendar object of an invitation: a REQUEST or a CANCEL to the recipient alone (RFC 5546),
/// stamped with the time of the message. The same arguments give the same bytes. Pure.
/// REQUIRES: snapshot.meeting is set.
[[nodiscard]] std::string to_calendar_object(const workflows::MessageSnapshot& snapshot,
                                             const workflows::Definitions& definitions);

}  // namespace fristvakt::integrations::texts
