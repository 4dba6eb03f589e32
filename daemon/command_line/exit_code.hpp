#pragma once

namespace fristvakt::daemon {

/// What the program ends with; part of its interface, never changed.
enum ExitCode : int {
    kExitOk = 0,
    kExitProblems = 1,
    kExitUsage = 2,
    kExitNotFound = 4,
    kExitUnreachable = 6,
};

}  // namespace fristvakt::daemon
