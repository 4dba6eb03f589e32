#pragma once

#include <optional>
#include <string>

#include "workflows/model/message.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::integrations {

/// The refusal of an envelope that no transport may see: an address that is not is_mail_address(),
/// no recipient, no bytes. Guards libcurl, which up to 8.14 sends a CR or LF in an address as it is
/// and so lets it begin an SMTP command of its own.
[[nodiscard]] std::optional<workflows::DeliveryReport> refuse_envelope(
    const workflows::Envelope& envelope);

}  // namespace fristvakt::integrations
