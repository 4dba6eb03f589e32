#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/simulation/world/world.hpp"

namespace fristvakt::tests::simulation {

struct Outcome {
    std::vector<std::string> broken;  ///< Promises, one line each.
    std::int64_t organisations{0};
    std::int64_t events{0};    ///< That changed a case or the installation.
    std::int64_t messages{0};  ///< That arrived.
    std::int64_t faults{0};    ///< That were injected.
};

/// Lives through `world`: the production engine and memory store on a virtual clock, one thread.
/// Events that were left to chance are written into `world`. What happens goes to `told` if given.
[[nodiscard]] Outcome live(World& world, std::ostream* told = nullptr);
/// The same on the production store, in `file`, which is made anew. In the end the file is proved
/// whole, hash chain and all, and folding its log anew must give what it holds.
[[nodiscard]] Outcome live_on_disk(World& world, const std::filesystem::path& file,
                                   std::ostream* told = nullptr);

}  // namespace fristvakt::tests::simulation
