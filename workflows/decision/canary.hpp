#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/decision/recipients.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

/// The canary: a card that asks a channel in Teams each week whether anybody sees it. That Teams
/// took a card proves nothing; that somebody confirmed it does. Pure.
namespace fristvakt::workflows {

/// Working days that people have to confirm a card, beside the day on which it came.
inline constexpr int kCanaryWorkingDays{2};

/// When a card that nobody confirms counts as unseen: at the end of the last of those days. Empty:
/// it was confirmed, or has not gone yet (as while all sending is on hold).
[[nodiscard]] std::optional<Instant> unseen_at(const CanaryRecord& record, const TimeZone& zone);
[[nodiscard]] bool is_silent(const CanaryRecord& record, const TimeZone& zone, Instant now);

/// The card under way went, or will not: from now on it can be confirmed, or be missed.
void note_posted(CanaryRecord& record, Instant now);
/// Somebody has seen the card under way.
void note_confirmed(CanaryRecord& record, Instant now);

/// Who is told that a channel is silent, each address once: the administrators of the whole
/// installation, as users.csv names them; where none can be written to, the address of whoever runs
/// it; else where mail to it is answered. Those in `refused` are left out.
[[nodiscard]] std::vector<Recipient> channel_keepers(const Definitions& definitions,
                                                     const RefusedAddresses& refused);

/// The link on a card by which somebody confirms it: `https://…/t/TOKEN/CHANNEL`. Whoever sees the
/// card may; it does nothing else. `salt` is the installation's.
[[nodiscard]] std::string canary_link(const std::string& public_url, std::string_view salt,
                                      std::string_view channel, std::int64_t card);
/// The card for which `token` was made. Nothing: it was not made by this installation for that
/// channel. Takes the same time whatever is wrong.
[[nodiscard]] std::optional<std::int64_t> card_of_canary_link(std::string_view token,
                                                              std::string_view salt,
                                                              std::string_view channel);

}  // namespace fristvakt::workflows
