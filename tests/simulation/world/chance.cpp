#include "tests/simulation/world/chance.hpp"

#include <bit>

namespace fristvakt::tests::simulation {

Chance::Chance(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
        seed += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        word = mixed ^ (mixed >> 31);
    }
}

std::uint64_t Chance::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

// The last few of 2^64 favour small numbers by less than one in 10^15.
std::int64_t Chance::number(std::int64_t from, std::int64_t to) {
    const auto span = static_cast<std::uint64_t>(to - from) + 1;
    return from + static_cast<std::int64_t>(next() % span);
}

}  // namespace fristvakt::tests::simulation
