#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "workflows/decision/recipients.hpp"
#include "workflows/definition/definitions.hpp"

/// When digests go, and to whom. What they say is put together where the store is.
namespace fristvakt::workflows {

/// The latest time of a digest at or before `now`; the next after it. On its weekday, or on the
/// first sending day after that. Empty where none is configured.
[[nodiscard]] std::optional<Instant> last_digest(const std::optional<DigestTime>& when,
                                                 const SendWindow& window, const TimeZone& zone,
                                                 Instant now);
[[nodiscard]] std::optional<Instant> next_digest(const std::optional<DigestTime>& when,
                                                 const SendWindow& window, const TimeZone& zone,
                                                 Instant now);

/// All who hold the role saksbehandler somewhere on `day`; each address once, in order of address.
[[nodiscard]] std::vector<Recipient> case_officers(const Definitions& definitions, Date day,
                                                   const RefusedAddresses& refused);
[[nodiscard]] bool is_case_officer(std::string_view address, const Definitions& definitions,
                                   Date day, const RefusedAddresses& refused);

}  // namespace fristvakt::workflows
