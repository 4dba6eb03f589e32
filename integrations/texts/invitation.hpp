#pragma once

#include <string>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::texts {

/// Who holds the meeting, and so calls to it; the installation's own organisation by its name in
/// the recipient's form. REQUIRES: the message has an item.
[[nodiscard]] std::string organizer_name(const workflows::MessageSnapshot& snapshot,
                                         const workflows::Definitions& definitions);

/// In whose name a mail goes: of what goes to those who are called to a meeting, whoever holds it;
/// else the installation's. Mail about the meetings of several is the installation's too.
[[nodiscard]] std::string sender_name(const workflows::MessageSnapshot& snapshot,
                                      const workflows::Definitions& definitions);

/// The calendar object of an invitation: a REQUEST or a CANCEL to the recipient alone (RFC 5546),
/// stamped with the time of the message. The same arguments give the same bytes. Pure.
/// REQUIRES: snapshot.meeting is set, and there is an item.
[[nodiscard]] std::string to_calendar_object(const workflows::MessageSnapshot& snapshot,
                                             const workflows::Definitions& definitions);

}  // namespace fristvakt::integrations::texts
