#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/model/judge.hpp"
#include "workflows/ports.hpp"

/// What the program stores and sends, in the judge's plain words.
namespace fristvakt::tests::simulation {

/// Addresses by pseudonym.
using Addresses = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] std::vector<model::Seen> sightings_of(const workflows::Batch& batch,
                                                    const Addresses& addresses);
[[nodiscard]] model::Letter letter_of(const workflows::MessageSnapshot& snapshot,
                                      model::Second offered_at);
/// For people; empty when it tells them nothing.
[[nodiscard]] std::string text_of(const model::Seen& seen);
[[nodiscard]] std::string text_of(const model::Letter& letter);
[[nodiscard]] model::CaseSeen case_of(const workflows::Case& item);
[[nodiscard]] model::GuestSeen guest_of(const workflows::Invitation& invitation,
                                        const Addresses& addresses);
[[nodiscard]] model::BooksSeen books_of(const workflows::Ledger& ledger);

}  // namespace fristvakt::tests::simulation
