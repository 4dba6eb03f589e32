#pragma once

namespace fristvakt::daemon {

// What the program ends with; part of its interface, never changed.
inline constexpr int kExitOk = 0;
inline constexpr int kExitProblems = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotFound = 4;
inline constexpr int kExitUnreachable = 6;

}  // namespace fristvakt::daemon
