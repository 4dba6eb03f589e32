#pragma once

#include <rapidcheck.h>

#include "workflows/ports.hpp"

/// Any value of each stored type, every field of it. Whoever adds a field to one of them is stopped
/// here by the compiler, and then by the round trip until the codec knows it.
namespace rc {

template <>
struct Arbitrary<fristvakt::workflows::Case> {
    static Gen<fristvakt::workflows::Case> arbitrary();
};
template <>
struct Arbitrary<fristvakt::workflows::Reminder> {
    static Gen<fristvakt::workflows::Reminder> arbitrary();
};
template <>
struct Arbitrary<fristvakt::workflows::Invitation> {
    static Gen<fristvakt::workflows::Invitation> arbitrary();
};
template <>
struct Arbitrary<fristvakt::workflows::Message> {
    static Gen<fristvakt::workflows::Message> arbitrary();
};
template <>
struct Arbitrary<fristvakt::workflows::Ledger> {
    static Gen<fristvakt::workflows::Ledger> arbitrary();
};
/// Its change is empty.
template <>
struct Arbitrary<fristvakt::workflows::LogEntry> {
    static Gen<fristvakt::workflows::LogEntry> arbitrary();
};

}  // namespace rc
