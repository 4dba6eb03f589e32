#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fristvakt::tests::simulation {

/// xoshiro256** (Blackman and Vigna, 2018), begun with splitmix64: a seed means the same on every
/// machine and with every library. One thread.
class Chance {
 public:
    explicit Chance(std::uint64_t seed);
    std::uint64_t next();
    /// From `from` to `to`, both inclusive; `from` <= `to`.
    std::int64_t number(std::int64_t from, std::int64_t to);
    /// Once in `of` times.
    bool once_in(std::int64_t of) { return number(1, of) == 1; }
    template <typename Item>
    const Item& one_of(const std::vector<Item>& items) {
        return items[static_cast<std::size_t>(
            number(0, static_cast<std::int64_t>(items.size()) - 1))];
    }

 private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace fristvakt::tests::simulation
